package ksefsim

import (
	"cmp"
	"fmt"
)

// Limits of invoices and sessions. A megabyte is a million bytes.
const (
	megabyte               = 1_000_000
	maxInvoiceMB           = 1
	maxInvoiceAttachmentMB = 3
	maxSessionInvoices     = 10_000
	maxCollected           = 500
)

// sessionLimits are the limits of one kind of session.
type sessionLimits struct {
	MaxInvoiceSizeInMB               int `json:"maxInvoiceSizeInMB"`
	MaxInvoiceWithAttachmentSizeInMB int `json:"maxInvoiceWithAttachmentSizeInMB"`
	MaxInvoices                      int `json:"maxInvoices"`
}

// collectiveLimits are the limits of a collective identifier.
type collectiveLimits struct {
	MaxInvoices int `json:"maxInvoices"`
}

// contextLimits are the limits of a context.
type contextLimits struct {
	OnlineSession        *sessionLimits    `json:"onlineSession"`
	BatchSession         *sessionLimits    `json:"batchSession"`
	CollectiveIdentifier *collectiveLimits `json:"collectiveIdentifier,omitempty"`
}

// subjectLimits are the limits of certificates of a subject.
type subjectLimits struct {
	Enrolments   int `json:"enrolments"`
	Certificates int `json:"certificates"`
}

// limitBook keeps the limits that test data changed.
type limitBook struct {
	level    Level
	contexts map[identifier]contextLimits
	subjects map[identifier]subjectLimits
	rates    map[identifier]rateTable
}

func newLimitBook(level Level) limitBook {
	return limitBook{
		level:    level,
		contexts: make(map[identifier]contextLimits),
		subjects: make(map[identifier]subjectLimits),
		rates:    make(map[identifier]rateTable),
	}
}

// context returns the limits of a context, those that nobody changed by default.
func (b *limitBook) context(id identifier) contextLimits {
	session := sessionLimits{maxInvoiceMB, maxInvoiceAttachmentMB, maxSessionInvoices}
	set := b.contexts[id]
	l := contextLimits{
		OnlineSession: cmp.Or(set.OnlineSession, &session),
		BatchSession:  cmp.Or(set.BatchSession, &session),
	}
	if !b.level.before(Level28) {
		l.CollectiveIdentifier = cmp.Or(set.CollectiveIdentifier, &collectiveLimits{maxCollected})
	}
	return l
}

// session returns the limits of one kind of session.
func (b *limitBook) session(id identifier, batch bool) *sessionLimits {
	l := b.context(id)
	if batch {
		return l.BatchSession
	}
	return l.OnlineSession
}

// subject returns the limits of a subject.
func (b *limitBook) subject(id identifier) subjectLimits {
	if l, set := b.subjects[id]; set {
		return l
	}
	return defaultSubjectLimits(id.Type)
}

func defaultSubjectLimits(kind string) subjectLimits {
	if kind == typeNIP {
		return subjectLimits{mostEnrolments, mostCertificates}
	}
	return subjectLimits{fewestEnrolments, fewestCertificates}
}

// contextLimits answers GET /limits/context.
func (s *Server) contextLimits(c *call) (*reply, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return ok(s.state.limits.context(c.context)), nil
}

// subjectLimits answers GET /limits/subject.
func (s *Server) subjectLimits(c *call) (*reply, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	l := s.state.limits.subject(c.subject)
	return ok(map[string]any{
		"enrollment":  map[string]int{"maxEnrollments": l.Enrolments},
		"certificate": map[string]int{"maxCertificates": l.Certificates},
	}), nil
}

// limitsChanged sets limits of one kind, or all its defaults when it has none.
type limitsChanged struct {
	Who     identifier     `json:"who"`
	Kind    string         `json:"kind"`
	Context *contextLimits `json:"context,omitempty"`
	Subject *subjectLimits `json:"subject,omitempty"`
	Rates   rateTable      `json:"rates,omitempty"`
}

// Kinds of limits.
const (
	limitContext = "context"
	limitSubject = "subject"
	limitRates   = "rates"
)

func (*limitsChanged) kind() string { return "limits" }

func (e *limitsChanged) apply(st *state) error {
	switch b := &st.limits; e.Kind {
	case limitContext:
		setLimit(b.contexts, e.Who, e.Context)
	case limitSubject:
		setLimit(b.subjects, e.Who, e.Subject)
	case limitRates:
		if e.Rates == nil {
			delete(b.rates, e.Who)
		} else {
			b.rates[e.Who] = e.Rates
		}
	}
	return nil
}

func setLimit[T any](all map[identifier]T, who identifier, value *T) {
	if value == nil {
		delete(all, who)
		return
	}
	all[who] = *value
}

// check faults limits that the test environment does not allow.
func (l *sessionLimits) check(k *checker, name string) {
	if !k.require(name, l != nil) {
		return
	}
	for _, v := range []struct {
		name        string
		value, most int
	}{
		{"maxInvoiceSizeInMB", l.MaxInvoiceSizeInMB, 5},
		{"maxInvoiceWithAttachmentSizeInMB", l.MaxInvoiceWithAttachmentSizeInMB, 10},
		{"maxInvoices", l.MaxInvoices, 100_000},
	} {
		k.check(0 <= v.value && v.value <= v.most, "'%s.%s' must be between 0 and %d. You entered %d.", name, v.name, v.most, v.value)
	}
}

// testContextLimits answers POST /testdata/limits/context/session.
func (s *Server) testContextLimits(c *call) (*reply, error) {
	var body contextLimits
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	body.OnlineSession.check(&k, "onlineSession")
	body.BatchSession.check(&k, "batchSession")
	if l := body.CollectiveIdentifier; l != nil {
		k.check(0 <= l.MaxInvoices && l.MaxInvoices <= maxCollected, "'collectiveIdentifier.maxInvoices' must be between 0 and %d. You entered %d.", maxCollected, l.MaxInvoices)
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.commitOne(&limitsChanged{Who: c.context, Kind: limitContext, Context: &body})
}

// testContextLimitsDefault answers DELETE /testdata/limits/context/session.
func (s *Server) testContextLimitsDefault(c *call) (*reply, error) {
	return s.commitOne(&limitsChanged{Who: c.context, Kind: limitContext})
}

// testSubjectLimits answers POST /testdata/limits/subject/certificate.
func (s *Server) testSubjectLimits(c *call) (*reply, error) {
	var body struct {
		Type       string `json:"subjectIdentifierType"`
		Enrollment *struct {
			Max *int `json:"maxEnrollments"`
		} `json:"enrollment"`
		Certificate *struct {
			Max *int `json:"maxCertificates"`
		} `json:"certificate"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	kind := k.maybeOne("subjectIdentifierType", body.Type, typeNIP, typePESEL, typeFingerprint)
	l := defaultSubjectLimits(cmp.Or(kind, c.subject.Type))
	if body.Enrollment != nil && body.Enrollment.Max != nil {
		l.Enrolments = *body.Enrollment.Max
	}
	if body.Certificate != nil && body.Certificate.Max != nil {
		l.Certificates = *body.Certificate.Max
	}
	k.check(l.Enrolments >= 0, "'enrollment.maxEnrollments' must be greater than or equal to '0'.")
	k.check(l.Certificates >= 0, "'certificate.maxCertificates' must be greater than or equal to '0'.")
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.commitOne(&limitsChanged{Who: s.aliasOf(c.subject, kind), Kind: limitSubject, Subject: &l})
}

// aliasOf is the identifier of a type under which a subject is known, its own
// when there is none.
func (s *Server) aliasOf(subject identifier, kind string) identifier {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	for _, id := range s.state.registry.aliases(subject) {
		if id.Type == kind {
			return id
		}
	}
	return subject
}

// testSubjectLimitsDefault answers DELETE /testdata/limits/subject/certificate.
func (s *Server) testSubjectLimitsDefault(c *call) (*reply, error) {
	return s.commitOne(&limitsChanged{Who: c.subject, Kind: limitSubject})
}

// testRates answers POST /testdata/rate-limits.
func (s *Server) testRates(c *call) (*reply, error) {
	var body struct {
		Rates map[string]*rateValues `json:"rateLimits"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	table := make(rateTable)
	if k.require("rateLimits", body.Rates != nil) {
		table = readRates(&k, body.Rates, s.cfg.Level)
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.commitOne(&limitsChanged{Who: c.context, Kind: limitRates, Rates: table})
}

// readRates reads the limits of all groups. Those that later levels of the API
// added may be absent.
func readRates(k *checker, given map[string]*rateValues, level Level) rateTable {
	table := make(rateTable)
	for _, g := range rateGroups(level) {
		v, found := rateOf(given, g.name)
		if !found {
			k.check(!g.since.before(Level28), "'rateLimits.%s' must not be empty.", g.name)
			table[g.name] = g.rateValues
			continue
		}
		for _, window := range []struct {
			name        string
			value, most int
		}{
			{"perSecond", v.PerSecond, 10 * g.PerSecond},
			{"perMinute", v.PerMinute, 10 * g.PerMinute},
			{"perHour", v.PerHour, 10 * g.PerHour},
		} {
			k.check(1 <= window.value && window.value <= window.most, "%s", fmt.Sprintf(
				"'rateLimits.%s.%s' must be between 1 and %d. You entered %d.", g.name, window.name, window.most, window.value))
		}
		table[g.name] = v
	}
	return table
}

// rateOf finds the limits of a group, its name in any case.
func rateOf(given map[string]*rateValues, group string) (rateValues, bool) {
	for name, v := range given {
		if found, is := canonical(name, group); is && v != nil && found == group {
			return *v, true
		}
	}
	return rateValues{}, false
}

// testRatesDefault answers DELETE /testdata/rate-limits.
func (s *Server) testRatesDefault(c *call) (*reply, error) {
	return s.commitOne(&limitsChanged{Who: c.context, Kind: limitRates})
}

// testRatesProduction answers POST /testdata/rate-limits/production.
func (s *Server) testRatesProduction(c *call) (*reply, error) {
	table := make(rateTable)
	for _, g := range rateGroups(s.cfg.Level) {
		table[g.name] = g.rateValues
	}
	return s.commitOne(&limitsChanged{Who: c.context, Kind: limitRates, Rates: table})
}
