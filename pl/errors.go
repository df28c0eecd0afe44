package pl

import "errors"

// What can be wrong with a text, for errors.Is.
var (
	// ErrFormat means that the text does not have the shape of the identifier:
	// wrong length, wrong characters, a day that is not in the calendar.
	ErrFormat = errors.New("wrong format")
	// ErrChecksum means that the shape is right and the check digit is not:
	// almost always a typing mistake.
	ErrChecksum = errors.New("wrong check digit")
)

// ParseError is the error of every Parse function. It never holds the refused
// value, which may be personal data.
type ParseError struct {
	Kind   string // what was expected: "NIP", "PESEL", "date", …
	Reason error  // ErrFormat or ErrChecksum
	Remedy string // what to write instead, in English
}

// Error tells kind, reason and remedy in one line.
func (e *ParseError) Error() string {
	return "pl: " + e.Kind + ": " + e.Reason.Error() + ": " + e.Remedy
}

// Unwrap returns the reason.
func (e *ParseError) Unwrap() error { return e.Reason }

// kind describes one identifier: its name and what to tell a person who
// wrote it badly.
type kind struct {
	name   string
	format string // remedy for ErrFormat
	sum    string // remedy for ErrChecksum
}

func (k *kind) error(reason error) error {
	if reason == nil {
		return nil
	}
	remedy := k.format
	if reason == ErrChecksum {
		remedy = k.sum
	}
	return &ParseError{Kind: k.name, Reason: reason, Remedy: remedy}
}
