package archtest_test

import (
	"os"
	"testing"

	"github.com/faktupro/faktupro-go/internal/archtest"
	"github.com/faktupro/faktupro-go/internal/refdata"
)

const module = "github.com/faktupro/faktupro-go"

// TestRepository fails by the name of the broken rule.
func TestRepository(t *testing.T) {
	t.Parallel()
	tree, err := archtest.Load(os.DirFS(refdata.Root(t)), module)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range archtest.Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			t.Parallel()
			violations := rule.Check(tree)
			for _, v := range violations {
				t.Errorf("%s: %s", v.Pos, v.Message)
			}
			if len(violations) > 0 {
				t.Logf("the rule: %s", rule.Why)
			}
		})
	}
}
