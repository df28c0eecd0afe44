package faktupro

import (
	"bytes"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
)

var (
	mutants    = flag.Int("mutants", 4_000, "invoices that TestMutatedSamples makes of the samples")
	mutantSeed = flag.Uint64("mutantseed", 1, "where its choices start")
)

// TestMutatedSamples mixes the samples: values are left out, or come from other
// samples. What Validate lets pass is valid by the schema and reads as the same
// document again; what it does not even warn of has no error by the rules about
// meaning.
func TestMutatedSamples(t *testing.T) {
	t.Parallel()
	m := newMixer(t)
	passed, clean := 0, 0
	for range *mutants {
		data := m.mutant(t)
		inv, problems := DecodeAndValidate(data, ValidateOptions{Now: lastCreated})
		if problems.Err() != nil {
			continue
		}
		passed++
		document := unchanged(t, inv, data)
		if len(problems.Warnings()) > 1 { // one says that the date of issue is past
			continue
		}
		clean++
		if errs, _ := grave(document, inv); len(errs) > 0 {
			t.Fatalf("Validate says nothing, the document has %v\n%s", errs, data)
		}
	}
	if passed < *mutants/3 || clean < *mutants/6 {
		t.Errorf("of %d mutants %d are accepted, %d without a warning: too few", *mutants, passed, clean)
	}
}

// unchanged takes an accepted invoice to FA(3) and back.
func unchanged(t *testing.T, inv *Invoice, data []byte) []byte {
	t.Helper()
	document, err := EncodeFA3(inv, lastCreated)
	if err != nil {
		t.Fatalf("refused after Validate let it pass: %v\n%s", err, data)
	}
	if !validate.Valid(document, formal) {
		t.Fatalf("not valid by the schema: %s\n%s", document, data)
	}
	read, err := fa3.Unmarshal(document)
	if err != nil {
		t.Fatalf("fa3.Unmarshal: %v\n%s", err, document)
	}
	back, err := FromFA3(read)
	if err != nil {
		t.Fatalf("FromFA3: %v\n%s", err, data)
	}
	again, err := EncodeFA3(back, lastCreated)
	if err != nil || !bytes.Equal(document, again) {
		t.Fatalf("the document changed (%v):\n%s\n%s", err, cmp.Diff(string(document), string(again)), data)
	}
	return document
}

// mixer makes invoices of the samples.
type mixer struct {
	random *rand.Rand
	texts  [][]byte
	values map[string][]any // that samples have, by place
	names  map[string][]string
}

func newMixer(t *testing.T) *mixer {
	t.Helper()
	m := &mixer{random: rand.New(rand.NewPCG(*mutantSeed, 0)), values: map[string][]any{}, names: map[string][]string{}}
	for _, s := range samples(t) {
		if len(s.json) < 8192 { // longer ones take long
			m.texts = append(m.texts, s.json)
			m.collect("", parsed(t, s.json))
		}
	}
	for _, names := range m.names {
		slices.Sort(names)
	}
	for _, values := range m.values {
		slices.SortFunc(values, func(a, b any) int { return bytes.Compare(spelt(a), spelt(b)) })
	}
	return m
}

func parsed(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// spelt is a value as JSON.
func spelt(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it came from JSON
	}
	return text
}

// collect lists the values at and below a place.
func (m *mixer) collect(place string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			below := place + "." + name
			if m.values[below] == nil {
				m.names[place] = append(m.names[place], name)
			}
			m.values[below] = append(m.values[below], value)
			m.collect(below, value)
		}
	case []any:
		for _, value := range v {
			m.collect(place+"[]", value)
		}
	}
}

// mutant is a sample with up to four changes.
func (m *mixer) mutant(t *testing.T) []byte {
	t.Helper()
	v := parsed(t, m.texts[m.random.IntN(len(m.texts))])
	for range 1 + m.random.IntN(4) {
		m.change(t, "", v)
	}
	return spelt(v)
}

// change leaves a value at or below a place out, or takes it from another sample.
func (m *mixer) change(t *testing.T, place string, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		names := m.names[place]
		name := names[m.random.IntN(len(names))]
		below := place + "." + name
		old, has := v[name]
		_, simple := old.(string)
		switch {
		case has && !simple && m.random.IntN(4) > 0:
			m.change(t, below, old)
		case has && m.random.IntN(3) == 0:
			delete(v, name)
		default:
			other := m.values[below]
			v[name] = parsed(t, spelt(other[m.random.IntN(len(other))]))
		}
	case []any:
		if len(v) > 0 {
			m.change(t, place+"[]", v[m.random.IntN(len(v))])
		}
	}
}
