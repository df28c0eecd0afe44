package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

func checkServiceFlag(d *Document, fs *Findings) {
	if d.hasRate(euService) && d.fa.Adnotacje.P_18 != fa3.Yes {
		fs.Add(Path("Fa", "Adnotacje", "P_18"))
	}
}

func checkServiceBuyer(d *Document, fs *Findings) {
	if d.hasRate(euService) && !d.buyerEU() {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne"))
	}
}

func checkOutsideFlag(d *Document, fs *Findings) {
	id := &d.Invoice.Podmiot2.DaneIdentyfikacyjne
	if d.hasRate(outside) && !d.Correction() && (id.NrVatUE != "" || id.NrID != "") && d.fa.Adnotacje.P_18 != fa3.Yes {
		fs.Add(Path("Fa", "Adnotacje", "P_18"))
	}
}

func checkIntraEUBuyer(d *Document, fs *Findings) {
	if d.hasRate(zeroIntraEU) && !d.buyerEU() && !d.vehicles() {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne"))
	}
}

// vehicles reports whether the invoice is about new means of transport, which
// private persons may buy as well.
func (d *Document) vehicles() bool { return bool(d.fa.Adnotacje.NoweSrodkiTransportu.P_22) }

func checkExportBuyer(d *Document, fs *Findings) {
	if d.hasRate(zeroExport) && d.Invoice.Podmiot2.DaneIdentyfikacyjne.NrVatUE != "" {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne", "NrVatUE"))
	}
}

func checkTriangularBuyer(d *Document, fs *Findings) {
	if d.fa.Adnotacje.P_23 == fa3.Yes && !d.buyerEU() {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne"))
	}
}

func checkTriangularRate(d *Document, fs *Findings) {
	if d.fa.Adnotacje.P_23 == fa3.Yes && d.kind(fa3.KindVAT) && !d.hasRate(outside) && !d.hasRate(euService) {
		fs.Add(Path("Fa", "Adnotacje", "P_23"))
	}
}

func checkTriangularMark(d *Document, fs *Findings) {
	if d.fa.Adnotacje.P_23 != fa3.Yes {
		d.eachLine(fs, "Procedura", func(l *line) bool { return l.Procedura == fa3.ProcedureTT_D })
	}
}

func checkImportMark(d *Document, fs *Findings) {
	for i := range d.fa.FaWiersz {
		w := &d.fa.FaWiersz[i]
		imported := w.Procedura == fa3.ProcedureI_42 || w.Procedura == fa3.ProcedureI_63
		if imported && w.P_12 != "" && w.P_12 != fa3.Rate0IntraEU {
			fs.Add(Path("Fa", "FaWiersz", i, "Procedura"), "procedure", string(w.Procedura))
		}
	}
}

func checkOSSProcedure(d *Document, fs *Findings) {
	d.eachLine(fs, "", func(l *line) bool { return l.bucket == oss && l.Procedura == "" })
}

// highestRate is the highest VAT rate of any member state.
var highestRate = decimal.NewFromInt(27)

func checkOSSRate(d *Document, fs *Findings) {
	for i := range d.fa.FaWiersz {
		text := d.fa.FaWiersz[i].P_12_XII
		if text == "" {
			continue
		}
		if rate := parse(text); rate.ok && rate.GreaterThan(highestRate) {
			fs.Add(Path("Fa", "FaWiersz", i, "P_12_XII"), "found", rate.String())
		}
	}
}

func checkOSSBuyer(d *Document, fs *Findings) {
	id := &d.Invoice.Podmiot2.DaneIdentyfikacyjne
	if d.hasRate(oss) && (id.NIP != "" || id.NrVatUE != "") {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne"))
	}
}

func checkOSSTax(d *Document, fs *Findings) {
	t := &d.totals[oss]
	if !d.kind(fa3.KindVAT) || !t.tax.ok {
		return
	}
	sum, n := zero, 0
	for i := range d.rows() {
		l := &d.lines[i]
		if l.bucket != oss {
			continue
		}
		rate := parse(l.P_12_XII)
		switch {
		case rate.ok && l.net.ok:
			sum = sum.Add(l.net.Mul(rate.Shift(-2)))
		case rate.ok && l.value.ok:
			sum = sum.Add(l.value.Mul(rate.Decimal).DivRound(rate.Add(hundred), 4))
		default:
			return
		}
		n++
	}
	if n > 0 && !near(sum, t.tax.Decimal, n) {
		fs.Add(Path("Fa", "P_14_5"), "expected", show(sum), "found", show(t.tax.Decimal))
	}
}
