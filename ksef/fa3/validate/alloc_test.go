package validate

import (
	"testing"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/internal/xsd"
)

// TestNoAllocation: a valid document costs nothing once everything is warm. The
// validator is held here because a pool may be emptied at any time.
func TestNoAllocation(t *testing.T) {
	engine := xsd.New(xmlscan.Config{})
	opts := xsd.Options{Choose: chooseSchema, Forgive: forgiveUPO, Max: 1}
	for _, lines := range []int{1, 500} {
		doc := compactSample(lines)
		check := func() {
			err := engine.Run(doc, opts)
			if found, _ := engine.Violations(); err != nil || len(found) > 0 || !cleanFile(doc) {
				t.Fatal("the sample is not valid", err)
			}
		}
		check()
		if n := testing.AllocsPerRun(100, check); n > 0 {
			t.Errorf("%d lines: %v allocations", lines, n)
		}
	}
}
