package faktupro

import (
	"errors"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// systemInfo names the program that made a document (SystemInfo).
const systemInfo = "FaktuPro"

// The instants FA(3) allows as the time a document was made.
var (
	firstCreated = time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
	lastCreated  = time.Date(2050, 1, 1, 23, 59, 59, 0, time.UTC)
)

// EncodeFA3 judges the invoice (Validate with Now set to created) and writes it
// as the bytes of an FA(3) document, made at the given instant. The same
// invoice and instant give the same bytes. The error is a *ValidationError when
// the invoice must not be issued, or does not fit the size KSeF accepts.
func EncodeFA3(inv *Invoice, created time.Time) ([]byte, error) {
	v := &validator{inv: inv, opt: ValidateOptions{Now: created}}
	v.run()
	if created.Before(firstCreated) || created.After(lastCreated) {
		v.addAt("", codeDocumentTime)
	}
	if err := v.problems.sorted().Err(); err != nil {
		return nil, err
	}
	document, err := fa3.Marshal(inv.document(&v.totals, created))
	switch {
	case errors.Is(err, fa3.ErrSize):
		return nil, Problems{newProblem("", codeDocumentSize)}.Err()
	case err != nil:
		return nil, fmt.Errorf("faktupro: encode FA(3): %w", err)
	}
	return document, nil
}

// FA3 is the invoice as an FA(3) document made at the given instant. It does
// not judge the invoice: the error is that of Totals.
func (inv *Invoice) FA3(created time.Time) (*fa3.Faktura, error) {
	totals, err := inv.Totals()
	if err != nil {
		return nil, err
	}
	return inv.document(&totals, created), nil
}

// document maps the invoice to FA(3).
func (inv *Invoice) document(t *Totals, created time.Time) *fa3.Faktura {
	f := &fa3.Faktura{
		Naglowek:           fa3.TNaglowek{DataWytworzeniaFa: fa3.NewDateTime(created), SystemInfo: systemInfo},
		Podmiot1:           inv.seller(),
		Podmiot2:           inv.buyer(),
		PodmiotUpowazniony: inv.Authorised.party(),
		Stopka:             inv.footer(),
		Zalacznik:          inv.Attachment.attachment(),
	}
	for i := range inv.ThirdParties {
		f.Podmiot3 = append(f.Podmiot3, inv.ThirdParties[i].party())
	}
	inv.header(&f.Fa)
	inv.totalFields(&f.Fa, t)
	f.Fa.Adnotacje = inv.annotations()
	inv.correction(&f.Fa)
	inv.advances(&f.Fa)
	f.Fa.FaWiersz = make([]fa3.FaWiersz, len(inv.Lines))
	for i := range inv.Lines {
		inv.line(&f.Fa.FaWiersz[i], i, t.Lines[i])
	}
	f.Fa.Rozliczenie = inv.Settlement.balance(t.Gross)
	f.Fa.Platnosc = inv.Payment.terms(t.Gross)
	f.Fa.WarunkiTransakcji = inv.Terms.conditions()
	f.Fa.Zamowienie = inv.Order.order(t.Order)
	return f
}

// header fills what stands before and after the totals.
func (inv *Invoice) header(fa *fa3.Fa) {
	fa.KodWaluty = fa3.TKodWaluty(inv.currency())
	fa.P_1 = inv.IssueDate
	fa.P_1M = collapse(inv.IssuePlace)
	fa.P_2 = collapse(inv.Number)
	fa.WZ = collapseAll(inv.WarehouseNotes)
	fa.P_6 = inv.SupplyDate
	if inv.SupplyPeriod != (Period{}) {
		fa.OkresFa = &fa3.OkresFa{P_6_Od: inv.SupplyPeriod.From, P_6_Do: inv.SupplyPeriod.To}
	}
	fa.RodzajFaktury = fa3.TRodzajFaktury(inv.kind())
	fa.FP = fa3.Flag(inv.ToReceipt)
	fa.TP = fa3.Flag(inv.RelatedParties)
	fa.ZwrotAkcyzy = fa3.Flag(inv.ExciseRefund)
	for _, d := range inv.Descriptions {
		fa.DodatkowyOpis = append(fa.DodatkowyOpis, fa3.TKluczWartosc{
			NrWiersza: int64(d.Line), Klucz: collapse(d.Key), Wartosc: collapse(d.Value),
		})
	}
}

// annotations are always complete: what does not apply is denied by name.
func (inv *Invoice) annotations() fa3.Adnotacje {
	x := inv.Exemption
	exempt := x != Exemption{}
	return fa3.Adnotacje{
		P_16:  fa3.YesIf(inv.CashMethod),
		P_17:  fa3.YesIf(inv.SelfBilling),
		P_18:  fa3.YesIf(inv.ReverseCharge),
		P_18A: fa3.YesIf(inv.SplitPayment),
		Zwolnienie: fa3.Zwolnienie{
			P_19:  fa3.Flag(exempt),
			P_19A: collapse(x.Act),
			P_19B: collapse(x.Directive),
			P_19C: collapse(x.Other),
			P_19N: fa3.Flag(!exempt),
		},
		NoweSrodkiTransportu: inv.NewTransport.annotation(),
		P_23:                 fa3.YesIf(inv.Triangular),
		PMarzy:               inv.Margin.annotation(),
	}
}

// footer holds notes and registers; nil when there are none.
func (inv *Invoice) footer() *fa3.Stopka {
	if len(inv.Notes)+len(inv.Registers) == 0 {
		return nil
	}
	s := &fa3.Stopka{}
	for _, text := range inv.Notes {
		s.Informacje = append(s.Informacje, fa3.Informacje{StopkaFaktury: lineBreaks(text)})
	}
	for _, r := range inv.Registers {
		s.Rejestry = append(s.Rejestry, fa3.Rejestry{
			PelnaNazwa: collapse(r.FullName), KRS: string(r.KRS), REGON: string(r.REGON), BDO: collapse(r.BDO),
		})
	}
	return s
}

func amountText(d Decimal) fa3.Decimal {
	if !d.given {
		return ""
	}
	return fa3.Amount(d.number)
}

func priceText(d Decimal) fa3.Decimal {
	if !d.given {
		return ""
	}
	return fa3.UnitPrice(d.number)
}

func quantityText(d Decimal) fa3.Decimal {
	if !d.given {
		return ""
	}
	return fa3.Quantity(d.number)
}

func collapseAll(texts []string) []string {
	var out []string
	for _, s := range texts {
		out = append(out, collapse(s))
	}
	return out
}
