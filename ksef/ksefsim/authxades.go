package ksefsim

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/ksef/xades"
)

// initResponse answers the start of a login.
type initResponse struct {
	ReferenceNumber     string    `json:"referenceNumber"`
	AuthenticationToken tokenInfo `json:"authenticationToken"`
}

// loginWithSignature answers POST /auth/xades-signature.
func (s *Server) loginWithSignature(c *call) (*reply, error) {
	raw, err := c.readBody(maxXML)
	if err != nil {
		return nil, err
	}
	request, verified, err := s.judgeSigned(c, raw)
	if err != nil {
		return nil, err
	}
	identity, err := xades.SubjectOf(verified.Certificate)
	if err != nil {
		return nil, signatureProblem(err)
	}
	subject, method, err := identify(request, identity)
	if err != nil {
		return nil, err
	}
	e := &loginStarted{
		Challenge: request.challenge,
		Context:   request.context,
		Subject:   subject,
		Method:    method,
		Policy:    request.policy,
	}
	e.Person, _ = nameOf(&verified.Certificate.Subject)
	hash := sumOf(raw)
	e.DocumentHash = hash[:]
	if err := s.judgeIssuer(c, verified.Certificate, e); err != nil {
		return nil, err
	}
	return s.startLogin(c, e)
}

// wantsChain reads the parameter that asks for a verified chain where
// self-signed certificates are accepted otherwise.
func (c *call) wantsChain() (bool, error) {
	const name = "verifyCertificateChain"
	text := c.request.URL.Query().Get(name)
	wanted, err := strconv.ParseBool(strings.ToLower(cmp.Or(text, "false")))
	if err != nil {
		return false, refusef(codeValidation, "The value '%s' is not valid for '%s'.", clip(text), name)
	}
	return wanted, nil
}

// judgeIssuer asks who issued a certificate. That of a KSeF certificate knows
// whether it may log in; strangers log in on the test environment only, and
// there only while nobody asks for their chain.
func (s *Server) judgeIssuer(c *call, cert *x509.Certificate, e *loginStarted) error {
	chain, err := c.wantsChain()
	if err != nil {
		return err
	}
	issuers := s.authorities()
	switch {
	case issuers.ksef.issued(cert):
		e.Method = methodInternal
		e.Certificate, e.Outcome = s.judgeCertificate(cert, c.now)
	case issuers.qualified.issued(cert):
	case !s.cfg.Profile.testing():
		return refuse(codeCertificate)
	case chain:
		e.Outcome = outcome{Code: loginCertificateError, Details: []string{detailChain}}
	}
	return nil
}

// judgeCertificate says whether a KSeF certificate may log in.
func (s *Server) judgeCertificate(cert *x509.Certificate, now time.Time) (serial string, out outcome) {
	fails := func(detail string) (string, outcome) {
		return serial, outcome{Code: loginCertificateError, Details: []string{detail}}
	}
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	known, found := st.vault.bySerial[fmt.Sprintf("%016X", cert.SerialNumber)]
	if !found || !bytes.Equal(known.DER, cert.Raw) {
		return fails(detailUnfit)
	}
	serial = known.Serial
	switch status := known.status(now); {
	case known.Type != certificateAuthentication:
		return fails(detailUnfit)
	case status == certificateRevoked:
		return fails(detailWithdrawn)
	case status == certificateExpired:
		return fails(detailExpired)
	}
	return serial, outcome{}
}

// judgeSigned checks a signed login document: that it is XML, that exactly one
// XAdES signature covers all of it, that the certificate is good now and that
// the content is an AuthTokenRequest. A byte order mark is not part of XML.
func (s *Server) judgeSigned(c *call, raw []byte) (*authRequest, *xades.Verified, error) {
	doc := bytes.TrimPrefix(raw, bom)
	if err := readable(doc); err != nil {
		return nil, nil, err
	}
	verified, err := xades.Verify(doc, xades.VerifyOptions{Now: c.now})
	if err != nil {
		return nil, nil, signatureProblem(err)
	}
	request, err := parseAuthRequest(verified.Content)
	if err != nil {
		return nil, nil, refuse(codeSchema, err.Error())
	}
	return request, verified, nil
}

// readable tells content that is no XML document at all, or not in UTF-8, from
// documents whose signature is wrong.
func readable(doc []byte) error {
	if !utf8.Valid(doc) {
		return refuse(codeEncoding)
	}
	scan := xmlscan.New(doc, xmlscan.Config{MaxSize: maxXML})
	for {
		kind, err := scan.Next()
		var syntax *xmlscan.SyntaxError
		switch {
		case errors.As(err, &syntax) && syntax.Code == xmlscan.CodeEncoding:
			return refuse(codeEncoding)
		case errors.As(err, &syntax) && (syntax.Code == xmlscan.CodeDoctype || syntax.Code == xmlscan.CodeInstruction):
			return refuse(codeDocument, syntax.Error())
		case err != nil:
			return refuse(codeUnreadable)
		case kind == xmlscan.EOF:
			return nil
		}
	}
}

// signatureProblem maps a rule that a signature broke to an exception.
func signatureProblem(err error) error {
	var broken *xades.Error
	if !errors.As(err, &broken) {
		return err
	}
	code := broken.Rule.KSeFCode()
	switch broken.Rule {
	case xades.RuleProfile:
		return refuse(code, "Format podpisu nie znajduje się na liście akceptowanych profili XAdES.")
	case xades.RuleAlgorithm:
		return refuse(code, "Nieobsługiwany algorytm podpisu.")
	case xades.RuleStructure:
		return refuse(code, "Nieprawidłowa treść podpisu.")
	}
	if code == codeSignature {
		return refuse(code, "Podpis zweryfikowany negatywnie.")
	}
	return refuse(code)
}

// identify decides who logs in and by which method. The context must be of a
// type that the subject can act in: a Peppol provider in its own kind of
// context and nobody else there.
func identify(request *authRequest, who xades.Identity) (identifier, string, error) {
	subject, method := subjectOf(who)
	if request.subject == byCertificateFingerprint {
		subject = identifier{typeFingerprint, who.Fingerprint}
	}
	if subject.Type == "" {
		return identifier{}, "", refuse(codeIdentityConflict)
	}
	if (subject.Type == typePeppolID) != (request.context.Type == typePeppolID) {
		return identifier{}, "", refuse(codeSubjectContext)
	}
	return subject, method, nil
}

// subjectOf is the identifier in a certificate's subject, and the method of
// login it makes.
func subjectOf(who xades.Identity) (identifier, string) {
	switch {
	case who.PeppolID != "":
		return identifier{typePeppolID, who.PeppolID}, methodPeppol
	case who.NIP != "" && who.Seal:
		return identifier{typeNIP, string(who.NIP)}, methodSeal
	case who.NIP != "":
		return identifier{typeNIP, string(who.NIP)}, methodSignature
	case who.PESEL != "":
		return identifier{typePESEL, string(who.PESEL)}, methodSignature
	case who.Seal:
		return identifier{}, methodSeal
	}
	return identifier{}, methodSignature
}

// startLogin consumes the challenge and begins the login of a judged request.
func (s *Server) startLogin(c *call, e *loginStarted) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	if _, err := st.challenge(e.Challenge, c.now); err != nil {
		return nil, err
	}
	e.At, e.Reference = c.now, st.numbers.reference(kindLogin, c.now)
	if e.Outcome.Code == 0 {
		e.Outcome = st.mayEnter(e)
	}
	e.Due = st.pace.due(c.now)
	if err := st.commit(e); err != nil {
		return nil, err
	}
	if err := st.advance(c.now); err != nil {
		return nil, err
	}
	token := s.signer.issue(claims{Type: tokenOperation, Login: e.Reference}, c.now, operationLife)
	return accepted(initResponse{e.Reference, token}), nil
}
