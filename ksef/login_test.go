package ksef

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/xades"
)

const testToken = "20251010-EC-1DCE3E3000-12ECB5B36E-45|nip-5265877635|919f704466624ce29cd5ac7b65ded5e7cccc112eee314f2aaa76e02cd16df7b9"

func TestLoginXAdES(t *testing.T) {
	for _, kind := range []string{"RSA", "EC"} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.authCodes = []int{100, 100, 200}
				key, cert := seal(t, kind == "RSA")
				account, err := f.client(Config{}).Login(t.Context(), XAdES(NIPContext(testNIP), key, cert))
				if err != nil {
					t.Fatal(err)
				}
				ev := account.Evidence()
				if !bytes.Equal(ev.Document, f.authDoc) || ev.TokenReference != "" || ev.Reference == "" || ev.At.IsZero() {
					t.Errorf("evidence does not match what was sent: %+v", ev.Reference)
				}
				if sum, ok := ev.DocumentHash(); !ok || sum != sha256.Sum256(f.authDoc) {
					t.Error("document hash differs from what the server received")
				}
				v, err := xades.Verify(f.authDoc, xades.VerifyOptions{})
				if err != nil || !v.SigningTime.Equal(ev.At.Truncate(time.Second)) {
					t.Errorf("signing time %v, challenge %v, %v", v.SigningTime, ev.At, err)
				}
				if n := f.calls("GET /v2/auth/{ref}"); n != 3 {
					t.Errorf("status asked %d times", n)
				}
			})
		})
	}
}

func TestLoginToken(t *testing.T) {
	f := newFake(t)
	token := NewSecret(" " + testToken + "\n")
	account, err := f.client(Config{}).Login(t.Context(), Token(NIPContext(testNIP), token))
	if err != nil {
		t.Fatal(err)
	}
	sent, ms, _ := cutLast(f.tokenPlain, "|")
	if sent != testToken || len(ms) != 13 {
		t.Errorf("encrypted text is %q", f.tokenPlain)
	}
	ev := account.Evidence()
	if ev.TokenReference != "20251010-EC-1DCE3E3000-12ECB5B36E-45" || ev.Document != nil {
		t.Errorf("token reference %q", ev.TokenReference)
	}
	if _, ok := ev.DocumentHash(); ok {
		t.Error("a token login has no document")
	}
}

func TestLoginTokenAfterKeyRotation(t *testing.T) {
	f := newFake(t)
	c := f.client(Config{})
	if _, err := c.keys.get(t.Context(), KeyForToken, ""); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	f.keys = []*serverKey{newServerKey(t, rsaKey2(), 2, now.Add(-time.Minute), now.Add(time.Hour*100), KeyForToken)}
	if _, err := c.Login(t.Context(), Token(NIPContext(testNIP), NewSecret(testToken))); err != nil {
		t.Fatal(err)
	}
	if n := f.calls("GET /v2/security/public-key-certificates"); n != 2 {
		t.Errorf("keys read %d times, want 2", n)
	}
	if n := f.calls("POST /v2/auth/ksef-token"); n != 2 {
		t.Errorf("token sent %d times, want 2", n)
	}
}

func TestLoginStartsOver(t *testing.T) {
	tests := []struct {
		name   string
		break_ func(f *fake)
	}{
		{"challenge refused", func(f *fake) { f.failNext("POST /v2/auth/ksef-token", 1, 400, problem(21111)) }},
		{"submit lost", func(f *fake) { f.on("POST /v2/auth/ksef-token", loseFirst()) }},
		{"submit unavailable", func(f *fake) { f.failNext("POST /v2/auth/ksef-token", 1, 503, "") }},
		{"cancelled by the system", func(f *fake) { f.authCodes = []int{550, 200} }},
		{"redeem lost", func(f *fake) { f.on("POST /v2/auth/token/redeem", loseFirst()) }},
		{"redeem answer garbled", func(f *fake) { f.failNext("POST /v2/auth/token/redeem", 1, 200, "{") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				tt.break_(f)
				if _, err := f.client(Config{}).Login(t.Context(), Token(NIPContext(testNIP), NewSecret(testToken))); err != nil {
					t.Fatal(err)
				}
				if n := f.calls("POST /v2/auth/challenge"); n != 2 {
					t.Errorf("%d challenges, want 2", n)
				}
			})
		})
	}
}

func loseFirst() func(http.ResponseWriter, *http.Request) bool {
	var lost bool
	return func(http.ResponseWriter, *http.Request) bool {
		if lost {
			return false
		}
		lost = true
		panic(lostAnswer{})
	}
}

func TestLoginDoesNotStartOverForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.failNext("POST /v2/auth/ksef-token", 100, 400, problem(21111))
		_, err := f.client(Config{}).Login(t.Context(), Token(NIPContext(testNIP), NewSecret(testToken)))
		e, ok := errors.AsType[*Error](err)
		if !ok || !e.Has(CodeInvalidChallenge) || f.calls("POST /v2/auth/challenge") != maxLogins {
			t.Errorf("err = %v after %d challenges", err, f.calls("POST /v2/auth/challenge"))
		}
	})
}

func TestFailedLoginLeavesNoDoubt(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		time.Sleep(20 * time.Minute)
		f.killRefresh()
		f.on("POST /v2/auth/token/redeem", func(http.ResponseWriter, *http.Request) bool { panic(lostAnswer{}) })
		_, err := a.Online.Send(t.Context(), testSession, SendInvoiceRequest{sample32, 1, sample32, 16, sample32[:16], false, nil})
		if errors.Is(err, ErrOutcomeUnknown) || !errors.Is(err, ErrUnavailable) || f.calls(opPost) != 0 {
			t.Errorf("nothing was sent, and yet: %v", err)
		}
	})
}

func TestLoginRefused(t *testing.T) {
	tests := []struct {
		code int
		is   error
		text string
	}{
		{415, ErrForbidden, "ksef: log in: status 415: subject has no permission in the context"},
		{425, ErrUnauthorized, "ksef: log in: status 425: login revoked by the user"},
		{450, ErrUnauthorized, "ksef: log in: status 450: KSeF token refused"},
		{460, ErrUnauthorized, "ksef: log in: status 460: certificate refused"},
		{470, ErrUnauthorized, "ksef: log in: status 470: credentials of a deceased person"},
		{480, ErrBlocked, "ksef: log in: status 480: blocked: suspected security incident"},
		{500, ErrUnavailable, "ksef: log in: status 500: unknown error"},
		{499, ErrRejected, "ksef: log in: status 499"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.code), func(t *testing.T) {
			f := newFake(t)
			f.authCodes = []int{tt.code}
			_, err := f.client(Config{}).Login(t.Context(), Token(NIPContext(testNIP), NewSecret(testToken)))
			s, ok := errors.AsType[*StatusError](err)
			if !ok || !errors.Is(err, tt.is) || err.Error() != tt.text {
				t.Fatalf("err = %v", err)
			}
			if diff := cmp.Diff([]string{"NIP 5265877635"}, s.Status.Details); diff != "" {
				t.Error(diff) // kept in the field, absent from the text above
			}
			if f.calls("POST /v2/auth/challenge") != 1 || f.calls("POST /v2/auth/token/redeem") != 0 {
				t.Error("a refused login was repeated or redeemed")
			}
		})
	}
}

func TestLoginDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.authCodes = []int{100}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := f.client(Config{}).Login(ctx, Token(NIPContext(testNIP), NewSecret(testToken)))
		if !errors.Is(err, context.DeadlineExceeded) || f.calls("POST /v2/auth/challenge") != 1 {
			t.Errorf("err = %v", err)
		}
	})
}

func TestAnswersThatSayNothing(t *testing.T) {
	for pattern, body := range map[string]string{
		opChallenge:                  `{"challenge":"x"}`,
		"POST /v2/auth/ksef-token":   `{"referenceNumber":"x"}`,
		"GET /v2/auth/{ref}":         `{"status":{}}`,
		"POST /v2/auth/token/redeem": `{"accessToken":{"token":"x"}}`,
		opKeys:                       `{}`,
	} {
		t.Run(pattern, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.on(pattern, answer(200, body))
				_, err := f.client(Config{}).Login(t.Context(), Token(NIPContext(testNIP), NewSecret(testToken)))
				if !errors.Is(err, ErrProtocol) {
					t.Errorf("err = %v", err)
				}
			})
		})
	}
}

func TestCredentialIsCheckedAtHome(t *testing.T) {
	key, cert := seal(t, false)
	otherKey, _ := seal(t, false)
	expired := *cert
	expired.NotAfter = time.Now().Add(-time.Hour)
	id := NIPContext(testNIP)
	tests := []struct {
		name string
		cred Credential
	}{
		{"nil", nil},
		{"no key", XAdES(id, nil, cert)},
		{"no certificate", XAdES(id, key, nil)},
		{"key of another certificate", XAdES(id, otherKey, cert)},
		{"expired", XAdES(id, key, &expired)},
		{"wrong context", XAdES(NIPContext("5265877636"), key, cert)},
		{"odd subject type", XAdESCredential{Context: id, Signer: key, Certificate: cert, Subject: "x"}},
		{"odd policy", XAdESCredential{Context: id, Signer: key, Certificate: cert, Policy: IPPolicy{Masks: []string{"10.0.0.0/33"}}}},
		{"no signing function", ExternalCredential{Context: id}},
		{"empty token", Token(id, Secret{})},
		{"token with space", Token(id, NewSecret("a b"))},
		{"token too long", Token(id, NewSecret(strings.Repeat("a", 161)))},
		{"token for a wrong context", Token(ContextID{}, NewSecret(testToken))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			_, err := f.client(Config{}).Login(t.Context(), tt.cred)
			if !errors.Is(err, ErrInvalidArgument) {
				t.Errorf("err = %v", err)
			}
			if f.calls("POST /v2/auth/xades-signature")+f.calls("POST /v2/auth/ksef-token") != 0 {
				t.Error("something was sent")
			}
		})
	}
}

func TestExternalCredential(t *testing.T) {
	f := newFake(t)
	key, cert := seal(t, false)
	f.on("POST /v2/auth/xades-signature", func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("verifyCertificateChain") != "true" {
			t.Error("the chain check was not asked for")
		}
		return false
	})
	_, err := f.client(Config{}).Login(t.Context(), ExternalCredential{
		Context: NIPContext(testNIP), Subject: ByFingerprint, VerifyChain: true,
		Policy: IPPolicy{Addresses: []string{"203.0.113.7"}},
		Sign: func(_ context.Context, doc []byte) ([]byte, error) {
			return xades.Sign(doc, key, cert, xades.Options{SigningTime: time.Now()})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(f.authDoc, []byte("certificateFingerprint")) || !bytes.Contains(f.authDoc, []byte("<Ip4Address>203.0.113.7</Ip4Address>")) {
		t.Errorf("document is %s", f.authDoc)
	}
}

func TestAuthTokenRequest(t *testing.T) {
	const head = `<?xml version="1.0" encoding="UTF-8"?><AuthTokenRequest xmlns="http://ksef.mf.gov.pl/auth/token/2.`
	tests := []struct {
		name    string
		request AuthTokenRequest
		want    string // "" = refused
	}{
		{
			"nip",
			AuthTokenRequest{Challenge: "20261122-CR-1E88E55000-4D3C803C92-B2", Context: NIPContext(testNIP)},
			head + `0"><Challenge>20261122-CR-1E88E55000-4D3C803C92-B2</Challenge><ContextIdentifier><Nip>5265877635</Nip></ContextIdentifier><SubjectIdentifierType>certificateSubject</SubjectIdentifierType></AuthTokenRequest>`,
		},
		{
			"policy",
			AuthTokenRequest{
				Challenge: "C", Context: InternalIDContext("5265877635-12346"), Subject: ByFingerprint,
				Policy: IPPolicy{Addresses: []string{"203.0.113.7"}, Ranges: []string{"198.51.100.1-198.51.100.20"}, Masks: []string{"192.0.2.0/24"}},
			},
			head + `1"><Challenge>C</Challenge><ContextIdentifier><InternalId>5265877635-12346</InternalId></ContextIdentifier><SubjectIdentifierType>certificateFingerprint</SubjectIdentifierType><AuthorizationPolicy><AllowedIps><Ip4Address>203.0.113.7</Ip4Address><Ip4Range>198.51.100.1-198.51.100.20</Ip4Range><Ip4Mask>192.0.2.0/24</Ip4Mask></AllowedIps></AuthorizationPolicy></AuthTokenRequest>`,
		},
		{
			"eu entity",
			AuthTokenRequest{Challenge: "C", Context: ContextID{ContextNIPVATUE, "5265877635-ATU12345678"}},
			head + `0"><Challenge>C</Challenge><ContextIdentifier><NipVatUe>5265877635-ATU12345678</NipVatUe></ContextIdentifier><SubjectIdentifierType>certificateSubject</SubjectIdentifierType></AuthTokenRequest>`,
		},
		{
			"peppol",
			AuthTokenRequest{Challenge: "C", Context: PeppolContext("PPL123456")},
			head + `0"><Challenge>C</Challenge><ContextIdentifier><PeppolId>PPL123456</PeppolId></ContextIdentifier><SubjectIdentifierType>certificateSubject</SubjectIdentifierType></AuthTokenRequest>`,
		},
		{"challenge with markup", AuthTokenRequest{Challenge: "C</Challenge>", Context: NIPContext(testNIP)}, ""},
		{"no challenge", AuthTokenRequest{Context: NIPContext(testNIP)}, ""},
		{"no context", AuthTokenRequest{Challenge: "C"}, ""},
		{"bad nip", AuthTokenRequest{Challenge: "C", Context: NIPContext("1234567890")}, ""},
		{"bad peppol", AuthTokenRequest{Challenge: "C", Context: PeppolContext("P123456789")}, ""},
		{"bad vat", AuthTokenRequest{Challenge: "C", Context: ContextID{ContextNIPVATUE, "5265877635-QQ1"}}, ""},
		{"bad internal id", AuthTokenRequest{Challenge: "C", Context: InternalIDContext("5265877635-1234x")}, ""},
		{"range backwards", AuthTokenRequest{Challenge: "C", Context: NIPContext(testNIP), Policy: IPPolicy{Ranges: []string{"10.0.0.2-10.0.0.1"}}}, ""},
		{"ipv6", AuthTokenRequest{Challenge: "C", Context: NIPContext(testNIP), Policy: IPPolicy{Addresses: []string{"::1"}}}, ""},
		{"octal", AuthTokenRequest{Challenge: "C", Context: NIPContext(testNIP), Policy: IPPolicy{Addresses: []string{"010.0.0.1"}}}, ""},
		{"eleven", AuthTokenRequest{Challenge: "C", Context: NIPContext(testNIP), Policy: IPPolicy{Addresses: make([]string, 11)}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.request.AppendXML(nil)
			if diff := cmp.Diff(tt.want, string(got)); diff != "" || (err == nil) != (tt.want != "") {
				t.Errorf("AppendXML: %v\n%s", err, diff)
			}
			if err != nil {
				if !errors.Is(err, ErrInvalidArgument) {
					t.Errorf("err = %v", err)
				}
				return
			}
			dec := xml.NewDecoder(bytes.NewReader(got))
			for err == nil {
				_, err = dec.Token()
			}
			if err != io.EOF {
				t.Errorf("not well-formed: %v", err)
			}
		})
	}
}

// TestAuthTokenRequestAgainstSchema uses version 2.1: the other one does not
// compile in libxml2.
func TestAuthTokenRequestAgainstSchema(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed: comparison with the official schema skipped")
	}
	schema := filepath.Join(refdata.Dir(t), "ksef-xsd", "auth", "schemat_auth_v2-1.xsd")
	policies := []IPPolicy{
		{Addresses: []string{"203.0.113.7"}},
		{Ranges: []string{"198.51.100.1-198.51.100.20"}},
		{Masks: []string{"192.0.2.0/24", "10.0.0.0/8"}},
		{Addresses: []string{"0.0.0.0", "255.255.255.255"}, Ranges: []string{"10.0.0.1-10.0.0.1"}, Masks: []string{"192.0.2.0/32", "0.0.0.0/0"}},
	}
	for i, policy := range policies {
		doc, err := AuthTokenRequest{
			Challenge: "20261122-CR-1E88E55000-4D3C803C92-B2", Context: NIPContext(testNIP), Policy: policy,
		}.AppendXML(nil)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), lint, "--noout", "--nonet", "--schema", schema, "-")
		cmd.Stdin = bytes.NewReader(doc)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("policy %d: %v\n%s", i, err, out)
		}
	}
}

func TestTokenReference(t *testing.T) {
	tests := []struct{ token, want string }{
		{testToken, "20251010-EC-1DCE3E3000-12ECB5B36E-45"},
		{"20251010-EC-1DCE3E3000-12ECB5B36E-45|internalId-5265877635-12345|919f", "20251010-EC-1DCE3E3000-12ECB5B36E-45"},
		{"a|b", "a"},
		{"plain", ""},
		{"", ""},
		{"with space|x|y", ""},
		{"|x|y", ""},
		{"x|y|z|u", ""},
	}
	for _, tt := range tests {
		if got := tokenReference(tt.token); got != tt.want {
			t.Errorf("tokenReference(%q) = %q, want %q", tt.token, got, tt.want)
		}
	}
}
