package faktupro

import (
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// conditions are the terms of the transaction; nil when there are none.
func (t *Terms) conditions() *fa3.WarunkiTransakcji {
	if !termsObject.given(t) {
		return nil
	}
	w := &fa3.WarunkiTransakcji{
		NrPartiiTowaru:       collapseAll(t.Batches),
		WarunkiDostawy:       collapse(t.DeliveryTerms),
		KursUmowny:           quantityText(t.AgreedRate),
		WalutaUmowna:         fa3.TKodWaluty(t.AgreedCurrency),
		PodmiotPosredniczacy: fa3.Flag(t.Intermediary),
	}
	for _, c := range t.Contracts {
		w.Umowy = append(w.Umowy, fa3.Umowy{DataUmowy: c.Date, NrUmowy: collapse(c.Number)})
	}
	for _, o := range t.Orders {
		w.Zamowienia = append(w.Zamowienia, fa3.Zamowienia{DataZamowienia: o.Date, NrZamowienia: collapse(o.Number)})
	}
	for i := range t.Transports {
		w.Transport = append(w.Transport, t.Transports[i].transport())
	}
	return w
}

func (t *Transport) transport() fa3.Transport {
	m := fa3.Transport{
		RodzajTransportu:       fa3.TRodzajTransportu(transportModes.code(t.Mode)),
		TransportInny:          t.OtherMode != "",
		OpisInnegoTransportu:   collapse(t.OtherMode),
		Przewoznik:             t.Carrier.carrier(),
		NrZleceniaTransportu:   collapse(t.OrderNumber),
		OpisLadunku:            fa3.TLadunek(loadKinds.code(t.Load)),
		LadunekInny:            t.OtherLoad != "",
		OpisInnegoLadunku:      collapse(t.OtherLoad),
		JednostkaOpakowania:    collapse(t.PackagingUnit),
		DataGodzRozpTransportu: instantText(t.Start),
		DataGodzZakTransportu:  instantText(t.End),
		WysylkaZ:               t.From.optional(),
		WysylkaDo:              t.To.optional(),
	}
	for i := range t.Via {
		m.WysylkaPrzez = append(m.WysylkaPrzez, t.Via[i].address())
	}
	return m
}

func (c *Carrier) carrier() *fa3.Przewoznik {
	if !carrierObject.given(c) {
		return nil
	}
	return &fa3.Przewoznik{
		DaneIdentyfikacyjne: identity(c.NIP, c.EUVAT, c.ForeignID, c.NoTaxID, c.Name),
		AdresPrzewoznika:    c.Address.address(),
	}
}

// instantText writes an instant in UTC with its zone, fractions of a second only
// where there are any.
func instantText(t time.Time) fa3.DateTime {
	if t.IsZero() {
		return ""
	}
	return fa3.DateTime(t.UTC().Format("2006-01-02T15:04:05.999999999Z"))
}

func readTerms(w *fa3.WarunkiTransakcji) Terms {
	if w == nil {
		return Terms{}
	}
	t := Terms{
		Batches: w.NrPartiiTowaru, DeliveryTerms: w.WarunkiDostawy,
		AgreedRate: readDecimal(w.KursUmowny), AgreedCurrency: string(w.WalutaUmowna),
		Intermediary: bool(w.PodmiotPosredniczacy),
	}
	for _, c := range w.Umowy {
		t.Contracts = append(t.Contracts, Reference{Number: c.NrUmowy, Date: c.DataUmowy})
	}
	for _, o := range w.Zamowienia {
		t.Orders = append(t.Orders, Reference{Number: o.NrZamowienia, Date: o.DataZamowienia})
	}
	for i := range w.Transport {
		t.Transports = append(t.Transports, readTransport(&w.Transport[i]))
	}
	return t
}

func readTransport(m *fa3.Transport) Transport {
	t := Transport{
		Mode:          transportModes.word(string(m.RodzajTransportu)),
		OtherMode:     m.OpisInnegoTransportu,
		Carrier:       readCarrier(m.Przewoznik),
		OrderNumber:   m.NrZleceniaTransportu,
		Load:          loadKinds.word(string(m.OpisLadunku)),
		OtherLoad:     m.OpisInnegoLadunku,
		PackagingUnit: m.JednostkaOpakowania,
		Start:         readInstant(m.DataGodzRozpTransportu),
		End:           readInstant(m.DataGodzZakTransportu),
		From:          readAddress(m.WysylkaZ),
		To:            readAddress(m.WysylkaDo),
	}
	for i := range m.WysylkaPrzez {
		t.Via = append(t.Via, readAddress(&m.WysylkaPrzez[i]))
	}
	return t
}

func readCarrier(m *fa3.Przewoznik) Carrier {
	if m == nil {
		return Carrier{}
	}
	id := &m.DaneIdentyfikacyjne
	return Carrier{
		NIP:       pl.NIP(id.NIP),
		EUVAT:     pl.VATUE{Country: string(id.KodUE), Number: id.NrVatUE},
		ForeignID: ForeignID{Country: string(id.KodKraju), Number: id.NrID},
		NoTaxID:   bool(id.BrakID),
		Name:      id.Nazwa,
		Address:   readAddress(&m.AdresPrzewoznika),
	}
}

// readInstant reads an instant; without a zone it is Polish time. What is no
// instant is not kept and shows as lost.
func readInstant(d fa3.DateTime) time.Time {
	t, err := d.Time()
	if err != nil {
		return time.Time{}
	}
	return t
}
