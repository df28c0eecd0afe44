package ksefsim

import (
	"errors"
	"fmt"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

// Namespaces of a login document. They differ in how strictly their schemas
// describe addresses; the simulator is strict with both.
const (
	authNamespace20 = "http://ksef.mf.gov.pl/auth/token/2.0"
	authNamespace21 = "http://ksef.mf.gov.pl/auth/token/2.1"
)

// Ways to say who logs in.
const (
	byCertificateSubject     = "certificateSubject"
	byCertificateFingerprint = "certificateFingerprint"
)

// authRequest is the content of a login document (AuthTokenRequest).
type authRequest struct {
	challenge string
	context   identifier
	subject   string // byCertificateSubject or byCertificateFingerprint
	policy    *ipPolicy
}

// parseAuthRequest reads a login document from which the signature has been
// taken out. Order, cardinality and patterns are those of the schema with two
// corrections: ^ and $ in its patterns anchor, as they do in the real system.
// The errors become details of exception 21401 and quote nothing.
func parseAuthRequest(doc []byte) (*authRequest, error) {
	p := &authParser{scan: xmlscan.New(doc, xmlscan.Config{MaxSize: maxXML, MaxDepth: 16, MaxAttributes: 64})}
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.kind != xmlscan.Start || string(p.scan.Local()) != "AuthTokenRequest" || !p.known(string(p.scan.Space())) {
		return nil, errors.New("the root element is not AuthTokenRequest in a known namespace")
	}
	r := new(authRequest)
	if err := p.children(func() error { return p.request(r) }); err != nil {
		return nil, err
	}
	if p.kind != xmlscan.EOF {
		return nil, errors.New("there is content after the root element")
	}
	return r, nil
}

// authParser reads elements in the order of the schema. Between its steps the
// scanner stands on a Start, an End or the end of the document.
type authParser struct {
	scan      *xmlscan.Scanner
	kind      xmlscan.Kind
	namespace string
}

func (p *authParser) known(namespace string) bool {
	p.namespace = namespace
	return namespace == authNamespace20 || namespace == authNamespace21
}

// next goes to the next tag; text between tags must be blank.
func (p *authParser) next() error {
	for {
		kind, err := p.scan.Next()
		if err != nil {
			return err
		}
		if kind == xmlscan.Text {
			if !p.scan.Blank() {
				return errors.New("there is text between elements")
			}
			continue
		}
		p.kind = kind
		return nil
	}
}

// at reports whether the scanner stands on the start of an element.
func (p *authParser) at(name string) bool {
	return p.kind == xmlscan.Start && string(p.scan.Local()) == name && string(p.scan.Space()) == p.namespace
}

// children reads what is inside the current element and goes past its end.
func (p *authParser) children(read func() error) error {
	name := string(p.scan.Local())
	if err := p.attributes(); err != nil {
		return err
	}
	if err := p.next(); err != nil {
		return err
	}
	if err := read(); err != nil {
		return err
	}
	if p.kind != xmlscan.End {
		return fmt.Errorf("element %s has an unexpected child", name)
	}
	return p.next()
}

// attributes admits what any schema-valid document may carry: hints in the
// namespace of schema instances.
func (p *authParser) attributes() error {
	for _, a := range p.scan.Attrs() {
		if string(a.Space) != "http://www.w3.org/2001/XMLSchema-instance" {
			return errors.New("an element has an unexpected attribute")
		}
	}
	return nil
}

// text reads an element of text that has to come now.
func (p *authParser) text(name string) (string, error) {
	if !p.at(name) {
		return "", fmt.Errorf("element %s is expected", name)
	}
	if err := p.attributes(); err != nil {
		return "", err
	}
	var value []byte
	for {
		kind, err := p.scan.Next()
		if err != nil {
			return "", err
		}
		switch kind {
		case xmlscan.Text:
			value = p.scan.AppendText(value)
		case xmlscan.End:
			return string(value), p.next()
		default:
			return "", fmt.Errorf("element %s has a child", name)
		}
	}
}

// token reads an element whose white space is collapsed.
func (p *authParser) token(name string) (string, error) {
	value, err := p.text(name)
	return strings.Join(strings.FieldsFunc(value, isXMLSpace), " "), err
}

func isXMLSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// request reads the children of the root.
func (p *authParser) request(r *authRequest) (err error) {
	if r.challenge, err = p.token("Challenge"); err != nil {
		return err
	}
	if !isChallenge(r.challenge) {
		return errors.New("element Challenge does not match its pattern")
	}
	if !p.at("ContextIdentifier") {
		return errors.New("element ContextIdentifier is expected")
	}
	if err := p.children(func() error { return p.context(r) }); err != nil {
		return err
	}
	if r.subject, err = p.token("SubjectIdentifierType"); err != nil {
		return err
	}
	if r.subject != byCertificateSubject && r.subject != byCertificateFingerprint {
		return errors.New("element SubjectIdentifierType has a value outside its list")
	}
	if p.at("AuthorizationPolicy") {
		return p.children(func() error { return p.policy(r) })
	}
	return nil
}

// context reads the one identifier of the context.
func (p *authParser) context(r *authRequest) error {
	if p.kind != xmlscan.Start {
		return errors.New("element ContextIdentifier is empty")
	}
	name := string(p.scan.Local())
	value, err := p.text(name)
	if err != nil {
		return err
	}
	id, valid := contextOf(name, value)
	if !valid || id.Type != name {
		return errors.New("element ContextIdentifier holds no valid identifier")
	}
	r.context = id
	return nil
}

// policy reads AuthorizationPolicy: addresses, then ranges, then masks.
func (p *authParser) policy(r *authRequest) error {
	if !p.at("AllowedIps") {
		return errors.New("element AllowedIps is expected")
	}
	r.policy = new(ipPolicy)
	return p.children(func() error { return p.allowedIPs(r.policy) })
}

func (p *authParser) allowedIPs(policy *ipPolicy) error {
	for _, group := range []struct {
		name  string
		items *[]string
	}{{"Ip4Address", &policy.Addresses}, {"Ip4Range", &policy.Ranges}, {"Ip4Mask", &policy.Masks}} {
		for p.at(group.name) {
			value, err := p.token(group.name)
			if err != nil {
				return err
			}
			*group.items = append(*group.items, value)
		}
	}
	var k checker
	if policy.check(&k); k.faults != nil {
		return errors.New("element AllowedIps holds too many or malformed addresses")
	}
	return nil
}

// isChallenge is the pattern yyyymmdd-CR-XXXXXXXXXX-XXXXXXXXXX-XX.
func isChallenge(s string) bool {
	return matchesShape(s, "dddddddd-CR-XXXXXXXXXX-XXXXXXXXXX-XX")
}

// matchesShape compares a text with a shape in which d stands for a digit and X
// for an upper-case hexadecimal one.
func matchesShape(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		if !fitsShape(s[i], shape[i]) {
			return false
		}
	}
	return true
}

func fitsShape(c, want byte) bool {
	digit := '0' <= c && c <= '9'
	switch want {
	case 'd':
		return digit
	case 'X':
		return digit || 'A' <= c && c <= 'F'
	}
	return c == want
}
