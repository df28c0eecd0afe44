package ksefsim

// Limits of invoices and sessions. A megabyte is a million bytes.
const (
	megabyte                  = 1_000_000
	maxInvoiceMB              = 1
	maxInvoiceAttachmentMB    = 3
	maxSessionInvoices        = 10_000
	maxInvoiceBytes           = maxInvoiceMB * megabyte
	maxInvoiceAttachmentBytes = maxInvoiceAttachmentMB * megabyte
)

// sessionLimits are the limits of one kind of session.
type sessionLimits struct {
	MaxInvoiceSizeInMB               int `json:"maxInvoiceSizeInMB"`
	MaxInvoiceWithAttachmentSizeInMB int `json:"maxInvoiceWithAttachmentSizeInMB"`
	MaxInvoices                      int `json:"maxInvoices"`
}

// contextLimitsResponse answers GET /limits/context.
type contextLimitsResponse struct {
	OnlineSession        sessionLimits `json:"onlineSession"`
	BatchSession         sessionLimits `json:"batchSession"`
	CollectiveIdentifier struct {
		MaxInvoices int `json:"maxInvoices"`
	} `json:"collectiveIdentifier"`
}

// contextLimits answers GET /limits/context.
func (s *Server) contextLimits(*call) (*reply, error) {
	session := sessionLimits{maxInvoiceMB, maxInvoiceAttachmentMB, maxSessionInvoices}
	r := contextLimitsResponse{OnlineSession: session, BatchSession: session}
	r.CollectiveIdentifier.MaxInvoices = 500
	return ok(r), nil
}

// subjectLimitsResponse answers GET /limits/subject.
type subjectLimitsResponse struct {
	Enrollment struct {
		MaxEnrollments int `json:"maxEnrollments"`
	} `json:"enrollment"`
	Certificate struct {
		MaxCertificates int `json:"maxCertificates"`
	} `json:"certificate"`
}

// subjectLimits answers GET /limits/subject: companies may have more
// certificates than persons.
func (s *Server) subjectLimits(c *call) (*reply, error) {
	var r subjectLimitsResponse
	r.Enrollment.MaxEnrollments, r.Certificate.MaxCertificates = 12, 6
	if c.subject.Type == typeNIP {
		r.Enrollment.MaxEnrollments, r.Certificate.MaxCertificates = 300, 100
	}
	return ok(r), nil
}

// rateValues are the thresholds of one group of operations.
type rateValues struct {
	PerSecond int `json:"perSecond"`
	PerMinute int `json:"perMinute"`
	PerHour   int `json:"perHour"`
}

// rateLimitsResponse answers GET /rate-limits, its groups in the order of KSeF.
type rateLimitsResponse struct {
	OnlineSession        rateValues `json:"onlineSession"`
	OnlineSessionClose   rateValues `json:"onlineSessionClose"`
	BatchSession         rateValues `json:"batchSession"`
	BatchSessionClose    rateValues `json:"batchSessionClose"`
	InvoiceSend          rateValues `json:"invoiceSend"`
	InvoiceStatus        rateValues `json:"invoiceStatus"`
	SessionList          rateValues `json:"sessionList"`
	SessionInvoiceList   rateValues `json:"sessionInvoiceList"`
	SessionMisc          rateValues `json:"sessionMisc"`
	InvoiceMetadata      rateValues `json:"invoiceMetadata"`
	InvoiceExport        rateValues `json:"invoiceExport"`
	InvoiceExportStatus  rateValues `json:"invoiceExportStatus"`
	InvoiceDownload      rateValues `json:"invoiceDownload"`
	CollectiveIdentifier rateValues `json:"collectiveIdentifier"`
	Other                rateValues `json:"other"`
}

// defaultRates are the limits of API 2.8.0. The simulator tells them and does
// not enforce them.
func defaultRates() rateLimitsResponse {
	return rateLimitsResponse{
		OnlineSession:        rateValues{10, 30, 120},
		OnlineSessionClose:   rateValues{20, 60, 240},
		BatchSession:         rateValues{10, 20, 60},
		BatchSessionClose:    rateValues{20, 40, 120},
		InvoiceSend:          rateValues{10, 30, 180},
		InvoiceStatus:        rateValues{30, 120, 1200},
		SessionList:          rateValues{5, 10, 60},
		SessionInvoiceList:   rateValues{10, 20, 200},
		SessionMisc:          rateValues{10, 120, 1200},
		InvoiceMetadata:      rateValues{8, 16, 20},
		InvoiceExport:        rateValues{8, 16, 20},
		InvoiceExportStatus:  rateValues{10, 60, 600},
		InvoiceDownload:      rateValues{8, 16, 64},
		CollectiveIdentifier: rateValues{20, 120, 240},
		Other:                rateValues{10, 30, 120},
	}
}

// rateLimits answers GET /rate-limits.
func (s *Server) rateLimits(*call) (*reply, error) { return ok(defaultRates()), nil }
