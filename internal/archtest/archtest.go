// Package archtest holds the repository to its own architecture: which package
// may import which, who may use which outside module, and the house rules that
// a compiler does not know.
//
//	tree, err := archtest.Load(os.DirFS(root), "github.com/faktupro/faktupro-go")
//	if err != nil {
//		return err
//	}
//	for _, v := range archtest.Check(tree) {
//		fmt.Println(v) // layers: audit/log.go:12: audit (layer 2) imports ksef …
//	}
//
// The rules are tables: rooms (layers.go), bans (bans.go) and rules (this file).
// All Go files are read, whatever their build tags say; directories named
// testdata or vendor, hidden ones and nested modules are left out.
package archtest

import (
	"fmt"
	"go/token"
)

// Rule is one thing the repository promises.
type Rule struct {
	Name  string // names the subtest that fails
	Why   string // one sentence for the person who broke it
	check func(*Tree) []Violation
}

// Violation is one broken promise and where.
type Violation struct {
	Rule    string
	Pos     token.Position // file relative to the root; no line for a whole package
	Message string
}

// String is one line: rule, place, message.
func (v Violation) String() string { return fmt.Sprintf("%s: %s: %s", v.Rule, v.Pos, v.Message) }

// Rules lists all promises.
func Rules() []Rule {
	return []Rule{
		{"layers", "a package imports only lower layers and its own top-level directory", checkLayers},
		{"bans", "heavy modules stay in one room so that a library user does not pay for them", checkBans},
		{"purity", "some packages promise not to know about others, or about the outside world", checkPurity},
		{"init", "no init functions: nothing happens because a package was imported", checkInit},
		{"names", "a package is named after what it provides", checkNames},
		{"float", "money is decimal, never binary floating point", checkFloat},
		{"docs", "every package and every exported identifier is documented", checkDocs},
		{"size", "one idea per file, short functions", checkSize},
		{"unfinished", "what is committed is finished", checkUnfinished},
	}
}

// Check applies every rule.
func Check(t *Tree) []Violation {
	var all []Violation
	for _, r := range Rules() {
		all = append(all, r.Check(t)...)
	}
	return all
}

// Check applies one rule.
func (r Rule) Check(t *Tree) []Violation {
	found := r.check(t)
	for i := range found {
		found[i].Rule = r.Name
	}
	return found
}
