package faktupro

import (
	"errors"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/pl"
)

// ErrNotCorrectable is matched by the errors of NewCorrection when a correction
// cannot turn the one invoice into the other.
var ErrNotCorrectable = errors.New("faktupro: a correction cannot make this change")

// Reasons of ErrNotCorrectable.
var (
	errCorrectedKind  = notCorrectable("give the invoice as it stands after its corrections, not the correction itself")
	errChangedKind    = notCorrectable("the kind of an invoice cannot change: cancel it and issue another")
	errChangedSeller  = notCorrectable("the seller's NIP cannot change: cancel the invoice and issue another")
	errChangedBuyer   = notCorrectable("the buyer's tax number cannot change: cancel the invoice and issue another to the right buyer")
	errNothingChanges = notCorrectable("there is nothing to correct: both invoices say the same")
	errChangedPricing = notCorrectable("currency and pricing cannot change: cancel the invoice and issue another")
)

type notCorrectable string

func (e notCorrectable) Error() string        { return ErrNotCorrectable.Error() + ": " + string(e) }
func (e notCorrectable) Is(target error) bool { return target == ErrNotCorrectable }

// correctionKinds are the kinds that correct each kind.
var correctionKinds = map[Kind]Kind{
	KindVAT: KindCorrection, KindSimplified: KindCorrection,
	KindAdvance: KindAdvanceCorrection, KindSettlement: KindSettlementCorrection,
}

// Reference points to the invoice as one that is corrected. The KSeF number is
// empty for an invoice issued outside KSeF.
func (inv *Invoice) Reference(number pl.KSeFNumber) CorrectedInvoice {
	return CorrectedInvoice{Number: inv.Number, IssueDate: inv.IssueDate, KSeFNumber: number}
}

// NewCorrection makes the correction that turns one invoice into another: what
// it was, and what it should have been. A line that changes is shown before and
// after, one that goes away with quantity 0 after, and lines that stay are left
// out. Changed data of the seller, of the buyer and of additional buyers that
// have a Key are shown as they were. Totals are the differences; they are stated
// where the lines shown do not add up to them.
//
// Lines are paired by ID. Of those without one the equal ones are paired first,
// then those with the same name, then the rest in their order.
//
// The result is a draft: it has no number and no date, and Reason and Effect are
// for the caller to fill. Of Payment only the form and the accounts are taken
// over, and nothing of Settlement: dates and amounts there were about the
// corrected invoice. Both invoices stay as they are. The error matches
// ErrNotCorrectable, also when nothing changes that a correction could show, or
// is that of Totals.
func NewCorrection(before, after *Invoice, of CorrectedInvoice) (*Invoice, error) {
	if err := correctable(before, after); err != nil {
		return nil, err
	}
	was, err := before.Totals()
	if err != nil {
		return nil, err
	}
	is, err := after.Totals()
	if err != nil {
		return nil, err
	}
	c := correction(before, after, of, &was, &is)
	if !c.corrects(before, after) {
		return nil, errNothingChanges
	}
	return c, nil
}

// NewCancellation makes the correction that takes everything back: all lines
// come to nothing.
func NewCancellation(before *Invoice, of CorrectedInvoice) (*Invoice, error) {
	if err := correctable(before, before); err != nil {
		return nil, err
	}
	was, err := before.Totals()
	if err != nil {
		return nil, err
	}
	nothing := Totals{Gross: DecimalFromGrosze(0)}
	if was.Net.given {
		nothing.Net, nothing.VAT = nothing.Gross, nothing.Gross
	}
	after := *before
	after.Lines, after.Order.Lines, after.Order.Value = nil, nil, Decimal{}
	return correction(before, &after, of, &was, &nothing), nil
}

// correction makes the correction whose totals lead from those before to those
// after.
func correction(before, after *Invoice, of CorrectedInvoice, was, is *Totals) *Invoice {
	c := *after
	c.Kind = correctionKinds[before.kind()]
	c.Number, c.IssueDate = "", pl.Date{}
	c.Correction = Correction{Invoices: []CorrectedInvoice{of}}
	c.StatedTotals, c.Settlement = StatedTotals{}, Settlement{}
	c.Payment = after.Payment.form()
	c.correctParties(before)
	c.correctRows(before, after)
	if len(c.Lines) == 0 { // nothing is converted; an advance has its own below
		c.ExchangeRate = Decimal{}
	}
	c.correctAmounts(before, after, was, is)
	c.stateDifference(was, is)
	return &c
}

// form is what of a payment may hold for another amount: its form and the
// accounts; nothing of a transfer that was made to an account not named.
func (p *Payment) form() Payment {
	if p.Method == PayTransfer && len(p.Accounts)+len(p.FactorAccounts) == 0 {
		return Payment{}
	}
	return Payment{Method: p.Method, OtherMethod: p.OtherMethod, Accounts: p.Accounts, FactorAccounts: p.FactorAccounts}
}

func correctable(before, after *Invoice) error {
	switch {
	case correctionKinds[before.kind()] == "":
		return errCorrectedKind
	case before.kind() != after.kind():
		return errChangedKind
	case before.Seller.NIP != after.Seller.NIP:
		return errChangedSeller
	case !sameTaxpayer(&before.Buyer, &after.Buyer):
		return errChangedBuyer
	case before.currency() != after.currency() || before.gross() != after.gross():
		return errChangedPricing
	}
	return nil
}

func sameTaxpayer(a, b *Buyer) bool {
	return a.NIP == b.NIP && a.EUVAT == b.EUVAT && a.ForeignID == b.ForeignID && a.NoTaxID == b.NoTaxID
}

// correctParties shows the seller and the buyers as they were, where they change.
func (inv *Invoice) correctParties(before *Invoice) {
	if s := &before.Seller; s.Name != inv.Seller.Name || s.Address != inv.Seller.Address {
		inv.Correction.Seller = EarlierSeller{NIP: s.NIP, Name: s.Name, Address: s.Address}
		if s.EUPrefix || before.needsEUPrefix() {
			inv.Correction.Seller.EUPrefix = "PL"
		}
	}
	if b := &before.Buyer; b.Name != inv.Buyer.Name || b.Address != inv.Buyer.Address {
		inv.Correction.Buyers = []EarlierBuyer{{b.NIP, b.EUVAT, b.ForeignID, b.NoTaxID, b.Name, b.Address, inv.Buyer.Key}}
	}
	for i := range before.ThirdParties {
		if b := before.ThirdParties[i].earlier(); inv.renamed(&b) {
			inv.Correction.Buyers = append(inv.Correction.Buyers, b)
		}
	}
}

// earlier is the party as earlier data of an additional buyer.
func (t *ThirdParty) earlier() EarlierBuyer {
	if t.Role != RoleAdditionalBuyer {
		return EarlierBuyer{}
	}
	return EarlierBuyer{t.NIP, t.EUVAT, t.ForeignID, t.NoTaxID, t.Name, t.Address, t.Key}
}

// renamed reports whether an additional buyer has another name or address now.
// Only a key tells that it is the same one.
func (inv *Invoice) renamed(b *EarlierBuyer) bool {
	for i := range inv.ThirdParties {
		now := inv.ThirdParties[i].earlier()
		same := now.Key == b.Key && now.NIP == b.NIP && now.EUVAT == b.EUVAT && now.ForeignID == b.ForeignID && now.NoTaxID == b.NoTaxID
		if same && b.Key != "" {
			return now != *b
		}
	}
	return false
}

// correctAmounts fills what only corrections of advances and of settlements have.
func (inv *Invoice) correctAmounts(before, after *Invoice, was, is *Totals) {
	if inv.Kind == KindCorrection {
		return
	}
	inv.Correction.AmountBefore = was.Gross
	if inv.Kind != KindAdvanceCorrection {
		return
	}
	inv.Advance, inv.Prepayments = is.Gross.Sub(was.Gross), nil
	inv.ExchangeRate = after.oneExchangeRate()
	if rate := before.oneExchangeRate(); rate.given && !rate.Equal(inv.ExchangeRate) {
		inv.Correction.ExchangeRateBefore = rate
	}
}

// oneExchangeRate is the exchange rate of an advance as a correction shows it,
// which has one place for it.
func (inv *Invoice) oneExchangeRate() Decimal {
	rate := inv.paymentExchangeRate()
	if !rate.given {
		return rate
	}
	return exact(money.Round(rate.number, int32(exchangeRate.fraction)))
}

// stateDifference states the totals where they do not follow from the lines
// shown: where one of the invoices stated its own, or rounding differs.
func (inv *Invoice) stateDifference(was, is *Totals) {
	want := statedDifference(was, is)
	var r report
	got := inv.totals(&r)
	if len(r.problems) > 0 || !got.Gross.Equal(want.Gross) || !sameRates(statedDifference(&Totals{}, &got).Rates, want.Rates) {
		inv.StatedTotals = want
	}
}

// statedDifference is what changes from one invoice's totals to another's, as
// far as both are known.
func statedDifference(was, is *Totals) StatedTotals {
	d := StatedTotals{Gross: is.Gross.Sub(was.Gross)}
	if was.Net.given != is.Net.given && was.Gross.given {
		return d
	}
	for i, row := range rates {
		if fieldOf(i) != i {
			continue // it shares the field of another rate
		}
		a, b := fieldTotal(was, row.NetField), fieldTotal(is, row.NetField)
		if a.Net.given || b.Net.given {
			d.Rates = append(d.Rates, difference(row, &a, &b))
		}
	}
	return d
}

// difference is what changes in one field of the totals.
func difference(row RateInfo, was, is *FieldTotal) StatedRate {
	s := StatedRate{Rate: row.Rate, Net: is.Net.Sub(was.Net)}
	if row.VATField != "" {
		s.VAT = is.VAT.Sub(was.VAT)
	}
	if was.VATPLN.given || is.VATPLN.given {
		s.VATPLN = is.VATPLN.Sub(was.VATPLN)
	}
	return s
}

func fieldTotal(t *Totals, netField string) FieldTotal {
	for i := range t.Fields {
		if t.Fields[i].NetField == netField {
			return t.Fields[i]
		}
	}
	return FieldTotal{}
}

// sameRates compares sums by rate; one that is 0 may be missing.
func sameRates(a, b []StatedRate) bool {
	for _, row := range rates {
		x, y := statedRate(a, row.Rate), statedRate(b, row.Rate)
		if x.Net.Cmp(y.Net) != 0 || x.VAT.Cmp(y.VAT) != 0 || x.VATPLN.Cmp(y.VATPLN) != 0 {
			return false
		}
	}
	return true
}

func statedRate(stated []StatedRate, rate VATRate) StatedRate {
	for _, s := range stated {
		if s.Rate == rate {
			return s
		}
	}
	return StatedRate{}
}
