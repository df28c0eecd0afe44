package rules

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// Mode is the way in which a document goes to KSeF.
type Mode string

// The ways to KSeF. The empty Mode means that it is not decided.
const (
	Online Mode = "online" // one by one in an interactive session
	Batch  Mode = "batch"  // many in a package
)

// defaultPerRule is the value of Config.PerRule that zero stands for.
const defaultPerRule = 20

// Config chooses rules and tells facts that are not in the document. Its zero
// value means all standard rules, production, and nothing else known.
type Config struct {
	Disable  []string            // IDs of rules that are not applied
	Severity map[string]Severity // other severities, by ID
	Extra    []Rule              // rules of the program, applied after the standard ones
	PerRule  int                 // findings listed for one rule; 0 means 20, negative no limit

	Now  time.Time // the present; rules about today are silent without it
	Test bool      // for a test environment of KSeF, which accepts wrong check digits of tax numbers
	Mode Mode      // how the document will be sent

	// Number is P_2 as the file spells it, with the white space that decoding
	// collapses; "" when not known. Package validate fills it in.
	Number string
	// Attachments tells whether the seller may send attachments to KSeF (it
	// must have been notified in the tax office's portal); 0 when not known.
	Attachments fa3.YesNo
	// TechnicalCorrection marks the corrected file of an invoice issued
	// offline, which may go online even with an attachment.
	TechnicalCorrection bool

	// Issued tells whether the seller has already issued an invoice of this
	// kind and number. KSeF refuses it for ten years after the year of issue.
	Issued func(seller string, kind fa3.TRodzajFaktury, number string) bool
	// Rate is the exchange rate (PLN per unit) that holds for a tax point on
	// this day, which is usually the average rate that the National Bank
	// published on the last business day before it; false when not known.
	Rate func(currency fa3.TKodWaluty, taxPoint pl.Date) (decimal.Decimal, bool)
}

// ErrConfig is matched by the errors of Config.Validate.
var ErrConfig = errors.New("rules: wrong configuration")

// Validate tells what a program should not leave in a configuration: names of
// rules that do not exist, severities that do not exist, rules without name or
// check, or with a name that is taken. Check works all the same: it passes over
// what it does not know.
func (c Config) Validate() error {
	known := make(map[string]bool, len(standard))
	for i := range standard {
		known[standard[i].ID] = true
	}
	for i := range c.Extra {
		r := &c.Extra[i]
		if r.ID == "" || r.Check == nil || !r.Severity.valid() || known[r.ID] {
			return fmt.Errorf("%w: extra rule %d needs a name of its own, a severity and a check", ErrConfig, i)
		}
		known[r.ID] = true
	}
	for _, id := range c.Disable {
		if !known[id] {
			return fmt.Errorf("%w: there is no rule %q to switch off", ErrConfig, id)
		}
	}
	for id, severity := range c.Severity {
		if !known[id] || !severity.valid() {
			return fmt.Errorf("%w: no rule %q can have the severity %q", ErrConfig, id, severity)
		}
	}
	return nil
}

func (s Severity) valid() bool { return s == Error || s == Warning || s == Info }

// perRule is how many findings of one rule are listed.
func (c *Config) perRule() int {
	switch {
	case c.PerRule == 0:
		return defaultPerRule
	case c.PerRule < 0:
		return int(^uint(0) >> 1)
	}
	return c.PerRule
}

// Check judges a document. The findings come in the order of the document;
// none means that no rule is broken. A nil document has none.
func Check(f *fa3.Faktura, cfg Config) []Finding {
	if f == nil {
		return nil
	}
	d := newDocument(f, &cfg)
	fs := &Findings{perRule: cfg.perRule()}
	fs.apply(standard, d)
	fs.apply(cfg.Extra, d)
	sortByPlace(fs.list)
	return fs.list
}

// apply runs the rules that are not switched off.
func (fs *Findings) apply(rules []Rule, d *Document) {
	for i := range rules {
		r := &rules[i]
		if r.Check == nil || slices.Contains(d.cfg.Disable, r.ID) {
			continue
		}
		fs.rule, fs.count, fs.severity = r, 0, ""
		if s := d.cfg.Severity[r.ID]; s.valid() {
			fs.severity = s
		}
		r.Check(d, fs)
	}
}
