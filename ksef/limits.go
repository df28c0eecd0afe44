package ksef

import (
	"context"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// LimitsService reads what KSeF allows the context and the subject.
type LimitsService struct{ account *Account }

// SessionLimits bound one session. 1 MB is 1,000,000 bytes.
type SessionLimits struct {
	MaxInvoiceSizeMB               int `json:"maxInvoiceSizeInMB"`
	MaxInvoiceWithAttachmentSizeMB int `json:"maxInvoiceWithAttachmentSizeInMB"`
	MaxInvoices                    int `json:"maxInvoices"`
}

// ContextLimits bound the sessions of a context.
type ContextLimits struct {
	Online SessionLimits `json:"onlineSession"`
	Batch  SessionLimits `json:"batchSession"`
	// Collective is nil on servers that do not tell it (before API 2.7.1).
	Collective *CollectiveLimits `json:"collectiveIdentifier"`
}

// CollectiveLimits bound a collective identifier of invoices.
type CollectiveLimits struct {
	MaxInvoices int `json:"maxInvoices"`
}

// Context reads the sizes and counts allowed in the context.
//
//ksef:op GET /limits/context
func (s *LimitsService) Context(ctx context.Context) (*ContextLimits, error) {
	limits := new(ContextLimits)
	err := s.account.json(ctx, call{op: "get context limits", class: httpx.Read, method: "GET", path: "/limits/context"}, limits)
	if err != nil {
		return nil, err
	}
	return limits, nil
}

// SubjectLimits bound the certificates of a subject; nil where not told.
type SubjectLimits struct {
	Enrollment  *EnrollmentLimits  `json:"enrollment"`
	Certificate *CertificateLimits `json:"certificate"`
}

// EnrollmentLimits bound the requests for certificates.
type EnrollmentLimits struct {
	MaxEnrollments *int `json:"maxEnrollments"`
}

// CertificateLimits bound the certificates in force.
type CertificateLimits struct {
	MaxCertificates *int `json:"maxCertificates"`
}

// Subject reads how many certificates the subject may have.
//
//ksef:op GET /limits/subject
func (s *LimitsService) Subject(ctx context.Context) (*SubjectLimits, error) {
	limits := new(SubjectLimits)
	err := s.account.json(ctx, call{op: "get subject limits", class: httpx.Read, method: "GET", path: "/limits/subject"}, limits)
	if err != nil {
		return nil, err
	}
	return limits, nil
}

// RateLimit is how many calls of one group are allowed in each rolling window.
type RateLimit struct {
	PerSecond int `json:"perSecond"`
	PerMinute int `json:"perMinute"`
	PerHour   int `json:"perHour"`
}

// RateLimits are the limits of calls by group name, such as "invoiceSend", for
// the pair of context and client address. Groups that KSeF adds appear by
// themselves.
type RateLimits map[string]RateLimit

// Rates reads the limits of calls.
//
//ksef:op GET /rate-limits
func (s *LimitsService) Rates(ctx context.Context) (RateLimits, error) {
	var limits RateLimits
	err := s.account.json(ctx, call{op: "get rate limits", class: httpx.Read, method: "GET", path: "/rate-limits"}, &limits)
	if err != nil {
		return nil, err
	}
	return limits, nil
}
