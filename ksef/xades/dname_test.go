package xades_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

type rdn = pkix.RelativeDistinguishedNameSET

func oid(arcs ...int) asn1.ObjectIdentifier { return arcs }

func TestIssuerName(t *testing.T) {
	cn, o, c := oid(2, 5, 4, 3), oid(2, 5, 4, 10), oid(2, 5, 4, 6)
	raw := func(tag int, text string) asn1.RawValue { return asn1.RawValue{Tag: tag, Bytes: []byte(text)} }
	tests := []struct {
		name string
		seq  pkix.RDNSequence
		want string
	}{
		{"empty", pkix.RDNSequence{}, ""},
		{
			"last first",
			pkix.RDNSequence{rdn{{Type: c, Value: "PL"}}, rdn{{Type: o, Value: "Spółka"}}, rdn{{Type: cn, Value: "CA"}}},
			"CN=CA,O=Spółka,C=PL",
		},
		{"two in one", pkix.RDNSequence{rdn{{Type: cn, Value: "A"}, {Type: oid(2, 5, 4, 11), Value: "B"}}}, "CN=A+OU=B"},
		{"special characters", pkix.RDNSequence{rdn{{Type: cn, Value: ` a,b+c"d\e<f>g;h=i `}}}, `CN=\ a\,b\+c\"d\\e\<f\>g\;h=i\ `},
		{"number sign", pkix.RDNSequence{rdn{{Type: cn, Value: "#1 #2"}}}, `CN=\#1 #2`},
		{"empty value", pkix.RDNSequence{rdn{{Type: cn, Value: ""}}}, "CN="},
		{"one blank", pkix.RDNSequence{rdn{{Type: cn, Value: " "}}}, `CN=\ `},
		{"organisation identifier", pkix.RDNSequence{rdn{{Type: oid(2, 5, 4, 97), Value: "VATPL-1"}}}, "2.5.4.97=#1307564154504c2d31"},
		{"serial number", pkix.RDNSequence{rdn{{Type: oid(2, 5, 4, 5), Value: "ą"}}}, "2.5.4.5=#0c02c485"},
		{"domain and user", pkix.RDNSequence{
			rdn{{Type: oid(0, 9, 2342, 19200300, 100, 1, 25), Value: "pl"}}, rdn{{Type: oid(0, 9, 2342, 19200300, 100, 1, 1), Value: "u"}},
		}, "UID=u,DC=pl"},
		{"large arcs", pkix.RDNSequence{rdn{{Type: oid(2, 999, 3, 1<<30), Value: "x"}}}, "2.999.3.1073741824=#130178"},
		{"small arcs", pkix.RDNSequence{rdn{{Type: oid(1, 39, 0), Value: "x"}}}, "1.39.0=#130178"},
		{"control character", pkix.RDNSequence{rdn{{Type: cn, Value: "a\x00b"}}}, "CN=#0c03610062"},
		{"Teletex", pkix.RDNSequence{rdn{{Type: cn, Value: raw(20, "\xb1")}}}, "CN=#1401b1"},
		{"malformed UTF-8", pkix.RDNSequence{rdn{{Type: cn, Value: raw(12, "\xff")}}}, "CN=#0c01ff"},
		{"other places", pkix.RDNSequence{
			rdn{{Type: oid(2, 5, 4, 7), Value: "L"}}, rdn{{Type: oid(2, 5, 4, 8), Value: "S"}}, rdn{{Type: oid(2, 5, 4, 9), Value: "T"}},
		}, "STREET=T,ST=S,L=L"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			der, err := asn1.Marshal(tt.seq)
			if err != nil {
				t.Fatal(err)
			}
			got, err := xades.IssuerName(der)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestIssuerNameRefuses(t *testing.T) {
	for name, der := range map[string]string{
		"empty":            "",
		"not a sequence":   "\x31\x00",
		"trailing":         "\x30\x00\x00",
		"no set":           "\x30\x02\x30\x00",
		"empty set":        "\x30\x02\x31\x00",
		"no identifier":    "\x30\x06\x31\x04\x30\x02\x13\x00",
		"empty identifier": "\x30\x08\x31\x06\x30\x04\x06\x00\x13\x00",
		"cut identifier":   "\x30\x09\x31\x07\x30\x05\x06\x01\x80\x13\x00",
		"too long":         "\x30\x05\x31\x00",
		"indefinite":       "\x30\x80\x00\x00",
		"long form":        "\x30\x81\x02\x31\x00",
		"huge":             "\x30\x83\x01\x00\x00",
		"two values":       "\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x13\x00\x13\x00",
	} {
		if got, err := xades.IssuerName([]byte(der)); err == nil {
			t.Errorf("%s: got %q, want an error", name, got)
		}
	}
}

// FuzzIssuerName: no name panics, and no name breaks out of its element.
func FuzzIssuerName(f *testing.F) {
	f.Add([]byte("\x30\x0b\x31\x09\x30\x07\x06\x03\x55\x04\x03\x13\x00"))
	f.Add([]byte("\x30\x80\x00\x00"))
	f.Fuzz(func(t *testing.T, der []byte) {
		name, err := xades.IssuerName(der)
		if err != nil {
			return
		}
		for _, r := range name {
			if r < 0x20 || r == 0xfffe || r == 0xffff {
				t.Fatalf("%q has a character that XML does not allow", name)
			}
		}
	})
}
