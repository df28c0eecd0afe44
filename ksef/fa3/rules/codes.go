package rules

import (
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// codeRules are the rules about codes of goods and services on lines.
var codeRules = []Rule{
	{
		"gtin.checksum", Warning, LikelyMistake, "GS1, construction of the GTIN",
		"The check digit of the GTIN is wrong: compare it with the bar code.",
		"Cyfra kontrolna numeru GTIN jest błędna: porównaj go z kodem kreskowym.",
		checkGTIN,
	},
	{
		"gtin.format", Info, LikelyMistake, "GS1: a GTIN has 8, 12, 13 or 14 digits",
		"A GTIN has 8, 12, 13 or 14 digits: write it so, or put the seller's own code into Indeks.",
		"Numer GTIN ma 8, 12, 13 lub 14 cyfr: zapisz go tak albo przenieś własny kod do pola Indeks.",
		checkGTINForm,
	},
	{
		"cn.format", Info, LikelyMistake, "Combined Nomenclature: codes of 8 digits, headings of 4 and 6",
		"A code of the Combined Nomenclature has 4, 6 or 8 digits: check it.",
		"Kod Nomenklatury scalonej (CN) ma 4, 6 lub 8 cyfr: sprawdź go.",
		checkCN,
	},
	{
		"pkwiu.format", Info, LikelyMistake, "PKWiU 2015: digits in groups of two separated by points",
		"A code of PKWiU 2015 looks like 62.01.11.0: check it.",
		"Kod PKWiU 2015 ma postać taką jak 62.01.11.0: sprawdź go.",
		checkPKWiU,
	},
	{
		"pkob.format", Info, LikelyMistake, "PKOB: sections and classes of 1 to 4 digits",
		"A code of PKOB (buildings) has up to four digits: check it.",
		"Kod PKOB (obiekty budowlane) ma do czterech cyfr: sprawdź go.",
		checkPKOB,
	},
	{
		"gtu.code", Warning, LikelyMistake, "regulation on the VAT register (JPK_VAT), § 10(3): GTU_01 is CN 2203 to 2208, GTU_07 is CN 8701 to 8708",
		"{gtu} is only for the goods of CN {range}, and the line has another CN code: correct one of them.",
		"{gtu} dotyczy tylko towarów o kodach CN {range}, a wiersz ma inny kod CN: popraw jeden z nich.",
		checkGTUCode,
	},
	{
		"gtu.service", Info, LikelyMistake, "regulation on the VAT register (JPK_VAT), § 10(3)(2): GTU_11 to GTU_13 are services and rights",
		"{gtu} is for services, and the line has a CN code, which is for goods: remove one of them.",
		"{gtu} dotyczy usług, a wiersz ma kod CN, który dotyczy towarów: usuń jeden z nich.",
		checkGTUService,
	},
}

func checkGTIN(d *Document, fs *Findings) {
	d.eachLine(fs, "GTIN", func(l *line) bool { return gtinForm(l.GTIN) && !gs1(l.GTIN, len(l.GTIN)) })
}

// gtinForm reports whether a text has the form of a GTIN.
func gtinForm(s string) bool {
	switch len(s) {
	case 8, 12, 13, 14:
		return digitsOnly(s)
	}
	return false
}

func checkGTINForm(d *Document, fs *Findings) {
	d.eachLine(fs, "GTIN", func(l *line) bool { return l.GTIN != "" && !gtinForm(l.GTIN) })
}

// cnDigits is a CN code without blanks and the mark for a part of a code.
func cnDigits(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(s), "ex"), " ", ""), ".", "")
}

func checkCN(d *Document, fs *Findings) {
	d.eachLine(fs, "CN", func(l *line) bool {
		if l.CN == "" {
			return false
		}
		code := cnDigits(l.CN)
		return !digitsOnly(code) || len(code) != 4 && len(code) != 6 && len(code) != 8 && len(code) != 10
	})
}

// pkwiu reports whether a code has the form 62.01.11.0, or the beginning of it.
func pkwiu(s string) bool {
	groups := strings.Split(s, ".")
	if len(groups) > 4 || len(groups[0]) != 2 {
		return false
	}
	for i, g := range groups {
		if !digitsOnly(g) || len(g) > 2 || i == 3 && len(g) != 1 {
			return false
		}
	}
	return true
}

func checkPKWiU(d *Document, fs *Findings) {
	d.eachLine(fs, "PKWiU", func(l *line) bool { return l.PKWiU != "" && !pkwiu(l.PKWiU) })
}

func checkPKOB(d *Document, fs *Findings) {
	d.eachLine(fs, "PKOB", func(l *line) bool { return l.PKOB != "" && (!digitsOnly(l.PKOB) || len(l.PKOB) > 4) })
}

// gtuRanges are the groups that one range of CN headings describes completely.
var gtuRanges = map[fa3.TGTU]struct{ first, last, text string }{
	fa3.GTU01: {"2203", "2208", "2203–2208"},
	fa3.GTU07: {"8701", "8708", "8701–8708"},
}

func checkGTUCode(d *Document, fs *Findings) {
	for i := range d.fa.FaWiersz {
		w := &d.fa.FaWiersz[i]
		if w.GTU == "" || w.CN == "" {
			continue
		}
		limits, ok := gtuRanges[w.GTU]
		code := cnDigits(w.CN)
		if !ok || len(code) < 4 || !digitsOnly(code) {
			continue
		}
		if heading := code[:4]; heading < limits.first || heading > limits.last {
			fs.Add(Path("Fa", "FaWiersz", i, "GTU"), "gtu", string(w.GTU), "range", limits.text)
		}
	}
}

func checkGTUService(d *Document, fs *Findings) {
	for i := range d.fa.FaWiersz {
		w := &d.fa.FaWiersz[i]
		if w.CN != "" && (w.GTU == fa3.GTU11 || w.GTU == fa3.GTU12 || w.GTU == fa3.GTU13) {
			fs.Add(Path("Fa", "FaWiersz", i, "GTU"), "gtu", string(w.GTU))
		}
	}
}
