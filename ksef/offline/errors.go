package offline

import (
	"errors"
	"strings"
)

// What can be wrong, for errors.Is.
var (
	// ErrOrder means that the step is not possible in this state. The error is
	// an *OrderError that says what comes first.
	ErrOrder = errors.New("not possible now")
	// ErrEvidence means that no announcement supports the mode, or that an event
	// contradicts itself.
	ErrEvidence = errors.New("not supported by an announcement")
	// ErrDocument means that the bytes are not an FA(3) invoice or not those of
	// this invoice.
	ErrDocument = errors.New("not the document")
	// ErrFuture means that the date of issue is later than today: KSeF would
	// refuse the invoice.
	ErrFuture = errors.New("date of issue in the future")
	// ErrContent means that a technical correction would change what the invoice
	// says. The error is a *ContentError with the places.
	ErrContent = errors.New("the content would change")
	// ErrUnresolved means that the answer does not tell whether this very
	// document is in KSeF: find out before the next step.
	ErrUnresolved = errors.New("outcome not known yet")
	// ErrCode means that Code II was made for another invoice.
	ErrCode = errors.New("code of another invoice")
)

// OrderError says why a step is refused and what to do instead.
type OrderError struct {
	Step    string // the refused step: "send", "correct", …
	State   State
	English string
	Polish  string
}

// Error tells step, state and what to do.
func (e *OrderError) Error() string {
	return "offline: " + e.Step + " an invoice that is " + string(e.State) + ": " + e.English
}

// Unwrap returns ErrOrder.
func (e *OrderError) Unwrap() error { return ErrOrder }

// ContentError lists the changes that a technical correction may not make.
type ContentError struct {
	Changes []Change
}

// Error tells the places; values are not repeated.
func (e *ContentError) Error() string {
	paths := make([]string, 0, len(e.Changes))
	for _, c := range e.Changes {
		paths = append(paths, c.Path)
	}
	return "offline: technical correction: the content would change: " + strings.Join(paths, ", ")
}

// Unwrap returns ErrContent.
func (e *ContentError) Unwrap() error { return ErrContent }
