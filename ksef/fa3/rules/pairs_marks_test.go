package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

func markPairs() []pair {
	mark := func(change func(*fa3.Adnotacje)) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { change(&f.Fa.Adnotacje) }
	}
	car := func(change func(*fa3.NowySrodekTransportu)) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { change(&f.Fa.Adnotacje.NoweSrodkiTransportu.NowySrodekTransportu[0]) }
	}
	none := fa3.Zwolnienie{P_19N: true}
	return []pair{
		broken("exemption.missing", exempted, mark(func(a *fa3.Adnotacje) { a.Zwolnienie = none })),
		broken("exemption.missing", exempted, mark(func(a *fa3.Adnotacje) { a.Zwolnienie.P_19A = "" })),
		broken("exemption.unused", vat, mark(func(a *fa3.Adnotacje) { a.Zwolnienie = exempted().Fa.Adnotacje.Zwolnienie })),
		broken("exemption.provision", exempted, mark(func(a *fa3.Adnotacje) { a.Zwolnienie.P_19A = "zwolnienie podmiotowe" })),
		broken("exemption.directive", exempted, mark(func(a *fa3.Adnotacje) { a.Zwolnienie.P_19A = "art. 132 dyrektywy 2006/112/WE" })),
		broken("reverse_charge.flag", charged, mark(func(a *fa3.Adnotacje) { a.P_18 = fa3.No })),
		broken("reverse_charge.buyer", charged, german),
		broken("reverse_charge.unused", vat, mark(func(a *fa3.Adnotacje) { a.P_18 = fa3.Yes })),
		broken("cash_method.reverse_charge", charged, mark(func(a *fa3.Adnotacje) { a.P_16 = fa3.Yes })),
		broken("eu_service.flag", service, mark(func(a *fa3.Adnotacje) { a.P_18 = fa3.No })),
		broken("eu_service.buyer", service, buyerID(fa3.TPodmiot2{KodKraju: "DE", NrID: "HRB 1", Nazwa: "Sonne"})),
		broken("outside.flag", abroad, mark(func(a *fa3.Adnotacje) { a.P_18 = fa3.No })),
		broken("intra_eu.buyer", intraEU, consumer),
		broken("export.buyer", export, german),
		broken("triangular.buyer", triangular, func(f *fa3.Faktura) { export := export(); f.Podmiot2 = export.Podmiot2 }),
		broken("triangular.rate", intraEU, mark(func(a *fa3.Adnotacje) { a.P_23 = fa3.Yes })),
		broken("procedure.triangular", triangular, func(f *fa3.Faktura) {
			f.Fa.Adnotacje.P_23, f.Podmiot1.PrefiksPodatnika = fa3.No, ""
		}),
		broken("procedure.import", vat, first(func(w *fa3.FaWiersz) { w.Procedura = fa3.ProcedureI_42 })),
		broken("oss.procedure", shop, first(func(w *fa3.FaWiersz) { w.Procedura = "" })),
		broken("oss.rate", shop, func(f *fa3.Faktura) { f.Fa.FaWiersz[0].P_12_XII, f.Fa.P_14_5, f.Fa.P_15 = "29", "29.00", "129.00" }),
		broken("oss.buyer", shop, german),
		broken("oss.tax", shop, func(f *fa3.Faktura) { f.Fa.P_14_5, f.Fa.P_15 = "23.00", "123.00" }),
		broken("margin.total", secondHand, func(f *fa3.Faktura) {
			w := f.Fa.FaWiersz[0]
			w.P_12, w.P_9A, w.P_9B, w.P_11, w.P_11A = fa3.Rate0Domestic, "50.00", "", "100.00", ""
			f.Fa.P_13_11, f.Fa.P_13_6_1 = "", "100.00"
			f.Fa.FaWiersz = []fa3.FaWiersz{w, {NrWierszaFa: 2, P_7: "Gratis", P_11A: "0.00"}}
		}),
		broken("margin.mark", secondHand, mark(func(a *fa3.Adnotacje) { a.PMarzy = fa3.PMarzy{P_PMarzyN: true} })).
			after(func(f *fa3.Faktura) { f.Fa.RodzajFaktury, f.Podmiot2.DaneIdentyfikacyjne.Nazwa = fa3.KindUPR, "" }),
		broken("margin.rate", secondHand, func(f *fa3.Faktura) {
			w := &f.Fa.FaWiersz[0]
			w.P_12, w.P_9A, w.P_9B, w.P_11, w.P_11A = fa3.Rate0Domestic, "50.00", "", "100.00", ""
			f.Fa.P_13_11, f.Fa.P_13_6_1 = "0.00", "100.00"
		}),
		broken("margin.tax", secondHand, first(func(w *fa3.FaWiersz) { w.P_11Vat = "5.00" })),
		broken("margin.net", secondHand, first(func(w *fa3.FaWiersz) { w.P_9A, w.P_9B, w.P_11, w.P_11A = "50.00", "", "100.00", "" })),
		broken("split_payment.amount", split, func(f *fa3.Faktura) {
			f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "5000.00", "1150.00", "6150.00"
			f.Fa.FaWiersz[0].P_8B, f.Fa.FaWiersz[0].P_11 = "1", "5000.00"
		}),
		broken("split_payment.lines", split, first(func(w *fa3.FaWiersz) { w.P_12_Zal_15 = false })),
		broken("split_payment.missing", split, mark(func(a *fa3.Adnotacje) { a.P_18A = fa3.No })),
		broken("split_payment.buyer", split, consumer),
		broken("split_payment.form", split, func(f *fa3.Faktura) { f.Fa.Platnosc.FormaPlatnosci = fa3.PaymentCash }),
		broken("split_payment.account", split, account(fa3.TRachunekBankowy{NrRB: "DE82999000000000000001"})),
		broken("vehicle.line", vehicle, car(func(v *fa3.NowySrodekTransportu) { v.P_NrWierszaNST = 2 })),
		broken("vehicle.rate", vehicle, func(f *fa3.Faktura) {
			f.Fa.P_13_6_2, f.Fa.P_13_6_3, f.Fa.FaWiersz[0].P_12 = "", "100.00", fa3.Rate0Export
			f.Podmiot1.PrefiksPodatnika, f.Podmiot2 = "", export().Podmiot2
		}),
		broken("vehicle.first_use", vehicle, car(func(v *fa3.NowySrodekTransportu) { v.P_22A = day(11) })),
		broken("vehicle.age", vehicle, car(func(v *fa3.NowySrodekTransportu) { v.P_22B = "6 500 km" })).
			after(car(func(v *fa3.NowySrodekTransportu) { v.P_22A = pl.NewDate(2025, 6, 1) })),
		broken("vehicle.vin", vehicle, car(func(v *fa3.NowySrodekTransportu) { v.P_22B1 = "TMBJJ7NEOL0123456" })),
	}
}

// account replaces the account to pay to.
func account(a fa3.TRachunekBankowy) func(*fa3.Faktura) {
	return func(f *fa3.Faktura) { f.Fa.Platnosc.RachunekBankowy = []fa3.TRachunekBankowy{a} }
}

func moneyPairs() []pair {
	rate := func(text fa3.Decimal) func(*fa3.Faktura) { return first(func(w *fa3.FaWiersz) { w.KursWaluty = text }) }
	exchanged := func(text, tax fa3.Decimal) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { rate(text)(f); f.Fa.P_14_1W = tax }
	}
	official := func(fa3.TKodWaluty, pl.Date) (decimal.Decimal, bool) { return decimal.New(427, -2), true }
	pay := func(change func(*fa3.Platnosc)) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { change(f.Fa.Platnosc) }
	}
	parts := func(mark fa3.YesNo, amounts ...fa3.Decimal) func(*fa3.Faktura) {
		return pay(func(p *fa3.Platnosc) {
			p.ZnacznikZaplatyCzesciowej, p.ZaplataCzesciowa = mark, nil
			for _, a := range amounts {
				p.ZaplataCzesciowa = append(p.ZaplataCzesciowa, fa3.ZaplataCzesciowa{KwotaZaplatyCzesciowej: a, DataZaplatyCzesciowej: day(10)})
			}
		})
	}
	paid := pay(func(p *fa3.Platnosc) { p.Zaplacono, p.DataZaplaty = true, day(10) })
	link := func(text string) func(*fa3.Faktura) {
		return pay(func(p *fa3.Platnosc) { p.LinkDoPlatnosci, p.IPKSeF = text, "123abcDEF0123" })
	}
	skonto := func(size string) func(*fa3.Faktura) {
		return pay(func(p *fa3.Platnosc) { p.Skonto = &fa3.Skonto{WarunkiSkonta: "zapłata w 7 dni", WysokoscSkonta: size} })
	}
	agreed := func(currency fa3.TKodWaluty) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) {
			f.Fa.WarunkiTransakcji = &fa3.WarunkiTransakcji{KursUmowny: "4.30", WalutaUmowna: currency}
		}
	}
	return []pair{
		broken("vat_pln.missing", euro, func(f *fa3.Faktura) { f.Fa.P_14_1W = "" }),
		broken("vat_pln.in_pln", vat, func(f *fa3.Faktura) { f.Fa.P_14_1W = "46.00" }),
		broken("vat_pln.differs", euro, func(f *fa3.Faktura) { f.Fa.P_14_1W = "96.00" }).after(func(f *fa3.Faktura) { f.Fa.P_14_1W = "98.22" }),
		broken("vat_pln.sign", euro, func(f *fa3.Faktura) { f.Fa.P_14_1W = "-98.21" }).
			after(func(f *fa3.Faktura) { f.Fa.FaWiersz[0].KursWaluty, f.Fa.KursWalutyZ = "", ""; corrected(f) }),
		broken("exchange_rate.in_pln", vat, rate("4.27")),
		broken("exchange_rate.missing", euro, rate("")),
		broken("exchange_rate.partial", euro, func(f *fa3.Faktura) { f.Fa.FaWiersz[1].KursWaluty = "" }).after(func(f *fa3.Faktura) {
			more := f.Fa.FaWiersz[0]
			more.NrWierszaFa = 2
			f.Fa.FaWiersz = append(f.Fa.FaWiersz, more)
			f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_14_1W, f.Fa.P_15 = "200.00", "46.00", "196.42", "246.00"
		}),
		broken("exchange_rate.positive", euro, exchanged("0", "0.00")),
		broken("exchange_rate.inverted", euro, exchanged("0.234192", "5.39")),
		broken("exchange_rate.official", euro, exchanged("4.28", "98.44")).with(Config{Rate: official}),
		broken("agreed_rate.currency", vat, agreed("PLN")).after(agreed("EUR")),
		broken("agreed_rate.kind", euro, agreed("EUR")),
		broken("currency.withdrawn", euro, func(f *fa3.Faktura) { f.Fa.KodWaluty = "HRK" }),

		broken("payment.parts_sum", vat, parts(fa3.Yes, "300.00", "200.00")).after(parts(fa3.Yes, "300.00", "100.00")),
		broken("payment.parts_total", vat, parts(fa3.No, "300.00", "100.00")).after(parts(fa3.No, "300.00", "103.50")),
		broken("payment.part_positive", vat, parts(fa3.Yes, "300.00", "0.00")).after(parts(fa3.Yes, "300.00")),
		broken("payment.method_missing", vat, pay(func(p *fa3.Platnosc) { p.FormaPlatnosci = "" })).after(paid),
		broken("payment.account_missing", vat, pay(func(p *fa3.Platnosc) { p.RachunekBankowy = nil })),
		broken("payment.paid_and_due", vat, pay(func(p *fa3.Platnosc) { p.DataZaplaty = day(1) })).after(paid),
		broken("payment.other_known", vat, pay(func(p *fa3.Platnosc) { p.OpisPlatnosci = "Przelew" })).
			after(pay(func(p *fa3.Platnosc) { p.FormaPlatnosci, p.PlatnoscInna, p.OpisPlatnosci = "", true, "kompensata" })),
		broken("early_discount.paid", vat, skonto("2%")).after(paid),
		broken("early_discount.size", vat, skonto("rabat")).after(skonto("2%")),
		broken("payment_link.id", vat, link("https://pay.example/x?IPKSeF=123abcDEF0124")).after(link("https://pay.example/x?IPKSeF=123abcDEF0123")),
		broken("payment_link.insecure", vat, link("http://pay.example/x?IPKSeF=123abcDEF0123")).after(link("https://pay.example/x?IPKSeF=123abcDEF0123")),

		broken("account.checksum", vat, account(fa3.TRachunekBankowy{NrRB: "52 9990 0000 0000 0000 1234 5678"})),
		broken("account.iban", vat, account(fa3.TRachunekBankowy{NrRB: "DE83999000000000000001"})).after(account(fa3.TRachunekBankowy{NrRB: "DE82 9990 0000 0000 0000 01"})),
		broken("account.length", vat, account(fa3.TRachunekBankowy{NrRB: "PL5199900000000000001234567"})),
		broken("account.form", vat, account(fa3.TRachunekBankowy{NrRB: "1234567890123456"})),
		broken("account.swift_country", vat, account(fa3.TRachunekBankowy{NrRB: "51999000000000000012345678", SWIFT: "BPKODEPW"})).
			after(account(fa3.TRachunekBankowy{NrRB: "51999000000000000012345678", SWIFT: "BPKOPLPW"})),
		broken("account.repeated", vat, pay(func(p *fa3.Platnosc) {
			p.RachunekBankowy = append(p.RachunekBankowy, fa3.TRachunekBankowy{NrRB: "51 9990 0000 0000 0000 1234 5678"})
		})),
	}
}

// corrected makes an invoice a correction that adds its amounts.
func corrected(f *fa3.Faktura) {
	k := correction()
	f.Fa.RodzajFaktury, f.Fa.PrzyczynaKorekty, f.Fa.TypKorekty = fa3.KindKOR, "pominięta dostawa", fa3.CorrectionOwnPeriod
	f.Fa.DaneFaKorygowanej = k.Fa.DaneFaKorygowanej
}

func attachmentPairs() []pair {
	table := func(change func(*fa3.Tabela)) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { change(&f.Zalacznik.BlokDanych[0].Tabela[0]) }
	}
	extra := func(r fa3.Rozliczenie) func(*fa3.Faktura) { return func(f *fa3.Faktura) { f.Fa.Rozliczenie = &r } }
	charge := []fa3.Obciazenia{{Kwota: "10.00", Powod: "kaucja"}}
	deduction := []fa3.Odliczenia{{Kwota: "503.50", Powod: "saldo"}}
	transport := func(start, end fa3.DateTime, from, to string) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) {
			f.Fa.WarunkiTransakcji = &fa3.WarunkiTransakcji{Transport: []fa3.Transport{{
				RodzajTransportu: fa3.TransportRoad, OpisLadunku: fa3.LoadPallet, DataGodzRozpTransportu: start, DataGodzZakTransportu: end,
				WysylkaZ: &fa3.TAdres{KodKraju: "PL", AdresL1: from}, WysylkaDo: &fa3.TAdres{KodKraju: "PL", AdresL1: to},
			}}}
		}
	}
	const start, end = "2026-03-09T06:00:00Z", "2026-03-09T12:00:00Z"
	moved := transport(start, end, "A", "B")
	return []pair{
		broken("attachment.online", vat, func(f *fa3.Faktura) { f.Zalacznik = attached().Zalacznik }).with(Config{Mode: Online}),
		broken("attachment.consent", vat, func(f *fa3.Faktura) { f.Zalacznik = attached().Zalacznik }).with(Config{Attachments: fa3.No}),
		broken("attachment.row_width", attached, table(func(t *fa3.Tabela) { t.Wiersz[0].WKom = []string{"2026-02-01", "1", "2"} })),
		broken("attachment.row_width", attached, table(func(t *fa3.Tabela) { t.Suma.SKom = []string{"razem", "1", "2"} })),
		broken("attachment.key_repeated", attached, func(f *fa3.Faktura) {
			b := &f.Zalacznik.BlokDanych[0]
			b.MetaDane = append(b.MetaDane, b.MetaDane[0])
		}),
		broken("attachment.header_empty", attached, table(func(t *fa3.Tabela) { t.TNaglowek.Kol[0].NKom, t.TNaglowek.Kol[1].NKom = "", "" })),
		broken("attachment.row_empty", attached, table(func(t *fa3.Tabela) { t.Wiersz[0].WKom = []string{"", ""} })),
		broken("attachment.cell_type", attached, table(func(t *fa3.Tabela) { t.Wiersz[0].WKom[1] = "dużo" })),

		broken("extra.charges_sum", vat, extra(fa3.Rozliczenie{Obciazenia: charge, SumaObciazen: "20.00"})).
			after(extra(fa3.Rozliczenie{Obciazenia: charge, SumaObciazen: "10.00"})),
		broken("extra.deductions_sum", vat, extra(fa3.Rozliczenie{Odliczenia: deduction, SumaOdliczen: "20.00"})).
			after(extra(fa3.Rozliczenie{Odliczenia: deduction, SumaOdliczen: "503.50"})),
		broken("extra.to_pay", vat, extra(fa3.Rozliczenie{Obciazenia: charge, DoZaplaty: "403.50"})).
			after(extra(fa3.Rozliczenie{Obciazenia: charge, DoZaplaty: "413.50"})),
		broken("extra.to_settle", vat, extra(fa3.Rozliczenie{Odliczenia: deduction, DoRozliczenia: "-100.00"})).
			after(extra(fa3.Rozliczenie{Odliczenia: deduction, DoRozliczenia: "100.00"})),
		broken("extra.negative", vat, extra(fa3.Rozliczenie{Obciazenia: []fa3.Obciazenia{{Kwota: "-10.00", Powod: "zwrot"}}})).
			after(extra(fa3.Rozliczenie{Obciazenia: charge})),

		broken("transport.order", vat, transport(end, start, "A", "B")).after(moved),
		broken("transport.places", vat, transport(start, end, "A", "A")).after(moved),
		broken("transport.long", vat, transport(start, "2027-04-09T12:00:00Z", "A", "B")).after(moved),
	}
}
