package ksefsim

import (
	"slices"
	"strings"
	"time"
)

// family says how a right was given, which decides where it is listed, what it
// allows and who takes it back.
type family string

const (
	familyPerson        family = "person"
	familyEntity        family = "entity"        // to another company, perhaps to be passed on
	familyIndirect      family = "indirect"      // passed on by that company to a person
	familyAuthorization family = "authorization" // to issue invoices for somebody
	familySubunit       family = "subunit"       // to administer a part of the grantor
	familyEUAdmin       family = "eu-admin"
	familyEU            family = "eu"
)

// grant is one right, for one permission.
type grant struct {
	ID          string      `json:"id"`
	Family      family      `json:"family"`
	Grantor     identifier  `json:"grantor"` // context in which it was given
	Context     identifier  `json:"context"` // context in which it holds
	Subject     identifier  `json:"subject"` // who has it
	Author      identifier  `json:"author"`  // who gave it; type System for test data
	Target      *identifier `json:"target,omitempty"`
	Scope       string      `json:"scope"`
	Delegates   bool        `json:"delegates,omitempty"`
	Description string      `json:"description"`
	Details     details     `json:"details,omitzero"`
	Name        string      `json:"name,omitempty"` // of the unit or of the EU entity
	EU          *entityCard `json:"eu,omitempty"`
	At          time.Time   `json:"at"`
}

// same reports whether two grants give the same right to the same subject.
func (g *grant) same(other *grant) bool {
	return g.Family == other.Family && g.Grantor == other.Grantor && g.Context == other.Context &&
		g.Subject == other.Subject && g.Scope == other.Scope && sameTarget(g.Target, other.Target)
}

func sameTarget(a, b *identifier) bool { return a == b || a != nil && b != nil && *a == *b }

// rights are all grants that hold, by identifier and by the sides they concern,
// each side in order of entry.
type rights struct {
	byID     map[string]*grant
	holding  map[identifier][]*grant // by Context
	given    map[identifier][]*grant // by Grantor
	received map[identifier][]*grant // by Subject
}

func newRights() rights {
	return rights{
		byID:     make(map[string]*grant),
		holding:  make(map[identifier][]*grant),
		given:    make(map[identifier][]*grant),
		received: make(map[identifier][]*grant),
	}
}

// add enters a grant unless the same right is there already.
func (r *rights) add(g *grant) {
	if slices.ContainsFunc(r.received[g.Subject], g.same) {
		return
	}
	r.byID[g.ID] = g
	r.holding[g.Context] = append(r.holding[g.Context], g)
	r.given[g.Grantor] = append(r.given[g.Grantor], g)
	r.received[g.Subject] = append(r.received[g.Subject], g)
}

func (r *rights) remove(id string) {
	g, known := r.byID[id]
	if !known {
		return
	}
	delete(r.byID, id)
	is := func(other *grant) bool { return other == g }
	r.holding[g.Context] = slices.DeleteFunc(r.holding[g.Context], is)
	r.given[g.Grantor] = slices.DeleteFunc(r.given[g.Grantor], is)
	r.received[g.Subject] = slices.DeleteFunc(r.received[g.Subject], is)
}

// forget removes everything that a subject was given.
func (r *rights) forget(subject identifier) {
	for _, g := range slices.Clone(r.received[subject]) {
		r.remove(g.ID)
	}
}

// permissions is what a login may do now; roles are for the access token. A
// token login has the permissions of its token, for life.
func (st *state) permissions(l *login) (permissions, roles []string) {
	if l.Token != "" {
		return slices.Clone(st.tokens[l.Token].permissions), nil
	}
	return st.permissionsOf(l.Subject, l.Context)
}

// permissionsOf is what a subject may do in a context by its own right.
func (st *state) permissionsOf(subject, context identifier) (permissions, roles []string) {
	who := st.registry.aliases(subject)
	set := make(map[string]bool)
	switch {
	case st.owns(who, context):
		roles = []string{"Owner"}
		for _, p := range ownerPermissions() {
			set[p] = true
		}
		set[enforcement] = st.registry.enforces(context.Value)
	case subject.Type == typePeppolID && context == subject:
		// A provider registers itself by its first login; what it may send
		// depends on the authorisations that taxpayers give it.
		roles = []string{"PeppolProvider"}
		set[pefInvoiceWrite] = slices.ContainsFunc(st.rights.received[subject], func(g *grant) bool { return g.Scope == pefInvoicing })
	}
	for _, g := range st.rights.holding[context] {
		if g.Family != familyAuthorization && slices.Contains(who, g.Subject) {
			set[g.Scope] = true
		}
	}
	for _, p := range st.passedOn(who, context) {
		set[p] = true
	}
	return st.known(set), roles
}

// owns reports whether somebody is the owner of a context: its NIP, or the person
// to whom the NIP belongs.
func (st *state) owns(who []identifier, context identifier) bool {
	return context.Type == typeNIP && slices.Contains(who, context)
}

// passedOn is what a subject was given by companies that the context trusted
// with permissions to be passed on.
func (st *state) passedOn(who []identifier, context identifier) (scopes []string) {
	for _, trusted := range st.rights.holding[context] {
		if trusted.Family != familyEntity || !trusted.Delegates {
			continue
		}
		for _, g := range st.rights.given[trusted.Subject] {
			if g.Family == familyIndirect && g.Scope == trusted.Scope && slices.Contains(who, g.Subject) &&
				(g.Target == nil || *g.Target == context) {
				scopes = append(scopes, g.Scope)
			}
		}
	}
	return scopes
}

// known is the set in the order in which permissions are listed.
func (st *state) known(set map[string]bool) (list []string) {
	for _, p := range allPermissions() {
		if set[p] {
			list = append(list, p)
		}
	}
	return list
}

// active reports whether a right allows anything now: one that was passed on for
// a certain client lapses with the client's trust.
func (st *state) activeGrant(g *grant) bool {
	if g.Family != familyIndirect || g.Target == nil {
		return true
	}
	return slices.ContainsFunc(st.rights.holding[*g.Target], func(trust *grant) bool {
		return trust.Family == familyEntity && trust.Delegates && trust.Subject == g.Grantor && trust.Scope == g.Scope
	})
}

// mayIssue reports whether a context may issue an invoice for the seller on it.
func (st *state) mayIssue(context identifier, f *facts) bool {
	own := string(context.nip())
	seller := identifier{typeNIP, string(f.Seller)}
	authorized := func(scope string) bool {
		return slices.ContainsFunc(st.rights.given[seller], func(g *grant) bool {
			return g.Family == familyAuthorization && g.Scope == scope && g.Subject == identifier{typeNIP, own}
		})
	}
	acts := f.Authorized
	switch {
	case own == "":
		return false
	case own == seller.Value:
		return true
	case f.SelfInvoicing && f.Buyer.Value == own && authorized(selfInvoicing):
		return true
	case strings.HasSuffix(f.Kind, "_RR") && f.Buyer.Value == own:
		return authorized(rrInvoicing)
	case acts != nil && acts.NIP == own && acts.Role == roleTaxRepresentative:
		return authorized(taxRepresentative)
	case acts != nil && acts.NIP == own:
		return st.registry.enforces(own)
	}
	return st.registry.parents[own] == seller.Value && slices.ContainsFunc(f.Thirds, func(t thirdParty) bool {
		return t.Identifier.Value == own && (t.Role == roleJSTIssuer || t.Role == roleGroupIssuer)
	})
}
