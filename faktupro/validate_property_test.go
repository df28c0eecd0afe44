package faktupro

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// TestValidInvoicesAreEncoded puts invoices together from parts at random: one
// that Validate finds no error in can be encoded, its XML can be read, and what
// was read gives the same bytes again.
func TestValidInvoicesAreEncoded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := randomInvoice(t)
		now := noon(inv.IssueDate)
		problems := inv.Validate(ValidateOptions{Now: now})
		text, err := EncodeInvoice(inv)
		if err != nil {
			t.Fatal(err)
		}
		if problems.Err() != nil {
			return
		}
		xml, err := EncodeFA3(inv, now)
		if err != nil {
			t.Fatalf("a valid invoice cannot be encoded: %v\n%s", err, text)
		}
		document, err := fa3.Unmarshal(xml)
		if err != nil {
			t.Fatalf("fa3.Unmarshal: %v\n%s", err, text)
		}
		back, err := FromFA3(document)
		if err != nil {
			t.Fatalf("FromFA3: %v\n%s", err, text)
		}
		again, err := back.FA3(now)
		if err != nil {
			t.Fatalf("what was read adds up no more: %v\n%s", err, text)
		}
		second, err := fa3.Marshal(again)
		if err != nil || !bytes.Equal(xml, second) {
			t.Fatalf("what was read is another document (%v)\n%s\n%s\n%s", err, text, xml, second)
		}
	})
}

// bases are the invoices that random ones start from.
var bases = []func() *Invoice{
	basic, corrected, advance, changedAdvance, settled, changedSettlement, simplified, collective, renamed,
	euros, secondHand, oss, newCar, shipped, withDeposit, attached, stating, statingEuros, lineByLine,
	bothPrices, grossPrices, bailiff, agreed, fleet, shippedInFull, represented, overpaid, ownSums, attachedInFull,
}

// randomInvoice takes parts of one invoice over into another, and changes lines.
func randomInvoice(t *rapid.T) *Invoice {
	base := rapid.SampledFrom(bases)
	inv := base.Draw(t, "base")()
	for range rapid.IntRange(0, 3).Draw(t, "parts") {
		takeOver(inv, base.Draw(t, "other")(), rapid.IntRange(0, 15).Draw(t, "part"))
	}
	for range rapid.IntRange(0, 3).Draw(t, "lines") {
		inv.Lines = append(inv.Lines, randomLine(t))
	}
	for i := range inv.Order.Lines {
		l := &inv.Order.Lines[i]
		l.VATRate = rapid.SampledFrom(orderRates).Draw(t, "order rate")
		l.Before = inv.Kind.IsCorrection() && rapid.Bool().Draw(t, "order before")
	}
	return inv
}

var orderRates = []VATRate{VAT23, VAT8, VAT5, VAT0Export, VATOutsidePoland}

// takeOver copies one part of another invoice.
func takeOver(inv, other *Invoice, part int) {
	switch part {
	case 0:
		inv.Kind = other.Kind
	case 1:
		inv.Correction = other.Correction
	case 2:
		inv.Advance, inv.Order = other.Advance, other.Order
	case 3:
		inv.AdvanceInvoices = other.AdvanceInvoices
	case 4:
		inv.Lines = other.Lines
	case 5:
		inv.StatedTotals = other.StatedTotals
	case 6:
		inv.Currency, inv.ExchangeRate = other.Currency, other.ExchangeRate
	case 7:
		inv.Pricing = other.Pricing
	case 8:
		inv.Buyer = other.Buyer
	case 9:
		inv.Margin = other.Margin
	case 10:
		inv.NewTransport = other.NewTransport
	case 11:
		inv.Settlement = other.Settlement
	case 12:
		inv.Terms = other.Terms
	case 13:
		inv.Authorised = other.Authorised
	case 14:
		inv.Attachment = other.Attachment
	default:
		inv.Kind, inv.Correction = KindCorrection, corrected().Correction
	}
}

func randomLine(t *rapid.T) Line {
	l := Line{
		Name: "Pozycja", Unit: "szt.",
		Quantity:  DecimalFromInt(rapid.Int64Range(-3, 9).Draw(t, "quantity")),
		UnitPrice: DecimalFromGrosze(rapid.Int64Range(0, 99_999).Draw(t, "price")),
		VATRate:   rapid.SampledFrom(rates[:]).Draw(t, "rate").Rate,
		Before:    rapid.Bool().Draw(t, "before"),
	}
	if l.VATRate == VATOSS {
		l.OSSRate = DecimalFromInt(rapid.Int64Range(17, 27).Draw(t, "foreign rate"))
	}
	if rapid.Bool().Draw(t, "has number") {
		l.Number = rapid.IntRange(1, 9).Draw(t, "number")
	}
	if rapid.Bool().Draw(t, "has amount") {
		l.Amount = DecimalFromGrosze(rapid.Int64Range(-99_999, 99_999).Draw(t, "amount"))
	}
	if rapid.Bool().Draw(t, "has counterpart") {
		l.Counterpart.Amount = DecimalFromGrosze(rapid.Int64Range(-99_999, 99_999).Draw(t, "counterpart"))
	}
	if rapid.Bool().Draw(t, "has VAT") {
		l.VAT = DecimalFromGrosze(rapid.Int64Range(-9_999, 9_999).Draw(t, "VAT"))
	}
	return l
}
