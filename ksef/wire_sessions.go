package ksef

import (
	"crypto/sha256"
	"fmt"

	"github.com/faktupro/faktupro-go/pl"
)

// The shapes of the session calls on the wire.

type wireOpened struct {
	ReferenceNumber string   `json:"referenceNumber"`
	ValidUntil      wireTime `json:"validUntil"`
}

type wireSent struct {
	ReferenceNumber string `json:"referenceNumber"`
}

type wireUPOPage struct {
	ReferenceNumber           string   `json:"referenceNumber"`
	DownloadURL               string   `json:"downloadUrl"`
	DownloadURLExpirationDate wireTime `json:"downloadUrlExpirationDate"`
}

type wireUPO struct {
	Pages []wireUPOPage `json:"pages"`
}

type wireSessionStatus struct {
	Status                 wireStatus `json:"status"`
	DateCreated            wireTime   `json:"dateCreated"`
	DateUpdated            wireTime   `json:"dateUpdated"`
	ValidUntil             wireTime   `json:"validUntil"`
	UPO                    *wireUPO   `json:"upo"`
	InvoiceCount           *int       `json:"invoiceCount"`
	SuccessfulInvoiceCount *int       `json:"successfulInvoiceCount"`
	FailedInvoiceCount     *int       `json:"failedInvoiceCount"`
}

func (w *wireSessionStatus) public() *SessionStatus {
	s := &SessionStatus{
		Status:                 w.Status.public(),
		DateCreated:            w.DateCreated.Time,
		DateUpdated:            w.DateUpdated.Time,
		ValidUntil:             w.ValidUntil.Time,
		InvoiceCount:           w.InvoiceCount,
		SuccessfulInvoiceCount: w.SuccessfulInvoiceCount,
		FailedInvoiceCount:     w.FailedInvoiceCount,
	}
	if w.UPO != nil {
		for _, p := range w.UPO.Pages {
			s.UPO = append(s.UPO, UPOPage{p.ReferenceNumber, p.DownloadURL, p.DownloadURLExpirationDate.Time})
		}
	}
	return s
}

type wireSession struct {
	ReferenceNumber        string     `json:"referenceNumber"`
	Status                 wireStatus `json:"status"`
	DateCreated            wireTime   `json:"dateCreated"`
	DateUpdated            wireTime   `json:"dateUpdated"`
	ValidUntil             wireTime   `json:"validUntil"`
	TotalInvoiceCount      int        `json:"totalInvoiceCount"`
	SuccessfulInvoiceCount int        `json:"successfulInvoiceCount"`
	FailedInvoiceCount     int        `json:"failedInvoiceCount"`
}

func (w *wireSession) public() *SessionSummary {
	return &SessionSummary{
		Reference:              w.ReferenceNumber,
		Status:                 w.Status.public(),
		DateCreated:            w.DateCreated.Time,
		DateUpdated:            w.DateUpdated.Time,
		ValidUntil:             w.ValidUntil.Time,
		InvoiceCount:           w.TotalInvoiceCount,
		SuccessfulInvoiceCount: w.SuccessfulInvoiceCount,
		FailedInvoiceCount:     w.FailedInvoiceCount,
	}
}

type wireSessionList struct {
	ContinuationToken string        `json:"continuationToken"`
	Sessions          []wireSession `json:"sessions"`
}

type wireInvoiceStatus struct {
	OrdinalNumber                int           `json:"ordinalNumber"`
	InvoiceNumber                string        `json:"invoiceNumber"`
	KSeFNumber                   string        `json:"ksefNumber"`
	ReferenceNumber              string        `json:"referenceNumber"`
	InvoiceHash                  []byte        `json:"invoiceHash"`
	InvoiceFileName              string        `json:"invoiceFileName"`
	AcquisitionDate              wireTime      `json:"acquisitionDate"`
	InvoicingDate                wireTime      `json:"invoicingDate"`
	PermanentStorageDate         wireTime      `json:"permanentStorageDate"`
	UPODownloadURL               string        `json:"upoDownloadUrl"`
	UPODownloadURLExpirationDate wireTime      `json:"upoDownloadUrlExpirationDate"`
	InvoicingMode                InvoicingMode `json:"invoicingMode"`

	Status wireInvoiceStatusInfo `json:"status"`
}

type wireInvoiceStatusInfo struct {
	wireStatus
	Extensions map[string]*string `json:"extensions"`
}

func (w wireInvoiceStatusInfo) public() Status {
	s := w.wireStatus.public()
	for name, value := range w.Extensions {
		if value == nil {
			continue
		}
		if s.Extensions == nil {
			s.Extensions = make(map[string]string, len(w.Extensions))
		}
		s.Extensions[name] = clip(*value)
	}
	return s
}

func (w *wireInvoiceStatus) public() (*InvoiceStatus, error) {
	if len(w.InvoiceHash) != sha256.Size || w.Status.Code == 0 {
		return nil, fmt.Errorf("invoice status without hash or code: %w", ErrProtocol)
	}
	s := &InvoiceStatus{
		OrdinalNumber:        w.OrdinalNumber,
		InvoiceNumber:        w.InvoiceNumber,
		KSeFNumber:           pl.KSeFNumber(w.KSeFNumber),
		ReferenceNumber:      w.ReferenceNumber,
		FileName:             w.InvoiceFileName,
		InvoiceHash:          [32]byte(w.InvoiceHash),
		AcquisitionDate:      w.AcquisitionDate.Time,
		InvoicingDate:        w.InvoicingDate.Time,
		PermanentStorageDate: w.PermanentStorageDate.Time,
		UPODownloadURL:       w.UPODownloadURL,
		UPOURLExpiresAt:      w.UPODownloadURLExpirationDate.Time,
		Mode:                 w.InvoicingMode,
		Status:               w.Status.public(),
	}
	return s, nil
}

type wireInvoiceList struct {
	ContinuationToken string              `json:"continuationToken"`
	Invoices          []wireInvoiceStatus `json:"invoices"`
}
