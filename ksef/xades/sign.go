package xades

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"io"
	"time"
)

// Options are the circumstances of a signature. The zero value signs now.
type Options struct {
	// SigningTime is written into the signature in whole seconds of UTC. Zero
	// means one minute ago, the tolerance for clocks that the official client
	// uses too.
	SigningTime time.Time
	// Random feeds the signer; nil means crypto/rand.
	Random io.Reader
}

// Sign returns doc with an enveloped XAdES-BES signature as the last child of
// its root, in the one form that every KSeF environment accepts: exclusive
// canonicalisation, SHA-256 digests, SigningCertificate in its first version,
// RSA PKCS#1 v1.5 or ECDSA with the value as r||s. ECDSA keys on P-384 and P-521
// sign with SHA-384 and SHA-512, all others with SHA-256.
//
// Not one byte of doc outside the signature changes, and everything but the
// signature value is determined by the arguments. Nobody may reformat the result
// afterwards.
//
// The signer may be anything that keeps the key of cert: a file, a token, a
// remote service. An *Error reports a document that cannot be signed
// (RuleDocument, RuleManySignatures, RuleDuplicateID), a key under RSA 2048 or
// P-256 (RuleKey) and a certificate of another key (RuleCertificate); whether
// the certificate is still valid is left to the server.
func Sign(doc []byte, signer crypto.Signer, cert *x509.Certificate, opt Options) ([]byte, error) {
	s, err := newSignature(signer, cert, opt)
	if err != nil {
		return nil, err
	}
	t, err := signable(doc)
	if err != nil {
		return nil, err
	}
	form, err := t.canonical(t.root, -1, canon{method: Exclusive})
	if err != nil {
		return nil, err
	}
	s.document = sha256.Sum256(form)
	// The canonical form is a scratch buffer from here on.
	scratch := s.appendSignedProperties(form[:0], true)
	s.properties = sha256.Sum256(scratch)
	scratch = s.appendSignedInfo(scratch[:0], true)
	if s.value, err = s.sign(scratch); err != nil {
		return nil, err
	}
	return s.insert(t), nil
}

// signature is what the template in write.go is filled with.
type signature struct {
	signer crypto.Signer
	cert   *x509.Certificate
	random io.Reader
	method string
	hash   crypto.Hash
	time   time.Time
	issuer string

	certDigest, document, properties [sha256.Size]byte
	value                            []byte
}

func newSignature(signer crypto.Signer, cert *x509.Certificate, opt Options) (*signature, error) {
	if signer == nil || cert == nil {
		return nil, fail(RuleCertificate, "a signer and its certificate are needed")
	}
	if err := checkKey(cert.PublicKey); err != nil {
		return nil, err
	}
	if !samePublicKey(signer.Public(), cert.PublicKey) {
		return nil, fail(RuleCertificate, "the certificate belongs to another key")
	}
	s := &signature{signer: signer, cert: cert, random: opt.Random, time: opt.SigningTime}
	if s.random == nil {
		s.random = rand.Reader
	}
	if s.time.IsZero() {
		s.time = time.Now().Add(-time.Minute)
	}
	s.method, s.hash = methodFor(cert.PublicKey)
	s.certDigest = sha256.Sum256(cert.Raw)
	var err error
	if s.issuer, err = issuerName(cert.RawIssuer); err != nil {
		return nil, &Error{Rule: RuleCertificate, Err: err}
	}
	return s, nil
}

func samePublicKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// methodFor picks the algorithm for a key: the digest matches the curve.
func methodFor(pub crypto.PublicKey) (string, crypto.Hash) {
	k, ok := pub.(*ecdsa.PublicKey)
	switch {
	case !ok:
		return methodRSASHA256, crypto.SHA256
	case k.Curve == elliptic.P384():
		return methodECDSASHA384, crypto.SHA384
	case k.Curve == elliptic.P521():
		return methodECDSASHA512, crypto.SHA512
	default:
		return methodECDSASHA256, crypto.SHA256
	}
}

// signable reads a document that is to be signed.
func signable(doc []byte) (*tree, error) {
	t, err := parse(doc, 0)
	switch {
	case err != nil:
		return nil, err
	case t.bom:
		return nil, fail(RuleDocument, "the KSeF refuses a byte order mark")
	}
	for i := range t.nodes {
		if t.nodes[i].is(nsDS, "Signature") {
			return nil, fail(RuleManySignatures, "the document is signed already")
		}
	}
	ids, err := t.identifiers()
	if err != nil {
		return nil, err
	}
	for _, id := range []string{idSignature, idSignedProperties} {
		if _, taken := ids.find(id); taken {
			return nil, fail(RuleDuplicateID, "the document uses an identifier of the signature")
		}
	}
	return t, nil
}

var errSignerOutput = errors.New("the signer returned no ECDSA signature")

// sign signs the canonical SignedInfo.
func (s *signature) sign(info []byte) ([]byte, error) {
	h := s.hash.New()
	h.Write(info)
	value, err := s.signer.Sign(s.random, h.Sum(nil), s.hash)
	if err != nil {
		return nil, &Error{Rule: RuleSignatureValue, Err: err}
	}
	k, ok := s.cert.PublicKey.(*ecdsa.PublicKey)
	if !ok {
		return value, nil
	}
	raw, err := rawECDSA(value, fieldSize(k.Curve))
	if err != nil {
		return nil, &Error{Rule: RuleSignatureValue, Err: err}
	}
	return raw, nil
}

// insert puts the signature before the end tag of the root; a root written as an
// empty-element tag gets an end tag.
func (s *signature) insert(t *tree) []byte {
	root := &t.nodes[t.root]
	size := len(t.doc) + len(s.cert.Raw)*4/3 + len(s.value)*4/3 + len(s.issuer) + 2600
	out := make([]byte, 0, size)
	if root.selfClosed {
		tag := bytes.TrimSuffix(t.doc[:root.stop], []byte("/>"))
		out = append(append(out, tag...), '>')
		out = s.append(out)
		out = append(append(append(out, '<', '/'), root.name...), '>')
		return append(out, t.doc[root.stop:]...)
	}
	end := bytes.LastIndex(t.doc[:root.stop], []byte("</"))
	out = append(out, t.doc[:end]...)
	out = s.append(out)
	return append(out, t.doc[end:]...)
}
