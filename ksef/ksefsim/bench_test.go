package ksefsim

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// lot is how many invoices are prepared at a time; a session takes 10,000.
const lot = 5000

// feed is a session with requests that are ready to be sent: what is measured is
// the server alone.
type feed struct {
	*client
	bodies [][]byte
	next   atomic.Int64
}

func newFeed(b *testing.B, cfg Config) *feed {
	if cfg.Dir != "" {
		cfg.Dir = b.TempDir()
	}
	h := newHarness(b, cfg)
	f := &feed{client: h.open(h.owner(seller)), bodies: make([][]byte, lot)}
	for i := range f.bodies {
		f.bodies[i] = []byte(jsonText(f.sendBody(invoiceXML(fmt.Sprintf("FV/%d", i), tenLines))))
	}
	return f
}

func tenLines(f *fa3.Faktura) {
	for i := range int64(9) {
		line := f.Fa.FaWiersz[0]
		line.NrWierszaFa = i + 2
		f.Fa.FaWiersz = append(f.Fa.FaWiersz, line)
	}
}

// sendNext sends the next invoice and reports whether it was the last.
func (f *feed) sendNext(b *testing.B) bool {
	i := f.next.Add(1) - 1
	r := httptest.NewRequest("POST", "/v2/sessions/online/"+f.session+"/invoices", bytes.NewReader(f.bodies[i]))
	r.Header.Set("Authorization", "Bearer "+f.token)
	rec := httptest.NewRecorder()
	f.handler.ServeHTTP(rec, r)
	if rec.Code != http.StatusAccepted {
		b.Errorf("status %d: %s", rec.Code, rec.Body)
	}
	return i == lot-1
}

// BenchmarkSend measures an invoice of ten lines from its request to its KSeF
// number: JSON, Base64, two hashes, decryption, reading the document, looking
// for duplicates, minting; on disk also an fsync for each.
func BenchmarkSend(b *testing.B) {
	for name, cfg := range map[string]Config{"memory": {}, "disk": {Dir: "any"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			f := newFeed(b, cfg)
			b.SetBytes(int64(len(f.bodies[0])))
			for b.Loop() {
				if f.sendNext(b) {
					b.StopTimer()
					f = newFeed(b, cfg)
					b.StartTimer()
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "invoices/s")
		})
	}
}

// BenchmarkSendParallel is BenchmarkSend by many clients of one simulator, who
// share the fsyncs.
func BenchmarkSendParallel(b *testing.B) {
	for name, cfg := range map[string]Config{"memory": {}, "disk": {Dir: "any"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(16)
			feeds := make([]*feed, b.N/lot+1)
			for i := range feeds {
				feeds[i] = newFeed(b, cfg)
			}
			b.SetBytes(int64(len(feeds[0].bodies[0])))
			var sent atomic.Int64
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					feeds[(sent.Add(1)-1)/lot].sendNext(b)
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "invoices/s")
		})
	}
}

// BenchmarkLogin measures a login by signature from challenge to tokens, the
// signing of the client included.
func BenchmarkLogin(b *testing.B) {
	b.ReportAllocs()
	h := newHarness(b, Config{})
	for b.Loop() {
		h.owner(seller)
	}
}

// BenchmarkUPO measures making and signing the confirmation of an invoice.
func BenchmarkUPO(b *testing.B) {
	b.ReportAllocs()
	h := newHarness(b, Config{})
	c := h.open(h.owner(seller))
	path := c.path("invoices", c.send(invoiceXML("FV/1")), "upo")
	for b.Loop() {
		h.get(path, c.token)
	}
}

// BenchmarkNew measures making keys, the larger part of starting.
func BenchmarkNewKeys(b *testing.B) {
	for n := uint64(0); b.Loop(); n++ {
		if _, err := NewKeys(seeded(n)); err != nil {
			b.Fatal(err)
		}
	}
}
