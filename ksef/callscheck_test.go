package ksef

import (
	"errors"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// at finds the value of a property in a request by its path in the contract;
// false where a sample does not have it.
func at(v reflect.Value, path string) (reflect.Value, bool) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return v, false
		}
		if path == "" {
			break
		}
		v = v.Elem()
	}
	if path == "" {
		return v, true
	}
	if rest, ok := strings.CutPrefix(path, "[]"); ok {
		if v.Kind() != reflect.Slice || v.Len() == 0 {
			return v, false
		}
		return at(v.Index(0), strings.TrimPrefix(rest, "."))
	}
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	field, ok := fieldByTag(v, path[:end])
	if !ok {
		return v, false
	}
	return at(field, strings.TrimPrefix(path[end:], "."))
}

// detailNames are the properties that SubjectDetails has without tags.
var detailNames = map[string]string{"personById": "ByIdentifier", "personByFpWithId": "WithNumber", "personByFpNoId": "NoNumber", "entityByFp": "Entity"}

func fieldByTag(v reflect.Value, name string) (reflect.Value, bool) {
	if v.Kind() != reflect.Struct {
		return v, false
	}
	if v.Type() == reflect.TypeFor[SubjectDetails]() {
		f := v.FieldByName(detailNames[name])
		return f, f.IsValid()
	}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return v.FieldByIndex(f.Index), true
		}
	}
	return v, false
}

// tryWith makes a call with a changed request; it returns the field that was
// refused, or what was sent.
func tryWith(t *testing.T, op operation, request any) (field string, body string) {
	t.Helper()
	c := &canned{status: 400}
	_, err := op.call(t.Context(), c.account(t), request)
	if f, ok := errors.AsType[*FieldError](err); ok {
		if len(c.seen) > 0 || !errors.Is(err, ErrInvalidArgument) || f.Remedy == "" || f.Rule == "" {
			t.Errorf("refused after %d calls: %#v", len(c.seen), f)
		}
		return f.Field, ""
	}
	if len(c.bodies) == 0 {
		t.Fatalf("neither refused nor sent: %v", err)
	}
	return "", c.bodies[0]
}

var subscript = regexp.MustCompile(`\[\d+\]`)

// names reports whether a refusal names the property, what it is in, or what
// is in it.
func names(field, path string) bool {
	field = subscript.ReplaceAllString(field, "[]")
	in := func(a, b string) bool { return strings.HasPrefix(a, b+".") || strings.HasPrefix(a, b+"[") }
	return field != "" && (field == path || in(path, field) || in(field, path))
}

// eachRequestProperty calls f for every request property of every sample that
// has it; sample makes a fresh one.
func eachRequestProperty(t *testing.T, f func(t *testing.T, op operation, p property, sample func() (request any, v reflect.Value))) int {
	t.Helper()
	facts, found := propertyFacts(t), 0
	for i, op := range operations() {
		for _, p := range of(facts, op.op, ">") {
			for j := range op.samples {
				fresh := func() (any, reflect.Value) {
					request := operations()[i].samples[j]
					v, ok := at(reflect.ValueOf(request).Elem(), p.path[1:])
					if !ok {
						return request, reflect.Value{}
					}
					return request, v
				}
				if _, v := fresh(); v.IsValid() {
					found++
					f(t, op, p, fresh)
				}
			}
		}
	}
	return found
}

// sentAnyway are optional properties that are sent with their default value.
var sentAnyway = map[string]bool{
	"POST /sessions/online/{referenceNumber}/invoices >offlineMode": true,
	"POST /sessions/batch >offlineMode":                             true,
	"POST /invoices/exports >onlyMetadata":                          true,
	"POST /permissions/entities/grants >permissions[].canDelegate":  true,
}

// together are optional properties that another one in the sample demands.
var together = map[string]bool{
	"POST /permissions/subunits/grants >subunitName":                  true, // with an InternalId
	"POST /permissions/query/persons/grants >targetIdentifier.value":  true, // with a Nip
	"POST /permissions/query/persons/grants >authorIdentifier.value":  true,
	"POST /permissions/query/personal/grants >targetIdentifier.value": true,
	"POST /permissions/indirect/grants >targetIdentifier.value":       true,
	"POST /testdata/context/block >contextIdentifier":                 true, // there is nothing else to say
	"POST /testdata/context/unblock >contextIdentifier":               true,
}

// TestRequiredAndOptional empties every property of every request: a required
// one has to be refused here or sent all the same, an optional one left out.
func TestRequiredAndOptional(t *testing.T) {
	n := eachRequestProperty(t, func(t *testing.T, op operation, p property, sample func() (any, reflect.Value)) {
		request, v := sample()
		v.SetZero()
		field, body := tryWith(t, op, request)
		sent := map[string]bool{}
		if body != "" {
			leaves(t, body, sent)
		}
		inside := sent[strings.TrimPrefix(p.parent(), ">")] || !strings.Contains(p.path, ".")
		switch {
		case p.need && !names(field, p.path[1:]) && !(body != "" && (sent[p.path[1:]] || !inside)):
			t.Errorf("%s is required: refused %q, sent %s", p.key(), field, body)
		case !p.need && field != "" && !together[p.key()] && !isDetail(p):
			t.Errorf("%s is optional and refused when missing: %s", p.key(), field)
		case !p.need && sent[p.path[1:]] && !sentAnyway[p.key()]:
			t.Errorf("%s is optional and sent empty", p.key())
		}
	})
	t.Logf("%d properties emptied", n)
}

// isDetail reports one of the ways to describe somebody: one is required.
func isDetail(p property) bool {
	return strings.Contains(p.path, "subjectDetails.") && strings.Count(p.path, ".") == 1
}

// TestLimitsAreCheckedBeforeSending breaks every length, count, number, form
// and set of values of the contract in every request.
func TestLimitsAreCheckedBeforeSending(t *testing.T) {
	broken := 0
	eachRequestProperty(t, func(t *testing.T, op operation, p property, sample func() (any, reflect.Value)) {
		_, v := sample()
		for _, bad := range violations(p, v) {
			request, v := sample()
			v.Set(bad)
			broken++
			if field, body := tryWith(t, op, request); !names(field, p.path[1:]) {
				t.Errorf("%s (%s): refused %q, sent %s", p.key(), p.rule, field, body)
			}
		}
	})
	t.Logf("%d violations refused", broken)
}

// violations are values that break the rule of a property.
func violations(p property, v reflect.Value) []reflect.Value {
	var bad []reflect.Value
	typ := v.Type()
	pointer := typ.Kind() == reflect.Pointer
	if pointer {
		typ = typ.Elem()
	}
	add := func(x any) {
		value := reflect.ValueOf(x).Convert(typ)
		if pointer {
			box := reflect.New(typ)
			box.Elem().Set(value)
			value = box
		}
		bad = append(bad, value)
	}
	if least, most, ok := p.limits("length"); ok {
		switch {
		case typ.Kind() == reflect.Slice: // bytes, 44 characters in Base64
			add(make([]byte, 31))
		default:
			if most > 0 {
				add(strings.Repeat("9", int(most)+1))
			}
			if least > 1 {
				add(strings.Repeat("9", int(least)-1))
			}
		}
	}
	if least, most, ok := p.limits("items"); ok && typ.Kind() == reflect.Slice {
		many := reflect.MakeSlice(typ, 0, int(most)+1)
		for range most + 1 {
			many = reflect.Append(many, v.Index(0))
		}
		bad = append(bad, many)
		if least > 0 {
			bad = append(bad, reflect.Zero(typ))
		}
	}
	if least, most, ok := p.limits("value"); ok && typ.Kind() != reflect.Slice {
		if least >= 0 {
			add(least - 1)
		}
		if most >= 0 {
			add(most + 1)
		}
	}
	if strings.Contains(p.rule, "form") || p.values() != nil {
		add("!nonsense!")
	}
	return bad
}
