package offline_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/offline"
	"github.com/faktupro/faktupro-go/ksef/qr"
)

func TestNew(t *testing.T) {
	t.Parallel()
	got := issued(t)
	want := offline.Document{
		State: offline.StateIssued, Mode: offline.Offline24, At: at(t, "2026-02-03 10:00").UTC(), Issued: day(t, "2026-02-03"),
		Seller: "1234563218", Number: "FV/17/02/2026", Hash: offline.Hash(qr.HashOf(sample(t))),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"OFFLINE", "CERTYFIKAT"}, got.Labels()); diff != "" || got.Final() {
		t.Error(diff)
	}
}

func TestNewRefused(t *testing.T) {
	t.Parallel()
	doc, noon := sample(t), at(t, "2026-02-03 12:00")
	tests := []struct {
		name  string
		issue offline.Issue
		want  error
	}{
		{"total failure", offline.Issue{Mode: offline.TotalFailure, Document: doc, At: noon}, offline.ErrOrder},
		{"unknown mode", offline.Issue{Document: doc, At: noon}, offline.ErrEvidence},
		{"no failure announced", offline.Issue{Mode: offline.Emergency, Document: doc, At: noon}, offline.ErrEvidence},
		{"no time", offline.Issue{Mode: offline.Offline24, Document: doc}, offline.ErrEvidence},
		{"no XML", offline.Issue{Mode: offline.Offline24, Document: []byte("FV/17"), At: noon}, offline.ErrDocument},
		{"FA(2)", offline.Issue{Mode: offline.Offline24, At: noon, Document: with(t, "2025/06/25/13775", "2023/06/29/12648")}, offline.ErrDocument},
		{"no number", offline.Issue{Mode: offline.Offline24, At: noon, Document: with(t, "<P_2>FV/17/02/2026</P_2>", "")}, offline.ErrDocument},
		{"no date", offline.Issue{Mode: offline.Offline24, At: noon, Document: with(t, "<P_1>2026-02-03</P_1>", "")}, offline.ErrDocument},
		{"tomorrow's date", offline.Issue{Mode: offline.Offline24, Document: doc, At: at(t, "2026-02-02 23:59")}, offline.ErrFuture},
	}
	for _, tt := range tests {
		if d, err := offline.New(tt.issue); !errors.Is(err, tt.want) || d.State != "" {
			t.Errorf("%s: %v, %v", tt.name, d, err)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	before := rejected(t, 450)
	raw, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	var after offline.Document
	if err := json.Unmarshal(raw, &after); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	for _, s := range []string{`"x"`, `"AAAA"`, `"` + string(bytes.Repeat([]byte("A"), 44)) + `"`, `"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n="`} {
		var h offline.Hash
		if err := json.Unmarshal([]byte(s), &h); err == nil || !h.IsZero() {
			t.Errorf("hash %s is read as %v", s, h)
		}
	}
	var h offline.Hash
	if err := h.UnmarshalText([]byte(before.Hash.String())); err != nil || h != before.Hash {
		t.Error(err)
	}
	if err := h.UnmarshalText(nil); err != nil || !h.IsZero() || h.String() != "" {
		t.Error(err)
	}
}

// TestOrder takes every step from every state.
func TestOrder(t *testing.T) {
	t.Parallel()
	noon := at(t, "2026-02-04 12:00")
	code, cert := codeII(t, sample(t), noon)
	total := []offline.Event{event(t, "T", offline.TotalFailure, "2026-02-04 11:00", "")}
	wrong := with(t, "<P_7>Mąka pszenna typ 450", "<P_7>Mąka  pszenna typ 450")
	steps := map[string]func(offline.Document) (offline.Document, error){
		"code": func(d offline.Document) (offline.Document, error) { return d.Coded(code, cert, noon) },
		"hand": func(d offline.Document) (offline.Document, error) {
			d.CodeII = "x"
			return d.GivenToBuyer(noon)
		},
		"send": func(d offline.Document) (offline.Document, error) {
			d, _, err := d.Sent(offline.Online, noon)
			return d, err
		},
		"lost": offline.Document.NeverArrived,
		"answer": func(d offline.Document) (offline.Document, error) {
			return d.Answered(offline.Answer{Status: 200, Number: number})
		},
		"correct": func(d offline.Document) (offline.Document, error) {
			return d.Corrected(offline.Correction{Rejected: sample(t), Corrected: wrong})
		},
		"credit":  func(d offline.Document) (offline.Document, error) { return d, d.MayBeCorrected() },
		"release": func(d offline.Document) (offline.Document, error) { return d.Released(total) },
	}
	// What each step leads to; "" is refused.
	want := map[offline.State]map[string]offline.State{
		offline.StateIssued: {
			"code": offline.StateIssued, "hand": offline.StateIssued, "send": offline.StateSent, "release": offline.StateReleased,
		},
		offline.StateSent: {
			"code": offline.StateSent, "hand": offline.StateSent, "lost": offline.StateIssued, "answer": offline.StateAccepted,
		},
		offline.StateRejected: {
			"code": offline.StateRejected, "hand": offline.StateRejected, "correct": offline.StateIssued, "release": offline.StateReleased,
		},
		offline.StateBlocked: {
			"code": offline.StateBlocked, "hand": offline.StateBlocked, "send": offline.StateSent, "release": offline.StateReleased,
		},
		offline.StateAccepted: {"credit": offline.StateAccepted},
		offline.StateReleased: {},
		"":                    {},
	}
	for state, row := range want {
		for name, step := range steps {
			d := issued(t)
			d.State = state
			got, err := step(d)
			if to := row[name]; to != "" {
				if err != nil || got.State != to {
					t.Errorf("%s in %q leads to %q, %v; want %q", name, state, got.State, err, to)
				}
				continue
			}
			e, ok := errors.AsType[*offline.OrderError](err)
			if !ok || !errors.Is(err, offline.ErrOrder) || !strings.Contains(err.Error(), e.English) || e.English == "" || e.Polish == "" || got.State != state {
				t.Errorf("%s in %q is not refused: %q, %v", name, state, got.State, err)
			}
		}
	}
}

func TestCoded(t *testing.T) {
	t.Parallel()
	noon := at(t, "2026-02-03 12:00")
	d := issued(t)
	if _, err := d.GivenToBuyer(noon); !errors.Is(err, offline.ErrOrder) {
		t.Errorf("handed over without Code II: %v", err)
	}
	code, cert := codeII(t, sample(t), noon)
	d, err := d.Coded(code, cert, noon)
	if err != nil {
		t.Fatal(err)
	}
	link, _ := code.Link()
	if d.CodeII != link {
		t.Errorf("Code II is %s", d.CodeII)
	}
	first, err := d.GivenToBuyer(noon)
	if err != nil {
		t.Fatal(err)
	}
	again, err := first.GivenToBuyer(noon.Add(time.Hour))
	if err != nil || !again.HandedOver.Equal(noon) {
		t.Errorf("handed over at %v, %v", again.HandedOver, err)
	}
	other, _ := codeII(t, with(t, "403.50", "304.50"), noon)
	if _, err := d.Coded(other, cert, noon); !errors.Is(err, offline.ErrCode) {
		t.Errorf("code of another document: %v", err)
	}
	if _, err := d.Coded(code, cert, noon.AddDate(5, 0, 0)); qrRule(err) != qr.RuleValidity {
		t.Errorf("certificate expired: %v", err)
	}
	login := *cert
	login.KeyUsage = x509.KeyUsageDigitalSignature
	if _, err := d.Coded(code, &login, noon); qrRule(err) != qr.RulePurpose {
		t.Errorf("certificate for logging in: %v", err)
	}
	code.Signature = bytes.Repeat([]byte{1}, 64)
	if _, err := d.Coded(code, cert, noon); qrRule(err) != qr.RuleSignature {
		t.Errorf("forged: %v", err)
	}
}

func TestAnswered(t *testing.T) {
	t.Parallel()
	sent, how, err := issued(t).Sent(offline.Batch, at(t, "2026-02-04 09:00"))
	if err != nil || !how.OfflineMode || !how.Corrected.IsZero() {
		t.Fatalf("%+v, %v", how, err)
	}
	tests := []struct {
		name   string
		answer offline.Answer
		state  offline.State
		number string
		err    error
	}{
		{"waiting", offline.Answer{Status: 100}, offline.StateSent, "", nil},
		{"processing", offline.Answer{Status: 150}, offline.StateSent, "", nil},
		{"accepted", offline.Answer{Status: 200, Number: number}, offline.StateAccepted, string(number), nil},
		{"accepted without number", offline.Answer{Status: 200}, offline.StateSent, "", offline.ErrUnresolved},
		{"this one is there", offline.Answer{Status: 440, Original: number, OriginalHash: sent.Hash}, offline.StateAccepted, string(number), nil},
		{"this one is there without number", offline.Answer{Status: 440, OriginalHash: sent.Hash}, offline.StateSent, "", offline.ErrUnresolved},
		{"another is there", offline.Answer{Status: 440, Original: number, OriginalHash: offline.Hash{1}}, offline.StateRejected, "", nil},
		{"one of the two is there", offline.Answer{Status: 440, Original: number}, offline.StateSent, "", offline.ErrUnresolved},
		{"schema", offline.Answer{Status: 430}, offline.StateRejected, "", nil},
		{"semantics", offline.Answer{Status: 450}, offline.StateRejected, "", nil},
		{"permission", offline.Answer{Status: 410}, offline.StateBlocked, "", nil},
		{"attachment", offline.Answer{Status: 415}, offline.StateBlocked, "", nil},
		{"session", offline.Answer{Status: 405}, offline.StateIssued, "", nil},
		{"decryption", offline.Answer{Status: 435}, offline.StateIssued, "", nil},
		{"server", offline.Answer{Status: 500}, offline.StateIssued, "", nil},
		{"cancelled", offline.Answer{Status: 550}, offline.StateIssued, "", nil},
		{"unknown", offline.Answer{Status: 499}, offline.StateBlocked, "", nil},
		{"nothing", offline.Answer{}, offline.StateBlocked, "", nil},
	}
	for _, tt := range tests {
		got, err := sent.Answered(tt.answer)
		if got.State != tt.state || string(got.KSeFNumber) != tt.number || !errors.Is(err, tt.err) {
			t.Errorf("%s: %s %s, %v", tt.name, got.State, got.KSeFNumber, err)
		}
		if tt.state == offline.StateAccepted {
			if diff := cmp.Diff([]string{tt.number}, got.Labels()); diff != "" || !got.Final() {
				t.Errorf("%s: %s", tt.name, diff)
			}
		}
	}
	if _, _, err := issued(t).Sent(offline.Online, at(t, "2026-02-02 12:00")); !errors.Is(err, offline.ErrFuture) {
		t.Errorf("sent before its date: %v", err)
	}
}

func TestReleased(t *testing.T) {
	t.Parallel()
	d := issued(t)
	if got, err := d.Released(nil); !errors.Is(err, offline.ErrOrder) || got.State != offline.StateIssued {
		t.Errorf("released without total failure: %v", err)
	}
	d, err := d.Released([]offline.Event{event(t, "T", offline.TotalFailure, "2026-02-04 11:00", "2026-02-05 11:00")})
	if err != nil || !d.Final() || d.Labels() != nil {
		t.Errorf("%+v, %v", d, err)
	}
}

// codeII signs Code II with a new certificate of type Offline.
func codeII(t *testing.T, doc []byte, now time.Time) (qr.CodeII, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(77), KeyUsage: x509.KeyUsageContentCommitment,
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.NewCodeII(qr.Test, qr.NIPContext("1234563218"), doc)
	if err != nil {
		t.Fatal(err)
	}
	if code, err = (qr.Signer{Certificate: cert, Key: key}).Sign(code, now); err != nil {
		t.Fatal(err)
	}
	return code, cert
}

func qrRule(err error) qr.Rule {
	if e, ok := errors.AsType[*qr.Error](err); ok {
		return e.Rule
	}
	return ""
}
