package ksefsim

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// claimsOf reads the claims of a token as a client could.
func claimsOf(t testing.TB, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("token has %d parts", len(parts))
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestLoginWithSignature(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	person := func(key crypto.Signer) xades.Subject {
		return xades.Subject{GivenName: "Zofia", Surname: "Żak", NIP: seller}
	}
	seal := func(crypto.Signer) xades.Subject {
		return xades.Subject{Organization: "Tartak Borowy", NIP: seller}
	}
	for name, test := range map[string]struct {
		key       crypto.Signer
		subject   func(crypto.Signer) xades.Subject
		namespace string
		method    string
		change    func(string) string
	}{
		"seal, EC, 2.1":     {ecKey(), seal, authNamespace21, "QualifiedSeal", nil},
		"seal, RSA, 2.0":    {rsaKey(), seal, authNamespace20, "QualifiedSeal", nil},
		"person, EC, 2.0":   {ecKey(), person, authNamespace20, "QualifiedSignature", nil},
		"byte order mark":   {ecKey(), seal, authNamespace21, "QualifiedSeal", func(s string) string { return "\uFEFF" + s }},
		"indented":          {ecKey(), seal, authNamespace21, "QualifiedSeal", nil},
		"comment in an NIP": {ecKey(), seal, authNamespace21, "QualifiedSeal", func(s string) string { return strings.Replace(s, "<Nip>1234", "<Nip>1234<!-- no end -->", 1) }},
	} {
		t.Run(name, func(t *testing.T) {
			h := &harness{TB: t, Server: h.Server, clock: h.clock, handler: h.handler}
			cert, err := xades.SelfSigned(test.subject(test.key), test.key, h.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			doc := loginDocument(test.namespace, h.challenge().Challenge, nipContext(seller))
			if name == "indented" {
				doc = strings.ReplaceAll(doc, "><", ">\r\n  <")
			}
			signed := h.signed(doc, test.key, cert)
			if test.change != nil {
				signed = []byte(test.change(string(signed)))
			}
			l := h.startLogin(signed)
			status := h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
			if got := status.text("authenticationMethod"); got != test.method {
				t.Errorf("method %q, want %q", got, test.method)
			}
			tokens := h.redeemed(l)
			claims := claimsOf(t, tokens.Access.Token)
			want := map[string]any{"typ": "ContextToken", "cit": "Nip", "civ": string(seller), "arn": l.Reference, "rol": `["Owner"]`}
			for name, value := range want {
				if claims[name] != value {
					t.Errorf("claim %s is %v, want %v", name, claims[name], value)
				}
			}
		})
	}
}

// TestEnveloping logs in with a signature around the document.
func TestEnveloping(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	doc := loginDocument(authNamespace21, h.challenge().Challenge, nipContext(seller))
	enveloping := forge(t, ecKey(), h.seal(seller, ecKey()), forgery{content: doc, enveloping: true})
	l := h.startLogin(enveloping)
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
}

func TestLoginLifetimes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	l := h.startSeal(seller)
	claims := claimsOf(t, l.Token.Token)
	if got := claims["exp"].(float64) - claims["iat"].(float64); got < 2700 || got > 2701 {
		t.Errorf("operation token lives %v s, want 2700", got)
	}
	tokens := h.redeemed(l)
	for token, life := range map[string]float64{tokens.Access.Token: 900, tokens.Refresh.Token: 604800} {
		claims := claimsOf(t, token)
		if got := claims["exp"].(float64) - claims["iat"].(float64); got < life || got > life+1 {
			t.Errorf("%v lives %v s, want %v", claims["typ"], got, life)
		}
	}

	h.clock.advance(accessLife - time.Second)
	h.get("/v2/limits/context", tokens.Access.Token).want(http.StatusOK)
	h.clock.advance(3 * time.Second)
	h.get("/v2/limits/context", tokens.Access.Token).want(http.StatusUnauthorized)
	fresh := decode[pair](h.post("/v2/auth/token/refresh", tokens.Refresh.Token, nil).want(http.StatusOK))
	if fresh.Refresh.Token != "" {
		t.Error("a refresh gave a refresh token")
	}
	h.get("/v2/limits/context", fresh.Access.Token).want(http.StatusOK)
	h.clock.advance(refreshLife)
	h.post("/v2/auth/token/refresh", tokens.Refresh.Token, nil).want(http.StatusUnauthorized)
}

func TestRedeemOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	l := h.startSeal(seller)
	h.redeemed(l)
	again := h.post("/v2/auth/token/redeem", l.Token.Token, nil).refused(codeUnauthorized)
	if !strings.Contains(string(again.body), "zostały już pobrane") {
		t.Errorf("detail does not say why: %s", again.body)
	}
	status := h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	if status.at("isTokenRedeemed") != true || status.text("refreshTokenValidUntil") == "" {
		t.Errorf("status does not tell of the tokens: %s", status.body)
	}
}

func TestChallenge(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	a := h.post("/v2/auth/challenge", "", nil).want(http.StatusOK)
	if at := a.text("timestamp"); at != "2026-07-15T12:00:00.1234567+00:00" {
		t.Errorf("timestamp %q", at)
	}
	if ms := a.at("timestampMs"); ms != float64(noon.UnixMilli()) {
		t.Errorf("timestampMs %v, want %d", ms, noon.UnixMilli())
	}
	if ip := a.text("clientIp"); ip != "192.0.2.1" { // of httptest
		t.Errorf("clientIp %q", ip)
	}
	if text := a.text("challenge"); !isChallenge(text) {
		t.Errorf("challenge %q", text)
	}
	cert := h.seal(seller, ecKey())
	login := func(challenge string) []byte {
		return h.signed(loginDocument(authNamespace21, challenge, nipContext(seller)), ecKey(), cert)
	}

	used := login(a.text("challenge"))
	h.startLogin(used)
	h.post("/v2/auth/xades-signature", "", used).refused(codeChallenge)

	late := login(h.challenge().Challenge)
	h.clock.advance(challengeLife)
	h.post("/v2/auth/xades-signature", "", late).refused(codeChallenge)
	h.post("/v2/auth/xades-signature", "", login("20260715-CR-0000000000-0000000000-00")).refused(codeChallenge)
	if n := len(h.state.challenges); n != 1 {
		// The expired one is forgotten when the next is issued.
		h.challenge()
		if n := len(h.state.challenges); n != 1 {
			t.Errorf("%d challenges are kept, want 1", n)
		}
	}
}

func TestLoginSessions(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	first := h.redeemed(h.startSeal(seller))
	var last startedLogin
	for range 11 {
		h.clock.advance(time.Second)
		last = h.startSeal(seller)
		h.redeemed(last)
	}
	h.redeemed(h.startSeal(other)) // somebody else's

	type list struct {
		Token string `json:"continuationToken"`
		Items []struct {
			Reference string `json:"referenceNumber"`
			Current   bool   `json:"isCurrent"`
		} `json:"items"`
	}
	page := decode[list](h.get("/v2/auth/sessions", first.Access.Token).want(http.StatusOK))
	if len(page.Items) != 10 || page.Token == "" || page.Items[0].Reference != last.Reference {
		t.Fatalf("first page: %d items, token %q, newest first %v", len(page.Items), page.Token, page.Items[0])
	}
	rest := decode[list](h.do(request{
		method: "GET", path: "/v2/auth/sessions", token: first.Access.Token,
		header: map[string]string{"x-continuation-token": page.Token},
	}).want(http.StatusOK))
	if len(rest.Items) != 2 || rest.Token != "" || !rest.Items[1].Current {
		t.Fatalf("second page: %+v", rest)
	}
	h.do(request{
		method: "GET", path: "/v2/auth/sessions", token: first.Access.Token,
		header: map[string]string{"x-continuation-token": page.Token[:20] + "AAAA"},
	}).refused(codeContinuation)
	h.get("/v2/auth/sessions?pageSize=9", first.Access.Token).refused(codeValidation)

	h.do(request{method: "DELETE", path: "/v2/auth/sessions/" + last.Reference, token: first.Access.Token}).want(http.StatusNoContent)
	page = decode[list](h.get("/v2/auth/sessions?pageSize=100", first.Access.Token).want(http.StatusOK))
	if slices.ContainsFunc(page.Items, func(i struct {
		Reference string `json:"referenceNumber"`
		Current   bool   `json:"isCurrent"`
	},
	) bool {
		return i.Reference == last.Reference
	}) || len(page.Items) != 11 {
		t.Errorf("a revoked login is listed")
	}
}

func TestRevokedLogin(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	l := h.startSeal(seller)
	tokens := h.redeemed(l)
	h.do(request{method: "DELETE", path: "/v2/auth/sessions/current", token: tokens.Refresh.Token}).want(http.StatusNoContent)
	refused := h.post("/v2/auth/token/refresh", tokens.Refresh.Token, nil).refused(codeUnauthorized)
	if want := "Status uwierzytelnienia (425) nie pozwala na odświeżenie tokenu dostępowego."; !strings.Contains(string(refused.body), want) {
		t.Errorf("detail: %s", refused.body)
	}
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(425)
	// Access tokens live on.
	h.get("/v2/limits/context", tokens.Access.Token).want(http.StatusOK)

	stranger := h.owner(other)
	h.do(request{method: "DELETE", path: "/v2/auth/sessions/" + l.Reference, token: stranger}).refused(codeValidation)
}

func TestLoginStatusOfOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	mine, theirs := h.startSeal(seller), h.startSeal(other)
	a := h.get("/v2/auth/"+theirs.Reference, mine.Token.Token).want(http.StatusForbidden)
	if a.text("reasonCode") != "insufficient-resource-access" {
		t.Errorf("reason %q", a.text("reasonCode"))
	}
	h.get("/v2/auth/20260715-AU-0000000000-0000000000-00", mine.Token.Token).refused(codeNoLogin)

	// The token dies long before the status does; a longer one shows the end.
	token := h.signer.issue(claims{Type: tokenOperation, Login: mine.Reference}, h.clock.Now(), 10*24*time.Hour)
	h.clock.advance(loginRetention)
	h.get("/v2/auth/"+mine.Reference, token.Token).want(http.StatusGone)
}

// TestNoPermission: a good signature of somebody without rights in the context.
func TestNoPermission(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	for name, test := range map[string]struct {
		subject xades.Subject
		context string
		by      string
	}{
		"another company":  {xades.Subject{Organization: "Inna", NIP: other}, nipContext(seller), byCertificateSubject},
		"a person's PESEL": {xades.Subject{GivenName: "Jan", Surname: "Lis", PESEL: pl.PESEL("44051401458")}, nipContext(seller), byCertificateSubject},
		"fingerprint":      {xades.Subject{Organization: "Tartak", NIP: seller}, nipContext(seller), byCertificateFingerprint},
		"a unit":           {xades.Subject{Organization: "Tartak", NIP: seller}, "<InternalId>" + string(seller) + "-12348</InternalId>", byCertificateSubject},
		"an EU entity":     {xades.Subject{Organization: "Tartak", NIP: seller}, "<NipVatUe>" + string(seller) + "-DE123456789</NipVatUe>", byCertificateSubject},
	} {
		t.Run(name, func(t *testing.T) {
			h := &harness{TB: t, Server: h.Server, clock: h.clock, handler: h.handler}
			cert := must(xades.SelfSigned(test.subject, ecKey(), h.clock.Now()))
			doc := loginDocument(authNamespace21, h.challenge().Challenge, test.context)
			doc = strings.Replace(doc, byCertificateSubject, test.by, 1)
			l := h.startLogin(h.signed(doc, ecKey(), cert))
			a := h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(415)
			if diff := cmp.Diff([]any{"Brak przypisanych uprawnień"}, a.at("status.details")); diff != "" {
				t.Error(diff)
			}
			refused := h.post("/v2/auth/token/redeem", l.Token.Token, nil).refused(codeUnauthorized)
			if !strings.Contains(string(refused.body), "(415)") {
				t.Errorf("detail: %s", refused.body)
			}
		})
	}
}

// TestChain: a self-signed certificate has no chain to verify.
func TestChain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	cert := h.seal(seller, ecKey())
	login := func(value string) *answer {
		doc := h.signed(loginDocument(authNamespace21, h.challenge().Challenge, nipContext(seller)), ecKey(), cert)
		return h.post("/v2/auth/xades-signature?verifyCertificateChain="+value, "", doc)
	}
	for value, want := range map[string]int{"": 200, "false": 200, "False": 200, "true": 460, "True": 460} {
		l := decode[startedLogin](login(value).want(http.StatusAccepted))
		h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(want)
	}
	login("maybe").refused(codeValidation)
}

func TestIPPolicy(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	cert := h.seal(seller, ecKey())
	for policy, status := range map[string]int{
		"<Ip4Address>192.0.2.1</Ip4Address>":                                     http.StatusOK,
		"<Ip4Address>192.0.2.2</Ip4Address>":                                     http.StatusForbidden,
		"<Ip4Range>192.0.2.0-192.0.2.9</Ip4Range>":                               http.StatusOK,
		"<Ip4Range>192.0.2.2-192.0.2.9</Ip4Range>":                               http.StatusForbidden,
		"<Ip4Mask>192.0.2.0/24</Ip4Mask>":                                        http.StatusOK,
		"<Ip4Address>198.51.100.7</Ip4Address><Ip4Mask>192.0.2.128/25</Ip4Mask>": http.StatusForbidden,
		"": http.StatusOK,
	} {
		doc := strings.Replace(loginDocument(authNamespace21, h.challenge().Challenge, nipContext(seller)),
			"</SubjectIdentifierType>", "</SubjectIdentifierType><AuthorizationPolicy><AllowedIps>"+policy+"</AllowedIps></AuthorizationPolicy>", 1)
		tokens := h.redeemed(h.startLogin(h.signed(doc, ecKey(), cert)))
		a := h.get("/v2/limits/context", tokens.Access.Token).want(status)
		if status == http.StatusForbidden && (a.text("reasonCode") != "ip-not-allowed" || a.text("security.clientIp") != "192.0.2.1") {
			t.Errorf("%s: %s", policy, a.body)
		}
	}
}
