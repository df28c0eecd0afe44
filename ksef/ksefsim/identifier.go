package ksefsim

import (
	"strings"

	"github.com/faktupro/faktupro-go/pl"
)

// identifier names a context (Nip, InternalId, NipVatUe, PeppolId) or a subject
// (Nip, Pesel, Fingerprint, PeppolId).
type identifier struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Types of identifiers.
const (
	typeNIP         = "Nip"
	typeInternalID  = "InternalId"
	typeNIPVATUE    = "NipVatUe"
	typePeppolID    = "PeppolId"
	typePESEL       = "Pesel"
	typeFingerprint = "Fingerprint"
)

// key is the identifier as one word.
func (id identifier) key() string { return id.Type + ":" + id.Value }

// nip is the NIP that a context begins with, "" for a Peppol provider.
func (id identifier) nip() pl.NIP {
	switch id.Type {
	case typeNIP, typeInternalID, typeNIPVATUE:
		return pl.NIP(id.Value[:10])
	}
	return ""
}

// contextOf reads a context identifier, its type in any case. Check digits are
// not judged: the test environment does not.
func contextOf(kind, value string) (identifier, bool) {
	kind, known := canonical(kind, typeNIP, typeInternalID, typeNIPVATUE, typePeppolID)
	if !known {
		return identifier{}, false
	}
	id := identifier{kind, value}
	switch kind {
	case typeNIP:
		return id, isNIP(value)
	case typeInternalID:
		nip, unit, cut := strings.Cut(value, "-")
		return id, cut && isNIP(nip) && len(unit) == 5 && isDigits(unit)
	case typeNIPVATUE:
		nip, vat, cut := strings.Cut(value, "-")
		return id, cut && isNIP(nip) && isForeignVAT(vat)
	default:
		return id, isPeppol(value)
	}
}

// isNIP is the pattern of the contract: ten digits, the first not zero, the
// second and third not both zero.
func isNIP(s string) bool {
	return len(s) == 10 && isDigits(s) && s[0] != '0' && s[1:3] != "00"
}

func isForeignVAT(s string) bool {
	if len(s) < 3 {
		return false
	}
	v := pl.VATUE{Country: s[:2], Number: s[2:]}
	return v.Country != "PL" && v.Valid()
}

// isPeppol is P, two capitals and six digits.
func isPeppol(s string) bool {
	return len(s) == 9 && s[0] == 'P' && isCapital(s[1]) && isCapital(s[2]) && isDigits(s[3:])
}

func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
