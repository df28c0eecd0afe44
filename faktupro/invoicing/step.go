package invoicing

import "fmt"

// Step names a point in the flow after which the process may die. Config.After
// is called at each of them, so that tests and the demo can stop there.
type Step string

// The steps, in the order of the flow.
const (
	// StepCreated: a draft is stored.
	StepCreated Step = "created"
	// StepSealed: number, document, queue entry and audit event are committed.
	StepSealed Step = "sealed"
	// StepClaimed: a worker holds the lease on the queue entry.
	StepClaimed Step = "claimed"
	// StepSessionOpened: KSeF has opened a session; nothing is recorded of it.
	StepSessionOpened Step = "session-opened"
	// StepSessionRecorded: the intent to send in that session is committed.
	StepSessionRecorded Step = "session-recorded"
	// StepSent: KSeF has taken the document in; nothing is recorded of it.
	StepSent Step = "sent"
	// StepSentRecorded: the reference that KSeF gave is committed.
	StepSentRecorded Step = "sent-recorded"
	// StepClosed: the session is closed.
	StepClosed Step = "closed"
	// StepAccepted: the KSeF number is committed.
	StepAccepted Step = "accepted"
	// StepUPOFetched: the receipt is downloaded and verified, not yet stored.
	StepUPOFetched Step = "upo-fetched"
	// StepUPOStored: the receipt is committed; the invoice is confirmed.
	StepUPOStored Step = "upo-stored"
)

// Steps returns the steps in the order of the flow.
func Steps() []Step {
	return []Step{
		StepCreated, StepSealed, StepClaimed, StepSessionOpened, StepSessionRecorded, StepSent,
		StepSentRecorded, StepClosed, StepAccepted, StepUPOFetched, StepUPOStored,
	}
}

// Valid reports whether s is one of [Steps].
func (s Step) Valid() bool {
	for _, step := range Steps() {
		if s == step {
			return true
		}
	}
	return false
}

// ParseStep reads the name of a step.
func ParseStep(name string) (Step, error) {
	if step := Step(name); step.Valid() {
		return step, nil
	}
	return "", fmt.Errorf("invoicing: unknown step, use one of %v", Steps())
}
