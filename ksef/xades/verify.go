package xades

import (
	"crypto/x509"
	"time"
)

// VerifyOptions narrow what Verify accepts. The zero value checks everything in
// the document and the certificate's dates at the signing time, and trusts any
// certificate: that is the login check of the test environment.
type VerifyOptions struct {
	// Now is the instant at which the certificate has to be valid. Zero means
	// the signing time that the signature claims: right for archives, where
	// certificates have long expired, wrong for a login.
	Now time.Time
	// Roots, when not nil, have to be reached from the signing certificate,
	// through Intermediates and the other certificates in the signature.
	Roots         *x509.CertPool
	Intermediates *x509.CertPool
	// AllowSHA1 accepts signatures and digests that rest on SHA-1. Nothing new
	// may be accepted that way; it is for reading old archives.
	AllowSHA1 bool
	// MaxSize bounds the document in bytes; zero means DefaultMaxSize.
	MaxSize int
}

// Verified is what a valid signature proves.
type Verified struct {
	// Certificate is the one that SigningCertificate describes and whose key
	// made the signature.
	Certificate *x509.Certificate
	// Others are the further certificates in KeyInfo, nothing of which is
	// checked.
	Others []*x509.Certificate
	// SigningTime is the signer's claim, in UTC.
	SigningTime time.Time
	// Method is the identifier of the signature algorithm.
	Method string
	// Content is the document that is signed and nothing besides: read this,
	// never the input. For an enveloped signature it is the input without the
	// signature and without comments, which no reference covers. For an
	// enveloping one it is the element inside ds:Object in canonical form, or
	// the decoded text of a Base64 object, which may not even be XML.
	Content []byte
	// Enveloping tells that the signature was around the document.
	Enveloping bool
}

// Verify checks a XAdES signature over doc, enveloped (a child of the root) or
// enveloping (the root). There has to be exactly one; it has to cover the whole
// document and its own signed properties; these have to describe the certificate
// whose key made the signature; every algorithm and transform has to be on the
// list of the KSeF, without SHA-1, XSLT and anything that fetches or computes.
//
// The first broken rule is reported as an *Error. Verify does not ask whether
// the certificate was revoked.
func Verify(doc []byte, opt VerifyOptions) (*Verified, error) {
	t, err := parse(doc, opt.MaxSize)
	if err != nil {
		return nil, err
	}
	v := &verifier{tree: t, opt: opt}
	if err := v.locate(); err != nil {
		return nil, err
	}
	if v.ids, err = t.identifiers(); err != nil {
		return nil, err
	}
	if err := v.readSignature(); err != nil {
		return nil, err
	}
	if err := v.readProperties(); err != nil {
		return nil, err
	}
	if err := v.checkReferences(); err != nil {
		return nil, err
	}
	if err := v.selectCertificate(); err != nil {
		return nil, err
	}
	if err := v.checkValue(); err != nil {
		return nil, err
	}
	if err := v.checkCertificate(); err != nil {
		return nil, err
	}
	return v.result()
}

// verifier collects what is read from the signature on the way.
type verifier struct {
	*tree
	opt VerifyOptions
	ids identifiers

	// Nodes.
	signature  int32
	id         string // of the signature
	info       int32  // SignedInfo
	value      []byte
	method     signatureMethod
	methodURI  string
	infoForm   canon
	references []reference
	keyInfo    int32
	objects    []int32

	properties  properties
	certificate *x509.Certificate
	others      []*x509.Certificate

	content int32  // the signed object or element of an enveloping signature
	decoded []byte // its Base64 content
}

// locate finds the one signature and its place.
func (v *verifier) locate() error {
	found := 0
	for i := range v.nodes {
		if v.nodes[i].is(nsDS, "Signature") {
			v.signature = int32(i)
			found++
		}
	}
	switch {
	case found == 0:
		return fail(RuleNoSignature, "there is no ds:Signature")
	case found > 1:
		return fail(RuleManySignatures, "there is more than one ds:Signature")
	case !v.enveloping() && v.nodes[v.signature].parent != v.root:
		return fail(RuleNoSignature, "ds:Signature stands neither at the root nor directly under it")
	}
	return nil
}

func (v *verifier) enveloping() bool { return v.signature == v.root }

// checkValue verifies the signature over the canonical SignedInfo.
func (v *verifier) checkValue() error {
	if err := checkKey(v.certificate.PublicKey); err != nil {
		return err
	}
	form, err := v.canonicalSignedInfo(v.info, v.infoForm)
	if err != nil {
		return &Error{Rule: RuleTransform, Err: err}
	}
	h := v.method.hash.New()
	h.Write(form)
	if err := v.method.verify(v.certificate.PublicKey, h.Sum(nil), v.value); err != nil {
		return &Error{Rule: RuleSignatureValue, Err: err}
	}
	return nil
}

func (v *verifier) result() (*Verified, error) {
	content, err := v.signedContent()
	if err != nil {
		return nil, err
	}
	return &Verified{
		Certificate: v.certificate,
		Others:      v.others,
		SigningTime: v.properties.time,
		Method:      v.methodURI,
		Content:     content,
		Enveloping:  v.enveloping(),
	}, nil
}

// signedContent returns what the reference to the document covers.
func (v *verifier) signedContent() ([]byte, error) {
	if !v.enveloping() {
		return v.withoutSignature(), nil
	}
	if v.decoded != nil {
		return v.decoded, nil
	}
	content, err := v.canonical(v.content, -1, canon{method: Exclusive})
	if err != nil {
		return nil, &Error{Rule: RuleTransform, Err: err}
	}
	return content, nil
}

// withoutSignature cuts the signature and all comments out of the document.
func (v *verifier) withoutSignature() []byte {
	sig := &v.nodes[v.signature]
	out := make([]byte, 0, len(v.doc)-int(sig.stop-sig.start))
	from := int32(0)
	for i := int32(0); i < int32(len(v.nodes)); i++ {
		n := &v.nodes[i]
		if i != v.signature && n.kind != commentNode {
			continue
		}
		out = append(out, v.doc[from:n.start]...)
		from = n.stop
		i = n.end - 1
	}
	return append(out, v.doc[from:]...)
}
