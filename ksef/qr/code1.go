package qr

import (
	"fmt"
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// CodeI is the link to an invoice in KSeF (KOD I).
type CodeI struct {
	Base   string  // the environment: Production, Demo, Test or a simulator's address
	Seller pl.NIP  // Podmiot1; its check digit is not judged
	Issued pl.Date // P_1, not the day of sending
	Hash   Hash
}

// LabelOffline stands under Code I as long as the invoice has no KSeF number,
// LabelCertificate under Code II.
const (
	LabelOffline     = "OFFLINE"
	LabelCertificate = "CERTYFIKAT"
)

// Label is the text under Code I: the KSeF number, or OFFLINE while there is
// none. The number is printed as KSeF gave it.
func Label(number pl.KSeFNumber) string {
	if number == "" {
		return LabelOffline
	}
	return string(number)
}

// NewCodeI takes seller, date of issue and hash from the exact bytes of a
// document, FA(3) or FA(2).
func NewCodeI(base string, document []byte) (CodeI, error) {
	sum, err := fa3.Peek(document)
	if err != nil {
		return CodeI{}, &Error{Rule: RuleDocument, Err: err}
	}
	c := CodeI{Base: base, Seller: pl.NIP(sum.SellerNIP), Issued: sum.P_1, Hash: HashOf(document)}
	return c, c.check()
}

func (c CodeI) check() error {
	if err := checkBase(c.Base); err != nil {
		return err
	}
	switch {
	case !c.Seller.WellFormed():
		return fail(RuleSeller)
	case !c.Issued.Valid():
		return fail(RuleDate)
	}
	return nil
}

// Link is the text of the QR code: base, "invoice", NIP, day as DD-MM-YYYY and
// hash, joined by slashes.
func (c CodeI) Link() (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	day := fmt.Sprintf("%02d-%02d-%04d", c.Issued.Day, c.Issued.Month, c.Issued.Year)
	return strings.Join([]string{c.Base, "invoice", string(c.Seller), day, c.Hash.String()}, "/"), nil
}

// Verify reports whether the code was made for exactly these bytes: the hash is
// theirs, and seller and date of issue are those in the document. The error is
// an *Error with RuleDocument, RuleSeller or RuleDate.
func (c CodeI) Verify(document []byte) error {
	if HashOf(document) != c.Hash {
		return fail(RuleDocument)
	}
	want, err := NewCodeI(c.Base, document)
	switch {
	case err != nil:
		return err
	case want.Seller != c.Seller:
		return fail(RuleSeller)
	case want.Issued != c.Issued:
		return fail(RuleDate)
	}
	return nil
}
