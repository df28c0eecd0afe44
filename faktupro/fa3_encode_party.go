package faktupro

import (
	"strconv"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// seller maps Podmiot1.
func (inv *Invoice) seller() fa3.Podmiot1 {
	s := &inv.Seller
	p := fa3.Podmiot1{
		NrEORI:              collapse(s.EORI),
		DaneIdentyfikacyjne: fa3.TPodmiot1{NIP: string(s.NIP), Nazwa: collapse(s.Name)},
		Adres:               s.Address.address(),
		AdresKoresp:         s.MailingAddress.optional(),
		DaneKontaktowe:      contactDetails(s.Contacts),
		StatusInfoPodatnika: fa3.TStatusInfoPodatnika(sellerStatuses.code(s.Status)),
	}
	if s.EUPrefix || inv.needsEUPrefix() {
		p.PrefiksPodatnika = "PL"
	}
	return p
}

// needsEUPrefix reports whether the seller's NIP must carry the prefix PL:
// intra-EU supplies, services of art. 100(1)(4), the triangular procedure
// (art. 97(10) of the VAT Act).
func (inv *Invoice) needsEUPrefix() bool {
	if inv.Triangular {
		return true
	}
	for rate := range inv.supplies() {
		if rate == VAT0IntraEU || rate == VATEUService {
			return true
		}
	}
	return false
}

// buyer maps Podmiot2.
func (inv *Invoice) buyer() fa3.Podmiot2 {
	b := &inv.Buyer
	return fa3.Podmiot2{
		NrEORI:              collapse(b.EORI),
		DaneIdentyfikacyjne: identity(b.NIP, b.EUVAT, b.ForeignID, b.NoTaxID, b.Name),
		Adres:               b.Address.optional(),
		AdresKoresp:         b.MailingAddress.optional(),
		DaneKontaktowe:      contactDetails(b.Contacts),
		NrKlienta:           collapse(b.CustomerNumber),
		IDNabywcy:           collapse(b.Key),
		JST:                 fa3.YesIf(b.LocalGovernment),
		GV:                  fa3.YesIf(b.VATGroup),
	}
}

// identity maps the tax number and the name of a party.
func identity(nip pl.NIP, eu pl.VATUE, id ForeignID, none bool, name string) fa3.TPodmiot2 {
	return fa3.TPodmiot2{
		NIP:      string(nip),
		KodUE:    fa3.TKodyKrajowUE(eu.Country),
		NrVatUE:  eu.Number,
		KodKraju: fa3.TKodKraju(id.Country),
		NrID:     collapse(id.Number),
		BrakID:   fa3.Flag(none),
		Nazwa:    collapse(name),
	}
}

// party maps Podmiot3.
func (t *ThirdParty) party() fa3.Podmiot3 {
	id := identity(t.NIP, t.EUVAT, t.ForeignID, t.NoTaxID, t.Name)
	return fa3.Podmiot3{
		IDNabywcy: collapse(t.Key),
		NrEORI:    collapse(t.EORI),
		DaneIdentyfikacyjne: fa3.TPodmiot3{
			NIP: id.NIP, IDWew: string(t.InternalID), KodUE: id.KodUE, NrVatUE: id.NrVatUE,
			KodKraju: id.KodKraju, NrID: id.NrID, BrakID: id.BrakID, Nazwa: id.Nazwa,
		},
		Adres:          t.Address.optional(),
		AdresKoresp:    t.MailingAddress.optional(),
		DaneKontaktowe: contactDetails(t.Contacts),
		Rola:           fa3.TRolaPodmiotu3(roles.code(t.Role)),
		RolaInna:       t.OtherRole != "",
		OpisRoli:       collapse(t.OtherRole),
		Udzial:         quantityText(t.Share),
		NrKlienta:      collapse(t.CustomerNumber),
	}
}

func (a *Address) address() fa3.TAdres {
	return fa3.TAdres{
		KodKraju: fa3.TKodKraju(a.Country), AdresL1: collapse(a.Line1), AdresL2: collapse(a.Line2), GLN: collapse(a.GLN),
	}
}

func (a *Address) optional() *fa3.TAdres {
	if *a == (Address{}) {
		return nil
	}
	mapped := a.address()
	return &mapped
}

func contactDetails(contacts []Contact) []fa3.DaneKontaktowe {
	var out []fa3.DaneKontaktowe
	for _, c := range contacts {
		out = append(out, fa3.DaneKontaktowe{Email: collapse(c.Email), Telefon: collapse(c.Phone)})
	}
	return out
}

// terms maps Platnosc; nil when there is nothing to say.
func (p *Payment) terms(total Decimal) *fa3.Platnosc {
	if !paymentObject.given(p) {
		return nil
	}
	m := &fa3.Platnosc{
		Zaplacono:              fa3.Flag(!p.PaidDate.IsZero()),
		DataZaplaty:            p.PaidDate,
		FormaPlatnosci:         fa3.TFormaPlatnosci(paymentMethods.code(p.Method)),
		PlatnoscInna:           p.OtherMethod != "",
		OpisPlatnosci:          collapse(p.OtherMethod),
		RachunekBankowy:        bankAccounts(p.Accounts),
		RachunekBankowyFaktora: bankAccounts(p.FactorAccounts),
		LinkDoPlatnosci:        collapse(p.Link),
		IPKSeF:                 collapse(p.KSeFID),
	}
	p.parts(m, total)
	for _, d := range p.Due {
		m.TerminPlatnosci = append(m.TerminPlatnosci, d.term())
	}
	if p.EarlyPayment != (EarlyPayment{}) {
		m.Skonto = &fa3.Skonto{
			WarunkiSkonta: collapse(p.EarlyPayment.Condition), WysokoscSkonta: collapse(p.EarlyPayment.Discount),
		}
	}
	return m
}

// parts maps the part payments; when they reach the total the mark is 2, paid
// in full by several payments.
func (p *Payment) parts(m *fa3.Platnosc, total Decimal) {
	if len(p.Parts) == 0 {
		return
	}
	m.ZnacznikZaplatyCzesciowej = 1
	if total.Sign() > 0 && p.partsSum().Cmp(total) >= 0 {
		m.ZnacznikZaplatyCzesciowej = 2
	}
	for _, part := range p.Parts {
		m.ZaplataCzesciowa = append(m.ZaplataCzesciowa, fa3.ZaplataCzesciowa{
			KwotaZaplatyCzesciowej: amountText(part.Amount),
			DataZaplatyCzesciowej:  part.Date,
			FormaPlatnosci:         fa3.TFormaPlatnosci(paymentMethods.code(part.Method)),
			PlatnoscInna:           part.OtherMethod != "",
			OpisPlatnosci:          collapse(part.OtherMethod),
		})
	}
}

func (d *Due) term() fa3.TerminPlatnosci {
	t := fa3.TerminPlatnosci{Termin: d.Date}
	if d.Count != 0 || d.Unit != "" || d.Event != "" {
		t.TerminOpis = &fa3.TerminOpis{
			Ilosc: fa3.Integer(strconv.Itoa(d.Count)), Jednostka: collapse(d.Unit), ZdarzeniePoczatkowe: collapse(d.Event),
		}
	}
	return t
}

func bankAccounts(accounts []BankAccount) []fa3.TRachunekBankowy {
	var out []fa3.TRachunekBankowy
	for _, a := range accounts {
		out = append(out, fa3.TRachunekBankowy{
			NrRB:                a.Number,
			SWIFT:               a.SWIFT,
			RachunekWlasnyBanku: fa3.TRachunekWlasnyBanku(bankOwnAccounts.code(a.BankOwn)),
			NazwaBanku:          collapse(a.BankName),
			OpisRachunku:        collapse(a.Description),
		})
	}
	return out
}
