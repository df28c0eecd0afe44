package qr

import (
	"strings"

	"github.com/faktupro/faktupro-go/pl"
)

// ContextType is the kind of a Context, by its name in the KSeF API.
type ContextType string

// The kinds of context.
const (
	ContextNIP        ContextType = "Nip"
	ContextInternalID ContextType = "InternalId"
	ContextNIPVATUE   ContextType = "NipVatUe"
	ContextPeppol     ContextType = "PeppolId"
)

// Context is for whom the issuer acts in KSeF (identyfikator kontekstu): what
// one logs in to, the same value as there.
type Context struct {
	Type  ContextType
	Value string
}

// NIPContext is the context of a taxpayer.
func NIPContext(n pl.NIP) Context { return Context{ContextNIP, string(n)} }

// check judges the form alone: check digits are KSeF's to judge, whose test
// environment has contexts with wrong ones.
func (c Context) check() error {
	if c.wellFormed() {
		return nil
	}
	return fail(RuleContext)
}

func (c Context) wellFormed() bool {
	nip, rest, joined := strings.Cut(c.Value, "-")
	switch c.Type {
	case ContextNIP:
		return pl.NIP(c.Value).WellFormed()
	case ContextInternalID:
		return joined && pl.NIP(nip).WellFormed() && only(rest, 5, isDigit)
	case ContextNIPVATUE:
		vat, err := pl.ParseVATUE(rest)
		return err == nil && pl.NIP(nip).WellFormed() && vat.String() == rest
	case ContextPeppol:
		return len(c.Value) == 9 && c.Value[0] == 'P' && only(c.Value[1:3], 2, isUpper) && only(c.Value[3:], 6, isDigit)
	}
	return false
}

// only reports whether s is n bytes of one class.
func only(s string, n int, class func(byte) bool) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if !class(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isHex(c byte) bool { return isDigit(c) || 'A' <= c && c <= 'F' }
