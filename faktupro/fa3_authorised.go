package faktupro

import (
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// party maps PodmiotUpowazniony; nil when there is none.
func (a *AuthorisedParty) party() *fa3.PodmiotUpowazniony {
	if !authorisedObject.given(a) {
		return nil
	}
	p := &fa3.PodmiotUpowazniony{
		NrEORI:              collapse(a.EORI),
		DaneIdentyfikacyjne: fa3.TPodmiot1{NIP: string(a.NIP), Nazwa: collapse(a.Name)},
		Adres:               a.Address.address(),
		AdresKoresp:         a.MailingAddress.optional(),
		RolaPU:              fa3.TRolaPodmiotuUpowaznionego(authorisedRoles.code(a.Role)),
	}
	for _, c := range a.Contacts {
		p.DaneKontaktowe = append(p.DaneKontaktowe, fa3.PodmiotUpowaznionyDaneKontaktowe{
			EmailPU: collapse(c.Email), TelefonPU: collapse(c.Phone),
		})
	}
	return p
}

func readAuthorised(p *fa3.PodmiotUpowazniony) AuthorisedParty {
	if p == nil {
		return AuthorisedParty{}
	}
	a := AuthorisedParty{
		Role:           authorisedRoles.word(string(p.RolaPU)),
		NIP:            pl.NIP(p.DaneIdentyfikacyjne.NIP),
		Name:           p.DaneIdentyfikacyjne.Nazwa,
		Address:        readAddress(&p.Adres),
		MailingAddress: readAddress(p.AdresKoresp),
		EORI:           p.NrEORI,
	}
	for _, c := range p.DaneKontaktowe {
		a.Contacts = append(a.Contacts, Contact{Email: c.EmailPU, Phone: c.TelefonPU})
	}
	return a
}
