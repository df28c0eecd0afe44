package ksef

import (
	"log/slog"

	"github.com/faktupro/faktupro-go/pl"
)

// IdentifierType is the kind of an [Identifier], by its name in the API. Kinds
// that KSeF adds are kept as they come.
type IdentifierType string

// The kinds of identifier.
const (
	IdentifierNIP         IdentifierType = "Nip"
	IdentifierPESEL       IdentifierType = "Pesel"
	IdentifierFingerprint IdentifierType = "Fingerprint" // SHA-256 of a certificate
	IdentifierInternalID  IdentifierType = "InternalId"
	IdentifierNIPVATUE    IdentifierType = "NipVatUe"
	IdentifierPeppol      IdentifierType = "PeppolId"
	IdentifierVATUE       IdentifierType = "VatUe"
	IdentifierOther       IdentifierType = "Other"
	IdentifierNone        IdentifierType = "None"        // of a party without a number
	IdentifierAllPartners IdentifierType = "AllPartners" // target of a general grant
	IdentifierSystem      IdentifierType = "System"      // KSeF itself granted
)

// Identifier names a person, a company, a unit or a certificate. String and
// logs show the kind and the last four characters only; Value has all.
type Identifier struct {
	Type IdentifierType `json:"type"`
	// Value is empty for the types None, AllPartners and System.
	Value string `json:"value,omitempty"`
}

// NIPIdentifier names a company or a person by NIP.
func NIPIdentifier(n pl.NIP) Identifier { return Identifier{IdentifierNIP, string(n)} }

// PESELIdentifier names a person by PESEL.
func PESELIdentifier(p pl.PESEL) Identifier { return Identifier{IdentifierPESEL, string(p)} }

// FingerprintIdentifier names the owner of a certificate by its SHA-256, 64
// capital hexadecimal digits, as xades.SubjectOf gives it.
func FingerprintIdentifier(sha256 string) Identifier {
	return Identifier{IdentifierFingerprint, sha256}
}

// InternalIdentifier names a unit inside a company.
func InternalIdentifier(id pl.InternalID) Identifier {
	return Identifier{IdentifierInternalID, string(id)}
}

// EUEntityIdentifier names an EU entity that acts in Poland under a NIP.
func EUEntityIdentifier(n pl.NIP, v pl.VATUE) Identifier {
	return Identifier{IdentifierNIPVATUE, string(n) + "-" + v.String()}
}

// PeppolIdentifier names a Peppol service provider, such as "PPL123456".
func PeppolIdentifier(id string) Identifier { return Identifier{IdentifierPeppol, id} }

// AllPartners is the target of an indirect grant for all clients.
func AllPartners() Identifier { return Identifier{Type: IdentifierAllPartners} }

// IsZero reports whether there is no identifier.
func (id Identifier) IsZero() bool { return id == Identifier{} }

// String is the type and the last four characters.
func (id Identifier) String() string { return masked(string(id.Type), id.Value) }

// LogValue gives slog what String gives.
func (id Identifier) LogValue() slog.Value { return slog.StringValue(id.String()) }

func masked(kind, value string) string {
	if value == "" {
		return kind
	}
	tail := ""
	if n := len(value); n > 8 {
		tail = value[n-4:]
	}
	return kind + " …" + tail
}

// identifier checks a number that a request must have.
func (c *checker) identifier(field string, id Identifier, allowed ...IdentifierType) {
	oneOf(c, field+".type", id.Type, allowed...)
	ok, remedy := id.wellFormed()
	if id.valueless() {
		c.need(id.Value == "", field+".value", RuleTogether, "leave the value empty for this type")
		return
	}
	c.need(id.Value != "", field+".value", RuleRequired, remedy)
	c.need(ok, field+".value", RulePattern, remedy)
}

// filter checks a number that narrows a query and may be missing.
func (c *checker) filter(field string, id *Identifier, allowed ...IdentifierType) {
	if id != nil {
		c.identifier(field, *id, allowed...)
	}
}

func (id Identifier) valueless() bool {
	return id.Type == IdentifierNone || id.Type == IdentifierAllPartners || id.Type == IdentifierSystem
}

func (id Identifier) wellFormed() (ok bool, remedy string) {
	v := id.Value
	switch id.Type {
	case IdentifierNIP:
		return pl.NIP(v).Valid(), "write the NIP as ten digits with the right check digit"
	case IdentifierPESEL:
		return pl.PESEL(v).Valid(), "write the PESEL as eleven digits with the right check digit"
	case IdentifierFingerprint:
		return plain(v, 64, 64, upperHex), "write the SHA-256 of the certificate as 64 capital hexadecimal digits"
	case IdentifierInternalID:
		return ContextID{ContextInternalID, v}.wellFormed(), "write the internal identifier as NIP, dash and five digits"
	case IdentifierNIPVATUE:
		return euEntity(v), "join NIP and EU VAT number with a dash"
	case IdentifierPeppol:
		return ContextID{ContextPeppol, v}.wellFormed(), "write the Peppol identifier as P, two letters and six digits"
	}
	return v != "" && len(v) <= 50, "give an identifier of at most 50 characters"
}

// checkedInternalID reports whether an internal identifier has the right check
// digit, which KSeF asks for when a unit gets an administrator.
func checkedInternalID(s string) bool { return pl.InternalID(s).Valid() }
