// Package rules judges an FA(3) invoice by everything that its schema cannot
// say: arithmetic, check digits, dates, required annotations, references of
// corrections, currency and payment.
//
//	f, err := fa3.Unmarshal(doc)
//	if err != nil {
//		return err
//	}
//	for _, finding := range rules.Check(f, rules.Config{Now: time.Now()}) {
//		fmt.Println(finding.Severity, finding.Path, finding.EN)
//	}
//
// KSeF itself checks almost nothing of this: it takes an invoice whose totals do
// not add up. So each Rule says on what it rests (Basis) and how sure it is
// (Severity). An error is a document that KSeF refuses or that breaks a plain
// requirement; a warning is a contradiction that can have a good reason; an info
// is worth a look. A difference of a grosz is never reported, because correct
// ways of rounding differ by as much.
//
// # Choosing rules
//
// The zero Config means all standard rules. Rules can be switched off and given
// another severity by their ID, and a program can add rules of its own. Facts
// that are not in the document, such as today's date, the environment of KSeF or
// exchange rates, come with the Config; rules that need an absent fact are
// silent. All lists the standard rules; docs/rules.md is made from them.
//
// # Limits
//
// A document is judged as it was decoded, which takes superfluous white space out
// of it (Config.Number tells where there was some in the number). Values that are no numbers are left
// to the validator of the schema. The work grows linearly with the document,
// whatever is in it, and findings hold no names, identifiers or accounts: they
// show codes only when the schema lists them, and numbers, and cut both short.
// All functions are safe for concurrent use as long as nobody changes the
// document meanwhile.
package rules
