package rules

import (
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// third adds a third party.
func third(role fa3.TRolaPodmiotu3, id fa3.TPodmiot3) func(*fa3.Faktura) {
	return func(f *fa3.Faktura) {
		f.Podmiot3 = append(f.Podmiot3, fa3.Podmiot3{DaneIdentyfikacyjne: id, Rola: role})
	}
}

// Third parties with numbers of their own.
var (
	some  = fa3.TPodmiot3{NIP: "8123456782", Nazwa: "Spichlerz sp. z o.o."}
	other = fa3.TPodmiot3{NIP: "2223334443", Nazwa: "Dworek sp. z o.o."}
)

// buyerID changes the buyer's identifier.
func buyerID(id fa3.TPodmiot2) func(*fa3.Faktura) {
	return func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne = id }
}

func footer(r fa3.Rejestry) func(*fa3.Faktura) {
	return func(f *fa3.Faktura) { f.Stopka = &fa3.Stopka{Rejestry: []fa3.Rejestry{r}} }
}

func carrier(nip string) func(*fa3.Faktura) {
	return func(f *fa3.Faktura) {
		f.Fa.WarunkiTransakcji = &fa3.WarunkiTransakcji{Transport: []fa3.Transport{{
			RodzajTransportu: fa3.TransportRoad, OpisLadunku: fa3.LoadPallet, Przewoznik: &fa3.Przewoznik{
				DaneIdentyfikacyjne: fa3.TPodmiot2{NIP: nip, Nazwa: "Wóz"}, AdresPrzewoznika: fa3.TAdres{KodKraju: "PL", AdresL1: "Polna 1"},
			},
		}}}
	}
}

func identifierPairs() []pair {
	foreign := func(f *fa3.Faktura) {
		f.Podmiot2.Adres = &fa3.TAdres{KodKraju: "US", AdresL1: "1 Main Street, Springfield"}
	}
	return []pair{
		broken("nip.checksum", vat, func(f *fa3.Faktura) { f.Podmiot1.DaneIdentyfikacyjne.NIP = "1234563219" }),
		broken("nip.checksum", vat, func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.NIP = "9876543211" }).with(Config{Test: true}),
		broken("nip.checksum", vat, func(f *fa3.Faktura) { f.Podmiot3[0].DaneIdentyfikacyjne.IDWew = "9876543211-00011" }).
			after(third(fa3.RoleRecipient, fa3.TPodmiot3{IDWew: "9876543210-00018", Nazwa: "Oddział"})),
		broken("nip.checksum_other", vat, carrier("8123456783")).after(carrier("8123456782")),
		broken("identifier.repdigit", vat, buyerID(fa3.TPodmiot2{NIP: "9999999999", Nazwa: "Piekarnia"})),
		broken("identifier.repdigit", vat, footer(fa3.Rejestry{REGON: "999999999"})).after(footer(fa3.Rejestry{REGON: "123456785"})),
		broken("internal_id.checksum", vat, func(f *fa3.Faktura) { f.Podmiot3[0].DaneIdentyfikacyjne.IDWew = "9876543210-00019" }).
			after(third(fa3.RoleRecipient, fa3.TPodmiot3{IDWew: "9876543210-00018", Nazwa: "Oddział"})),
		broken("digits.foreign", vat, buyerID(fa3.TPodmiot2{NIP: "987654321٠", Nazwa: "Piekarnia"})),
		broken("digits.foreign", vat, footer(fa3.Rejestry{KRS: "000012345٦"})).after(footer(fa3.Rejestry{KRS: "0000123456"})),
		broken("eu_vat.format", intraEU, func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.NrVatUE = "1234567" }),
		broken("eu_vat.prefix", intraEU, func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.NrVatUE = "DE123456788" }),
		broken("eu_vat.polish", vat, buyerID(fa3.TPodmiot2{KodUE: "PL", NrVatUE: buyerNIP, Nazwa: "Piekarnia"})),
		broken("eu_vat.poland", vat, buyerID(fa3.TPodmiot2{KodUE: "PL", NrVatUE: "12345", Nazwa: "Piekarnia"})),
		broken("eu_vat.looks_polish", intraEU, func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.NrVatUE = buyerNIP }),
		broken("foreign_id.polish", vat, buyerID(fa3.TPodmiot2{NrID: buyerNIP, Nazwa: "Piekarnia"})),
		broken("foreign_id.polish", vat, buyerID(fa3.TPodmiot2{KodKraju: "PL", NrID: "PL " + buyerNIP, Nazwa: "Piekarnia"})),
		broken("foreign_id.looks_polish", vat, buyerID(fa3.TPodmiot2{KodKraju: "US", NrID: buyerNIP, Nazwa: "Mill Inc."})).
			after(func(f *fa3.Faktura) {
				foreign(f)
				buyerID(fa3.TPodmiot2{KodKraju: "US", NrID: "12-3456789", Nazwa: "Mill Inc."})(f)
			}),
		broken("foreign_id.eu_vat", export, func(f *fa3.Faktura) {
			f.Podmiot2.DaneIdentyfikacyjne.KodKraju, f.Podmiot2.DaneIdentyfikacyjne.NrID = "", "DE123456788"
		}),
		broken("regon.checksum", vat, footer(fa3.Rejestry{REGON: "123456784"})).after(footer(fa3.Rejestry{REGON: "123456785"})),
		broken("krs.zero", vat, footer(fa3.Rejestry{KRS: "0000000000"})).after(footer(fa3.Rejestry{KRS: "0000123456"})),
		broken("bdo.format", vat, footer(fa3.Rejestry{BDO: "123456"})).after(footer(fa3.Rejestry{BDO: "000123456"})),
	}
}

func textPairs() []pair {
	contact := func(email, phone string) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { f.Podmiot2.DaneKontaktowe = []fa3.DaneKontaktowe{{Email: email, Telefon: phone}} }
	}
	gln := func(text string) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { f.Podmiot2.Adres.GLN = text }
	}
	return []pair{
		broken("text.placeholder", vat, func(f *fa3.Faktura) { f.Fa.FaWiersz[0].P_7 = "brak" }),
		broken("text.broken_letters", vat, func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.Nazwa = "Piekarnia KÅ‚os" }),
		broken("text.odd_spaces", vat, func(f *fa3.Faktura) { f.Fa.FaWiersz[0].P_7 = "Mąka\u00A0żytnia" }),
		broken("element.empty", vat, func(f *fa3.Faktura) { f.Stopka = &fa3.Stopka{Informacje: []fa3.Informacje{{}}} }),
		broken("element.empty", vat, func(f *fa3.Faktura) { f.Podmiot2.DaneKontaktowe = []fa3.DaneKontaktowe{{}} }),
		broken("eu_vat.country", intraEU, func(f *fa3.Faktura) { f.Podmiot2.Adres.KodKraju = "FR" }),
		broken("eu_vat.outside", intraEU, func(f *fa3.Faktura) { f.Podmiot2.Adres.KodKraju = "US" }),
		broken("foreign_id.country", export, func(f *fa3.Faktura) { f.Podmiot2.Adres.KodKraju = "NO" }),
		broken("nip.country", vat, func(f *fa3.Faktura) { f.Podmiot2.Adres.KodKraju = "CZ" }),
		broken("address.postal_code", vat, func(f *fa3.Faktura) { f.Podmiot2.Adres.AdresL1 = "Rynek 12-3, Poznań" }),
		broken("address.mail_same", vat, func(f *fa3.Faktura) { f.Podmiot2.AdresKoresp = f.Podmiot2.Adres }),
		broken("gln.checksum", vat, gln("5901234123458")).after(gln("5901234123457")),
		broken("gln.format", vat, gln("A1")).after(gln("5901234123457")),
		broken("email.format", vat, contact("a@b.pl, c@d.pl", "")).after(contact("biuro@klos.example", "")),
		broken("email.format", vat, func(f *fa3.Faktura) { f.PodmiotUpowazniony.DaneKontaktowe[0].EmailPU = "biuro@komornik" }).after(bailiff),
		broken("phone.format", vat, contact("", "brak")).after(contact("", "61 600 00 02")),
	}
}

// bailiff lets a bailiff issue the invoice.
func bailiff(f *fa3.Faktura) {
	f.PodmiotUpowazniony = &fa3.PodmiotUpowazniony{
		DaneIdentyfikacyjne: fa3.TPodmiot1{NIP: "6060707083", Nazwa: "Komornik Sądowy"},
		Adres:               fa3.TAdres{KodKraju: "PL", AdresL1: "Sądowa 1"},
		DaneKontaktowe:      []fa3.PodmiotUpowaznionyDaneKontaktowe{{EmailPU: "biuro@komornik.example"}},
		RolaPU:              fa3.AuthorisedBailiff,
	}
}

func partyPairs() []pair {
	shares := func(values ...fa3.Decimal) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) {
			f.Podmiot3 = nil
			for i, v := range values {
				third(fa3.RoleAdditionalBuyer, []fa3.TPodmiot3{some, other}[i])(f)
				f.Podmiot3[i].Udzial = v
			}
		}
	}
	factored := func(f *fa3.Faktura) {
		third(fa3.RoleFactor, some)(f)
		f.Fa.Platnosc.RachunekBankowy = nil
		f.Fa.Platnosc.RachunekBankowyFaktora = []fa3.TRachunekBankowy{{NrRB: "51999000000000000012345678", RachunekWlasnyBanku: fa3.BankAccountCollection}}
	}
	nip := func(number string) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { f.Podmiot3[0].DaneIdentyfikacyjne.NIP = number }
	}
	return []pair{
		broken("buyer.name", vat, func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.Nazwa = "" }),
		broken("buyer.name", correction, func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.Nazwa = "" }),
		broken("buyer.address", vat, func(f *fa3.Faktura) { f.Podmiot2.Adres = nil }),
		broken("parties.same_nip", vat, func(f *fa3.Faktura) { f.Podmiot2.DaneIdentyfikacyjne.NIP = sellerNIP }),
		broken("parties.repeated", vat, third(fa3.RoleRecipient, some)).after(third(fa3.RoleRecipient, some)),
		broken("parties.buyer_again", vat, nip(buyerNIP)).after(third(fa3.RoleAdditionalBuyer, some)),
		broken("authorised.same_nip", vat, func(f *fa3.Faktura) { f.PodmiotUpowazniony.DaneIdentyfikacyjne.NIP = sellerNIP }).after(bailiff),
		broken("seller.prefix", intraEU, func(f *fa3.Faktura) { f.Podmiot1.PrefiksPodatnika = "" }),
		broken("seller.prefix", service, func(f *fa3.Faktura) { f.Podmiot1.PrefiksPodatnika = "" }),
		broken("seller.prefix_unused", vat, func(f *fa3.Faktura) { f.Podmiot1.PrefiksPodatnika = "PL" }),
		broken("local_government.party", vat, func(f *fa3.Faktura) {
			f.Podmiot3[0].DaneIdentyfikacyjne = fa3.TPodmiot3{BrakID: true, Nazwa: "Szkoła"}
		}).
			after(func(f *fa3.Faktura) { f.Podmiot2.JST = fa3.Yes; third(fa3.RoleLocalUnitRecipient, some)(f) }),
		broken("local_government.flag", vat, func(f *fa3.Faktura) { f.Podmiot2.JST = fa3.No }).
			after(func(f *fa3.Faktura) { f.Podmiot2.JST = fa3.Yes; third(fa3.RoleLocalUnitRecipient, some)(f) }),
		broken("vat_group.party", vat, func(f *fa3.Faktura) { f.Podmiot2.GV = fa3.Yes }),
		broken("vat_group.flag", vat, third(fa3.RoleVATGroupRecipient, some)),
		broken("self_billing.buyer", vat, consumer).after(func(f *fa3.Faktura) { f.Fa.Adnotacje.P_17 = fa3.Yes }),
		broken("share.role", vat, func(f *fa3.Faktura) { f.Podmiot3[0].Rola = fa3.RoleRecipient }).after(shares("25")),
		broken("share.sum", vat, shares("40", "60")).after(shares("40", "59.9")),
		broken("share.partial", vat, shares("40", "")).after(shares("", "")),
		broken("share.zero", vat, shares("0")).after(shares("10")),
		broken("self_billing.issuer", vat, func(f *fa3.Faktura) { f.Fa.Adnotacje.P_17 = fa3.Yes }).after(third(fa3.RoleIssuer, some)),
		broken("issuer.same_nip", vat, nip(sellerNIP)).after(third(fa3.RoleIssuer, some)),
		broken("employee.party", vat, func(f *fa3.Faktura) { f.Podmiot3[0].DaneIdentyfikacyjne = some }).
			after(third(fa3.RoleEmployee, fa3.TPodmiot3{BrakID: true, Nazwa: "Anna Przykładowa"})),
		broken("factor.party", vat, func(f *fa3.Faktura) { f.Podmiot3 = nil }).after(factored),
		broken("factor.account", vat, third(fa3.RoleFactor, some)),
		broken("factor.same_nip", vat, nip(sellerNIP)).after(factored),
		broken("factor.account_kind", vat, func(f *fa3.Faktura) { f.Fa.Platnosc.RachunekBankowyFaktora[0].RachunekWlasnyBanku = "" }).after(factored),
		broken("payer.same_nip", vat, nip(buyerNIP)).after(third(fa3.RolePayer, some)),
		broken("party.nameless", vat, third(fa3.RoleRecipient, fa3.TPodmiot3{BrakID: true})),
		broken("role.known", vat, func(f *fa3.Faktura) {
			f.Podmiot3 = []fa3.Podmiot3{{DaneIdentyfikacyjne: some, RolaInna: true, OpisRoli: "Płatnik"}}
		}),
		broken("buyer_key.repeated", vat, func(f *fa3.Faktura) { f.Podmiot2.IDNabywcy, f.Podmiot3[0].IDNabywcy = "N1", "N1" }).
			after(third(fa3.RoleAdditionalBuyer, some)),
	}
}

// day is a day of March 2026.
func day(n int) pl.Date { return pl.NewDate(2026, 3, n) }

func datePairs() []pair {
	now := day(10).Start()
	terms := func(list ...fa3.TerminPlatnosci) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { f.Fa.Platnosc.TerminPlatnosci = list }
	}
	contracts := func(list ...fa3.Umowy) func(*fa3.Faktura) {
		return func(f *fa3.Faktura) { f.Fa.WarunkiTransakcji = &fa3.WarunkiTransakcji{Umowy: list} }
	}
	issued := func(_ string, kind fa3.TRodzajFaktury, number string) bool {
		return kind == fa3.KindVAT && number == "FV/16/03/2026"
	}
	return []pair{
		broken("number.spaces", vat, func(f *fa3.Faktura) { f.Fa.P_2 = "FV/17  03" }),
		broken("number.spaces", vat, func(f *fa3.Faktura) { f.Fa.P_2 = "FV/17\u00A003" }),
		broken("number.repeated", vat, func(f *fa3.Faktura) { f.Fa.P_2 = "FV/16/03/2026" }).with(Config{Issued: issued}),
		broken("number.digitless", vat, func(f *fa3.Faktura) { f.Fa.P_2 = "FV" }),
		broken("issue_date.future", vat, func(f *fa3.Faktura) { f.Fa.P_1 = day(11) }).with(Config{Now: now}),
		broken("issue_date.past", vat, func(f *fa3.Faktura) { f.Fa.P_1 = day(8) }).with(Config{Now: now}),
		broken("issue_date.far", correction, func(f *fa3.Faktura) { f.Naglowek.DataWytworzeniaFa = "2027-04-10T08:15:30Z" }),
		broken("document.time", vat, func(f *fa3.Faktura) { f.Naglowek.DataWytworzeniaFa = "2026-06-10T08:15:30Z" }).with(Config{Now: now}),
		broken("document.zone", vat, func(f *fa3.Faktura) { f.Naglowek.DataWytworzeniaFa = "2026-03-10T08:15:30" }),
		broken("period.order", vat, func(f *fa3.Faktura) { f.Fa.OkresFa = &fa3.OkresFa{P_6_Od: day(9), P_6_Do: day(1)} }).
			after(func(f *fa3.Faktura) { f.Fa.P_6 = pl.Date{} }),
		broken("period.long", vat, func(f *fa3.Faktura) { f.Fa.OkresFa = &fa3.OkresFa{P_6_Od: pl.NewDate(2024, 3, 1), P_6_Do: day(1)} }).
			after(func(f *fa3.Faktura) { f.Fa.P_6 = pl.Date{} }),
		broken("supply_date.twice", vat, func(f *fa3.Faktura) { f.Fa.FaWiersz[0].P_6A = day(3) }),
		broken("supply_date.same_lines", vat, func(f *fa3.Faktura) { f.Fa.FaWiersz[1].P_6A = day(3) }).
			after(func(f *fa3.Faktura) { f.Fa.P_6, f.Fa.FaWiersz[0].P_6A = pl.Date{}, day(3) }),
		broken("supply_date.superfluous", vat, func(f *fa3.Faktura) { f.Fa.P_6 = f.Fa.P_1 }),
		broken("supply_date.ahead", vat, func(f *fa3.Faktura) { f.Fa.P_6 = f.Fa.P_1.AddDays(61) }).
			after(func(f *fa3.Faktura) { f.Fa.P_6 = f.Fa.P_1.AddDays(60) }),
		broken("supply_date.late", vat, func(f *fa3.Faktura) { f.Fa.P_6 = pl.NewDate(2026, 1, 31) }).
			after(func(f *fa3.Faktura) { f.Fa.P_6 = pl.NewDate(2026, 2, 1) }),
		broken("supply_date.old", settlement, func(f *fa3.Faktura) { f.Fa.P_6 = pl.NewDate(2021, 3, 9) }).
			after(func(f *fa3.Faktura) { f.Fa.P_6 = pl.NewDate(2021, 3, 10) }),
		broken("paid_date.after_issue", vat, func(f *fa3.Faktura) { f.Fa.Platnosc.DataZaplaty = day(11) }).
			after(func(f *fa3.Faktura) { f.Fa.Platnosc.Zaplacono, f.Fa.Platnosc.DataZaplaty = true, day(10) }),
		broken("due_date.before_issue", vat, terms(fa3.TerminPlatnosci{Termin: day(9)})),
		broken("due_date.far", vat, terms(fa3.TerminPlatnosci{Termin: pl.NewDate(2027, 4, 9)})),
		broken("due_date.repeated", vat, terms(fa3.TerminPlatnosci{Termin: day(20)}, fa3.TerminPlatnosci{Termin: day(20)})),
		broken("due.empty", vat, terms(fa3.TerminPlatnosci{})),
		broken("due.count", vat, terms(fa3.TerminPlatnosci{TerminOpis: &fa3.TerminOpis{Ilosc: "-3", Jednostka: "dni", ZdarzeniePoczatkowe: "dostawa"}})),
		broken("contract_date.after_issue", vat, contracts(fa3.Umowy{DataUmowy: day(11)})).after(contracts(fa3.Umowy{DataUmowy: day(1)})),
		broken("reference.repeated", vat, contracts(fa3.Umowy{NrUmowy: "U1"}, fa3.Umowy{NrUmowy: "U1"})).
			after(contracts(fa3.Umowy{NrUmowy: "U1"}, fa3.Umowy{NrUmowy: "U2"})),
	}
}
