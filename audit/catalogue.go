package audit

import (
	"maps"
	"slices"
)

// Keys of details in the standard catalogue.
const (
	DetailInvoice    = "invoice_id"  // our identifier of the invoice, or of the one that replaces it
	DetailSHA256     = "sha256"      // SHA-256 of the document as sent, hexadecimal
	DetailKSeFNumber = "ksef_number" // numer KSeF
	DetailSession    = "session"     // reference number of the KSeF session
	DetailReference  = "reference"   // reference number of the invoice in the session, or of another operation
	DetailStatus     = "status"      // status code of KSeF
	DetailUPO        = "upo_sha256"  // SHA-256 of the receipt (UPO) as received
	DetailSeries     = "series"      // numbering series
	DetailEnv        = "environment" // "test", "demo", "production", "sandbox"
	DetailMethod     = "method"      // way of logging in: "xades", "token"
	DetailCode       = "code"        // stable code of an error or a refusal
	DetailAttempt    = "attempt"     // how many times it has been tried
	DetailKey        = "key_id"      // public identifier of an API key
	DetailScope      = "scope"       // scope that was missing
	DetailVersion    = "version"     // version of the program
	DetailSize       = "size"        // number of entries
)

// Names of event types in the standard catalogue.
const (
	TypeInvoiceDrafted       = "invoice.drafted"
	TypeInvoiceSealed        = "invoice.sealed"
	TypeInvoiceSessionOpened = "invoice.session_opened"
	TypeInvoiceSent          = "invoice.sent"
	TypeInvoiceUnknown       = "invoice.unknown"
	TypeInvoiceReconciled    = "invoice.reconciled" // found in KSeF after a lost answer
	TypeInvoiceRequeued      = "invoice.requeued"   // to be sent again by itself; the code says why
	TypeInvoiceRetried       = "invoice.retried"    // to be sent again after a rejection, on request
	TypeInvoiceReplaced      = "invoice.replaced"   // rejected; another invoice took over its number
	TypeInvoiceAccepted      = "invoice.accepted"
	TypeInvoiceRejected      = "invoice.rejected"
	TypeInvoiceUPOStored     = "invoice.upo_stored"
	TypeKSeFLogin            = "ksef.login"
	TypeKSeFSessionClosed    = "ksef.session_closed"
	TypeAPIKeyCreated        = "apikey.created"
	TypeAPIKeyRevoked        = "apikey.revoked"
	TypeAccessDenied         = "access.denied"
	TypeSystemStarted        = "system.started"
	TypeSystemStopped        = "system.stopped"
	TypeAuditVerified        = "audit.verified"
)

// EventType is one row of a catalogue.
type EventType struct {
	Category Category
	Details  map[string]Shape // keys that events of the type may carry
}

// Catalogue is the closed list of event types by name. An event whose type or
// detail is not listed is refused.
type Catalogue map[string]EventType

// Standard returns a new copy of the catalogue of this program, to be used as
// it is or extended with types of one's own.
func Standard() Catalogue {
	invoice := EventType{CategoryBusiness, map[string]Shape{
		DetailInvoice: ShapeID, DetailSHA256: ShapeSHA256, DetailKSeFNumber: ShapeKSeF,
		DetailSession: ShapeReference, DetailReference: ShapeReference, DetailStatus: ShapeNumber,
		DetailUPO: ShapeSHA256, DetailSeries: ShapeSeries, DetailEnv: ShapeCode,
		DetailCode: ShapeCode, DetailAttempt: ShapeNumber,
	}}
	ksef := EventType{CategorySecurity, map[string]Shape{
		DetailEnv: ShapeCode, DetailMethod: ShapeCode, DetailSession: ShapeReference,
		DetailReference: ShapeReference, DetailStatus: ShapeNumber, DetailCode: ShapeCode,
	}}
	key := EventType{CategorySecurity, map[string]Shape{
		DetailKey: ShapeID, DetailScope: ShapeID, DetailCode: ShapeCode, DetailMethod: ShapeCode,
	}}
	system := EventType{CategorySystem, map[string]Shape{
		DetailVersion: ShapeID, DetailEnv: ShapeCode, DetailCode: ShapeCode, DetailSize: ShapeNumber, DetailSHA256: ShapeSHA256,
	}}
	c := Catalogue{}
	c.add(invoice, TypeInvoiceDrafted, TypeInvoiceSealed, TypeInvoiceSessionOpened, TypeInvoiceSent,
		TypeInvoiceUnknown, TypeInvoiceReconciled, TypeInvoiceRequeued, TypeInvoiceRetried, TypeInvoiceReplaced,
		TypeInvoiceAccepted, TypeInvoiceRejected, TypeInvoiceUPOStored)
	c.add(ksef, TypeKSeFLogin, TypeKSeFSessionClosed)
	c.add(key, TypeAPIKeyCreated, TypeAPIKeyRevoked, TypeAccessDenied)
	c.add(system, TypeSystemStarted, TypeSystemStopped, TypeAuditVerified)
	return c
}

func (c Catalogue) add(t EventType, names ...string) {
	for _, name := range names {
		c[name] = EventType{t.Category, maps.Clone(t.Details)}
	}
}

// Types returns the names in the catalogue in order.
func (c Catalogue) Types() []string { return slices.Sorted(maps.Keys(c)) }

// Check reports what Append would refuse, as an *EventError. A program that
// records events through a queue calls it before it puts them there.
func (c Catalogue) Check(ev Event) error {
	t, ok := c[ev.Type]
	if !ok || !all(ev.Type, 64, isWord) {
		return &EventError{"Type", "use a type of the catalogue"}
	}
	if ev.Category != "" && ev.Category != t.Category {
		return &EventError{"Category", "leave it empty or write that of the catalogue"}
	}
	if err := checkIdentity(ev); err != nil {
		return err
	}
	return t.checkDetails(ev.Details)
}

const maxDetails = 32

func (t EventType) checkDetails(details map[string]string) error {
	if len(details) > maxDetails {
		return &EventError{"Details", "write at most 32"}
	}
	var buf [maxDetails]string
	for _, key := range sortedKeys(buf[:0], details) {
		if !all(key, 64, isWord) {
			return &EventError{"Details", "write keys of 1 to 64 characters a-z 0-9 _ ."}
		}
		shape, ok := t.Details[key]
		if !ok {
			return &EventError{"Details[" + key + "]", "the catalogue has no such detail for this type"}
		}
		if !shape.Valid(details[key]) {
			return &EventError{"Details[" + key + "]", shape.remedy()}
		}
	}
	return nil
}

func (s Shape) remedy() string {
	if int(s) < len(shapeRemedy) && shapeRemedy[s] != "" {
		return shapeRemedy[s]
	}
	return "the catalogue names a shape that does not exist"
}

func checkIdentity(ev Event) error {
	checks := [...]struct {
		field, value string
		optional     bool
		shape        Shape
	}{
		{"ID", ev.ID, false, ShapeID},
		{"Actor.ID", ev.Actor.ID, true, ShapeID},
		{"Object.ID", ev.Object.ID, ev.Object.Kind == "", ShapeID},
		{"Request", ev.Request, true, ShapeID},
	}
	for _, c := range checks {
		if !(c.optional && c.value == "") && !c.shape.Valid(c.value) {
			return &EventError{c.field, c.shape.remedy()}
		}
	}
	if y := ev.Time.UTC().Year(); !ev.Time.IsZero() && (y < 1970 || y > 9999) {
		return &EventError{"Time", "write a time between 1970 and 9999, or none"}
	}
	return checkWords(ev)
}

func checkWords(ev Event) error {
	if ev.Actor.Kind != "" && !slices.Contains(actorKinds, ev.Actor.Kind) {
		return &EventError{"Actor.Kind", "write user, apikey, system, cron or support"}
	}
	if ev.Outcome != "" && !slices.Contains(outcomes, ev.Outcome) {
		return &EventError{"Outcome", "write ok, fail, deny, error or unknown"}
	}
	if ev.Object.Kind == "" && ev.Object.ID != "" || ev.Object.Kind != "" && !all(ev.Object.Kind, 64, isWord) {
		return &EventError{"Object.Kind", "write 1 to 64 characters a-z 0-9 _ ."}
	}
	return nil
}

var (
	actorKinds = []string{ActorUser, ActorAPIKey, ActorSystem, ActorCron, ActorSupport}
	outcomes   = []Outcome{OutcomeOK, OutcomeFail, OutcomeDeny, OutcomeError, OutcomeUnknown}
)
