package ksef

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/httpx"
	"github.com/faktupro/faktupro-go/pl"
)

// CollectiveService makes and reads collective identifiers (identyfikator
// zbiorczy): one reference for the payment of many invoices of one seller.
// Needs API 2.7.1 or later.
type CollectiveService struct{ account *Account }

// CollectiveNumber is a collective identifier: seller's NIP, IZ with year and
// month, twelve hexadecimal digits, checksum, as in
// 1111111111-IZ202607-65ED02180000-E7.
type CollectiveNumber string

// Valid reports whether n has the right form and checksum.
func (n CollectiveNumber) Valid() bool {
	s := string(n)
	return len(s) == 35 && plain(s[:10], 10, 10, digit) && s[10:13] == "-IZ" && plain(s[13:19], 6, 6, digit) &&
		s[19] == '-' && plain(s[20:32], 12, 12, upperHex) && s[32] == '-' && s[33:] == fmt.Sprintf("%02X", pl.CRC8(s[:32]))
}

func (c *checker) collective(field string, n CollectiveNumber) {
	c.need(n.Valid(), field, RulePattern, "check the collective identifier: its form or its checksum is wrong")
}

// CollectiveInvoice is an invoice that is put under a collective identifier.
type CollectiveInvoice struct {
	KSeFNumber  pl.KSeFNumber `json:"ksefNumber"`
	Payment     *Payment      `json:"payment,omitempty"`
	Description string        `json:"description,omitempty"` // up to 512 characters
}

// Payment is an amount to be paid.
type Payment struct {
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"` // ISO 4217
}

// MarshalJSON writes the amount as a number.
func (p Payment) MarshalJSON() ([]byte, error) {
	return json.Marshal(wirePayment{wireAmount{p.Amount}, p.Currency})
}

// UnmarshalJSON reads a payment of the API.
func (p *Payment) UnmarshalJSON(data []byte) error {
	var w wirePayment
	err := json.Unmarshal(data, &w)
	p.Amount, p.Currency = w.Amount.Decimal, w.Currency
	return err
}

type wirePayment struct {
	Amount   wireAmount `json:"amount"`
	Currency string     `json:"currency"`
}

type wireCollect struct {
	Invoices []CollectiveInvoice `json:"invoices"`
}

type wireCollected struct {
	Number CollectiveNumber `json:"collectiveIdentifierNumber"`
}

// Limits of collective identifiers.
const (
	MaxCollectiveInvoices = 500 // under one identifier; see ContextLimits for the one in force
	maxCollectiveNumbers  = 10  // asked for at once
)

// Create puts up to 500 invoices of one seller under a new collective
// identifier. An invoice may be under 132 of them (CodeCollectiveLimitReached).
// When the outcome is unknown, look with Query before making another.
//
// Needs InvoiceRead, InvoiceWrite or CollectiveIdentifierManage; group
// collectiveIdentifier.
//
//ksef:op POST /collective-identifiers
func (s *CollectiveService) Create(ctx context.Context, invoices []CollectiveInvoice) (CollectiveNumber, error) {
	const op = "create collective identifier"
	c := checker{op: op}
	c.count("invoices", len(invoices), 1, MaxCollectiveInvoices, "invoice")
	for i, invoice := range invoices {
		invoice.check(&c, index("invoices", i), invoices[0])
	}
	if err := c.err(); err != nil {
		return "", err
	}
	k, err := call{op: op, class: httpx.Once, group: GroupCollective, method: "POST", path: "/collective-identifiers"}.with(wireCollect{invoices})
	if err != nil {
		return "", err
	}
	w, err := ask[wireCollected](ctx, s.account, k)
	if err != nil {
		return "", err
	}
	if w.Number == "" {
		return "", &Error{Op: op, Status: http.StatusCreated, Err: ErrProtocol, unknown: true}
	}
	return w.Number, nil
}

func (i CollectiveInvoice) check(c *checker, field string, first CollectiveInvoice) {
	c.need(i.KSeFNumber != "", field+".ksefNumber", RuleRequired, "give the KSeF number")
	c.need(i.KSeFNumber.Valid(), field+".ksefNumber", RulePattern, "check the KSeF number: its form or its checksum is wrong")
	c.need(i.KSeFNumber.Seller() == first.KSeFNumber.Seller(), field+".ksefNumber", RuleTogether, "put invoices of one seller together")
	c.optional(field+".description", i.Description, 1, 512)
	if i.Payment != nil {
		c.need(plain(i.Payment.Currency, 3, 3, capital), field+".payment.currency", RulePattern, "write the three letters of ISO 4217 in capitals")
	}
}

// CollectiveFilter selects collective identifiers. From and To are required and
// at most 100 days apart, the rest narrows.
type CollectiveFilter struct {
	Number           CollectiveNumber `json:"collectiveIdentifierNumber,omitempty"`
	From             time.Time        `json:"dateCreatedFrom"`
	To               time.Time        `json:"dateCreatedTo"`
	InvoicesFrom     *int             `json:"invoiceCountFrom,omitempty"`
	InvoicesTo       *int             `json:"invoiceCountTo,omitempty"`
	CreatedInContext *bool            `json:"createdInCurrentContext,omitempty"`
}

// CollectiveInfo is one collective identifier of a list.
type CollectiveInfo struct {
	Number  CollectiveNumber `json:"collectiveIdentifierNumber"`
	Created time.Time        `json:"dateCreated"`
	// InvoiceCount is 0 in the list of an invoice, which does not tell it.
	InvoiceCount     int  `json:"invoiceCount"`
	CreatedInContext bool `json:"createdInCurrentContext"`
}

// UnmarshalJSON reads a collective identifier of the API.
func (i *CollectiveInfo) UnmarshalJSON(data []byte) error {
	type fields CollectiveInfo
	w := struct {
		*fields
		Created wireTime `json:"dateCreated"`
	}{fields: (*fields)(i)}
	err := json.Unmarshal(data, &w)
	i.Created = w.Created.Time
	return err
}

type wireCollectives struct {
	ContinuationToken string            `json:"continuationToken"`
	Items             []*CollectiveInfo `json:"collectiveIdentifiers"`
}

func (w *wireCollectives) open() ([]*CollectiveInfo, string, error) {
	return w.Items, w.ContinuationToken, nil
}

// Query gives collective identifiers, the newest first.
//
// Needs InvoiceRead, InvoiceWrite or CollectiveIdentifierManage; group
// collectiveIdentifier.
//
//ksef:op POST /collective-identifiers/query
func (s *CollectiveService) Query(ctx context.Context, f CollectiveFilter) iter.Seq2[*CollectiveInfo, error] {
	const op = "list collective identifiers"
	c := checker{op: op}
	f.check(&c)
	if err := c.err(); err != nil {
		return broken[*CollectiveInfo](err)
	}
	f.From, f.To = f.From.UTC(), f.To.UTC()
	k, err := call{op: op, class: httpx.Read, group: GroupCollective, method: "POST", path: "/collective-identifiers/query"}.with(f)
	if err != nil {
		return broken[*CollectiveInfo](err)
	}
	return pages(ctx, s.account, k, 200, (*wireCollectives).open)
}

func (f CollectiveFilter) check(c *checker) {
	if f.Number != "" {
		c.collective("collectiveIdentifierNumber", f.Number)
	}
	c.need(!f.From.IsZero(), "dateCreatedFrom", RuleRequired, "say from when")
	c.need(!f.To.IsZero(), "dateCreatedTo", RuleRequired, "say until when")
	c.need(!f.To.Before(f.From), "dateCreatedTo", RuleRange, "end the range after its beginning")
	c.need(f.To.Sub(f.From) <= maxRange, "dateCreatedTo", RuleRange, "ask for at most 100 days")
}

// OfInvoice gives the collective identifiers under which an invoice is.
//
// Needs InvoiceRead, InvoiceWrite or CollectiveIdentifierManage; group
// collectiveIdentifier.
//
//ksef:op GET /collective-identifiers/ksef/{ksefNumber}
func (s *CollectiveService) OfInvoice(ctx context.Context, number pl.KSeFNumber) iter.Seq2[*CollectiveInfo, error] {
	const op = "list collective identifiers of an invoice"
	p, err := path(op, "/collective-identifiers/ksef/", string(number))
	if err != nil {
		return broken[*CollectiveInfo](err)
	}
	k := call{op: op, class: httpx.Read, group: GroupCollective, method: "GET", path: p}
	return pages(ctx, s.account, k, 200, (*wireCollectives).open)
}

// CollectedInvoice is an invoice under a collective identifier.
type CollectedInvoice struct {
	Number      CollectiveNumber `json:"collectiveIdentifierNumber"`
	KSeFNumber  pl.KSeFNumber    `json:"ksefNumber"`
	Payment     *Payment         `json:"payment"` // nil if none, or hidden
	Description string           `json:"description"`
	// DetailsHidden tells that payment and description are not shown to this
	// context: it neither made the identifier nor is on the invoice.
	DetailsHidden bool `json:"detailsHidden"`
}

type wireCollectedQuery struct {
	Numbers []CollectiveNumber `json:"collectiveIdentifierNumbers"`
}

type wireCollectedInvoices struct {
	ContinuationToken string              `json:"continuationToken"`
	Invoices          []*CollectedInvoice `json:"invoices"`
}

// Invoices gives the invoices under up to 10 collective identifiers.
//
// Needs InvoiceRead, InvoiceWrite or CollectiveIdentifierManage; group
// collectiveIdentifier.
//
//ksef:op POST /collective-identifiers/invoices
func (s *CollectiveService) Invoices(ctx context.Context, numbers ...CollectiveNumber) iter.Seq2[*CollectedInvoice, error] {
	const op = "list invoices of collective identifiers"
	c := checker{op: op}
	c.count("collectiveIdentifierNumbers", len(numbers), 1, maxCollectiveNumbers, "collective identifier")
	for i, n := range numbers {
		c.collective(index("collectiveIdentifierNumbers", i), n)
	}
	if err := c.err(); err != nil {
		return broken[*CollectedInvoice](err)
	}
	k, err := call{op: op, class: httpx.Read, group: GroupCollective, method: "POST", path: "/collective-identifiers/invoices"}.with(wireCollectedQuery{numbers})
	if err != nil {
		return broken[*CollectedInvoice](err)
	}
	return pages(ctx, s.account, k, 500, func(w *wireCollectedInvoices) ([]*CollectedInvoice, string, error) {
		return w.Invoices, w.ContinuationToken, nil
	})
}
