package offline

import (
	"slices"
	"time"
)

// Mode is why an invoice is issued outside KSeF. The values are stable.
type Mode string

// The modes.
const (
	Offline24    Mode = "offline24"      // the taxpayer's choice, any reason
	Unavailable  Mode = "unavailability" // an announced unavailability of KSeF
	Emergency    Mode = "emergency"      // an announced failure of KSeF (awaria)
	TotalFailure Mode = "total-failure"  // a failure announced in the mass media (awaria całkowita)
)

// Rule is what the law says of a mode.
type Rule struct {
	Mode     Mode
	Polish   string // what the Ministry calls the mode
	Article  string // of the VAT Act (ustawa o VAT)
	Trigger  string
	Workdays int  // working days to send the invoice in; 0 for no duty to send
	AfterEnd bool // they are counted from the end of the event, not from the date of issue
	FA3      bool // the invoice must follow the schema FA(3)
	Codes    bool // handed over outside KSeF it carries Code I and Code II
}

// Rules is the table of the modes, from the weakest reason to the strongest.
func Rules() []Rule {
	return []Rule{
		{
			Mode: Offline24, Polish: "tryb offline24", Article: "art. 106nda",
			Trigger: "the taxpayer decides, for any reason", Workdays: 1, FA3: true, Codes: true,
		},
		{
			Mode: Unavailable, Polish: "tryb offline (niedostępność KSeF)", Article: "art. 106nh",
			Trigger:  "an unavailability announced in the Public Information Bulletin and by Latarnia (art. 106ne(4))",
			Workdays: 1, AfterEnd: true, FA3: true, Codes: true,
		},
		{
			Mode: Emergency, Polish: "tryb awaryjny", Article: "art. 106nf",
			Trigger:  "a failure announced in the Public Information Bulletin and by Latarnia (art. 106ne(1))",
			Workdays: 7, AfterEnd: true, FA3: true, Codes: true,
		},
		{
			Mode: TotalFailure, Polish: "awaria całkowita", Article: "art. 106ng",
			Trigger: "a failure announced in the mass media (art. 106ne(3))",
		},
	}
}

// Rule is the rule of the mode, false for an unknown mode.
func (m Mode) Rule() (Rule, bool) {
	for _, r := range Rules() {
		if r.Mode == m {
			return r, true
		}
	}
	return Rule{}, false
}

// ModeAt is the mode that the announced events give at an instant: the strongest
// of those in force, and Offline24, which needs no reason, when there is none.
func ModeAt(events []Event, at time.Time) Mode {
	mode := Offline24
	for _, e := range events {
		if e.InForce(at) && e.Kind.rank() > mode.rank() {
			mode = e.Kind
		}
	}
	return mode
}

// rank orders the modes by strength; -1 for an unknown one.
func (m Mode) rank() int {
	return slices.IndexFunc(Rules(), func(r Rule) bool { return r.Mode == m })
}
