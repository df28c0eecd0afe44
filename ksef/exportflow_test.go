package ksef_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

func exportOrder() ksef.ExportOrder {
	return ksef.ExportOrder{Filter: ksef.InvoiceFilter{
		Role:  ksef.AsBuyer,
		Dates: ksef.DateRange{Type: ksef.ByPermanentStorage, From: time.Now().Add(-time.Hour), RestrictToHWM: true},
	}}
}

// small makes packages of many parts.
var small = ksefsim.Config{Exports: ksefsim.ExportLimits{PartSize: 700}}

func begin(t *testing.T, w *syncWorld, order ksef.ExportOrder) *ksef.Export {
	t.Helper()
	e, err := w.office.Export(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// arrived compares what came with what KSeF accepted.
func arrived(t *testing.T, w *syncWorld, e *ksef.Export) {
	t.Helper()
	got := map[string][]byte{}
	for inv, err := range e.Invoices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got[inv.Metadata.InvoiceNumber] = inv.XML
	}
	for _, want := range w.sim.Accepted() {
		if !bytes.Equal(got[want.Number], want.XML) {
			t.Errorf("invoice %s is not as it was sent", want.Number)
		}
	}
	if len(got) != len(w.sim.Accepted()) {
		t.Errorf("%d invoices of %d", len(got), len(w.sim.Accepted()))
	}
}

func TestExportWhole(t *testing.T) {
	for _, compression := range []ksef.Compression{"", ksef.CompressionTarGz} {
		inSyncWorld(t, small, func(t *testing.T, w *syncWorld) {
			w.must(t, 7)
			order := exportOrder()
			order.Compression = compression
			e := begin(t, w, order)
			pkg, err := e.Wait(t.Context())
			if err != nil || len(pkg.Parts) < 3 || pkg.HWM.IsZero() {
				t.Fatalf("%+v, %v", pkg, err)
			}
			arrived(t, w, e)
			arrived(t, w, e) // again
			order.OnlyMetadata = true
			n := 0
			for inv, err := range begin(t, w, order).Invoices(t.Context()) {
				if n++; err != nil || inv.XML != nil || inv.Metadata.KSeFNumber != inv.KSeFNumber {
					t.Fatal(inv, err)
				}
			}
			if n != 7 {
				t.Errorf("metadata of %d invoices", n)
			}
		})
	}
}

func TestExportNothing(t *testing.T) {
	inSyncWorld(t, small, func(t *testing.T, w *syncWorld) {
		arrived(t, w, begin(t, w, exportOrder()))
		order := exportOrder()
		order.Filter.Dates.From = time.Now()
		e := begin(t, w, order)
		if _, err := e.Wait(t.Context()); !errors.Is(err, ksef.ErrNotReady) {
			t.Errorf("a range behind the mark: %v", err)
		}
	})
}

// TestExportExpiredAddresses: fresh ones are asked for, in the middle as well.
func TestExportExpiredAddresses(t *testing.T) {
	inSyncWorld(t, small, func(t *testing.T, w *syncWorld) {
		w.must(t, 7)
		e := begin(t, w, exportOrder())
		if _, err := e.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour) // an address lives for one
		downloads := 0
		w.wire.tap = func(r *http.Request, _ http.Handler) *http.Response {
			if strings.HasPrefix(r.URL.Path, "/storage/") {
				if downloads++; downloads == 3 {
					w.sim.ExpireLinks()
					time.Sleep(2 * time.Second)
				}
			}
			return nil
		}
		arrived(t, w, e)
		if downloads < 5 {
			t.Errorf("%d downloads: the test proves little", downloads)
		}
		time.Sleep(4 * 24 * time.Hour) // the package itself is gone
		for _, err := range e.Invoices(t.Context()) {
			if !errors.Is(err, ksef.ErrGone) {
				t.Errorf("an expired package: %v", err)
			}
		}
	})
}

// rangesOf serves ranges, as the store of KSeF does, and counts the bytes.
func rangesOf(cut func() int, served *int) func(*http.Request, http.Handler) *http.Response {
	return func(r *http.Request, next http.Handler) *http.Response {
		if !strings.HasPrefix(r.URL.Path, "/storage/") {
			return nil
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		resp := rec.Result()
		body, _ := io.ReadAll(resp.Body)
		var from int
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil && from < len(body) {
			resp.StatusCode = http.StatusPartialContent
			resp.Header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(body)-1, len(body)))
			body = body[from:]
		}
		*served += len(body)
		if n := cut(); n < len(body) {
			*served -= len(body) - n
			resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:n]), brokenReader{}))
			return resp
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return resp
	}
}

// TestExportGoesOn: a download that breaks off goes on where it stopped, in this
// process and in the next one.
func TestExportGoesOn(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		w.must(t, 7)
		order := exportOrder()
		order.Spool = t.TempDir()
		e := begin(t, w, order)
		pkg, err := e.Wait(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		served, down := 0, false
		w.wire.tap = rangesOf(func() int {
			if down {
				return 0
			}
			return 400
		}, &served)
		var failed error
		for _, failed = range e.Invoices(t.Context()) {
			down = true
		}
		if !errors.Is(failed, ksef.ErrUnavailable) || served != 6*400 {
			t.Fatalf("%v after %d bytes", failed, served)
		}
		w.wire.tap = rangesOf(func() int { return 1 << 20 }, &served)
		ticket, err := ksef.ParseExportTicket(e.Ticket().Reveal())
		if err != nil {
			t.Fatal(err)
		}
		next, err := w.office.ResumeExport(ticket, order)
		if err != nil {
			t.Fatal(err)
		}
		arrived(t, w, next)
		if want := int(pkg.Parts[0].EncryptedSize); served != want {
			t.Errorf("%d bytes travelled for a part of %d", served, want)
		}
		if left, err := os.ReadDir(order.Spool); err != nil || len(left) != 0 {
			t.Errorf("left in the spool: %v, %v", left, err)
		}
	})
}

// TestExportSpoiled: whatever is wrong with the bytes of a part, nothing of it is
// given; a spool that was tampered with is repaired.
func TestExportSpoiled(t *testing.T) {
	inSyncWorld(t, small, func(t *testing.T, w *syncWorld) {
		w.must(t, 3)
		for name, spoil := range map[string]func([]byte) []byte{
			"a bit":      func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
			"too short":  func(b []byte) []byte { return b[:len(b)-16] },
			"too long":   func(b []byte) []byte { return append(b, 0) },
			"empty":      func([]byte) []byte { return nil },
			"other part": func(b []byte) []byte { return bytes.Repeat([]byte{7}, len(b)) },
		} {
			e := begin(t, w, exportOrder())
			w.wire.tap = func(r *http.Request, next http.Handler) *http.Response {
				if !strings.HasPrefix(r.URL.Path, "/storage/") {
					return nil
				}
				rec := httptest.NewRecorder()
				next.ServeHTTP(rec, r)
				resp := rec.Result()
				body, _ := io.ReadAll(resp.Body)
				resp.Body = io.NopCloser(bytes.NewReader(spoil(body)))
				return resp
			}
			for inv, err := range e.Invoices(t.Context()) {
				if inv != nil || !errors.Is(err, ksef.ErrHashMismatch) && !errors.Is(err, ksef.ErrUnavailable) {
					t.Errorf("%s: %v, %v", name, inv, err)
				}
			}
			w.wire.tap = nil
			arrived(t, w, e)
		}
	})
}

func TestExportBounds(t *testing.T) {
	inSyncWorld(t, small, func(t *testing.T, w *syncWorld) {
		w.must(t, 3)
		for name, limits := range map[string]pack.OpenConfig{
			"package":   {MaxPackage: 1000},
			"parts":     {MaxParts: 1},
			"document":  {MaxDocument: 100},
			"documents": {MaxDocuments: 2},
			"metadata":  {MaxMetadata: 100},
		} {
			order := exportOrder()
			order.Limits = limits
			var err error
			for _, err = range begin(t, w, order).Invoices(t.Context()) {
			}
			if _, ok := errors.AsType[*pack.LimitError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestExportStuck(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		w.wire.tap = func(r *http.Request, _ http.Handler) *http.Response {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/invoices/exports/") {
				return syncAnswer(http.StatusOK, `{"status":{"code":100,"description":"w toku"}}`, "Content-Type", "application/json")
			}
			return nil
		}
		begun := time.Now()
		if _, err := begin(t, w, exportOrder()).Wait(t.Context()); !errors.Is(err, ksef.ErrExportStuck) || time.Since(begun) < time.Hour {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := begin(t, w, exportOrder()).Wait(ctx); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ksef.ErrExportStuck) {
			t.Errorf("caller gives up: %v", err)
		}
	})
}

// TestExportKeyRotated: the ministry's key was withdrawn just now.
func TestExportKeyRotated(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		w.must(t, 1)
		arrived(t, w, begin(t, w, exportOrder()))
		next, err := ksefsim.NewKeys(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.sim.RotateKeys(next, true); err != nil {
			t.Fatal(err)
		}
		arrived(t, w, begin(t, w, exportOrder()))
	})
}

func TestExportTicketKeepsItsKey(t *testing.T) {
	key, err := pack.NewKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	ticket := ksef.ExportTicket{Reference: "20261122-EH-2F67776000-97273B191A-65", Key: key}
	for _, text := range []string{fmt.Sprint(ticket), fmt.Sprintf("%+v %#v %s %x", ticket, ticket, ticket, ticket)} {
		if strings.Contains(text, string(key.Reveal())) || strings.Contains(text, fmt.Sprintf("%x", key.Reveal())) {
			t.Error("a ticket prints its key")
		}
	}
	for _, text := range []string{"", "x", "e30=", "eyJyZWZlcmVuY2UiOiJBIn0="} {
		if _, err := ksef.ParseExportTicket(text); !errors.Is(err, ksef.ErrInvalidArgument) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
