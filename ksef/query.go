package ksef

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/pl"
)

// SubjectRole is the role in which the context of the login appears on the
// invoices that are looked for.
type SubjectRole string

// The roles.
const (
	AsSeller     SubjectRole = "Subject1"
	AsBuyer      SubjectRole = "Subject2"
	AsThird      SubjectRole = "Subject3"
	AsAuthorized SubjectRole = "SubjectAuthorized"
)

// DateType is the date by which invoices are selected and sorted.
type DateType string

// The dates.
const (
	ByIssue            DateType = "Issue"            // P_1
	ByInvoicing        DateType = "Invoicing"        // KSeF took the invoice
	ByPermanentStorage DateType = "PermanentStorage" // KSeF stored it; right for keeping up
)

// DateRange selects invoices by time, both ends included. It spans at most 100
// days (three months on servers before API 2.7.1).
type DateRange struct {
	Type DateType  `json:"dateType"`
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"` // now if zero
	// RestrictToHWM ends the range where KSeF guarantees that no further
	// invoice can appear (high water mark); for ByPermanentStorage only.
	RestrictToHWM bool `json:"restrictToPermanentStorageHwmDate,omitempty"`
}

// maxRange is the longest range of a query.
const maxRange = 100 * 24 * time.Hour

// AmountType is the amount by which invoices are selected.
type AmountType string

// The amounts.
const (
	AmountGross AmountType = "Brutto"
	AmountNet   AmountType = "Netto"
	AmountVAT   AmountType = "Vat"
)

// AmountRange selects invoices by an amount, both ends included; nil is open.
type AmountRange struct {
	Type AmountType       `json:"type"`
	From *decimal.Decimal `json:"from,omitempty"`
	To   *decimal.Decimal `json:"to,omitempty"`
}

// MarshalJSON writes the amounts as numbers.
func (a AmountRange) MarshalJSON() ([]byte, error) {
	w := struct {
		Type AmountType  `json:"type"`
		From *wireAmount `json:"from,omitempty"`
		To   *wireAmount `json:"to,omitempty"`
	}{Type: a.Type}
	if a.From != nil {
		w.From = &wireAmount{*a.From}
	}
	if a.To != nil {
		w.To = &wireAmount{*a.To}
	}
	return json.Marshal(w)
}

// FormType is the family of structures to which an invoice belongs.
type FormType string

// The families of structures.
const (
	FormTypeFA  FormType = "FA"
	FormTypePEF FormType = "PEF"
	FormTypeRR  FormType = "FA_RR"
)

// InvoiceFilter selects invoices. Role and Dates are required, the rest narrows
// and is exact.
type InvoiceFilter struct {
	Role          SubjectRole   `json:"subjectType"`
	Dates         DateRange     `json:"dateRange"`
	KSeFNumber    pl.KSeFNumber `json:"ksefNumber,omitempty"`
	InvoiceNumber string        `json:"invoiceNumber,omitempty"`
	Amount        *AmountRange  `json:"amount,omitempty"`
	SellerNIP     pl.NIP        `json:"sellerNip,omitempty"`
	// Buyer is a Nip, VatUe, Other or None.
	Buyer         *Identifier   `json:"buyerIdentifier,omitempty"`
	Currencies    []string      `json:"currencyCodes,omitempty"` // ISO 4217
	Mode          InvoicingMode `json:"invoicingMode,omitempty"`
	SelfInvoicing *bool         `json:"isSelfInvoicing,omitempty"`
	FormType      FormType      `json:"formType,omitempty"`
	Types         []InvoiceType `json:"invoiceTypes,omitempty"`
	HasAttachment *bool         `json:"hasAttachment,omitempty"`
}

// SortOrder is the direction of a list.
type SortOrder string

// The directions.
const (
	Ascending  SortOrder = "Asc"
	Descending SortOrder = "Desc"
)

// PageOptions choose one page of a query.
type PageOptions struct {
	Sort   SortOrder // Ascending if empty
	Offset int       // number of the page, from 0
	Size   int       // 10 to 250; 250 if zero
}

// MetadataPage is one page of a query.
type MetadataPage struct {
	// HasMore tells that there is more; Truncated that KSeF shows no more than
	// 10,000 invoices of one filter and that the dates have to be narrowed.
	HasMore   bool
	Truncated bool
	// HWM is the time up to which no further invoice can appear. Zero unless
	// the query is by permanent storage.
	HWM      time.Time
	Invoices []*InvoiceMetadata
}

type wireMetadataPage struct {
	HasMore                 bool               `json:"hasMore"`
	IsTruncated             bool               `json:"isTruncated"`
	PermanentStorageHwmDate wireTime           `json:"permanentStorageHwmDate"`
	Invoices                []*InvoiceMetadata `json:"invoices"`
}

const opQuery = "query invoice metadata"

// QueryPage reads one page of the invoices that a filter selects, sorted by the
// date of its range. [InvoicesService.Query] walks all pages. A filter the
// contract does not allow is refused here with a [*FieldError].
//
// Needs InvoiceRead; group invoiceMetadata, of which there are only 20 calls an
// hour: export more than a few pages instead.
//
//ksef:op POST /invoices/query/metadata
func (s *InvoicesService) QueryPage(ctx context.Context, filter InvoiceFilter, page PageOptions) (*MetadataPage, error) {
	c := checker{op: opQuery, now: s.account.client.now()}
	filter.check(&c, "")
	page = page.withDefaults()
	oneOf(&c, "sortOrder", page.Sort, Ascending, Descending)
	c.number("pageSize", int64(page.Size), 10, 250)
	c.number("pageOffset", int64(page.Offset), 0, 1<<31-1)
	if err := c.err(); err != nil {
		return nil, err
	}
	k := call{op: opQuery, class: httpx.Read, group: GroupInvoiceMetadata, method: "POST", path: "/invoices/query/metadata", query: page.query()}
	k, err := k.with(filter.utc())
	if err != nil {
		return nil, err
	}
	w, err := ask[wireMetadataPage](ctx, s.account, k)
	if err != nil {
		return nil, err
	}
	return &MetadataPage{w.HasMore, w.IsTruncated, w.PermanentStorageHwmDate.Time, w.Invoices}, nil
}

func (p PageOptions) withDefaults() PageOptions {
	if p.Sort == "" {
		p.Sort = Ascending
	}
	if p.Size == 0 {
		p.Size = 250
	}
	return p
}

func (p PageOptions) query() url.Values {
	return url.Values{"sortOrder": {string(p.Sort)}, "pageOffset": {strconv.Itoa(p.Offset)}, "pageSize": {strconv.Itoa(p.Size)}}
}

func (f InvoiceFilter) utc() InvoiceFilter {
	f.Dates.From, f.Dates.To = f.Dates.From.UTC(), f.Dates.To.UTC()
	return f
}

// check judges the filter; prefix is "filters." within an export.
func (f InvoiceFilter) check(c *checker, prefix string) {
	oneOf(c, prefix+"subjectType", f.Role, AsSeller, AsBuyer, AsThird, AsAuthorized)
	f.Dates.check(c, prefix+"dateRange")
	c.need(f.KSeFNumber == "" || f.KSeFNumber.Valid(), prefix+"ksefNumber", RulePattern, "check the KSeF number: its form or its checksum is wrong")
	c.optional(prefix+"invoiceNumber", f.InvoiceNumber, 1, 256)
	if f.Amount != nil {
		oneOf(c, prefix+"amount.type", f.Amount.Type, AmountGross, AmountNet, AmountVAT)
	}
	c.need(f.SellerNIP == "" || plain(string(f.SellerNIP), 10, 10, digit) && f.SellerNIP[0] != '0', prefix+"sellerNip", RulePattern, "write the NIP as ten digits")
	f.checkBuyer(c, prefix+"buyerIdentifier")
	for i, code := range f.Currencies {
		c.need(plain(code, 3, 3, capital), index(prefix+"currencyCodes", i), RulePattern, "write the three letters of ISO 4217 in capitals")
	}
	if f.Mode != "" {
		oneOf(c, prefix+"invoicingMode", f.Mode, ModeOnline, ModeOffline)
	}
	for i, t := range f.Types {
		oneOf(c, index(prefix+"invoiceTypes", i), t, invoiceTypes...)
	}
	if f.FormType != "" {
		oneOf(c, prefix+"formType", f.FormType, FormTypeFA, FormTypePEF, FormTypeRR)
	}
}

// checkBuyer lets numbers with wrong check digits pass: they may stand on
// invoices of others.
func (f InvoiceFilter) checkBuyer(c *checker, field string) {
	if f.Buyer == nil {
		return
	}
	oneOf(c, field+".type", f.Buyer.Type, IdentifierNIP, IdentifierVATUE, IdentifierOther, IdentifierNone)
	c.optional(field+".value", f.Buyer.Value, 1, 50)
}

func (r DateRange) check(c *checker, field string) {
	oneOf(c, field+".dateType", r.Type, ByIssue, ByInvoicing, ByPermanentStorage)
	c.need(!r.From.IsZero(), field+".from", RuleRequired, "say from when")
	to := r.To
	if to.IsZero() {
		to = c.now
	}
	c.need(r.To.IsZero() || !r.To.Before(r.From), field+".to", RuleRange, "end the range after its beginning")
	c.need(to.Sub(r.From) <= maxRange, field+".to", RuleRange, "ask for at most 100 days; without an end the range goes on until now")
	c.need(!r.RestrictToHWM || r.Type == ByPermanentStorage, field+".restrictToPermanentStorageHwmDate", RuleTogether, "use it with PermanentStorage only")
}

// Query gives every invoice that a filter selects, in the order of the date of
// its range, each once: pages overlap when invoices come in meanwhile. Where
// KSeF cuts a result at 10,000 invoices, the range is narrowed to go on from
// the last one. The error, if any, is the last element; ErrTooManyAlike means
// that 10,000 invoices have one date and only a narrower filter can tell them
// apart. Every 250 invoices cost a call, see [InvoicesService.QueryPage].
func (s *InvoicesService) Query(ctx context.Context, filter InvoiceFilter) iter.Seq2[*InvoiceMetadata, error] {
	return func(yield func(*InvoiceMetadata, error) bool) {
		w := window{filter: filter}
		for {
			page, err := s.QueryPage(ctx, w.filter, PageOptions{Offset: w.offset})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, m := range page.Invoices {
				if m != nil && w.fresh(m.KSeFNumber) && !yield(m, nil) {
					return
				}
			}
			more, err := w.next(page)
			if err != nil {
				yield(nil, &Error{Op: opQuery, Status: http.StatusOK, Err: err})
			}
			if !more {
				return
			}
		}
	}
}

// window is the part of a query that KSeF shows at a time.
type window struct {
	filter       InvoiceFilter
	offset       int
	seen, before map[pl.KSeFNumber]bool // in this window and in the one before
}

func (w *window) fresh(n pl.KSeFNumber) bool {
	if w.seen[n] || w.before[n] {
		return false
	}
	if w.seen == nil {
		w.seen = map[pl.KSeFNumber]bool{}
	}
	w.seen[n] = true
	return true
}

func (w *window) next(page *MetadataPage) (more bool, err error) {
	switch n := len(page.Invoices); {
	case !page.HasMore:
		return false, nil
	case n == 0 || page.Invoices[n-1] == nil:
		return false, ErrProtocol
	case !page.Truncated:
		w.offset++
		return true, nil
	default:
		from := page.Invoices[n-1].sortedBy(w.filter.Dates.Type)
		if !from.After(w.filter.Dates.From) {
			return false, fmt.Errorf("%s: %w", w.filter.Dates.Type, ErrTooManyAlike)
		}
		w.filter.Dates.From, w.offset = from, 0
		w.before, w.seen = w.seen, nil
		return true, nil
	}
}

// sortedBy is the instant from which a query has to go on to miss nothing that
// comes after the invoice. A day counts from its beginning in Warsaw.
func (m *InvoiceMetadata) sortedBy(t DateType) time.Time {
	switch t {
	case ByIssue:
		return m.IssueDate.Start()
	case ByInvoicing:
		return m.InvoicingDate
	}
	return m.PermanentStorageDate
}
