package ksefsim

import (
	"bytes"
	"cmp"
	"errors"
	"strconv"
	"strings"
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
	request, identity, err := s.judgeSigned(c, raw)
	if err != nil {
		return nil, err
	}
	subject, method, err := identify(request, identity)
	if err != nil {
		return nil, err
	}
	chain, err := c.wantsChain()
	if err != nil {
		return nil, err
	}
	hash := sumOf(raw)
	return s.startLogin(c, &loginStarted{
		Challenge:    request.challenge,
		Context:      request.context,
		Subject:      subject,
		Person:       personOf(identity),
		Method:       method,
		Policy:       request.policy,
		DocumentHash: hash[:],
		Outcome:      chain,
	})
}

// wantsChain reads the parameter that asks for a verified chain where
// self-signed certificates are accepted otherwise. The simulator trusts no
// issuer, so no chain can be verified and the login fails later.
func (c *call) wantsChain() (outcome, error) {
	const name = "verifyCertificateChain"
	text := c.request.URL.Query().Get(name)
	wanted, err := strconv.ParseBool(strings.ToLower(cmp.Or(text, "false")))
	switch {
	case err != nil:
		return outcome{}, refusef(codeValidation, "The value '%s' is not valid for '%s'.", clip(text), name)
	case wanted:
		return outcome{Code: loginCertificateError, Details: []string{detailChain}}, nil
	}
	return outcome{}, nil
}

// judgeSigned checks a signed login document: that it is XML, that exactly one
// XAdES signature covers all of it, that the certificate is good now and that
// the content is an AuthTokenRequest. A byte order mark is not part of XML.
func (s *Server) judgeSigned(c *call, raw []byte) (*authRequest, xades.Identity, error) {
	doc := bytes.TrimPrefix(raw, bom)
	if err := readable(doc); err != nil {
		return nil, xades.Identity{}, err
	}
	verified, err := xades.Verify(doc, xades.VerifyOptions{Now: c.now})
	if err != nil {
		return nil, xades.Identity{}, signatureProblem(err)
	}
	request, err := parseAuthRequest(verified.Content)
	if err != nil {
		return nil, xades.Identity{}, refuse(codeSchema, err.Error())
	}
	identity, err := xades.SubjectOf(verified.Certificate)
	if err != nil {
		return nil, xades.Identity{}, signatureProblem(err)
	}
	return request, identity, nil
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

// personOf is what the access token tells about the holder of a certificate.
func personOf(who xades.Identity) person {
	return person{
		CommonName:   who.CommonName,
		GivenName:    who.GivenName,
		Surname:      who.Surname,
		Organization: who.Organization,
	}
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
