package invoicing

import "github.com/faktupro/faktupro-go/audit"

// State says how far an invoice has come. It is stored with the invoice and
// changes only along [Transitions].
type State string

// The states. An invoice is immutable from StateSealed on: its number, its XML
// and the SHA-256 of the XML never change again.
const (
	// StateDraft: stored, without a number, may be worthless.
	StateDraft State = "draft"
	// StateSealed: numbered, encoded, hashed, waiting to be sent.
	StateSealed State = "sealed"
	// StateSending: the session it will be sent in is recorded; the request may
	// be on its way at this moment.
	StateSending State = "sending"
	// StateUnknown: the request may have reached KSeF, but no answer is
	// recorded. Only asking KSeF resolves it, never sending again.
	StateUnknown State = "unknown"
	// StateSent: KSeF took it in for processing and gave it a reference.
	StateSent State = "sent"
	// StateAccepted: KSeF gave it a number. It is issued in the eyes of the law.
	StateAccepted State = "accepted"
	// StateConfirmed: its official receipt (UPO) is verified and stored. Final.
	StateConfirmed State = "confirmed"
	// StateRejected: KSeF refused the document. Final, unless [Service.Retry] is
	// called; see [CreateOptions.Replaces] for issuing a corrected one.
	StateRejected State = "rejected"
)

// Transition is one legal change of state. An audit event of type Event, with
// the detail "code" when Code is not empty, is written together with it.
type Transition struct {
	From, To State
	Event    string // type of the catalogue of package audit
	Code     string
	When     string // what has happened, in words
}

// transitions is the whole machine; what is not in it is refused.
var transitions = [...]Transition{
	{
		StateDraft, StateSealed, audit.TypeInvoiceSealed, "",
		"number taken, document encoded and hashed",
	},
	{
		StateSealed, StateSending, audit.TypeInvoiceSessionOpened, "",
		"session opened and recorded, nothing sent yet",
	},
	{
		StateSending, StateSent, audit.TypeInvoiceSent, "",
		"KSeF answered with a reference",
	},
	{
		StateSending, StateUnknown, audit.TypeInvoiceUnknown, "answer_lost",
		"no answer came, or the process died in between",
	},
	{
		StateSending, StateSealed, audit.TypeInvoiceRequeued, "not_received",
		"certainly not received: refused in the answer, or never sent",
	},
	{
		StateUnknown, StateSent, audit.TypeInvoiceReconciled, "",
		"found by its hash in the session it was meant for",
	},
	{
		StateUnknown, StateSealed, audit.TypeInvoiceRequeued, "not_received",
		"the session is over and does not know the hash",
	},
	{
		StateUnknown, StateAccepted, audit.TypeInvoiceAccepted, "",
		"KSeF holds a document with this hash under a number",
	},
	{
		StateUnknown, StateRejected, audit.TypeInvoiceRejected, "",
		"the number belongs to another document",
	},
	{
		StateSent, StateAccepted, audit.TypeInvoiceAccepted, "",
		"status 200",
	},
	{
		StateSent, StateRejected, audit.TypeInvoiceRejected, "",
		"status that judges the document",
	},
	{
		StateSent, StateUnknown, audit.TypeInvoiceUnknown, "duplicate",
		"status 440: whether the original is ours has to be found out",
	},
	{
		StateSent, StateSealed, audit.TypeInvoiceRequeued, "failed",
		"KSeF failed at processing it: status 405, 435, 500 or 550",
	},
	{
		StateAccepted, StateConfirmed, audit.TypeInvoiceUPOStored, "",
		"receipt verified and stored",
	},
	{
		StateRejected, StateSealed, audit.TypeInvoiceRetried, "",
		"the same document is to be sent again, on request",
	},
}

// Transitions returns the legal changes of state, for documentation and tests.
func Transitions() []Transition { return append([]Transition(nil), transitions[:]...) }

// States returns all states in the order of an invoice's life.
func States() []State {
	return []State{
		StateDraft, StateSealed, StateSending, StateUnknown,
		StateSent, StateAccepted, StateConfirmed, StateRejected,
	}
}

// Valid reports whether s is one of [States].
func (s State) Valid() bool {
	switch s {
	case StateDraft, StateSealed, StateSending, StateUnknown,
		StateSent, StateAccepted, StateConfirmed, StateRejected:
		return true
	}
	return false
}

// Final reports whether nothing more happens by itself.
func (s State) Final() bool { return s == StateConfirmed || s == StateRejected }

// Sealed reports whether the invoice has a number and a document.
func (s State) Sealed() bool { return s.Valid() && s != StateDraft }

// find returns the transition between two states.
func find(from, to State) (Transition, bool) {
	for _, t := range transitions {
		if t.From == from && t.To == to {
			return t, true
		}
	}
	return Transition{}, false
}
