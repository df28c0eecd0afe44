package offline

import (
	"fmt"
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/qr"
)

// Correction replaces the bytes of a rejected invoice (korekta techniczna).
type Correction struct {
	Rejected  []byte // the bytes that KSeF rejected
	Corrected []byte // the same invoice without the fault, FA(3)
	// Faults are the places at which the schema or KSeF found fault, such as
	// /Faktura/Fa/Adnotacje/P_18A: what differs there or below is a repair. They
	// must lead at least one step below Podmiot1, Podmiot2, Fa and their like,
	// and do not open what is protected.
	Faults []string
}

// Corrected replaces the document of a rejected invoice. Changes of technical
// class and of spelling are free, content may change only at the Faults and never
// where it is protected; an invoice rejected as a duplicate of another may get
// another number (P_2). The next Sending names the hash of the document with
// which the invoice was issued, so that Code I on paper leads to the corrected
// one. Code II has to be made again for a new print.
//
// A missing permission is no technical fault, and an accepted invoice or one that
// has an accepted technical correction cannot be corrected technically: that is
// an *OrderError. The other errors are ErrDocument and a *ContentError.
func (d Document) Corrected(c Correction) (Document, error) {
	if err := d.allow(stepCorrect); err != nil {
		return d, err
	}
	hash := Hash(qr.HashOf(c.Corrected))
	switch {
	case Hash(qr.HashOf(c.Rejected)) != d.Hash:
		return d, fmt.Errorf("offline: correct: the rejected document is another one: %w", ErrDocument)
	case hash == d.Hash:
		return d, fmt.Errorf("offline: correct: the document is unchanged: %w", ErrDocument)
	}
	f, err := fa3.Unmarshal(c.Corrected)
	if err != nil {
		return d, fmt.Errorf("offline: correct: %w: %w", ErrDocument, err)
	}
	changes, err := CompareXML(c.Rejected, c.Corrected)
	if err != nil {
		return d, err
	}
	if err := CheckChanges(changes, d.Status, c.Faults); err != nil {
		return d, err
	}
	if d.Corrects.IsZero() {
		d.Corrects = d.Hash
	}
	d.State, d.Hash, d.Number, d.CodeII = StateIssued, hash, f.Fa.P_2, ""
	return d, nil
}

// CheckChanges judges changes by the rules of Corrected: status is that with
// which KSeF rejected the invoice. The error is a *ContentError that lists the
// changes which are not allowed.
func CheckChanges(changes []Change, status int, faults []string) error {
	var refused []Change
	for _, c := range changes {
		if !c.allowed(status, faults) {
			refused = append(refused, c)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	return &ContentError{Changes: refused}
}

func (c Change) allowed(status int, faults []string) bool {
	switch {
	case c.Class != ClassContent:
		return true
	case VerdictOf(status) == VerdictDuplicate && c.Path == "/Faktura/Fa/P_2":
		return !c.Removed
	case c.Protected:
		return false
	}
	path := firstUnwritten(c.Path)
	for _, fault := range faults {
		fault = firstUnwritten(fault)
		if strings.Count(fault, "/") >= 3 && (path == fault || strings.HasPrefix(path, fault+"/")) {
			return true
		}
	}
	return false
}

// firstUnwritten leaves out the index of first elements, which some paths have
// and some have not.
func firstUnwritten(path string) string { return strings.ReplaceAll(path, "[1]", "") }
