package audit

import "time"

// Category groups event types by why they are kept, and so by how long.
type Category string

// The categories.
const (
	CategorySystem   Category = "system"   // the program itself: start, stop, checks
	CategorySecurity Category = "security" // who got in, keys, refusals
	CategoryError    Category = "error"    // faults worth evidence
	CategoryBusiness Category = "business" // what happened to an invoice
)

// Outcome tells how the recorded act ended.
type Outcome string

// The outcomes. An empty Outcome is recorded as OutcomeOK.
const (
	OutcomeOK      Outcome = "ok"
	OutcomeFail    Outcome = "fail"    // the other side said no
	OutcomeDeny    Outcome = "deny"    // we said no
	OutcomeError   Outcome = "error"   // it could not be tried or finished
	OutcomeUnknown Outcome = "unknown" // an answer may have been lost
)

// Kinds of actors.
const (
	ActorUser    = "user"    // a person, by pseudonym
	ActorAPIKey  = "apikey"  // an API key, by its public identifier
	ActorSystem  = "system"  // the program on its own
	ActorCron    = "cron"    // a scheduled job
	ActorSupport = "support" // an operator acting for a tenant
)

// Actor is who did it. ID is an internal identifier or a pseudonym, never a
// name, an e-mail address or a NIP.
type Actor struct {
	Kind string // one of the Actor constants; empty means ActorSystem
	ID   string // optional
}

// Object is what it was done to.
type Object struct {
	Kind string // lower-case word such as "invoice"; empty when there is no object
	ID   string // internal identifier
}

// Event is something to record. It holds no personal data and no free text:
// every value is an identifier, a hash, a number or a code, and the
// [Catalogue] decides which details a type may carry.
type Event struct {
	// ID makes recording idempotent: a second event with the same ID is not
	// stored again. 1 to 128 characters A-Z a-z 0-9 . _ : / -
	ID string
	// Time of the act, kept in UTC with microseconds. Zero means the moment of
	// Append. The order of the log is the sequence number, not the time.
	Time time.Time
	// Category of the type; may be left empty, must not contradict the catalogue.
	Category Category
	// Type is a name of the catalogue, "invoice.sealed".
	Type    string
	Outcome Outcome
	Actor   Actor
	Object  Object
	// Request is the identifier of the request or trace that caused the event;
	// optional, same characters as ID.
	Request string
	// Details by the catalogue, at most 32.
	Details map[string]string
}
