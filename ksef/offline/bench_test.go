package offline_test

import (
	"testing"

	"github.com/faktupro/faktupro-go/ksef/offline"
)

func BenchmarkDeadlineFor(b *testing.B) {
	issued := at(b, "2026-02-03 10:00")
	events := []offline.Event{
		event(b, "1", offline.Emergency, "2026-02-04 08:00", "2026-02-04 20:00"),
		event(b, "2", offline.Emergency, "2026-02-12 08:00", "2026-02-12 20:00"),
	}
	today := day(b, "2026-02-03")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := offline.DeadlineFor(offline.Offline24, today, issued, events); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompareXML(b *testing.B) {
	before, after := sample(b), with(b, "403.50", "403.51")
	b.ReportAllocs()
	b.SetBytes(int64(len(before) + len(after)))
	for b.Loop() {
		if _, err := offline.CompareXML(before, after); err != nil {
			b.Fatal(err)
		}
	}
}
