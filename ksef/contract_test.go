package ksef

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/pl"
)

// source is what the contract tests read in the source of the package.
type source struct {
	marked    map[string]string   // operation → method that claims it
	docs      map[string]string   // operation → text of the method's comment
	constants map[string][]string // type → values of its constants
	problems  []string
}

func readSource(t testing.TB) *source {
	t.Helper()
	s := &source{marked: map[string]string{}, docs: map[string]string{}, constants: map[string][]string{}}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, raw, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		before := len(s.marked)
		for _, decl := range file.Decls {
			s.method(decl)
			s.consts(decl)
		}
		if n := strings.Count(string(raw), "\n//ksef:op "); n != len(s.marked)-before {
			s.problems = append(s.problems, name+": a ksef:op comment is not on a method, or is there twice")
		}
	}
	return s
}

func (s *source) method(decl ast.Decl) {
	fn, ok := decl.(*ast.FuncDecl)
	if !ok || fn.Doc == nil {
		return
	}
	for _, c := range fn.Doc.List {
		if op, ok := strings.CutPrefix(c.Text, "//ksef:op "); ok {
			s.marked[op], s.docs[op] = fn.Name.Name, strings.Join(strings.Fields(fn.Doc.Text()), " ")
		}
	}
}

func (s *source) consts(decl ast.Decl) {
	gen, ok := decl.(*ast.GenDecl)
	if !ok || gen.Tok != token.CONST {
		return
	}
	for _, spec := range gen.Specs {
		v := spec.(*ast.ValueSpec)
		typ, ok := v.Type.(*ast.Ident)
		if !ok || len(v.Values) != 1 {
			continue
		}
		if lit, ok := v.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value)
			s.constants[typ.Name] = append(s.constants[typ.Name], text)
		}
	}
}

func TestEveryOperationIsMarkedDocumentedAndTested(t *testing.T) {
	for _, gap := range operationGaps(operationFacts(t), readSource(t), operations()) {
		t.Error(gap)
	}
}

// operationGaps compares the table of operations with what is marked in the
// source, said in its comments, and called by the tests.
func operationGaps(facts []operationFact, s *source, tested []operation) []string {
	gaps := slices.Clone(s.problems)
	known, called := map[string]bool{}, map[string]bool{}
	for _, op := range tested {
		called[op.op] = true
	}
	for _, f := range facts {
		known[f.op] = true
		switch doc := s.docs[f.op]; {
		case s.marked[f.op] == "":
			gaps = append(gaps, f.op+" has no method")
		case !called[f.op]:
			gaps = append(gaps, f.op+" is not tested")
		case !strings.Contains(doc, "group "+f.group):
			gaps = append(gaps, f.op+": comment does not name the group "+f.group)
		default:
			for _, p := range f.permissions {
				if !strings.Contains(doc, p) {
					gaps = append(gaps, f.op+": comment does not name the permission "+p)
				}
			}
		}
	}
	for op, name := range s.marked {
		if !known[op] {
			gaps = append(gaps, name+" claims "+op+", which the contract does not have")
		}
	}
	return gaps
}

func TestTypesAgainstTable(t *testing.T) {
	facts, s := propertyFacts(t), readSource(t)
	requests, answers := 0, 0
	for _, op := range operations() {
		for _, gap := range typeGaps(facts, s, op) {
			t.Error(gap)
		}
		requests += len(of(facts, op.op, ">"))
		answers += len(of(facts, op.op, "<"))
	}
	t.Logf("%d operations, %d request properties, %d answer properties", len(operations()), requests, answers)
}

// typeGaps compares the properties of one operation with the Go types of its
// body and its answer.
func typeGaps(facts []property, s *source, op operation) []string {
	var gaps []string
	check := func(mark string, typ reflect.Type) {
		want := of(facts, op.op, mark)
		if typ == nil {
			if len(want) > 0 {
				gaps = append(gaps, op.op+" "+mark+": no type")
			}
			return
		}
		ours := map[string]reflect.Type{}
		flattenType(ours, mark, typ)
		for _, p := range want {
			gaps = append(gaps, propertyGap(p, ours, s)...)
			delete(ours, p.path)
		}
		if mark == ">" {
			for path := range ours {
				if !extraRequest[op.op+" "+path] && len(path) > 1 && !within(path, extraRequest, op.op) {
					gaps = append(gaps, op.op+" "+path+" is not in the contract")
				}
			}
		}
	}
	if len(op.samples) > 0 {
		check(">", reflect.TypeOf(op.samples[0]))
	} else {
		check(">", nil)
	}
	if op.answer != nil {
		check("<", reflect.TypeOf(op.answer))
	} else {
		check("<", nil)
	}
	return gaps
}

// extraRequest are properties that a shared Go type has and the operation does
// not; the checks before sending keep them empty.
var extraRequest = map[string]bool{
	"POST /permissions/persons/grants >subjectDetails.entityByFp":                    true,
	"POST /permissions/indirect/grants >subjectDetails.entityByFp":                   true,
	"POST /permissions/subunits/grants >subjectDetails.entityByFp":                   true,
	"POST /permissions/eu-entities/administration/grants >subjectDetails.personById": true,
	"POST /permissions/eu-entities/grants >subjectDetails.personById":                true,
	"POST /testdata/rate-limits >rateLimits.*":                                       true,
	"POST /testdata/rate-limits >rateLimits.*.perSecond":                             true,
	"POST /testdata/rate-limits >rateLimits.*.perMinute":                             true,
	"POST /testdata/rate-limits >rateLimits.*.perHour":                               true,
}

func within(path string, extra map[string]bool, op string) bool {
	for name := range extra {
		if strings.HasPrefix(op+" "+path, name+".") {
			return true
		}
	}
	return false
}

func propertyGap(p property, ours map[string]reflect.Type, s *source) []string {
	typ, ok := ours[p.path]
	if p.key() == "GET /invoices/exports/{referenceNumber} <package.compressionType" {
		return nil // ExportStatus has it, see TestExportCompressionInThePackage
	}
	if !ok { // a group of a map
		parts := strings.Split(p.path, ".")
		for i := range parts {
			wild := slices.Clone(parts)
			name := strings.TrimPrefix(wild[i], "<")
			wild[i] = wild[i][:len(wild[i])-len(name)] + "*"
			if typ, ok = ours[strings.Join(wild, ".")]; ok && slices.Contains(s.constants["RateGroup"], name) {
				break
			}
			ok = false
		}
	}
	if !ok {
		return []string{p.key() + " has no field"}
	}
	if !slices.Contains(goKinds(typ), p.kind) {
		return []string{fmt.Sprintf("%s is %s in the contract and %v here", p.key(), p.kind, typ)}
	}
	var gaps []string
	for _, v := range p.values() {
		if !slices.Contains(s.constants[typ.Name()], v) {
			gaps = append(gaps, fmt.Sprintf("%s: type %v has no constant for %s", p.key(), typ, v))
		}
	}
	return gaps
}

// goKinds are the kinds of the contract that a Go type can hold.
func goKinds(typ reflect.Type) []string {
	switch typ {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[wireTime]():
		return []string{"time"}
	case reflect.TypeFor[pl.Date]():
		return []string{"date"}
	case reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[wireAmount]():
		return []string{"number"}
	case reflect.TypeFor[[]byte]():
		return []string{"bytes"}
	}
	switch typ.Kind() {
	case reflect.String:
		return []string{"string", "bytes"} // identifiers in Base64 are compared, never decoded
	case reflect.Int, reflect.Int64:
		return []string{"integer"}
	case reflect.Bool:
		return []string{"boolean"}
	case reflect.Slice:
		return []string{"array"}
	case reflect.Map:
		return []string{"map", "object"}
	case reflect.Struct:
		return []string{"object"}
	}
	return nil
}

// flattenType lists what a Go type reads and writes, by the paths of the table.
func flattenType(out map[string]reflect.Type, path string, typ reflect.Type) {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	switch typ { // types that are written in another form than they are kept
	case reflect.TypeFor[FormCode]():
		typ = reflect.TypeFor[wireFormCode]()
	case reflect.TypeFor[SubjectDetails]():
		typ = reflect.TypeFor[wireSubjectDetails]()
	}
	out[path] = typ
	at := path + "."
	if len(path) == 1 {
		at = path
	}
	switch {
	case slices.Contains(goKinds(typ), "object") && typ.Kind() == reflect.Struct:
		for name, field := range jsonFields(typ) {
			flattenType(out, at+name, field)
		}
	case slices.Contains(goKinds(typ), "array"):
		flattenType(out, path+"[]", typ.Elem())
	case typ.Kind() == reflect.Map && typ.Elem().Kind() == reflect.Struct:
		flattenType(out, at+"*", typ.Elem())
	}
}

func jsonFields(typ reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(typ) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			fields[name] = f.Type
		}
	}
	return fields
}

// TestContractTestsFindGaps breaks the contract in every way that the tests
// above have to notice, and nothing else may be reported.
func TestContractTestsFindGaps(t *testing.T) {
	facts, s, ops := propertyFacts(t), readSource(t), operations()
	tokens := ops[slices.IndexFunc(ops, func(o operation) bool { return o.op == "POST /tokens" })]
	change := func(path string, f func(*property)) []property {
		changed := slices.Clone(facts)
		i := slices.IndexFunc(changed, func(p property) bool { return p.op == tokens.op && p.path == path })
		f(&changed[i])
		return changed
	}
	type leanToken struct {
		Permissions []Permission `json:"permissions"`
	}
	lean := tokens
	lean.samples = []any{&leanToken{}}
	tests := []struct {
		name string
		gaps []string
		want string
	}{
		{"nothing", typeGaps(facts, s, tokens), ""},
		{"new request property", typeGaps(append(slices.Clone(facts), property{op: tokens.op, path: ">validTo", kind: "time"}), s, tokens), ">validTo has no field"},
		{"new answer property", typeGaps(append(slices.Clone(facts), property{op: tokens.op, path: "<validTo", kind: "time"}), s, tokens), "<validTo has no field"},
		{"renamed", typeGaps(change("<token", func(p *property) { p.path = "<tokenValue" }), s, tokens), "<tokenValue has no field"},
		{"other kind", typeGaps(change(">description", func(p *property) { p.kind = "integer" }), s, tokens), "is integer in the contract"},
		{"new value", typeGaps(change(">permissions[]", func(p *property) { p.rule += " InvoiceBurn" }), s, tokens), "no constant for InvoiceBurn"},
		{"field missing in Go", typeGaps(facts, s, lean), ">description has no field"},
		{"property unknown to the contract", typeGaps(slices.DeleteFunc(slices.Clone(facts), func(p property) bool { return p.path == ">description" }), s, tokens), ">description is not in the contract"},
		{"new operation", operationGaps(append(operationFacts(t), operationFact{op: "GET /new"}), s, ops), "GET /new has no method"},
		{"unknown operation", operationGaps(operationFacts(t)[1:], s, ops), "which the contract does not have"},
		{"untested operation", operationGaps(operationFacts(t), s, ops[1:]), "is not tested"},
		{"new permission", operationGaps(append(operationFacts(t)[:1:1], operationFact{op: "POST /tokens", group: "other", permissions: []string{"Burn"}}), s, ops), "does not name the permission Burn"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == "" {
				if len(tt.gaps) > 0 {
					t.Errorf("found %v", tt.gaps)
				}
			} else if !slices.ContainsFunc(tt.gaps, func(g string) bool { return strings.Contains(g, tt.want) }) {
				t.Errorf("gap not found: %v", tt.gaps)
			}
		})
	}
}
