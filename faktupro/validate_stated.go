package faktupro

import "github.com/shopspring/decimal"

// ratesSlack is by how many groszes the VAT of an earlier invoice may differ
// from its net value times the rate: it is not known of how many lines it was
// the sum.
const ratesSlack = 100

// stated judges totals that the invoice says against each other and against the
// lines.
func (v *validator) stated() {
	s := &v.inv.StatedTotals
	if !statedTotalsObject.given(s) {
		return
	}
	slack := max(1, len(v.inv.Lines))
	if v.inv.kind().IsCorrection() || v.inv.kind().IsSettlement() {
		slack = -1 // differences of rounded sums follow no formula
	}
	v.rates("/statedTotals/rates", s.Rates, slack)
	sum := zeroAmount
	for i := range s.Rates {
		sum = sum.Add(s.Rates[i].Net.number).Add(s.Rates[i].VAT.number)
	}
	if s.Gross.given && len(s.Rates) > 0 && beyond(sum, s.Gross.number, len(s.Rates)) {
		v.addAt("/statedTotals/gross", codeStatedTotalsSum)
	}
	if v.summed && v.inv.kind().IsCorrection() && v.leftOut() {
		v.addAt("/statedTotals/gross", codeStatedTotalsSum)
	}
	if v.summed && v.computable() && v.statedDiffer() {
		v.addAt("/statedTotals", codeStatedTotalsDiffer)
	}
}

// computable reports whether the lines of this kind add up to its totals. Those
// of a correction may leave out what does not change.
func (v *validator) computable() bool { return !v.inv.kind().IsCorrection() && v.hasRows() }

func (v *validator) hasRows() bool { return len(v.inv.Lines) > 0 || len(v.inv.Order.Lines) > 0 }

// computed are the totals without those that are stated; false when something
// is missing for them.
func (v *validator) computed() (Totals, bool) {
	plain := *v.inv
	plain.StatedTotals = StatedTotals{}
	var r report
	t := plain.totals(&r)
	return t, len(r.problems) == 0
}

// leftOut reports whether rates that could be computed are left out, because
// they do not add up to the total due that is stated.
func (v *validator) leftOut() bool {
	if v.totals.Net.given || len(v.inv.StatedTotals.Rates) > 0 || !v.hasRows() {
		return false
	}
	t, ok := v.computed()
	return ok && t.Net.given
}

// statedDiffer reports whether the stated totals differ from the computed ones
// by more than rounding can make.
func (v *validator) statedDiffer() bool {
	t, ok := v.computed()
	if !ok {
		return false
	}
	slack := 1 + len(v.inv.Lines) + len(v.inv.Order.Lines) + len(v.inv.AdvanceInvoices)
	if v.leftOut() || beyond(t.Gross.number, v.totals.Gross.number, slack) {
		return true
	}
	return len(v.inv.StatedTotals.Rates) > 0 && (fieldsDiffer(&t, &v.totals, slack) || fieldsDiffer(&v.totals, &t, slack))
}

// fieldsDiffer reports whether a total of a is not in b.
func fieldsDiffer(a, b *Totals, slack int) bool {
	for i := range a.Fields {
		f := &a.Fields[i]
		var other FieldTotal
		for j := range b.Fields {
			if b.Fields[j].NetField == f.NetField {
				other = b.Fields[j]
			}
		}
		if beyond(f.Net.number, other.Net.number, slack) || beyond(f.VAT.number, other.VAT.number, slack) {
			return true
		}
	}
	return false
}

// rates judges a list of stated sums. Slack is by how many groszes VAT may
// differ from the net value times the rate; negative when it may be anything.
func (v *validator) rates(path string, stated []StatedRate, slack int) {
	seen := make(map[string]bool, len(stated))
	for i := range stated {
		s := &stated[i]
		row, known := s.Rate.Info()
		if !known {
			continue
		}
		at := path + pointer(i)
		if seen[row.NetField] {
			v.addAt(at+"/rate", codeRatesTwice)
		}
		seen[row.NetField] = true
		switch {
		case row.VATField == "" && s.VAT.Sign() != 0:
			v.addAt(at+"/vat", codeRatesVATUntaxed)
		case row.Taxed && !s.VAT.given:
			v.addAt(at+"/vat", codeRequired, "field", "vat")
		case row.Taxed && slack >= 0 && !plausible(row.NetField, s, slack):
			v.addAt(at+"/vat", codeRatesVAT)
		}
		v.ratePLN(at, s, row.Taxed)
	}
}

// ratePLN: VAT of Poland on an invoice in a foreign currency is shown in PLN too
// (art. 106e(11) of the VAT Act); an exchange rate tells it as well.
func (v *validator) ratePLN(at string, s *StatedRate, taxed bool) {
	due := taxed && v.inv.foreignCurrency()
	switch {
	case s.VATPLN.given && !due:
		v.addAt(at+"/vatPLN", codeRatesPLNUnused)
	case due && !s.VATPLN.given && s.VAT.Sign() != 0 && !v.inv.statedExchangeRate().given:
		v.addAt(at+"/vatPLN", codeRatesPLNMissing)
	}
}

// plausible reports whether VAT is net value times one of the rates that share
// the total, or lies between them.
func plausible(netField string, s *StatedRate, slack int) bool {
	off := grosz.Mul(decimal.NewFromInt(int64(slack)))
	var low, high decimal.Decimal
	first := true
	for i := range rates {
		if rates[i].NetField != netField {
			continue
		}
		vat := vatOf(s.Net.number, rates[i].percent(), false)
		if first {
			low, high, first = vat, vat, false
		}
		low, high = decimal.Min(low, vat), decimal.Max(high, vat)
	}
	return s.VAT.number.GreaterThanOrEqual(low.Sub(off)) && s.VAT.number.LessThanOrEqual(high.Add(off))
}
