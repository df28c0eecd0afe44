package ksef

import (
	"fmt"
	"log/slog"
	"regexp"

	"github.com/faktupro/faktupro-go/pl"
)

// ContextType is the kind of a [ContextID], by its name in the API.
type ContextType string

// The kinds of context.
const (
	ContextNIP        ContextType = "Nip"
	ContextInternalID ContextType = "InternalId"
	ContextNIPVATUE   ContextType = "NipVatUe"
	ContextPeppol     ContextType = "PeppolId"
)

// ContextID says for whom one logs in (identyfikator kontekstu). The subject
// of the credential, who logs in, may be somebody else who was granted
// permissions in that context.
type ContextID struct {
	Type  ContextType `json:"type"`
	Value string      `json:"value"`
}

// NIPContext is the context of a taxpayer.
func NIPContext(n pl.NIP) ContextID { return ContextID{ContextNIP, string(n)} }

// InternalIDContext is the context of a unit inside a taxpayer.
func InternalIDContext(id pl.InternalID) ContextID { return ContextID{ContextInternalID, string(id)} }

// EUEntityContext is the context of an EU entity that acts in Poland under a
// NIP: both numbers joined (NipVatUe).
func EUEntityContext(n pl.NIP, v pl.VATUE) ContextID {
	return ContextID{ContextNIPVATUE, string(n) + "-" + v.String()}
}

// PeppolContext is the context of a Peppol service provider, such as
// "PPL123456".
func PeppolContext(id string) ContextID { return ContextID{ContextPeppol, id} }

// Check reports what is wrong with the identifier. A wrong check digit of an
// internal identifier is not an error here: KSeF's own samples have them.
func (id ContextID) Check() error {
	if id.wellFormed() {
		return nil
	}
	return fmt.Errorf("ksef: context identifier is not a valid %s: %w", id.Type.name(), ErrInvalidArgument)
}

func (id ContextID) wellFormed() bool {
	switch id.Type {
	case ContextNIP:
		return pl.NIP(id.Value).Valid()
	case ContextInternalID:
		return len(id.Value) == 16 && matches(`^[1-9]\d{9}-\d{5}$`, id.Value)
	case ContextNIPVATUE:
		return euEntity(id.Value)
	case ContextPeppol:
		return matches(`^P[A-Z]{2}\d{6}$`, id.Value)
	}
	return false
}

func euEntity(s string) bool {
	if len(s) < 14 || len(s) > 27 || s[10] != '-' || !pl.NIP(s[:10]).Valid() {
		return false
	}
	v, err := pl.ParseVATUE(s[11:])
	return err == nil && v.String() == s[11:]
}

func matches(pattern, s string) bool {
	ok, err := regexp.MatchString(pattern, s)
	return err == nil && ok
}

func (t ContextType) name() string {
	switch t {
	case ContextNIP, ContextInternalID, ContextNIPVATUE, ContextPeppol:
		return string(t)
	}
	return "context type"
}

// String returns the type and the value.
func (id ContextID) String() string { return string(id.Type) + " " + id.Value }

// LogValue gives slog the type and the last four characters of the value.
func (id ContextID) LogValue() slog.Value {
	tail := ""
	if n := len(id.Value); n > 4 {
		tail = id.Value[n-4:]
	}
	return slog.StringValue(string(id.Type) + " …" + tail)
}
