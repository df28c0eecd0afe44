package ksef

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The tests here compose answers from the table of properties: every property
// once, each leaf with a value of its own. A property that is read changes what
// a call returns.

// composer makes answers of one operation.
type composer struct {
	t       *testing.T
	facts   []property
	special map[string]any // values that the client checks
	leaves  []string       // paths of all leaves, filled by compose
	without func(p property) bool
	changed string // a leaf with another value
	extra   bool   // with members that nobody knows
	nulls   bool   // null for what is left out
}

func (c *composer) compose(path string, at int) any {
	children := c.children(path)
	if items, ok := c.fact(path + "[]"); ok {
		if c.left(items) {
			return []any{}
		}
		return []any{c.compose(path+"[]", at)}
	}
	if len(children) == 0 && path != "<" {
		return c.leaf(path, at)
	}
	object := map[string]any{}
	for i, p := range children {
		name := p.path[strings.LastIndexAny(p.path, ".<")+1:]
		if !c.left(p) {
			object[name] = c.compose(p.path, at*20+i+1)
		} else if c.nulls {
			object[name] = nil
		}
	}
	if c.extra {
		object["addedLater"] = map[string]any{"ignored": []int{1}}
	}
	return object
}

func (c *composer) left(p property) bool { return c.without != nil && c.without(p) }

func (c *composer) fact(path string) (property, bool) {
	i := slices.IndexFunc(c.facts, func(p property) bool { return p.path == path })
	if i < 0 {
		return property{}, false
	}
	return c.facts[i], true
}

func (c *composer) children(path string) []property {
	var list []property
	for _, p := range c.facts {
		rest, ok := strings.CutPrefix(p.path, path)
		if path != "<" {
			rest, ok = strings.CutPrefix(rest, ".")
		}
		if ok && rest != "" && !strings.ContainsAny(rest, ".[") {
			list = append(list, p)
		}
	}
	return list
}

func (c *composer) leaf(path string, at int) any {
	p, _ := c.fact(path)
	if v, ok := c.special[path]; ok {
		return v
	}
	c.leaves = append(c.leaves, path)
	n := at
	if path == c.changed {
		n += 7
	}
	day := time.Date(2026, 1, 1, 2, 3, 4, 5_000_000, time.UTC).Add(time.Duration(n) * time.Hour * 5)
	switch p.kind {
	case "time":
		return day.Format("2006-01-02T15:04:05.0000000-07:00")
	case "date":
		return day.AddDate(0, 0, n).Format("2006-01-02")
	case "integer":
		return 1000 + n
	case "number":
		return json.Number(strconv.Itoa(n) + ".25")
	case "boolean":
		return path != c.changed
	case "map":
		return map[string]any{"name" + strconv.Itoa(n): "value"}
	case "bytes":
		return base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("%032d", n)))
	}
	if values := p.values(); values != nil && path != c.changed {
		return values[0]
	}
	return "text" + strconv.Itoa(n) // also a value that an enumeration does not have yet
}

// specials are values of answers that the client compares or follows.
func specials(t *testing.T, op string) map[string]any {
	t.Helper()
	m := map[string]any{"<continuationToken": nil, "<hasMore": false}
	cert := newServerKey(t, rsaKey(), 0x1F20A5D352AE590, sampleTime, sampleTime.AddDate(2, 0, 0)).cert
	switch op {
	case "GET /security/public-key-certificates":
		m["<[].certificate"], m["<[].certificateId"] = cert.Raw, hashBase64(cert.Raw)
		m["<[].publicKeyId"] = hashBase64(cert.RawSubjectPublicKeyInfo)
	case "POST /certificates/retrieve":
		m["<certificates[].certificate"], m["<certificates[].certificateSerialNumber"] = cert.Raw, string(SerialOf(cert))
	case "POST /invoices/query/metadata":
		delete(m, "<hasMore")
	case "GET /invoices/exports/{referenceNumber}":
		m["<package.compressionType"] = "Zip" // the one outside counts
	}
	return m
}

// answered makes the call on a server that answers with v.
func answered(t *testing.T, op operation, success string, v any) (any, error) {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	status, err := strconv.Atoi(success)
	if err != nil {
		t.Fatal(err)
	}
	c := &canned{status: status, body: string(body)}
	return op.call(t.Context(), c.account(t), samplesOf(op)[0])
}

// TestEveryAnswerPropertyIsRead changes the properties of every answer one by
// one: each time the call has to return something else.
func TestEveryAnswerPropertyIsRead(t *testing.T) {
	facts, ops, total := propertyFacts(t), operations(), 0
	for _, f := range operationFacts(t) {
		op := ops[slices.IndexFunc(ops, func(o operation) bool { return o.op == f.op })]
		if op.answer == nil {
			continue
		}
		t.Run(op.op, func(t *testing.T) {
			base := composer{t: t, facts: of(facts, op.op, "<"), special: specials(t, op.op)}
			first, err := answered(t, op, f.success, base.compose("<", 1))
			if err != nil {
				t.Fatal(err)
			}
			for _, leaf := range base.leaves {
				c := composer{t: t, facts: base.facts, special: base.special, changed: leaf}
				second, err := answered(t, op, f.success, c.compose("<", 1))
				if err != nil || reflect.DeepEqual(first, second) {
					t.Errorf("%s makes no difference: %v", leaf, err)
				}
			}
			total += len(base.leaves)
			c := composer{t: t, facts: base.facts, special: base.special, extra: true}
			if second, err := answered(t, op, f.success, c.compose("<", 1)); err != nil || !reflect.DeepEqual(first, second) {
				t.Errorf("members added later make a difference: %v", err)
			}
		})
	}
	t.Logf("%d properties changed", total)
}

// TestAnswersOfOlderServers leaves out, or sets to null, what is optional.
func TestAnswersOfOlderServers(t *testing.T) {
	facts, ops := propertyFacts(t), operations()
	for _, f := range operationFacts(t) {
		op := ops[slices.IndexFunc(ops, func(o operation) bool { return o.op == f.op })]
		if op.answer == nil {
			continue
		}
		t.Run(op.op, func(t *testing.T) {
			var results [2]any
			for i := range results {
				c := composer{t: t, facts: of(facts, op.op, "<"), special: specials(t, op.op), nulls: i == 1, without: func(p property) bool { return !p.need }}
				var err error
				if results[i], err = answered(t, op, f.success, c.compose("<", 1)); err != nil {
					t.Errorf("nulls %v: %v", c.nulls, err)
				}
			}
			if !reflect.DeepEqual(results[0], results[1]) {
				t.Errorf("null is not the same as absent:\n%+v\n%+v", results[0], results[1])
			}
		})
	}
}

// TestAnswersWithoutWhatMattersAreRefused: an answer that is empty although the
// contract promises more is no success.
func TestAnswersWithoutWhatMattersAreRefused(t *testing.T) {
	tolerant := []string{ // nothing in these answers is needed to go on
		"GET /limits/context", "GET /limits/subject", "GET /rate-limits", "GET /certificates/limits", "GET /certificates/enrollments/data",
		"GET /permissions/attachments/status", "GET /sessions", "GET /sessions/{referenceNumber}/invoices", "GET /sessions/{referenceNumber}/invoices/failed",
		"GET /tokens", "GET /auth/sessions", "POST /certificates/retrieve", "GET /peppol/query",
	}
	ops := operations()
	for _, f := range operationFacts(t) {
		op := ops[slices.IndexFunc(ops, func(o operation) bool { return o.op == f.op })]
		list := strings.Contains(op.op, "/query") || strings.Contains(op.op, "/collective-identifiers/")
		if op.answer == nil || list || slices.Contains(tolerant, op.op) {
			continue
		}
		v := any(map[string]any{})
		if reflect.TypeOf(op.answer).Kind() == reflect.Slice {
			v = []any{map[string]any{}}
		}
		if got, err := answered(t, op, f.success, v); err == nil {
			t.Errorf("%s takes an empty answer: %+v", op.op, got)
		}
	}
}
