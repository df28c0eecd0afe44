package qr_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/ksef/qr"
	"github.com/faktupro/faktupro-go/pl"
)

const (
	host  = "https://qr.ksef.mf.gov.pl/"
	hash  = "UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
	sig64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	one   = host + "invoice/1111111111/01-02-2026/" + hash
	two   = host + "certificate/Nip/1111111111/1111111111/01F20A5D352AE590/" + hash + "/" + sig64
)

var links = []struct {
	link string
	want qr.Rule
}{
	{one, ""},
	{two, ""},
	{host + "certificate/InternalId/1111111111-00012/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, ""},
	{host + "certificate/NipVatUe/1111111111-NL0++**6789B01/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, ""},
	{host + "certificate/PeppolId/PPL123456/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, ""},
	{"", qr.RuleBase},
	{"https://qr.ksef.mf.gov.pl", qr.RuleBase},
	{"http://qr.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/" + hash, qr.RuleBase},
	{"https://qr.ksef.mf.gov.pl.example/invoice/1111111111/01-02-2026/" + hash, qr.RuleBase},
	{"https://QR.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/" + hash, qr.RuleBase},
	{"https://ksef-test.mf.gov.pl/client-app/invoice/1111111111/01-02-2026/" + hash, qr.RuleBase},
	{" " + one, qr.RuleBase},
	{one + "/", qr.RuleLink},
	{one + "?x=1", qr.RuleHash},
	{one + "\n", qr.RuleHash},
	{one[:len(one)-1] + "\n", qr.RuleHash},
	{one + "=", qr.RuleHash},
	{one[:len(one)-1] + "F", qr.RuleHash}, // an unused bit set
	{host + "invoice/1111111111/01-02-2026/", qr.RuleHash},
	{host + "invoice/1111111111/01-02-2026/" + strings.Replace(hash, "-", "+", 1), qr.RuleHash},
	{host + "invoice/1111111111/2026-02-01/" + hash, qr.RuleDate},
	{host + "invoice/1111111111/1-02-2026/" + hash, qr.RuleDate},
	{host + "invoice/1111111111/30-02-2026/" + hash, qr.RuleDate},
	{host + "invoice/1111111111/01-02-0000/" + hash, qr.RuleDate},
	{host + "invoice/111-111-11-11/01-02-2026/" + hash, qr.RuleSeller},
	{host + "invoice/1111111111/01-02-2026", qr.RuleLink},
	{host + "Invoice/1111111111/01-02-2026/" + hash, qr.RuleLink},
	{host + "certificate/nip/1111111111/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, qr.RuleContext},
	{host + "certificate/Nip/111111111/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, qr.RuleContext},
	{host + "certificate/InternalId/1111111111-0001/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, qr.RuleContext},
	{host + "certificate/NipVatUe/1111111111-nl123456789012/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, qr.RuleContext},
	{host + "certificate/NipVatUe/1111111111-NL0%2B%2B6789B01/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, qr.RuleContext},
	{host + "certificate/PeppolId/P123456789/1111111111/01F20A5D352AE590/" + hash + "/" + sig64, qr.RuleContext},
	{host + "certificate/Nip/1111111111/1111111111/01f20a5d352ae590/" + hash + "/" + sig64, qr.RuleSerial},
	{host + "certificate/Nip/1111111111/1111111111/1F20A5D352AE590/" + hash + "/" + sig64, qr.RuleSerial},
	{host + "certificate/Nip/1111111111/111111111X/01F20A5D352AE590/" + hash + "/" + sig64, qr.RuleSeller},
	{two + "=", qr.RuleSignature},
	{two[:len(two)-1] + "B", qr.RuleSignature},
	{host + "certificate/Nip/1111111111/1111111111/01F20A5D352AE590/" + hash + "/", qr.RuleSignature},
	{host + "certificate/Nip/1111111111/1111111111/01F20A5D352AE590/" + hash, qr.RuleLink},
	{host + "certificate/Nip/1111111111/1111111111/01F20A5D352AE590/" + hash + "/" + strings.Repeat("A", 700), qr.RuleSignature},
	{host + strings.Repeat("/", qr.MaxLink), qr.RuleLink},
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range links {
		code, err := qr.Parse(tt.link)
		if rule(err) != tt.want {
			t.Errorf("%s: %v, want %q", tt.link, err, tt.want)
			continue
		}
		if err != nil {
			continue
		}
		if link, err := code.Link(); err != nil || link != tt.link {
			t.Errorf("%s is read and written as %s, %v", tt.link, link, err)
		}
	}
}

func TestParseAt(t *testing.T) {
	t.Parallel()
	base := "http://127.0.0.1:8080"
	link := strings.Replace(one, "https://qr.ksef.mf.gov.pl", base, 1)
	code, err := qr.ParseAt(base, link)
	if err != nil || code.(qr.CodeI).Base != base {
		t.Errorf("%v, %v", code, err)
	}
	for _, tt := range []struct{ base, link string }{{base, one}, {base + "/", link}, {"", link}, {base, base}} {
		if _, err := qr.ParseAt(tt.base, tt.link); rule(err) != qr.RuleBase {
			t.Errorf("ParseAt(%q, %q): %v", tt.base, tt.link, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, tt := range links {
		f.Add(tt.link)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, err := qr.Parse(s)
		if err != nil {
			if r := rule(err); code != nil || r == "?" || r == "" {
				t.Fatalf("Parse(%q) = %v, %v", s, code, err)
			}
			return
		}
		if link, err := code.Link(); err != nil || link != s || len(s) > qr.MaxLink {
			t.Fatalf("Parse(%q) is written as %q, %v", s, link, err)
		}
	})
}

// TestRoundTrip makes codes of all kinds and reads them.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	key := ecKey(t, elliptic.P256())
	signer := qr.Signer{Key: key, Certificate: certify(t, key, x509.KeyUsageContentCommitment)}
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom([]string{qr.Test, qr.Demo, qr.Production}).Draw(t, "base")
		seller := pl.NIP(rapid.StringMatching(`[1-9][1-9][0-9]{8}`).Draw(t, "seller"))
		hash := qr.HashOf(rapid.SliceOf(rapid.Byte()).Draw(t, "document"))
		day := pl.NewDate(1, 1, 1).AddDays(rapid.IntRange(0, 3652058).Draw(t, "day"))
		first := qr.CodeI{Base: base, Seller: seller, Issued: day, Hash: hash}
		if got := again(t, first); got != qr.Code(first) {
			t.Fatalf("%v is read as %v", first, got)
		}
		context := rapid.SampledFrom([]qr.Context{
			qr.NIPContext(seller), {Type: qr.ContextPeppol, Value: "PPL123456"}, {Type: qr.ContextInternalID, Value: string(seller) + "-12345"},
		}).Draw(t, "context")
		signer.DER = rapid.Bool().Draw(t, "DER")
		second, err := signer.Sign(qr.CodeII{Base: base, Context: context, Seller: seller, Hash: hash}, noon)
		if err != nil {
			t.Fatal(err)
		}
		if got := again(t, second).(qr.CodeII); got.VerifyIssuer(signer.Certificate, noon) != nil {
			t.Fatalf("%v is read as %v", second, got)
		}
	})
}

func again(t *rapid.T, code qr.Code) qr.Code {
	link, err := code.Link()
	if err != nil {
		t.Fatal(err)
	}
	read, err := qr.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return read
}
