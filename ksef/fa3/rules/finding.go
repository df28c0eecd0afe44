package rules

import (
	"strings"
	"unicode"
)

// Finding is one place where a document breaks a rule.
type Finding struct {
	Rule      string   `json:"rule"` // ID of the rule
	Severity  Severity `json:"severity"`
	Basis     Basis    `json:"basis"`
	Reference string   `json:"reference"`
	// Path leads to the element, or to the parent of an element that is
	// missing: /Faktura/Fa/FaWiersz[3]/P_11. Repeated elements have an index
	// from 1.
	Path string `json:"path"`
	EN   string `json:"en"` // what is wrong and what to do
	PL   string `json:"pl"` // the same in Polish
	// More counts further places where the document breaks the same rule and
	// that were left out, on the last finding of the rule.
	More int `json:"more,omitempty"`
}

// Findings collects what a rule reports.
type Findings struct {
	list     []Finding
	rule     *Rule
	severity Severity // from the configuration; "" is that of the rule
	count    int      // findings of the current rule
	perRule  int
}

// Add reports that the element at the path breaks the rule. Path is made with
// Path; facts are pairs of a placeholder of the rule's text and its value. Of a
// value the first 24 characters are shown, those that cannot be seen as dots.
// Personal data must not be among facts.
func (fs *Findings) Add(path string, facts ...string) { fs.addAs(fs.rule.Severity, path, facts...) }

// addAs is Add with a severity that depends on the case.
func (fs *Findings) addAs(severity Severity, path string, facts ...string) {
	fs.count++
	if fs.count > fs.perRule {
		fs.list[len(fs.list)-1].More++
		return
	}
	if fs.severity != "" {
		severity = fs.severity
	}
	fs.list = append(fs.list, Finding{
		Rule: fs.rule.ID, Severity: severity, Basis: fs.rule.Basis, Reference: fs.rule.Reference,
		Path: path, EN: fill(fs.rule.EN, facts), PL: fill(fs.rule.PL, facts),
	})
}

// fill puts facts in the place of their names.
func fill(text string, facts []string) string {
	for i := 0; i+1 < len(facts); i += 2 {
		text = strings.ReplaceAll(text, "{"+facts[i]+"}", quotable(facts[i+1]))
	}
	return text
}

// longestFact is how many characters of a value a message repeats: those that
// rules speak of, amounts, dates and codes, are shorter.
const longestFact = 24

// quotable is a value of the document as a message may repeat it: bounded,
// without characters that do not print or could steer a terminal, and never the
// name of another fact.
func quotable(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > longestFact {
			b.WriteString("…")
			break
		}
		if r == '{' || r == '}' || !unicode.IsPrint(r) {
			r = '·'
		}
		b.WriteRune(r)
	}
	return b.String()
}
