package ksefsim

import (
	"crypto/x509"
	"math/big"
	"regexp"
	"strings"
	"time"
)

// Statuses of a request for a certificate.
const (
	enrolmentRejected  = 400
	detailKeyTaken     = "Klucz publiczny został już certyfikowany przez inny podmiot."
	certificateYears   = 2
	mostEnrolments     = 300 // by NIP
	mostCertificates   = 100
	fewestEnrolments   = 12 // by PESEL or fingerprint
	fewestCertificates = 6
)

func enrolmentText(code int) string {
	switch code {
	case statusAccepted:
		return "Wniosek przyjęty do realizacji"
	case statusDone:
		return "Wniosek obsłużony (certyfikat wygenerowany)"
	case enrolmentRejected:
		return "Wniosek odrzucony"
	}
	return "Nieznany błąd"
}

// certificateLimits answers GET /certificates/limits.
func (s *Server) certificateLimits(c *call) (*reply, error) {
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	limits := st.limits.subject(c.subject)
	asked := st.vault.asked[c.subject]
	held := active(st.vault.of(st.registry.aliases(c.subject)), c.now)
	type remaining struct {
		Remaining int `json:"remaining"`
		Limit     int `json:"limit"`
	}
	return ok(struct {
		CanRequest  bool      `json:"canRequest"`
		Enrollment  remaining `json:"enrollment"`
		Certificate remaining `json:"certificate"`
	}{
		!c.byToken() && asked < limits.Enrolments && held < limits.Certificates,
		remaining{max(limits.Enrolments-asked, 0), limits.Enrolments},
		remaining{max(limits.Certificates-held, 0), limits.Certificates},
	}), nil
}

// enrolmentData answers GET /certificates/enrollments/data: what the certificate
// of the login names, to be copied into the request.
func (s *Server) enrolmentData(c *call) (*reply, error) {
	if c.byToken() {
		return nil, refuse(codeNoCSRData)
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	l, known := s.state.logins[c.bearer.Login]
	if !known {
		return nil, unauthorized("the login of the token is unknown")
	}
	return ok(l.Person), nil
}

var certificateName = regexp.MustCompile(`^[a-zA-Z0-9_\- ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]+$`)

// enrolmentBody is the body of POST /certificates/enrollments.
type enrolmentBody struct {
	Name      string `json:"certificateName"`
	Type      string `json:"certificateType"`
	CSR       []byte `json:"csr"`
	ValidFrom string `json:"validFrom"`
}

// enrol answers POST /certificates/enrollments.
func (s *Server) enrol(c *call) (*reply, error) {
	var body enrolmentBody
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	k.length("certificateName", body.Name, 5, 100)
	k.check(body.Name == "" || certificateName.MatchString(body.Name), "'certificateName' is not in the correct format.")
	kind := k.one("certificateType", body.Type, certificateAuthentication, certificateOffline)
	k.require("csr", len(body.CSR) > 0)
	from := c.now
	if body.ValidFrom != "" {
		from = k.instant("validFrom", body.ValidFrom)
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	if c.byToken() {
		return nil, refuse(codeNoEnrolment)
	}
	named, err := s.mayEnrol(c)
	if err != nil {
		return nil, err
	}
	csr, err := parseCSR(body.CSR, named)
	if err != nil {
		return nil, err
	}
	e := &enrolmentAsked{
		At: c.now, Subject: c.subject, Name: body.Name, Type: kind, CommonName: named.CommonName,
		Key: sumOf(csr.RawSubjectPublicKeyInfo), ValidFrom: from.Truncate(time.Second),
	}
	if err := s.certificateFor(e, csr); err != nil {
		return nil, err
	}
	return s.startEnrolment(c, e)
}

// mayEnrol checks the limits of the caller and returns whom its login names.
func (s *Server) mayEnrol(c *call) (person, error) {
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	l, known := st.logins[c.bearer.Login]
	limits := st.limits.subject(c.subject)
	switch {
	case !known:
		return person{}, unauthorized("the login of the token is unknown")
	case st.vault.asked[c.subject] >= limits.Enrolments:
		return person{}, refuse(codeEnrolmentLimit)
	case active(st.vault.of(st.registry.aliases(c.subject)), c.now) >= limits.Certificates:
		return person{}, refuse(codeCertificateLimit)
	}
	return l.Person, nil
}

// certificateFor makes the certificate of a request.
func (s *Server) certificateFor(e *enrolmentAsked, csr *x509.CertificateRequest) (err error) {
	serial := newSerial(s.chance)
	e.Serial = strings.ToUpper(hexOf(serial))
	e.ValidTo = e.ValidFrom.AddDate(certificateYears, 0, 0)
	usage := x509.KeyUsageDigitalSignature
	if e.Type == certificateOffline {
		usage = x509.KeyUsageContentCommitment
	}
	e.DER, err = s.authorities().ksef.issue(&x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		RawSubject:   csr.RawSubject,
		NotBefore:    e.ValidFrom,
		NotAfter:     e.ValidTo,
		KeyUsage:     usage,
	}, csr.PublicKey, s.chance)
	return err
}

func (s *Server) startEnrolment(c *call, e *enrolmentAsked) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	e.Due, e.Reference = st.pace.due(c.now), st.numbers.reference(kindExport, c.now)
	e.Outcome = outcome{Code: statusDone}
	if owner, taken := st.vault.keys[e.Key]; taken && owner != e.Subject {
		e.Outcome = outcome{Code: enrolmentRejected, Details: []string{detailKeyTaken}}
		e.Serial, e.DER = "", nil
	}
	if err := st.commit(e); err != nil {
		return nil, err
	}
	if err := st.advance(c.now); err != nil {
		return nil, err
	}
	return accepted(struct {
		ReferenceNumber string `json:"referenceNumber"`
		Timestamp       stamp  `json:"timestamp"`
	}{e.Reference, stamp(c.now)}), nil
}

// enrolmentStatus answers GET /certificates/enrollments/{referenceNumber}.
func (s *Server) enrolmentStatus(c *call) (*reply, error) {
	reference := c.request.PathValue("referenceNumber")
	st := s.state
	st.mu.Lock() // asking is a step when results come by polling
	defer st.mu.Unlock()
	en, known := st.vault.enrolments[reference]
	switch {
	case !known || en.Subject != c.subject:
		return nil, refuse(codeEnrolmentUnknown)
	case c.now.Sub(en.At) >= operationRetention:
		return nil, gone()
	}
	if st.pace.stepped() && !en.settled {
		if en.polls--; en.polls < 0 {
			if err := st.settleEnrolment(reference); err != nil {
				return nil, err
			}
		}
	}
	told, serial := outcome{Code: statusAccepted}, ""
	if en.settled {
		told, serial = en.Outcome, en.Serial
	}
	return ok(struct {
		RequestDate stamp      `json:"requestDate"`
		Status      statusInfo `json:"status"`
		Serial      string     `json:"certificateSerialNumber,omitempty"`
	}{stamp(en.At), told.info(enrolmentText), serial}), nil
}
