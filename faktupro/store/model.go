package store

import (
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// invoiceRow is a row of faktupro_invoices.
type invoiceRow struct {
	bun.BaseModel `bun:"table:faktupro_invoices,alias:i"`

	ID            string `bun:"id,pk"`
	Version       int64  `bun:"version"`
	State         string `bun:"state"`
	Seller        string `bun:"seller"`
	Kind          string `bun:"kind"`
	Number        string `bun:"number"`
	Series        string `bun:"series"`
	IssueDate     string `bun:"issue_date"`
	Currency      string `bun:"currency"`
	Net           string `bun:"net"`
	VAT           string `bun:"vat"`
	Gross         string `bun:"gross"`
	SHA256        string `bun:"sha256"`
	KSeFNumber    string `bun:"ksef_number"`
	Rejection     string `bun:"rejection"` // JSON, or ""
	ClientKey     string `bun:"client_key,nullzero"`
	Replaces      string `bun:"replaces"`
	ReplacedBy    string `bun:"replaced_by"`
	Attempt       int64  `bun:"attempt"`
	Session       string `bun:"session"`
	Reference     string `bun:"reference"`
	OriginNumber  string `bun:"origin_number"`
	OriginSession string `bun:"origin_session"`
	CreatedAt     int64  `bun:"created_at"`
	SealedAt      int64  `bun:"sealed_at"`
	SentAt        int64  `bun:"sent_at"`
	AcceptedAt    int64  `bun:"accepted_at"`
	SettledAt     int64  `bun:"settled_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

// recordRow is an invoice with its queue entry, as it is read.
type recordRow struct {
	invoiceRow `bun:",extend"`

	DueAt      sql.NullInt64  `bun:"due_at,scanonly"`
	Failures   sql.NullInt64  `bun:"failures,scanonly"`
	LastError  sql.NullString `bun:"last_error,scanonly"`
	LeaseUntil sql.NullInt64  `bun:"lease_until,scanonly"`
	NotBefore  sql.NullInt64  `bun:"not_before,scanonly"`
}

func newInvoiceRow(r *invoicing.Record) (*invoiceRow, error) {
	rejection, err := encodeRejection(r.Rejection)
	if err != nil {
		return nil, err
	}
	return &invoiceRow{
		ID: r.ID, Version: r.Version, State: string(r.State),
		Seller: string(r.Seller), Kind: string(r.Kind), Number: r.Number, Series: string(r.Series),
		IssueDate: r.IssueDate.String(), Currency: r.Currency,
		Net: r.Net.Fixed(2), VAT: r.VAT.Fixed(2), Gross: r.Gross.Fixed(2),
		SHA256: encodeHash(r.SHA256), KSeFNumber: string(r.KSeFNumber), Rejection: rejection,
		ClientKey: r.Key, Replaces: r.Replaces, ReplacedBy: r.ReplacedBy,
		Attempt: int64(r.Attempt), Session: r.Session, Reference: r.Reference,
		OriginNumber: string(r.Origin.Number), OriginSession: r.Origin.Session,
		CreatedAt: micros(r.Created), SealedAt: micros(r.Sealed), SentAt: micros(r.Sent),
		AcceptedAt: micros(r.Accepted), SettledAt: micros(r.Settled), UpdatedAt: micros(r.Updated),
	}, nil
}

func (row *recordRow) record() (*invoicing.Record, error) {
	r := &invoicing.Record{
		ID: row.ID, Version: row.Version, State: invoicing.State(row.State),
		Seller: pl.NIP(row.Seller), Kind: faktupro.Kind(row.Kind), Number: row.Number,
		Series: faktupro.NumberPattern(row.Series), Currency: row.Currency,
		KSeFNumber: pl.KSeFNumber(row.KSeFNumber), Key: row.ClientKey,
		Replaces: row.Replaces, ReplacedBy: row.ReplacedBy,
		Attempt: int(row.Attempt), Session: row.Session, Reference: row.Reference,
		Origin:  invoicing.Origin{Number: pl.KSeFNumber(row.OriginNumber), Session: row.OriginSession},
		Created: instant(row.CreatedAt), Sealed: instant(row.SealedAt), Sent: instant(row.SentAt),
		Accepted: instant(row.AcceptedAt), Settled: instant(row.SettledAt), Updated: instant(row.UpdatedAt),
		Pending: row.pending(),
	}
	if err := row.decodeValues(r); err != nil {
		return nil, fmt.Errorf("decode invoice %s: %w", row.ID, err)
	}
	return r, nil
}

// decodeValues fills the fields whose text has to be parsed.
func (row *recordRow) decodeValues(r *invoicing.Record) (err error) {
	if row.IssueDate != "" {
		if r.IssueDate, err = pl.ParseDate(row.IssueDate); err != nil {
			return err
		}
	}
	if r.Net, err = decodeAmount(row.Net); err != nil {
		return err
	}
	if r.VAT, err = decodeAmount(row.VAT); err != nil {
		return err
	}
	if r.Gross, err = decodeAmount(row.Gross); err != nil {
		return err
	}
	if r.SHA256, err = decodeHash(row.SHA256); err != nil {
		return err
	}
	r.Rejection, err = decodeRejection(row.Rejection)
	return err
}

func (row *recordRow) pending() *invoicing.Pending {
	if !row.DueAt.Valid {
		return nil
	}
	return &invoicing.Pending{
		Due: instant(row.DueAt.Int64), Failures: int(row.Failures.Int64), LastError: row.LastError.String,
		LeaseUntil: instant(row.LeaseUntil.Int64), HeldUntil: instant(row.NotBefore.Int64),
	}
}

// decodeAmount reads an amount; "" is one that is not given.
func decodeAmount(s string) (faktupro.Decimal, error) {
	if s == "" {
		return faktupro.Decimal{}, nil
	}
	return faktupro.ParseDecimal(s)
}

// encodeHash writes a hash in hexadecimal; the zero hash, of no document, as "".
func encodeHash(h [32]byte) string {
	if h == ([32]byte{}) {
		return ""
	}
	return hex.EncodeToString(h[:])
}

func decodeHash(s string) (h [32]byte, err error) {
	if s == "" {
		return h, nil
	}
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("malformed hash")
	}
	return [32]byte(b), nil
}

// rejectionJSON is a refusal as it is stored.
type rejectionJSON struct {
	Code        int      `json:"code"`
	Description string   `json:"description,omitempty"`
	Details     []string `json:"details,omitempty"`
	Duplicate   string   `json:"duplicate,omitempty"`
}

func encodeRejection(r *invoicing.Rejection) (string, error) {
	if r == nil {
		return "", nil
	}
	b, err := json.Marshal(rejectionJSON{r.Code, r.Description, r.Details, string(r.Duplicate)})
	return string(b), err
}

func decodeRejection(s string) (*invoicing.Rejection, error) {
	if s == "" {
		return nil, nil
	}
	var j rejectionJSON
	if err := json.Unmarshal([]byte(s), &j); err != nil {
		return nil, err
	}
	return &invoicing.Rejection{
		Code: j.Code, Description: j.Description, Details: j.Details, Duplicate: pl.KSeFNumber(j.Duplicate),
	}, nil
}
