package faktupro

import (
	"bytes"

	"github.com/faktupro/faktupro-go/pl"
)

// corrects reports whether the correction of one invoice into the other has
// anything to say: rows or amounts that change, or other data.
func (inv *Invoice) corrects(before, after *Invoice) bool {
	rows := len(inv.Lines) > 0
	if inv.kind().IsAdvance() { // it shows all rows of the order
		kind := orderRows
		kind.all = false
		differing, _ := changed(before.Order.Lines, after.Order.Lines, kind)
		rows = len(differing) > 0
	}
	worth := before.Order.Value.Cmp(after.Order.Value) != 0
	return rows || worth || inv.changesAmounts() || renumbered(before, after) ||
		!bytes.Equal(before.beyondAmounts(), after.beyondAmounts())
}

// changesAmounts reports whether a total of a correction is not zero.
func (inv *Invoice) changesAmounts() bool {
	t := inv.totals(&report{})
	some := t.Gross.Sign() != 0
	for i := range t.Fields {
		f := &t.Fields[i]
		some = some || f.Net.Sign() != 0 || f.VAT.Sign() != 0 || f.VATPLN.Sign() != 0
	}
	return some
}

// renumbered reports whether number or day of issue are what was wrong. An
// invoice as it should have been need not repeat them.
func renumbered(before, after *Invoice) bool {
	return after.Number != "" && after.Number != before.Number ||
		!after.IssueDate.IsZero() && after.IssueDate != before.IssueDate
}

// beyondAmounts is what a correction of the invoice shows apart from rows and
// amounts, as a document.
func (inv *Invoice) beyondAmounts() []byte {
	rest := *inv
	rest.Number, rest.IssueDate = "", pl.Date{}
	rest.Lines, rest.Order = nil, Order{}
	rest.StatedTotals, rest.Settlement = StatedTotals{}, Settlement{}
	rest.Payment = inv.Payment.form()
	if rest.kind().IsAdvance() {
		rest.ExchangeRate, rest.Prepayments = inv.oneExchangeRate(), nil
	}
	return rest.document(&Totals{}, firstCreated).AppendXML(nil)
}
