package access

import (
	"errors"
	"slices"
	"strings"
)

// Scope is one permission, written resource:verb.
type Scope string

// The scopes there are.
const (
	ScopeInvoicesRead  Scope = "invoices:read"  // read invoices, their XML and confirmations; judge a draft
	ScopeInvoicesWrite Scope = "invoices:write" // create and issue invoices
	ScopeAuditRead     Scope = "audit:read"     // read audit entries and proofs
)

// ErrUnknownScope means that a text is not one of the scopes there are.
var ErrUnknownScope = errors.New("access: unknown scope")

// Scopes is a set of permissions. The empty set permits nothing, and no scope
// includes another.
type Scopes []Scope

// AllScopes returns every scope there is, for the first key of an owner.
func AllScopes() Scopes { return Scopes{ScopeInvoicesRead, ScopeInvoicesWrite, ScopeAuditRead} }

// ParseScopes reads scopes separated by blanks, at most 1024 bytes, and leaves
// out repetitions. The error is ErrUnknownScope.
func ParseScopes(s string) (Scopes, error) {
	if len(s) > 1024 {
		return nil, ErrUnknownScope
	}
	var set Scopes
	for _, field := range strings.Fields(s) {
		scope := Scope(field)
		if !scope.Valid() {
			return nil, ErrUnknownScope
		}
		if !set.Has(scope) {
			set = append(set, scope)
		}
	}
	return set, nil
}

// Valid reports whether s is one of the scopes there are.
func (s Scope) Valid() bool { return slices.Contains(AllScopes(), s) }

// Has reports whether the set holds the scope.
func (s Scopes) Has(scope Scope) bool { return slices.Contains(s, scope) }

// String is the scopes separated by blanks; ParseScopes reads it.
func (s Scopes) String() string {
	var b strings.Builder
	for i, scope := range s {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(scope))
	}
	return b.String()
}

// Principal is the caller behind a valid key.
type Principal struct {
	KeyID  string // identifier of the key, not secret
	Label  string // what the key is for, as given when it was issued
	Scopes Scopes // what the caller may do
}

// Has reports whether the caller holds the scope. The zero Principal holds
// none.
func (p Principal) Has(scope Scope) bool { return p.Scopes.Has(scope) }
