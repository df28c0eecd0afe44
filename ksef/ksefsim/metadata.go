package ksefsim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/pl"
)

// Types of dates by which invoices are found, and roles in which.
const (
	dateIssue     = "Issue"
	dateInvoicing = "Invoicing"
	datePermanent = "PermanentStorage"

	asSeller     = "Subject1"
	asBuyer      = "Subject2"
	asThird      = "Subject3"
	asAuthorized = "SubjectAuthorized"
)

// longestRange is the longest range of dates since level 2.8.
const longestRange = 100 * 24 * time.Hour

// invoiceFilter is what metadata queries and exports ask for.
type invoiceFilter struct {
	SubjectType string `json:"subjectType"`
	DateRange   *struct {
		DateType string `json:"dateType"`
		From     string `json:"from"`
		To       string `json:"to"`
		Restrict bool   `json:"restrictToPermanentStorageHwmDate"`
	} `json:"dateRange"`
	KSeFNumber    string       `json:"ksefNumber"`
	InvoiceNumber string       `json:"invoiceNumber"`
	Amount        *amountRange `json:"amount"`
	SellerNIP     string       `json:"sellerNip"`
	Buyer         *partyID     `json:"buyerIdentifier"`
	Currencies    []string     `json:"currencyCodes"`
	Mode          string       `json:"invoicingMode"`
	SelfInvoicing *bool        `json:"isSelfInvoicing"`
	FormType      string       `json:"formType"`
	Types         []string     `json:"invoiceTypes"`
	HasAttachment *bool        `json:"hasAttachment"`
}

// amountRange is a range of amounts of a type.
type amountRange struct {
	Type string      `json:"type"`
	From json.Number `json:"from"`
	To   json.Number `json:"to"`
}

// invoiceQuery is a filter whose form is right.
type invoiceQuery struct {
	invoiceFilter
	dateType string
	from, to time.Time
	restrict bool
	open     bool // no end was given
	number   pl.KSeFNumber
	low      *decimal.Decimal
	high     *decimal.Decimal
}

// invoiceTypes maps RodzajFaktury to the types of the API.
func invoiceTypes() map[string]string {
	return map[string]string{
		"VAT": "Vat", "ZAL": "Zal", "KOR": "Kor", "ROZ": "Roz", "UPR": "Upr", "KOR_ZAL": "KorZal", "KOR_ROZ": "KorRoz",
		"VAT_RR": "VatRr", "KOR_VAT_RR": "KorVatRr",
	}
}

// read checks a filter. The present is the end of a range without one.
func (f *invoiceFilter) read(k *checker, level Level, now time.Time) *invoiceQuery {
	q := &invoiceQuery{invoiceFilter: *f}
	q.SubjectType = k.one("subjectType", f.SubjectType, asSeller, asBuyer, asThird, asAuthorized)
	q.readRange(k, level, now)
	if f.KSeFNumber != "" {
		var valid bool
		q.number, valid = readNumber(f.KSeFNumber)
		k.check(valid, "'ksefNumber' is not in the correct format.")
	}
	k.length("invoiceNumber", f.InvoiceNumber, 0, maxNumber)
	if f.SellerNIP != "" {
		k.nip("sellerNip", f.SellerNIP)
	}
	q.readAmount(k)
	if b := f.Buyer; b != nil {
		q.Buyer = &partyID{k.one("buyerIdentifier.type", b.Type, typeNIP, partyVATUE, partyOther, partyNone), b.Value}
		k.length("buyerIdentifier.value", b.Value, 0, 50)
	}
	q.Currencies = nil
	for _, code := range f.Currencies {
		k.check(len(code) == 3, "The value '%s' is not valid for 'currencyCodes'.", clip(code))
		q.Currencies = append(q.Currencies, strings.ToUpper(code))
	}
	q.Mode = k.maybeOne("invoicingMode", f.Mode, modeOnline, modeOffline)
	q.FormType = k.maybeOne("formType", f.FormType, "FA", "PEF", "FA_RR")
	q.Types = k.set("invoiceTypes", f.Types, "Vat", "Zal", "Kor", "Roz", "Upr", "KorZal", "KorRoz", "VatPef", "VatPefSp", "KorPef", "VatRr", "KorVatRr")
	return q
}

func (q *invoiceQuery) readRange(k *checker, level Level, now time.Time) {
	r := q.DateRange
	if !k.require("dateRange", r != nil) {
		return
	}
	q.dateType = k.one("dateRange.dateType", r.DateType, dateIssue, dateInvoicing, datePermanent)
	k.require("dateRange.from", r.From != "")
	q.from, q.to = k.instant("dateRange.from", r.From), k.instant("dateRange.to", r.To)
	if q.open = r.To == ""; q.open {
		q.to = now
	}
	q.restrict = r.Restrict
	k.check(!r.Restrict || q.dateType == datePermanent, "'dateRange.restrictToPermanentStorageHwmDate' is allowed only with 'dateType' PermanentStorage.")
	if q.from.IsZero() || q.to.IsZero() {
		return
	}
	k.check(!q.to.Before(q.from) || q.open && r.Restrict, "'dateRange.from' must be earlier than or equal to 'dateRange.to'.")
	if level.before(Level28) {
		k.check(withinMonths(q.from, q.to), "'dateRange' must not exceed 3 months.")
	} else {
		k.check(q.to.Sub(q.from) <= longestRange, "'dateRange' must not exceed 100 days.")
	}
}

// withinMonths is the older limit: three months, in UTC or in Poland.
func withinMonths(from, to time.Time) bool {
	return !to.After(from.UTC().AddDate(0, 3, 0)) || !to.After(from.In(pl.Warsaw()).AddDate(0, 3, 0))
}

func (q *invoiceQuery) readAmount(k *checker) {
	a := q.Amount
	if a == nil {
		return
	}
	q.Amount = &amountRange{Type: k.one("amount.type", a.Type, "Brutto", "Netto", "Vat")}
	read := func(name string, n json.Number) *decimal.Decimal {
		if n == "" {
			return nil
		}
		d, err := money.Parse(string(n), 18, 8)
		k.check(err == nil, "The value '%s' is not valid for 'amount.%s'.", clip(string(n)), name)
		return &d
	}
	q.low, q.high = read("from", a.From), read("to", a.To)
}

// date is the date of an invoice by which a query looks.
func (q *invoiceQuery) date(inv *invoice) time.Time {
	switch q.dateType {
	case dateIssue:
		return inv.Facts.Issued.Start()
	case dateInvoicing:
		return inv.At
	}
	return inv.settled.Stored
}

// inRange reports whether the date of an invoice is in the range. Days of issue
// are Polish ones.
func (q *invoiceQuery) inRange(inv *invoice) bool {
	if q.dateType == dateIssue {
		return !inv.Facts.Issued.Before(pl.DateOf(q.from)) && !inv.Facts.Issued.After(pl.DateOf(q.to))
	}
	at := q.date(inv)
	return !at.Before(q.from) && !at.After(q.to)
}

// matches reports whether an invoice is asked for, dates and role aside.
func (q *invoiceQuery) matches(inv *invoice) bool {
	f := &inv.Facts
	return (q.number == "" || q.number == inv.settled.Number) &&
		(q.InvoiceNumber == "" || q.InvoiceNumber == f.Number) &&
		(q.SellerNIP == "" || q.SellerNIP == string(f.Seller)) &&
		(q.Buyer == nil || q.Buyer.Type == f.Buyer.Type && (q.Buyer.Type == partyNone || q.Buyer.Value == f.Buyer.Value)) &&
		(len(q.Currencies) == 0 || slices.Contains(q.Currencies, f.Currency)) &&
		(q.Mode == "" || q.Mode == inv.mode()) &&
		(q.SelfInvoicing == nil || *q.SelfInvoicing == f.SelfInvoicing) &&
		(q.HasAttachment == nil || *q.HasAttachment == f.Annex) &&
		(q.FormType == "" || q.FormType == inv.session.Form.Value) &&
		(len(q.Types) == 0 || slices.Contains(q.Types, invoiceTypes()[f.Kind])) &&
		q.inAmounts(f)
}

func (q *invoiceQuery) inAmounts(f *facts) bool {
	if q.Amount == nil {
		return true
	}
	text := map[string]string{"Brutto": f.Gross, "Netto": f.Net, "Vat": f.VAT}[q.Amount.Type]
	d, err := decimal.NewFromString(cmp.Or(text, "0"))
	return err == nil && (q.low == nil || d.Cmp(*q.low) >= 0) && (q.high == nil || d.Cmp(*q.high) <= 0)
}

// find lists the invoices that a query asks for, by its date, ascending, at one
// date in the order in which they were accepted.
func (st *state) find(q *invoiceQuery, context identifier, now time.Time) []*invoice {
	var list []*invoice
	for _, inv := range st.concerned[context.name()] {
		if inv.found(now) && q.inRange(inv) && inv.role(context, q.SubjectType) && q.matches(inv) {
			list = append(list, inv)
		}
	}
	slices.SortStableFunc(list, func(a, b *invoice) int { return q.date(a).Compare(q.date(b)) })
	return list
}

// restrictTo caps a query at the high-water mark. It reports whether nothing is
// left of its range.
func (q *invoiceQuery) restrictTo(mark time.Time) (beyond bool) {
	if !q.restrict {
		return false
	}
	if q.from.After(mark) {
		return true
	}
	if q.to.After(mark) {
		q.to = mark
	}
	return false
}

// told is the high-water mark of an answer: that of the moment or, for a range
// that lies in the past, its end.
func (q *invoiceQuery) told(mark time.Time) *microStamp {
	if q.dateType != datePermanent {
		return nil
	}
	if q.to.Before(mark) {
		mark = q.to
	}
	return optional[microStamp](mark)
}

const detailBeyond = "Parametr dateRange.from jest późniejszy niż PermanentStorageHwmDate przy włączonym restrictToPermanentStorageHwmDate."

// metadataResponse answers POST /invoices/query/metadata.
type metadataResponse struct {
	HasMore   bool              `json:"hasMore"`
	Truncated bool              `json:"isTruncated"`
	Mark      *microStamp       `json:"permanentStorageHwmDate,omitempty"`
	Invoices  []invoiceMetadata `json:"invoices"`
}

// queryMetadata answers POST /invoices/query/metadata. One filter shows no more
// than a window of records; what is behind it takes another range of dates.
func (s *Server) queryMetadata(c *call) (*reply, error) {
	var body invoiceFilter
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	params := c.request.URL.Query()
	sheet := k.sheet(params, 10, 250)
	order := cmp.Or(k.maybeOne("sortOrder", params.Get("sortOrder"), "Asc", "Desc"), "Asc")
	q := body.read(&k, s.cfg.Level, c.now)
	if err := k.err(); err != nil {
		return nil, err
	}
	mark := s.highWater(c.now)
	if q.restrictTo(mark) {
		return nil, refuse(codeBeyondData, detailBeyond)
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	found := s.state.find(q, c.context, c.now)
	if order == "Desc" {
		slices.Reverse(found)
	}
	window := found[:min(len(found), s.dials.window())]
	page, more := cut(window, sheet)
	r := metadataResponse{HasMore: more, Mark: q.told(mark), Invoices: []invoiceMetadata{}}
	if !more && len(window) < len(found) {
		r.HasMore, r.Truncated = true, true
	}
	for _, inv := range page {
		r.Invoices = append(r.Invoices, inv.metadata())
	}
	return ok(r), nil
}
