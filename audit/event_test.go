package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(readAll(t, path)), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// fullDetails has a valid value for every shape.
func fullDetails(shapes map[string]Shape) map[string]string {
	samples := map[Shape]string{
		ShapeID: "0199f3c2-7b1a-7c3e-9d52-51c0aa7be001", ShapeCode: "sandbox", ShapeNumber: "200",
		ShapeSHA256:    strings.Repeat("0f", 32),
		ShapeReference: "20261122-SO-2F67776000-A1B2C3D4E5-06",
		ShapeKSeF:      "1234563218-20260307-00A1B2C3D4E5-7C",
		ShapeSeries:    "Sprzedaż krajowa {n}/2026",
	}
	m := map[string]string{}
	for key, shape := range shapes {
		m[key] = samples[shape]
	}
	return m
}

// TestStandardCatalogue records one event of every type with every detail; the
// golden file shows all stored forms.
func TestStandardCatalogue(t *testing.T) {
	l := testOpen(t, Config{Store: NewMemoryStore()})
	for i, name := range Standard().Types() {
		ev := testEvent(fmt.Sprintf("ev-%d", i))
		ev.Type, ev.Time = name, testTime
		ev.Details = fullDetails(Standard()[name].Details)
		mustAppend(t, l, ev)
	}
	mustAppend(t, l, Event{ID: "least", Type: TypeSystemStarted})
	var out bytes.Buffer
	for e, err := range l.Entries(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(e.Bytes()) {
			t.Errorf("not JSON: %s", e.Bytes())
		}
		js, err := json.Marshal(e)
		if err != nil || !bytes.Equal(js, e.Bytes()) {
			t.Errorf("json.Marshal = %s, %v; want the stored bytes", js, err)
		}
		out.Write(append(e.Bytes(), '\n'))
	}
	golden(t, "entries.jsonl", out.Bytes())
}

// TestEntryRoundTrip compares what went in with what comes out.
func TestEntryRoundTrip(t *testing.T) {
	l := testOpen(t, Config{Store: NewMemoryStore()})
	in := testEvent("a")
	in.Time = time.Date(2026, 3, 1, 1, 2, 3, 987654321, time.FixedZone("CET", 3600))
	in.Outcome = OutcomeUnknown
	mustAppend(t, l, in)
	got, err := l.Entry(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	want := in
	want.Time = time.Date(2026, 3, 1, 0, 2, 3, 987654000, time.UTC)
	want.Category = CategoryBusiness
	if diff := cmp.Diff(want, got.Event); diff != "" {
		t.Error(diff)
	}
	if got.LeafHash() != l.tree.root() || l.Origin() != "example.com/audit" {
		t.Errorf("leaf hash %v is not the root of a log of one entry", got.LeafHash())
	}
	if _, err := l.Entry(t.Context(), 1); !errors.Is(err, ErrNotFound) {
		t.Errorf("entry behind the end: %v, want ErrNotFound", err)
	}
	if _, ok, err := l.Find(t.Context(), "b"); ok || err != nil {
		t.Errorf("unknown ID: %v, %v", ok, err)
	}
}

func TestCheckRefuses(t *testing.T) {
	long := strings.Repeat("x", 129)
	many := map[string]string{}
	for i := range 33 {
		many[fmt.Sprintf("k%d", i)] = "1"
	}
	for _, test := range []struct {
		name   string
		change func(*Event)
		field  string
	}{
		{"no ID", func(e *Event) { e.ID = "" }, "ID"},
		{"long ID", func(e *Event) { e.ID = long }, "ID"},
		{"quote in ID", func(e *Event) { e.ID = `a"b` }, "ID"},
		{"newline in ID", func(e *Event) { e.ID = "a\nb" }, "ID"},
		{"letter outside ASCII in ID", func(e *Event) { e.ID = "żółw" }, "ID"},
		{"NIP as ID", func(e *Event) { e.ID = "1234563218" }, "ID"},
		{"no type", func(e *Event) { e.Type = "" }, "Type"},
		{"unknown type", func(e *Event) { e.Type = "invoice.eaten" }, "Type"},
		{"wrong category", func(e *Event) { e.Category = CategorySystem }, "Category"},
		{"unknown outcome", func(e *Event) { e.Outcome = "perhaps" }, "Outcome"},
		{"unknown actor", func(e *Event) { e.Actor.Kind = "ghost" }, "Actor.Kind"},
		{"name as actor", func(e *Event) { e.Actor.ID = "Jan Kowalski" }, "Actor.ID"},
		{"e-mail as actor", func(e *Event) { e.Actor.ID = "jan@example.com" }, "Actor.ID"},
		{"PESEL as actor", func(e *Event) { e.Actor.ID = "44051401359" }, "Actor.ID"},
		{"object without kind", func(e *Event) { e.Object = Object{ID: "x"} }, "Object.Kind"},
		{"object without ID", func(e *Event) { e.Object = Object{Kind: "invoice"} }, "Object.ID"},
		{"object kind in capitals", func(e *Event) { e.Object.Kind = "Invoice" }, "Object.Kind"},
		{"NIP as object", func(e *Event) { e.Object = Object{"seller", "123-456-32-18"} }, "Object.ID"},
		{"account as object", func(e *Event) { e.Object = Object{"account", "PL56123456780000000000000042"} }, "Object.ID"},
		{"blank in request", func(e *Event) { e.Request = "a b" }, "Request"},
		{"year 10000", func(e *Event) { e.Time = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, "Time"},
		{"year 1", func(e *Event) { e.Time = time.Unix(-1, 0) }, "Time"},
		{"too many details", func(e *Event) { e.Details = many }, "Details"},
		{"unknown detail", func(e *Event) { e.Details = map[string]string{"buyer": "x"} }, "Details[buyer]"},
		{"unprintable key", func(e *Event) { e.Details = map[string]string{"a\"b": "x"} }, "Details"},
		{"free text", func(e *Event) { e.Details = map[string]string{DetailCode: "no such buyer"} }, "Details[code]"},
		{"empty value", func(e *Event) { e.Details = map[string]string{DetailStatus: ""} }, "Details[status]"},
		{"control character", func(e *Event) { e.Details = map[string]string{DetailSeries: "FV\x00"} }, "Details[series]"},
		{"line separator", func(e *Event) { e.Details = map[string]string{DetailSeries: "FV\u2028"} }, "Details[series]"},
		{"bad UTF-8", func(e *Event) { e.Details = map[string]string{DetailSeries: "FV\xff"} }, "Details[series]"},
		{"quote in series", func(e *Event) { e.Details = map[string]string{DetailSeries: `"`} }, "Details[series]"},
		{"NIP as series", func(e *Event) { e.Details = map[string]string{DetailSeries: "PL 123 456 32 18"} }, "Details[series]"},
		{"NIP as status", func(e *Event) { e.Details = map[string]string{DetailStatus: "1234563218"} }, "Details[status]"},
		{"short hash", func(e *Event) { e.Details = map[string]string{DetailSHA256: "00ff"} }, "Details[sha256]"},
		{"hash in capitals", func(e *Event) { e.Details = map[string]string{DetailSHA256: strings.Repeat("AB", 32)} }, "Details[sha256]"},
		{"long reference", func(e *Event) { e.Details = map[string]string{DetailSession: long} }, "Details[session]"},
		{"NIP as KSeF number", func(e *Event) { e.Details = map[string]string{DetailKSeFNumber: "1234563218"} }, "Details[ksef_number]"},
	} {
		ev := testEvent("a")
		test.change(&ev)
		err := Standard().Check(ev)
		var refused *EventError
		if !errors.As(err, &refused) || !errors.Is(err, ErrInvalidEvent) {
			t.Errorf("%s: %v, want an *EventError", test.name, err)
			continue
		}
		if refused.Field != test.field || refused.Remedy == "" {
			t.Errorf("%s: field %q, remedy %q; want %q", test.name, refused.Field, refused.Remedy, test.field)
		}
		l := testOpen(t, Config{Store: NewMemoryStore()})
		if _, err := l.Append(t.Context(), testEvent("good"), ev); !errors.Is(err, ErrInvalidEvent) || l.Size() != 0 {
			t.Errorf("%s: Append: %v, %d entries stored", test.name, err, l.Size())
		}
	}
}

// TestOwnCatalogue extends the catalogue.
func TestOwnCatalogue(t *testing.T) {
	c := Standard()
	c["backup.done"] = EventType{CategorySystem, map[string]Shape{"bytes": ShapeNumber, "odd": 99}}
	l := testOpen(t, Config{Store: NewMemoryStore(), Catalogue: c})
	ev := Event{ID: "b1", Type: "backup.done", Details: map[string]string{"bytes": "12"}}
	mustAppend(t, l, ev)
	if err := Standard().Check(ev); !errors.Is(err, ErrInvalidEvent) {
		t.Errorf("the standard catalogue was changed: %v", err)
	}
	ev.Details = map[string]string{"odd": "1"}
	if err := c.Check(ev); !errors.Is(err, ErrInvalidEvent) {
		t.Errorf("a shape that does not exist: %v", err)
	}
	a, b := Standard(), Standard()
	a[TypeInvoiceSent].Details["x"] = ShapeID
	if maps.Equal(a[TypeInvoiceSent].Details, b[TypeInvoiceSent].Details) || maps.Equal(a[TypeInvoiceSent].Details, a[TypeInvoiceSealed].Details) {
		t.Error("catalogues or types share their details")
	}
	if !slices.IsSorted(a.Types()) || len(a.Types()) != 20 {
		t.Errorf("types: %v", a.Types())
	}
}

// TestEntryTooLong: a catalogue may allow more than an entry holds.
func TestEntryTooLong(t *testing.T) {
	if MaxEntry < 32*(64+64+6)+4*128+600 {
		t.Error("the largest event of any catalogue does not fit")
	}
	l := testOpen(t, Config{Store: NewMemoryStore()})
	if _, err := l.Append(t.Context(), testEvents("x", MaxBatch+1)...); !errors.Is(err, ErrInvalidEvent) {
		t.Errorf("too many events at once: %v", err)
	}
	mustAppend(t, l, testEvents("x", MaxBatch)...)
}

const goodEntry = `{"v":1,"seq":7,"id":"a","ts":"2026-11-22T10:20:30.123456Z","cat":"business","type":"invoice.sent","out":"ok","actor":{"k":"apikey","id":"k"},"obj":{"k":"invoice","id":"i"},"req":"r","d":{"series":"FV","status":"150"}}`

func TestParseEntryRefuses(t *testing.T) {
	if e, err := ParseEntry([]byte(goodEntry)); err != nil || e.Seq != 7 || e.Details["status"] != "150" {
		t.Fatalf("%+v, %v", e, err)
	}
	for _, change := range [][2]string{
		{`{"v":1`, `{"v":2`}, {`"seq":7`, `"seq":07`}, {`"seq":7`, `"seq":-7`}, {`"seq":7`, `"seq":"7"`}, {`"seq":7`, `"seq":`},
		{`"seq":7`, `"seq":9223372036854775808`}, {`"seq":7`, `"seq":99999999999999999999`}, {`"seq":7,`, `"seq": 7,`},
		{`"id":"a"`, `"id":""`}, {`"id":"a"`, `"id":"\u0061"`}, {`"id":"a"`, "\"id\":\"a\n\""}, {`"id":"a"`, "\"id\":\"\xff\""},
		{`.123456Z`, `.123456+00:00`}, {`.123456Z`, `.123Z`}, {`2026-11-22`, `2026-02-30`}, {`T10:`, `T24:`}, {`T10:`, `t10:`},
		{`"series":"FV","status":"150"`, `"status":"150","series":"FV"`}, {`"series":"FV","status":"150"`, `"a":"1","a":"2"`},
		{`"d":{"series":"FV","status":"150"}`, `"d":{}`}, {`"req":"r"`, `"req":""`}, {`"req":"r",`, `"req":"r","x":"y",`},
		{`"k":"invoice","id":"i"`, `"k":"invoice","id":""`}, {`"k":"apikey",`, ``}, {`"status":"150"`, `"status":150`},
		{`"150"}}`, `"150"}} `}, {`"150"}}`, `"150"}`}, {`"150"}}`, `"150"}}}`}, {`{"v"`, ` {"v"`}, {`"out":"ok",`, ``},
	} {
		text := strings.Replace(goodEntry, change[0], change[1], 1)
		if text == goodEntry {
			t.Fatalf("%q does not occur", change[0])
		}
		if e, err := ParseEntry([]byte(text)); err == nil {
			t.Errorf("%q for %q accepted: %+v", change[1], change[0], e)
		}
	}
	if _, err := ParseEntry(bytes.Repeat([]byte("x"), MaxEntry+1)); err == nil {
		t.Error("endless entry accepted")
	}
	for i := range goodEntry {
		if _, err := ParseEntry([]byte(goodEntry[:i])); err == nil {
			t.Errorf("entry cut at %d accepted", i)
		}
	}
}

// FuzzParseEntry: what is accepted is JSON and is exactly what would be written.
func FuzzParseEntry(f *testing.F) {
	f.Add([]byte(goodEntry))
	f.Add([]byte(`{"v":1,"seq":0,"id":"least","ts":"2026-11-22T10:20:30.000000Z","cat":"system","type":"system.started","out":"ok","actor":{"k":"system"}}`))
	f.Add([]byte(strings.Replace(goodEntry, "FV", "Ż \x7f\\", 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ParseEntry(data)
		if err != nil {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("accepted, but not JSON: %q", data)
		}
		again := appendEntry(nil, e.Seq, appendTail(nil, &e.Event))
		if !bytes.Equal(again, data) {
			t.Fatalf("accepted %q, would write %q", data, again)
		}
		seq, rest, ok := peekSeq(data)
		id, ok2 := peekID(rest)
		if !ok || !ok2 || seq != e.Seq || string(id) != e.ID {
			t.Fatalf("peek sees %d %q, parse %d %q", seq, id, e.Seq, e.ID)
		}
	})
}
