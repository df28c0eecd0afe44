package faktupro

import (
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// correction maps what the invoice corrects and why.
func (inv *Invoice) correction(fa *fa3.Fa) {
	c := &inv.Correction
	fa.PrzyczynaKorekty = collapse(c.Reason)
	fa.TypKorekty = fa3.TTypKorekty(correctionEffects.code(c.Effect))
	for i := range c.Invoices {
		fa.DaneFaKorygowanej = append(fa.DaneFaKorygowanej, c.Invoices[i].reference())
	}
	fa.OkresFaKorygowanej = collapse(c.Period)
	fa.NrFaKorygowany = collapse(c.RightNumber)
	fa.Podmiot1K = c.Seller.party()
	for i := range c.Buyers {
		fa.Podmiot2K = append(fa.Podmiot2K, c.Buyers[i].party())
	}
	fa.P_15ZK = amountText(c.AmountBefore)
	fa.KursWalutyZK = quantityText(c.ExchangeRateBefore)
}

func (c *CorrectedInvoice) reference() fa3.DaneFaKorygowanej {
	return fa3.DaneFaKorygowanej{
		DataWystFaKorygowanej: c.IssueDate,
		NrFaKorygowanej:       collapse(c.Number),
		NrKSeF:                c.KSeFNumber != "",
		NrKSeFFaKorygowanej:   string(c.KSeFNumber),
		NrKSeFN:               c.KSeFNumber == "",
	}
}

// party maps Podmiot1K; nil when the seller's data were right.
func (s *EarlierSeller) party() *fa3.Podmiot1K {
	if *s == (EarlierSeller{}) {
		return nil
	}
	return &fa3.Podmiot1K{
		PrefiksPodatnika:    fa3.TKodyKrajowUE(s.EUPrefix),
		DaneIdentyfikacyjne: fa3.TPodmiot1{NIP: string(s.NIP), Nazwa: collapse(s.Name)},
		Adres:               s.Address.address(),
	}
}

// party maps Podmiot2K.
func (b *EarlierBuyer) party() fa3.Podmiot2K {
	return fa3.Podmiot2K{
		DaneIdentyfikacyjne: identity(b.NIP, b.EUVAT, b.ForeignID, b.NoTaxID, b.Name),
		Adres:               b.Address.optional(),
		IDNabywcy:           collapse(b.Key),
	}
}

func readCorrection(fa *fa3.Fa) Correction {
	c := Correction{
		Reason:             fa.PrzyczynaKorekty,
		Effect:             correctionEffects.word(string(fa.TypKorekty)),
		Period:             fa.OkresFaKorygowanej,
		RightNumber:        fa.NrFaKorygowany,
		AmountBefore:       readDecimal(fa.P_15ZK),
		ExchangeRateBefore: readDecimal(fa.KursWalutyZK),
	}
	for i := range fa.DaneFaKorygowanej {
		d := &fa.DaneFaKorygowanej[i]
		c.Invoices = append(c.Invoices, CorrectedInvoice{
			Number: d.NrFaKorygowanej, IssueDate: d.DataWystFaKorygowanej, KSeFNumber: pl.KSeFNumber(d.NrKSeFFaKorygowanej),
		})
	}
	if s := fa.Podmiot1K; s != nil {
		c.Seller = EarlierSeller{
			EUPrefix: string(s.PrefiksPodatnika), NIP: pl.NIP(s.DaneIdentyfikacyjne.NIP), Name: s.DaneIdentyfikacyjne.Nazwa,
			Address: readAddress(&s.Adres),
		}
	}
	for i := range fa.Podmiot2K {
		c.Buyers = append(c.Buyers, readEarlierBuyer(&fa.Podmiot2K[i]))
	}
	return c
}

func readEarlierBuyer(p *fa3.Podmiot2K) EarlierBuyer {
	id := &p.DaneIdentyfikacyjne
	return EarlierBuyer{
		NIP:       pl.NIP(id.NIP),
		EUVAT:     pl.VATUE{Country: string(id.KodUE), Number: id.NrVatUE},
		ForeignID: ForeignID{Country: string(id.KodKraju), Number: id.NrID},
		NoTaxID:   bool(id.BrakID),
		Name:      id.Nazwa,
		Address:   readAddress(p.Adres),
		Key:       p.IDNabywcy,
	}
}
