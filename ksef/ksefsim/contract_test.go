package ksefsim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

// contractFile is the published contract in the reference data. Where there is
// none the answers are not compared and TestContract is skipped.
const contractFile = "ksef-openapi-2.7.0.json"

type contractDoc struct {
	Paths      map[string]map[string]contractOperation `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

type contractOperation struct {
	Responses map[string]struct {
		Content map[string]struct {
			Schema *schema `json:"schema"`
		} `json:"content"`
	} `json:"responses"`
}

// schema is the part of JSON Schema that the contract uses.
type schema struct {
	Ref                  string             `json:"$ref"`
	AllOf                []*schema          `json:"allOf"`
	Type                 string             `json:"type"`
	Format               string             `json:"format"`
	Enum                 []any              `json:"enum"`
	Pattern              string             `json:"pattern"`
	Nullable             bool               `json:"nullable"`
	MinLength            *int               `json:"minLength"`
	MaxLength            *int               `json:"maxLength"`
	Minimum              *float64           `json:"minimum"`
	Maximum              *float64           `json:"maximum"`
	Required             []string           `json:"required"`
	Properties           map[string]*schema `json:"properties"`
	AdditionalProperties json.RawMessage    `json:"additionalProperties"`
	Items                *schema            `json:"items"`
}

var (
	contractOnce sync.Once
	contractRead *contractDoc
)

// contract reads the contract once, nil when there is none.
func contract(t testing.TB) *contractDoc {
	contractOnce.Do(func() {
		raw, err := os.ReadFile(filepath.Join(refdata.Root(t), "..", "shared", "reference", "data", contractFile))
		if err != nil {
			return
		}
		doc := new(contractDoc)
		if err := json.Unmarshal(raw, doc); err != nil {
			t.Fatalf("contract: %v", err)
		}
		doc.amend()
		contractRead = doc
	})
	return contractRead
}

// newerProperties are answers of API 2.7.1 and 2.8.0, younger than the file.
var newerProperties = []string{"collectiveIdentifier", "onlineSessionClose", "batchSessionClose", "anonymous", "compressionType", "collectiveIdentifierNumber"}

// amend adds what is younger than the file: since 2.7.1 invoices of collective
// identifiers are asked for with POST.
func (d *contractDoc) amend() {
	const old, now = "/collective-identifiers/{collectiveIdentifierNumber}/invoices", "/collective-identifiers/invoices"
	d.Paths[now] = map[string]contractOperation{"post": d.Paths[old]["get"]}
}

// checkContract compares an answer with the contract: status, media type, and
// the body with its schema.
func checkContract(t testing.TB, method, path string, a *answer) {
	t.Helper()
	observe(method, path, a)
	doc := contract(t)
	if doc == nil {
		return
	}
	template, op := doc.find(method, path)
	if template == "" {
		return // not an operation: downloads, unknown paths
	}
	key := fmt.Sprintf("%s %s %d", method, template, a.status)
	if a.status == http.StatusNotFound || a.status == http.StatusRequestEntityTooLarge || a.status >= 500 {
		return // the contract leaves these open
	}
	response, declared := op.Responses[fmt.Sprint(a.status)]
	if !declared {
		t.Errorf("%s: the contract has no such status", key)
		return
	}
	if len(response.Content) == 0 {
		if len(a.body) > 0 {
			t.Errorf("%s: a body where there must be none", key)
		}
		return
	}
	if a.status == http.StatusTooManyRequests && a.header.Get("Retry-After") == "" {
		t.Errorf("%s: no Retry-After", key)
	}
	media, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	content, known := response.Content[media]
	if err != nil || !known {
		t.Errorf("%s: media type %q is not in the contract", key, a.header.Get("Content-Type"))
		return
	}
	if media == typeXML {
		return
	}
	var body any
	if err := json.Unmarshal(a.body, &body); err != nil {
		t.Errorf("%s: %v", key, err)
		return
	}
	for _, fault := range doc.check(content.Schema, body, "$") {
		t.Errorf("%s: %s", key, fault)
	}
}

// find returns the operation of a request. Literal segments win over parameters.
func (d *contractDoc) find(method, path string) (string, contractOperation) {
	below, found := belowPrefix(path)
	if !found {
		return "", contractOperation{}
	}
	best, literal := "", -1
	for template := range d.Paths {
		if n := matchTemplate(template, below); n > literal {
			if _, has := d.Paths[template][strings.ToLower(method)]; has {
				best, literal = template, n
			}
		}
	}
	return best, d.Paths[best][strings.ToLower(method)]
}

// matchTemplate counts the literal segments of a match, -1 for none.
func matchTemplate(template, path string) int {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return -1
	}
	n := 0
	for i := range want {
		switch {
		case strings.HasPrefix(want[i], "{"):
		case want[i] == got[i]:
			n++
		default:
			return -1
		}
	}
	return n
}

// check lists what is wrong with a value under a schema.
func (d *contractDoc) check(s *schema, v any, at string) (faults []string) {
	if s == nil {
		return nil
	}
	if s.Ref != "" {
		return d.check(d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]], v, at)
	}
	if v == nil {
		if !s.Nullable {
			faults = append(faults, at+": null")
		}
		return faults
	}
	for _, part := range s.AllOf {
		faults = append(faults, d.check(part, v, at)...)
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		faults = append(faults, fmt.Sprintf("%s: %v is not in the enumeration", at, v))
	}
	switch s.Type {
	case "object":
		faults = append(faults, d.checkObject(s, v, at)...)
	case "array":
		faults = append(faults, d.checkArray(s, v, at)...)
	case "string":
		faults = append(faults, checkString(s, v, at)...)
	case "integer", "number":
		faults = append(faults, checkNumber(s, v, at)...)
	case "boolean":
		if _, is := v.(bool); !is {
			faults = append(faults, at+": not a boolean")
		}
	}
	return faults
}

func (d *contractDoc) checkObject(s *schema, v any, at string) (faults []string) {
	object, is := v.(map[string]any)
	if !is {
		return []string{at + ": not an object"}
	}
	for _, name := range s.Required {
		if _, has := object[name]; !has {
			faults = append(faults, at+"."+name+": missing")
		}
	}
	for name, value := range object {
		if property, known := s.Properties[name]; known {
			faults = append(faults, d.check(property, value, at+"."+name)...)
		} else if len(s.AdditionalProperties) == 0 && len(s.Properties) > 0 && !slices.Contains(newerProperties, name) {
			faults = append(faults, at+"."+name+": not in the contract")
		}
	}
	return faults
}

func (d *contractDoc) checkArray(s *schema, v any, at string) (faults []string) {
	list, is := v.([]any)
	if !is {
		return []string{at + ": not an array"}
	}
	for i, item := range list {
		faults = append(faults, d.check(s.Items, item, fmt.Sprintf("%s[%d]", at, i))...)
	}
	return faults
}

func checkString(s *schema, v any, at string) (faults []string) {
	text, is := v.(string)
	if !is {
		return []string{at + ": not a string"}
	}
	n := len([]rune(text))
	if s.MinLength != nil && n < *s.MinLength || s.MaxLength != nil && n > *s.MaxLength {
		faults = append(faults, fmt.Sprintf("%s: %d characters", at, n))
	}
	if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(text) {
		faults = append(faults, at+": does not match its pattern")
	}
	switch s.Format {
	case "date":
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			faults = append(faults, at+": not a date")
		}
	case "uri":
		if u, err := url.Parse(text); err != nil || !u.IsAbs() {
			faults = append(faults, at+": not a URI")
		}
	case "byte":
		if _, err := base64.StdEncoding.DecodeString(text); err != nil {
			faults = append(faults, at+": not Base64")
		}
	}
	if s.Format == "date-time" {
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil && !strings.HasSuffix(at, ".exception.timestamp") {
			faults = append(faults, at+": not a date-time")
		}
	}
	return faults
}

func checkNumber(s *schema, v any, at string) (faults []string) {
	n, is := v.(float64)
	if !is {
		return []string{at + ": not a number"}
	}
	if s.Type == "integer" && n != math.Trunc(n) {
		faults = append(faults, at+": not an integer")
	}
	if s.Minimum != nil && n < *s.Minimum || s.Maximum != nil && n > *s.Maximum {
		faults = append(faults, at+": outside its bounds")
	}
	return faults
}

// TestContractChecker makes sure that the checker finds faults.
func TestContractChecker(t *testing.T) {
	doc := &contractDoc{}
	low := 1.0
	s := &schema{Type: "object", Required: []string{"a", "b"}, Properties: map[string]*schema{
		"a": {Type: "string", Enum: []any{"x"}}, "b": {Type: "integer", Minimum: &low},
		"c": {Type: "array", Items: &schema{Type: "string", Format: "date-time"}},
	}}
	for _, bad := range []string{
		`[]`, `{}`, `{"a":"x"}`, `{"a":"y","b":1}`, `{"a":1,"b":1}`, `{"a":"x","b":0}`, `{"a":"x","b":1.5}`,
		`{"a":"x","b":1,"c":"z"}`, `{"a":"x","b":1,"c":["z"]}`, `{"a":null,"b":1}`, `{"a":"x","b":1,"d":1}`,
	} {
		var v any
		if err := json.Unmarshal([]byte(bad), &v); err != nil {
			t.Fatal(err)
		}
		if len(doc.check(s, v, "$")) == 0 {
			t.Errorf("%s passed", bad)
		}
	}
	var good any
	_ = json.Unmarshal([]byte(`{"a":"x","b":1,"c":["2026-01-01T00:00:00.1234567+00:00"]}`), &good)
	if faults := doc.check(s, good, "$"); len(faults) > 0 {
		t.Errorf("good value: %v", faults)
	}
}
