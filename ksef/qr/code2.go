package qr

import (
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// CodeII is the signed link that says who issued an offline invoice (KOD II).
type CodeII struct {
	Base    string  // the environment: Production, Demo, Test or a simulator's address
	Context Context // for whom the issuer acts
	Seller  pl.NIP  // Podmiot1; its check digit is not judged
	// Serial is the serial number of the KSeF certificate: 16 digits 0-9 A-F
	// with leading zeros. Signer.Sign sets it.
	Serial string
	Hash   Hash
	// Signature is RSA-PSS, or ECDSA as r and s of 32 bytes each or as ASN.1 DER.
	Signature []byte
}

// NewCodeII takes seller and hash from the exact bytes of a document. The code
// still has to be signed.
func NewCodeII(base string, context Context, document []byte) (CodeII, error) {
	sum, err := fa3.Peek(document)
	if err != nil {
		return CodeII{}, &Error{Rule: RuleDocument, Err: err}
	}
	c := CodeII{Base: base, Context: context, Seller: pl.NIP(sum.SellerNIP), Hash: HashOf(document)}
	return c, c.checkParts()
}

// checkParts judges what is there before a certificate is chosen.
func (c CodeII) checkParts() error {
	if err := checkBase(c.Base); err != nil {
		return err
	}
	if !c.Seller.WellFormed() {
		return fail(RuleSeller)
	}
	return c.Context.check()
}

// The shortest signature is ECDSA in DER of tiny numbers, the longest RSA 4096.
const (
	minSignature = 8
	maxSignature = 512
)

// unsigned is the link up to the hash.
func (c CodeII) unsigned() (string, error) {
	if err := c.checkParts(); err != nil {
		return "", err
	}
	if !only(c.Serial, 16, isHex) {
		return "", fail(RuleSerial)
	}
	return strings.Join([]string{
		c.Base, "certificate", string(c.Context.Type), c.Context.Value, string(c.Seller), c.Serial, c.Hash.String(),
	}, "/"), nil
}

// SignedText is the exact text that the signature covers: the link without
// "https://" at its start, without the signature and the slash before it. It is
// hashed once, as a part of signing.
func (c CodeII) SignedText() (string, error) {
	link, err := c.unsigned()
	return withoutScheme(link), err
}

// Link is the text of the QR code: base, "certificate", type and value of the
// context, NIP, serial number, hash and signature, joined by slashes.
func (c CodeII) Link() (string, error) {
	link, err := c.unsigned()
	if err != nil {
		return "", err
	}
	if len(c.Signature) < minSignature || len(c.Signature) > maxSignature {
		return "", fail(RuleSignature)
	}
	return link + "/" + encode(c.Signature), nil
}
