package xades

import (
	"encoding/base64"
	"errors"
	"strings"
)

// Reading ds:Signature: strictly the sequence of XML-DSig, no element twice, no
// text between elements.

const xmlBlank = " \t\r\n"

var (
	errOrder   = errors.New("the elements are not those of XML-DSig in their order")
	errText    = errors.New("text between elements")
	errContent = errors.New("a value with elements or comments in it")
	errBase64  = errors.New("malformed Base64")
)

// elements returns the child elements of an element that holds nothing else.
func (t *tree) elements(i int32) ([]int32, error) {
	var out []int32
	for c := range t.children(i) {
		switch n := &t.nodes[c]; n.kind {
		case elementNode:
			out = append(out, c)
		case textNode:
			if strings.Trim(string(n.name), xmlBlank) != "" {
				return nil, errText
			}
		}
	}
	return out, nil
}

// text returns the characters of an element that holds nothing else. A comment
// is refused: implementations differ on which side of it the value is.
func (t *tree) text(i int32) (string, error) {
	var b strings.Builder
	for c := range t.children(i) {
		if t.nodes[c].kind != textNode {
			return "", errContent
		}
		b.Write(t.nodes[c].name)
	}
	return strings.Trim(b.String(), xmlBlank), nil
}

// base64 decodes the text of an element; white space may stand anywhere.
func (t *tree) base64(i int32) ([]byte, error) {
	s, err := t.text(i)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(s, xmlBlank) {
		s = strings.Map(func(r rune) rune {
			if strings.ContainsRune(xmlBlank, r) {
				return -1
			}
			return r
		}, s)
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) == 0 {
		return nil, errBase64
	}
	return b, nil
}

// sequence reads child elements in order.
type sequence struct {
	t    *tree
	list []int32
}

func (t *tree) sequence(i int32) (*sequence, error) {
	list, err := t.elements(i)
	return &sequence{t, list}, err
}

// next takes the next element if it has the name.
func (s *sequence) next(space, local string) (int32, bool) {
	if len(s.list) == 0 || !s.t.nodes[s.list[0]].is(space, local) {
		return 0, false
	}
	i := s.list[0]
	s.list = s.list[1:]
	return i, true
}

func structure(err error) error { return &Error{Rule: RuleStructure, Err: err} }

// readSignature reads ds:Signature: SignedInfo, SignatureValue, KeyInfo, Object*.
func (v *verifier) readSignature() error {
	v.id, _ = v.attribute(v.signature, "Id")
	s, err := v.sequence(v.signature)
	if err != nil {
		return structure(err)
	}
	info, ok1 := s.next(nsDS, "SignedInfo")
	value, ok2 := s.next(nsDS, "SignatureValue")
	if !ok1 || !ok2 {
		return structure(errOrder)
	}
	keyInfo, ok := s.next(nsDS, "KeyInfo")
	if !ok {
		return fail(RuleCertificate, "there is no KeyInfo with the certificate")
	}
	v.info, v.keyInfo = info, keyInfo
	for len(s.list) > 0 {
		object, ok := s.next(nsDS, "Object")
		if !ok {
			return structure(errOrder)
		}
		v.objects = append(v.objects, object)
	}
	if v.value, err = v.base64(value); err != nil {
		return structure(err)
	}
	return v.readSignedInfo()
}

func (v *verifier) readSignedInfo() error {
	s, err := v.sequence(v.info)
	if err != nil {
		return structure(err)
	}
	form, ok1 := s.next(nsDS, "CanonicalizationMethod")
	method, ok2 := s.next(nsDS, "SignatureMethod")
	if !ok1 || !ok2 {
		return structure(errOrder)
	}
	if v.infoForm, err = v.readCanon(form); err != nil {
		return err
	}
	if err := v.readMethod(method); err != nil {
		return err
	}
	for len(s.list) > 0 {
		ref, ok := s.next(nsDS, "Reference")
		if !ok {
			return structure(errOrder)
		}
		if len(v.references) == maxReferences {
			return fail(RuleReference, "too many references")
		}
		r, err := v.readReference(ref)
		if err != nil {
			return err
		}
		v.references = append(v.references, r)
	}
	return nil
}

func (v *verifier) readMethod(i int32) error {
	v.methodURI, _ = v.attribute(i, "Algorithm")
	method, ok := methodOf(v.methodURI)
	if !ok || method.hash == sha1 && !v.opt.AllowSHA1 {
		return fail(RuleAlgorithm, "signature algorithm not accepted")
	}
	if children, err := v.elements(i); err != nil || len(children) > 0 {
		return fail(RuleAlgorithm, "the signature algorithm takes no parameters")
	}
	v.method = method
	return nil
}

// readCanon reads an element with the identifier of a canonicalisation, which
// may have a PrefixList when it is exclusive.
func (v *verifier) readCanon(i int32) (canon, error) {
	uri, _ := v.attribute(i, "Algorithm")
	c := canon{method: Canonicalization(uri)}
	if !c.method.Known() {
		return c, fail(RuleAlgorithm, "canonicalisation not accepted")
	}
	s, err := v.sequence(i)
	if err != nil {
		return c, structure(err)
	}
	if list, ok := s.next(nsEC, "InclusiveNamespaces"); ok && c.method.exclusive() {
		text, _ := v.attribute(list, "PrefixList")
		c.prefixes = strings.Fields(text)
	}
	if len(s.list) > 0 || len(c.prefixes) > maxNamespaces {
		return c, fail(RuleAlgorithm, "canonicalisation with parameters that it does not have")
	}
	return c, nil
}
