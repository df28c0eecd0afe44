package ksefsim

import (
	"crypto/sha256"
	"crypto/subtle"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// tokenLogin is the body of POST /auth/ksef-token.
type tokenLogin struct {
	Challenge         string `json:"challenge"`
	ContextIdentifier *struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"contextIdentifier"`
	EncryptedToken      []byte `json:"encryptedToken"`
	PublicKeyID         string `json:"publicKeyId"`
	AuthorizationPolicy *struct {
		AllowedIPs *ipPolicy `json:"allowedIps"`
	} `json:"authorizationPolicy"`
}

// check reads the identifiers of the request and faults what is missing or
// malformed.
func (t *tokenLogin) check() (context identifier, policy *ipPolicy, err error) {
	var k checker
	if k.require("challenge", t.Challenge != "") {
		k.check(len(t.Challenge) == 36, "'challenge' must be 36 characters in length. You entered %d characters.", len(t.Challenge))
	}
	if k.require("contextIdentifier", t.ContextIdentifier != nil) {
		var valid bool
		context, valid = contextOf(t.ContextIdentifier.Type, t.ContextIdentifier.Value)
		k.check(valid, "'contextIdentifier' is not in the correct format.")
	}
	k.require("encryptedToken", len(t.EncryptedToken) > 0)
	k.check(t.PublicKeyID == "" || len(t.PublicKeyID) == 44, "'publicKeyId' must be 44 characters in length.")
	if t.AuthorizationPolicy != nil && t.AuthorizationPolicy.AllowedIPs != nil {
		policy = t.AuthorizationPolicy.AllowedIPs
		policy.check(&k)
	}
	return context, policy, k.err()
}

// loginWithToken answers POST /auth/ksef-token. What is wrong with the token
// itself is told later, by the status of the login.
func (s *Server) loginWithToken(c *call) (*reply, error) {
	var body tokenLogin
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	context, policy, err := body.check()
	if err != nil {
		return nil, err
	}
	key, known := s.ring().find(usageToken, body.PublicKeyID)
	if !known {
		return nil, refusef(codePublicKey, "Klucz o identyfikatorze %s nie jest wspierany.", body.PublicKeyID)
	}
	issued, err := s.challengeIssuedAt(body.Challenge, c.now)
	if err != nil {
		return nil, err
	}
	e := &loginStarted{Challenge: body.Challenge, Context: context, Method: methodToken, Policy: policy}
	reference, outcome := s.judgeToken(key, body.EncryptedToken, context, issued)
	if e.Outcome = outcome; outcome.Code == 0 {
		e.Token = reference
	}
	return s.startLogin(c, e)
}

func (s *Server) challengeIssuedAt(text string, now time.Time) (time.Time, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return s.state.challenge(text, now)
}

// judgeToken decrypts what the client sent, token and time of the challenge in
// milliseconds with a bar between them, and returns the reference of the token
// or why the login fails.
func (s *Server) judgeToken(key *publicKey, ciphertext []byte, context identifier, issued time.Time) (string, outcome) {
	plain, err := key.unwrap(ciphertext)
	if err != nil {
		return "", tokenFault(detailTokenEncrypted)
	}
	// The token itself contains bars: the time is behind the last one.
	cut := strings.LastIndexByte(string(plain), '|')
	if !utf8.Valid(plain) || cut < 0 {
		return "", tokenFault(detailTokenEncoding)
	}
	text, millis := string(plain[:cut]), string(plain[cut+1:])
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	t, detail := s.state.findToken(text, context)
	switch {
	case detail != "":
		return "", tokenFault(detail)
	case millis != strconv.FormatInt(issued.UnixMilli(), 10):
		return "", tokenFault(detailTokenTime)
	}
	return t.reference, outcome{}
}

func tokenFault(detail string) outcome {
	return outcome{Code: loginTokenError, Details: []string{detail}}
}

// findToken looks a token up by its text and says why it cannot log in to a
// context.
func (st *state) findToken(text string, context identifier) (*token, string) {
	reference, _, _ := strings.Cut(text, "|")
	t, known := st.tokens[reference]
	hash := sha256.Sum256([]byte(text))
	switch {
	case !known || subtle.ConstantTimeCompare(hash[:], t.hash) != 1:
		return nil, detailTokenUnknown
	case t.status == tokenStatusRevoked || t.status == tokenStatusRevoking:
		return nil, detailTokenRevoked
	case t.status != tokenStatusActive:
		return nil, detailTokenInactive
	case t.context != context:
		return nil, detailTokenContext + context.Value
	}
	return t, ""
}
