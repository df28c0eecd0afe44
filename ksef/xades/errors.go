package xades

import "errors"

// Rule names the one requirement that a document, a signature or a certificate
// broke. The values are stable: they may be logged, compared and stored.
type Rule string

// The rules that Sign and Verify enforce.
const (
	// RuleDocument: the input is not a document we read: not well-formed, not
	// UTF-8, with a DOCTYPE, too deep or too large.
	RuleDocument Rule = "document"
	// RuleNoSignature: there is no ds:Signature, or it stands neither directly
	// under the root (enveloped) nor at the root (enveloping).
	RuleNoSignature Rule = "signature.missing"
	// RuleManySignatures: there is more than one ds:Signature, counter
	// signatures included.
	RuleManySignatures Rule = "signature.many"
	// RuleStructure: the content of ds:Signature does not follow XML-DSig.
	RuleStructure Rule = "signature.structure"
	// RuleProfile: the signature is not XAdES: no qualifying properties, no
	// signing certificate among them, or nothing signed refers to them.
	RuleProfile Rule = "signature.profile"
	// RuleAlgorithm: an algorithm outside the accepted list, SHA-1 included.
	RuleAlgorithm Rule = "signature.algorithm"
	// RuleDuplicateID: two elements carry one identifier, so that a reference
	// could mean either (signature wrapping).
	RuleDuplicateID Rule = "reference.duplicate-id"
	// RuleReference: a reference leads outside the document, nowhere or to an
	// element that must not be signed in its place, or the document itself is
	// covered by no reference.
	RuleReference Rule = "reference.target"
	// RuleTransform: a transform outside the accepted list or in a place where
	// it makes no sense.
	RuleTransform Rule = "reference.transform"
	// RuleDigest: the digest of a reference differs: something signed changed.
	RuleDigest Rule = "reference.digest"
	// RuleSignatureValue: the signature value does not verify under the key of
	// the certificate, or has a wrong form (ECDSA as ASN.1, for example).
	RuleSignatureValue Rule = "signature.value"
	// RuleCertificate: the signing certificate is missing, unreadable, not
	// meant for signatures, or belongs to another key.
	RuleCertificate Rule = "certificate"
	// RuleCertificateDigest: SigningCertificate describes none of the
	// certificates in KeyInfo.
	RuleCertificateDigest Rule = "certificate.digest"
	// RuleKey: the key is weaker than RSA 2048 or a 256-bit curve, or of a kind
	// that has no place here.
	RuleKey Rule = "certificate.key"
	// RuleValidity: the certificate has expired or is not valid yet.
	RuleValidity Rule = "certificate.validity"
	// RuleTrust: no chain leads from the certificate to a trusted root.
	RuleTrust Rule = "certificate.trust"
	// RuleSubject: the subject of the certificate contradicts itself.
	RuleSubject Rule = "certificate.subject"
)

// KSeFCode is the exception code with which the KSeF answers a login that
// breaks the rule: 9101 unreadable document, 9102 no signature, 9103 too many,
// 9105 invalid signature, 21115 invalid certificate, 21406 unusable subject.
func (r Rule) KSeFCode() int {
	switch r {
	case RuleDocument:
		return 9101
	case RuleNoSignature:
		return 9102
	case RuleManySignatures:
		return 9103
	case RuleCertificate, RuleCertificateDigest, RuleKey, RuleValidity, RuleTrust:
		return 21115
	case RuleSubject:
		return 21406
	default:
		return 9105
	}
}

// Error says which rule was broken and how. Its text never contains parts of
// the document or of the certificate's subject.
//
// errors.Is matches two Errors by Rule alone, so
// errors.Is(err, &xades.Error{Rule: xades.RuleDigest}) asks for one rule.
type Error struct {
	Rule Rule
	Err  error
}

// Error is the rule and the cause in one line.
func (e *Error) Error() string {
	if e.Err == nil {
		return "xades: " + string(e.Rule)
	}
	return "xades: " + string(e.Rule) + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an *Error of the same rule without a cause.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Err == nil && t.Rule == e.Rule
}

func fail(r Rule, text string) error { return &Error{Rule: r, Err: errors.New(text)} }
