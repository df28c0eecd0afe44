package faktupro

import (
	"strings"

	"github.com/faktupro/faktupro-go/pl"
)

// payment judges the payment terms.
func (v *validator) payment() {
	p := &v.inv.Payment
	if !paymentObject.given(p) {
		return
	}
	v.paid(p)
	v.method(p)
	for i := range p.Due {
		v.due(pointer("payment", "due", i), &p.Due[i])
	}
	for i := range p.Accounts {
		v.account(pointer("payment", "accounts", i, "number"), p.Accounts[i].Number)
	}
	for i := range p.FactorAccounts {
		v.account(pointer("payment", "factorAccounts", i, "number"), p.FactorAccounts[i].Number)
	}
	if p.Link != "" && p.KSeFID != "" && !strings.Contains(p.Link, "IPKSeF="+p.KSeFID) {
		v.addAt("/payment/ksefId", codeLinkID)
	}
}

func (v *validator) paid(p *Payment) {
	if !p.PaidDate.IsZero() && len(p.Parts) > 0 {
		v.addAt("/payment/paidDate", codePaidTwice)
	}
	if issued := v.inv.IssueDate; !issued.IsZero() && p.PaidDate.After(issued) {
		v.addAt("/payment/paidDate", codePaidAfterIssue)
	}
	if v.summed && len(p.Parts) > 0 && p.partsSum().Cmp(v.payable()) > 0 {
		v.addAt("/payment/parts", codePartsSum)
	}
}

// payable is the greatest amount there may be to pay: the total due, or what the
// balance makes of it.
func (v *validator) payable() Decimal {
	toPay := v.inv.Settlement.shown(v.totals.Gross).ToPay
	if toPay.Cmp(v.totals.Gross) > 0 {
		return toPay
	}
	return v.totals.Gross
}

// partsSum is the sum of the part payments.
func (p *Payment) partsSum() Decimal {
	var sum Decimal
	for i := range p.Parts {
		sum = sum.Add(p.Parts[i].Amount)
	}
	return sum
}

func (v *validator) method(p *Payment) {
	for i := range p.Parts {
		if p.Parts[i].Method != "" && p.Parts[i].OtherMethod != "" {
			v.addAt(pointer("payment", "parts", i, "otherMethod"), codeMethodTwice)
		}
	}
	open := p.PaidDate.IsZero() && (!v.summed || v.totals.Gross.Sign() >= 0)
	switch {
	case p.Method != "" && p.OtherMethod != "":
		v.addAt("/payment/otherMethod", codeMethodTwice)
	case p.Method == "" && p.OtherMethod == "" && len(p.Parts) == 0:
		v.addAt("/payment/method", codeMethodMissing)
	case p.Method == PayTransfer && open && len(p.Accounts)+len(p.FactorAccounts) == 0:
		v.addAt("/payment/accounts", codeAccountMissing)
	}
}

func (v *validator) due(path string, d *Due) {
	described := count(d.Count != 0, d.Unit != "", d.Event != "")
	switch {
	case described == 0 && d.Date.IsZero():
		v.addAt(path, codeDueEmpty)
	case described == 1 || described == 2:
		v.addAt(path, codeDueIncomplete)
	}
	if issued := v.inv.IssueDate; !issued.IsZero() && !d.Date.IsZero() && d.Date.Before(issued) {
		v.addAt(path+"/date", codeDueBeforeIssue)
	}
}

// account judges the check digits of Polish accounts and of other IBANs; FA(3)
// takes account numbers of any kind.
func (v *validator) account(path, number string) {
	switch {
	case number == "":
	case strings.Trim(number, accountCharacters) != "":
		v.addAt(path, codeAccountFormat)
	case len(number) == 26 && strings.Trim(number, "0123456789") == "":
		if !pl.NRB(number).Valid() {
			v.addAt(path, codeAccountChecksum)
		}
	case strings.HasPrefix(number, "PL"):
		if !pl.IBAN(number).Valid() {
			v.addAt(path, codeAccountChecksum)
		}
	case looksLikeIBAN(number) && !pl.IBAN(number).Valid():
		v.addAt(path, codeAccountIBAN)
	}
}

const accountCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// looksLikeIBAN reports whether a number starts with two capitals and two
// digits.
func looksLikeIBAN(s string) bool {
	return len(s) >= 4 && isCapital(s[0]) && isCapital(s[1]) && isDigit(s[2]) && isDigit(s[3])
}

func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }
