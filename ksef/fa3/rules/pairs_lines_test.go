package rules

import (
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// first changes the first line.
func first(change func(*fa3.FaWiersz)) func(*fa3.Faktura) {
	return func(f *fa3.Faktura) { change(&f.Fa.FaWiersz[0]) }
}

func linePairs() []pair {
	describe := func(list ...fa3.TKluczWartosc) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { f.Fa.DodatkowyOpis = list }
	}
	gtin := func(text string) func(*fa3.Faktura) { return first(func(w *fa3.FaWiersz) { w.GTIN = text }) }
	discounted := func(f *fa3.Faktura) { first(func(w *fa3.FaWiersz) { w.P_9A, w.P_10 = "60.00", "10.00" })(f) }
	return []pair{
		broken("line.name_missing", vat, first(func(w *fa3.FaWiersz) { w.P_7 = "" })),
		broken("line.quantity_missing", vat, first(func(w *fa3.FaWiersz) { w.P_8B = "" })),
		broken("line.unit_missing", vat, first(func(w *fa3.FaWiersz) { w.P_8A = "" })),
		broken("line.price_missing", vat, first(func(w *fa3.FaWiersz) { w.P_9A = "" })),
		broken("line.value_missing", settlement, first(func(w *fa3.FaWiersz) { w.P_11 = "" })),
		broken("line.rate_missing", settlement, first(func(w *fa3.FaWiersz) { w.P_12 = "" })),
		broken("line.rate_twice", vat, first(func(w *fa3.FaWiersz) { w.P_12_XII = "19" })),
		broken("line.number_repeated", vat, func(f *fa3.Faktura) { f.Fa.FaWiersz[1].NrWierszaFa = 1 }),
		broken("line.number_gap", vat, func(f *fa3.Faktura) { f.Fa.FaWiersz[1].NrWierszaFa = 3 }),
		broken("line.id_repeated", vat, func(f *fa3.Faktura) { f.Fa.FaWiersz[1].UU_ID = "a" }).
			after(func(f *fa3.Faktura) { f.Fa.FaWiersz[0].UU_ID, f.Fa.FaWiersz[1].UU_ID = "a", "b" }),
		broken("description.line", vat, describe(fa3.TKluczWartosc{NrWiersza: 3, Klucz: "kolor", Wartosc: "biały"})).
			after(describe(fa3.TKluczWartosc{NrWiersza: 2, Klucz: "kolor", Wartosc: "biały"})),
		broken("description.repeated", vat, describe(fa3.TKluczWartosc{Klucz: "a", Wartosc: "b"}, fa3.TKluczWartosc{Klucz: "a", Wartosc: "b"})).
			after(describe(fa3.TKluczWartosc{Klucz: "a", Wartosc: "b"}, fa3.TKluczWartosc{Klucz: "a", Wartosc: "c"})),

		broken("line.amount_differs", vat, first(func(w *fa3.FaWiersz) { w.P_9A = "55.00" })),
		broken("line.amount_differs", secondHand, first(func(w *fa3.FaWiersz) { w.P_9B = "55.00" })),
		broken("line.amount_differs", vat, first(func(w *fa3.FaWiersz) { w.P_10 = "15.00" })).after(discounted),
		broken("line.amount_rounding", vat, first(func(w *fa3.FaWiersz) { w.P_8B, w.P_9A = "30", "6.67" })).
			after(first(func(w *fa3.FaWiersz) { w.P_8B, w.P_9A = "30", "6.666667" })),
		broken("line.tax_differs", vat, first(func(w *fa3.FaWiersz) { w.P_11Vat = "45.00" })).
			after(first(func(w *fa3.FaWiersz) { w.P_11Vat = "45.98" })),
		broken("line.gross_differs", vat, first(func(w *fa3.FaWiersz) { w.P_11A = "250.00" })).
			after(first(func(w *fa3.FaWiersz) { w.P_11A = "246.00" })),
		broken("line.tax_untaxed", exempted, first(func(w *fa3.FaWiersz) { w.P_11Vat = "23.00" })),
		broken("line.negative_quantity", settlement, first(func(w *fa3.FaWiersz) { w.P_8B, w.P_11 = "-4", "-200.00" })).
			after(func(f *fa3.Faktura) {
				more := f.Fa.FaWiersz[0]
				more.NrWierszaFa, more.P_8B, more.P_11 = 2, "12", "600.00"
				f.Fa.FaWiersz = append(f.Fa.FaWiersz, more)
			}),
		broken("line.negative_value", settlement, func(f *fa3.Faktura) {
			f.Fa.FaWiersz = append(f.Fa.FaWiersz, fa3.FaWiersz{NrWierszaFa: 2, P_7: "Rabat", P_8A: "szt.", P_8B: "1", P_9A: "-20.00", P_11: "-20.00", P_12: fa3.Rate23})
		}),
		broken("line.two_negatives", settlement, first(func(w *fa3.FaWiersz) { w.P_8B, w.P_9A = "-4", "-50.00" })),
		broken("line.zero_quantity", settlement, func(f *fa3.Faktura) {
			f.Fa.FaWiersz = append(f.Fa.FaWiersz, fa3.FaWiersz{NrWierszaFa: 2, P_7: "Gratis", P_8A: "szt.", P_8B: "0", P_9A: "20.00", P_11: "0.00", P_12: fa3.Rate23})
		}),
		broken("discount.sign", vat, first(func(w *fa3.FaWiersz) { w.P_9A, w.P_10 = "40.00", "-10.00" })).after(discounted),
		broken("discount.too_large", vat, first(func(w *fa3.FaWiersz) { w.P_10 = "900.00" })).after(first(func(w *fa3.FaWiersz) { w.P_10 = "0.00" })),
		broken("excise.amount", vat, first(func(w *fa3.FaWiersz) { w.KwotaAkcyzy = "300.00" })).after(first(func(w *fa3.FaWiersz) { w.KwotaAkcyzy = "30.00" })),

		broken("gtin.checksum", vat, gtin("5901234123458")).after(gtin("5901234123457")),
		broken("gtin.format", vat, gtin("A-17")).after(gtin("5901234123457")),
		broken("cn.format", vat, first(func(w *fa3.FaWiersz) { w.CN = "84182" })).after(first(func(w *fa3.FaWiersz) { w.CN = "8418 21 91" })),
		broken("pkwiu.format", vat, first(func(w *fa3.FaWiersz) { w.PKWiU = "620111" })).after(first(func(w *fa3.FaWiersz) { w.PKWiU = "62.01.11.0" })),
		broken("pkob.format", vat, first(func(w *fa3.FaWiersz) { w.PKOB = "dom" })).after(first(func(w *fa3.FaWiersz) { w.PKOB = "1110" })),
		broken("gtu.code", vat, first(func(w *fa3.FaWiersz) { w.CN = "1101 00 11" })).
			after(first(func(w *fa3.FaWiersz) { w.GTU, w.CN = fa3.GTU07, "8708 99 97" })),
		broken("gtu.service", vat, first(func(w *fa3.FaWiersz) { w.CN = "1101 00 11" })).after(first(func(w *fa3.FaWiersz) { w.GTU = fa3.GTU12 })),
	}
}

func totalPairs() []pair {
	return []pair{
		broken("totals.net", oneLine, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "110.00", "25.30", "135.30" }).
			after(func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_15 = "100.01", "123.01" }),
		broken("totals.net", secondHand, func(f *fa3.Faktura) { f.Fa.P_13_11, f.Fa.P_15 = "110.00", "110.00" }),
		broken("totals.tax", oneLine, func(f *fa3.Faktura) { f.Fa.P_14_1, f.Fa.P_15 = "24.00", "124.00" }).
			after(func(f *fa3.Faktura) { f.Fa.P_14_1, f.Fa.P_15 = "23.01", "123.01" }),
		broken("totals.tax", advance, func(f *fa3.Faktura) { f.Fa.P_14_1, f.Fa.P_15 = "24.00", "124.00" }),
		broken("totals.gross", vat, func(f *fa3.Faktura) { f.Fa.P_15 = "403.55" }).after(func(f *fa3.Faktura) { f.Fa.P_15 = "403.51" }),
		broken("totals.sign", settlement, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "0.01", "-0.01", "0.00" }).
			after(func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "0.01", "0.01", "0.02" }),
		broken("total.missing", oneLine, func(f *fa3.Faktura) {
			f.Fa.FaWiersz = append(f.Fa.FaWiersz, fa3.FaWiersz{NrWierszaFa: 2, P_7: "Kasza", P_8A: "szt.", P_8B: "1", P_9A: "9.00", P_11: "9.00", P_12: fa3.Rate5})
		}),
		broken("total.line_missing", oneLine, func(f *fa3.Faktura) { f.Fa.P_13_6_1, f.Fa.P_15 = "10.00", "133.00" }),
		broken("total.negative", settlement, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "-100.00", "-23.00", "-123.00" }),
		broken("total.rate_negative", advance, func(f *fa3.Faktura) {
			f.Fa.P_13_2, f.Fa.P_14_2, f.Fa.P_15 = "-10.00", "-0.80", "112.20"
		}),
		broken("total.zero", advance, func(f *fa3.Faktura) { f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "0.00", "0.00", "0.00" }),
	}
}
