package pl_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

func TestLogsAreMasked(t *testing.T) {
	t.Parallel()
	tests := []struct{ value, want any }{
		{pl.NIP("1234563218"), "*******218"},
		{pl.NIP(""), ""},
		{pl.NIP("Jan Kowalski"), "***"},
		{pl.REGON("123456785"), "******785"},
		{pl.KRS("0000123456"), "*******456"},
		{pl.PESEL("99071512345"), "*********45"},
		{pl.PESEL("99071512346"), "***"},
		{pl.NRB("56999900010000200030004000"), "**********************4000"},
		{pl.IBAN("DE97999999990000012345"), "******************2345"},
		{pl.VATUE{Country: "DE", Number: "123456789"}, "DE******789"},
		{pl.VATUE{Country: "DE", Number: "Kowalski"}, "***"},
		{pl.InternalID("1234563218-00012"), "*******218-00012"},
		{pl.InternalID("Kowalski"), "***"},
		{pl.KSeFNumber("1234563218-20260201-0A1B2C3D4E5F-E1"), "*******218-20260201-0A1B2C3D4E5F-E1"},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		slog.New(slog.NewTextHandler(&out, nil)).Info("seen", "id", tt.value)
		_, got, _ := strings.Cut(strings.TrimSpace(out.String()), "id=")
		if diff := cmp.Diff(tt.want, strings.Trim(got, `"`)); diff != "" {
			t.Errorf("%T in a log (-want +got):\n%s", tt.value, diff)
		}
	}
}

func TestPrinting(t *testing.T) {
	t.Parallel()
	person := struct {
		PESEL pl.PESEL
		NRB   pl.NRB
		IBAN  pl.IBAN
	}{"99071512345", "56999900010000200030004000", "PL56999900010000200030004000"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%40s", "%.20s"} {
		got := fmt.Sprintf(verb, person) + fmt.Sprintf(verb, &person)
		for _, secret := range []string{"990715", "99990001", "393930", "123"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s prints %s", verb, got)
			}
		}
	}
	if got := fmt.Sprint(person.PESEL); got != "*********45" {
		t.Errorf("PESEL prints as %s", got)
	}
	if got := fmt.Sprintf("%q", person.PESEL); got != `"*********45"` {
		t.Errorf("PESEL prints quoted as %s", got)
	}
	if string(person.PESEL) != "99071512345" {
		t.Error("string(p) is not the full value")
	}
	if got := fmt.Sprint(pl.NIP("1234563218"), " ", pl.KRS("0000123456")); got != "1234563218 0000123456" {
		t.Errorf("NIP and KRS print as %s", got)
	}
}
