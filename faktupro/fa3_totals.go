package faktupro

import "github.com/faktupro/faktupro-go/ksef/fa3"

// totalFields writes each total into its field. A correction that does not
// change a total leaves it out.
func (inv *Invoice) totalFields(fa *fa3.Fa, t *Totals) {
	computed := len(inv.StatedTotals.Rates) == 0
	for i := range t.Fields {
		f := &t.Fields[i]
		if computed && inv.kind().IsCorrection() && f.Net.Sign() == 0 && f.VAT.Sign() == 0 && f.VATPLN.Sign() == 0 {
			continue
		}
		slot := fieldSlot(fa, f.NetField)
		*slot.net = amountText(f.Net)
		switch {
		case slot.pln != nil:
			*slot.vat, *slot.pln = amountText(f.VAT), amountText(f.VATPLN)
		case slot.vat != nil && f.VAT.Sign() != 0: // VAT under OSS need not be shown
			*slot.vat = amountText(f.VAT)
		}
	}
	fa.P_15 = amountText(t.Gross)
}

// totalSlot points to the elements of one total.
type totalSlot struct {
	net, vat, pln *fa3.Decimal
}

// fieldSlot finds the elements of a total by the name in the table of rates.
func fieldSlot(fa *fa3.Fa, netField string) totalSlot {
	switch netField {
	case "P_13_1":
		return totalSlot{&fa.P_13_1, &fa.P_14_1, &fa.P_14_1W}
	case "P_13_2":
		return totalSlot{&fa.P_13_2, &fa.P_14_2, &fa.P_14_2W}
	case "P_13_3":
		return totalSlot{&fa.P_13_3, &fa.P_14_3, &fa.P_14_3W}
	case "P_13_4":
		return totalSlot{&fa.P_13_4, &fa.P_14_4, &fa.P_14_4W}
	case "P_13_5":
		return totalSlot{net: &fa.P_13_5, vat: &fa.P_14_5}
	case "P_13_6_1":
		return totalSlot{net: &fa.P_13_6_1}
	case "P_13_6_2":
		return totalSlot{net: &fa.P_13_6_2}
	case "P_13_6_3":
		return totalSlot{net: &fa.P_13_6_3}
	case "P_13_7":
		return totalSlot{net: &fa.P_13_7}
	case "P_13_8":
		return totalSlot{net: &fa.P_13_8}
	case "P_13_9":
		return totalSlot{net: &fa.P_13_9}
	case "P_13_10":
		return totalSlot{net: &fa.P_13_10}
	}
	return totalSlot{net: &fa.P_13_11}
}

// readTotals computes the totals of the invoice that was read and keeps those of
// the document where they differ.
func (inv *Invoice) readTotals(fa *fa3.Fa) Totals {
	var r report
	t := inv.totals(&r)
	said := readStatedRates(fa)
	if len(said) > 0 && (len(r.problems) > 0 || !sameFields(said, t.Fields)) {
		inv.StatedTotals.Rates = said
		r = report{}
		t = inv.totals(&r)
	}
	due := readDecimal(fa.P_15)
	if due.given && (len(r.problems) > 0 || !due.Equal(t.Gross)) {
		inv.StatedTotals.Gross = due
		t = inv.totals(&report{})
	}
	if !t.Net.given && !coveredBy(said, nil) { // shown, though they do not add up to the total due
		inv.StatedTotals.Rates = said
		t = inv.totals(&report{})
	}
	return t
}

// readStatedRates are the totals of the document, each under the first rate of
// its field.
func readStatedRates(fa *fa3.Fa) []StatedRate {
	var said []StatedRate
	for i := range rates {
		if fieldOf(i) != i {
			continue
		}
		slot := fieldSlot(fa, rates[i].NetField)
		if *slot.net == "" {
			continue
		}
		s := StatedRate{Rate: rates[i].Rate, Net: readDecimal(*slot.net)}
		if slot.vat != nil {
			s.VAT = readDecimal(*slot.vat)
		}
		if slot.pln != nil {
			s.VATPLN = readDecimal(*slot.pln)
		}
		said = append(said, s)
	}
	return said
}

// sameFields reports whether the document says the computed totals. Totals of 0
// need not be there; VAT in PLN that it leaves out is computed.
func sameFields(said []StatedRate, computed []FieldTotal) bool {
	for i := range computed {
		f := &computed[i]
		at := 0
		for at < len(said) && rates[said[at].Rate.index()].NetField != f.NetField {
			at++
		}
		if at == len(said) {
			if f.Net.Sign() != 0 || f.VAT.Sign() != 0 {
				return false
			}
			continue
		}
		s := said[at]
		if s.Net.Cmp(f.Net) != 0 || s.VAT.Cmp(f.VAT) != 0 || s.VATPLN.given && !s.VATPLN.Equal(f.VATPLN) {
			return false
		}
	}
	return coveredBy(said, computed)
}

// coveredBy reports whether every total of the document that says something is
// computed.
func coveredBy(said []StatedRate, computed []FieldTotal) bool {
	for _, s := range said {
		field := rates[s.Rate.index()].NetField
		found := s.Net.Sign() == 0 && s.VAT.Sign() == 0 && s.VATPLN.Sign() == 0
		for i := range computed {
			found = found || computed[i].NetField == field
		}
		if !found {
			return false
		}
	}
	return true
}
