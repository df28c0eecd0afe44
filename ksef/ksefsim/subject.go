package ksefsim

import (
	"slices"
	"time"
)

// Kinds of subjects that take part in KSeF in a role of their own.
const (
	kindEnforcement = "EnforcementAuthority"
	kindVATGroup    = "VatGroup"
	kindJST         = "JST"
)

// Roles of entities, as listed by the API.
const (
	roleBailiff      = "CourtBailiff"
	roleEnforcement  = "EnforcementAuthority"
	roleJST          = "LocalGovernmentUnit"
	roleJSTMember    = "LocalGovernmentSubUnit"
	roleGroup        = "VatGroupUnit"
	roleGroupMember  = "VatGroupSubUnit"
	describedBailiff = "Komornik sądowy"
)

// subject is an entity with a role, entered as test data.
type subject struct {
	NIP         string    `json:"nip"`
	Kind        string    `json:"kind"`
	Description string    `json:"description"`
	Units       []unit    `json:"units,omitempty"`
	Created     time.Time `json:"created"`
}

// unit is a member of a VAT group or a part of a local government.
type unit struct {
	NIP         string `json:"subjectNip"`
	Description string `json:"description"`
}

// natural is a natural person whose NIP and PESEL are known to belong together.
type natural struct {
	NIP         string    `json:"nip"`
	PESEL       string    `json:"pesel"`
	Bailiff     bool      `json:"bailiff,omitempty"`
	Deceased    bool      `json:"deceased,omitempty"`
	Description string    `json:"description"`
	Created     time.Time `json:"created"`
}

// registry is what the test data say about subjects, persons and contexts.
type registry struct {
	subjects    map[string]*subject // by NIP
	parents     map[string]string   // NIP of a unit to the NIP of what it belongs to
	persons     map[string]*natural // by NIP
	latest      map[string]time.Time
	attachments map[string]consent  // by NIP
	blocked     map[identifier]bool // contexts that nobody may enter
}

// consent is the consent to send invoices with attachments.
type consent struct {
	Given   bool      `json:"given"`
	Revoked time.Time `json:"revoked,omitzero"` // when it ended or ends
}

func newRegistry() registry {
	return registry{
		subjects:    make(map[string]*subject),
		parents:     make(map[string]string),
		persons:     make(map[string]*natural),
		latest:      make(map[string]time.Time),
		attachments: make(map[string]consent),
		blocked:     make(map[identifier]bool),
	}
}

// entityRole is a role of an entity, with what it is a part of.
type entityRole struct {
	role, parent, description string
	since                     time.Time
}

// roles lists the roles of a NIP.
func (r *registry) roles(nip string) (list []entityRole) {
	if s, known := r.subjects[nip]; known {
		role := map[string]string{kindEnforcement: roleEnforcement, kindVATGroup: roleGroup, kindJST: roleJST}[s.Kind]
		list = append(list, entityRole{role, "", s.Description, s.Created})
	}
	if p, known := r.persons[nip]; known && p.Bailiff {
		list = append(list, entityRole{roleBailiff, "", describedBailiff, p.Created})
	}
	if parent, known := r.parents[nip]; known {
		list = append(list, r.membership(parent, nip))
	}
	return list
}

// membership is the role of a unit in what it belongs to.
func (r *registry) membership(parent, nip string) entityRole {
	s := r.subjects[parent]
	out := entityRole{role: roleJSTMember, parent: parent, since: s.Created}
	if s.Kind == kindVATGroup {
		out.role = roleGroupMember
	}
	for _, u := range s.Units {
		if u.NIP == nip {
			out.description = u.Description
		}
	}
	return out
}

// has reports whether a NIP has one of the roles.
func (r *registry) has(nip string, roles ...string) bool {
	return slices.ContainsFunc(r.roles(nip), func(e entityRole) bool { return slices.Contains(roles, e.role) })
}

// enforces reports whether a NIP may carry out enforcement.
func (r *registry) enforces(nip string) bool { return r.has(nip, roleEnforcement, roleBailiff) }

// aliases are the identifiers under which a subject holds rights: its own and,
// for a person whose NIP and PESEL are known to belong together, the other.
func (r *registry) aliases(id identifier) []identifier {
	list := []identifier{id}
	for _, p := range r.persons {
		switch {
		case id == identifier{typeNIP, p.NIP}:
			list = append(list, identifier{typePESEL, p.PESEL})
		case id == identifier{typePESEL, p.PESEL}:
			list = append(list, identifier{typeNIP, p.NIP})
		}
	}
	return list
}

// deceased reports whether credentials are those of a person who died.
func (r *registry) deceased(id identifier) bool {
	for _, p := range r.persons {
		if p.Deceased && (id == identifier{typeNIP, p.NIP} || id == identifier{typePESEL, p.PESEL}) {
			return true
		}
	}
	return false
}

// mayAttach reports whether a NIP may send invoices with attachments.
func (r *registry) mayAttach(nip string, now time.Time) bool {
	c := r.attachments[nip]
	return c.Given && (c.Revoked.IsZero() || now.Before(c.Revoked))
}

// subjectEntered says that an entity with a role exists.
type subjectEntered struct{ subject }

func (*subjectEntered) kind() string { return "subject" }

func (e *subjectEntered) apply(st *state) error {
	s := e.subject
	st.registry.subjects[s.NIP] = &s
	st.registry.latest[s.NIP] = s.Created
	for _, u := range s.Units {
		st.registry.parents[u.NIP] = s.NIP
	}
	return nil
}

// personEntered says that a person owns a NIP.
type personEntered struct{ natural }

func (*personEntered) kind() string { return "person" }

func (e *personEntered) apply(st *state) error {
	p := e.natural
	st.registry.persons[p.NIP] = &p
	st.registry.latest[p.NIP] = p.Created
	return nil
}

// subjectRemoved takes an entity with its units, or a person, away again with
// all rights that test data gave.
type subjectRemoved struct {
	NIP    string `json:"nip"`
	Person bool   `json:"person,omitempty"`
}

func (*subjectRemoved) kind() string { return "subject-removed" }

func (e *subjectRemoved) apply(st *state) error {
	r := &st.registry
	if e.Person {
		if p, known := r.persons[e.NIP]; known {
			delete(r.persons, e.NIP)
			st.rights.forget(identifier{typePESEL, p.PESEL})
			st.rights.forget(identifier{typeNIP, p.NIP})
		}
		return nil
	}
	delete(r.subjects, e.NIP)
	for member, parent := range r.parents {
		if parent == e.NIP {
			delete(r.parents, member)
		}
	}
	return nil
}

// consentChanged says whether a NIP may send attachments.
type consentChanged struct {
	NIP string `json:"nip"`
	consent
}

func (*consentChanged) kind() string { return "attachments" }

func (e *consentChanged) apply(st *state) error {
	st.registry.attachments[e.NIP] = e.consent
	return nil
}

// contextBlocked says whether a context may be entered.
type contextBlocked struct {
	Context identifier `json:"context"`
	Blocked bool       `json:"blocked"`
}

func (*contextBlocked) kind() string { return "context-blocked" }

func (e *contextBlocked) apply(st *state) error {
	if e.Blocked {
		st.registry.blocked[e.Context] = true
	} else {
		delete(st.registry.blocked, e.Context)
	}
	return nil
}
