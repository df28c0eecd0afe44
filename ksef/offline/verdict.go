package offline

// Verdict is what an invoice's status in KSeF means for an offline invoice. The
// values are stable.
type Verdict string

// The verdicts.
const (
	VerdictPending   Verdict = "pending"   // wait
	VerdictAccepted  Verdict = "accepted"  // it has its KSeF number
	VerdictDuplicate Verdict = "duplicate" // an invoice of this number is there: this one or another
	VerdictTechnical Verdict = "technical" // the document is at fault: correct it technically
	VerdictAgain     Verdict = "again"     // the transmission is at fault: send the same bytes again
	VerdictRight     Verdict = "right"     // a permission or consent is missing: get it, send the same bytes again
	VerdictUnknown   Verdict = "unknown"   // a code that is not known: ask before going on
)

// VerdictOf reads the status code of an invoice in its session. A technical
// correction is for faults of the document only, not for missing permissions.
func VerdictOf(status int) Verdict {
	switch status {
	case 200:
		return VerdictAccepted
	case 405, 435, 500, 550: // session failed, decryption failed, unknown error, cancelled by the system
		return VerdictAgain
	case 410, 415: // permission for this seller, consent for attachments
		return VerdictRight
	case 430, 450: // file not accepted, semantic fault
		return VerdictTechnical
	case 440:
		return VerdictDuplicate
	}
	if 0 < status && status < 200 {
		return VerdictPending
	}
	return VerdictUnknown
}
