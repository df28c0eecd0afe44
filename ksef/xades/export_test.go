package xades

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
)

// IssuerName and RawECDSA are tested from outside.
var (
	IssuerName = issuerName
	RawECDSA   = rawECDSA
)

// Seal recomputes the digests and the value of the one signature in doc, however
// improper that signature is: it is how tests make forgeries that only the rule
// under test can catch. References it cannot compute keep their digests.
func Seal(doc []byte, key crypto.Signer) ([]byte, error) {
	for i := 0; ; i++ {
		v, err := unchecked(doc)
		if err != nil {
			return nil, err
		}
		if i == len(v.references) {
			value, err := v.sealValue(key)
			if err != nil {
				return nil, err
			}
			return v.replace("SignatureValue", 0, value), nil
		}
		r := &v.references[i]
		target, err := v.target(r)
		if err != nil {
			continue
		}
		content, err := v.selected(r, target)
		if err != nil {
			continue
		}
		h := r.hash.New()
		h.Write(content)
		doc = v.replace("DigestValue", i, h.Sum(nil))
	}
}

func unchecked(doc []byte) (*verifier, error) {
	t, err := parse(doc, 0)
	if err != nil {
		return nil, err
	}
	v := &verifier{tree: t, opt: VerifyOptions{AllowSHA1: true}}
	for i := range v.nodes {
		if v.nodes[i].is(nsDS, "Signature") {
			v.signature = int32(i)
			break
		}
	}
	v.ids, _ = t.identifiers()
	return v, v.readSignature()
}

func (v *verifier) sealValue(key crypto.Signer) ([]byte, error) {
	form, err := v.canonicalSignedInfo(v.info, v.infoForm)
	if err != nil {
		return nil, err
	}
	h := v.method.hash.New()
	h.Write(form)
	var opts crypto.SignerOpts = v.method.hash
	if v.method.scheme == schemePSS {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: v.method.hash}
	}
	value, err := key.Sign(rand.Reader, h.Sum(nil), opts)
	if pub, ok := key.Public().(*ecdsa.PublicKey); ok && err == nil {
		return rawECDSA(value, fieldSize(pub.Curve))
	}
	return value, err
}

// replace writes a new Base64 value into the nth ds element of a name.
func (v *verifier) replace(local string, nth int, value []byte) []byte {
	for i := v.signature; i < v.nodes[v.signature].end; i++ {
		n := &v.nodes[i]
		if !n.is(nsDS, local) {
			continue
		}
		if nth--; nth >= 0 {
			continue
		}
		end := bytes.LastIndex(v.doc[:n.stop], []byte("</"))
		var out []byte
		out = append(out, v.doc[:n.content]...)
		out = base64.StdEncoding.AppendEncode(out, value)
		return append(out, v.doc[end:]...)
	}
	panic(errors.New("no such element"))
}
