package validate

import (
	"bytes"
	"errors"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/google/go-cmp/cmp"
)

// TestInvoicesAreReadWhole makes documents of the tables of both versions of the
// invoice, reads them into the model and writes them again: byte for byte the
// same.
func TestInvoicesAreReadWhole(t *testing.T) {
	t.Parallel()
	for kind, schema := range tables(t) {
		if kind != FA3 && kind != FA2 {
			continue
		}
		for i, n := range generated(schema, 1500) {
			doc := n.append(nil, schema.Namespace)
			f, err := fa3.UnmarshalAny(doc)
			if err != nil {
				t.Errorf("%s document %d: %v", kind, i, err)
				continue
			}
			_, written, _ := bytes.Cut(f.AppendXML(nil), []byte("?>"))
			if diff := cmp.Diff(string(doc), string(written)); diff != "" {
				t.Errorf("%s document %d: %s", kind, i, diff)
			}
		}
	}
}

// TestFA2BecomesFA3: what fa3.FromFA2 makes of the valid FA(2) documents found in
// public is a valid FA(3), once it has a date of production of its own.
func TestFA2BecomesFA3(t *testing.T) {
	t.Parallel()
	made, open := 0, 0
	for _, d := range corpus(t) {
		if d.Kind != string(FA2) || !d.Valid {
			continue
		}
		before, err := fa3.UnmarshalAny(d.doc)
		if err != nil {
			t.Errorf("%s: %v", d.File, err)
			continue
		}
		if r := Document(before.AppendXML(nil), fileAndSchema); r.Kind != FA2 || !r.Valid() {
			t.Errorf("%s: written again: %s", d.File, first(r))
		}
		f, err := fa3.FromFA2(before)
		if err != nil {
			var undecided *fa3.ConversionError
			if !errors.As(err, &undecided) || len(undecided.Paths) == 0 {
				t.Errorf("%s: %v", d.File, err)
			}
			t.Logf("%s: %v", d.File, err)
			open++
			continue
		}
		f.Naglowek.DataWytworzeniaFa = "2026-02-01T10:30:00Z"
		doc, err := fa3.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if r := Document(doc, fileAndSchema); r.Kind != FA3 || !r.Valid() {
			t.Errorf("%s: %s", d.File, first(r))
		}
		made++
	}
	t.Logf("%d became FA(3), %d leave something open", made, open)
}
