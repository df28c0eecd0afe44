package ksef

import (
	"context"
	"encoding/json"

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
// Needs no permission; group other.
//
//ksef:op GET /limits/context
func (s *LimitsService) Context(ctx context.Context) (*ContextLimits, error) {
	limits := new(ContextLimits)
	err := s.account.json(ctx, call{op: "get context limits", class: httpx.Read, group: GroupOther, method: "GET", path: "/limits/context"}, limits)
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
	MaxEnrollments *int `json:"maxEnrollments,omitempty"`
}

// CertificateLimits bound the certificates in force.
type CertificateLimits struct {
	MaxCertificates *int `json:"maxCertificates,omitempty"`
}

// Subject reads how many certificates the subject may have.
//
// Needs no permission; group other.
//
//ksef:op GET /limits/subject
func (s *LimitsService) Subject(ctx context.Context) (*SubjectLimits, error) {
	limits := new(SubjectLimits)
	err := s.account.json(ctx, call{op: "get subject limits", class: httpx.Read, group: GroupOther, method: "GET", path: "/limits/subject"}, limits)
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

// RateGroup is a group of operations that share a limit of calls, by its name
// in the API. Part uploads and downloads from pre-signed addresses are in none.
type RateGroup string

// The groups of operations.
const (
	GroupOnlineSession      RateGroup = "onlineSession"      // opening online sessions
	GroupOnlineSessionClose RateGroup = "onlineSessionClose" // closing them; before API 2.8.0 one with opening
	GroupBatchSession       RateGroup = "batchSession"       // opening batch sessions
	GroupBatchSessionClose  RateGroup = "batchSessionClose"  // closing them; before API 2.8.0 one with opening
	GroupInvoiceSend        RateGroup = "invoiceSend"
	GroupInvoiceStatus      RateGroup = "invoiceStatus"
	GroupSessionList        RateGroup = "sessionList"
	GroupSessionInvoices    RateGroup = "sessionInvoiceList"
	GroupSessionMisc        RateGroup = "sessionMisc" // session status and receipts
	GroupInvoiceMetadata    RateGroup = "invoiceMetadata"
	GroupInvoiceExport      RateGroup = "invoiceExport"
	GroupInvoiceExportState RateGroup = "invoiceExportStatus"
	GroupInvoiceDownload    RateGroup = "invoiceDownload"
	GroupCollective         RateGroup = "collectiveIdentifier"
	GroupOther              RateGroup = "other"     // every other operation, each counted by itself
	GroupAnonymous          RateGroup = "anonymous" // without a login, per address of the caller
	GroupGlobal             RateGroup = "global"    // everything, per address; announced and switched off
)

// RateLimits are the limits of calls by group, for the pair of context and
// client address. Groups that KSeF adds appear by themselves; a group without
// limits is left out, be it one that an older server does not know or one that
// is switched off.
type RateLimits map[RateGroup]RateLimit

// UnmarshalJSON reads the limits of the API.
func (l *RateLimits) UnmarshalJSON(data []byte) error {
	var groups map[RateGroup]json.RawMessage
	if err := json.Unmarshal(data, &groups); err != nil {
		return err
	}
	*l = make(RateLimits, len(groups))
	for group, raw := range groups {
		var limit RateLimit
		if json.Unmarshal(raw, &limit) == nil && limit != (RateLimit{}) {
			(*l)[group] = limit
		}
	}
	return nil
}

// Rates reads the limits of calls. A limiter learns them by it.
//
// Needs no permission; group other.
//
//ksef:op GET /rate-limits
func (s *LimitsService) Rates(ctx context.Context) (RateLimits, error) {
	var limits RateLimits
	err := s.account.json(ctx, call{op: "get rate limits", class: httpx.Read, group: GroupOther, method: "GET", path: "/rate-limits"}, &limits)
	if err != nil {
		return nil, err
	}
	if p := s.account.counted(s.account.current()); p != nil && len(limits) > 0 {
		p.told(ctx, limits)
	}
	return limits, nil
}
