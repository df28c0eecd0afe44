package ksefsim

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTokenLogin(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.AddToken(seller, invoiceWrite, introspection)
	reference, rest, _ := strings.Cut(token, "|")
	kind, secret, _ := strings.Cut(rest, "|")
	if !strings.Contains(reference, "-EC-") || kind != "nip-"+string(seller) || len(secret) != 64 || len(token) > 160 {
		t.Fatalf("token %q", token)
	}
	body := h.tokenBody(token, h.challenge(), seller)
	delete(body, "publicKeyId") // optional
	l := decode[startedLogin](h.post("/v2/auth/ksef-token", "", body).want(http.StatusAccepted))
	status := h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	if got := status.text("authenticationMethodInfo.category"); got != "Token" {
		t.Errorf("category %q", got)
	}
	tokens := h.redeemed(l)
	claims := claimsOf(t, tokens.Access.Token)
	if claims["per"] != `["InvoiceWrite","Introspection"]` || claims["aum"] != "Token" || claims["rol"] != "[]" {
		t.Errorf("claims %v", claims)
	}

	if err := h.RevokeToken(token); err != nil {
		t.Fatal(err)
	}
	refused := h.post("/v2/auth/token/refresh", tokens.Refresh.Token, nil).refused(codeUnauthorized)
	if !strings.Contains(string(refused.body), "Token KSeF został unieważniony.") {
		t.Errorf("detail: %s", refused.body)
	}
	h.get("/v2/rate-limits", tokens.Access.Token).want(http.StatusOK)
	if err := h.RevokeToken("20260715-EC-0000000000-0000000000-00|nip-1|0"); !errors.Is(err, ErrToken) {
		t.Errorf("revoking an unknown token: %v", err)
	}
}

func TestAddToken(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	if h.AddToken(seller, "InvoiceReed") != "" || h.AddToken("12") != "" || h.AddToken(seller, "VatUeManage") != "" {
		t.Error("a token that cannot exist was made")
	}
	access := h.tokenUser(seller)
	if per := claimsOf(t, access)["per"]; per != `["InvoiceRead","InvoiceWrite"]` {
		t.Errorf("default permissions %v", per)
	}
}

// TestWrongTokenLogins: what the status of a login tells about a bad token.
func TestWrongTokenLogins(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	good := h.AddToken(seller)
	revoked := h.AddToken(seller)
	if err := h.RevokeToken(revoked); err != nil {
		t.Fatal(err)
	}
	pending := h.AddToken(seller)
	if err := h.changeToken(pending[:36], tokenStatusPending); err != nil {
		t.Fatal(err)
	}
	pub, _ := h.publicKey(usageToken)
	symmetric, _ := h.publicKey(usageSymmetric)
	for name, test := range map[string]struct {
		context string
		encrypt func(ch challenge) []byte
		detail  string
	}{
		"control":       {string(seller), func(ch challenge) []byte { return wrap(pub, fmt.Appendf(nil, "%s|%d", good, ch.TimestampMs)) }, ""},
		"not encrypted": {string(seller), func(challenge) []byte { return []byte(good) }, "Nieprawidłowe szyfrowanie tokena"},
		"wrong key":     {string(seller), func(ch challenge) []byte { return wrap(symmetric, fmt.Appendf(nil, "%s|%d", good, ch.TimestampMs)) }, "Nieprawidłowe szyfrowanie tokena"},
		"OAEP with SHA-1": {string(seller), func(ch challenge) []byte {
			return must(rsa.EncryptOAEP(sha1.New(), rand.Reader, pub, fmt.Appendf(nil, "%s|%d", good, ch.TimestampMs), nil))
		}, "Nieprawidłowe szyfrowanie tokena"},
		"PKCS #1 v1.5": {string(seller), func(ch challenge) []byte { return oldPadding(pub, []byte(good)) }, "Nieprawidłowe szyfrowanie tokena"},
		"no time":      {string(seller), func(challenge) []byte { return wrap(pub, []byte("token")) }, "Nieprawidłowe kodowanie tokena"},
		"not UTF-8":    {string(seller), func(challenge) []byte { return wrap(pub, []byte("\xFF|1")) }, "Nieprawidłowe kodowanie tokena"},
		"unknown token": {string(seller), func(ch challenge) []byte {
			return wrap(pub, fmt.Appendf(nil, "20260715-EC-0000000000-0000000000-00|nip-%s|00|%d", seller, ch.TimestampMs))
		}, "Nieprawidłowy token"},
		"wrong secret": {string(seller), func(ch challenge) []byte {
			return wrap(pub, fmt.Appendf(nil, "%sff|%d", good[:len(good)-2], ch.TimestampMs))
		}, "Nieprawidłowy token"},
		"line feed at end":   {string(seller), func(ch challenge) []byte { return wrap(pub, fmt.Appendf(nil, "%s\n|%d", good, ch.TimestampMs)) }, "Nieprawidłowy token"},
		"other time":         {string(seller), func(ch challenge) []byte { return wrap(pub, fmt.Appendf(nil, "%s|%d", good, ch.TimestampMs+1)) }, "Nieprawidłowy czas tokena"},
		"ISO time":           {string(seller), func(challenge) []byte { return wrap(pub, []byte(good+"|2026-07-15T12:00:00.123Z")) }, "Nieprawidłowy czas tokena"},
		"seconds":            {string(seller), func(ch challenge) []byte { return wrap(pub, fmt.Appendf(nil, "%s|%d", good, ch.TimestampMs/1000)) }, "Nieprawidłowy czas tokena"},
		"revoked":            {string(seller), func(ch challenge) []byte { return wrap(pub, fmt.Appendf(nil, "%s|%d", revoked, ch.TimestampMs)) }, "Token unieważniony"},
		"not active":         {string(seller), func(ch challenge) []byte { return wrap(pub, fmt.Appendf(nil, "%s|%d", pending, ch.TimestampMs)) }, "Token nieaktywny"},
		"in another context": {string(other), func(ch challenge) []byte { return wrap(pub, fmt.Appendf(nil, "%s|%d", good, ch.TimestampMs)) }, "Token nie może być użyty w kontekście " + string(other)},
	} {
		t.Run(name, func(t *testing.T) {
			h := &harness{TB: t, Server: h.Server, clock: h.clock, handler: h.handler}
			ch := h.challenge()
			l := decode[startedLogin](h.post("/v2/auth/ksef-token", "", map[string]any{
				"Challenge":         ch.Challenge, // names in any case
				"contextIdentifier": map[string]string{"Type": "nip", "value": test.context},
				"encryptedToken":    test.encrypt(ch),
				"unknownMember":     []int{1},
			}).want(http.StatusAccepted))
			a := h.get("/v2/auth/"+l.Reference, l.Token.Token)
			if test.detail == "" {
				a.statusIs(200)
				return
			}
			if diff := cmp.Diff([]any{test.detail}, a.statusIs(450).at("status.details")); diff != "" {
				t.Error(diff)
			}
			h.post("/v2/auth/token/redeem", l.Token.Token, nil).refused(codeUnauthorized)
			// The challenge is used up all the same.
			h.post("/v2/auth/ksef-token", "", h.tokenBody(good, ch, seller)).refused(codeChallenge)
		})
	}
}

// TestWrongTokenRequests: bodies that are refused at once.
func TestWrongTokenRequests(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.AddToken(seller)
	for name, test := range map[string]struct {
		change func(map[string]any)
		code   int
	}{
		"control":           {func(map[string]any) {}, 0},
		"null is absent":    {func(b map[string]any) { b["publicKeyId"], b["authorizationPolicy"] = nil, nil }, 0},
		"good policy":       {func(b map[string]any) { b["authorizationPolicy"] = policyBody("ip4Masks", "10.0.0.0/8") }, 0},
		"no challenge":      {func(b map[string]any) { delete(b, "challenge") }, codeValidation},
		"short challenge":   {func(b map[string]any) { b["challenge"] = "abc" }, codeValidation},
		"unknown challenge": {func(b map[string]any) { b["challenge"] = "20260715-CR-0000000000-0000000000-00" }, codeChallenge},
		"no context":        {func(b map[string]any) { b["contextIdentifier"] = nil }, codeValidation},
		"context type":      {func(b map[string]any) { b["contextIdentifier"] = map[string]string{"type": "Regon", "value": "1"} }, codeValidation},
		"context value":     {func(b map[string]any) { b["contextIdentifier"] = map[string]string{"type": "Nip", "value": "123"} }, codeValidation},
		"no token":          {func(b map[string]any) { b["encryptedToken"] = "" }, codeValidation},
		"not Base64":        {func(b map[string]any) { b["encryptedToken"] = "%%%" }, codeValidation},
		"number for text":   {func(b map[string]any) { b["challenge"] = 7 }, codeValidation},
		"unknown key":       {func(b map[string]any) { b["publicKeyId"] = hash64([]byte("no key")) }, codePublicKey},
		"other usage":       {func(b map[string]any) { _, b["publicKeyId"] = h.publicKey(usageSymmetric) }, codePublicKey},
		"key id too short":  {func(b map[string]any) { b["publicKeyId"] = "abc" }, codeValidation},
		"policy address":    {func(b map[string]any) { b["authorizationPolicy"] = policyBody("ip4Addresses", "10.0.0.256") }, codeValidation},
		"policy zeros":      {func(b map[string]any) { b["authorizationPolicy"] = policyBody("ip4Addresses", "010.0.0.1") }, codeValidation},
		"policy IPv6":       {func(b map[string]any) { b["authorizationPolicy"] = policyBody("ip4Addresses", "::1") }, codeValidation},
		"policy range":      {func(b map[string]any) { b["authorizationPolicy"] = policyBody("ip4Ranges", "10.0.0.1\u201310.0.0.2") }, codeValidation},
		"policy mask":       {func(b map[string]any) { b["authorizationPolicy"] = policyBody("ip4Masks", "10.0.0.0/33") }, codeValidation},
		"policy too long": {func(b map[string]any) {
			b["authorizationPolicy"] = policyBody("ip4Addresses", strings.Split(strings.Repeat("10.0.0.1 ", 11), " ")[:11]...)
		}, codeValidation},
	} {
		t.Run(name, func(t *testing.T) {
			h := &harness{TB: t, Server: h.Server, clock: h.clock, handler: h.handler}
			body := h.tokenBody(token, h.challenge(), seller)
			test.change(body)
			a := h.post("/v2/auth/ksef-token", "", body)
			if test.code == 0 {
				a.want(http.StatusAccepted)
				return
			}
			a.refused(test.code)
		})
	}
}

func policyBody(kind string, items ...string) map[string]any {
	return map[string]any{"allowedIps": map[string]any{kind: items}}
}

// oldPadding encrypts with PKCS #1 v1.5, which KSeF does not accept.
func oldPadding(pub *rsa.PublicKey, plain []byte) []byte {
	block := append([]byte{0, 2}, bytes.Repeat([]byte{7}, pub.Size()-3-len(plain))...)
	block = append(append(block, 0), plain...)
	c := new(big.Int).Exp(new(big.Int).SetBytes(block), big.NewInt(int64(pub.E)), pub.N)
	return c.FillBytes(make([]byte, pub.Size()))
}
