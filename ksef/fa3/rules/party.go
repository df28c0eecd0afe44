package rules

import "github.com/faktupro/faktupro-go/ksef/fa3"

// party is anybody named in the document.
type party struct {
	element string // name, or several with slashes, below the root
	index   int    // from 0; -1 for an element that is not repeated
	sub     string // further element, "" for none
	id      fa3.TPodmiot3
	address *fa3.TAdres
	mail    *fa3.TAdres
	judged  bool // KSeF judges the check digit of its NIP
}

// path is the place of an element of the party.
func (p *party) path(element string) string {
	if p.index < 0 {
		return Path(p.element, p.sub, element)
	}
	return Path(p.element, p.index, p.sub, element)
}

// idPath is the place of an element of the party's identification.
func (p *party) idPath(element string) string {
	return p.path("DaneIdentyfikacyjne/" + element)
}

// people are all parties of the document, in its order.
func (d *Document) people() []party {
	if d.parties != nil {
		return d.parties
	}
	f := d.Invoice
	all := make([]party, 0, 2+len(f.Podmiot3)+len(d.fa.Podmiot2K))
	all = append(
		all,
		party{"Podmiot1", -1, "", seller(f.Podmiot1.DaneIdentyfikacyjne), &f.Podmiot1.Adres, f.Podmiot1.AdresKoresp, true},
		party{"Podmiot2", -1, "", buyer(f.Podmiot2.DaneIdentyfikacyjne), f.Podmiot2.Adres, f.Podmiot2.AdresKoresp, true},
	)
	for i := range f.Podmiot3 {
		t := &f.Podmiot3[i]
		all = append(all, party{"Podmiot3", i, "", t.DaneIdentyfikacyjne, t.Adres, t.AdresKoresp, true})
	}
	if a := f.PodmiotUpowazniony; a != nil {
		all = append(all, party{"PodmiotUpowazniony", -1, "", seller(a.DaneIdentyfikacyjne), &a.Adres, a.AdresKoresp, true})
	}
	d.parties = d.addFormer(all)
	return d.parties
}

// addFormer adds the parties inside the invoice proper: those of the corrected
// invoice and carriers.
func (d *Document) addFormer(all []party) []party {
	if k := d.fa.Podmiot1K; k != nil {
		all = append(all, party{"Fa/Podmiot1K", -1, "", seller(k.DaneIdentyfikacyjne), &k.Adres, nil, false})
	}
	for i := range d.fa.Podmiot2K {
		k := &d.fa.Podmiot2K[i]
		all = append(all, party{"Fa/Podmiot2K", i, "", buyer(k.DaneIdentyfikacyjne), k.Adres, nil, false})
	}
	if w := d.fa.WarunkiTransakcji; w != nil {
		for i := range w.Transport {
			if c := w.Transport[i].Przewoznik; c != nil {
				all = append(all, party{
					"Fa/WarunkiTransakcji/Transport", i, "Przewoznik",
					buyer(c.DaneIdentyfikacyjne), &c.AdresPrzewoznika, nil, false,
				})
			}
		}
	}
	return all
}

func seller(p fa3.TPodmiot1) fa3.TPodmiot3 { return fa3.TPodmiot3{NIP: p.NIP, Nazwa: p.Nazwa} }

func buyer(p fa3.TPodmiot2) fa3.TPodmiot3 {
	return fa3.TPodmiot3{
		NIP: p.NIP, KodUE: p.KodUE, NrVatUE: p.NrVatUE, KodKraju: p.KodKraju,
		NrID: p.NrID, BrakID: p.BrakID, Nazwa: p.Nazwa,
	}
}

// addressPath is the place of an element of the party's address.
func (p *party) addressPath(element string) string {
	if p.sub != "" {
		return p.path("AdresPrzewoznika/" + element)
	}
	return p.path("Adres/" + element)
}

// country is the country of the party's address, "" when it has none.
func (p *party) country() fa3.TKodKraju {
	if p.address == nil {
		return ""
	}
	return p.address.KodKraju
}

// role finds the first third party of a role, and reports whether KSeF can show
// any of them the invoice.
func (d *Document) role(role fa3.TRolaPodmiotu3) (first int, seen bool) {
	first = -1
	for i := range d.Invoice.Podmiot3 {
		t := &d.Invoice.Podmiot3[i]
		if t.Rola != role {
			continue
		}
		if first < 0 {
			first = i
		}
		seen = seen || t.DaneIdentyfikacyjne.NIP != "" || t.DaneIdentyfikacyjne.IDWew != ""
	}
	return first, seen
}

// buyerEU reports whether the buyer has a VAT number of another EU state.
func (d *Document) buyerEU() bool {
	id := &d.Invoice.Podmiot2.DaneIdentyfikacyjne
	return id.NrVatUE != "" && id.KodUE != "PL"
}
