package qr_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/qr"
	"github.com/faktupro/faktupro-go/pl"
)

func TestCodeI(t *testing.T) {
	t.Parallel()
	doc := sample(t)
	code, err := qr.NewCodeI(qr.Demo, doc)
	if err != nil {
		t.Fatal(err)
	}
	link, err := code.Link()
	want := "https://qr-demo.ksef.mf.gov.pl/invoice/1234563218/03-02-2026/" + qr.HashOf(doc).String()
	if err != nil || link != want {
		t.Errorf("link %s, %v; want %s", link, err, want)
	}
	if err := code.Verify(doc); err != nil {
		t.Error(err)
	}
	changed := bytes.Replace(doc, []byte("403.50"), []byte("304.50"), 1)
	if got := rule(code.Verify(changed)); got != qr.RuleDocument {
		t.Errorf("another document: %s", got)
	}
	other := code
	other.Seller = "9876543210"
	if got := rule(other.Verify(doc)); got != qr.RuleSeller {
		t.Errorf("another seller: %s", got)
	}
	other = code
	other.Issued = code.Issued.AddDays(1)
	if got := rule(other.Verify(doc)); got != qr.RuleDate {
		t.Errorf("another day: %s", got)
	}
	text := []byte("no XML")
	other.Hash = qr.HashOf(text)
	if got := rule(other.Verify(text)); got != qr.RuleDocument {
		t.Errorf("not a document: %s", got)
	}
}

func TestCodeIRefused(t *testing.T) {
	t.Parallel()
	good := qr.CodeI{Base: qr.Test, Seller: "1111111111", Issued: pl.NewDate(2026, 2, 1)}
	tests := []struct {
		name   string
		change func(*qr.CodeI)
		want   qr.Rule
	}{
		{"nothing", func(*qr.CodeI) {}, ""},
		{"wrong check digit", func(c *qr.CodeI) { c.Seller = "1111111112" }, ""},
		{"simulator", func(c *qr.CodeI) { c.Base = "http://127.0.0.1:8080" }, ""},
		{"no base", func(c *qr.CodeI) { c.Base = "" }, qr.RuleBase},
		{"path", func(c *qr.CodeI) { c.Base = qr.Test + "/x" }, qr.RuleBase},
		{"slash at the end", func(c *qr.CodeI) { c.Base = qr.Test + "/" }, qr.RuleBase},
		{"user", func(c *qr.CodeI) { c.Base = "https://qr.ksef.mf.gov.pl@evil.example" }, qr.RuleBase},
		{"query", func(c *qr.CodeI) { c.Base = qr.Test + "?x" }, qr.RuleBase},
		{"scheme", func(c *qr.CodeI) { c.Base = "ftp://qr.ksef.mf.gov.pl" }, qr.RuleBase},
		{"long", func(c *qr.CodeI) { c.Base = "https://" + strings.Repeat("a", 100) }, qr.RuleBase},
		{"NIP with dashes", func(c *qr.CodeI) { c.Seller = "111-111-11-11" }, qr.RuleSeller},
		{"no NIP", func(c *qr.CodeI) { c.Seller = "" }, qr.RuleSeller},
		{"no date", func(c *qr.CodeI) { c.Issued = pl.Date{} }, qr.RuleDate},
		{"30 February", func(c *qr.CodeI) { c.Issued = pl.NewDate(2026, 2, 30) }, qr.RuleDate},
	}
	for _, tt := range tests {
		code := good
		tt.change(&code)
		if link, err := code.Link(); rule(err) != tt.want || (err == nil) != (link != "") {
			t.Errorf("%s: %q, %v; want %q", tt.name, link, err, tt.want)
		}
	}
	if _, err := qr.NewCodeI(qr.Test, []byte("<Faktura>")); rule(err) != qr.RuleDocument {
		t.Error(err)
	}
	if _, err := qr.NewCodeI(qr.Test, []byte("<Faktura/>")); rule(err) != qr.RuleSeller {
		t.Error(err)
	}
	if _, err := qr.NewCodeII(qr.Test, qr.NIPContext("1111111111"), []byte("")); rule(err) != qr.RuleDocument {
		t.Error(err)
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	if got := qr.Label(""); got != "OFFLINE" {
		t.Error(got)
	}
	if got := qr.Label("1234563218-20260201-0A1B2C3D4E5F-E1"); got != "1234563218-20260201-0A1B2C3D4E5F-E1" {
		t.Error(got)
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	rules := []qr.Rule{
		qr.RuleBase, qr.RuleLink, qr.RuleSeller, qr.RuleDate, qr.RuleContext, qr.RuleSerial, qr.RuleHash, qr.RuleSignature,
		qr.RuleDocument, qr.RuleKey, qr.RuleSigner, qr.RuleCertificate, qr.RulePurpose, qr.RuleValidity,
	}
	for _, r := range rules {
		e := &qr.Error{Rule: r}
		if e.English() == "" || e.Polish() == "" || e.English() == e.Polish() || !strings.Contains(e.Error(), e.English()) {
			t.Errorf("%s: %q, %q", r, e.English(), e.Polish())
		}
	}
}
