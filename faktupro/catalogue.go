package faktupro

import (
	"slices"
	"strings"
)

// CodeInfo is one row of the catalogue of rules.
type CodeInfo struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	// EN and PL are the messages; words in braces stand for facts of the
	// single problem, such as {max}.
	EN string `json:"en"`
	PL string `json:"pl"`
}

// Catalogue lists every rule that a Problem can come from, by topic.
func Catalogue() []CodeInfo { return slices.Clone(catalogue) }

// newProblem fills the message of a rule. Args are pairs of placeholder and
// value.
func newProblem(path, code string, args ...string) Problem {
	p := Problem{Path: path, Code: code, Severity: SeverityError}
	for i := range catalogue {
		if row := &catalogue[i]; row.Code == code {
			p.Severity, p.EN, p.PL = row.Severity, fill(row.EN, args), fill(row.PL, args)
		}
	}
	return p
}

// catalogue is every rule, by topic.
var catalogue = slices.Concat(
	textRules, valueRules, identifierRules, headerRules, partyRules,
	kindRules, correctionRules, advanceRules, statedRules,
	lineRules, lineDetailRules, taxRules, procedureRules, thingRules,
	paymentRules, patternRules,
)

// severities finds the severity of a rule.
var severities = func() map[string]Severity {
	found := make(map[string]Severity, len(catalogue))
	for _, row := range catalogue {
		found[row.Code] = row.Severity
	}
	return found
}()

func fill(message string, args []string) string {
	for i := 0; i+1 < len(args); i += 2 {
		message = strings.ReplaceAll(message, "{"+args[i]+"}", args[i+1])
	}
	return message
}
