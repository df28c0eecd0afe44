package ksef

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
	"github.com/faktupro/faktupro-go/pl"
)

// DeliveryState is what is known of an invoice that was to be sent.
type DeliveryState uint8

// The states. Only DeliveryUnknown leaves a question open: [Account.Resolve]
// answers it. KSeF's decision on one invoice is one of the other three.
const (
	// DeliveryUnknown: KSeF may have the invoice. It must not be sent again.
	DeliveryUnknown DeliveryState = iota
	// DeliveryAccepted: KSeF has the invoice, under KSeFNumber.
	DeliveryAccepted
	// DeliveryRejected: KSeF refused the invoice, Reason says why. The same bytes
	// would be refused again; a corrected invoice may be sent.
	DeliveryRejected
	// DeliveryNotSent: KSeF does not have the invoice and did not refuse it; that
	// is proven. It may be sent again as it is.
	DeliveryNotSent
)

var deliveryNames = [...]string{"unknown", "accepted", "rejected", "not sent"}

// String names the state.
func (s DeliveryState) String() string {
	if int(s) < len(deliveryNames) {
		return deliveryNames[s]
	}
	return deliveryNames[DeliveryUnknown]
}

// MarshalText writes the name.
func (s DeliveryState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *DeliveryState) UnmarshalText(text []byte) error {
	for i, name := range deliveryNames {
		if name == string(text) {
			*s = DeliveryState(i)
			return nil
		}
	}
	return fmt.Errorf("ksef: state of an outcome: %w", ErrInvalidArgument)
}

// Delivery is what became of one invoice.
type Delivery struct {
	State DeliveryState
	// Attempt says where the invoice was sent. It is what Resolve needs.
	Attempt Attempt
	// KSeFNumber is the number of an accepted invoice.
	KSeFNumber pl.KSeFNumber
	// Session is where the invoice was accepted, for its receipt. It differs
	// from that of the attempt when Earlier is set.
	Session string
	// Earlier tells that KSeF had the same bytes already, from an attempt whose
	// answer was lost or from somebody else, and refused this copy of them.
	Earlier bool
	// Duplicate names the other invoice that holds this one's number, when that
	// is why it was rejected.
	Duplicate pl.KSeFNumber
	// Status is the last that KSeF told of the invoice, nil for nothing.
	Status *InvoiceStatus
	// Reason is why the invoice was rejected or not sent, or why it is not
	// known; nil for accepted ones. It is an [*Error] or a [*StatusError].
	Reason error
}

// Attempt is where an invoice was sent, or was about to be. It holds no secret
// and nothing of the content but its hash and its number: store it before the
// invoice leaves ([SenderConfig.Record]), and what became of the invoice can be
// found out whatever happens.
type Attempt struct {
	// Session is the reference of the session, "" if there was none.
	Session string `json:"session,omitempty"`
	// Reference is that of the invoice in the session, "" if not known.
	Reference string `json:"reference,omitempty"`
	// SHA256 is that of the document.
	SHA256 pack.Hash `json:"sha256"`
	// Seller and Number (P_2) are what the document says, "" if not known. They
	// are needed only where the session cannot be asked any more.
	Seller pl.NIP `json:"seller,omitempty"`
	Number string `json:"number,omitempty"`
	// At is when the attempt began.
	At time.Time `json:"at,omitzero"`
}

// String names the session and the hash only.
func (a Attempt) String() string {
	return "attempt in session " + a.Session + " of " + a.SHA256.String()
}

func (o *Delivery) accepted(number pl.KSeFNumber, session string) *Delivery {
	o.State, o.KSeFNumber, o.Session, o.Reason = DeliveryAccepted, number, session, nil
	return o
}

func (o *Delivery) because(state DeliveryState, reason error) *Delivery {
	o.State, o.Reason = state, reason
	return o
}
