package faktupro

import (
	"strconv"

	"github.com/faktupro/faktupro-go/pl"
)

// correction judges what a correcting invoice says of the ones it corrects.
func (v *validator) correction() {
	c := &v.inv.Correction
	if !v.inv.kind().IsCorrection() || !correctionObject.given(c) {
		return
	}
	v.corrected(c)
	v.rightNumber(c)
	if c.Period != "" && v.inv.kind() != KindCorrection {
		v.addAt("/correction/period", codeCorrectionPeriod)
	}
	v.earlierSeller(c)
	v.earlierBuyers(c)
	v.amountBefore(c)
	v.pairs()
	if v.correctsNothing(c) {
		v.addAt("/correction", codeCorrectsNothing)
	}
}

// ksefEra is the day from which all but the smallest taxpayers issue invoices in
// KSeF.
var ksefEra = pl.NewDate(2026, 4, 1)

// corrected judges the references to the corrected invoices.
func (v *validator) corrected(c *Correction) {
	inv := v.inv
	seen := make(map[CorrectedInvoice]bool, len(c.Invoices))
	for i := range c.Invoices {
		x := c.Invoices[i]
		path := func(field string) string { return pointer("correction", "invoices", i, field) }
		if !inv.IssueDate.IsZero() && x.IssueDate.After(inv.IssueDate) {
			v.addAt(path("issueDate"), codeCorrectedDate)
		}
		if x.Number != "" && collapse(x.Number) == collapse(inv.Number) {
			v.addAt(path("number"), codeCorrectedSelf)
		}
		if x.KSeFNumber == "" && !x.IssueDate.Before(ksefEra) && !inv.Buyer.NoTaxID {
			v.addAt(path("ksefNumber"), codeCorrectedKSeF)
		}
		v.ksefReference(path("ksefNumber"), x.KSeFNumber)
		if given := x.KSeFNumber.Date(); !given.IsZero() && given.Before(x.IssueDate) {
			v.addAt(path("ksefNumber"), codeKSeFNumberDate)
		}
		if x.KSeFNumber != "" { // it alone identifies the invoice
			x = CorrectedInvoice{KSeFNumber: x.KSeFNumber}
		}
		if seen[x] {
			v.addAt(pointer("correction", "invoices", i), codeCorrectedTwice)
		}
		seen[x] = true
	}
}

// ksefReference judges the number of another invoice in KSeF. KSeF itself does
// not look at it; invoices from before February 2026 have numbers whose check
// digits follow another rule.
func (v *validator) ksefReference(path string, k pl.KSeFNumber) {
	const form, body, seller = 35, 32, 10
	if len(k) < form || !ksefNumberPattern.MatchString(string(k)) {
		return
	}
	sum, err := strconv.ParseUint(string(k[form-2:]), 16, 8)
	if len(k) == form && (err != nil || byte(sum) != pl.CRC8(string(k[:body]))) {
		v.addAt(path, codeKSeFNumberChecksum)
	}
	if v.inv.Seller.NIP != "" && pl.NIP(k[:seller]) != v.inv.Seller.NIP {
		v.addAt(path, codeKSeFNumberSeller)
	}
}

func (v *validator) rightNumber(c *Correction) {
	if c.RightNumber == "" || len(c.Invoices) == 0 {
		return
	}
	if len(c.Invoices) > 1 || collapse(c.Invoices[0].Number) == collapse(c.RightNumber) {
		v.addAt("/correction/rightNumber", codeRightNumber)
	}
}

func (v *validator) earlierSeller(c *Correction) {
	earlier, now := &c.Seller, &v.inv.Seller
	if !earlierSellerObject.given(earlier) {
		return
	}
	prefixed := now.EUPrefix || v.inv.needsEUPrefix()
	switch {
	case earlier.NIP != "" && now.NIP != "" && earlier.NIP != now.NIP:
		v.addAt("/correction/seller/nip", codeEarlierSellerNIP)
	case earlier.Name == now.Name && earlier.Address == now.Address && (earlier.EUPrefix != "") == prefixed:
		v.addAt("/correction/seller", codeEarlierSellerSame)
	}
}

// earlierBuyers judges earlier data of buyers against the present ones.
func (v *validator) earlierBuyers(c *Correction) {
	keys := make(map[string]bool, len(c.Buyers))
	for i := range c.Buyers {
		b := &c.Buyers[i]
		path := pointer("correction", "buyers", i)
		identified := v.identified(path, codeEarlierBuyerID, b.NIP, b.EUVAT, b.ForeignID, b.NoTaxID)
		now, found := v.buyerOf(b.Key, len(c.Buyers))
		switch {
		case !found || keys[b.Key]:
			v.addAt(path+"/key", codeEarlierBuyerKey)
		case identified && b.NIP != now.NIP:
			v.addAt(path+"/nip", codeEarlierBuyerNIP)
		case *b == now:
			v.addAt(path, codeEarlierBuyerSame)
		}
		keys[b.Key] = true
	}
}

// identified judges the tax number of a party that KSeF does not look at, and
// reports whether there is one.
func (v *validator) identified(path, missing string, nip pl.NIP, eu pl.VATUE, id ForeignID, none bool) bool {
	if eu.Country == "PL" {
		v.addAt(path+"/euVat", codePolishNumber)
	}
	switch count(nip != "", eu != pl.VATUE{}, id != ForeignID{}, none) {
	case 0:
		v.addAt(path, missing)
		return false
	case 1:
	default:
		v.addAt(path, codePartyIDSeveral)
	}
	return true
}

// buyerOf finds the present data of the buyer with the key, in the form of
// earlier data. Where there is one buyer only no key is needed.
func (v *validator) buyerOf(key string, earlier int) (EarlierBuyer, bool) {
	b := &v.inv.Buyer
	main := EarlierBuyer{b.NIP, b.EUVAT, b.ForeignID, b.NoTaxID, b.Name, b.Address, key}
	if key == "" && earlier == 1 || key != "" && key == b.Key {
		return main, true
	}
	for i := range v.inv.ThirdParties {
		t := &v.inv.ThirdParties[i]
		if key != "" && t.Key == key && t.Role == RoleAdditionalBuyer {
			return EarlierBuyer{t.NIP, t.EUVAT, t.ForeignID, t.NoTaxID, t.Name, t.Address, key}, true
		}
	}
	return EarlierBuyer{}, false
}

// amountBefore judges the amount before the correction (P_15ZK).
func (v *validator) amountBefore(c *Correction) {
	kind := v.inv.kind()
	switch given := c.AmountBefore.given; {
	case given && kind == KindCorrection:
		v.addAt("/correction/amountBefore", codeAmountBeforeKind)
	case !given && kind != KindCorrection && v.summed && v.totals.Gross.Sign() != 0:
		v.addAt("/correction/amountBefore", codeAmountBeforeMissing)
	}
	if !c.ExchangeRateBefore.given {
		return
	}
	if kind != KindAdvanceCorrection {
		v.addAt("/correction/exchangeRateBefore", codeRateBeforeKind)
	}
	if !c.AmountBefore.given {
		v.addAt("/correction/exchangeRateBefore", codeRateBeforeAlone)
	}
}

// correctsNothing reports whether the correction has no effect at all: neither
// totals nor data nor descriptions of goods change.
func (v *validator) correctsNothing(c *Correction) bool {
	if !v.summed || v.totals.Gross.Sign() != 0 {
		return false
	}
	for i := range v.totals.Fields {
		if f := &v.totals.Fields[i]; f.Net.Sign() != 0 || f.VAT.Sign() != 0 {
			return false
		}
	}
	if c.RightNumber != "" || len(c.Buyers) > 0 || earlierSellerObject.given(&c.Seller) {
		return false
	}
	return !v.linesChange()
}
