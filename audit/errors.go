package audit

import (
	"encoding/json"
	"errors"
	"strconv"
)

// What can go wrong, for errors.Is.
var (
	// ErrInvalidEvent means that an event was refused before anything was
	// stored; errors.As to *EventError tells the field.
	ErrInvalidEvent = errors.New("invalid event")
	// ErrNotFound means that the log has no entry of that number, or with that
	// event ID.
	ErrNotFound = errors.New("no such entry")
	// ErrLocked means that another process, or another Log in this one, writes
	// to the store.
	ErrLocked = errors.New("the log is open in another writer")
	// ErrClosed means that the Log was closed.
	ErrClosed = errors.New("the log is closed")
	// ErrEmpty means that there is nothing to verify: the first start was
	// interrupted, and the next one finishes it, or this is not the place of a
	// log. A log whose files were all removed looks the same to who knows no
	// checkpoint of it; it is not a good log, for Report.OK is false.
	ErrEmpty = errors.New("there is no log here: neither entries nor a checkpoint; if its first start was interrupted, start again, else check the place")
	// ErrBroken means that the disk refused to make data durable, so that it is
	// not known what it holds: close the Log and open it again.
	ErrBroken = errors.New("the store failed while making data durable; open the log again")
	// ErrKey means that a key file or key text could not be used, or that the
	// key file of an existing log is missing.
	ErrKey = errors.New("unusable key")
	// ErrProof means that a proof is malformed or proves nothing.
	ErrProof = errors.New("invalid proof")
	// ErrWrongKey means that a checkpoint is signed by nobody the caller trusts.
	ErrWrongKey = errors.New("signed by an unknown key")
	// ErrWrongLog means that a checkpoint belongs to a log of another origin.
	ErrWrongLog = errors.New("belongs to another log")
)

// ErrTampered matches every finding that says the stored log is not what was
// acknowledged; the errors below say how. All of them arrive as *TamperError.
var (
	ErrTampered = errors.New("the log was tampered with or damaged")
	// ErrChanged means that stored bytes differ from those written.
	ErrChanged = errors.New("changed")
	// ErrDeleted means that something is missing and later entries are present.
	ErrDeleted = errors.New("deleted")
	// ErrReordered means that entries are present at other places.
	ErrReordered = errors.New("reordered")
	// ErrTruncated means that the end is missing: the store's own checkpoint
	// covers more than is there.
	ErrTruncated = errors.New("truncated")
	// ErrRolledBack means that the store is whole but older than a checkpoint
	// kept elsewhere: an old copy was put back.
	ErrRolledBack = errors.New("rolled back")
	// ErrForked means that the store is whole but its history differs from a
	// checkpoint kept elsewhere: it was rewritten by a holder of the key.
	ErrForked = errors.New("history rewritten")
	// ErrForged means that there are entries or checkpoints without a valid
	// signature, which the log itself never writes.
	ErrForged = errors.New("not covered by a valid signature")
)

// TamperError tells what was found and where. It matches ErrTampered and Kind
// through errors.Is.
type TamperError struct {
	Kind    error  // ErrChanged, ErrDeleted, …, ErrForged
	Located bool   // whether First and Last are known
	First   uint64 // first bad sequence number
	Last    uint64 // last sequence number that may be bad for the same reason
	What    string // what was compared, in a few words
}

// Error tells kind, place and comparison in one line.
func (e *TamperError) Error() string {
	s := ErrTampered.Error() + ": "
	switch {
	case e.Located && e.First == e.Last:
		s += "entry " + strconv.FormatUint(e.First, 10) + " "
	case e.Located:
		s += "entries " + strconv.FormatUint(e.First, 10) + " to " + strconv.FormatUint(e.Last, 10) + " "
	}
	s += e.Kind.Error()
	if e.What != "" {
		s += ": " + e.What
	}
	return s
}

// Code is the kind as a stable word: changed, deleted, reordered, truncated,
// rolled_back, forked or forged.
func (e *TamperError) Code() string {
	switch e.Kind {
	case ErrDeleted:
		return "deleted"
	case ErrReordered:
		return "reordered"
	case ErrTruncated:
		return "truncated"
	case ErrRolledBack:
		return "rolled_back"
	case ErrForked:
		return "forked"
	case ErrForged:
		return "forged"
	}
	return "changed"
}

// MarshalJSON writes code, place and comparison.
func (e *TamperError) MarshalJSON() ([]byte, error) {
	v := struct {
		Code  string  `json:"code"`
		First *uint64 `json:"first,omitempty"`
		Last  *uint64 `json:"last,omitempty"`
		What  string  `json:"what"`
	}{Code: e.Code(), What: e.What}
	if e.Located {
		v.First, v.Last = &e.First, &e.Last
	}
	return json.Marshal(v)
}

// Is matches ErrTampered and the kind.
func (e *TamperError) Is(target error) bool { return target == ErrTampered || target == e.Kind }

func tampered(kind error, what string) *TamperError {
	return &TamperError{Kind: kind, What: what}
}

func tamperedAt(kind error, first, last uint64, what string) *TamperError {
	return &TamperError{Kind: kind, Located: true, First: first, Last: last, What: what}
}

// EventError tells which field of an event was refused and what to write
// instead. It never holds the refused value. It matches ErrInvalidEvent.
type EventError struct {
	Field  string // "ID", "Type", "Details[ksef_number]"
	Remedy string
}

// Error tells field and remedy.
func (e *EventError) Error() string {
	return ErrInvalidEvent.Error() + ": " + e.Field + ": " + e.Remedy
}

// Unwrap returns ErrInvalidEvent.
func (e *EventError) Unwrap() error { return ErrInvalidEvent }
