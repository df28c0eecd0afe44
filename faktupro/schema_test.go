package faktupro

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

func TestSchemaGolden(t *testing.T) {
	t.Parallel()
	golden(t, "invoice.schema.json", Schema())
}

// parsedSchema is the published schema as plain JSON values.
func parsedSchema(t testing.TB) map[string]any {
	t.Helper()
	var s map[string]any
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchemaEqualsDecoder compares the properties the schema allows with those
// the decoder takes, object by object, by asking the decoder.
func TestSchemaEqualsDecoder(t *testing.T) {
	t.Parallel()
	root := parsedSchema(t)
	objects := 0
	var visit func(schema map[string]any, before, after string)
	visit = func(schema map[string]any, before, after string) {
		schema = resolve(t, root, schema)
		properties, isObject := schema["properties"].(map[string]any)
		if !isObject {
			if items, ok := schema["items"].(map[string]any); ok {
				visit(items, before+"[", "]"+after)
			}
			return
		}
		objects++
		if schema["additionalProperties"] != false {
			t.Errorf("%s…: additionalProperties is not false", before)
		}
		for name, property := range properties {
			opened := before + `{"` + name + `":`
			_, err := DecodeInvoice([]byte(opened + "null}" + after))
			if got := problemsOf(t, err); !got.Has(codeJSONNull) || got.Has(codeJSONUnknownField) {
				t.Errorf("%snull: decoder says %v", opened, places(got))
			}
			visit(property.(map[string]any), opened, "}"+after)
		}
		unknown := before + `{"notInSchema":1}` + after
		if _, err := DecodeInvoice([]byte(unknown)); !problemsOf(t, err).Has(codeJSONUnknownField) {
			t.Errorf("decoder takes %s", unknown)
		}
	}
	visit(root, "", "")
	if objects < 30 {
		t.Errorf("only %d objects visited", objects)
	}
}

// resolve follows a reference into $defs.
func resolve(t testing.TB, root, schema map[string]any) map[string]any {
	t.Helper()
	ref, ok := schema["$ref"].(string)
	if !ok {
		return schema
	}
	target, ok := root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	if !ok {
		t.Fatalf("no definition for %s", ref)
	}
	return target
}

// TestTablesCoverStructs: every exported field of every struct of an invoice
// has a property in the tables, so that nothing is forgotten by decoder,
// encoder, validation and schema.
func TestTablesCoverStructs(t *testing.T) {
	t.Parallel()
	root := parsedSchema(t)
	seen := map[reflect.Type]bool{}
	var visit func(typ reflect.Type, schema map[string]any)
	visit = func(typ reflect.Type, schema map[string]any) {
		schema = resolve(t, root, schema)
		for typ.Kind() == reflect.Slice {
			typ = typ.Elem()
			schema = resolve(t, root, schema["items"].(map[string]any))
		}
		switch {
		case typ.Kind() != reflect.Struct, seen[typ]:
			return
		case typ == reflect.TypeFor[Decimal](), typ == reflect.TypeFor[pl.Date](), typ == reflect.TypeFor[pl.VATUE](), typ == reflect.TypeFor[time.Time]():
			return
		}
		seen[typ] = true
		properties := schema["properties"].(map[string]any)
		names := map[string]string{}
		for name := range properties {
			names[strings.ToLower(name)] = name
		}
		for field := range typ.Fields() {
			name, ok := names[strings.ToLower(field.Name)]
			if !ok {
				t.Errorf("%s.%s has no property", typ.Name(), field.Name)
				continue
			}
			visit(field.Type, properties[name].(map[string]any))
		}
		if typ.NumField() != len(properties) {
			t.Errorf("%s has %d fields and %d properties", typ.Name(), typ.NumField(), len(properties))
		}
	}
	visit(reflect.TypeFor[Invoice](), root)
	if len(seen) < 40 {
		t.Errorf("only %d structs visited", len(seen))
	}
}

// TestSchemaTakesSamples judges the samples, and texts the decoder refuses for
// their shape, by the schema alone.
func TestSchemaTakesSamples(t *testing.T) {
	t.Parallel()
	root := parsedSchema(t)
	for _, s := range samples(t) {
		var value any
		if err := json.Unmarshal(s.json, &value); err != nil {
			t.Fatal(err)
		}
		if faults := judge(t, root, root, "", value); len(faults) > 0 {
			t.Errorf("%s: %v", s.name, faults)
		}
	}
	for _, tt := range badTexts {
		var value any
		if json.Unmarshal([]byte(tt.json), &value) != nil || strings.Contains(strings.Join(tt.want, " "), codeJSONDuplicate) {
			continue // not for a schema to see
		}
		if strings.Contains(tt.json, "1e3}") || strings.Contains(tt.json, "999}") || strings.Contains(tt.json, "4567}") {
			continue // a schema sees the value of a number, not its digits
		}
		if faults := judge(t, root, root, "", value); len(faults) == 0 {
			t.Errorf("%s: the schema takes what the decoder refuses: %s", tt.name, tt.json)
		}
	}
}

// judge is as much of JSON Schema as the published schema uses.
func judge(t *testing.T, root, schema map[string]any, path string, value any) (faults []string) {
	t.Helper()
	schema = resolve(t, root, schema)
	if !hasType(schema["type"], value) {
		return []string{path + ": type"}
	}
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, value) {
		faults = append(faults, path+": enum")
	}
	switch value := value.(type) {
	case string:
		faults = append(faults, judgeText(schema, path, value)...)
	case float64:
		if low, ok := schema["minimum"].(float64); ok && value < low {
			faults = append(faults, path+": minimum")
		}
		if high, ok := schema["maximum"].(float64); ok && value > high {
			faults = append(faults, path+": maximum")
		}
	case []any:
		if limit, ok := schema["maxItems"].(float64); ok && len(value) > int(limit) {
			faults = append(faults, path+": maxItems")
		}
		for _, element := range value {
			faults = append(faults, judge(t, root, schema["items"].(map[string]any), path+"[]", element)...)
		}
	case map[string]any:
		faults = append(faults, judgeObject(t, root, schema, path, value)...)
	}
	return faults
}

func judgeObject(t *testing.T, root, schema map[string]any, path string, value map[string]any) (faults []string) {
	t.Helper()
	properties := schema["properties"].(map[string]any)
	for name, member := range value {
		property, ok := properties[name].(map[string]any)
		if !ok {
			faults = append(faults, path+"/"+name+": additionalProperties")
			continue
		}
		faults = append(faults, judge(t, root, property, path+"/"+name, member)...)
	}
	needed, _ := schema["required"].([]any)
	for _, name := range needed {
		if _, ok := value[name.(string)]; !ok {
			faults = append(faults, path+"/"+name.(string)+": required")
		}
	}
	return faults
}

func judgeText(schema map[string]any, path, value string) (faults []string) {
	length := utf8.RuneCountInString(value)
	if low, ok := schema["minLength"].(float64); ok && length < int(low) {
		faults = append(faults, path+": minLength")
	}
	if high, ok := schema["maxLength"].(float64); ok && length > int(high) && collapsed(value) {
		faults = append(faults, path+": maxLength")
	}
	if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(value) {
		faults = append(faults, path+": pattern")
	}
	switch schema["format"] {
	case "date":
		if _, err := pl.ParseDate(value); err != nil {
			faults = append(faults, path+": format")
		}
	case "date-time":
		if _, err := time.Parse(time.RFC3339, value); err != nil {
			faults = append(faults, path+": format")
		}
	}
	return faults
}

// hasType reports whether a value has one of the types.
func hasType(want, value any) bool {
	types := map[string]bool{}
	switch want := want.(type) {
	case nil:
		return true
	case string:
		types[want] = true
	case []any:
		for _, name := range want {
			types[name.(string)] = true
		}
	}
	switch value := value.(type) {
	case string:
		return types["string"]
	case bool:
		return types["boolean"]
	case float64:
		return types["number"] || types["integer"] && value == float64(int64(value))
	case []any:
		return types["array"]
	case map[string]any:
		return types["object"]
	}
	return false
}

// TestCodeLists: the lists are complete, ordered and free of repetitions, and
// single blanks separate their codes.
func TestCodeLists(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]struct {
		codes string
		size  int
	}{"countries": {countryCodes, 254}, "currencies": {currencyCodes, 182}} {
		codes := strings.Fields(list.codes)
		unique := slices.Sorted(maps.Keys(maps.Collect(func(yield func(string, bool) bool) {
			for _, c := range codes {
				if !yield(c, true) {
					return
				}
			}
		})))
		if diff := cmp.Diff(unique, codes); diff != "" {
			t.Errorf("%s are not in order or repeated (-want +got):\n%s", name, diff)
		}
		if len(codes) != list.size || strings.Join(codes, " ") != strings.TrimPrefix(list.codes, " ") {
			t.Errorf("%s: %d codes, want %d", name, len(codes), list.size)
		}
	}
	for code, want := range map[string]bool{"PL": true, "GR": true, "ZW": true, "AD": true, "EL": false, "": false, " ": false, "P": false, "PLN": false, "A ": false, "D A": false, "pl": false} {
		if hasCode(countryCodes, code) != want {
			t.Errorf("hasCode(%q) is %v", code, !want)
		}
	}
}
