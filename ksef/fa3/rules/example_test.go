package rules_test

import (
	"fmt"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/rules"
	"github.com/faktupro/faktupro-go/pl"
)

// invoice is a small invoice whose total is wrong.
func invoice() *fa3.Faktura {
	f := new(fa3.Faktura)
	f.Naglowek.DataWytworzeniaFa = "2026-02-03T08:15:30Z"
	f.Podmiot1.DaneIdentyfikacyjne = fa3.TPodmiot1{NIP: "1234563218", Nazwa: "Młyn Wodny sp. z o.o."}
	f.Podmiot1.Adres = fa3.TAdres{KodKraju: "PL", AdresL1: "ul. Źródlana 7, 62-300 Września"}
	f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{NIP: "9876543210", Nazwa: "Piekarnia Kłos"}
	f.Podmiot2.Adres = &fa3.TAdres{KodKraju: "PL", AdresL1: "Rynek 12/3, 61-772 Poznań"}
	f.Podmiot2.JST, f.Podmiot2.GV = fa3.No, fa3.No
	f.Fa = fa3.Fa{
		KodWaluty: "PLN", P_1: pl.NewDate(2026, 2, 3), P_2: "FV/17/02/2026", RodzajFaktury: fa3.KindVAT,
		P_13_1: "100.00", P_14_1: "23.00", P_15: "132.00",
		Adnotacje: fa3.Adnotacje{
			P_16: fa3.No, P_17: fa3.No, P_18: fa3.No, P_18A: fa3.No, P_23: fa3.No,
			Zwolnienie:           fa3.Zwolnienie{P_19N: true},
			NoweSrodkiTransportu: fa3.NoweSrodkiTransportu{P_22N: true},
			PMarzy:               fa3.PMarzy{P_PMarzyN: true},
		},
		FaWiersz: []fa3.FaWiersz{{NrWierszaFa: 1, P_7: "Mąka", P_8A: "kg", P_8B: "40", P_9A: "2.50", P_11: "100.00", P_12: fa3.Rate23}},
	}
	return f
}

func ExampleCheck() {
	for _, f := range rules.Check(invoice(), rules.Config{}) {
		fmt.Println(f.Severity, f.Rule, f.Path)
		fmt.Println(f.EN)
		fmt.Println(f.PL)
	}
	// Output:
	// warning totals.gross /Faktura/Fa/P_15
	// The totals by rate add up to 123.00 and P_15 says 132.00: correct whichever is wrong.
	// Sumy według stawek dają razem 123.00, a P_15 wynosi 132.00: popraw to, co błędne.
}

// A rule is switched off, or taken more seriously, by its name.
func ExampleConfig() {
	off := rules.Config{Disable: []string{"totals.gross"}}
	fmt.Println(len(rules.Check(invoice(), off)))

	strict := rules.Config{Severity: map[string]rules.Severity{"totals.gross": rules.Error}}
	fmt.Println(rules.Check(invoice(), strict)[0].Severity)
	// Output:
	// 0
	// error
}

// A program can add rules of its own.
func ExampleRule() {
	series := rules.Rule{
		ID: "house.article_code", Severity: rules.Warning, Basis: rules.Advice, Reference: "our own rule",
		EN: "Line {line} has no article code: fill in Indeks.",
		PL: "Wiersz {line} nie ma kodu towaru: uzupełnij Indeks.",
		Check: func(d *rules.Document, fs *rules.Findings) {
			for i, w := range d.Invoice.Fa.FaWiersz {
				if w.Indeks == "" {
					fs.Add(rules.Path("Fa", "FaWiersz", i), "line", fmt.Sprint(w.NrWierszaFa))
				}
			}
		},
	}
	cfg := rules.Config{Extra: []rules.Rule{series}, Disable: []string{"totals.gross"}}
	if err := cfg.Validate(); err != nil {
		fmt.Println(err)
	}
	for _, f := range rules.Check(invoice(), cfg) {
		fmt.Println(f.Path, f.EN)
	}
	// Output:
	// /Faktura/Fa/FaWiersz[1] Line 1 has no article code: fill in Indeks.
}
