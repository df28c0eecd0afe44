package ksefsim

import (
	"fmt"
	"strings"
	"time"
)

// retrieveCertificates answers POST /certificates/retrieve. Numbers that are not
// among the caller's certificates are left out.
func (s *Server) retrieveCertificates(c *call) (*reply, error) {
	var body struct {
		Serials []string `json:"certificateSerialNumbers"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	if k.require("certificateSerialNumbers", len(body.Serials) > 0) {
		k.check(len(body.Serials) <= 10, "'certificateSerialNumbers' must contain no more than 10 items.")
	}
	for i, serial := range body.Serials {
		k.check(isSerial(serial), "'certificateSerialNumbers[%d]' is not in the correct format.", i)
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	type item struct {
		Certificate []byte `json:"certificate"`
		Name        string `json:"certificateName"`
		Serial      string `json:"certificateSerialNumber"`
		Type        string `json:"certificateType"`
	}
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	list, who := []item{}, st.registry.aliases(c.subject)
	for _, serial := range body.Serials {
		if cert, known := st.vault.bySerial[serial]; known && cert.ownedBy(who) {
			list = append(list, item{cert.DER, cert.Name, cert.Serial, cert.Type})
		}
	}
	return ok(map[string]any{"certificates": list}), nil
}

// certificateFilter is what POST /certificates/query asks for.
type certificateFilter struct {
	Serial  string `json:"certificateSerialNumber"`
	Name    string `json:"name"`
	Type    string `json:"type"`
	Status  string `json:"status"`
	Expires string `json:"expiresAfter"`
	expires time.Time
}

func (f *certificateFilter) check(k *checker) {
	k.check(f.Serial == "" || isSerial(f.Serial), "'certificateSerialNumber' is not in the correct format.")
	f.Type = k.maybeOne("type", f.Type, certificateAuthentication, certificateOffline)
	f.Status = k.maybeOne("status", f.Status, certificateActive, certificateBlocked, certificateRevoked, certificateExpired)
	f.expires = k.instant("expiresAfter", f.Expires)
}

func (f *certificateFilter) matches(c *certificate, now time.Time) bool {
	return (f.Serial == "" || f.Serial == c.Serial) &&
		strings.Contains(strings.ToLower(c.Name), strings.ToLower(f.Name)) &&
		(f.Type == "" || f.Type == c.Type) && (f.Status == "" || f.Status == c.status(now)) &&
		(f.expires.IsZero() || c.validTo.After(f.expires))
}

// certificateItem is a certificate in a list.
type certificateItem struct {
	Serial     string     `json:"certificateSerialNumber"`
	Name       string     `json:"name"`
	Type       string     `json:"type"`
	CommonName string     `json:"commonName"`
	Status     string     `json:"status"`
	Subject    identifier `json:"subjectIdentifier"`
	ValidFrom  stamp      `json:"validFrom"`
	ValidTo    stamp      `json:"validTo"`
	LastUse    *stamp     `json:"lastUseDate,omitempty"`
	Requested  stamp      `json:"requestDate"`
}

// queryCertificates answers POST /certificates/query, the latest request first.
func (s *Server) queryCertificates(c *call) (*reply, error) {
	var f certificateFilter
	if err := c.readJSON(&f); err != nil {
		return nil, err
	}
	var k checker
	f.check(&k)
	sheet := k.sheet(c.request.URL.Query(), 10, 50)
	if err := k.err(); err != nil {
		return nil, err
	}
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	all := st.vault.of(st.registry.aliases(c.subject))
	list := []certificateItem{}
	for i := len(all) - 1; i >= 0; i-- {
		if cert := all[i]; f.matches(cert, c.now) {
			list = append(list, certificateItem{
				cert.Serial, cert.Name, cert.Type, cert.CommonName, cert.status(c.now), cert.Subject,
				stamp(cert.ValidFrom), stamp(cert.validTo), optional[stamp](cert.used), stamp(cert.At),
			})
		}
	}
	page, more := cut(list, sheet)
	return ok(map[string]any{"certificates": page, "hasMore": more}), nil
}

// revokeCertificate answers POST /certificates/{serial}/revoke.
func (s *Server) revokeCertificate(c *call) (*reply, error) {
	var body struct {
		Reason string `json:"revocationReason"`
	}
	if err := c.readOptional(&body); err != nil {
		return nil, err
	}
	var k checker
	k.maybeOne("revocationReason", body.Reason, "Unspecified", "Superseded", "KeyCompromise")
	if err := k.err(); err != nil {
		return nil, err
	}
	if err := c.signedOnly(); err != nil {
		return nil, err
	}
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	cert, err := st.findCertificate(c, c.request.PathValue("certificateSerialNumber"))
	if err != nil {
		return nil, err
	}
	if cert.status(c.now) != certificateActive {
		return nil, refuse(codeCertificateState)
	}
	return noContent(), st.commit(&certificateChanged{Serial: cert.Serial, Revoked: true})
}

// findCertificate finds a certificate of the caller.
func (st *state) findCertificate(c *call, serial string) (*certificate, error) {
	cert, known := st.vault.bySerial[serial]
	if !known || !cert.ownedBy(st.registry.aliases(c.subject)) {
		return nil, refuse(codeNoCertificate)
	}
	return cert, nil
}

// testCertificate answers PUT /testdata/certificates/{serial}.
func (s *Server) testCertificate(c *call) (*reply, error) {
	var body struct {
		ValidTo string `json:"validTo"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	k.require("validTo", body.ValidTo != "")
	until := k.instant("validTo", body.ValidTo)
	if err := k.err(); err != nil {
		return nil, err
	}
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	cert, err := st.findCertificate(c, c.request.PathValue("serialNumber"))
	if err != nil {
		return nil, err
	}
	if until.After(cert.validTo) {
		return nil, refuse(codeValidation, "'validTo' must not be later than the current value.")
	}
	return done(), st.commit(&certificateChanged{Serial: cert.Serial, ValidTo: until})
}

// readOptional is readJSON for a body that may be absent.
func (c *call) readOptional(v any) error {
	raw, err := c.readBody(maxBody)
	if err != nil || len(raw) == 0 {
		return err
	}
	return decodeJSON(raw, v)
}

func hexOf(raw []byte) string { return fmt.Sprintf("%x", raw) }
