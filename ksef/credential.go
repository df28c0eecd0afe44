package ksef

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"strconv"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

// Credential is a way to log in: [XAdESCredential], [TokenCredential] or
// [ExternalCredential].
type Credential interface {
	// submit answers the challenge. It is called anew for every login.
	submit(ctx context.Context, c *Client, ch *Challenge) (*AuthOperation, Evidence, error)
	// identity tells whose login it gives, and in which context.
	identity() identity
}

// Evidence is what proves later by which login something was sent. A receipt
// (UPO) names the hash of the login document, or the number of the token.
type Evidence struct {
	// Reference is the number of the login.
	Reference string
	// At is the server's time of the challenge.
	At time.Time
	// Document is the signed login document, byte for byte as it was sent; nil
	// for a login with a token.
	Document []byte
	// TokenReference is the number of the KSeF token; "" for other logins.
	TokenReference string
}

// DocumentHash is the SHA-256 of Document, false if there is none.
func (e Evidence) DocumentHash() (sum [32]byte, ok bool) {
	if e.Document == nil {
		return sum, false
	}
	return sha256.Sum256(e.Document), true
}

// XAdESCredential logs in with a certificate and its key: a qualified
// signature or seal, a KSeF certificate, or in the test environment a
// self-signed one.
type XAdESCredential struct {
	Context ContextID
	// Signer is the private key, RSA of at least 2048 bits or P-256; it may
	// live in a hardware module.
	Signer      crypto.Signer
	Certificate *x509.Certificate
	Subject     SubjectType // BySubject if empty
	Policy      IPPolicy
	// VerifyChain asks the test environment for the full check of the
	// certificate; the other environments always do it.
	VerifyChain bool
}

// XAdES logs in to the context with the certificate and its key.
func XAdES(id ContextID, signer crypto.Signer, cert *x509.Certificate) Credential {
	return XAdESCredential{Context: id, Signer: signer, Certificate: cert}
}

func (x XAdESCredential) submit(ctx context.Context, c *Client, ch *Challenge) (*AuthOperation, Evidence, error) {
	if err := x.check(c.now()); err != nil {
		return nil, Evidence{}, err
	}
	external := ExternalCredential{Context: x.Context, Subject: x.Subject, Policy: x.Policy, VerifyChain: x.VerifyChain}
	external.Sign = func(_ context.Context, document []byte) ([]byte, error) {
		return xades.Sign(document, x.Signer, x.Certificate, xades.Options{
			// The server's time, just past: a clock that goes wrong here must
			// not make a signature of the future.
			SigningTime: ch.Timestamp.Truncate(time.Second),
			Random:      c.random,
		})
	}
	return external.submit(ctx, c, ch)
}

// check finds at home what KSeF would answer with a bare 21115 or 9105.
func (x XAdESCredential) check(now time.Time) error {
	const op = "log in"
	if x.Signer == nil || x.Certificate == nil {
		return invalid(op, "credential needs a key and its certificate")
	}
	key, ok := x.Certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !key.Equal(x.Signer.Public()) {
		return invalid(op, "key does not belong to the certificate")
	}
	if now.After(x.Certificate.NotAfter) {
		return invalid(op, "certificate has expired")
	}
	if err := CheckCertificateUse(x.Certificate, CertificateAuthentication); err != nil {
		return &Error{Op: op, Err: err}
	}
	return nil
}

// ExternalCredential logs in with a document that is signed elsewhere, by a
// card, a remote signing service or a person.
type ExternalCredential struct {
	Context ContextID
	Subject SubjectType // BySubject if empty
	Policy  IPPolicy
	// VerifyChain is as in XAdESCredential.
	VerifyChain bool
	// Sign returns the document with an enveloped or enveloping XAdES
	// signature. It must not change anything else. It has 10 minutes.
	Sign func(ctx context.Context, document []byte) ([]byte, error)
	// Name tells one signer from another where logins are shared between
	// processes ([Config.SharedLogin]), such as the number of the certificate.
	// Without it the login is not shared.
	Name string
	// Unchecked sends what Sign returns without verifying it first. Set it for
	// a signature that KSeF accepts and package xades does not, such as one
	// with SHA-3; else a faulty one is reported as a [*SignatureError].
	Unchecked bool
}

func (x ExternalCredential) submit(ctx context.Context, c *Client, ch *Challenge) (*AuthOperation, Evidence, error) {
	const op = "log in"
	if x.Sign == nil {
		return nil, Evidence{}, invalid(op, "credential needs a signing function")
	}
	request := AuthTokenRequest{Challenge: ch.Challenge, Context: x.Context, Subject: x.Subject, Policy: x.Policy}
	document, err := request.AppendXML(nil)
	if err != nil {
		return nil, Evidence{}, err
	}
	signed, err := x.Sign(ctx, document)
	if err != nil {
		return nil, Evidence{}, &Error{Op: "sign login document", Err: err}
	}
	if !x.Unchecked {
		if err := checkSigned(document, signed, x.Subject, ch.Timestamp); err != nil {
			return nil, Evidence{}, err
		}
	}
	auth, err := c.Auth.SubmitXAdES(ctx, signed, x.VerifyChain)
	if err != nil {
		return nil, Evidence{}, err
	}
	return auth, Evidence{Reference: auth.Reference, At: ch.Timestamp, Document: signed}, nil
}

// TokenCredential logs in with a KSeF token, in the context in which the token
// was made. KSeF has announced the end of such logins for 31 December 2026.
type TokenCredential struct {
	Context ContextID
	Token   Secret
	Policy  IPPolicy
}

// Token logs in to the context with a KSeF token.
func Token(id ContextID, token Secret) Credential { return TokenCredential{Context: id, Token: token} }

func (t TokenCredential) submit(ctx context.Context, c *Client, ch *Challenge) (*AuthOperation, Evidence, error) {
	const op = "log in"
	token := strings.TrimSpace(t.Token.Reveal()) // a line break from a file is the classic fault
	if token == "" || len(token) > maxTokenLen || strings.ContainsFunc(token, notTokenRune) {
		return nil, Evidence{}, invalid(op, "KSeF token is empty, too long or has characters that no token has")
	}
	if err := t.Context.Check(); err != nil {
		return nil, Evidence{}, err
	}
	var auth *AuthOperation
	err := c.withKey(ctx, KeyForToken, func(key publicKey) error {
		sealed, err := encryptOAEP(c.random, key.key, tokenPlaintext(token, ch.TimestampMs))
		if err != nil {
			return &Error{Op: op, Err: err}
		}
		auth, err = c.Auth.SubmitToken(ctx, TokenLogin{ch.Challenge, t.Context, sealed, key.id, t.Policy})
		return err
	})
	if err != nil {
		return nil, Evidence{}, err
	}
	return auth, Evidence{Reference: auth.Reference, At: ch.Timestamp, TokenReference: tokenReference(token)}, nil
}

// maxTokenLen is the longest token that KSeF issues.
const maxTokenLen = 160

func notTokenRune(r rune) bool { return r <= ' ' || r > '~' }

// tokenPlaintext joins the token, which holds "|" itself, with the challenge's
// time in milliseconds; the server splits at the last "|".
func tokenPlaintext(token string, ms int64) []byte {
	return strconv.AppendInt([]byte(token+"|"), ms, 10)
}

// tokenReference is the number of the token. Tokens look like
// "number|context|secret"; they are taken apart from the right, and a token of
// another shape has no number here.
func tokenReference(token string) string {
	rest, _, ok := cutLast(token, "|")
	if !ok {
		return ""
	}
	if before, _, found := cutLast(rest, "|"); found {
		rest = before
	}
	if _, plain := param(rest); !plain {
		return ""
	}
	return rest
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
