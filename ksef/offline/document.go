package offline

import (
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/qr"
	"github.com/faktupro/faktupro-go/pl"
)

// State is how far an offline invoice has come. The values are stable.
type State string

// The states.
const (
	StateIssued   State = "issued"   // to be sent
	StateSent     State = "sent"     // sent, outcome not known
	StateRejected State = "rejected" // refused for a fault of the document: correct it technically
	StateBlocked  State = "blocked"  // refused for want of a permission, or for a reason not known
	StateAccepted State = "accepted" // has its KSeF number; final
	StateReleased State = "released" // need not be sent, because of a total failure; final
)

// Hash is the SHA-256 of the exact bytes of a document. As text it is standard
// Base64, as the KSeF API writes hashes.
type Hash [32]byte

// IsZero reports whether there is no hash.
func (h Hash) IsZero() bool { return h == Hash{} }

// String is the hash as standard Base64, "" for no hash.
func (h Hash) String() string {
	if h.IsZero() {
		return ""
	}
	return base64.StdEncoding.EncodeToString(h[:])
}

// MarshalText is String.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

var errHash = errors.New("offline: a hash is 44 characters of Base64")

// UnmarshalText reads what MarshalText writes.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*h = Hash{}
		return nil
	}
	if len(text) != base64.StdEncoding.EncodedLen(len(h)) {
		return errHash
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(string(text))
	if err != nil || len(raw) != len(h) {
		return errHash
	}
	*h = Hash(raw)
	return nil
}

// Document is an offline invoice on its way to KSeF, without its content. It is
// a value: every step returns the next one and leaves the old as it was. The
// zero Document is no invoice. Change it through its methods only; the fields are
// there to be stored and shown.
type Document struct {
	State  State     `json:"state"`
	Mode   Mode      `json:"mode"`
	At     time.Time `json:"at"`     // when it was issued
	Issued pl.Date   `json:"issued"` // P_1
	Seller pl.NIP    `json:"seller"`
	Number string    `json:"number"` // P_2
	Hash   Hash      `json:"hash"`   // of the bytes to send

	// Corrects is the hash of the bytes with which the invoice was issued, once
	// they were corrected technically; Code I on paper holds it.
	Corrects Hash `json:"corrects,omitzero"`
	// CodeII is the signed link of Code II for the current bytes.
	CodeII     string    `json:"codeII,omitempty"`
	HandedOver time.Time `json:"handedOver,omitzero"` // to the buyer, outside KSeF
	SentAt     time.Time `json:"sentAt,omitzero"`     // for the last time
	// Status is the last final status code other than 200.
	Status     int           `json:"status,omitempty"`
	KSeFNumber pl.KSeFNumber `json:"ksefNumber,omitempty"`
}

// Issue is what an offline invoice begins with.
type Issue struct {
	Mode     Mode
	Document []byte // the exact bytes, FA(3)
	At       time.Time
	// Events are the announcements that the modes Unavailable and Emergency need.
	Events []Event
}

// New begins an offline invoice. The document must be well-formed FA(3); whether
// KSeF will find faults is better asked before, with package fa3/validate. Mode
// TotalFailure is refused with an *OrderError: such an invoice is not kept for
// KSeF at all. The other errors are ErrDocument, ErrEvidence and ErrFuture.
func New(i Issue) (Document, error) {
	if i.Mode == TotalFailure {
		return Document{}, refuse(stepIssue, StateReleased)
	}
	sum, err := fa3.Peek(i.Document)
	if err != nil {
		return Document{}, fmt.Errorf("offline: issue: %w: %w", ErrDocument, err)
	}
	if sum.Namespace != fa3.Namespace || !pl.NIP(sum.SellerNIP).WellFormed() || sum.P_2 == "" || !sum.P_1.Valid() {
		return Document{}, fmt.Errorf("offline: issue: no FA(3) with seller, number and date: %w", ErrDocument)
	}
	if _, err := DeadlineFor(i.Mode, sum.P_1, i.At, i.Events); err != nil {
		return Document{}, err
	}
	return Document{
		State: StateIssued, Mode: i.Mode, At: i.At.UTC(), Issued: sum.P_1,
		Seller: pl.NIP(sum.SellerNIP), Number: sum.P_2, Hash: Hash(qr.HashOf(i.Document)),
	}, nil
}

// Deadline is until when the invoice must be sent, given the events known today.
func (d Document) Deadline(events []Event) (Deadline, error) {
	return DeadlineFor(d.Mode, d.Issued, d.At, events)
}

// Final reports whether nothing more will happen to the invoice.
func (d Document) Final() bool { return d.State == StateAccepted || d.State == StateReleased }

// Labels are the texts under the codes of a printed invoice: the KSeF number
// alone, or OFFLINE and CERTYFIKAT while there is none. They are nil for an
// invoice of a total failure, which carries no codes.
func (d Document) Labels() []string {
	switch {
	case d.State == StateReleased:
		return nil
	case d.KSeFNumber != "":
		return []string{qr.Label(d.KSeFNumber)}
	}
	return []string{qr.LabelOffline, qr.LabelCertificate}
}
