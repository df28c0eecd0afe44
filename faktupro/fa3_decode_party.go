package faktupro

import (
	"strconv"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

func readSeller(p *fa3.Podmiot1) Seller {
	return Seller{
		NIP:            pl.NIP(p.DaneIdentyfikacyjne.NIP),
		Name:           p.DaneIdentyfikacyjne.Nazwa,
		Address:        readAddress(&p.Adres),
		MailingAddress: readAddress(p.AdresKoresp),
		Contacts:       readContacts(p.DaneKontaktowe),
		EORI:           p.NrEORI,
		EUPrefix:       p.PrefiksPodatnika != "",
		Status:         sellerStatuses.word(string(p.StatusInfoPodatnika)),
	}
}

func readBuyer(p *fa3.Podmiot2) Buyer {
	id := &p.DaneIdentyfikacyjne
	return Buyer{
		NIP:             pl.NIP(id.NIP),
		EUVAT:           pl.VATUE{Country: string(id.KodUE), Number: id.NrVatUE},
		ForeignID:       ForeignID{Country: string(id.KodKraju), Number: id.NrID},
		NoTaxID:         bool(id.BrakID),
		Name:            id.Nazwa,
		Address:         readAddress(p.Adres),
		MailingAddress:  readAddress(p.AdresKoresp),
		Contacts:        readContacts(p.DaneKontaktowe),
		EORI:            p.NrEORI,
		CustomerNumber:  p.NrKlienta,
		Key:             p.IDNabywcy,
		LocalGovernment: p.JST == fa3.Yes,
		VATGroup:        p.GV == fa3.Yes,
	}
}

func readThirdParty(p *fa3.Podmiot3) ThirdParty {
	id := &p.DaneIdentyfikacyjne
	return ThirdParty{
		Role:           roles.word(string(p.Rola)),
		OtherRole:      p.OpisRoli,
		NIP:            pl.NIP(id.NIP),
		InternalID:     pl.InternalID(id.IDWew),
		EUVAT:          pl.VATUE{Country: string(id.KodUE), Number: id.NrVatUE},
		ForeignID:      ForeignID{Country: string(id.KodKraju), Number: id.NrID},
		NoTaxID:        bool(id.BrakID),
		Name:           id.Nazwa,
		Address:        readAddress(p.Adres),
		MailingAddress: readAddress(p.AdresKoresp),
		Contacts:       readContacts(p.DaneKontaktowe),
		EORI:           p.NrEORI,
		CustomerNumber: p.NrKlienta,
		Key:            p.IDNabywcy,
		Share:          readPercent(p.Udzial),
	}
}

func readAddress(a *fa3.TAdres) Address {
	if a == nil {
		return Address{}
	}
	return Address{Country: string(a.KodKraju), Line1: a.AdresL1, Line2: a.AdresL2, GLN: a.GLN}
}

func readContacts(details []fa3.DaneKontaktowe) []Contact {
	var out []Contact
	for _, d := range details {
		out = append(out, Contact{Email: d.Email, Phone: d.Telefon})
	}
	return out
}

func readPayment(p *fa3.Platnosc) Payment {
	if p == nil {
		return Payment{}
	}
	out := Payment{
		PaidDate:       p.DataZaplaty,
		Method:         paymentMethods.word(string(p.FormaPlatnosci)),
		OtherMethod:    p.OpisPlatnosci,
		Accounts:       readAccounts(p.RachunekBankowy),
		FactorAccounts: readAccounts(p.RachunekBankowyFaktora),
		Link:           p.LinkDoPlatnosci,
		KSeFID:         p.IPKSeF,
	}
	for _, part := range p.ZaplataCzesciowa {
		out.Parts = append(out.Parts, PartPayment{
			Amount:      readDecimal(part.KwotaZaplatyCzesciowej),
			Date:        part.DataZaplatyCzesciowej,
			Method:      paymentMethods.word(string(part.FormaPlatnosci)),
			OtherMethod: part.OpisPlatnosci,
		})
	}
	for _, t := range p.TerminPlatnosci {
		out.Due = append(out.Due, readDue(t))
	}
	if p.Skonto != nil {
		out.EarlyPayment = EarlyPayment{Condition: p.Skonto.WarunkiSkonta, Discount: p.Skonto.WysokoscSkonta}
	}
	return out
}

func readDue(t fa3.TerminPlatnosci) Due {
	d := Due{Date: t.Termin}
	if o := t.TerminOpis; o != nil {
		count, err := strconv.Atoi(string(o.Ilosc))
		if err == nil { // a count beyond all reason is not kept and shows as lost
			d.Count = count
		}
		d.Unit, d.Event = o.Jednostka, o.ZdarzeniePoczatkowe
	}
	return d
}

func readAccounts(accounts []fa3.TRachunekBankowy) []BankAccount {
	var out []BankAccount
	for _, a := range accounts {
		out = append(out, BankAccount{
			Number:      accountBlanks.Replace(a.NrRB),
			SWIFT:       a.SWIFT,
			BankName:    a.NazwaBanku,
			Description: a.OpisRachunku,
			BankOwn:     bankOwnAccounts.word(string(a.RachunekWlasnyBanku)),
		})
	}
	return out
}
