package offline

import (
	"cmp"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// WarningCode names a warning. The values are stable.
type WarningCode string

// The warnings, the most urgent first.
const (
	WarnMissed      WarningCode = "deadline.missed"   // the last day is over and KSeF does not have the invoice
	WarnLastDay     WarningCode = "deadline.today"    // today is the last working day
	WarnNear        WarningCode = "deadline.near"     // two working days are left, of seven
	WarnUnresolved  WarningCode = "outcome.unknown"   // sent, and the last day has come without an answer
	WarnRejected    WarningCode = "rejected"          // waits for a technical correction
	WarnBlocked     WarningCode = "blocked"           // waits for a permission
	WarnUnavailable WarningCode = "unavailable.ahead" // KSeF will be unavailable at the end of the term
	WarnLasting     WarningCode = "failure.lasting"   // the term is not known yet
	WarnReleased    WarningCode = "duty.gone"         // need not be sent any more
	WarnLate        WarningCode = "sent.late"         // is in KSeF, but was sent too late
)

// Warning is something that people should know of an invoice.
type Warning struct {
	Code WarningCode `json:"code"`
	EN   string      `json:"en"` // what is the matter and what to do
	PL   string      `json:"pl"` // the same in Polish
}

var warnings = map[WarningCode]advice{
	WarnMissed: {
		"The term for sending ended on %s: send the invoice to KSeF at once, it is accepted late as well.",
		"Termin przesłania minął %s: wyślij fakturę do KSeF niezwłocznie, spóźniona też zostanie przyjęta.",
	},
	WarnLastDay: {
		"The invoice must be sent to KSeF by the end of %s and there is no other working day left: send it now.",
		"Fakturę trzeba przesłać do KSeF do końca dnia %s i nie ma już innego dnia roboczego: wyślij ją teraz.",
	},
	WarnNear: {
		"The invoice must be sent to KSeF by the end of %s: two working days are left.",
		"Fakturę trzeba przesłać do KSeF do końca dnia %s: zostały dwa dni robocze.",
	},
	WarnUnresolved: {
		"The invoice was sent, but KSeF's answer is missing and the term ends on %s: find out the outcome now.",
		"Fakturę wysłano, ale nie ma odpowiedzi KSeF, a termin mija %s: ustal teraz wynik wysyłki.",
	},
	WarnRejected: {
		"KSeF rejected the invoice for a technical fault: correct it technically and send it in an online session by %s.",
		"KSeF odrzucił fakturę z powodu błędu technicznego: sporządź korektę techniczną i wyślij ją w sesji interaktywnej do %s.",
	},
	WarnBlocked: {
		"KSeF refused the invoice, most likely because a permission is missing: get it and send the same invoice again by %s.",
		"KSeF odmówił przyjęcia faktury, najpewniej z braku uprawnienia: uzyskaj je i wyślij tę samą fakturę ponownie do %s.",
	},
	WarnUnavailable: {
		"KSeF will be unavailable from %s and the term does not wait for it: send the invoice before.",
		"KSeF będzie niedostępny od %s, a termin na to nie czeka: wyślij fakturę wcześniej.",
	},
	WarnLasting: {
		"The failure or unavailability of KSeF has not ended: the term begins with its end, keep the invoice ready.",
		"Awaria lub niedostępność KSeF jeszcze trwa: termin biegnie od jej zakończenia, miej fakturę w gotowości.",
	},
	WarnReleased: {
		"A total failure has been announced: the invoice need not be sent to KSeF.",
		"Ogłoszono awarię całkowitą: faktury nie trzeba przesyłać do KSeF.",
	},
	WarnLate: {
		"The invoice was sent after the term, which ended on %s: keep the reason on file.",
		"Fakturę przesłano po terminie, który minął %s: zachowaj wyjaśnienie przyczyny.",
	},
}

// newWarning puts the day into the text; without one it speaks of the end of the
// term.
func newWarning(code WarningCode, when string) Warning {
	text := warnings[code]
	return Warning{
		Code: code,
		EN:   strings.ReplaceAll(text.english, "%s", cmp.Or(when, "the end of the term")),
		PL:   strings.ReplaceAll(text.polish, "%s", cmp.Or(when, "końca terminu")),
	}
}

// Warnings tells what is urgent about the invoice at this time, the most urgent
// first. The error is that of Deadline.
func (d Document) Warnings(now time.Time, events []Event) ([]Warning, error) {
	deadline, err := d.Deadline(events)
	if err != nil {
		return nil, err
	}
	if d.Final() {
		return d.finalWarnings(deadline), nil
	}
	last := deadline.Last.String()
	var list []Warning
	if code := d.termWarning(deadline, now); code != "" {
		list = append(list, newWarning(code, last))
	}
	switch {
	case deadline.Duty == DutyNone:
		return list, nil
	case d.State == StateRejected:
		list = append(list, newWarning(WarnRejected, last))
	case d.State == StateBlocked:
		list = append(list, newWarning(WarnBlocked, last))
	}
	if start, ahead := unavailableAhead(deadline, now, events); ahead {
		list = append(list, newWarning(WarnUnavailable, start.In(pl.Warsaw()).Format("2006-01-02 15:04")))
	}
	return list, nil
}

// finalWarnings is for an invoice that is done: it can only have been late.
func (d Document) finalWarnings(deadline Deadline) []Warning {
	if d.State == StateAccepted && deadline.Passed(d.SentAt) {
		return []Warning{newWarning(WarnLate, deadline.Last.String())}
	}
	return nil
}

// termWarning is the one warning about the term, "" when there is time.
func (d Document) termWarning(deadline Deadline, now time.Time) WarningCode {
	left := deadline.Workdays(now)
	switch {
	case deadline.Duty == DutyNone:
		return WarnReleased
	case deadline.Duty == DutyOpen:
		return WarnLasting
	case d.State == StateSent && left <= 1:
		return WarnUnresolved
	case deadline.Passed(now):
		return WarnMissed
	case left <= 1:
		return WarnLastDay
	case left == 2 && d.longTerm(deadline):
		return WarnNear
	}
	return ""
}

// longTerm: of a term of one working day two are always left on the day before.
func (d Document) longTerm(deadline Deadline) bool {
	return d.Mode == Emergency || len(deadline.Steps) > 1
}

// unavailableAhead finds an announced unavailability, not begun yet, that takes
// away the end of the term.
func unavailableAhead(deadline Deadline, now time.Time, events []Event) (time.Time, bool) {
	until := deadline.Until()
	for _, e := range events {
		if e.Kind == Unavailable && now.Before(e.Start) && e.Start.Before(until) && (e.End.IsZero() || !e.End.Before(until)) {
			return e.Start, true
		}
	}
	return time.Time{}, false
}
