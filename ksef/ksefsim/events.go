package ksefsim

import (
	"encoding/json"
	"fmt"
)

// event is something that happened. Applying the same events in the same order
// builds the same state: apply uses nothing but the event and the state, and
// decides nothing.
type event interface {
	kind() string
	apply(st *state) error
}

// newEvent returns an empty event of a kind, to be filled from the journal.
func newEvent(kind string) (event, bool) {
	for _, e := range []event{
		new(born), new(started), new(authoritiesMade), new(keysChanged),
		new(challengeIssued), new(loginStarted), new(loginSettled), new(loginUsed), new(loginRevoked),
		new(tokenAdded), new(tokenChanged),
		new(sessionOpened), new(partStored), new(sessionClosed), new(sessionFinished),
		new(invoiceReceived), new(invoiceSettled), new(invoiceStored),
		new(permissionAsked), new(permissionSettled), new(rightsGiven), new(rightsTaken),
		new(subjectEntered), new(personEntered), new(subjectRemoved), new(consentChanged), new(contextBlocked),
		new(enrolmentAsked), new(enrolmentSettled), new(certificateChanged), new(limitsChanged),
		new(exportStarted), new(collectiveMade), new(outageAnnounced),
	} {
		if e.kind() == kind {
			return e, true
		}
	}
	return nil, false
}

// replay applies one line of the journal.
func (st *state) replay(kind string, counter uint64, raw json.RawMessage) error {
	e, known := newEvent(kind)
	if !known {
		return fmt.Errorf("event %q is unknown to this version", kind)
	}
	if err := json.Unmarshal(raw, e); err != nil {
		return fmt.Errorf("event %q is damaged", kind)
	}
	st.numbers.counter = max(st.numbers.counter, counter)
	return e.apply(st)
}

// stateVersion is the version of the journal that this package writes.
const stateVersion = 1

// born is the first event: what a simulator keeps for life.
type born struct {
	Version   int        `json:"version"`
	Base      uint64     `json:"base"`   // of numbers
	Secret    []byte     `json:"secret"` // signs tokens and links
	Token     credential `json:"token"`
	Symmetric credential `json:"symmetric"`
	UPO       credential `json:"upo"`
}

func (*born) kind() string { return "born" }

func (e *born) apply(st *state) error {
	if e.Version != stateVersion {
		return fmt.Errorf("version %d is unknown", e.Version)
	}
	st.born = e
	st.numbers.base = e.Base
	return nil
}

// started is written by every process that opens the state.
type started struct {
	Generation uint64 `json:"generation"`
}

func (*started) kind() string { return "started" }

func (e *started) apply(st *state) error {
	st.generation = e.Generation
	return nil
}
