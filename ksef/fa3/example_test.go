package fa3_test

import (
	"errors"
	"fmt"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// invoice is about the smallest document that KSeF accepts.
func invoice() *fa3.Faktura {
	f := new(fa3.Faktura)
	f.Naglowek.DataWytworzeniaFa = "2026-02-03T08:15:30Z"
	f.Podmiot1.DaneIdentyfikacyjne = fa3.TPodmiot1{NIP: "1234563218", Nazwa: "Młyn Wodny sp. z o.o."}
	f.Podmiot1.Adres = fa3.TAdres{KodKraju: "PL", AdresL1: "ul. Źródlana 7, 62-300 Września"}
	f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{NIP: "9876543210", Nazwa: "Piekarnia Kłos"}
	f.Podmiot2.JST, f.Podmiot2.GV = fa3.No, fa3.No
	f.Fa = fa3.Fa{
		KodWaluty: "PLN", P_1: pl.NewDate(2026, 2, 3), P_2: "FV/17/02/2026",
		P_13_1: "100.00", P_14_1: "23.00", P_15: "123.00",
		Adnotacje: fa3.Adnotacje{
			P_16: fa3.No, P_17: fa3.No, P_18: fa3.No, P_18A: fa3.No, P_23: fa3.No,
			Zwolnienie:           fa3.Zwolnienie{P_19N: true},
			NoweSrodkiTransportu: fa3.NoweSrodkiTransportu{P_22N: true},
			PMarzy:               fa3.PMarzy{P_PMarzyN: true},
		},
		RodzajFaktury: fa3.KindVAT,
		FaWiersz:      []fa3.FaWiersz{{NrWierszaFa: 1, P_7: "Mąka", P_8A: "kg", P_8B: "40", P_9A: "2.50", P_11: "100.00", P_12: fa3.Rate23}},
	}
	return f
}

func Example() {
	doc, err := fa3.Marshal(invoice())
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := fa3.Unmarshal(doc)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Fa.P_2, f.Fa.P_15, f.Fa.KodWaluty, f.Fa.FaWiersz[0].P_7)
	// Output: FV/17/02/2026 123.00 PLN Mąka
}

func ExampleUnmarshal() {
	_, err := fa3.Unmarshal([]byte(`<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">
 <Podmiot1/>
</Faktura>`))
	var syntax *fa3.SyntaxError
	if errors.As(err, &syntax) {
		fmt.Println(syntax.Code, syntax.Line, syntax.Column, syntax.Found, syntax.Expected)
	}
	// Output: schema.unexpected 2 2 Podmiot1 [Naglowek]
}

func ExamplePeek() {
	doc, err := fa3.Marshal(invoice())
	if err != nil {
		fmt.Println(err)
		return
	}
	sum, err := fa3.Peek(doc)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sum.SellerNIP, sum.RodzajFaktury, sum.P_2, sum.P_1, sum.P_15)
	// Output: 1234563218 VAT FV/17/02/2026 2026-02-03 123.00
}

func ExampleDecimal_Value() {
	gross, err := fa3.Decimal("123.00").Value()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fa3.Amount(gross.Neg()))
	// Output: -123.00
}

// Invoices in archives may be FA(2). They are read into the same model; a
// correction of one begins with FromFA2.
func ExampleUnmarshalAny() {
	old := invoice()
	old.Naglowek.WariantFormularza = fa3.VariantFA2
	old.Podmiot2.JST, old.Podmiot2.GV = 0, 0
	archived := old.AppendXML(nil) // stands for a file from the archive

	f, err := fa3.UnmarshalAny(archived)
	if err != nil {
		panic(err)
	}
	fmt.Println(f.Fa.P_2, f.Naglowek.WariantFormularza == fa3.VariantFA2)

	_, err = fa3.Marshal(f)
	fmt.Println(err)

	f, err = fa3.FromFA2(f)
	fmt.Println(f.Podmiot2.JST == fa3.No, err)
	// Output:
	// FV/17/02/2026 true
	// fa3: KSeF takes no FA(2) invoices since 1 February 2026: make an FA(3) of it
	// true <nil>
}
