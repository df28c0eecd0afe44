package ksef

import (
	"bytes"
	"encoding/xml"
)

// SubjectType says how KSeF finds out who logs in with a certificate.
type SubjectType string

const (
	// BySubject reads NIP or PESEL from the certificate's subject.
	BySubject SubjectType = "certificateSubject"
	// ByFingerprint takes the SHA-256 of the certificate, to which permissions
	// were granted before; for certificates without NIP and PESEL.
	ByFingerprint SubjectType = "certificateFingerprint"
)

// AuthTokenRequest is the document that is signed to log in.
type AuthTokenRequest struct {
	// Challenge as received.
	Challenge string
	Context   ContextID
	// Subject is BySubject if empty.
	Subject SubjectType
	Policy  IPPolicy
}

// The two versions of the document's namespace differ in the patterns for IPv4
// addresses only: the first version's cannot be checked by common validators.
// Servers before API 2.5.0 know the first only.
const (
	authNamespace20 = "http://ksef.mf.gov.pl/auth/token/2.0"
	authNamespace21 = "http://ksef.mf.gov.pl/auth/token/2.1"
)

// AppendXML appends the unsigned document to dst: one line, UTF-8, every
// element in the namespace. It checks the parts itself, because the official
// schema rejects valid Peppol and EU identifiers with common validators.
func (r AuthTokenRequest) AppendXML(dst []byte) ([]byte, error) {
	const op = "write login document"
	if err := r.check(op); err != nil {
		return nil, err
	}
	ns := authNamespace20
	if !r.Policy.IsZero() {
		ns = authNamespace21
	}
	subject := r.Subject
	if subject == "" {
		subject = BySubject
	}
	w := bytes.NewBuffer(dst)
	w.WriteString(`<?xml version="1.0" encoding="UTF-8"?><AuthTokenRequest xmlns="` + ns + `">`)
	element(w, "Challenge", r.Challenge)
	w.WriteString("<ContextIdentifier>")
	element(w, string(r.Context.Type), r.Context.Value)
	w.WriteString("</ContextIdentifier>")
	element(w, "SubjectIdentifierType", string(subject))
	r.Policy.appendXML(w)
	w.WriteString("</AuthTokenRequest>")
	return w.Bytes(), nil
}

func (r AuthTokenRequest) check(op string) error {
	if _, plain := param(r.Challenge); !plain {
		return invalid(op, "challenge is not a plain word")
	}
	if r.Subject != "" && r.Subject != BySubject && r.Subject != ByFingerprint {
		return invalid(op, "subject type is neither certificateSubject nor certificateFingerprint")
	}
	if err := r.Context.Check(); err != nil {
		return err
	}
	c := checker{op: op}
	r.Policy.check(&c, "authorizationPolicy")
	return c.err()
}

func (p IPPolicy) appendXML(w *bytes.Buffer) {
	if p.IsZero() {
		return
	}
	w.WriteString("<AuthorizationPolicy><AllowedIps>")
	for _, a := range p.Addresses {
		element(w, "Ip4Address", a)
	}
	for _, r := range p.Ranges {
		element(w, "Ip4Range", r)
	}
	for _, m := range p.Masks {
		element(w, "Ip4Mask", m)
	}
	w.WriteString("</AllowedIps></AuthorizationPolicy>")
}

func element(w *bytes.Buffer, name, text string) {
	w.WriteString("<" + name + ">")
	_ = xml.EscapeText(w, []byte(text))
	w.WriteString("</" + name + ">")
}
