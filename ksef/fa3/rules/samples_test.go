package rules

import (
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// Numbers of invented parties.
const (
	sellerNIP = "1234563218"
	buyerNIP  = "9876543210"
)

// ksef is a KSeF number of the seller.
func ksef(day pl.Date, unique byte) string {
	return string(pl.NewKSeFNumber(sellerNIP, day, [6]byte{1, 0, 0, 0, 0, unique}))
}

// vat is an ordinary invoice that breaks no rule.
func vat() *fa3.Faktura {
	return &fa3.Faktura{
		Naglowek: fa3.TNaglowek{DataWytworzeniaFa: "2026-03-10T08:15:30Z", SystemInfo: "FaktuPro"},
		Podmiot1: fa3.Podmiot1{
			DaneIdentyfikacyjne: fa3.TPodmiot1{NIP: sellerNIP, Nazwa: "Młyn Wodny Żabiniec sp. z o.o."},
			Adres:               fa3.TAdres{KodKraju: "PL", AdresL1: "ul. Źródlana 7", AdresL2: "62-300 Września"},
			DaneKontaktowe:      []fa3.DaneKontaktowe{{Email: "biuro@mlyn.example", Telefon: "+48 600 000 001"}},
		},
		Podmiot2: fa3.Podmiot2{
			DaneIdentyfikacyjne: fa3.TPodmiot2{NIP: buyerNIP, Nazwa: "Piekarnia Kłos"},
			Adres:               &fa3.TAdres{KodKraju: "PL", AdresL1: "Rynek 12/3, 61-772 Poznań"},
			JST:                 fa3.No, GV: fa3.No,
		},
		Fa: fa3.Fa{
			KodWaluty: "PLN", P_1: pl.NewDate(2026, 3, 10), P_2: "FV/17/03/2026", P_6: pl.NewDate(2026, 3, 9),
			P_13_1: "200.00", P_14_1: "46.00", P_13_3: "150.00", P_14_3: "7.50", P_15: "403.50",
			Adnotacje: fa3.Adnotacje{
				P_16: fa3.No, P_17: fa3.No, P_18: fa3.No, P_18A: fa3.No, P_23: fa3.No,
				Zwolnienie:           fa3.Zwolnienie{P_19N: true},
				NoweSrodkiTransportu: fa3.NoweSrodkiTransportu{P_22N: true},
				PMarzy:               fa3.PMarzy{P_PMarzyN: true},
			},
			RodzajFaktury: fa3.KindVAT,
			FaWiersz: []fa3.FaWiersz{
				{NrWierszaFa: 1, P_7: "Mąka pszenna, worek", P_8A: "szt.", P_8B: "4", P_9A: "50.00", P_11: "200.00", P_12: fa3.Rate23},
				{NrWierszaFa: 2, P_7: "Kasza, worek", P_8A: "szt.", P_8B: "2", P_9A: "75.00", P_11: "150.00", P_12: fa3.Rate5},
			},
			Platnosc: &fa3.Platnosc{
				TerminPlatnosci: []fa3.TerminPlatnosci{{Termin: pl.NewDate(2026, 3, 24)}},
				FormaPlatnosci:  fa3.PaymentTransfer,
				RachunekBankowy: []fa3.TRachunekBankowy{{NrRB: "51999000000000000012345678", NazwaBanku: "Bank Przykładowy"}},
			},
		},
	}
}

// oneLine is an ordinary invoice with one line of 100.00 at 23%.
func oneLine() *fa3.Faktura {
	f := vat()
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_13_3, f.Fa.P_14_3, f.Fa.P_15 = "100.00", "23.00", "", "", "123.00"
	f.Fa.FaWiersz = []fa3.FaWiersz{{NrWierszaFa: 1, P_7: "Młynek", P_8A: "szt.", P_8B: "2", P_9A: "50.00", P_11: "100.00", P_12: fa3.Rate23}}
	return f
}

// untaxed is an ordinary invoice with one line of 100.00 at a rate without tax.
func untaxed(rate fa3.TStawkaPodatku, total func(*fa3.Fa) *fa3.Decimal) func() *fa3.Faktura {
	return func() *fa3.Faktura {
		f := oneLine()
		f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "", "", "100.00"
		*total(&f.Fa) = "100.00"
		f.Fa.FaWiersz[0].P_12 = rate
		return f
	}
}

// german makes the buyer a firm in Germany.
func german(f *fa3.Faktura) {
	f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{KodUE: "DE", NrVatUE: "123456788", Nazwa: "Bäckerei Sonne GmbH"}
	f.Podmiot2.Adres = &fa3.TAdres{KodKraju: "DE", AdresL1: "Marktplatz 1, 15230 Frankfurt (Oder)"}
}

// consumer makes the buyer a private person.
func consumer(f *fa3.Faktura) {
	f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{BrakID: true, Nazwa: "Jan Przykładowy"}
}

// intraEU is an intra-EU supply.
func intraEU() *fa3.Faktura {
	f := untaxed(fa3.Rate0IntraEU, func(fa *fa3.Fa) *fa3.Decimal { return &fa.P_13_6_2 })()
	f.Podmiot1.PrefiksPodatnika = "PL"
	german(f)
	return f
}

// export is an export to Switzerland.
func export() *fa3.Faktura {
	f := untaxed(fa3.Rate0Export, func(fa *fa3.Fa) *fa3.Decimal { return &fa.P_13_6_3 })()
	f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{KodKraju: "CH", NrID: "CHE-1", Nazwa: "Mühle AG"}
	f.Podmiot2.Adres = &fa3.TAdres{KodKraju: "CH", AdresL1: "Bahnhofstrasse 1, 8000 Zürich"}
	return f
}

// service is a service of art. 100(1)(4) for a firm in Germany.
func service() *fa3.Faktura {
	f := untaxed(fa3.RateOutsideII, func(fa *fa3.Fa) *fa3.Decimal { return &fa.P_13_9 })()
	f.Podmiot1.PrefiksPodatnika = "PL"
	f.Fa.Adnotacje.P_18 = fa3.Yes
	german(f)
	return f
}

// abroad is a supply outside Poland to a firm in Germany.
func abroad() *fa3.Faktura {
	f := untaxed(fa3.RateOutsideI, func(fa *fa3.Fa) *fa3.Decimal { return &fa.P_13_8 })()
	f.Fa.Adnotacje.P_18 = fa3.Yes
	german(f)
	return f
}

// triangular is the supply of the second taxpayer in triangular trade.
func triangular() *fa3.Faktura {
	f := abroad()
	f.Podmiot1.PrefiksPodatnika = "PL"
	f.Fa.Adnotacje.P_23 = fa3.Yes
	f.Fa.FaWiersz[0].Procedura = fa3.ProcedureTT_D
	return f
}

// charged is a sale under domestic reverse charge.
func charged() *fa3.Faktura {
	f := untaxed(fa3.RateReverseCharge, func(fa *fa3.Fa) *fa3.Decimal { return &fa.P_13_10 })()
	f.Fa.Adnotacje.P_18 = fa3.Yes
	return f
}

// exempted is an exempt sale.
func exempted() *fa3.Faktura {
	f := untaxed(fa3.RateExempt, func(fa *fa3.Fa) *fa3.Decimal { return &fa.P_13_7 })()
	f.Fa.Adnotacje.Zwolnienie = fa3.Zwolnienie{P_19: true, P_19A: "art. 43 ust. 1 pkt 18 ustawy o VAT"}
	return f
}

// shop is a distance sale to a consumer in Germany under the one-stop shop.
func shop() *fa3.Faktura {
	f := oneLine()
	consumer(f)
	f.Podmiot2.Adres = &fa3.TAdres{KodKraju: "DE", AdresL1: "Marktplatz 1, 15230 Frankfurt (Oder)"}
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_13_5, f.Fa.P_14_5, f.Fa.P_15 = "", "", "100.00", "19.00", "119.00"
	f.Fa.FaWiersz[0].P_12, f.Fa.FaWiersz[0].P_12_XII, f.Fa.FaWiersz[0].Procedura = "", "19", fa3.ProcedureWSTO_EE
	return f
}

// secondHand is a sale under the margin scheme.
func secondHand() *fa3.Faktura {
	f := oneLine()
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_13_11, f.Fa.P_15 = "", "", "100.00", "100.00"
	f.Fa.Adnotacje.PMarzy = fa3.PMarzy{P_PMarzy: true, P_PMarzy_3_1: true}
	f.Fa.FaWiersz = []fa3.FaWiersz{{NrWierszaFa: 1, P_7: "Żarna używane", P_8A: "szt.", P_8B: "2", P_9B: "50.00", P_11A: "100.00"}}
	return f
}

// vehicle is an intra-EU supply of a new car.
func vehicle() *fa3.Faktura {
	f := intraEU()
	f.Fa.Adnotacje.NoweSrodkiTransportu = fa3.NoweSrodkiTransportu{P_22: true, P_42_5: fa3.No, NowySrodekTransportu: []fa3.NowySrodekTransportu{
		{P_22A: pl.NewDate(2026, 1, 5), P_NrWierszaNST: 1, P_22B: "150 km", P_22B1: "TMBJJ7NE0L0123456"},
	}}
	return f
}

// split is an invoice above the limit with split payment.
func split() *fa3.Faktura {
	f := oneLine()
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "20000.00", "4600.00", "24600.00"
	f.Fa.Adnotacje.P_18A = fa3.Yes
	w := &f.Fa.FaWiersz[0]
	w.P_8B, w.P_9A, w.P_11, w.P_12_Zal_15 = "4", "5000.00", "20000.00", true
	return f
}

// euro is a domestic sale in EUR.
func euro() *fa3.Faktura {
	f := oneLine()
	f.Fa.KodWaluty, f.Fa.P_14_1W = "EUR", "98.21"
	f.Fa.FaWiersz[0].KursWaluty = "4.27"
	return f
}

// correction lowers a price and shows the line before and after.
func correction() *fa3.Faktura {
	f := oneLine()
	before := f.Fa.FaWiersz[0]
	after := before
	before.StanPrzed = true
	after.P_9A, after.P_11 = "45.00", "90.00"
	f.Fa.FaWiersz = []fa3.FaWiersz{before, after}
	f.Fa.P_2, f.Fa.RodzajFaktury, f.Fa.P_6 = "KOR/2/03/2026", fa3.KindKOR, pl.Date{}
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "-10.00", "-2.30", "-12.30"
	f.Fa.PrzyczynaKorekty, f.Fa.TypKorekty = "rabat po dostawie", fa3.CorrectionOwnPeriod
	f.Fa.DaneFaKorygowanej = []fa3.DaneFaKorygowanej{{
		DataWystFaKorygowanej: pl.NewDate(2026, 3, 3), NrFaKorygowanej: "FV/1/03/2026",
		NrKSeF: true, NrKSeFFaKorygowanej: ksef(pl.NewDate(2026, 3, 3), 1),
	}}
	return f
}

// difference lowers a price by a line with the difference.
func difference() *fa3.Faktura {
	f := correction()
	f.Fa.FaWiersz = f.Fa.FaWiersz[:1]
	w := &f.Fa.FaWiersz[0]
	w.StanPrzed, w.P_8B, w.P_9A, w.P_11 = false, "1", "-10.00", "-10.00"
	return f
}

// renamed corrects the name of the buyer.
func renamed() *fa3.Faktura {
	f := correction()
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15, f.Fa.FaWiersz = "", "", "0.00", nil
	f.Podmiot2.IDNabywcy = "N1"
	old := f.Podmiot2.DaneIdentyfikacyjne
	old.Nazwa = "Piekarnia Kłosek"
	f.Fa.Podmiot2K = []fa3.Podmiot2K{{DaneIdentyfikacyjne: old, Adres: f.Podmiot2.Adres, IDNabywcy: "N1"}}
	return f
}

// advance is an advance of 123.00 on an order of 1230.00.
func advance() *fa3.Faktura {
	f := oneLine()
	f.Fa.RodzajFaktury, f.Fa.P_2, f.Fa.FaWiersz = fa3.KindZAL, "ZAL/1/03/2026", nil
	f.Fa.Zamowienie = &fa3.Zamowienie{WartoscZamowienia: "1230.00", ZamowienieWiersz: []fa3.ZamowienieWiersz{
		{NrWierszaZam: 1, P_7Z: "Żarna, para", P_8AZ: "kpl.", P_8BZ: "1", P_9AZ: "1000.00", P_11NettoZ: "1000.00", P_11VatZ: "230.00", P_12Z: fa3.Rate23},
	}}
	return f
}

// correctedAdvance lowers the advance by half.
func correctedAdvance() *fa3.Faktura {
	f := advance()
	k := correction()
	f.Fa.RodzajFaktury, f.Fa.P_2, f.Fa.P_6 = fa3.KindKOR_ZAL, "KZ/1/03/2026", pl.Date{}
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15, f.Fa.P_15ZK = "-50.00", "-11.50", "-61.50", "123.00"
	f.Fa.DaneFaKorygowanej, f.Fa.PrzyczynaKorekty, f.Fa.TypKorekty = k.Fa.DaneFaKorygowanej, "zwrot części zaliczki", fa3.CorrectionOwnPeriod
	return f
}

// settlement settles an advance of 123.00 on 246.00.
func settlement() *fa3.Faktura {
	f := oneLine()
	f.Fa.RodzajFaktury, f.Fa.P_2 = fa3.KindROZ, "ROZ/1/03/2026"
	w := &f.Fa.FaWiersz[0]
	w.P_8B, w.P_11 = "4", "200.00"
	f.Fa.FakturaZaliczkowa = []fa3.FakturaZaliczkowa{{NrKSeFFaZaliczkowej: ksef(pl.NewDate(2026, 3, 2), 2)}}
	return f
}

// correctedSettlement lowers what is left to pay.
func correctedSettlement() *fa3.Faktura {
	f := settlement()
	k := correction()
	f.Fa.RodzajFaktury, f.Fa.P_2, f.Fa.P_6 = fa3.KindKOR_ROZ, "KR/1/03/2026", pl.Date{}
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15, f.Fa.P_15ZK = "-10.00", "-2.30", "-12.30", "123.00"
	f.Fa.FaWiersz, f.Fa.DaneFaKorygowanej = k.Fa.FaWiersz, k.Fa.DaneFaKorygowanej
	f.Fa.PrzyczynaKorekty, f.Fa.TypKorekty = "rabat", fa3.CorrectionOwnPeriod
	return f
}

// simplified is an invoice up to 450 PLN without the buyer's name.
func simplified() *fa3.Faktura {
	f := oneLine()
	f.Fa.RodzajFaktury = fa3.KindUPR
	f.Podmiot2.DaneIdentyfikacyjne.Nazwa, f.Podmiot2.Adres = "", nil
	f.Fa.FaWiersz = []fa3.FaWiersz{{NrWierszaFa: 1, P_7: "Mąka", P_12: fa3.Rate23}}
	return f
}

// attached carries a table.
func attached() *fa3.Faktura {
	f := vat()
	f.Zalacznik = &fa3.Zalacznik{BlokDanych: []fa3.BlokDanych{{
		ZNaglowek: "Odczyty", MetaDane: []fa3.MetaDane{{ZKlucz: "licznik", ZWartosc: "7"}},
		Tabela: []fa3.Tabela{{
			TNaglowek: fa3.TabelaTNaglowek{Kol: []fa3.Kol{{Typ: fa3.ColumnDate, NKom: "dzień"}, {Typ: fa3.ColumnDecimal, NKom: "kWh"}}},
			Wiersz:    []fa3.Wiersz{{WKom: []string{"2026-02-01", "12.5"}}, {WKom: []string{"2026-02-02", "-"}}},
			Suma:      &fa3.Suma{SKom: []string{"razem", "12.5"}},
		}},
	}}}
	return f
}

// samples are all of the above.
func samples() map[string]func() *fa3.Faktura {
	return map[string]func() *fa3.Faktura{
		"vat": vat, "oneLine": oneLine, "intraEU": intraEU, "export": export, "service": service, "abroad": abroad,
		"triangular": triangular, "charged": charged, "exempted": exempted, "shop": shop, "secondHand": secondHand,
		"vehicle": vehicle, "split": split, "euro": euro, "correction": correction, "difference": difference,
		"renamed": renamed, "advance": advance, "correctedAdvance": correctedAdvance, "settlement": settlement,
		"correctedSettlement": correctedSettlement, "simplified": simplified, "attached": attached,
	}
}
