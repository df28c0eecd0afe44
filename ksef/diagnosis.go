package ksef

import (
	"bytes"
	"errors"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// SignatureError reports a signed login document that KSeF would refuse. It was
// not sent. It comes wrapped in an [*Error] and matches ErrInvalidArgument.
type SignatureError struct {
	// Rule is the requirement that was broken.
	Rule xades.Rule
	// Code is what KSeF would answer.
	Code ErrorCode
	// Remedy says what to change.
	Remedy string
	// Err is the cause, an [*xades.Error] when the signature itself is wrong.
	Err error
}

// Error names the rule, the cause and the remedy.
func (e *SignatureError) Error() string { return e.Err.Error() + "; " + e.Remedy }

// Unwrap returns the cause.
func (e *SignatureError) Unwrap() error { return e.Err }

// Is matches ErrInvalidArgument.
func (e *SignatureError) Is(target error) bool { return target == ErrInvalidArgument }

// SignedDocumentChanged is broken by a signing step that changes what it signs.
const SignedDocumentChanged xades.Rule = "document.changed"

// remedies say what whoever signs has to do differently.
var remedies = map[xades.Rule]string{
	xades.RuleDocument:          "sign the document as it was handed over, as UTF-8 and without a DOCTYPE",
	xades.RuleNoSignature:       "make an enveloped or enveloping XAdES signature, not a detached one",
	xades.RuleManySignatures:    "sign once, without counter-signatures",
	xades.RuleStructure:         "let the signing program make a standard XAdES-BES or baseline B signature",
	xades.RuleProfile:           "choose XAdES, not plain XML signature: it has to sign the signing certificate",
	xades.RuleAlgorithm:         "choose SHA-256 with RSA or ECDSA; SHA-1 is refused",
	xades.RuleDuplicateID:       "give every element an Id of its own",
	xades.RuleReference:         "sign the whole document (URI \"\") and the signed properties, nothing else",
	xades.RuleTransform:         "use the enveloped-signature transform and canonical XML only",
	xades.RuleDigest:            "do not touch or reformat the document after signing",
	xades.RuleSignatureValue:    "sign with the key of the certificate; an ECDSA value is r and s joined, not ASN.1",
	xades.RuleCertificate:       "put the certificate of the signing key into KeyInfo",
	xades.RuleCertificateDigest: "hash the certificate itself (DER), not its text",
	xades.RuleKey:               "use an RSA key of 2048 bits or more, or an elliptic curve of 256 bits or more",
	xades.RuleValidity:          "use a certificate that is valid now",
	xades.RuleTrust:             "use a certificate of a trusted issuer",
	xades.RuleSubject:           "use a certificate that names one NIP or PESEL, or log in ByFingerprint",
	SignedDocumentChanged:       "sign the document without changing it: its challenge and context have to stay as they are",
}

func refused(rule xades.Rule, code ErrorCode, err error) error {
	return &Error{Op: "check signed login document", Err: &SignatureError{rule, code, remedies[rule], err}}
}

var (
	errChanged = errors.New("what was signed is not the document that was handed over")
	errNobody  = errors.New("certificate names neither NIP nor PESEL nor Peppol provider")
)

// checkSigned finds at home what KSeF would answer after a round trip, and says
// more: it verifies the signature, compares what it covers with the document
// that was to be signed, and looks for the subject in the certificate.
func checkSigned(document, signed []byte, subject SubjectType, now time.Time) error {
	v, err := xades.Verify(signed, xades.VerifyOptions{Now: now})
	if err != nil {
		return broke(err, xades.RuleDocument)
	}
	if !sameContent(document, v.Content) {
		return refused(SignedDocumentChanged, CodeSchemaViolation, errChanged)
	}
	who, err := xades.SubjectOf(v.Certificate)
	if err != nil {
		return broke(err, xades.RuleSubject)
	}
	if subject != ByFingerprint && who.NIP == "" && who.PESEL == "" && who.PeppolID == "" {
		return refused(xades.RuleSubject, CodeSubjectTypeConflict, errNobody)
	}
	return nil
}

func broke(err error, rule xades.Rule) error {
	if e, ok := errors.AsType[*xades.Error](err); ok {
		rule = e.Rule
	}
	return refused(rule, ErrorCode(rule.KSeFCode()), err)
}

// sameContent compares canonical forms. Blanks between elements may differ:
// signing programs like to put the signature on a line of its own.
func sameContent(a, b []byte) bool {
	ca, errA := xades.Canonicalize(a, xades.Exclusive)
	cb, errB := xades.Canonicalize(b, xades.Exclusive)
	return errA == nil && errB == nil && bytes.Equal(unspaced(ca), unspaced(cb))
}

func unspaced(canonical []byte) []byte {
	var out []byte
	for piece := range bytes.SplitSeq(canonical, []byte("<")) {
		tag, text, _ := bytes.Cut(piece, []byte(">"))
		out = append(append(append(out, '<'), tag...), '>')
		if len(bytes.TrimSpace(text)) > 0 {
			out = append(out, text...)
		}
	}
	return out
}
