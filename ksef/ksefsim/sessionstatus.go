package ksefsim

import (
	"github.com/faktupro/faktupro-go/pl"
)

// sessionResponse answers GET /sessions/{ref}.
type sessionResponse struct {
	Status       statusInfo `json:"status"`
	DateCreated  stamp      `json:"dateCreated"`
	DateUpdated  stamp      `json:"dateUpdated"`
	ValidUntil   *stamp     `json:"validUntil,omitempty"`
	UPO          *upoPages  `json:"upo,omitempty"`
	InvoiceCount *int       `json:"invoiceCount,omitempty"`
	Successful   *int       `json:"successfulInvoiceCount,omitempty"`
	Failed       *int       `json:"failedInvoiceCount,omitempty"`
}

type upoPages struct {
	Pages []upoPageInfo `json:"pages"`
}

type upoPageInfo struct {
	ReferenceNumber           string `json:"referenceNumber"`
	DownloadURL               string `json:"downloadUrl"`
	DownloadURLExpirationDate stamp  `json:"downloadUrlExpirationDate"`
}

// step counts a status request about a session where results come by polling.
func (s *Server) step(c *call) error {
	if !s.state.pace.stepped() {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	se, err := s.state.findSession(c, detailNotFoundAsking)
	if err != nil {
		return err
	}
	return s.state.stepSession(se, c.now)
}

// sessionStatus answers GET /sessions/{ref}.
func (s *Server) sessionStatus(c *call) (*reply, error) {
	if err := s.step(c); err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	se, err := s.state.findSession(c, detailNotFoundAsking)
	if err != nil {
		return nil, err
	}
	r := sessionResponse{
		Status:       se.status().info(se.text),
		DateCreated:  stamp(se.At),
		DateUpdated:  stamp(se.updated),
		ValidUntil:   optional[stamp](se.ValidUntil),
		InvoiceCount: se.count(len(se.invoices)),
		Successful:   se.count(len(se.done)),
		Failed:       se.count(len(se.failed)),
	}
	for i, reference := range se.pages {
		if r.UPO == nil {
			r.UPO = new(upoPages)
		}
		l := s.link(c, pageUPOPath(se, i))
		r.UPO.Pages = append(r.UPO.Pages, upoPageInfo{reference, l.url, stamp(l.expires)})
	}
	return ok(r), nil
}

// count leaves a counter out while it is zero and the session not finished.
func (se *session) count(n int) *int {
	if n == 0 && se.outcome.Code != statusDone && se.outcome.Code != sessionNoInvoice {
		return nil
	}
	return &n
}

// invoiceResponse is the status of an invoice, alone or in a list.
type invoiceResponse struct {
	OrdinalNumber        int           `json:"ordinalNumber"`
	InvoiceNumber        string        `json:"invoiceNumber,omitempty"`
	KSeFNumber           pl.KSeFNumber `json:"ksefNumber,omitempty"`
	ReferenceNumber      string        `json:"referenceNumber"`
	InvoiceHash          string        `json:"invoiceHash"`
	InvoiceFileName      string        `json:"invoiceFileName,omitempty"`
	AcquisitionDate      *stamp        `json:"acquisitionDate,omitempty"`
	InvoicingDate        stamp         `json:"invoicingDate"`
	PermanentStorageDate *microStamp   `json:"permanentStorageDate,omitempty"`
	UPODownloadURL       string        `json:"upoDownloadUrl,omitempty"`
	UPOExpirationDate    *stamp        `json:"upoDownloadUrlExpirationDate,omitempty"`
	InvoicingMode        string        `json:"invoicingMode,omitempty"`
	Status               statusInfo    `json:"status"`
}

func (s *Server) invoiceResponse(c *call, inv *invoice) invoiceResponse {
	r := invoiceResponse{
		OrdinalNumber:   inv.ordinal,
		ReferenceNumber: inv.Reference,
		InvoiceHash:     inv.Hash.String(),
		InvoiceFileName: inv.FileName,
		InvoicingDate:   stamp(inv.At),
		Status:          inv.status(s.state.pace, c.now).info(invoiceText),
	}
	if inv.final() {
		r.InvoiceNumber = inv.Facts.Number
	}
	if !inv.accepted() {
		return r
	}
	r.KSeFNumber, r.InvoicingMode = inv.settled.Number, inv.mode()
	r.AcquisitionDate = optional[stamp](inv.settled.At)
	if inv.found(c.now) {
		r.PermanentStorageDate = optional[microStamp](inv.settled.Stored)
	}
	if s.state.hold.upo {
		return r
	}
	l := s.link(c, invoiceUPOPath(inv))
	r.UPODownloadURL, r.UPOExpirationDate = l.url, optional[stamp](l.expires)
	return r
}

// invoiceStatus answers GET /sessions/{ref}/invoices/{invRef}.
func (s *Server) invoiceStatus(c *call) (*reply, error) {
	if err := s.stepOne(c); err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	inv, err := s.state.findInvoice(c)
	if err != nil {
		return nil, err
	}
	return ok(s.invoiceResponse(c, inv)), nil
}

func (s *Server) stepOne(c *call) error {
	if !s.state.pace.stepped() {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	inv, err := s.state.findInvoice(c)
	if err != nil {
		return err
	}
	return s.state.stepInvoice(inv, c.now)
}

func (st *state) findInvoice(c *call) (*invoice, error) {
	se, err := st.findSession(c, detailNotFoundAsking)
	if err != nil {
		return nil, err
	}
	reference := c.request.PathValue("invoiceReferenceNumber")
	inv, known := se.byRef[reference]
	if !known {
		return nil, refusef(codeValidation, "Faktura o numerze referencyjnym %s nie została znaleziona w sesji %s.", clip(reference), se.Reference)
	}
	return inv, nil
}

// invoiceList answers GET /sessions/{ref}/invoices and …/failed.
type invoiceList struct {
	ContinuationToken string            `json:"continuationToken,omitempty"`
	Invoices          []invoiceResponse `json:"invoices"`
}

// sessionInvoices answers GET /sessions/{ref}/invoices.
func (s *Server) sessionInvoices(c *call) (*reply, error) {
	return s.listInvoices(c, "invoices", func(se *session) []*invoice { return se.invoices })
}

// failedInvoices answers GET /sessions/{ref}/invoices/failed.
func (s *Server) failedInvoices(c *call) (*reply, error) {
	return s.listInvoices(c, "failed", func(se *session) []*invoice { return se.failed })
}

func (s *Server) listInvoices(c *call, name string, which func(*session) []*invoice) (*reply, error) {
	page, err := s.page(c, name+" "+c.request.PathValue("referenceNumber"), 10, 1000)
	if err != nil {
		return nil, err
	}
	if err := s.step(c); err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	se, err := s.state.findSession(c, detailNotFoundAsking)
	if err != nil {
		return nil, err
	}
	list, all := invoiceList{Invoices: []invoiceResponse{}}, which(se)
	next := page.ascend(len(all), func(i int) bool {
		list.Invoices = append(list.Invoices, s.invoiceResponse(c, all[i]))
		return true
	})
	list.ContinuationToken = s.continuation(page, next)
	return ok(list), nil
}
