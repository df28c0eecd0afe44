package xades

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"log/slog"
	"strings"

	"github.com/faktupro/faktupro-go/pl"
)

// Identity is whom a certificate names, read as the KSeF reads it. At most one
// of NIP, PESEL and PeppolID is set; with none, only the fingerprint can be
// given rights.
type Identity struct {
	NIP      pl.NIP
	PESEL    pl.PESEL
	PeppolID string // of an access point: P, two letters, six digits

	// Fingerprint is the SHA-256 of the certificate: 64 upper-case hexadecimal
	// digits.
	Fingerprint string

	// Seal tells that the certificate names an organisation.
	Seal bool

	CommonName   string
	GivenName    string
	Surname      string
	Organization string
}

// SubjectOf reads the identity in the subject of a certificate: for a person the
// serialNumber (PNOPL or PESEL and eleven digits, TINPL or NIP and ten), for a
// seal the organizationIdentifier (VATPL and ten digits, or a Peppol identifier
// that is the common name as well).
//
// The digits are taken as they are: whether the number is a valid one is the
// caller's question, because the test environment does not ask it. A digit too
// many or too few leaves the number out. A subject that contradicts itself, such
// as a seal with a given name or a person with two numbers, is an *Error with
// RuleSubject.
func SubjectOf(cert *x509.Certificate) (Identity, error) {
	if cert == nil {
		return Identity{}, fail(RuleCertificate, "no certificate")
	}
	sum := sha256.Sum256(cert.Raw)
	id := Identity{
		Fingerprint:  strings.ToUpper(hex.EncodeToString(sum[:])),
		CommonName:   cert.Subject.CommonName,
		GivenName:    first(attribute(cert.Subject, oidGivenName)),
		Surname:      first(attribute(cert.Subject, oidSurname)),
		Organization: first(cert.Subject.Organization),
	}
	organization := attribute(cert.Subject, oidOrganization)
	id.Seal = len(organization) > 0
	var err error
	if id.Seal {
		err = id.readOrganization(organization)
	} else {
		err = id.readSerial(attribute(cert.Subject, oidSerialNumber))
	}
	if err != nil {
		return Identity{}, err
	}
	return id, nil
}

// LogValue keeps names and numbers of persons out of logs: it is the fingerprint.
func (id Identity) LogValue() slog.Value { return slog.StringValue(id.Fingerprint) }

func (id *Identity) readOrganization(values []string) error {
	if id.GivenName != "" || id.Surname != "" {
		return fail(RuleSubject, "the subject names an organisation and a person")
	}
	if len(values) > 1 {
		return fail(RuleSubject, "the subject has two organisation identifiers")
	}
	if nip := digitsAfter(values[0], 10, "VATPL"); nip != "" {
		id.NIP = pl.NIP(nip)
	} else if isPeppolID(values[0]) && values[0] == id.CommonName {
		id.PeppolID = values[0]
	}
	return nil
}

func (id *Identity) readSerial(values []string) error {
	if len(values) > 1 {
		return fail(RuleSubject, "the subject has two serial numbers")
	}
	serial := first(values)
	pesel := digitsAfter(serial, 11, "PNOPL", "PESEL")
	nip := digitsAfter(serial, 10, "TINPL", "NIP")
	if pesel != "" && nip != "" {
		return fail(RuleSubject, "the subject has a PESEL and a NIP")
	}
	id.PESEL, id.NIP = pl.PESEL(pesel), pl.NIP(nip)
	return nil
}

// digitsAfter finds the first run of exactly n digits behind one of the marks.
func digitsAfter(s string, n int, marks ...string) string {
	for _, mark := range marks {
		_, rest, ok := strings.Cut(s, mark)
		for ok && rest != "" {
			run := 0
			for run < len(rest) && rest[run] >= '0' && rest[run] <= '9' {
				run++
			}
			if run == n {
				return rest[:n]
			}
			rest = rest[max(run, 1):]
		}
	}
	return ""
}

// isPeppolID is the pattern P[A-Z]{2}[0-9]{6} of the KSeF API.
func isPeppolID(s string) bool {
	if len(s) != 9 || s[0] != 'P' {
		return false
	}
	for i := 1; i < len(s); i++ {
		low, high := byte('0'), byte('9')
		if i < 3 {
			low, high = 'A', 'Z'
		}
		if s[i] < low || s[i] > high {
			return false
		}
	}
	return true
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
