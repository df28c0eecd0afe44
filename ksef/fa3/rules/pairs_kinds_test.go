package rules

import (
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

func kindPairs() []pair {
	return []pair{
		broken("correction.reference", correction, func(f *fa3.Faktura) { f.Fa.DaneFaKorygowanej = nil }),
		broken("correction.superfluous", vat, func(f *fa3.Faktura) { f.Fa.PrzyczynaKorekty = "rabat" }),
		broken("correction.superfluous", vat, func(f *fa3.Faktura) { f.Fa.P_15ZK = "10.00" }),
		broken("correction.period_kind", correctedAdvance, func(f *fa3.Faktura) { f.Fa.OkresFaKorygowanej = "luty 2026" }),
		broken("correction.before_amount", correctedAdvance, func(f *fa3.Faktura) { f.Fa.P_15ZK = "" }),
		broken("correction.before_amount", correctedSettlement, func(f *fa3.Faktura) { f.Fa.P_15ZK = "" }),
		broken("correction.before_amount_unchanged", correctedAdvance, func(f *fa3.Faktura) { f.Fa.P_15ZK = "" }).
			after(func(f *fa3.Faktura) {
				f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_13_2, f.Fa.P_14_2, f.Fa.P_15 = "-100.00", "-23.00", "113.89", "9.11", "0.00"
			}),
		broken("correction.before_amount_kind", correction, func(f *fa3.Faktura) { f.Fa.P_15ZK = "123.00" }),
		broken("order.missing", advance, func(f *fa3.Faktura) { f.Fa.Zamowienie = nil }),
		broken("order.missing_correction", correctedAdvance, func(f *fa3.Faktura) { f.Fa.Zamowienie = nil }),
		broken("order.superfluous", oneLine, func(f *fa3.Faktura) { f.Fa.Zamowienie = advance().Fa.Zamowienie }),
		broken("settlement.advances", settlement, func(f *fa3.Faktura) { f.Fa.FakturaZaliczkowa = nil }),
		broken("settlement.advances_correction", correctedSettlement, func(f *fa3.Faktura) { f.Fa.FakturaZaliczkowa = nil }),
		broken("settlement.superfluous", oneLine, func(f *fa3.Faktura) { f.Fa.FakturaZaliczkowa = settlement().Fa.FakturaZaliczkowa }),
		broken("line.missing", vat, func(f *fa3.Faktura) { f.Fa.FaWiersz = nil }),
		broken("line.missing", correction, func(f *fa3.Faktura) { f.Fa.FaWiersz = nil }),
		broken("simplified.limit", simplified, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "400.00", "92.00", "492.00" }),
		broken("simplified.buyer", simplified, buyerID(fa3.TPodmiot2{BrakID: true})),
		broken("simplified.rate", simplified, func(f *fa3.Faktura) { f.Fa.FaWiersz[0].P_12 = "" }).
			after(func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1 = "", "" }),
		broken("simplified.cross_border", simplified, func(f *fa3.Faktura) {
			f.Podmiot1.PrefiksPodatnika, f.Fa.FaWiersz[0].P_12 = "PL", fa3.Rate0IntraEU
			f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{KodUE: "DE", NrVatUE: "123456788"}
		}).after(func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1 = "", "" }),
		broken("receipt.currency", euro, func(f *fa3.Faktura) { f.Fa.FP = true }),
	}
}

func correctionPairs() []pair {
	invoices := func(n int) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) {
			for i := 1; i < n; i++ {
				c := f.Fa.DaneFaKorygowanej[0]
				c.NrFaKorygowanej += "A"
				c.NrKSeFFaKorygowanej = ksef(day(3), byte(i+1))
				f.Fa.DaneFaKorygowanej = append(f.Fa.DaneFaKorygowanej, c)
			}
		}
	}
	number := func(text string) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { f.Fa.DaneFaKorygowanej[0].NrKSeFFaKorygowanej = text }
	}
	outside := func(d pl.Date) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) {
			f.Fa.P_1, f.Naglowek.DataWytworzeniaFa = pl.NewDate(2026, 6, 10), "2026-06-10T08:00:00Z"
			f.Fa.Platnosc = nil
			f.Fa.DaneFaKorygowanej[0] = fa3.DaneFaKorygowanej{DataWystFaKorygowanej: d, NrFaKorygowanej: "F1", NrKSeFN: true}
		}
	}
	formerSeller := func(f *fa3.Faktura) {
		old := f.Podmiot1.DaneIdentyfikacyjne
		old.Nazwa = "Młyn Wodny"
		f.Fa.Podmiot1K = &fa3.Podmiot1K{DaneIdentyfikacyjne: old, Adres: f.Podmiot1.Adres}
	}
	nothing := func(f *fa3.Faktura) {
		f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "", "", "0.00"
		f.Fa.FaWiersz[1] = f.Fa.FaWiersz[0]
		f.Fa.FaWiersz[1].StanPrzed = false
	}
	return []pair{
		broken("correction.reason", correction, func(f *fa3.Faktura) { f.Fa.PrzyczynaKorekty = "" }),
		broken("correction.type", correction, func(f *fa3.Faktura) { f.Fa.TypKorekty = "" }),
		broken("correction.seller_nip", renamed, func(f *fa3.Faktura) { f.Fa.Podmiot1K.DaneIdentyfikacyjne.NIP = "8123456782" }).after(formerSeller),
		broken("correction.buyer_nip", renamed, func(f *fa3.Faktura) { f.Fa.Podmiot2K[0].DaneIdentyfikacyjne.NIP = "8123456782" }),
		broken("correction.seller_same", renamed, func(f *fa3.Faktura) { f.Fa.Podmiot1K.DaneIdentyfikacyjne = f.Podmiot1.DaneIdentyfikacyjne }).after(formerSeller),
		broken("correction.buyer_same", renamed, func(f *fa3.Faktura) { f.Fa.Podmiot2K[0].DaneIdentyfikacyjne = f.Podmiot2.DaneIdentyfikacyjne }),
		broken("buyer_key.missing", renamed, func(f *fa3.Faktura) { f.Podmiot2.IDNabywcy, f.Fa.Podmiot2K[0].IDNabywcy = "", "" }),
		broken("buyer_key.unknown", renamed, func(f *fa3.Faktura) { f.Fa.Podmiot2K[0].IDNabywcy = "N2" }),
		broken("correction.nothing", correction, func(f *fa3.Faktura) { f.Fa.FaWiersz[1].P_7 = f.Fa.FaWiersz[0].P_7 }).
			after(func(f *fa3.Faktura) { nothing(f); f.Fa.FaWiersz[1].P_7 = "Młynek do pieprzu" }),
		broken("correction.nothing", renamed, func(f *fa3.Faktura) { f.Fa.Podmiot2K = nil }),
		broken("correction.exchange_kind", correction, func(f *fa3.Faktura) { f.Fa.KursWalutyZK = "4.30" }).
			after(func(f *fa3.Faktura) { f.Fa.KodWaluty, f.Fa.P_14_1W = "EUR", "-9.84" }),

		broken("ksef_number.checksum", correction, number("1234563218-20260303-010000000001-00")),
		broken("ksef_number.seller", correction, number(string(pl.NewKSeFNumber("8123456782", day(3), [6]byte{1})))),
		broken("ksef_number.date", correction, number(ksef(day(2), 1))),
		broken("ksef_number.after_issue", correction, number(ksef(day(11), 1))),
		broken("ksef_number.missing", correction, outside(pl.NewDate(2026, 5, 1))).after(outside(pl.NewDate(2026, 1, 2))),
		broken("correction.date", correction, func(f *fa3.Faktura) {
			f.Fa.DaneFaKorygowanej[0].DataWystFaKorygowanej = day(11)
			f.Fa.DaneFaKorygowanej[0].NrKSeFFaKorygowanej = ""
		}),
		broken("correction.itself", correction, func(f *fa3.Faktura) {
			c := &f.Fa.DaneFaKorygowanej[0]
			c.NrFaKorygowanej, c.DataWystFaKorygowanej = f.Fa.P_2, f.Fa.P_1
			number(ksef(f.Fa.P_1, 1))(f)
		}),
		broken("correction.repeated", correction, func(f *fa3.Faktura) { f.Fa.DaneFaKorygowanej[1] = f.Fa.DaneFaKorygowanej[0] }).after(invoices(2)),
		broken("correction.number_same", renamed, func(f *fa3.Faktura) { f.Fa.NrFaKorygowany = "FV/1/03/2026" }).
			after(func(f *fa3.Faktura) { f.Fa.NrFaKorygowany = "FV/1/02/2026" }),
		broken("correction.number_several", renamed, func(f *fa3.Faktura) { f.Fa.NrFaKorygowany = "FV/1/02/2026" }).after(invoices(2)),
		broken("advance.repeated", settlement, func(f *fa3.Faktura) {
			f.Fa.FakturaZaliczkowa = append(f.Fa.FakturaZaliczkowa, f.Fa.FakturaZaliczkowa[0])
		}),
		broken("advance.ksef_date", settlement, func(f *fa3.Faktura) { f.Fa.FakturaZaliczkowa[0].NrKSeFFaZaliczkowej = ksef(day(11), 2) }),

		broken("line.state", oneLine, func(f *fa3.Faktura) { f.Fa.FaWiersz[0].StanPrzed = true }).
			after(func(f *fa3.Faktura) { f.Fa.RodzajFaktury, f.Fa.FaWiersz[0].P_11A = fa3.KindROZ, ""; settled(f) }),
		broken("correction.after_missing", correction, func(f *fa3.Faktura) { f.Fa.FaWiersz = f.Fa.FaWiersz[:1] }),
		broken("correction.pair", correction, func(f *fa3.Faktura) { f.Fa.FaWiersz[0].NrWierszaFa = 7 }),
		broken("correction.difference", correction, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "-20.00", "-4.60", "-24.60" }),
		broken("correction.lines_sum", difference, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "-20.00", "-4.60", "-24.60" }),
	}
}

// settled makes an invoice a settlement of an advance.
func settled(f *fa3.Faktura) {
	s := settlement()
	f.Fa.FakturaZaliczkowa, f.Fa.FaWiersz = s.Fa.FakturaZaliczkowa, s.Fa.FaWiersz
}

func advancePairs() []pair {
	payments := func(amounts ...fa3.Decimal) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) {
			f.Fa.P_6, f.Fa.ZaliczkaCzesciowa = pl.Date{}, nil
			for i, a := range amounts {
				f.Fa.ZaliczkaCzesciowa = append(f.Fa.ZaliczkaCzesciowa, fa3.ZaliczkaCzesciowa{P_6Z: day(1 + i), P_15Z: a})
			}
		}
	}
	order := func(change func(*fa3.ZamowienieWiersz)) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { change(&f.Fa.Zamowienie.ZamowienieWiersz[0]) }
	}
	return []pair{
		broken("advance_payments.sum", advance, payments("100.00", "33.00")).after(payments("100.00", "23.00")),
		broken("advance_payments.too_much", settlement, payments("100.00", "33.00")).after(payments("100.00", "23.00")),
		broken("advance_payments.one", advance, payments("123.00")).after(payments("100.00", "23.00")),
		broken("advance_payments.kind", oneLine, payments("100.00", "23.00")),
		broken("advance_payments.positive", advance, payments("143.00", "-20.00")).after(payments("100.00", "23.00")),
		broken("advance_payments.repeated", advance, func(f *fa3.Faktura) { f.Fa.ZaliczkaCzesciowa[1] = f.Fa.ZaliczkaCzesciowa[0] }).after(payments("61.50", "61.50")),
		broken("advance.exceeds_order", advance, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "2000.00", "460.00", "2460.00" }),
		broken("advance.intra_eu", advance, order(func(w *fa3.ZamowienieWiersz) { w.P_12Z, w.P_11VatZ = fa3.Rate0IntraEU, "" })).
			after(func(f *fa3.Faktura) {
				german(f)
				f.Podmiot1.PrefiksPodatnika = "PL"
				f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_13_9, f.Fa.P_15 = "", "", "100.00", "100.00"
				f.Fa.Adnotacje.P_18 = fa3.Yes
				f.Fa.Zamowienie.WartoscZamowienia = "1000.00"
				w := &f.Fa.Zamowienie.ZamowienieWiersz[0]
				w.P_12Z, w.P_11VatZ = fa3.RateOutsideII, ""
			}),
		broken("advance.lines", advance, func(f *fa3.Faktura) { f.Fa.FaWiersz = oneLine().Fa.FaWiersz }),
		broken("settlement.too_much", settlement, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "300.00", "69.00", "369.00" }),
		broken("settlement.nothing_settled", settlement, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "200.00", "46.00", "246.00" }),
		broken("exchange_rate.advance_kind", euro, func(f *fa3.Faktura) { f.Fa.KursWalutyZ = "4.27" }),

		broken("order.value", advance, func(f *fa3.Faktura) { f.Fa.Zamowienie.WartoscZamowienia = "1330.00" }),
		broken("order_line.name_missing", advance, order(func(w *fa3.ZamowienieWiersz) { w.P_7Z = "" })),
		broken("order_line.rate_missing", advance, order(func(w *fa3.ZamowienieWiersz) { w.P_12Z = "" })),
		broken("order_line.amount_differs", advance, order(func(w *fa3.ZamowienieWiersz) { w.P_9AZ = "1100.00" })),
		broken("order_line.tax_differs", advance, order(func(w *fa3.ZamowienieWiersz) { w.P_12Z = fa3.Rate8 })),
		broken("rate.historic", oneLine, func(f *fa3.Faktura) { f.Fa.FaWiersz[0].P_12, f.Fa.P_14_1, f.Fa.P_15 = fa3.Rate22, "22.00", "122.00" }),
		broken("rate.historic", advance, order(func(w *fa3.ZamowienieWiersz) { w.P_12Z = fa3.Rate7 })).
			after(func(f *fa3.Faktura) {
				f.Fa.Zamowienie.WartoscZamowienia, f.Fa.Zamowienie.ZamowienieWiersz[0].P_11VatZ = "1000.00", ""
			}),
	}
}
