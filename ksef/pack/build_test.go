package pack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func doc(name, content string) Document { return Document{Name: name, Content: []byte(content)} }

// bodied is one document with a new reader every time.
func bodied(content string, size int64) func(func(Document, error) bool) {
	return func(yield func(Document, error) bool) {
		yield(Document{Name: "a", Body: strings.NewReader(content), Size: size}, nil)
	}
}

func failing(err error) func(func(Document, error) bool) {
	return func(yield func(Document, error) bool) {
		_ = yield(doc("a", "1"), nil) && yield(Document{Name: "b"}, err)
	}
}

var errSupply = errors.New("supply")

// emptied fails unless a failed build left nothing in the store.
func emptied(t *testing.T, s *Memory) {
	t.Helper()
	if _, err := s.Manifest(); !errors.Is(err, ErrNoPackage) || s.parts != nil || s.busy {
		t.Errorf("store after the failure: %v, %d parts, busy %v", err, len(s.parts), s.busy)
	}
}

func TestBuildRefuses(t *testing.T) {
	long := strings.Repeat("ą", maxName)
	many := func(yield func(Document, error) bool) {
		for i := 0; yield(doc(fmt.Sprint(i), "x"), nil); i++ {
		}
	}
	tests := []struct {
		name   string
		docs   func(func(Document, error) bool)
		cfg    Config
		want   error
		number int // of the document to blame
	}{
		{"nothing", of(), Config{}, ErrEmptyPackage, 0},
		{"too many", many, Config{MaxDocuments: 20}, ErrTooManyDocuments, 0},
		{"too large", of(doc("a", "12"), doc("b", "1234")), Config{MaxDocument: 3}, ErrDocumentTooLarge, 2},
		{"too large body", bodied("1234", 0), Config{MaxDocument: 3}, ErrDocumentTooLarge, 1},
		{"endless body", of(Document{Name: "a", Body: endless{}}), Config{}, ErrDocumentTooLarge, 1},
		{"told too large", of(Document{Name: "a", Body: iotest.ErrReader(errSupply), Size: 4}), Config{MaxDocument: 3}, ErrDocumentTooLarge, 1},
		{"package too large", of(doc("a", "x")), Config{MaxPackage: 50}, ErrPackageTooLarge, 0},
		{"too many parts", newInvoices(1).source(20), Config{PartSize: 1000, MaxParts: 3}, ErrPackageTooLarge, 0},
		{"twice", of(doc("a", "1"), doc("b", "2"), doc("a", "3")), Config{}, ErrDuplicateName, 3},
		{"no name", of(doc("", "1")), Config{}, ErrBadName, 1},
		{"long name", of(doc(long, "1"), doc(long+"a", "1")), Config{}, ErrBadName, 2},
		{"up", of(doc("..", "1")), Config{}, ErrBadName, 1},
		{"directory", of(doc("a/b", "1")), Config{}, ErrBadName, 1},
		{"backslash", of(doc(`a\b`, "1")), Config{}, ErrBadName, 1},
		{"control", of(doc("a\nb", "1")), Config{}, ErrBadName, 1},
		{"not UTF-8", of(doc("a\xffb", "1")), Config{}, ErrBadName, 1},
		{"empty", of(doc("a", "")), Config{}, ErrEmptyDocument, 1},
		{"shrunk", bodied("1", 2), Config{}, ErrSizeMismatch, 1},
		{"grown", bodied("123", 2), Config{}, ErrSizeMismatch, 1},
		{"source", failing(errSupply), Config{}, ErrSource, 2},
		{"source's cause", failing(errSupply), Config{}, errSupply, 2},
		{"reader", of(Document{Name: "a", Body: iotest.ErrReader(errSupply)}), Config{}, ErrSource, 1},
		{"idle reader", of(Document{Name: "a", Body: idle{}}), Config{}, io.ErrNoProgress, 1},
		{"level", of(doc("a", "1")), Config{Level: 10}, ErrConfig, 0},
		{"negative", of(doc("a", "1")), Config{PartSize: -1}, ErrConfig, 0},
		{"huge documents", of(doc("a", "1")), Config{MaxDocument: 1 << 31}, ErrConfig, 0},
		{"form", of(doc("a", "1")), Config{Compression: 7}, ErrConfig, 0},
	}
	key := testKey(t)
	for _, tt := range tests {
		for _, form := range []Compression{Zip, TarGz} {
			t.Run(tt.name+" "+form.String(), func(t *testing.T) {
				var store Memory
				tt.cfg.Compression = max(form, tt.cfg.Compression)
				m, err := Build(t.Context(), key, tt.docs, &store, tt.cfg)
				if m != nil || !errors.Is(err, tt.want) {
					t.Fatalf("got %v, want %v", err, tt.want)
				}
				d, _ := errors.AsType[*DocumentError](err)
				if tt.number > 0 && (d == nil || d.Number != tt.number) || tt.number == 0 && d != nil {
					t.Errorf("document %+v, want number %d", d, tt.number)
				}
				emptied(t, &store)
			})
		}
	}
	if _, err := Build(t.Context(), Key{}, of(doc("a", "1")), new(Memory), Config{}); !errors.Is(err, ErrConfig) {
		t.Errorf("no key: %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestBuildIsCancelled(t *testing.T) {
	for _, form := range []Compression{Zip, TarGz} {
		ctx, cancel := context.WithCancel(t.Context())
		var store Memory
		v := newInvoices(1)
		docs := func(yield func(Document, error) bool) {
			for i := 0; yield(Document{Name: invoiceName(i), Content: v.next(i)}, nil); i++ {
				if i == 200 {
					cancel()
				}
			}
		}
		_, err := Build(ctx, testKey(t), docs, &store, Config{Compression: form, PartSize: 10_000})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v: %v", form, err)
		}
		emptied(t, &store)
	}
}

func TestBuildCleansUpAfterAPanic(t *testing.T) {
	var store Memory
	func() {
		defer func() {
			if r := recover(); r != "source" {
				t.Errorf("recovered %v", r)
			}
		}()
		_, _ = Build(t.Context(), testKey(t), func(yield func(Document, error) bool) {
			yield(doc("a", "1"), nil)
			panic("source")
		}, &store, Config{})
	}()
	emptied(t, &store)
}

func TestBuildReportsProgress(t *testing.T) {
	for _, form := range []Compression{Zip, TarGz} {
		var last Progress
		var calls int
		m, err := Build(t.Context(), testKey(t), newInvoices(1).source(500), new(discard), Config{
			Compression: form, PartSize: 100_000,
			Progress: func(p Progress) {
				if p.Documents < last.Documents || p.BytesIn < last.BytesIn || p.BytesOut < last.BytesOut || p.Parts < last.Parts {
					t.Errorf("%+v after %+v", p, last)
				}
				last, calls = p, calls+1
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		var in int64
		for _, d := range m.Documents {
			in += d.Size
		}
		want := Progress{500, in, m.Size, len(m.Parts)}
		if diff := cmp.Diff(want, last); diff != "" || calls < 5 {
			t.Errorf("%v: %d calls\n%s", form, calls, diff)
		}
	}
}

// The store is left alone when it already holds a package, and the first
// package stays.
func TestBuildDoesNotOverwrite(t *testing.T) {
	var store Memory
	key := testKey(t)
	first, err := Build(t.Context(), key, of(doc("a", "1")), &store, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Build(t.Context(), key, of(doc("b", "2")), &store, Config{}); !errors.Is(err, ErrComplete) {
		t.Fatal(err)
	}
	if m, err := store.Manifest(); m != first || err != nil {
		t.Fatal(m, err)
	}
}

func TestFiles(t *testing.T) {
	fsys := fstest.MapFS{
		"b.xml": {Data: []byte("2")}, "a.xml": {Data: []byte("1")}, "readme.txt": {Data: []byte("no")}, "deep/c.xml": {Data: []byte("no")},
	}
	var got []file
	for d, err := range Files(fsys, "") {
		content, _ := io.ReadAll(d.Body)
		if err != nil || d.Size != int64(len(content)) {
			t.Fatal(err, d.Size)
		}
		got = append(got, file{d.Name, string(content)})
	}
	if diff := cmp.Diff([]file{{"a.xml", "1"}, {"b.xml", "2"}}, got); diff != "" {
		t.Error(diff)
	}
	for range Files(fsys, "") {
		break // stops without complaint
	}
	for pattern, want := range map[string]error{"d*": ErrNotRegular, "[": ErrConfig} {
		_, err := Build(t.Context(), testKey(t), Files(fsys, pattern), new(Memory), Config{})
		if !errors.Is(err, want) || !errors.Is(err, ErrSource) {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}

// Errors and keys keep to themselves what they must not tell.
func TestNothingPrivateIsPrinted(t *testing.T) {
	key, err := KeyOf(bytes.Repeat([]byte("K"), 32), bytes.Repeat([]byte("I"), 16))
	if err != nil {
		t.Fatal(err)
	}
	_, docErr := Build(t.Context(), key, of(doc("Jan Kowalski.xml", "")), new(Memory), Config{})
	fsys := fstest.MapFS{"Jan Kowalski.xml": {Data: []byte("1")}}
	_, pathErr := Build(t.Context(), key, func(yield func(Document, error) bool) {
		_, err := fsys.Open("Jan Kowalski")
		yield(Document{Name: "Kowalski"}, err)
	}, new(Memory), Config{})
	holder := struct{ Key Key }{key}
	for _, v := range []any{key, &key, holder, docErr, pathErr} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
			text := fmt.Sprintf(verb, v)
			for _, private := range []string{"Kowalski", "KKKK", "75, 75", "75 75", "4b4b"} {
				if _, isErr := v.(error); isErr && !slices.Contains([]string{"%v", "%+v", "%s"}, verb) {
					continue // other verbs print the innards of any error
				}
				if strings.Contains(text, private) {
					t.Errorf("%s of %T: %s", verb, v, text)
				}
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("built", "key", key, "holder", holder)
	stored, err := json.Marshal(holder)
	if err != nil || strings.Contains(log.String()+string(stored)+key.String(), "KKKK") || !strings.Contains(log.String(), masked) {
		t.Errorf("%s%s%v", log.String(), stored, err)
	}
	if (Key{}).Reveal() != nil || (Key{}).IV() != nil {
		t.Error("no key has bytes")
	}
	if !bytes.Equal(key.Reveal(), bytes.Repeat([]byte("K"), 32)) || !bytes.Equal(key.IV(), bytes.Repeat([]byte("I"), 16)) {
		t.Error("a key does not give back what it was made of")
	}
}

func TestCompressionText(t *testing.T) {
	for form, want := range map[Compression]string{Zip: "Zip", TarGz: "TarGz"} {
		text, err := form.MarshalText()
		var back Compression
		if err := errors.Join(err, back.UnmarshalText(text)); err != nil || string(text) != want || back != form {
			t.Errorf("%s %v %v", text, back, err)
		}
	}
	var c Compression
	if err := c.UnmarshalText([]byte("zip")); !errors.Is(err, ErrConfig) {
		t.Error(err)
	}
	if _, err := Compression(9).MarshalText(); !errors.Is(err, ErrConfig) || Compression(9).String() != "Compression(9)" {
		t.Error(err)
	}
}
