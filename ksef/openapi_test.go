package ksef

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

var update = flag.Bool("update", false, "rewrite tables and golden files")

type openAPI struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct{ Schemas map[string]*schema }
}

type schema struct {
	Ref                  string             `json:"$ref"`
	Type                 string             `json:"type"`
	Format               string             `json:"format"`
	AllOf                []*schema          `json:"allOf"`
	Properties           map[string]*schema `json:"properties"`
	AdditionalProperties *schema            `json:"additionalProperties"`
	Items                *schema            `json:"items"`
	Required             []string           `json:"required"`
	Enum                 []string           `json:"enum"`
	Pattern              string             `json:"pattern"`
	MinLength            *int64             `json:"minLength"`
	MaxLength            *int64             `json:"maxLength"`
	MinItems             *int64             `json:"minItems"`
	MaxItems             *int64             `json:"maxItems"`
	Minimum              *int64             `json:"minimum"`
	Maximum              *int64             `json:"maximum"`

	name string
}

type apiOperation struct {
	Parameters []struct {
		Name, In string
		Required bool
		Schema   *schema
	}
	RequestBody struct {
		Content map[string]struct{ Schema *schema }
	}
	Responses map[string]struct {
		Description string
		Content     map[string]struct{ Schema *schema }
	}
	Limits struct {
		PerSecond, PerMinute, PerHour int
	} `json:"x-rate-limits"`
	Permissions []string `json:"x-required-permissions"`
	Security    []any
}

func loadContract(t *testing.T) *openAPI {
	t.Helper()
	api := new(openAPI)
	if err := json.Unmarshal(refdata.File(t, "ksef-openapi-2.7.0.json"), api); err != nil {
		t.Fatal(err)
	}
	return api
}

func (api *openAPI) operations(t *testing.T) map[string]apiOperation {
	t.Helper()
	all := map[string]apiOperation{}
	for path, methods := range api.Paths {
		for method, raw := range methods {
			var op apiOperation
			if err := json.Unmarshal(raw, &op); err != nil {
				t.Fatalf("%s %s: %v", method, path, err)
			}
			all[strings.ToUpper(method)+" "+path] = op
		}
	}
	return all
}

func (api *openAPI) resolve(s *schema) *schema {
	for s != nil {
		switch {
		case s.Ref != "":
			name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
			s = api.Components.Schemas[name]
			s.name = name
		case len(s.AllOf) == 1 && len(s.Properties) == 0:
			s = s.AllOf[0]
		default:
			return s
		}
	}
	return &schema{}
}

// flatten lists a schema and everything in it.
func (api *openAPI) flatten(out []property, op, path string, s *schema, need bool) []property {
	s = api.resolve(s)
	p := property{op: op, path: path, kind: s.kind(), need: need, rule: s.rule()}
	if len(path) > 1 {
		out = append(out, p)
	}
	for name, child := range s.Properties {
		at := path + "." + name
		if len(path) == 1 {
			at = path + name
		}
		out = api.flatten(out, op, at, child, slices.Contains(s.Required, name))
	}
	if s.Items != nil {
		out = api.flatten(out, op, path+"[]", s.Items, true)
	}
	return out
}

func (s *schema) kind() string {
	switch {
	case s.Type == "object" && s.AdditionalProperties != nil:
		return "map"
	case s.Format == "date-time":
		return "time"
	case s.Format == "date":
		return "date"
	case s.Format == "byte":
		return "bytes"
	}
	return s.Type
}

func (s *schema) rule() string {
	var rules []string
	add := func(name string, from, to *int64) {
		if from == nil && to == nil {
			return
		}
		text := name + " "
		if from != nil {
			text += fmt.Sprint(*from)
		}
		text += ".."
		if to != nil {
			text += fmt.Sprint(*to)
		}
		rules = append(rules, text)
	}
	switch {
	case len(s.Enum) > 100:
		return "form ISO4217"
	case s.Enum != nil:
		return "one of " + strings.Join(s.Enum, " ")
	}
	add("length", s.MinLength, s.MaxLength)
	add("items", s.MinItems, s.MaxItems)
	if s.Type == "array" { // the contract says so about the lists of addresses
		add("items", s.Minimum, s.Maximum)
	} else {
		add("value", s.Minimum, s.Maximum)
	}
	if s.Pattern != "" {
		rules = append(rules, strings.TrimSpace("form "+s.name))
	}
	return strings.Join(rules, ", ")
}

// withdrawn are properties and operations of 2.7.0 that 2.8.0 does not have.
var withdrawn = []string{
	"GET /collective-identifiers/{collectiveIdentifierNumber}/invoices",
	"GET /auth/{referenceNumber} <authenticationMethod",
	"GET /auth/sessions <items[].authenticationMethod",
}

// added are the properties that came between 2.7.0 and 2.8.0.
var added = []property{
	{"GET /limits/context", "<collectiveIdentifier", "object", false, ""},
	{"GET /limits/context", "<collectiveIdentifier.maxInvoices", "integer", true, ""},
	{"POST /testdata/limits/context/session", ">collectiveIdentifier", "object", false, ""},
	{"POST /testdata/limits/context/session", ">collectiveIdentifier.maxInvoices", "integer", true, ""},
	{"GET /invoices/exports/{referenceNumber}", "<compressionType", "string", false, "one of Zip TarGz"},
	{"GET /invoices/exports/{referenceNumber}", "<package.compressionType", "string", false, "one of Zip TarGz"},
	{"POST /collective-identifiers/invoices", ">collectiveIdentifierNumbers", "array", true, "items 1..10"},
	{"POST /collective-identifiers/invoices", ">collectiveIdentifierNumbers[]", "string", true, "length 35..35"},
	{"POST /collective-identifiers/invoices", "<invoices[].collectiveIdentifierNumber", "string", true, "length 35..35"},
}

// addedGroups are the limit groups of 2.8.0.
var addedGroups = []string{"onlineSessionClose", "batchSessionClose", "anonymous", "global"}

// original is the contract with its additions, as the table should have it.
func (api *openAPI) original(t *testing.T) []property {
	var list []property
	for op, o := range api.operations(t) {
		if slices.Contains(withdrawn, op) {
			op = "POST /collective-identifiers/invoices" // the form that replaced it
		}
		for _, p := range o.Parameters {
			if p.In == "query" {
				list = api.flatten(list, op, "?"+p.Name, p.Schema, p.Required)
			}
		}
		if body, ok := o.RequestBody.Content["application/json"]; ok {
			list = api.flatten(list, op, ">", body.Schema, true)
		}
		for status, r := range o.Responses {
			if body, ok := r.Content["application/json"]; ok && status[0] == '2' {
				list = api.flatten(list, op, "<", body.Schema, true)
			}
		}
	}
	list = slices.DeleteFunc(list, func(p property) bool { return slices.Contains(withdrawn, p.key()) })
	list = append(list, added...)
	for _, g := range addedGroups {
		list = append(list, property{"GET /rate-limits", "<" + g, "object", false, ""})
		for _, window := range []string{"perSecond", "perMinute", "perHour"} {
			list = append(list, property{"GET /rate-limits", "<" + g + "." + window, "integer", false, ""})
		}
	}
	sortProperties(list)
	return list
}

// TestTableAgainstOriginal accounts for every property of every operation of
// the original. -update rewrites the table.
func TestTableAgainstOriginal(t *testing.T) {
	want := loadContract(t).original(t)
	if *update {
		text := "# Every property of the requests (>), answers (<) and queries (?) of KSeF API 2.8.0.\n" +
			"# operation | property | kind | required or optional | limits\n"
		for _, p := range want {
			text += p.String() + "\n"
		}
		if err := os.WriteFile(propertiesFile, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var a, b []string
	for _, p := range want {
		a = append(a, p.String())
	}
	for _, p := range propertyFacts(t) {
		b = append(b, p.String())
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("table differs from the original (-original +table):\n%s", diff)
	}
	t.Logf("%d properties of %d operations", len(want), len(operationFacts(t)))
}

// defaultLimits are those of production, by group; closing a session counted
// with opening before 2.8.0.
var defaultLimits = map[RateGroup][3]int{
	GroupOnlineSession: {10, 30, 120}, GroupOnlineSessionClose: {10, 30, 120}, GroupBatchSession: {10, 20, 60}, GroupBatchSessionClose: {10, 20, 60},
	GroupInvoiceSend: {10, 30, 180}, GroupInvoiceStatus: {30, 120, 1200}, GroupSessionList: {5, 10, 60}, GroupSessionInvoices: {10, 20, 200},
	GroupSessionMisc: {10, 120, 1200}, GroupInvoiceMetadata: {8, 16, 20}, GroupInvoiceExport: {8, 16, 20}, GroupInvoiceExportState: {10, 60, 600},
	GroupInvoiceDownload: {8, 16, 64}, GroupOther: {10, 30, 120}, GroupAnonymous: {60, 0, 0},
}

// TestOperationsAgainstOriginal accounts for every operation of the original.
func TestOperationsAgainstOriginal(t *testing.T) {
	original := loadContract(t).operations(t)
	facts := operationFacts(t)
	for _, f := range facts {
		op := f.op
		if op == "POST /collective-identifiers/invoices" {
			op = withdrawn[0]
		}
		o, ok := original[op]
		if !ok {
			t.Errorf("the original has no %s", op)
			continue
		}
		delete(original, op)
		if _, ok := o.Responses[f.success]; !ok || o.Responses[f.success].Description == "" {
			t.Errorf("%s does not succeed with %s", op, f.success)
		}
		if strings.Join(o.Permissions, " ") != strings.Join(f.permissions, " ") {
			t.Errorf("%s needs %v, table says %v", op, o.Permissions, f.permissions)
		}
		if (o.Security == nil) != (f.token == "none") {
			t.Errorf("%s: token %s", op, f.token)
		}
		limits := [3]int{o.Limits.PerSecond, o.Limits.PerMinute, o.Limits.PerHour}
		if want, known := defaultLimits[RateGroup(f.group)]; known && limits != want {
			t.Errorf("%s has the limits %v, group %s has %v", op, limits, f.group, want)
		}
	}
	for op := range original {
		t.Errorf("%s of the original is not in the table", op)
	}
}

// TestErrorCodesOfTheContract wants a name for every code that the operations
// are documented to answer with.
func TestErrorCodesOfTheContract(t *testing.T) {
	seen := map[int]bool{}
	for _, op := range loadContract(t).operations(t) {
		for _, r := range op.Responses {
			for _, code := range tableCodes(r.Description) {
				seen[code] = true
			}
		}
	}
	if len(seen) < 40 {
		t.Fatalf("only %d codes were found in the contract", len(seen))
	}
	for code := range seen {
		if ErrorCode(code).Meaning() == "" {
			t.Errorf("code %d has no meaning here", code)
		}
	}
	t.Logf("%d codes in the original, %d named here", len(seen), len(codeFacts))
}

// tableCodes reads the first column of the tables in a description.
func tableCodes(description string) []int {
	var codes []int
	for line := range strings.Lines(description) {
		var code int
		if n, _ := fmt.Sscanf(strings.TrimSpace(line), "| %d |", &code); n == 1 && code >= 9000 {
			codes = append(codes, code)
		}
	}
	return codes
}
