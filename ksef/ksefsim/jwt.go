package ksefsim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Types of tokens and how long they live.
const (
	tokenOperation = "AuthenticationToken"
	tokenAccess    = "ContextToken"
	tokenRefresh   = "RefreshToken"

	operationLife = 45 * time.Minute
	accessLife    = 15 * time.Minute
	refreshLife   = 7 * 24 * time.Hour
)

// claims is the content of a token. Lists and objects are JSON inside strings,
// as in the tokens of the real system.
type claims struct {
	Type         string `json:"typ"`
	ContextType  string `json:"cit,omitempty"`
	ContextValue string `json:"civ,omitempty"`
	Method       string `json:"aum,omitempty"`
	Login        string `json:"arn"`
	Subject      string `json:"sud,omitempty"`
	Permissions  string `json:"per,omitempty"`
	Computed     string `json:"pec,omitempty"`
	Roles        string `json:"rol,omitempty"`
	Effective    string `json:"pep,omitempty"`
	Partners     string `json:"iop,omitempty"`
	Policy       string `json:"ipp,omitempty"`
	Expires      int64  `json:"exp"`
	Issued       int64  `json:"iat"`
	Issuer       string `json:"iss"`
	Audience     string `json:"aud"`
}

// tokenInfo is a token in an answer.
type tokenInfo struct {
	Token      string `json:"token"`
	ValidUntil stamp  `json:"validUntil"`
}

// signer makes and checks tokens with HMAC-SHA256.
type signer struct {
	secret []byte
	issuer string // named as issuer and audience
}

// jwtHeader is {"alg":"HS256","typ":"JWT"}: the one header that is made and
// accepted, which leaves no room for confusion of algorithms.
const jwtHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

var base64url = base64.RawURLEncoding

func (s signer) mac(text string) []byte {
	m := hmac.New(sha256.New, s.secret)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// issue makes a token that lives from now on. The claim counts whole seconds and
// is rounded up, so the token is good for all the time the answer promises.
func (s signer) issue(c claims, now time.Time, life time.Duration) tokenInfo {
	until := now.Add(life)
	c.Issued, c.Expires = now.Unix(), until.Add(time.Second-1).Unix()
	c.Issuer, c.Audience = s.issuer, s.issuer
	payload, err := json.Marshal(c)
	if err != nil {
		panic("ksefsim: claims are strings and numbers") // cannot happen
	}
	text := jwtHeader + "." + base64url.EncodeToString(payload)
	return tokenInfo{Token: text + "." + base64url.EncodeToString(s.mac(text)), ValidUntil: stamp(until)}
}

var (
	errTokenForm      = errors.New("the token is malformed")
	errTokenSignature = errors.New("the signature of the token is invalid")
	errTokenExpired   = errors.New("the token has expired")
)

// verify reads a token that this simulator made and that has not expired.
func (s signer) verify(token string, now time.Time) (*claims, error) {
	rest, found := strings.CutPrefix(token, jwtHeader+".")
	payload, mac, cut := strings.Cut(rest, ".")
	if !found || !cut {
		return nil, errTokenForm
	}
	sum, err := base64url.DecodeString(mac)
	if err != nil || !hmac.Equal(sum, s.mac(jwtHeader+"."+payload)) {
		return nil, errTokenSignature
	}
	raw, err := base64url.DecodeString(payload)
	if err != nil {
		return nil, errTokenForm
	}
	c := new(claims)
	if err := json.Unmarshal(raw, c); err != nil {
		return nil, errTokenForm
	}
	if now.Unix() >= c.Expires {
		return nil, errTokenExpired
	}
	return c, nil
}

// context is the context that the token was issued for.
func (c *claims) context() identifier { return identifier{c.ContextType, c.ContextValue} }

// subject is who logged in, the zero identifier when the token does not say.
func (c *claims) subject() identifier {
	var subject subjectClaim
	_ = json.Unmarshal([]byte(c.Subject), &subject) // written by accessToken
	return subject.SubjectIdentifier
}

// permissions is what an access token allows until it expires, whatever happens
// to the rights of its owner meanwhile.
func (c *claims) permissions() []string {
	var list []string
	_ = json.Unmarshal([]byte(c.Permissions), &list) // written by accessToken
	return list
}

// policy is the address policy of an access token, nil when it has none.
func (c *claims) policy() *ipPolicy {
	if c.Policy == "" {
		return nil
	}
	p := new(ipPolicy)
	_ = json.Unmarshal([]byte(c.Policy), p) // written by accessToken
	return p
}

// listClaim is a list as JSON in a string.
func listClaim(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	return jsonText(list)
}

// jsonText is the JSON of strings and structs of strings, which always has one.
func jsonText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("ksefsim: not JSON: " + err.Error())
	}
	return string(raw)
}
