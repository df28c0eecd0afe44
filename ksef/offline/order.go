package offline

import (
	"cmp"
	"slices"
)

// The steps.
const (
	stepIssue   = "issue"
	stepCode    = "make Code II for"
	stepHand    = "hand over"
	stepSend    = "send"
	stepAnswer  = "take an answer for"
	stepCorrect = "correct technically"
	stepCredit  = "issue a correcting invoice for"
	stepRelease = "release"
)

// order says in which states a step is possible.
var order = map[string][]State{
	stepCode:    {StateIssued, StateSent, StateRejected, StateBlocked},
	stepHand:    {StateIssued, StateSent, StateRejected, StateBlocked},
	stepSend:    {StateIssued, StateBlocked},
	stepAnswer:  {StateSent},
	stepCorrect: {StateRejected},
	stepCredit:  {StateAccepted},
	stepRelease: {StateIssued, StateRejected, StateBlocked},
}

type advice struct{ english, polish string }

// advices say what to do instead, by step and state; state "" is for all others.
var advices = map[string]map[State]advice{
	stepIssue: {"": {
		"during a total failure issue the invoice on paper or in any electronic form, without codes; it is never sent to KSeF (art. 106ng)",
		"w czasie awarii całkowitej wystaw fakturę papierową lub elektroniczną, bez kodów; nie przesyła się jej do KSeF (art. 106ng)",
	}},
	stepCode: {
		StateAccepted: {"print Code I with the KSeF number instead", "wydrukuj zamiast tego kod I z numerem KSeF"},
		"":            {"invoices of a total failure carry no codes", "faktury z awarii całkowitej nie mają kodów"},
	},
	stepHand: {
		StateAccepted: {"the buyer receives it through KSeF; a print carries Code I with the KSeF number", "nabywca otrzymuje ją w KSeF; wydruk ma kod I z numerem KSeF"},
		StateReleased: {"it is outside KSeF; nothing is recorded here", "jest poza KSeF; nic się tu nie zapisuje"},
		"":            {"make Code II first: without it the buyer cannot check who issued the invoice (art. 106nda(6))", "najpierw utwórz kod II: bez niego nabywca nie sprawdzi, kto wystawił fakturę (art. 106nda ust. 6)"},
	},
	stepSend: {
		StateSent:     {"find out the outcome of the last sending first", "najpierw ustal wynik ostatniej wysyłki"},
		StateRejected: {"correct it technically first", "najpierw sporządź korektę techniczną"},
		StateAccepted: {"it is in KSeF", "jest już w KSeF"},
		StateReleased: {"the duty to send it has gone with the total failure", "obowiązek przesłania odpadł z powodu awarii całkowitej"},
		"":            {"a technical correction is sent alone, in an online session", "korektę techniczną wysyła się pojedynczo, w sesji interaktywnej"},
	},
	stepAnswer: {"": {"it was not sent since the last answer", "od ostatniej odpowiedzi nie była wysyłana"}},
	stepCorrect: {
		StateSent:     {"wait for the outcome: only a rejected invoice can be corrected technically", "poczekaj na wynik: korekta techniczna dotyczy tylko faktury odrzuconej"},
		StateIssued:   {"send it: only a rejected invoice can be corrected technically", "wyślij ją: korekta techniczna dotyczy tylko faktury odrzuconej"},
		StateBlocked:  {"a missing permission is no technical fault: get the permission and send the same document", "brak uprawnień nie jest błędem technicznym: uzyskaj uprawnienie i wyślij ten sam dokument"},
		StateAccepted: {"it is in KSeF: issue a correcting invoice instead", "jest już w KSeF: wystaw fakturę korygującą"},
		"":            {"it need not be sent", "nie trzeba jej przesyłać"},
	},
	stepCredit: {"": {
		"a correcting invoice can be issued only when the original has its KSeF number (art. 106nda(12), 106nf(11))",
		"fakturę korygującą wystawia się dopiero po nadaniu numeru KSeF fakturze pierwotnej (art. 106nda ust. 12, art. 106nf ust. 11)",
	}},
	stepRelease: {
		StateSent: {"find out the outcome of the last sending first", "najpierw ustal wynik ostatniej wysyłki"},
		"":        {"the duty to send it has not been cancelled by a total failure", "obowiązku przesłania nie zniosła awaria całkowita"},
	},
}

// allow refuses a step that is not possible in the state.
func (d Document) allow(step string) error {
	if slices.Contains(order[step], d.State) {
		return nil
	}
	return refuse(step, d.State)
}

func refuse(step string, state State) error {
	a := cmp.Or(advices[step][state], advices[step][""])
	return &OrderError{Step: step, State: cmp.Or(state, "unknown"), English: a.english, Polish: a.polish}
}
