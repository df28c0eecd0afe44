package api

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// invoiceView is an invoice as the API shows it.
type invoiceView struct {
	ID        string          `json:"id" doc:"Identifier of the invoice in this service"`
	State     string          `json:"state" enum:"draft,sealed,sending,unknown,sent,accepted,confirmed,rejected" doc:"How far the invoice has come"`
	Seller    string          `json:"seller" doc:"Seller's NIP"`
	Number    string          `json:"number,omitempty" doc:"Invoice number; absent while a draft waits for one"`
	IssueDate string          `json:"issueDate,omitempty" format:"date" doc:"Date of issue; absent while a draft waits for one"`
	Currency  string          `json:"currency" doc:"ISO 4217"`
	Net       string          `json:"net" doc:"Net total in the invoice's currency" example:"1000.00"`
	VAT       string          `json:"vat" doc:"VAT total in the invoice's currency" example:"230.00"`
	Gross     string          `json:"gross" doc:"Amount due in the invoice's currency" example:"1230.00"`
	SHA256    string          `json:"sha256,omitempty" doc:"SHA-256 of the XML, hexadecimal; from sealed on"`
	KSeF      *ksefView       `json:"ksef,omitempty" doc:"What KSeF knows of it"`
	Rejection *rejectionView  `json:"rejection,omitempty" doc:"Why KSeF refused it; in state rejected only"`
	Pending   *pendingView    `json:"pending,omitempty" doc:"The work that is left"`
	CreatedAt time.Time       `json:"createdAt"`
	SealedAt  *time.Time      `json:"sealedAt,omitempty" doc:"When number and document became final"`
	Invoice   json.RawMessage `json:"invoice,omitempty" doc:"The invoice itself; left out of lists"`
}

type ksefView struct {
	Number     string     `json:"number,omitempty" doc:"KSeF number (numer KSeF)"`
	Session    string     `json:"session,omitempty" doc:"Reference of the session"`
	Reference  string     `json:"reference,omitempty" doc:"Reference of the invoice in the session"`
	Attempt    int        `json:"attempt" doc:"Attempts at sending so far"`
	AcceptedAt *time.Time `json:"acceptedAt,omitempty"`
}

type rejectionView struct {
	Code        int      `json:"code" doc:"Status code of KSeF" example:"450"`
	Description string   `json:"description" doc:"KSeF's own words, in Polish"`
	Details     []string `json:"details,omitempty" nullable:"false"`
	Duplicate   string   `json:"duplicate,omitempty" doc:"KSeF number of the other document with this number"`
}

type pendingView struct {
	NextAttempt time.Time `json:"nextAttempt"`
	Failures    int       `json:"failures" doc:"Failed attempts in a row"`
	LastError   string    `json:"lastError,omitempty"`
}

// view shows a record. Amounts keep two decimal places.
func view(r *invoicing.Record) invoiceView {
	v := invoiceView{
		ID: r.ID, State: string(r.State), Seller: string(r.Seller), Number: r.Number, IssueDate: r.IssueDate.String(),
		Currency: r.Currency, Net: r.Net.Fixed(2), VAT: r.VAT.Fixed(2), Gross: r.Gross.Fixed(2),
		CreatedAt: r.Created, SealedAt: optional(r.Sealed),
	}
	if r.SHA256 != [32]byte{} {
		v.SHA256 = hex.EncodeToString(r.SHA256[:])
	}
	if r.Attempt > 0 {
		v.KSeF = &ksefView{Number: string(r.KSeFNumber), Session: r.Session, Reference: r.Reference, Attempt: r.Attempt, AcceptedAt: optional(r.Accepted)}
	}
	if r.Rejection != nil {
		v.Rejection = &rejectionView{Code: r.Rejection.Code, Description: r.Rejection.Description,
			Details: r.Rejection.Details, Duplicate: string(r.Rejection.Duplicate)}
	}
	if r.Pending != nil {
		next := r.Pending.Due
		if r.Pending.HeldUntil.After(next) {
			next = r.Pending.HeldUntil
		}
		v.Pending = &pendingView{NextAttempt: next, Failures: r.Pending.Failures, LastError: r.Pending.LastError}
	}
	return v
}

// optional leaves out an instant that has not happened.
func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
