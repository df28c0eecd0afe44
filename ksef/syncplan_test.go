package ksef

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPlanSync(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for _, c := range []struct {
		name     string
		load     SyncLoad
		strategy SyncStrategy
		calls    map[RateGroup]int
		slowest  RateGroup
		duration time.Duration
	}{
		{"nothing", SyncLoad{}, SyncExport, map[RateGroup]int{GroupInvoiceExport: 1, GroupInvoiceExportState: 10}, GroupInvoiceExport, 0},
		{"few", SyncLoad{Invoices: 8}, SyncExport, map[RateGroup]int{GroupInvoiceExport: 1, GroupInvoiceExportState: 10}, GroupInvoiceExport, 0},
		{
			"a first import",
			SyncLoad{Invoices: 200_000, Roles: 2, Span: year},
			SyncExport,
			map[RateGroup]int{GroupInvoiceExport: 30, GroupInvoiceExportState: 300},
			GroupInvoiceExport, time.Hour + time.Second,
		},
		{
			"large invoices",
			SyncLoad{Invoices: 10_000, PackageSize: 500},
			SyncExport,
			map[RateGroup]int{GroupInvoiceExport: 21, GroupInvoiceExportState: 210},
			GroupInvoiceExport, time.Hour,
		},
		{
			"the hour is used up",
			SyncLoad{Invoices: 10, Used: map[RateGroup]int{GroupInvoiceExport: 20}},
			SyncSingle,
			map[RateGroup]int{GroupInvoiceMetadata: 1, GroupInvoiceDownload: 10},
			GroupInvoiceDownload, time.Second,
		},
		{
			"other limits",
			SyncLoad{Invoices: 64, Limits: map[RateGroup]RateLimit{GroupInvoiceExport: {PerHour: 1}, GroupInvoiceExportState: {PerHour: 5}}},
			SyncSingle,
			map[RateGroup]int{GroupInvoiceMetadata: 1, GroupInvoiceDownload: 64},
			GroupInvoiceDownload, 3*time.Minute + time.Second,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			plans := PlanSync(c.load)
			p := plans[0]
			if p.Strategy != c.strategy || p.Slowest != c.slowest || p.Duration != c.duration || len(plans) != 2 {
				t.Errorf("%+v", plans)
			}
			for group, n := range c.calls {
				if p.Calls[group] != n {
					t.Errorf("%d calls of %s, want %d", p.Calls[group], group, n)
				}
			}
		})
	}
}

// TestEarliestKeepsWindows replays plans call by call: no window is ever
// exceeded, and no plan is a nanosecond too long.
func TestEarliestKeepsWindows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string, most int) int { return rapid.IntRange(0, most).Draw(rt, name) }
		l := RateLimit{draw("second", 5), draw("minute", 20), draw("hour", 60)}
		used, n := draw("used", 30), draw("calls", 120)
		var at []time.Duration
		for range used {
			at = append(at, 0)
		}
		for i := range n {
			at = append(at, l.earliest(i+1, used))
		}
		windows := map[time.Duration]int{time.Second: l.PerSecond, time.Minute: l.PerMinute, time.Hour: l.PerHour}
		for i := used; i < len(at); i++ {
			tight := at[i] == 0 || i > 0 && at[i] == at[i-1]
			for span, limit := range windows {
				if limit == 0 || i < limit {
					continue
				}
				if at[i]-at[i-limit] < span {
					rt.Fatalf("call %d at %v, limit of %d in %v", i, at[i], limit, span)
				}
				tight = tight || at[i]-at[i-limit] == span
			}
			if !tight {
				rt.Fatalf("call %d at %v could be earlier", i, at[i])
			}
		}
	})
}
