package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// differenceRules are the rules about lines before and after a correction.
var differenceRules = []Rule{
	{
		"line.state", Warning, LawRequires, "information sheet on FA(3), StanPrzed and StanPrzedZ",
		"Only a correction shows a line as it was before: remove StanPrzed, or choose a kind of correction.",
		"Tylko korekta pokazuje wiersz sprzed zmiany: usuń StanPrzed albo wybierz rodzaj faktury korygującej.",
		checkState,
	},
	{
		"correction.after_missing", Warning, LikelyMistake, "information sheet on FA(3), StanPrzed",
		"Lines are shown as they were before the correction and none as they are after it: add the lines after the correction, with quantity 0 for what falls away.",
		"Pokazano wiersze sprzed korekty, a żadnego po korekcie: dodaj wiersze po korekcie, z ilością 0 dla tego, co odpada.",
		checkAfterMissing,
	},
	{
		"correction.pair", Info, LikelyMistake, "information sheet on FA(3), StanPrzed and UU_ID",
		"The line before the correction has no line after it with the same number or UU_ID: tie the two together.",
		"Wiersz sprzed korekty nie ma wiersza po korekcie o tym samym numerze lub UU_ID: powiąż je ze sobą.",
		checkPair,
	},
	{
		"correction.difference", Warning, LawRequires, "art. 106j(2) of the VAT Act; information sheet on FA(3), P_13 and P_14 of corrections",
		"The lines change by {expected} from before to after, and {field} says {found}: make the difference and the total agree.",
		"Wiersze zmieniają się o {expected} względem stanu sprzed korekty, a {field} wynosi {found}: uzgodnij różnicę z sumą.",
		checkDifference,
	},
	{
		"correction.lines_sum", Info, LikelyMistake, "information sheet on FA(3), P_13 of corrections",
		"The lines add up to {expected} and {field} says {found}: on a correction by difference they should agree, otherwise mark the lines before the correction with StanPrzed.",
		"Wiersze dają razem {expected}, a {field} wynosi {found}: w korekcie przez różnicę powinny się zgadzać, w przeciwnym razie oznacz wiersze sprzed korekty polem StanPrzed.",
		checkLinesSum,
	},
}

func checkState(d *Document, fs *Findings) {
	if !d.Correction() {
		for i := range d.fa.FaWiersz {
			if d.fa.FaWiersz[i].StanPrzed {
				fs.Add(Path("Fa", "FaWiersz", i, "StanPrzed"))
			}
		}
	}
	if o := d.fa.Zamowienie; o != nil && !d.kind(fa3.KindKOR_ZAL) {
		for i := range o.ZamowienieWiersz {
			if o.ZamowienieWiersz[i].StanPrzedZ {
				fs.Add(Path("Fa", "Zamowienie", "ZamowienieWiersz", i, "StanPrzedZ"))
			}
		}
	}
}

func checkAfterMissing(d *Document, fs *Findings) {
	if d.Correction() && len(d.rows()) > 0 && d.before == len(d.lines) {
		fs.Add(Path("Fa", "FaWiersz", 0, "StanPrzed"))
	}
}

// checkPair: where some lines after the correction exist, each line before it
// should find its own.
func checkPair(d *Document, fs *Findings) {
	d.rows()
	if !d.Correction() || d.before == 0 || d.before == len(d.lines) {
		return
	}
	after := make(map[string]bool, len(d.lines))
	numbers := make(map[int64]bool, len(d.lines))
	for i := range d.lines {
		if l := &d.lines[i]; !l.StanPrzed {
			numbers[l.NrWierszaFa] = true
			if l.UU_ID != "" {
				after[l.UU_ID] = true
			}
		}
	}
	for i := range d.lines {
		if l := &d.lines[i]; bool(l.StanPrzed) && !numbers[l.NrWierszaFa] && !after[l.UU_ID] {
			fs.Add(Path("Fa", "FaWiersz", i))
		}
	}
}

// change is what lines add up to in one total, those before the correction
// counted against it.
type change struct {
	net, value       decimal.Decimal
	netAll, valueAll bool // every line has a net value, a gross value
	n                int
}

// changes adds the lines up by total.
func (d *Document) changes() (sums [buckets]change) {
	for b := range sums {
		sums[b].netAll, sums[b].valueAll = true, true
	}
	for i := range d.rows() {
		l := &d.lines[i]
		if l.bucket < 0 {
			continue
		}
		s := &sums[l.bucket]
		s.n++
		s.netAll, s.valueAll = s.netAll && l.net.ok, s.valueAll && l.value.ok
		if l.StanPrzed {
			s.net, s.value = s.net.Sub(l.net.Decimal), s.value.Sub(l.value.Decimal)
		} else {
			s.net, s.value = s.net.Add(l.net.Decimal), s.value.Add(l.value.Decimal)
		}
	}
	return sums
}

// compare holds what the lines of a total add up to against the total: net, or
// gross when the lines have only that. ok is false when lines do not say.
func (d *Document) compare(b int, s *change) (expected, found decimal.Decimal, ok bool) {
	t := &d.totals[b]
	switch {
	case s.n == 0:
		return zero, t.net.Decimal, true
	case s.netAll:
		return s.net, t.net.Decimal, true
	case s.valueAll:
		return s.value, t.net.Add(t.tax.Decimal), true
	}
	return zero, zero, false
}

// eachChange reports the totals that differ from their lines.
func (d *Document) eachChange(fs *Findings) {
	sums := d.changes()
	for b := range sums {
		expected, found, ok := d.compare(b, &sums[b])
		if ok && !near(expected, found, len(d.lines)) {
			place := Path("Fa", totalNames[b].net)
			if !d.totals[b].net.ok {
				place = Path("Fa")
			}
			fs.Add(place, "expected", show(expected), "found", show(found), "field", totalNames[b].net)
		}
	}
}

func checkDifference(d *Document, fs *Findings) {
	d.rows()
	if d.kind(fa3.KindKOR) && d.before > 0 && d.before < len(d.lines) && d.rated {
		d.eachChange(fs)
	}
}

func checkLinesSum(d *Document, fs *Findings) {
	d.rows()
	collective := d.fa.OkresFaKorygowanej != "" || len(d.fa.DaneFaKorygowanej) > 1
	if d.kind(fa3.KindKOR) && d.before == 0 && len(d.lines) > 0 && d.rated && !d.renames() && !collective {
		d.eachChange(fs)
	}
}
