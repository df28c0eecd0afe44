package ksef

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

func TestHeaders(t *testing.T) {
	fakeTest(t, func(t *testing.T, f *fake, a *Account) {
		var got http.Header
		f.on(opStatus, func(_ http.ResponseWriter, r *http.Request) bool { got = r.Header; return false })
		if err := ping(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		want := http.Header{
			"Accept": {"application/json"}, "Authorization": {"Bearer access-1"},
			"User-Agent": {"faktupro-go"}, "X-Error-Format": {"problem-details"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSystemWarnings(t *testing.T) {
	tests := []struct {
		headers []string
		want    []string
	}{
		{nil, nil},
		{[]string{"[W001]: first message | [W002]: second message"}, []string{"W001=first message", "W002=second message"}},
		{[]string{"[A]: one", " [B]:two "}, []string{"A=one", "B=two"}},
		{[]string{"free text", "[]: no code", "[A] no colon", "[A]: ok"}, []string{"A=ok"}},
		{[]string{strings.Repeat("[A]: x|", 100)}, slicesRepeat("A=x", maxWarnings)},
	}
	for _, tt := range tests {
		var got []string
		f := newFake(t)
		f.on(opChallenge, func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header()["X-System-Warning"] = tt.headers
			return false
		})
		c := f.client(Config{OnSystemWarning: func(code, message string) { got = append(got, code+"="+message) }})
		if _, err := c.Auth.Challenge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func slicesRepeat(s string, n int) []string {
	return strings.Split(strings.TrimSuffix(strings.Repeat(s+"\n", n), "\n"), "\n")
}

func FuzzSystemWarning(f *testing.F) {
	f.Add("[W001]: first | [W002]: second")
	f.Fuzz(func(t *testing.T, s string) {
		if code, message, ok := systemWarning(s); ok && (code == "" || len(code)+len(message) > len(s)) {
			t.Errorf("systemWarning(%q) = %q, %q", s, code, message)
		}
	})
}

func TestEnvironments(t *testing.T) {
	for _, env := range []Environment{Test(), Demo(), Production(), Custom("http://127.0.0.1:8080/"), Custom("https://sim.example/api")} {
		c, err := New(Config{Environment: env})
		if err != nil || c.Environment() != env || !strings.HasSuffix(env.API, "/v2") {
			t.Errorf("%+v: %v", env, err)
		}
	}
	plain := Test()
	plain.API = "http://api-test.ksef.mf.gov.pl/v2"
	for _, env := range []Environment{{}, {API: "/v2"}, {API: "ftp://x/v2", AllowHTTP: true}, {API: "https://user:pw@x/v2"}, {API: "https://x/v2?a=b"}, plain} {
		if _, err := New(Config{Environment: env}); !errors.Is(err, ErrInvalidArgument) || strings.Contains(err.Error(), "pw") {
			t.Errorf("%+v: %v", env, err)
		}
	}
	if Production().SelfSigned || Demo().SelfSigned || !Test().SelfSigned {
		t.Error("self-signed certificates belong to the test environment")
	}
}

func TestFormCodes(t *testing.T) {
	for form, want := range map[FormCode]string{
		FormFA3:    `{"systemCode":"FA (3)","schemaVersion":"1-0E","value":"FA"}`,
		FormPEFKOR: `{"systemCode":"PEF_KOR (3)","schemaVersion":"2-1","value":"PEF"}`,
		FormFARR:   `{"systemCode":"FA_RR (1)","schemaVersion":"1-1E","value":"FA_RR"}`,
	} {
		if got, err := json.Marshal(form); err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", form, got, err)
		}
	}
}

func TestContextID(t *testing.T) {
	tests := []struct {
		id ContextID
		ok bool
	}{
		{NIPContext(testNIP), true},
		{NIPContext("5265877636"), false},
		{InternalIDContext("5265877635-12345"), true}, // check digits are KSeF's business
		{InternalIDContext("5265877635-1234"), false},
		{EUEntityContext(testNIP, pl.VATUE{Country: "AT", Number: "U12345678"}), true},
		{EUEntityContext("1", pl.VATUE{}), false},
		{PeppolContext("PPL123456"), true},
		{PeppolContext("PPL1234567"), false},
		{ContextID{"Other", "x"}, false},
		{ContextID{}, false},
	}
	for _, tt := range tests {
		if err := tt.id.Check(); (err == nil) != tt.ok || err != nil && strings.Contains(err.Error(), "526") {
			t.Errorf("%v: %v", tt.id, err)
		}
	}
	if got := NIPContext(testNIP).LogValue().String(); got != "Nip …7635" {
		t.Errorf("LogValue = %q", got)
	}
	if got := NIPContext(testNIP).String(); got != "Nip 5265877635" {
		t.Errorf("String = %q", got)
	}
}

func TestSecretDoesNotPrint(t *testing.T) {
	const text = "top-secret-text"
	s := NewSecret(text)
	holder := struct {
		Open   Secret
		hidden Secret
		list   []Secret
		byName map[string]Secret
		inside any
	}{s, s, []Secret{s}, map[string]Secret{"x": s}, TokenInfo{Value: s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%T", "%p"} {
		fmt.Fprintf(&out, verb, s)
		fmt.Fprintf(&out, verb, &s)
		fmt.Fprintf(&out, verb, holder)
		fmt.Fprintf(&out, verb, &holder)
	}
	fmt.Fprintln(&out, s, holder)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "h", holder, "t", TokenInfo{Value: s})
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "s", s, "h", holder)
	_ = json.NewEncoder(&out).Encode(holder)
	if strings.Contains(out.String(), text) || strings.Contains(out.String(), fmt.Sprintf("%x", text)) {
		t.Errorf("leaked in %q", out.String())
	}
	if s.Reveal() != text || s.IsZero() || s.String() != "[secret]" {
		t.Error("the text is lost")
	}
	var none Secret
	if none.Reveal() != "" || !none.IsZero() || none.String() != "[no secret]" || NewSecret("") != none {
		t.Error("the empty secret is not empty")
	}
	var read Secret
	if err := read.UnmarshalText([]byte(text)); err != nil || read.Reveal() != text {
		t.Error("UnmarshalText")
	}
}

// TestNothingLeaks makes a whole flow fail in every way at every step and looks
// through all error texts and log lines for what must not be there.
func TestNothingLeaks(t *testing.T) {
	secrets := []string{
		string(testNIP), testToken, "919f704466624ce2", "access-", "refresh-", "auth-token", "Faktura", "Kowalski",
		testSession, testInvoice, "0100001AF629", "sig=", "AuthTokenRequest", "203.0.113", "ksef.test",
	}
	leaky := `{"title":"x 5265877635","detail":"Jan Kowalski 5265877635 access-1","reasonCode":"Kowalski 5265877635","traceId":"5265877635 Kowalski","instance":"/v2/` + testSession + `",` +
		`"security":{"clientIp":"203.0.113.7","incidentId":"x Kowalski"},"errors":[{"code":21405,"description":"Kowalski","details":["5265877635"]}],"status":{"code":429,"details":["Kowalski"]}}`
	failures := map[string]func(http.ResponseWriter, *http.Request) bool{
		"400": answer(400, leaky), "401": answer(401, leaky), "403": answer(403, leaky), "404": answer(404, leaky), "410": answer(410, leaky),
		"429": limited("4000"), "500": answer(500, leaky), "html": answer(403, "<html>Kowalski 5265877635"), "garbled": answer(200, `{"Kowalski`),
		"xml": answer(403, "<Error><Code>Kowalski 5265877635</Code></Error>"), "lost": func(http.ResponseWriter, *http.Request) bool { panic(lostAnswer{}) },
	}
	patterns := []string{
		opChallenge, "POST /v2/auth/ksef-token", "POST /v2/auth/xades-signature", "GET /v2/auth/{ref}", "POST /v2/auth/token/redeem", opRefresh,
		opKeys, opOpen, opPost, opClose, opStatus, "GET /v2/sessions/{ref}/invoices/{invoice}", "GET /v2/sessions/{ref}/invoices/{invoice}/upo", "",
	}
	for name, failure := range failures {
		for _, pattern := range patterns {
			t.Run(name+" "+pattern, func(t *testing.T) {
				fakeTest(t, func(t *testing.T, f *fake, _ *Account) {
					f.on(pattern, failure)
					key, cert := seal(t, false) // valid on the fake clock
					var out bytes.Buffer
					log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
					for _, credential := range []Credential{XAdES(NIPContext(testNIP), key, cert), Token(NIPContext(testNIP), NewSecret(testToken))} {
						leakFlow(t, f, f.client(Config{Logger: log}), credential, &out)
					}
					if out.Len() == 0 {
						t.Fatal("nothing was logged")
					}
					for _, s := range secrets {
						if strings.Contains(out.String(), s) {
							t.Errorf("%q leaked: %s", s, out.String())
						}
					}
				})
			})
		}
	}
}

func leakFlow(t *testing.T, f *fake, c *Client, credential Credential, out io.Writer) {
	ctx := t.Context()
	a, err := c.Login(ctx, credential)
	fmt.Fprintf(out, "%v %+v %#v\n", err, err, err)
	if err != nil {
		return
	}
	f.killAccess()
	s, err := a.OpenOnline(ctx, FormFA3)
	fmt.Fprintf(out, "%v %#v\n", err, err)
	if err == nil {
		_, err = s.Send(ctx, testXML, SendOptions{})
		fmt.Fprintf(out, "%v %#v\n", err, err)
		err = s.Close(ctx)
		fmt.Fprintf(out, "%v %#v\n", err, err)
	}
	_, err1 := a.Sessions.Status(ctx, testSession)
	_, err2 := a.Sessions.Invoice(ctx, testSession, testInvoice)
	_, err3 := a.Sessions.InvoiceUPO(ctx, testSession, testInvoice)
	_, err4 := c.DownloadUPO(ctx, "http://ksef.test/storage/"+string(testNIP)+"?sig=abc")
	_, err5 := a.Invoices.Get(ctx, "5265877635-20250826-0100001AF629-AF")
	_, err6 := a.Sessions.Status(ctx, "Jan Kowalski 5265877635")
	for _, err := range []error{err1, err2, err3, err4, err5, err6} {
		fmt.Fprintf(out, "%v %#v\n", err, err)
	}
}
