package xades

import (
	"bytes"
	"crypto"
	"errors"
	"slices"
	"strings"
)

// reference is a ds:Reference.
type reference struct {
	uri, kind  string
	transforms transforms
	hash       crypto.Hash
	digest     []byte
}

// transforms is what a list of ds:Transform comes to: every accepted one either
// leaves the signature out, decodes Base64 or is a canonicalisation.
type transforms struct {
	enveloped bool
	base64    bool
	form      canon // empty method: none given
}

func (v *verifier) readReference(i int32) (reference, error) {
	var r reference
	uri, hasURI := v.attribute(i, "URI")
	if !hasURI {
		return r, fail(RuleReference, "a reference without URI")
	}
	r.uri = uri
	r.kind, _ = v.attribute(i, "Type")
	s, err := v.sequence(i)
	if err != nil {
		return r, structure(err)
	}
	if list, ok := s.next(nsDS, "Transforms"); ok {
		if r.transforms, err = v.readTransforms(list); err != nil {
			return r, err
		}
	}
	if r.hash, r.digest, err = v.readDigest(s); err != nil {
		return r, err
	}
	if len(s.list) > 0 {
		return r, structure(errOrder)
	}
	return r, nil
}

// readDigest reads DigestMethod and DigestValue, which also stand in CertDigest.
func (v *verifier) readDigest(s *sequence) (crypto.Hash, []byte, error) {
	method, ok1 := s.next(nsDS, "DigestMethod")
	value, ok2 := s.next(nsDS, "DigestValue")
	if !ok1 || !ok2 {
		return 0, nil, structure(errOrder)
	}
	uri, _ := v.attribute(method, "Algorithm")
	hash, ok := hashOf(uri)
	if !ok || hash == sha1 && !v.opt.AllowSHA1 {
		return 0, nil, fail(RuleAlgorithm, "digest algorithm not accepted")
	}
	digest, err := v.base64(value)
	if err != nil {
		return 0, nil, structure(err)
	}
	return hash, digest, nil
}

func (v *verifier) readTransforms(list int32) (transforms, error) {
	var out transforms
	s, err := v.sequence(list)
	if err != nil {
		return out, structure(err)
	}
	if len(s.list) > maxTransforms {
		return out, fail(RuleTransform, "too many transforms")
	}
	for len(s.list) > 0 {
		i, ok := s.next(nsDS, "Transform")
		if !ok {
			return out, structure(errOrder)
		}
		if err := v.readTransform(i, &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

// readTransform adds one transform. After a canonicalisation or a decoding there
// are bytes instead of nodes, so nothing may follow.
func (v *verifier) readTransform(i int32, out *transforms) error {
	if out.base64 || out.form.method != "" {
		return fail(RuleTransform, "a transform after the last possible one")
	}
	uri, _ := v.attribute(i, "Algorithm")
	switch uri {
	case transformEnveloped, transformBase64:
		if children, err := v.elements(i); err != nil || len(children) > 0 {
			return fail(RuleTransform, "a transform with parameters that it does not have")
		}
		out.enveloped = out.enveloped || uri == transformEnveloped
		out.base64 = uri == transformBase64
		return nil
	case transformXPath, transformFilter2:
		out.enveloped = true
		return v.readFilter(i, uri)
	}
	if !Canonicalization(uri).Known() {
		return fail(RuleTransform, "transform not accepted")
	}
	form, err := v.readCanon(i)
	out.form = form
	return err
}

var errFilter = errors.New("the only XPath accepted leaves ds:Signature out")

// readFilter accepts the two expressions that mean the same as the enveloped
// transform when the document has one signature: XPath
// not(ancestor-or-self::ds:Signature) and XPath Filter 2.0 subtracting
// /descendant::ds:Signature. XPath proper is never evaluated.
func (v *verifier) readFilter(i int32, uri string) error {
	space, want := nsDS, "not(ancestor-or-self::%:Signature)"
	if uri == transformFilter2 {
		space, want = nsXF2, "/descendant::%:Signature"
	}
	s, err := v.sequence(i)
	if err != nil {
		return structure(err)
	}
	xpath, ok := s.next(space, "XPath")
	if !ok || len(s.list) > 0 {
		return &Error{Rule: RuleTransform, Err: errFilter}
	}
	if filter, _ := v.attribute(xpath, "Filter"); uri == transformFilter2 && filter != "subtract" {
		return &Error{Rule: RuleTransform, Err: errFilter}
	}
	text, err := v.text(xpath)
	if err != nil {
		return structure(err)
	}
	before, after, _ := strings.Cut(want, "%")
	prefix := strings.TrimSuffix(strings.TrimPrefix(strings.Join(strings.Fields(text), ""), before), after)
	if before+prefix+after != strings.Join(strings.Fields(text), "") || prefix == "" || v.lookup(xpath, prefix) != nsDS {
		return &Error{Rule: RuleTransform, Err: errFilter}
	}
	return nil
}

// checkReferences resolves every reference, computes its digest, and sees that
// the document and the signed properties are among the targets, once each.
func (v *verifier) checkReferences() error {
	var document, properties bool
	for i := range v.references {
		r := &v.references[i]
		target, err := v.target(r)
		if err != nil {
			return err
		}
		switch {
		case target == v.properties.node:
			err = once(&properties)
		case strings.HasSuffix(r.kind, "#SignedProperties"):
			err = fail(RuleReference, "the reference to the signed properties leads elsewhere")
		case v.isDocument(target, r):
			err = once(&document)
		case !v.inside(target, v.keyInfo) && !v.insideObjects(target):
			err = fail(RuleReference, "a reference to a part of the document")
		}
		if err != nil {
			return err
		}
		if err := v.checkDigest(r, target); err != nil {
			return err
		}
	}
	switch {
	case !document:
		return fail(RuleReference, "no reference covers the document")
	case !properties:
		return fail(RuleProfile, "no reference covers the signed properties")
	}
	return nil
}

func once(seen *bool) error {
	if *seen {
		return fail(RuleReference, "two references to the document or to the signed properties")
	}
	*seen = true
	return nil
}

// target resolves a URI: empty is the document, #id an element of it. Whatever
// else there is in the world, detached signatures included, is refused.
func (v *verifier) target(r *reference) (int32, error) {
	if r.uri == "" {
		return v.root, nil
	}
	id, ok := strings.CutPrefix(r.uri, "#")
	if !ok {
		return 0, fail(RuleReference, "a reference that leads outside the document")
	}
	node, ok := v.ids.find(id)
	if !ok {
		return 0, fail(RuleReference, "a reference that leads nowhere")
	}
	return node, nil
}

// isDocument reports whether a target is the document: the root of an enveloped
// signature; in an enveloping one an object (or the element in it) other than
// the one of the qualifying properties.
func (v *verifier) isDocument(target int32, r *reference) bool {
	if !v.enveloping() {
		return target == v.root
	}
	if v.nodes[target].parent == v.signature {
		return slices.Contains(v.objects, target) && target != v.properties.object && v.openObject(target, r)
	}
	object := v.nodes[target].parent
	if !slices.Contains(v.objects, object) || object == v.properties.object || r.transforms.base64 {
		return false
	}
	v.content = target
	return true
}

// openObject finds the document in a signed object: its one element, or its text
// when that is Base64.
func (v *verifier) openObject(object int32, r *reference) bool {
	if r.transforms.base64 {
		decoded, err := v.base64(object)
		v.decoded = decoded
		return err == nil
	}
	children, err := v.elements(object)
	if err != nil || len(children) != 1 {
		return false
	}
	v.content = children[0]
	return true
}

func (v *verifier) insideObjects(i int32) bool {
	return slices.ContainsFunc(v.objects, func(object int32) bool { return v.inside(i, object) })
}

var errDigest = errors.New("the digest of a reference differs from its content")

// checkDigest recomputes a digest over exactly what the reference selects.
func (v *verifier) checkDigest(r *reference, target int32) error {
	whole := target == v.root
	if whole != r.transforms.enveloped {
		return fail(RuleTransform, "the signature is left out of the document and of nothing else")
	}
	content, err := v.selected(r, target)
	if err != nil {
		return err
	}
	h := r.hash.New()
	h.Write(content)
	if !bytes.Equal(h.Sum(nil), r.digest) {
		return &Error{Rule: RuleDigest, Err: errDigest}
	}
	return nil
}

// selected applies the transforms. Nodes that no transform turned into bytes are
// canonicalised by C14N 1.0 (XML-DSig 4.4.3.2).
func (v *verifier) selected(r *reference, target int32) ([]byte, error) {
	if r.transforms.base64 {
		content, err := v.base64(target)
		if err != nil {
			return nil, &Error{Rule: RuleTransform, Err: err}
		}
		return content, nil
	}
	form, skip := r.transforms.form, int32(-1)
	if form.method == "" {
		form.method = C14N10
	}
	if r.transforms.enveloped {
		skip = v.signature
	}
	content, err := v.canonical(target, skip, form)
	if err != nil {
		return nil, &Error{Rule: RuleTransform, Err: err}
	}
	return content, nil
}
