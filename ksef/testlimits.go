package ksef

import (
	"context"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// TestLimitsService changes the limits of the context and the subject of a
// login, and the life of its certificates, in the test environment. Elsewhere
// every call is refused with ErrInvalidArgument before anything is sent.
type TestLimitsService struct{ account *Account }

// TestSessionLimits replace the limits of sessions: up to 5 MB for an invoice,
// 10 MB with attachment, 100,000 invoices. All of them have to be set.
type TestSessionLimits struct {
	Online SessionLimits `json:"onlineSession"`
	Batch  SessionLimits `json:"batchSession"`
	// Collective needs API 2.7.1 or later; nil leaves it out.
	Collective *CollectiveLimits `json:"collectiveIdentifier,omitempty"`
}

// TestSubjectLimits replace the limits of certificates; nil leaves one out.
type TestSubjectLimits struct {
	// Type is the kind of subject, a Nip (the server's default), Pesel or
	// Fingerprint.
	Type        IdentifierType     `json:"subjectIdentifierType,omitempty"`
	Enrollment  *EnrollmentLimits  `json:"enrollment,omitempty"`
	Certificate *CertificateLimits `json:"certificate,omitempty"`
}

type wireTestRates struct {
	Rates RateLimits `json:"rateLimits"`
}

type wireTestValidity struct {
	ValidTo time.Time `json:"validTo"`
}

// ShortenCertificate lets a KSeF certificate end earlier. Unknown ones are
// CodeCertificateNotFound.
//
// Needs no permission; group other.
//
//ksef:op PUT /testdata/certificates/{serialNumber}
func (s *TestLimitsService) ShortenCertificate(ctx context.Context, serial CertificateSerial, validTo time.Time) error {
	c := checker{op: "shorten test certificate"}
	c.serial("serialNumber", serial)
	c.need(!validTo.IsZero(), "validTo", RuleRequired, "say when the certificate ends")
	return s.send(ctx, &c, "PUT", "/testdata/certificates/"+string(serial), wireTestValidity{validTo.UTC()})
}

// SetSession replaces the limits of sessions.
//
// Needs no permission; group other.
//
//ksef:op POST /testdata/limits/context/session
func (s *TestLimitsService) SetSession(ctx context.Context, limits TestSessionLimits) error {
	c := checker{op: "set test session limits"}
	limits.Online.checkTest(&c, "onlineSession")
	limits.Batch.checkTest(&c, "batchSession")
	return s.send(ctx, &c, "POST", "/testdata/limits/context/session", limits)
}

func (l SessionLimits) checkTest(c *checker, field string) {
	c.number(field+".maxInvoiceSizeInMB", int64(l.MaxInvoiceSizeMB), 0, 5)
	c.number(field+".maxInvoiceWithAttachmentSizeInMB", int64(l.MaxInvoiceWithAttachmentSizeMB), 0, 10)
	c.number(field+".maxInvoices", int64(l.MaxInvoices), 0, 100_000)
}

// ResetSession brings the ordinary limits of sessions back.
//
// Needs no permission; group other.
//
//ksef:op DELETE /testdata/limits/context/session
func (s *TestLimitsService) ResetSession(ctx context.Context) error {
	return s.send(ctx, &checker{op: "reset test session limits"}, "DELETE", "/testdata/limits/context/session", nil)
}

// SetSubject replaces the limits of certificates.
//
// Needs no permission; group other.
//
//ksef:op POST /testdata/limits/subject/certificate
func (s *TestLimitsService) SetSubject(ctx context.Context, limits TestSubjectLimits) error {
	c := checker{op: "set test subject limits"}
	if limits.Type != "" {
		oneOf(&c, "subjectIdentifierType", limits.Type, personIdentifiers...)
	}
	if e := limits.Enrollment; e != nil && e.MaxEnrollments != nil {
		c.number("enrollment.maxEnrollments", int64(*e.MaxEnrollments), 0, 1<<31-1)
	}
	if m := limits.Certificate; m != nil && m.MaxCertificates != nil {
		c.number("certificate.maxCertificates", int64(*m.MaxCertificates), 0, 1<<31-1)
	}
	return s.send(ctx, &c, "POST", "/testdata/limits/subject/certificate", limits)
}

// ResetSubject brings the ordinary limits of certificates back.
//
// Needs no permission; group other.
//
//ksef:op DELETE /testdata/limits/subject/certificate
func (s *TestLimitsService) ResetSubject(ctx context.Context) error {
	return s.send(ctx, &checker{op: "reset test subject limits"}, "DELETE", "/testdata/limits/subject/certificate", nil)
}

// SetRates replaces the limits of calls. Every group that the server knows has
// to be set: change what LimitsService.Rates gives.
//
// Needs no permission; group other.
//
//ksef:op POST /testdata/rate-limits
func (s *TestLimitsService) SetRates(ctx context.Context, limits RateLimits) error {
	c := checker{op: "set test rate limits"}
	c.need(len(limits) > 0, "rateLimits", RuleRequired, "set every group that the server knows")
	return s.send(ctx, &c, "POST", "/testdata/rate-limits", wireTestRates{limits})
}

// ResetRates brings the ordinary limits of calls back.
//
// Needs no permission; group other.
//
//ksef:op DELETE /testdata/rate-limits
func (s *TestLimitsService) ResetRates(ctx context.Context) error {
	return s.send(ctx, &checker{op: "reset test rate limits"}, "DELETE", "/testdata/rate-limits", nil)
}

// ProductionRates applies the limits of calls of the production environment.
//
// Needs no permission; group other.
//
//ksef:op POST /testdata/rate-limits/production
func (s *TestLimitsService) ProductionRates(ctx context.Context) error {
	return s.send(ctx, &checker{op: "set production rate limits"}, "POST", "/testdata/rate-limits/production", nil)
}

// send makes a call that may be repeated: all of them set a state.
func (s *TestLimitsService) send(ctx context.Context, c *checker, method, path string, request any) error {
	if err := c.err(); err != nil {
		return err
	}
	if err := s.account.client.testsOnly(c.op); err != nil {
		return err
	}
	return effect(ctx, s.account, call{op: c.op, class: httpx.Read, group: GroupOther, method: method, path: path}, request)
}
