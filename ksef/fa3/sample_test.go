package fa3

import (
	"fmt"

	"github.com/faktupro/faktupro-go/pl"
)

// sample is an ordinary invoice with n lines: two rates, a payment term, a bank
// account and a footer. All parties are invented.
func sample(n int) *Faktura {
	f := &Faktura{
		Naglowek: TNaglowek{DataWytworzeniaFa: "2026-02-03T08:15:30Z", SystemInfo: "FaktuPro"},
		Podmiot1: Podmiot1{
			DaneIdentyfikacyjne: TPodmiot1{NIP: "1234563218", Nazwa: "Młyn Wodny Żabiniec sp. z o.o."},
			Adres:               TAdres{KodKraju: "PL", AdresL1: "ul. Źródlana 7", AdresL2: "62-300 Września"},
			DaneKontaktowe:      []DaneKontaktowe{{Email: "biuro@mlyn.example", Telefon: "+48 600 000 001"}},
		},
		Podmiot2: Podmiot2{
			DaneIdentyfikacyjne: TPodmiot2{NIP: "9876543210", Nazwa: "Piekarnia \"Kłos\" & Synowie"},
			Adres:               &TAdres{KodKraju: "PL", AdresL1: "Rynek 12/3", AdresL2: "61-772 Poznań"},
			JST:                 No, GV: No,
		},
		Fa: Fa{
			KodWaluty: "PLN", P_1: pl.NewDate(2026, 2, 3), P_1M: "Września", P_2: "FV/17/02/2026", P_6: pl.NewDate(2026, 2, 2),
			P_13_1: "200.00", P_14_1: "46.00", P_13_3: "150.00", P_14_3: "7.50", P_15: "403.50",
			Adnotacje: Adnotacje{
				P_16: No, P_17: No, P_18: No, P_18A: No, P_23: No,
				Zwolnienie:           Zwolnienie{P_19N: true},
				NoweSrodkiTransportu: NoweSrodkiTransportu{P_22N: true},
				PMarzy:               PMarzy{P_PMarzyN: true},
			},
			RodzajFaktury: KindVAT,
			Platnosc: &Platnosc{
				TerminPlatnosci: []TerminPlatnosci{{Termin: pl.NewDate(2026, 2, 17)}},
				FormaPlatnosci:  PaymentTransfer,
				RachunekBankowy: []TRachunekBankowy{{NrRB: "51999000000000000012345678", NazwaBanku: "Bank Przykładowy"}},
			},
		},
		Stopka: &Stopka{Informacje: []Informacje{{StopkaFaktury: "Dziękujemy za współpracę."}}},
	}
	for i := range n {
		line := FaWiersz{
			NrWierszaFa: int64(i + 1), P_7: fmt.Sprintf("Mąka pszenna typ %d, worek", 450+i), P_8A: "szt.",
			P_8B: "2", P_9A: "50.00", P_11: "100.00", P_12: Rate23,
		}
		if i%2 == 1 {
			line.P_9A, line.P_11, line.P_12 = "37.50", "75.00", Rate5
		}
		f.Fa.FaWiersz = append(f.Fa.FaWiersz, line)
	}
	return f
}

// samples are small invoices of several kinds, whose bytes are kept in testdata.
func samples() map[string]*Faktura {
	return map[string]*Faktura{
		"ordinary":   sample(3),
		"euro":       euroSample(),
		"correction": correctionSample(),
		"advance":    advanceSample(),
		"attachment": attachmentSample(),
	}
}

// euroSample is an intra-EU supply and a domestic sale in EUR, paid in parts.
func euroSample() *Faktura {
	f := sample(2)
	f.Podmiot1.PrefiksPodatnika = "PL"
	f.Podmiot2.DaneIdentyfikacyjne = TPodmiot2{KodUE: "DE", NrVatUE: "123456789", Nazwa: "Bäckerei Sonne GmbH"}
	f.Podmiot2.Adres = &TAdres{KodKraju: "DE", AdresL1: "Marktplatz 1, 15230 Frankfurt (Oder)"}
	f.Fa.KodWaluty = "EUR"
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_14_1W = "100.00", "23.00", "98.21"
	f.Fa.P_13_3, f.Fa.P_14_3, f.Fa.P_13_6_2, f.Fa.P_15 = "", "", "75.00", "198.00"
	f.Fa.FaWiersz[0].KursWaluty, f.Fa.FaWiersz[1].KursWaluty = "4.27", "4.27"
	f.Fa.FaWiersz[1].P_12 = Rate0IntraEU
	f.Fa.Platnosc = &Platnosc{
		ZnacznikZaplatyCzesciowej: Yes,
		ZaplataCzesciowa: []ZaplataCzesciowa{
			{KwotaZaplatyCzesciowej: "98.00", DataZaplatyCzesciowej: pl.NewDate(2026, 2, 4), FormaPlatnosci: PaymentTransfer},
			{KwotaZaplatyCzesciowej: "50.00", DataZaplatyCzesciowej: pl.NewDate(2026, 2, 9), PlatnoscInna: true, OpisPlatnosci: "kompensata"},
		},
		TerminPlatnosci: []TerminPlatnosci{{TerminOpis: &TerminOpis{Ilosc: "14", Jednostka: "dni", ZdarzeniePoczatkowe: "dostawa"}}},
		Skonto:          &Skonto{WarunkiSkonta: "zapłata w 7 dni", WysokoscSkonta: "2%"},
	}
	return f
}

// correctionSample lowers a price, showing the line before and after.
func correctionSample() *Faktura {
	f := sample(1)
	before := f.Fa.FaWiersz[0]
	after := before
	before.StanPrzed = true
	after.P_9A, after.P_11 = "45.00", "90.00"
	f.Fa.FaWiersz = []FaWiersz{before, after}
	f.Fa.P_2, f.Fa.RodzajFaktury = "KOR/2/02/2026", KindKOR
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_13_3, f.Fa.P_14_3, f.Fa.P_15 = "-10.00", "-2.30", "", "", "-12.30"
	f.Fa.PrzyczynaKorekty, f.Fa.TypKorekty = "rabat po dostawie", CorrectionOwnPeriod
	f.Fa.DaneFaKorygowanej = []DaneFaKorygowanej{
		{DataWystFaKorygowanej: pl.NewDate(2026, 2, 3), NrFaKorygowanej: "FV/17/02/2026", NrKSeF: true, NrKSeFFaKorygowanej: "1234563218-20260203-0A1B2C3D4E5F-2C"},
		{DataWystFaKorygowanej: pl.NewDate(2026, 1, 5), NrFaKorygowanej: "FV/2/01/2026", NrKSeFN: true},
	}
	return f
}

// advanceSample is an advance with its order, a second buyer and a carrier.
func advanceSample() *Faktura {
	f := sample(0)
	f.Fa.RodzajFaktury, f.Fa.P_2 = KindZAL, "ZAL/1/02/2026"
	f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_13_3, f.Fa.P_14_3, f.Fa.P_15 = "100.00", "23.00", "", "", "123.00"
	f.Fa.Zamowienie = &Zamowienie{WartoscZamowienia: "1230.00", ZamowienieWiersz: []ZamowienieWiersz{
		{NrWierszaZam: 1, P_7Z: "Żarna, para", P_8AZ: "kpl.", P_8BZ: "1", P_9AZ: "1000.00", P_11NettoZ: "1000.00", P_11VatZ: "230.00", P_12Z: Rate23},
	}}
	f.Podmiot3 = []Podmiot3{{
		DaneIdentyfikacyjne: TPodmiot3{BrakID: true, Nazwa: "Jan Przykładowy"},
		Adres:               &TAdres{KodKraju: "PL", AdresL1: "ul. Polna 1, 62-300 Września"},
		Rola:                RoleAdditionalBuyer, Udzial: "25",
	}}
	f.Fa.WarunkiTransakcji = &WarunkiTransakcji{Transport: []Transport{{
		RodzajTransportu: TransportRoad, OpisLadunku: LoadPallet, DataGodzRozpTransportu: "2026-02-20T06:00:00Z",
		WysylkaDo: &TAdres{KodKraju: "PL", AdresL1: "Rynek 12/3, 61-772 Poznań"},
	}}}
	return f
}

// attachmentSample carries a table with an empty cell and texts that need
// escaping.
func attachmentSample() *Faktura {
	f := sample(1)
	f.Stopka.Informacje[0].StopkaFaktury = "pierwszy wiersz\ndrugi\twiersz\r\n <koniec> & \"cześć\" "
	f.Zalacznik = &Zalacznik{BlokDanych: []BlokDanych{{
		ZNaglowek: "Odczyty", MetaDane: []MetaDane{{ZKlucz: "licznik", ZWartosc: "A<1>"}},
		Tekst: &Tekst{Akapit: []string{"Zużycie w lutym."}},
		Tabela: []Tabela{{
			TNaglowek: TabelaTNaglowek{Kol: []Kol{{Typ: ColumnDate, NKom: "dzień"}, {Typ: ColumnDecimal}}},
			Wiersz:    []Wiersz{{WKom: []string{"2026-02-01", "12.5"}}, {WKom: []string{"2026-02-02", ""}}},
			Suma:      &Suma{SKom: []string{"razem", "12.5"}},
		}},
	}}}
	return f
}
