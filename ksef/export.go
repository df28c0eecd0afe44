package ksef

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/pl"
)

// ExportRequest asks for a package of invoices.
type ExportRequest struct {
	// Encryption hands KSeF the key with which it encrypts the package. Keep
	// the key together with the reference: there is no list of exports.
	Encryption EncryptionInfo `json:"encryption"`
	// OnlyMetadata leaves the invoices out of the package.
	OnlyMetadata bool          `json:"onlyMetadata"`
	Filter       InvoiceFilter `json:"filters"`
	// Compression is Zip if empty; TarGz needs API 2.6.0 or later.
	Compression Compression `json:"compressionType,omitempty"`
}

// Statuses of an export, see [ExportStatus].
const (
	ExportRunning       = 100
	ExportReady         = 200
	ExportExpired       = 210 // it was ready and its time is over
	ExportKeyUnreadable = 415
	ExportNothingNew    = 420 // the range begins after the high water mark
)

var exportStatuses = []statusFact{
	{ExportRunning, "running", nil, false},
	{ExportReady, "ready", nil, false},
	{ExportExpired, "package no longer kept", ErrGone, true},
	{ExportKeyUnreadable, "symmetric key could not be decrypted", ErrRejected, false},
	{ExportNothingNew, "range begins after the high water mark: nothing new yet", ErrNotReady, true},
	{StatusUnknownError, "unknown error", ErrUnavailable, false},
	{StatusCancelledBySystem, "cancelled by the system", ErrUnavailable, true},
}

// ExportStatus is the state of an export.
type ExportStatus struct {
	Status           Status         `json:"status"`
	CompletedDate    time.Time      `json:"completedDate"`         // zero while it runs
	PackageExpiresAt time.Time      `json:"packageExpirationDate"` // zero if unknown
	Package          *ExportPackage `json:"package"`               // nil unless ready
	// Compression is that of the package; "" on servers before API 2.7.1.
	Compression Compression `json:"compressionType"`
}

// Final reports whether the status will not change any more.
func (s *ExportStatus) Final() bool { return s.Status.Final() }

// Err is nil while the export runs and when its package can be had, else a
// [*StatusError] that matches ErrGone, ErrNotReady (nothing new yet),
// ErrRejected or ErrUnavailable.
func (s *ExportStatus) Err() error {
	return statusError("export invoices", "", s.Status, exportStatuses)
}

// UnmarshalJSON reads a status of the API. Servers disagree on where the
// compression stands: beside the package or in it.
func (s *ExportStatus) UnmarshalJSON(data []byte) error {
	type fields ExportStatus
	w := struct {
		*fields
		CompletedDate    wireTime `json:"completedDate"`
		PackageExpiresAt wireTime `json:"packageExpirationDate"`
	}{fields: (*fields)(s)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	s.CompletedDate, s.PackageExpiresAt = w.CompletedDate.Time, w.PackageExpiresAt.Time
	if s.Compression == "" && s.Package != nil {
		s.Compression = s.Package.compression
	}
	return nil
}

// ExportPackage is a package ready for download: an archive cut in parts, each
// encrypted by itself.
type ExportPackage struct {
	InvoiceCount int64        `json:"invoiceCount"`
	Size         int64        `json:"size"` // of the archive, in bytes
	Parts        []ExportPart `json:"parts"`
	// Truncated tells that the package could not hold everything: go on from
	// the Last date, of which only the one by which was asked is set. Going on
	// from the HWM instead would lose invoices.
	Truncated            bool      `json:"isTruncated"`
	LastIssueDate        pl.Date   `json:"lastIssueDate"`
	LastInvoicing        time.Time `json:"lastInvoicingDate"`
	LastPermanentStorage time.Time `json:"lastPermanentStorageDate"`
	// HWM is the time up to which no further invoice can appear. Zero unless
	// the export was by permanent storage.
	HWM time.Time `json:"permanentStorageHwmDate"`

	compression Compression
}

// UnmarshalJSON reads a package of the API.
func (p *ExportPackage) UnmarshalJSON(data []byte) error {
	type fields ExportPackage
	w := struct {
		*fields
		LastInvoicing        wireTime    `json:"lastInvoicingDate"`
		LastPermanentStorage wireTime    `json:"lastPermanentStorageDate"`
		HWM                  wireTime    `json:"permanentStorageHwmDate"`
		Compression          Compression `json:"compressionType"`
	}{fields: (*fields)(p)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	p.LastInvoicing, p.LastPermanentStorage, p.HWM = w.LastInvoicing.Time, w.LastPermanentStorage.Time, w.HWM.Time
	p.compression = w.Compression
	return nil
}

// ExportPart is one part of a package. Its address is a secret: whoever has it
// can read the part.
type ExportPart struct {
	OrdinalNumber int       `json:"ordinalNumber"`
	Name          string    `json:"partName"`
	Method        string    `json:"method"`
	URL           string    `json:"url"` // good until ExpiresAt; every status call gives a fresh one
	Size          int64     `json:"partSize"`
	Hash          []byte    `json:"partHash"` // SHA-256 of the decrypted part
	EncryptedSize int64     `json:"encryptedPartSize"`
	EncryptedHash []byte    `json:"encryptedPartHash"` // SHA-256 of the bytes that are downloaded
	ExpiresAt     time.Time `json:"expirationDate"`
}

// UnmarshalJSON reads a part of the API.
func (p *ExportPart) UnmarshalJSON(data []byte) error {
	type fields ExportPart
	w := struct {
		*fields
		ExpiresAt wireTime `json:"expirationDate"`
	}{fields: (*fields)(p)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	p.ExpiresAt = w.ExpiresAt.Time
	return nil
}

// String leaves the address out.
func (p ExportPart) String() string { return "export part " + strconv.Itoa(p.OrdinalNumber) }

// LogValue gives slog what String gives.
func (p ExportPart) LogValue() slog.Value { return slog.StringValue(p.String()) }

// StartExport starts an export and returns its reference number. At most 10 run
// at a time for a subject and context (CodeExportLimitReached). An export whose
// answer was lost counts among them and cannot be found again.
//
// Needs InvoiceRead; group invoiceExport.
//
//ksef:op POST /invoices/exports
func (s *InvoicesService) StartExport(ctx context.Context, request ExportRequest) (reference string, err error) {
	const op = "start invoice export"
	c := checker{op: op, now: s.account.client.now()}
	request.Encryption.check(&c)
	request.Filter.check(&c, "filters.")
	if request.Compression != "" {
		oneOf(&c, "compressionType", request.Compression, CompressionZip, CompressionTarGz)
	}
	if err := c.err(); err != nil {
		return "", err
	}
	request.Filter = request.Filter.utc()
	k := call{op: op, class: httpx.Once, group: GroupInvoiceExport, method: "POST", path: "/invoices/exports"}
	return submit(ctx, s.account, k, request)
}

// ExportStatus reads the state of an export, with fresh addresses of its parts.
// It is kept 7 days (ErrGone afterwards).
//
// Needs InvoiceRead; group invoiceExportStatus.
//
//ksef:op GET /invoices/exports/{referenceNumber}
func (s *InvoicesService) ExportStatus(ctx context.Context, reference string) (*ExportStatus, error) {
	const op = "get export status"
	p, err := path(op, "/invoices/exports/", reference)
	if err != nil {
		return nil, err
	}
	status, err := ask[ExportStatus](ctx, s.account, call{op: op, class: httpx.Poll, group: GroupInvoiceExportState, method: "GET", path: p})
	if err == nil && status.Status.Code == 0 {
		return nil, &Error{Op: op, Status: http.StatusOK, Err: ErrProtocol}
	}
	return status, err
}
