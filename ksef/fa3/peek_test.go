package fa3

import (
	"errors"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/pl"
	"github.com/google/go-cmp/cmp"
)

func TestPeek(t *testing.T) {
	t.Parallel()
	ordinary := Summary{
		Root: "Faktura", Namespace: Namespace, SystemCode: "FA (3)", SchemaVersion: "1-0E",
		SellerNIP: "1234563218", SellerName: "Młyn Wodny Żabiniec sp. z o.o.",
		BuyerNIP: "9876543210", BuyerName: `Piekarnia "Kłos" & Synowie`,
		KodWaluty: "PLN", P_1: pl.NewDate(2026, 2, 3), P_2: "FV/17/02/2026", P_15: "403.50", RodzajFaktury: KindVAT,
	}
	with := func(change func(*Summary)) Summary {
		s := ordinary
		change(&s)
		return s
	}
	tests := map[string]struct {
		doc  []byte
		want Summary
	}{
		"ordinary":       {sample(3).AppendXML(nil), ordinary},
		"attachment":     {attachmentSample().AppendXML(nil), with(func(s *Summary) { s.Attachment = true })},
		"spelled apart":  {edited(t, "FV/17/02/2026", " FV<![CDATA[/17]]><!-- x -->/02&#x2F;2026\n"), ordinary},
		"no such day":    {edited(t, "2026-02-03</P_1>", "2026-02-31</P_1>"), with(func(s *Summary) { s.P_1 = pl.Date{} })},
		"foreign fields": {edited(t, "<P_2>", "<x:P_2 xmlns:x='urn:x'>1</x:P_2><P_2>"), ordinary},
		"not an invoice": {[]byte("<a xmlns='urn:x'/>"), Summary{Root: "a", Namespace: "urn:x"}},
		"another form": {
			edited(t, "/wzor/2025/06/25/13775/", "/wzor/2023/06/29/12648/"),
			with(func(s *Summary) { s.Namespace = "http://crd.gov.pl/wzor/2023/06/29/12648/" }),
		},
	}
	for name, tt := range tests {
		got, err := Peek(tt.doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var syntax *SyntaxError
	if _, err := Peek([]byte("<a>")); !errors.As(err, &syntax) || syntax.Code != "xml.truncated" {
		t.Errorf("cut off: %v", err)
	}
	if _, err := Peek([]byte("<a>" + strings.Repeat(" ", MaxSizeWithAttachment) + "</a>")); !errors.As(err, &syntax) || syntax.Code != "xml.size" {
		t.Errorf("too large: %v", err)
	}
}

// TestPeekAgrees compares both readers on everything that can be drawn.
func TestPeekAgrees(t *testing.T) {
	t.Parallel()
	for name, f := range samples() {
		sum, err := Peek(f.AppendXML(nil))
		if err != nil {
			t.Fatal(err)
		}
		got := []any{sum.SellerNIP, sum.BuyerNIP, sum.P_1, sum.P_2, sum.P_15, sum.KodWaluty, sum.RodzajFaktury, sum.Attachment}
		want := []any{
			f.Podmiot1.DaneIdentyfikacyjne.NIP, f.Podmiot2.DaneIdentyfikacyjne.NIP, f.Fa.P_1, f.Fa.P_2, f.Fa.P_15,
			f.Fa.KodWaluty, f.Fa.RodzajFaktury, f.Zalacznik != nil,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
