package faktupro

import (
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// order maps Zamowienie, given the value of the order; nil when there is none.
func (o *Order) order(value Decimal) *fa3.Zamowienie {
	if !orderObject.given(o) {
		return nil
	}
	m := &fa3.Zamowienie{
		WartoscZamowienia: amountText(value),
		ZamowienieWiersz:  make([]fa3.ZamowienieWiersz, len(o.Lines)),
	}
	for i := range o.Lines {
		m.ZamowienieWiersz[i] = o.Lines[i].line(i)
	}
	return m
}

func (l *OrderLine) line(i int) fa3.ZamowienieWiersz {
	net, vat := l.shown()
	return fa3.ZamowienieWiersz{
		NrWierszaZam: int64(numberOf(l.Number, i)),
		UU_IDZ:       collapse(l.ID),
		P_7Z:         collapse(l.Name),
		IndeksZ:      collapse(l.Index),
		GTINZ:        collapse(l.GTIN),
		PKWiUZ:       collapse(l.PKWiU),
		CNZ:          collapse(l.CN),
		PKOBZ:        collapse(l.PKOB),
		P_8AZ:        collapse(l.Unit),
		P_8BZ:        quantityText(l.Quantity),
		P_9AZ:        priceText(l.UnitPrice),
		P_11NettoZ:   amountText(net),
		P_11VatZ:     amountText(vat),
		P_12Z:        fa3.TStawkaPodatku(l.VATRate.code()),
		P_12Z_XII:    quantityText(l.OSSRate),
		P_12Z_Zal_15: fa3.Flag(l.Annex15),
		GTUZ:         fa3.TGTU(l.GTU),
		ProceduraZ:   fa3.TOznaczenieProcedury(l.Procedure),
		KwotaAkcyzyZ: amountText(l.Excise),
		StanPrzedZ:   fa3.Flag(l.Before),
	}
}

// shown are net value and VAT as the document shows them; VAT where there is
// any, or where the line says so.
func (l *OrderLine) shown() (net, vat Decimal) {
	value, ok := l.net()
	if !ok {
		return Decimal{}, l.VAT
	}
	net = exact(fixed(value))
	if l.VAT.given || l.VATRate.showsVAT() {
		vat = exact(fixed(l.vat(value)))
	}
	return net, vat
}

// readOrder reads Zamowienie. The value of the order is kept where its lines do
// not add up to it.
func readOrder(m *fa3.Zamowienie) Order {
	if m == nil {
		return Order{}
	}
	o := Order{Lines: make([]OrderLine, len(m.ZamowienieWiersz))}
	for i := range m.ZamowienieWiersz {
		o.Lines[i] = readOrderLine(&m.ZamowienieWiersz[i], i)
	}
	var r report
	c := calculation{inv: &Invoice{Order: o}, report: &r}
	c.order()
	if value := readDecimal(m.WartoscZamowienia); !value.Equal(c.totals.Order) {
		o.Value = value
	}
	return o
}

func readOrderLine(w *fa3.ZamowienieWiersz, i int) OrderLine {
	l := OrderLine{
		Number:    readNumber(w.NrWierszaZam, i),
		ID:        w.UU_IDZ,
		Name:      w.P_7Z,
		Quantity:  readDecimal(w.P_8BZ),
		Unit:      w.P_8AZ,
		UnitPrice: readDecimal(w.P_9AZ),
		VATRate:   readRate(string(w.P_12Z), w.P_12Z_XII),
		OSSRate:   readPercent(w.P_12Z_XII),
		GTU:       GTU(w.GTUZ),
		Procedure: Procedure(w.ProceduraZ),
		Annex15:   bool(w.P_12Z_Zal_15),
		PKWiU:     w.PKWiUZ,
		CN:        w.CNZ,
		PKOB:      w.PKOBZ,
		GTIN:      w.GTINZ,
		Index:     w.IndeksZ,
		Excise:    readDecimal(w.KwotaAkcyzyZ),
		Before:    bool(w.StanPrzedZ),
	}
	// What the document says is kept where it does not follow.
	amount, vat := readDecimal(w.P_11NettoZ), readDecimal(w.P_11VatZ)
	if net, _ := l.shown(); amount.given && !amount.Equal(net) {
		l.Amount = amount
	}
	if _, follows := l.shown(); vat.given && !vat.Equal(follows) {
		l.VAT = vat
	}
	return l
}

// advances maps the payments that the invoice documents, their exchange rate,
// and the advance invoices that it settles.
func (inv *Invoice) advances(fa *fa3.Fa) {
	if inv.kind().IsAdvance() { // others have theirs on their lines
		fa.KursWalutyZ = quantityText(inv.ExchangeRate)
	}
	for _, p := range inv.Prepayments {
		fa.ZaliczkaCzesciowa = append(fa.ZaliczkaCzesciowa, fa3.ZaliczkaCzesciowa{
			P_6Z: p.Date, P_15Z: amountText(p.Amount), KursWalutyZW: quantityText(p.ExchangeRate),
		})
	}
	for _, a := range inv.AdvanceInvoices {
		fa.FakturaZaliczkowa = append(fa.FakturaZaliczkowa, fa3.FakturaZaliczkowa{
			NrKSeFZN: a.Number != "", NrFaZaliczkowej: collapse(a.Number), NrKSeFFaZaliczkowej: string(a.KSeFNumber),
		})
	}
}

// readAdvances reads what advances writes. The payment of an advance invoice is
// kept where its parts do not add up to it.
func (inv *Invoice) readAdvances(fa *fa3.Fa) {
	if inv.kind().IsAdvance() {
		inv.ExchangeRate = readDecimal(fa.KursWalutyZ)
	}
	for _, z := range fa.ZaliczkaCzesciowa {
		inv.Prepayments = append(inv.Prepayments, Prepayment{
			Date: z.P_6Z, Amount: readDecimal(z.P_15Z), ExchangeRate: readDecimal(z.KursWalutyZW),
		})
	}
	for _, z := range fa.FakturaZaliczkowa {
		inv.AdvanceInvoices = append(inv.AdvanceInvoices, AdvanceInvoice{
			KSeFNumber: pl.KSeFNumber(z.NrKSeFFaZaliczkowej), Number: z.NrFaZaliczkowej,
		})
	}
	if !inv.kind().IsAdvance() {
		return
	}
	due := readDecimal(fa.P_15)
	if payment, ok := inv.payment(); !ok || !payment.Equal(due.number) {
		inv.Advance = due
	}
}
