package rules

import (
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// pair is a document that breaks one rule and its corrected twin: the sample as
// prepared breaks nothing, and the change makes it break just the rule.
type pair struct {
	rule    string
	from    func() *fa3.Faktura
	prepare func(*fa3.Faktura)
	change  func(*fa3.Faktura)
	cfg     Config
}

// broken tells how a sample is made to break a rule.
func broken(rule string, from func() *fa3.Faktura, change func(*fa3.Faktura)) pair {
	return pair{rule: rule, from: from, prepare: func(*fa3.Faktura) {}, change: change}
}

// after prepares the sample first, also for the twin.
func (p pair) after(prepare func(*fa3.Faktura)) pair { p.prepare = prepare; return p }

// with judges both with a configuration.
func (p pair) with(cfg Config) pair { p.cfg = cfg; return p }

// severe are the findings that are more than an info, and those of one rule.
func severe(list []Finding, rule string) (own, other []Finding) {
	for _, f := range list {
		switch {
		case f.Rule == rule:
			own = append(own, f)
		case f.Severity != Info:
			other = append(other, f)
		}
	}
	return own, other
}

// TestSamples: the samples that pairs start from break no rule at all.
func TestSamples(t *testing.T) {
	t.Parallel()
	for name, sample := range samples() {
		for _, f := range Check(sample(), Config{}) {
			t.Errorf("%s: %s %s %s", name, f.Rule, f.Path, f.EN)
		}
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	for i, p := range allPairs() {
		good := p.from()
		p.prepare(good)
		for _, f := range Check(good, p.cfg) {
			t.Errorf("%s (%d): the twin breaks %s at %s", p.rule, i, f.Rule, f.Path)
		}
		bad := p.from()
		p.prepare(bad)
		p.change(bad)
		own, other := severe(Check(bad, p.cfg), p.rule)
		if len(own) == 0 {
			t.Errorf("%s (%d): not found", p.rule, i)
		}
		for _, f := range other {
			t.Errorf("%s (%d): also breaks %s at %s", p.rule, i, f.Rule, f.Path)
		}
	}
}

// TestEveryRuleHasPair keeps rules without a test out.
func TestEveryRuleHasPair(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, p := range allPairs() {
		tested[p.rule] = true
	}
	for _, r := range All() {
		if !tested[r.ID] {
			t.Errorf("rule %s has no pair", r.ID)
		}
		delete(tested, r.ID)
	}
	for rule := range tested {
		t.Errorf("pair of an unknown rule %s", rule)
	}
}

// allPairs are the pairs of all rules.
func allPairs() []pair {
	var all []pair
	for _, list := range [][]pair{
		identifierPairs(), textPairs(), partyPairs(), datePairs(),
		kindPairs(), correctionPairs(), advancePairs(),
		linePairs(), totalPairs(), markPairs(), moneyPairs(), attachmentPairs(),
	} {
		all = append(all, list...)
	}
	return all
}
