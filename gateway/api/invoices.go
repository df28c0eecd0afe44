package api

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/faktupro/faktupro-go/access"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// tagInvoices groups the operations in the OpenAPI document.
var tagInvoices = []string{"Invoices"}

type invoiceBody struct {
	RawBody []byte `contentType:"application/json"`
}

type createInput struct {
	Key      string `header:"Idempotency-Key" maxLength:"128" doc:"Your own key: repeating a call whose answer was lost returns the same invoice"`
	Series   string `query:"series" maxLength:"200" doc:"Pattern of the number when the invoice brings none" example:"FV/{n}/{mm}/{yyyy}"`
	Replaces string `query:"replaces" maxLength:"64" doc:"Identifier of a rejected invoice whose number this one takes over"`
	RawBody  []byte `contentType:"application/json"`
}

type invoiceID struct {
	ID string `path:"id" maxLength:"64" doc:"Identifier of the invoice"`
}

type invoiceOutput struct {
	Body invoiceView
}

type madeOutput struct {
	Location string `header:"Location" doc:"Path of the invoice"`
	Body     invoiceView
}

type listInput struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the previous page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Entries per page"`
	State  string `query:"state" enum:"draft,sealed,sending,unknown,sent,accepted,confirmed,rejected" doc:"Only invoices in this state"`
	Seller string `query:"seller" maxLength:"20" doc:"Only invoices of this seller's NIP"`
}

type listOutput struct {
	Body struct {
		Items []invoiceView `json:"items" nullable:"false" doc:"Newest first"`
		Next  string        `json:"next,omitempty" doc:"Cursor of the next page; absent on the last one"`
	}
}

type verdictOutput struct {
	Body struct {
		Valid    bool        `json:"valid" doc:"Whether the invoice can be issued today"`
		Problems []Fault     `json:"problems" nullable:"false" doc:"Errors and warnings"`
		Totals   *totalsView `json:"totals,omitempty" doc:"When the invoice is valid"`
	}
}

type totalsView struct {
	Net   string `json:"net"`
	VAT   string `json:"vat"`
	Gross string `json:"gross"`
}

// document is an answer that is the stored bytes and nothing else.
type document struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// bodyTimeout is how long a body may take to arrive: 16 MiB over a slow line.
const bodyTimeout = 45 * time.Second

// proofText is an audit proof. It changes with the log, so it has no tag.
type proofText struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// badParameter names one parameter at fault.
func badParameter(path, code, message string) *Problem {
	p := problemFor(http.StatusUnprocessableEntity)
	p.Problems = []Fault{{Path: path, Code: code, Severity: "error", Message: message}}
	return p
}

// badSeries explains a pattern of numbers in the words of its own problems.
func badSeries(err error) *Problem {
	invalid, ok := errors.AsType[*faktupro.ValidationError](err)
	if !ok {
		return badParameter("query.series", "series.invalid", err.Error())
	}
	p := problemFor(http.StatusUnprocessableEntity)
	p.Problems = faults(invalid.Problems)
	for i := range p.Problems {
		p.Problems[i].Path = "query.series"
	}
	return p
}

func (s *server) invoiceRoutes() {
	body := int64(faktupro.MaxJSONSize) + 1 // the framework refuses from the limit on, not beyond it
	write, read := needs(access.ScopeInvoicesWrite), needs(access.ScopeInvoicesRead)

	huma.Register(s.huma, huma.Operation{
		OperationID: "validate-invoice", Method: http.MethodPost, Path: "/v1/invoices/validate", Security: read, Tags: tagInvoices,
		MaxBodyBytes: body, BodyReadTimeout: bodyTimeout, SkipValidateBody: true, Summary: "Judge an invoice", Description: "Stores nothing. Lists every error and warning at once.",
	}, s.validate)
	huma.Register(s.huma, huma.Operation{
		OperationID: "create-invoice", Method: http.MethodPost, Path: "/v1/invoices", Security: write, Tags: tagInvoices,
		MaxBodyBytes: body, BodyReadTimeout: bodyTimeout, SkipValidateBody: true, DefaultStatus: http.StatusCreated, Summary: "Store a draft",
		Description: "The draft must be valid. Without a number it gets the next of its series when it is issued.",
	}, s.create)
	huma.Register(s.huma, huma.Operation{
		OperationID: "list-invoices", Method: http.MethodGet, Path: "/v1/invoices", Security: read, Tags: tagInvoices,
		Summary: "List invoices", Description: "Newest first, page by page.",
	}, s.list)
	huma.Register(s.huma, huma.Operation{
		OperationID: "get-invoice", Method: http.MethodGet, Path: "/v1/invoices/{id}", Security: read, Tags: tagInvoices,
		Summary: "Read an invoice",
	}, s.get)
	huma.Register(s.huma, huma.Operation{
		OperationID: "issue-invoice", Method: http.MethodPost, Path: "/v1/invoices/{id}/issue", Security: write, Tags: tagInvoices,
		DefaultStatus: http.StatusAccepted, Summary: "Issue a draft",
		Description: "Number, XML and hash become final at once; sending goes on in the background. Repeating the call changes nothing.",
	}, s.issue)
	s.documentRoutes(read)
}

func (s *server) documentRoutes(read []map[string][]string) {
	operation := func(name, path, summary, media string) huma.Operation {
		return huma.Operation{
			OperationID: name, Method: http.MethodGet, Path: path, Security: read, Tags: tagInvoices, Summary: summary,
			Responses: map[string]*huma.Response{"200": {Description: summary, Content: map[string]*huma.MediaType{
				media: {Schema: &huma.Schema{Type: "string", Format: "binary"}},
			}}},
		}
	}
	huma.Register(s.huma, operation("get-invoice-xml", "/v1/invoices/{id}/xml",
		"The FA(3) document exactly as sent", "application/xml"), s.xml)
	huma.Register(s.huma, operation("get-invoice-upo", "/v1/invoices/{id}/upo",
		"The official receipt (UPO) exactly as received", "application/xml"), s.upo)
	if s.Proof != nil {
		huma.Register(s.huma, operation("get-invoice-proof", "/v1/invoices/{id}/proof",
			"Proof that the latest change stands in the audit log", "text/plain"), s.proof)
	}
}

func (s *server) validate(ctx context.Context, in *invoiceBody) (*verdictOutput, error) {
	inv, found := faktupro.DecodeAndValidate(in.RawBody, faktupro.ValidateOptions{Now: s.Now(), Draft: true})
	out := &verdictOutput{}
	if found.Err() == nil { // what only the finished document shows, such as its size
		err := s.Invoices.Check(inv)
		if invalid, ok := errors.AsType[*faktupro.ValidationError](err); ok {
			found = invalid.Problems
		} else if err != nil {
			return nil, s.fail(ctx, err)
		}
	}
	out.Body.Problems = faults(found)
	if found.Err() != nil {
		return out, nil
	}
	totals, err := inv.Totals()
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out.Body.Valid = true
	out.Body.Totals = &totalsView{Net: totals.Net.Fixed(2), VAT: totals.VAT.Fixed(2), Gross: totals.Gross.Fixed(2)}
	return out, nil
}

func (s *server) create(ctx context.Context, in *createInput) (*madeOutput, error) {
	inv, found := faktupro.DecodeAndValidate(in.RawBody, faktupro.ValidateOptions{Now: s.Now(), Draft: true})
	if err := found.Err(); err != nil {
		return nil, s.fail(ctx, err)
	}
	series := faktupro.NumberPattern(in.Series)
	if err := series.Validate(); in.Series != "" && err != nil {
		return nil, badSeries(err)
	}
	r, err := s.Invoices.Create(ctx, inv, invoicing.CreateOptions{Key: in.Key, Series: series, Replaces: in.Replaces})
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &madeOutput{Location: "/v1/invoices/" + r.ID, Body: view(r)}, nil
}

func (s *server) get(ctx context.Context, in *invoiceID) (*invoiceOutput, error) {
	r, err := s.Invoices.Get(ctx, in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	inv, err := s.Invoices.Invoice(ctx, in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &invoiceOutput{Body: view(r)}
	if out.Body.Invoice, err = faktupro.EncodeInvoice(inv); err != nil {
		return nil, s.fail(ctx, err)
	}
	return out, nil
}

func (s *server) issue(ctx context.Context, in *invoiceID) (*madeOutput, error) {
	r, err := s.Invoices.Issue(ctx, in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &madeOutput{Location: "/v1/invoices/" + r.ID, Body: view(r)}, nil
}

func (s *server) list(ctx context.Context, in *listInput) (*listOutput, error) {
	q := invoicing.Query{Cursor: in.Cursor, Limit: in.Limit}
	if in.Seller != "" {
		nip, err := pl.ParseNIP(in.Seller)
		if err != nil {
			return nil, badParameter("query.seller", "nip.invalid", err.Error())
		}
		q.Seller = nip
	}
	if in.State != "" {
		q.States = []invoicing.State{invoicing.State(in.State)}
	}
	page, err := s.Invoices.List(ctx, q)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &listOutput{}
	out.Body.Items = make([]invoiceView, 0, len(page.Records))
	for _, r := range page.Records {
		out.Body.Items = append(out.Body.Items, view(r))
	}
	out.Body.Next = page.Next
	return out, nil
}

func (s *server) xml(ctx context.Context, in *invoiceID) (*document, error) {
	r, err := s.Invoices.Get(ctx, in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	body, err := s.Invoices.XML(ctx, in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &document{ContentType: "application/xml", ETag: `"` + hex.EncodeToString(r.SHA256[:]) + `"`,
		Disposition: `attachment; filename="` + in.ID + `.xml"`, Body: body}, nil
}

func (s *server) upo(ctx context.Context, in *invoiceID) (*document, error) {
	r, err := s.Invoices.UPO(ctx, in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &document{ContentType: "application/xml", ETag: `"` + hex.EncodeToString(r.SHA256[:]) + `"`,
		Disposition: `attachment; filename="` + in.ID + `-upo.xml"`, Body: r.XML}, nil
}

func (s *server) proof(ctx context.Context, in *invoiceID) (*proofText, error) {
	r, err := s.Invoices.Get(ctx, in.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	text, err := s.Proof(ctx, r.LastEventID())
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &proofText{ContentType: "text/plain; charset=utf-8", Body: text}, nil
}
