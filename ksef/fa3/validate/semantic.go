package validate

import (
	"slices"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/rules"
)

// semantic applies the rules of the meaning to a document that the model can
// hold, which it can although limits of values are broken.
func (j *judge) semantic(broken error) {
	if !j.cfg.has(Semantic) || broken != nil || j.form == nil || j.form.kind != FA3 {
		return
	}
	f, err := fa3.Unmarshal(j.doc)
	if err != nil {
		return
	}
	cfg := j.cfg.Rules
	if cfg.Number == "" {
		cfg.Number = rawNumber(j.doc)
	}
	findings := rules.Check(f, cfg)
	paths := make([]string, len(findings))
	for i := range findings {
		paths[i] = findings[i].Path
	}
	offsets := find(j.doc, paths)
	for i, f := range findings {
		j.add(Problem{
			Layer: Semantic, Code: Code(f.Rule), Severity: f.Severity, Path: f.Path, EN: f.EN, PL: f.PL,
			Reference: f.Reference, offset: offsets[i],
		})
	}
	j.report.Truncated = j.report.Truncated || slices.ContainsFunc(findings, func(f rules.Finding) bool { return f.More > 0 })
}
