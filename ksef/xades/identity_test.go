package xades_test

import (
	"bytes"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/faktupro/faktupro-go/ksef/xades"
)

var (
	oidSerial     = asn1.ObjectIdentifier{2, 5, 4, 5}
	oidOrgID      = asn1.ObjectIdentifier{2, 5, 4, 97}
	oidGiven      = asn1.ObjectIdentifier{2, 5, 4, 42}
	ignorePrint   = cmpopts.IgnoreFields(xades.Identity{}, "Fingerprint")
	attributeText = func(o asn1.ObjectIdentifier, v string) pkix.AttributeTypeAndValue {
		return pkix.AttributeTypeAndValue{Type: o, Value: v}
	}
)

func TestSelfSigned(t *testing.T) {
	tests := []struct {
		name    string
		subject xades.Subject
		want    xades.Identity
	}{
		{
			"seal",
			xades.Subject{Organization: "Firma", NIP: testNIP},
			xades.Identity{NIP: testNIP, Seal: true, CommonName: "Firma", Organization: "Firma"},
		},
		{
			"seal with a name",
			xades.Subject{Organization: "Firma", NIP: testNIP, CommonName: "Pieczęć"},
			xades.Identity{NIP: testNIP, Seal: true, CommonName: "Pieczęć", Organization: "Firma"},
		},
		{
			"person with NIP",
			xades.Subject{GivenName: "Zofia", Surname: "Żak", NIP: testNIP},
			xades.Identity{NIP: testNIP, CommonName: "Zofia Żak", GivenName: "Zofia", Surname: "Żak"},
		},
		{
			"person with PESEL",
			xades.Subject{GivenName: "Jan", Surname: "Nowak", PESEL: testPESEL},
			xades.Identity{PESEL: testPESEL, CommonName: "Jan Nowak", GivenName: "Jan", Surname: "Nowak"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cert, err := xades.SelfSigned(tt.subject, ecKey(), signedAt)
			if err != nil {
				t.Fatal(err)
			}
			got, err := xades.SubjectOf(cert)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, ignorePrint); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if want := signedAt.Add(-61 * time.Minute); !cert.NotBefore.Equal(want) {
				t.Errorf("not before %v, want %v", cert.NotBefore, want)
			}
			if want := signedAt.AddDate(2, 0, 0); !cert.NotAfter.Equal(want) {
				t.Errorf("not after %v, want %v", cert.NotAfter, want)
			}
			if cert.SerialNumber.Sign() <= 0 || cert.SerialNumber.BitLen() > 63 {
				t.Errorf("serial number of %d bits", cert.SerialNumber.BitLen())
			}
			if err := cert.CheckSignatureFrom(cert); err == nil {
				t.Error("a test certificate must not be an authority")
			}
		})
	}
}

func TestSelfSignedKeys(t *testing.T) {
	subject := xades.Subject{Organization: "Firma", NIP: testNIP}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, err = xades.SelfSigned(subject, small, signedAt)
	wantRule(t, err, xades.RuleKey)
	_, err = xades.SelfSigned(subject, curveKey(t, elliptic.P224()), signedAt)
	wantRule(t, err, xades.RuleKey)
	_, err = xades.SelfSigned(subject, nil, signedAt)
	wantRule(t, err, xades.RuleKey)
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		if _, err := xades.SelfSigned(subject, curveKey(t, c), signedAt); err != nil {
			t.Error(err)
		}
	}
}

func TestSelfSignedRefuses(t *testing.T) {
	for name, s := range map[string]xades.Subject{
		"nobody":             {},
		"seal without NIP":   {Organization: "Firma"},
		"seal of a person":   {Organization: "Firma", NIP: testNIP, Surname: "Nowak"},
		"seal with PESEL":    {Organization: "Firma", NIP: testNIP, PESEL: testPESEL},
		"no surname":         {GivenName: "Jan", NIP: testNIP},
		"no number":          {GivenName: "Jan", Surname: "Nowak"},
		"two numbers":        {GivenName: "Jan", Surname: "Nowak", NIP: testNIP, PESEL: testPESEL},
		"name without owner": {CommonName: "Jan Nowak", NIP: testNIP},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := xades.SelfSigned(s, ecKey(), signedAt)
			wantRule(t, err, xades.RuleSubject)
		})
	}
}

func TestSubjectOf(t *testing.T) {
	tests := []struct {
		name    string
		subject pkix.Name
		want    xades.Identity
		rule    xades.Rule
	}{
		{"older PESEL", pkix.Name{SerialNumber: "PESEL: 44051401359"}, xades.Identity{PESEL: testPESEL}, ""},
		{"older NIP", pkix.Name{SerialNumber: "NIP-1234563218"}, xades.Identity{NIP: testNIP}, ""},
		{"number further on", pkix.Name{SerialNumber: "PNOPL-12 44051401359"}, xades.Identity{PESEL: testPESEL}, ""},
		{
			"compound identifier",
			pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{attributeText(oidOrgID, "NTRPL-0000123456 VATPL-1234563218")}},
			xades.Identity{NIP: testNIP, Seal: true},
			"",
		},
		{
			"Peppol",
			pkix.Name{CommonName: "PPL123456", ExtraNames: []pkix.AttributeTypeAndValue{attributeText(oidOrgID, "PPL123456")}},
			xades.Identity{PeppolID: "PPL123456", Seal: true, CommonName: "PPL123456"},
			"",
		},
		{
			"Peppol under another name",
			pkix.Name{CommonName: "AP", ExtraNames: []pkix.AttributeTypeAndValue{attributeText(oidOrgID, "PPL123456")}},
			xades.Identity{Seal: true, CommonName: "AP"},
			"",
		},
		{
			"not quite Peppol",
			pkix.Name{CommonName: "P12345678", ExtraNames: []pkix.AttributeTypeAndValue{attributeText(oidOrgID, "P12345678")}},
			xades.Identity{Seal: true, CommonName: "P12345678"},
			"",
		},
		{"ten digits of a PESEL", pkix.Name{SerialNumber: "PNOPL-4405140135"}, xades.Identity{}, ""},
		{"twelve digits", pkix.Name{SerialNumber: "PNOPL-440514013590"}, xades.Identity{}, ""},
		{"foreign person", pkix.Name{SerialNumber: "PNODE-44051401359"}, xades.Identity{}, ""},
		{"nothing", pkix.Name{CommonName: "Jan"}, xades.Identity{CommonName: "Jan"}, ""},
		{"seal of a person", pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
			attributeText(oidOrgID, "VATPL-1234563218"), attributeText(oidGiven, "Jan"),
		}}, xades.Identity{}, xades.RuleSubject},
		{"two organisations", pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
			attributeText(oidOrgID, "VATPL-1234563218"), attributeText(oidOrgID, "VATPL-5260250274"),
		}}, xades.Identity{}, xades.RuleSubject},
		{"two serial numbers", pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
			attributeText(oidSerial, "TINPL-1234563218"), attributeText(oidSerial, "TINPL-5260250274"),
		}}, xades.Identity{}, xades.RuleSubject},
		{"NIP and PESEL", pkix.Name{SerialNumber: "PNOPL-44051401359 TINPL-1234563218"}, xades.Identity{}, xades.RuleSubject},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cert := foreignCertificate(t, ecKey(), func(c *x509.Certificate) { c.Subject = tt.subject })
			got, err := xades.SubjectOf(cert)
			if tt.rule != "" {
				wantRule(t, err, tt.rule)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, ignorePrint); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got.Fingerprint) != 64 || got.Fingerprint != strings.ToUpper(got.Fingerprint) {
				t.Errorf("fingerprint %q", got.Fingerprint)
			}
		})
	}
	_, err := xades.SubjectOf(nil)
	wantRule(t, err, xades.RuleCertificate)
}

func TestIdentityInLogs(t *testing.T) {
	cert, err := xades.SelfSigned(xades.Subject{GivenName: "Jan", Surname: "Nowak", PESEL: testPESEL}, ecKey(), signedAt)
	if err != nil {
		t.Fatal(err)
	}
	id, err := xades.SubjectOf(cert)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("login", "who", id)
	if s := out.String(); strings.Contains(s, "Nowak") || strings.Contains(s, string(testPESEL)) || !strings.Contains(s, id.Fingerprint) {
		t.Errorf("logged %s", s)
	}
}
