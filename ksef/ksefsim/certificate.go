package ksefsim

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Types and statuses of KSeF certificates.
const (
	certificateAuthentication = "Authentication" // logs in
	certificateOffline        = "Offline"        // signs the links of offline invoices

	certificateActive  = "Active"
	certificateBlocked = "Blocked"
	certificateRevoked = "Revoked"
	certificateExpired = "Expired"
)

// certificate is a KSeF certificate.
type certificate struct {
	enrolmentAsked
	validTo time.Time // may have been shortened
	revoked bool
	used    time.Time
}

func (c *certificate) status(now time.Time) string {
	switch {
	case c.revoked:
		return certificateRevoked
	case !now.Before(c.validTo):
		return certificateExpired
	}
	return certificateActive
}

// enrolment is a request for a certificate.
type enrolment struct {
	enrolmentAsked
	settled bool
	polls   int
}

// vault holds KSeF certificates, the requests for them and who issues them.
type vault struct {
	ksef, qualified *authority

	enrolments map[string]*enrolment // by reference
	asked      map[identifier]int    // requests by subject
	bySerial   map[string]*certificate
	owned      map[identifier][]*certificate // by subject, oldest first
	keys       map[digest]identifier         // certified public keys and whose they are
}

func newVault() vault {
	return vault{
		enrolments: make(map[string]*enrolment),
		asked:      make(map[identifier]int),
		bySerial:   make(map[string]*certificate),
		owned:      make(map[identifier][]*certificate),
		keys:       make(map[digest]identifier),
	}
}

// of lists the certificates of a subject under all its identifiers.
func (v *vault) of(aliases []identifier) (list []*certificate) {
	for _, id := range aliases {
		list = append(list, v.owned[id]...)
	}
	return list
}

// active counts those of a list that can be used.
func active(list []*certificate, now time.Time) (n int) {
	for _, c := range list {
		if c.status(now) == certificateActive {
			n++
		}
	}
	return n
}

// isSerial reports whether a text has the form of a serial number.
func isSerial(text string) bool {
	raw, err := hex.DecodeString(text)
	return err == nil && len(raw) == 8 && strings.ToUpper(text) == text
}

// enrolmentAsked says that a certificate was asked for. It is made already, and
// valid when it is due; a rejected request has none.
type enrolmentAsked struct {
	Reference  string     `json:"reference"`
	At         time.Time  `json:"at"`
	Due        time.Time  `json:"due"`
	Subject    identifier `json:"subject"`
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	CommonName string     `json:"commonName"`
	Key        digest     `json:"key"` // SHA-256 of the public key
	Serial     string     `json:"serial,omitempty"`
	DER        []byte     `json:"der,omitempty"`
	ValidFrom  time.Time  `json:"validFrom,omitzero"`
	ValidTo    time.Time  `json:"validTo,omitzero"`
	Outcome    outcome    `json:"outcome"`
}

func (*enrolmentAsked) kind() string { return "enrolment" }

func (e *enrolmentAsked) apply(st *state) error {
	st.vault.enrolments[e.Reference] = &enrolment{enrolmentAsked: *e, polls: st.pace.polls}
	st.vault.asked[e.Subject]++
	if e.Outcome.Code == statusDone {
		st.vault.keys[e.Key] = e.Subject
	}
	if !st.pace.stepped() {
		reference := e.Reference
		st.agenda.add(e.Due, func(st *state, _ time.Time) error { return st.settleEnrolment(reference) })
	}
	return nil
}

func (st *state) settleEnrolment(reference string) error {
	if st.vault.enrolments[reference].settled {
		return nil
	}
	return st.commit(&enrolmentSettled{Reference: reference})
}

// enrolmentSettled gives out the certificate of a request.
type enrolmentSettled struct {
	Reference string `json:"reference"`
}

func (*enrolmentSettled) kind() string { return "enrolment-settled" }

func (e *enrolmentSettled) apply(st *state) error {
	en, known := st.vault.enrolments[e.Reference]
	if !known {
		return errUnknownReference
	}
	en.settled = true
	if en.Outcome.Code != statusDone {
		return nil
	}
	c := &certificate{enrolmentAsked: en.enrolmentAsked, validTo: en.ValidTo}
	st.vault.bySerial[c.Serial] = c
	st.vault.owned[c.Subject] = append(st.vault.owned[c.Subject], c)
	return nil
}

// certificateChanged revokes a certificate or shortens its validity.
type certificateChanged struct {
	Serial  string    `json:"serial"`
	Revoked bool      `json:"revoked,omitempty"`
	ValidTo time.Time `json:"validTo,omitzero"`
}

func (*certificateChanged) kind() string { return "certificate" }

func (e *certificateChanged) apply(st *state) error {
	c, known := st.vault.bySerial[e.Serial]
	if !known {
		return errUnknownReference
	}
	c.revoked = c.revoked || e.Revoked
	if !e.ValidTo.IsZero() {
		c.validTo = e.ValidTo
	}
	return nil
}

// markUse notes the use of a certificate by a login.
func (st *state) markUse(e *loginStarted) {
	if c, known := st.vault.bySerial[e.Certificate]; known {
		c.used = e.At
	}
}

// ownedBy reports whether a certificate belongs to whoever asks.
func (c *certificate) ownedBy(aliases []identifier) bool { return slices.Contains(aliases, c.Subject) }
