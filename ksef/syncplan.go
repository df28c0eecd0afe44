package ksef

import (
	"cmp"
	"slices"
	"time"
)

// SyncLoad says what is to be received, for [PlanSync].
type SyncLoad struct {
	// Invoices is how many are expected, in all roles together.
	Invoices int
	// Roles is in how many roles; 1 if zero.
	Roles int
	// Span is the time over which they were stored: it is asked for in ranges of
	// 88 days.
	Span time.Duration
	// PackageSize is how many invoices a package holds: 10,000 if zero, fewer
	// when large ones make it reach 1 GB first.
	PackageSize int
	// Limits of calls by group, as LimitsService.Rates gives them: official ones
	// of production where missing.
	Limits map[RateGroup]RateLimit
	// Used are calls of the last hour, by group. They are taken for made just
	// now, so that the plan is never too short.
	Used map[RateGroup]int
}

// SyncPlan is what receiving costs.
type SyncPlan struct {
	Strategy SyncStrategy // SyncExport or SyncSingle
	// Calls and Waits are by group: how many calls, and the earliest time of the
	// last of them.
	Calls map[RateGroup]int
	Waits map[RateGroup]time.Duration
	// Slowest is the group that decides, Duration how long receiving takes at
	// least: calls of different groups overlap, and the time of transfer and of
	// packing by KSeF is not in it.
	Slowest  RateGroup
	Duration time.Duration
}

// planned are the official limits of production (API 2.8.0) for the groups that
// receiving uses.
var planned = map[RateGroup]RateLimit{
	GroupInvoiceMetadata:    {8, 16, 20},
	GroupInvoiceExport:      {8, 16, 20},
	GroupInvoiceExportState: {10, 60, 600},
	GroupInvoiceDownload:    {8, 16, 64},
}

const (
	planPackage = 10_000
	planPage    = 250
	planPolls   = 10 // questions until an export is ready
)

// PlanSync tells how many calls and how much time receiving needs, by packages
// and one by one. The faster plan comes first.
func PlanSync(load SyncLoad) []SyncPlan {
	roles := max(load.Roles, 1)
	ranges := roles * max(1, pieces(int(load.Span/time.Minute), int(syncWindow/time.Minute)))
	// A package or page that is full leads to one more question.
	packages := ranges + max(load.Invoices, 0)/positive(load.PackageSize, planPackage)
	pages := ranges + max(load.Invoices, 0)/planPage
	plans := []SyncPlan{
		load.plan(SyncExport, map[RateGroup]int{GroupInvoiceExport: packages, GroupInvoiceExportState: packages * planPolls}),
		load.plan(SyncSingle, map[RateGroup]int{GroupInvoiceMetadata: pages, GroupInvoiceDownload: max(load.Invoices, 0)}),
	}
	slices.SortStableFunc(plans, func(a, b SyncPlan) int { return cmp.Compare(a.Duration, b.Duration) })
	return plans
}

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

func pieces(n, size int) int { return (n + size - 1) / size }

func (l SyncLoad) plan(strategy SyncStrategy, calls map[RateGroup]int) SyncPlan {
	p := SyncPlan{Strategy: strategy, Calls: calls, Waits: map[RateGroup]time.Duration{}}
	for group, n := range calls {
		limit, told := l.Limits[group]
		if !told {
			limit = planned[group]
		}
		wait := limit.earliest(n, l.Used[group])
		p.Waits[group] = wait
		if wait > p.Duration || p.Slowest == "" || wait == p.Duration && group < p.Slowest {
			p.Slowest, p.Duration = group, wait
		}
	}
	return p
}

// earliest is when the last of n calls can be made after used ones that were
// made just now: in bursts, as early as three rolling windows allow.
func (l RateLimit) earliest(n, used int) time.Duration {
	if n <= 0 {
		return 0
	}
	windows := []struct {
		calls int
		span  time.Duration
	}{{l.PerSecond, time.Second}, {l.PerMinute, time.Minute}, {l.PerHour, time.Hour}}
	used = max(used, 0)
	at := make([]time.Duration, max(1, l.PerSecond, l.PerMinute, l.PerHour)) // of the latest calls
	var t time.Duration
	for i := range used + n {
		for _, w := range windows {
			if i >= used && w.calls > 0 && i >= w.calls {
				t = max(t, at[(i-w.calls)%len(at)]+w.span)
			}
		}
		at[i%len(at)] = t
	}
	return t
}
