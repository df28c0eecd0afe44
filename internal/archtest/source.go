package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// Limits of the rule "size", in lines.
const (
	maxFileLines     = 600
	maxFunctionLines = 80
)

// vagueNames say nothing about what a package provides.
var vagueNames = []string{"util", "utils", "common", "types", "models", "model", "helpers", "misc", "shared", "base"}

// exactPackages hold money: exactly these, without what lies below them.
var exactPackages = []string{"pl", "faktupro", "ksef/fa3", "internal/money"}

// floats are the names by which binary floating point gets in and out.
var floats = []string{
	"float32", "float64", "ParseFloat", "Float32", "Float64", "InexactFloat64",
	"NewFromFloat", "NewFromFloat32", "NewFromFloatWithExponent",
}

func checkInit(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		for _, fn := range functions(f) {
			if fn.Name.Name == "init" && fn.Recv == nil {
				found = append(found, t.violation(fn.Pos(), "%s has an init function: let a constructor or sync.OnceValue do it", f.pkg))
			}
		}
	}
	return found
}

func checkNames(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		name := strings.TrimSuffix(f.ast.Name.Name, "_test")
		if slices.Contains(vagueNames, name) {
			found = append(found, t.violation(f.ast.Name.Pos(), "package %s: name it after what it provides", name))
		}
	}
	return found
}

func checkFloat(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		if f.test || !slices.Contains(exactPackages, f.pkg) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && slices.Contains(floats, id.Name) {
				found = append(found, t.violation(id.Pos(), "%s uses %s: keep numbers in decimal.Decimal or as text", f.pkg, id.Name))
			}
			return true
		})
	}
	return found
}

func checkSize(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		if f.generated {
			continue
		}
		if f.lines > maxFileLines {
			pos := token.Position{Filename: f.name}
			found = append(found, Violation{Pos: pos, Message: fmt.Sprintf("%d lines, more than %d: split it by idea", f.lines, maxFileLines)})
		}
		if f.test {
			continue // a table of cases may be long
		}
		for _, fn := range functions(f) {
			if lines := t.fset.Position(fn.End()).Line - t.fset.Position(fn.Pos()).Line + 1; lines > maxFunctionLines {
				found = append(found, t.violation(fn.Pos(), "%s has %d lines, more than %d", fn.Name.Name, lines, maxFunctionLines))
			}
		}
	}
	return found
}

// unfinished are the marks people leave to come back to.
var unfinished = []string{"TO" + "DO", "FIX" + "ME"}

func checkUnfinished(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		for _, group := range f.ast.Comments {
			for _, c := range group.List {
				for _, mark := range unfinished {
					if strings.Contains(c.Text, mark) {
						found = append(found, t.violation(c.Pos(), "comment says %q: do it or open an issue", mark))
					}
				}
			}
		}
	}
	return found
}

func functions(f *file) []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, decl := range f.ast.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			all = append(all, fn)
		}
	}
	return all
}
