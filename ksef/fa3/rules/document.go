package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// Document is an invoice that is being judged, with what several rules need to
// know about it. It belongs to one call of Check.
type Document struct {
	Invoice *fa3.Faktura // never changed by a rule

	cfg    *Config
	fa     *fa3.Fa
	today  pl.Date
	totals [buckets]total
	gross  num // P_15

	parties    []party
	lines      []line
	linesReady bool
	rated      bool          // every line has a rate that leads to a total
	ordered    [buckets]bool // the order has a line of the total
	paired     bool          // something is shown as it was before the correction
	before     int           // lines that show the state before the correction

	exchanges  []exchange
	ratesReady bool

	off      []offLine
	offReady bool

	count [buckets]int // lines of each total, without those before the correction
}

// line is a line of the invoice with its numbers.
type line struct {
	*fa3.FaWiersz
	net, value, quantity, price, gross num // P_11, P_11A, P_8B, P_9A, P_9B
	bucket                             int
}

func newDocument(f *fa3.Faktura, cfg *Config) *Document {
	d := &Document{Invoice: f, cfg: cfg, fa: &f.Fa}
	if !cfg.Now.IsZero() {
		d.today = pl.DateOf(cfg.Now)
	}
	d.gross = parse(d.fa.P_15)
	d.readTotals()
	return d
}

// Config is what the caller of Check gave.
func (d *Document) Config() Config { return *d.cfg }

// Today is the day in Warsaw at Config.Now; the zero Date when that is not set.
func (d *Document) Today() pl.Date { return d.today }

// Correction reports whether the invoice is a correction of any kind.
func (d *Document) Correction() bool {
	k := d.fa.RodzajFaktury
	return k == fa3.KindKOR || k == fa3.KindKOR_ZAL || k == fa3.KindKOR_ROZ
}

// foreign reports whether the invoice is in another currency than PLN.
func (d *Document) foreign() bool { return d.fa.KodWaluty != "PLN" && d.fa.KodWaluty.Valid() }

// domestic reports whether the invoice is in PLN. A currency that is none is
// neither foreign nor domestic: the schema speaks of it.
func (d *Document) domestic() bool { return d.fa.KodWaluty == "PLN" }

// kind reports whether the invoice is of one of the kinds.
func (d *Document) kind(kinds ...fa3.TRodzajFaktury) bool {
	for _, k := range kinds {
		if d.fa.RodzajFaktury == k {
			return true
		}
	}
	return false
}

// rows are the lines with their numbers, read once.
func (d *Document) rows() []line {
	if d.linesReady {
		return d.lines
	}
	d.linesReady, d.rated = true, true
	d.lines = make([]line, len(d.fa.FaWiersz))
	for i := range d.lines {
		w := &d.fa.FaWiersz[i]
		b := d.bucketOf(w)
		d.lines[i] = line{w, parse(w.P_11), parse(w.P_11A), parse(w.P_8B), parse(w.P_9A), parse(w.P_9B), b}
		switch {
		case b < 0:
			d.rated = false
		case !bool(w.StanPrzed):
			d.count[b]++
		}
		if w.StanPrzed {
			d.before++
		}
	}
	d.paired = d.before > 0
	d.readOrder()
	return d.lines
}

// readOrder notes the rates of the order as it is after a correction.
func (d *Document) readOrder() {
	lines := d.orderLines()
	for i := range lines {
		if lines[i].StanPrzedZ {
			d.paired = true
		} else if b := bucketOfRate(lines[i].P_12Z); b >= 0 {
			d.ordered[b] = true
		}
	}
}

// margins reports whether the invoice says that a margin scheme applies.
func (d *Document) margins() bool { return bool(d.fa.Adnotacje.PMarzy.P_PMarzy) }

// bucketOf finds the total that a line belongs to, -1 when nothing says.
func (d *Document) bucketOf(w *fa3.FaWiersz) int {
	switch {
	case w.P_12 != "":
		return bucketOfRate(w.P_12)
	case w.P_12_XII != "":
		return oss
	case d.margins():
		return margin
	}
	return -1
}

// hasRate reports whether a line, a line of the order or a total has the kind
// of sale of the bucket. A total of zero says nothing, and where a correction
// shows lines before and after, only those after it count: its totals can be
// about sales that it takes back.
func (d *Document) hasRate(b int) bool {
	d.rows()
	return d.count[b] > 0 || d.ordered[b] || !d.paired && !d.totals[b].net.is0()
}

// The totals of an invoice, in the order of the document.
const (
	standardRate = iota // P_13_1
	reducedRate
	lowRate
	taxiRate
	oss
	zeroDomestic
	zeroIntraEU
	zeroExport
	exempt
	outside
	euService
	reverseCharge
	margin
	buckets
)

// taxed is how many of the totals have a Polish tax.
const taxed = oss

// total is one of the totals with its tax and the tax in PLN.
type total struct{ net, tax, pln num }

// totalNames are the elements of the totals.
var totalNames = [buckets]struct{ net, tax, pln string }{
	{"P_13_1", "P_14_1", "P_14_1W"},
	{"P_13_2", "P_14_2", "P_14_2W"},
	{"P_13_3", "P_14_3", "P_14_3W"},
	{"P_13_4", "P_14_4", "P_14_4W"},
	{net: "P_13_5", tax: "P_14_5"},
	{net: "P_13_6_1"},
	{net: "P_13_6_2"},
	{net: "P_13_6_3"},
	{net: "P_13_7"},
	{net: "P_13_8"},
	{net: "P_13_9"},
	{net: "P_13_10"},
	{net: "P_13_11"},
}

func (d *Document) readTotals() {
	f := d.fa
	d.totals = [buckets]total{
		{parse(f.P_13_1), parse(f.P_14_1), parse(f.P_14_1W)},
		{parse(f.P_13_2), parse(f.P_14_2), parse(f.P_14_2W)},
		{parse(f.P_13_3), parse(f.P_14_3), parse(f.P_14_3W)},
		{parse(f.P_13_4), parse(f.P_14_4), parse(f.P_14_4W)},
		{net: parse(f.P_13_5), tax: parse(f.P_14_5)},
		{net: parse(f.P_13_6_1)},
		{net: parse(f.P_13_6_2)},
		{net: parse(f.P_13_6_3)},
		{net: parse(f.P_13_7)},
		{net: parse(f.P_13_8)},
		{net: parse(f.P_13_9)},
		{net: parse(f.P_13_10)},
		{net: parse(f.P_13_11)},
	}
}

// sumOfTotals adds all totals up and counts them.
func (d *Document) sumOfTotals() (sum decimal.Decimal, n int) {
	for i := range d.totals {
		for _, x := range [...]num{d.totals[i].net, d.totals[i].tax} {
			if x.ok {
				sum = sum.Add(x.Decimal)
				n++
			}
		}
	}
	return sum, n
}

// bucketOfRate is the total of a rate, -1 for none.
func bucketOfRate(rate fa3.TStawkaPodatku) int {
	switch rate {
	case fa3.Rate23, fa3.Rate22:
		return standardRate
	case fa3.Rate8, fa3.Rate7:
		return reducedRate
	case fa3.Rate5:
		return lowRate
	case fa3.Rate4, fa3.Rate3:
		return taxiRate
	case fa3.Rate0Domestic:
		return zeroDomestic
	case fa3.Rate0IntraEU:
		return zeroIntraEU
	case fa3.Rate0Export:
		return zeroExport
	case fa3.RateExempt:
		return exempt
	case fa3.RateOutsideI:
		return outside
	case fa3.RateOutsideII:
		return euService
	case fa3.RateReverseCharge:
		return reverseCharge
	}
	return -1
}

// percent is the tax rate of a code, false for codes without Polish tax.
func percent(rate fa3.TStawkaPodatku) (int64, bool) {
	switch rate {
	case fa3.Rate23:
		return 23, true
	case fa3.Rate22:
		return 22, true
	case fa3.Rate8:
		return 8, true
	case fa3.Rate7:
		return 7, true
	case fa3.Rate5:
		return 5, true
	case fa3.Rate4:
		return 4, true
	case fa3.Rate3:
		return 3, true
	}
	return 0, false
}
