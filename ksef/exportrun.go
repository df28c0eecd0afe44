package ksef

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// ErrExportStuck: KSeF did not finish an export within [ExportOrder.MaxWait].
// Some stay "running" for days; start another one.
var ErrExportStuck = errors.New("export does not come to its end")

// ExportOrder says which invoices to export. Only Filter is required.
type ExportOrder struct {
	Filter InvoiceFilter
	// OnlyMetadata leaves the invoices themselves out.
	OnlyMetadata bool
	// Compression is Zip if empty. TarGz needs API 2.6.0 or later and is several
	// times smaller for similar invoices.
	Compression Compression
	// Spool is a directory for the parts of the package, encrypted as they come,
	// until they have been read: 1 GB at most. A download that broke off goes on
	// there, also in another process. Empty is a temporary directory that is
	// removed in any case.
	Spool string
	// MaxWait is how long KSeF may take to make the package, an hour if zero.
	MaxWait time.Duration
	// Limits bound what the package may unpack to. Zeros fit KSeF's limits for
	// exports.
	Limits pack.OpenConfig
}

// Limits that replace zeros of [ExportOrder].
const (
	exportMaxWait    = time.Hour
	exportMaxParts   = 1000
	exportMaxPackage = 2_000_000_000 // KSeF: 1 GB without the metadata
)

func (o ExportOrder) withDefaults() ExportOrder {
	if o.MaxWait <= 0 {
		o.MaxWait = exportMaxWait
	}
	if o.Limits.MaxParts == 0 {
		o.Limits.MaxParts = exportMaxParts
	}
	if o.Limits.MaxPackage == 0 {
		o.Limits.MaxPackage = exportMaxPackage
	}
	if o.Limits.MaxDocument == 0 {
		o.Limits.MaxDocument = maxInvoice
	}
	o.Limits.NoMetadata = false
	return o
}

// ExportTicket is what an export needs to be read by another process: KSeF keeps
// no list of exports, and nothing but the key opens the package. It does not
// print the key.
type ExportTicket struct {
	Reference string
	Key       pack.Key
}

type wireTicket struct {
	Reference string `json:"reference"`
	Key       []byte `json:"key"`
	IV        []byte `json:"iv"`
}

// Reveal returns the ticket with its key as text, for a safe place.
func (t ExportTicket) Reveal() string {
	text, err := json.Marshal(wireTicket{t.Reference, t.Key.Reveal(), t.Key.IV()})
	if err != nil {
		return "" // text and bytes always have a form
	}
	return base64.StdEncoding.EncodeToString(text)
}

// ParseExportTicket reads what Reveal returned.
func ParseExportTicket(text string) (ExportTicket, error) {
	const op = "read export ticket"
	var w wireTicket
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &w) != nil || w.Reference == "" {
		return ExportTicket{}, invalid(op, "not a ticket of an export")
	}
	key, err := pack.KeyOf(w.Key, w.IV)
	if err != nil {
		return ExportTicket{}, invalid(op, "ticket has no key")
	}
	return ExportTicket{w.Reference, key}, nil
}

// String tells the reference alone.
func (t ExportTicket) String() string { return "export " + t.Reference }

// Format writes what String gives, whatever the verb.
func (t ExportTicket) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// LogValue gives slog what String gives.
func (t ExportTicket) LogValue() slog.Value { return slog.StringValue(t.String()) }

// Export is a package of invoices that was asked for. It is not for use by
// several goroutines at a time.
type Export struct {
	account *Account
	order   ExportOrder
	ticket  ExportTicket
	status  *ExportStatus // set when it is ready
}

// Export asks KSeF for a package of invoices, under a fresh key. Read it with
// [Export.Invoices]. When the outcome is unknown, an export may run that nobody
// can read; it counts among the ten that may, until it ends by itself.
//
// KSeF takes 20 such requests an hour.
func (a *Account) Export(ctx context.Context, order ExportOrder) (*Export, error) {
	return a.export(ctx, order, "")
}

// export does not use the public key with the id refused.
func (a *Account) export(ctx context.Context, order ExportOrder, refused string) (*Export, error) {
	key, err := pack.NewKey(a.client.random)
	if err != nil {
		return nil, &Error{Op: "start invoice export", Err: err}
	}
	e := &Export{account: a, order: order.withDefaults(), ticket: ExportTicket{Key: key}}
	for attempt := 1; ; attempt++ {
		info, err := a.client.WrapKey(ctx, [32]byte(key.Reveal()), [16]byte(key.IV()), refused)
		if err != nil {
			return nil, err
		}
		request := ExportRequest{Encryption: info, OnlyMetadata: order.OnlyMetadata, Filter: order.Filter, Compression: order.Compression}
		e.ticket.Reference, err = a.Invoices.StartExport(ctx, request)
		if attempt == 2 || !errors.Is(err, ErrUnknownKey) {
			return e, err
		}
		refused = info.PublicKeyID
	}
}

// ResumeExport goes on with an export of an earlier process. Of the order,
// everything but Filter counts.
func (a *Account) ResumeExport(ticket ExportTicket, order ExportOrder) (*Export, error) {
	if _, plain := param(ticket.Reference); !plain || ticket.Key.IsZero() {
		return nil, invalid("resume invoice export", "ticket has no reference or no key")
	}
	return &Export{account: a, order: order.withDefaults(), ticket: ticket}, nil
}

// Ticket is what to keep before waiting, if another process is to go on after a
// crash.
func (e *Export) Ticket() ExportTicket { return e.ticket }

// Wait waits until the package is ready and describes it. The error is a
// [*StatusError] when KSeF ended the export badly (ErrNotReady: the range begins
// where KSeF knows nothing yet), and ErrExportStuck after MaxWait.
func (e *Export) Wait(ctx context.Context) (*ExportPackage, error) {
	if e.status != nil {
		return e.status.Package, nil
	}
	bounded, cancel := context.WithTimeout(ctx, e.order.MaxWait)
	defer cancel()
	pace := e.account.client.poll
	pace.MaxInterval *= 2 // of exports, KSeF answers 600 questions an hour
	const op = "wait for invoice export"
	status, err := poll(bounded, pace, op, e.ask, (*ExportStatus).Final)
	if err != nil {
		if ctx.Err() == nil && bounded.Err() != nil {
			return nil, &Error{Op: op, Err: ErrExportStuck}
		}
		return nil, err
	}
	return e.ready(op, status)
}

func (e *Export) ask(ctx context.Context) (*ExportStatus, error) {
	return e.account.Invoices.ExportStatus(ctx, e.ticket.Reference)
}

func (e *Export) ready(op string, status *ExportStatus) (*ExportPackage, error) {
	if err := status.Err(); err != nil {
		return nil, err
	}
	if status.Package == nil {
		return nil, &Error{Op: op, Status: 200, Err: ErrProtocol}
	}
	e.status = status
	return status.Package, nil
}
