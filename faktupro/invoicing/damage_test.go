package invoicing_test

import (
	"errors"
	"testing"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// TestDamagedBytes: what is not what was sealed or received is not handed out
// as if it were.
func TestDamagedBytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	rec := p.issue(t, sample(t))
	p.finish(t, rec.ID)
	for name, tt := range map[string]struct {
		table string
		read  func() error
	}{
		"XML": {"faktupro_documents", func() error { _, err := p.XML(t.Context(), rec.ID); return err }},
		"UPO": {"faktupro_upos", func() error { _, err := p.UPO(t.Context(), rec.ID); return err }},
	} {
		if err := tt.read(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for damage, change := range map[string]string{
			"one byte more": "CAST(CAST(xml AS TEXT) || ' ' AS BLOB)", "no bytes": "x''",
		} {
			if _, err := p.db.Exec("UPDATE " + tt.table + " SET xml = " + change); err != nil {
				t.Fatal(err)
			}
			if err := tt.read(); !errors.Is(err, invoicing.ErrDamaged) {
				t.Errorf("%s, %s: %v", name, damage, err)
			}
		}
	}
}

// TestDamagedDocumentIsNotSent: nor does KSeF get it.
func TestDamagedDocumentIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ksefsim.Config{})
	p := w.start()
	rec := p.issue(t, sample(t))
	if _, err := p.db.Exec("UPDATE faktupro_documents SET xml = CAST(CAST(xml AS TEXT) || ' ' AS BLOB)"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Deliver(t.Context(), rec.ID); !errors.Is(err, invoicing.ErrDamaged) {
		t.Errorf("Deliver: %v", err)
	}
	w.acceptedOnce(0)
}
