package ksef_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// largeExport is a package of invoices of 5 kB that is ready.
func largeExport(tb testing.TB, invoices int) (*syncWorld, ksef.ExportTicket) {
	tb.Helper()
	w, err := newSyncWorld(context.Background(), ksefsim.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	var files []pack.Document
	var metadata strings.Builder
	for i := range invoices {
		var content strings.Builder
		for content.Len() < 5000 {
			fmt.Fprintf(&content, "<P_%d>%d</P_%d>", random.IntN(40), random.IntN(1e6), random.IntN(40))
		}
		number := fmt.Sprintf("5265877635-20261122-%012X-00", i)
		files = append(files, file(number+".xml", content.String()))
		metadata.WriteString("," + metadataEntry(number, content.String()))
	}
	files = append(files, file(pack.MetadataName, `{"invoices":[`+metadata.String()[1:]+`]}`))
	key, err := pack.NewKey(nil)
	if err != nil {
		tb.Fatal(err)
	}
	w.wire.tap = madeUp{files: files, count: invoices}.serve(tb, key)
	return w, ksef.ExportTicket{Reference: "20261122-EH-2F67776000-97273B191A-65", Key: key}
}

// BenchmarkExportInvoices downloads, verifies, decrypts and unpacks 2,000
// invoices of 5 kB and joins them with their metadata.
func BenchmarkExportInvoices(b *testing.B) {
	w, ticket := largeExport(b, 2000)
	b.SetBytes(2000 * 5000)
	b.ReportAllocs()
	for b.Loop() {
		e, err := w.office.ResumeExport(ticket, ksef.ExportOrder{})
		if err != nil {
			b.Fatal(err)
		}
		if err := drain(e.Invoices(b.Context())); err != nil {
			b.Fatal(err)
		}
	}
}

// TestExportMemory: what is alive while a package is read does not grow with its
// 20 MB of content.
func TestExportMemory(t *testing.T) {
	w, ticket := largeExport(t, 4000)
	e, err := w.office.ResumeExport(ticket, ksef.ExportOrder{Spool: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	alive := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most, n := alive(), uint64(0), 0
	for _, err := range e.Invoices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%400 == 0 {
			most = max(most, alive())
		}
	}
	if most > before+4<<20 {
		t.Errorf("%d kB more are alive while 4,000 invoices are read", (most-before)>>10)
	}
	t.Logf("%d kB more alive, %d invoices", (int64(most)-int64(before))>>10, n)
}
