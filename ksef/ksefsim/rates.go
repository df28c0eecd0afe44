package ksefsim

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"
)

// rateValues are the thresholds of one group of operations.
type rateValues struct {
	PerSecond int `json:"perSecond"`
	PerMinute int `json:"perMinute"`
	PerHour   int `json:"perHour"`
}

// Groups of operations that are counted together.
const (
	rateOnline       = "onlineSession"
	rateOnlineClose  = "onlineSessionClose"
	rateBatch        = "batchSession"
	rateBatchClose   = "batchSessionClose"
	rateSend         = "invoiceSend"
	rateStatus       = "invoiceStatus"
	rateSessions     = "sessionList"
	rateInvoices     = "sessionInvoiceList"
	rateMisc         = "sessionMisc"
	rateMetadata     = "invoiceMetadata"
	rateExport       = "invoiceExport"
	rateExportStatus = "invoiceExportStatus"
	rateDownload     = "invoiceDownload"
	rateCollective   = "collectiveIdentifier"
	rateOther        = "other"     // every operation by itself
	rateAnonymous    = "anonymous" // without an access token, by address
)

// rateGroup is a group with its limits in production, the same on the test
// environment, and the level of the API that brought it.
type rateGroup struct {
	name string
	rateValues
	since Level
}

// rateGroups lists the groups of a level in the order of answers.
func rateGroups(level Level) []rateGroup {
	all := []rateGroup{
		{rateOnline, rateValues{10, 30, 120}, Level26},
		{rateOnlineClose, rateValues{20, 60, 240}, Level28},
		{rateBatch, rateValues{10, 20, 60}, Level26},
		{rateBatchClose, rateValues{20, 40, 120}, Level28},
		{rateSend, rateValues{10, 30, 180}, Level26},
		{rateStatus, rateValues{30, 120, 1200}, Level26},
		{rateSessions, rateValues{5, 10, 60}, Level26},
		{rateInvoices, rateValues{10, 20, 200}, Level26},
		{rateMisc, rateValues{10, 120, 1200}, Level26},
		{rateMetadata, rateValues{8, 16, 20}, Level26},
		{rateExport, rateValues{8, 16, 20}, Level26},
		{rateExportStatus, rateValues{10, 60, 600}, Level26},
		{rateDownload, rateValues{8, 16, 64}, Level26},
		{rateCollective, rateValues{20, 120, 240}, Level27},
		{rateOther, rateValues{10, 30, 120}, Level26},
		// Sixty a second is all that is known of it.
		{rateAnonymous, rateValues{60, 60 * 60, 60 * 60 * 60}, Level28},
	}
	return slices.DeleteFunc(all, func(g rateGroup) bool { return level.before(g.since) })
}

// rateTable are the limits of the groups by name.
type rateTable map[string]rateValues

// rates returns the limits of a context.
func (b *limitBook) ratesOf(id identifier) rateTable {
	table := make(rateTable)
	set := b.rates[id]
	for _, g := range rateGroups(b.level) {
		table[g.name] = g.rateValues
		if v, changed := set[g.name]; changed {
			table[g.name] = v
		}
	}
	return table
}

// rateAnswer is a table whose groups are written in the order of KSeF.
type rateAnswer struct {
	level Level
	table rateTable
}

// MarshalJSON implements json.Marshaler.
func (a rateAnswer) MarshalJSON() ([]byte, error) {
	var buf bytes.Buffer
	for i, g := range rateGroups(a.level) {
		buf.WriteByte("{,"[min(i, 1)])
		value, err := json.Marshal(a.table[g.name])
		if err != nil {
			return nil, err
		}
		buf.WriteString(strconv.Quote(g.name) + ":")
		buf.Write(value)
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}

// rateLimits answers GET /rate-limits.
func (s *Server) rateLimits(c *call) (*reply, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return ok(rateAnswer{s.cfg.Level, s.state.limits.ratesOf(c.context)}), nil
}

// rateKey is what requests are counted by.
type rateKey struct {
	context identifier // zero for requests without an access token
	client  netip.Addr
	group   string
}

// window is one of the times in which requests are counted.
type window struct {
	length time.Duration
	name   string // as in "… żądań na minutę"
	limit  func(rateValues) int
}

var windows = []window{
	{time.Second, "sekundę", func(v rateValues) int { return v.PerSecond }},
	{time.Minute, "minutę", func(v rateValues) int { return v.PerMinute }},
	{time.Hour, "godzinę", func(v rateValues) int { return v.PerHour }},
}

// meter counts requests in rolling windows. It is not part of the state: a new
// process begins with empty windows.
type meter struct {
	mu     sync.Mutex
	counts map[rateKey]*count
}

// count is what one key has used.
type count struct {
	served   []time.Time // in the last hour, oldest first
	until    time.Time   // blocked until
	offences int         // requests in the present block
	broken   window
}

// excess says how long a request has to wait and which limit it broke.
type excess struct {
	wait   time.Duration
	limit  int
	window string
}

// longestBlock bounds what repeated offences add up to.
const longestBlock = time.Hour

// take counts a request, or says why it is refused. Whoever asks while blocked
// doubles the wait, as in the real system, where blocks grow with offences.
func (m *meter) take(key rateKey, limits rateValues, now time.Time) *excess {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, known := m.counts[key]
	if !known {
		c = new(count)
		m.counts[key] = c
	}
	if now.Before(c.until) {
		c.offences++
		c.until = now.Add(min(c.until.Sub(now)+time.Second<<min(c.offences, 10), longestBlock))
		return &excess{c.until.Sub(now), c.broken.limit(limits), c.broken.name}
	}
	c.offences = 0
	c.forget(now)
	for _, w := range windows { // the longest wait: whoever obeys gets through
		if free := c.free(w, w.limit(limits), now); free.After(c.until) && free.After(now) {
			c.until, c.broken = free, w
		}
	}
	if now.Before(c.until) {
		return &excess{c.until.Sub(now), c.broken.limit(limits), c.broken.name}
	}
	c.served = append(c.served, now)
	return nil
}

// forget drops what is older than an hour.
func (c *count) forget(now time.Time) {
	n, _ := slices.BinarySearchFunc(c.served, now.Add(-time.Hour), func(t, limit time.Time) int {
		if t.After(limit) {
			return 1
		}
		return -1
	})
	c.served = c.served[n:]
}

// free is when one more request fits in a window.
func (c *count) free(w window, most int, now time.Time) time.Time {
	if len(c.served) < most {
		return now
	}
	return c.served[len(c.served)-most].Add(w.length)
}

// meterRequest counts a request of an operation when limits are enforced.
func (s *Server) meterRequest(c *call, op *operation) error {
	if !s.cfg.EnforceRateLimits || op.group == "" {
		return nil
	}
	key := rateKey{c.context, c.client, op.group}
	table := s.ratesOf(c.context)
	limits, known := table[op.group]
	switch {
	case op.group == rateAnonymous:
		key.context = identifier{}
		limits = rateValues{60, 60 * 60, 60 * 60 * 60}
	case op.group == rateOther:
		key.group = op.pattern
	case !known && op.group == rateOnlineClose: // before they had groups of their own
		key.group, limits = rateOnline, table[rateOnline]
	case !known && op.group == rateBatchClose:
		key.group, limits = rateBatch, table[rateBatch]
	}
	if e := s.meter.take(key, limits, c.now); e != nil {
		return tooMany(e)
	}
	return nil
}

func (s *Server) ratesOf(context identifier) rateTable {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return s.state.limits.ratesOf(context)
}
