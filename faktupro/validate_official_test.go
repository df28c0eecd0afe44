package faktupro

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// TestOfficialSamples: the Ministry's own samples break no rule but those about
// check digits, which its invented numbers do not have, and one about factors.
func TestOfficialSamples(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(refdata.Dir(t), "fa3-corpus", "valid", "mf*_fa3_*.xml"))
	if err != nil || len(paths) < 13 {
		t.Fatalf("%d samples (%v)", len(paths), err)
	}
	expected := map[string]bool{
		codeREGONChecksum: true, codeKSeFNumberChecksum: true,
		codeFactorParty: true, // sample 21 has the factor's account without the factor
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := fa3.Unmarshal(data)
		if err != nil {
			t.Fatalf("%s: %v", filepath.Base(path), err)
		}
		inv, err := FromFA3(f)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
			continue
		}
		for _, p := range inv.Validate(ValidateOptions{}) {
			if !expected[p.Code] {
				t.Errorf("%s: %v", filepath.Base(path), p)
			}
		}
	}
}
