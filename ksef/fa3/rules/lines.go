package rules

import "github.com/faktupro/faktupro-go/ksef/fa3"

// lineRules are the rules about what a line must say.
var lineRules = []Rule{
	{
		"line.name_missing", Warning, LawRequires, "art. 106e(1)(7) of the VAT Act",
		"The line has no name of goods or service: fill in P_7.",
		"Wiersz nie ma nazwy towaru lub usługi: uzupełnij P_7.",
		checkName,
	},
	{
		"line.quantity_missing", Warning, LawRequires, "art. 106e(1)(8) of the VAT Act",
		"The line has no quantity: fill in P_8B.",
		"Wiersz nie ma ilości: uzupełnij P_8B.",
		checkQuantity,
	},
	{
		"line.unit_missing", Warning, LawRequires, "art. 106e(1)(8) of the VAT Act",
		"The line has a quantity without a unit of measure: fill in P_8A, for example szt. or h.",
		"Wiersz ma ilość bez jednostki miary: uzupełnij P_8A, np. szt. lub godz.",
		checkUnit,
	},
	{
		"line.price_missing", Warning, LawRequires, "art. 106e(1)(9) of the VAT Act",
		"The line has no unit price: fill in P_9A (net), or P_9B (gross) where the tax is computed from gross amounts.",
		"Wiersz nie ma ceny jednostkowej: uzupełnij P_9A (netto) albo P_9B (brutto), gdy podatek liczy się od kwot brutto.",
		checkPrice,
	},
	{
		"line.value_missing", Warning, LawRequires, "art. 106e(1)(11) of the VAT Act",
		"The line has no value: fill in P_11 (net), or P_11A (gross) where the tax is computed from gross amounts.",
		"Wiersz nie ma wartości: uzupełnij P_11 (netto) albo P_11A (brutto), gdy podatek liczy się od kwot brutto.",
		checkValue,
	},
	{
		"line.rate_missing", Warning, LawRequires, "art. 106e(1)(12) of the VAT Act; information sheet on FA(3), P_12",
		"The line has no VAT rate: fill in P_12, or P_12_XII for sales under the EU one-stop shop.",
		"Wiersz nie ma stawki VAT: uzupełnij P_12, a przy sprzedaży w procedurze OSS pole P_12_XII.",
		checkRate,
	},
	{
		"line.rate_twice", Warning, LawRequires, "information sheet on FA(3), P_12 and P_12_XII",
		"The line has both a Polish rate and a foreign one: keep P_12, or P_12_XII for sales under the EU one-stop shop.",
		"Wiersz ma i stawkę polską, i zagraniczną: zostaw P_12 albo, przy sprzedaży w procedurze OSS, P_12_XII.",
		checkRateTwice,
	},
	{
		"line.number_repeated", Warning, LikelyMistake, "information sheet on FA(3), NrWierszaFa",
		"Another line has the same number: number the lines 1, 2, 3 and so on; only a line before and a line after a correction share a number.",
		"Inny wiersz ma ten sam numer: ponumeruj wiersze 1, 2, 3 itd.; wspólny numer mają tylko wiersz sprzed korekty i po korekcie.",
		checkNumbers,
	},
	{
		"line.number_gap", Warning, LikelyMistake, "information sheet on FA(3), NrWierszaFa",
		"The lines are not numbered from 1 to their count, as if one were missing: number them 1, 2, 3 and so on.",
		"Wiersze nie są ponumerowane od 1 do ich liczby, jakby któregoś brakowało: ponumeruj je 1, 2, 3 itd.",
		checkNumberGap,
	},
	{
		"line.id_repeated", Warning, LikelyMistake, "information sheet on FA(3), UU_ID",
		"Another line has the same UU_ID: give each line its own; only a line before and a line after a correction share one.",
		"Inny wiersz ma ten sam UU_ID: nadaj każdemu wierszowi własny; wspólny mają tylko wiersz sprzed korekty i po korekcie.",
		checkIDs,
	},
	{
		"description.line", Warning, LikelyMistake, "information sheet on FA(3), DodatkowyOpis",
		"The description belongs to a line that does not exist: write the number of a line in NrWiersza, or leave it out.",
		"Opis odnosi się do wiersza, którego nie ma: wpisz w NrWiersza numer istniejącego wiersza albo pomiń to pole.",
		checkDescriptionLine,
	},
	{
		"description.repeated", Info, LikelyMistake, "information sheet on FA(3), DodatkowyOpis",
		"The same description (line, key and value) is given twice: remove one of them.",
		"Ten sam opis (wiersz, klucz i wartość) podano dwukrotnie: usuń jeden z nich.",
		checkDescriptionRepeated,
	},
}

// eachLine reports the lines that are bad.
func (d *Document) eachLine(fs *Findings, field string, bad func(*line) bool) {
	rows := d.rows()
	for i := range rows {
		if bad(&rows[i]) {
			fs.Add(Path("Fa", "FaWiersz", i, field))
		}
	}
}

// fullLines reports whether lines must be complete: on ordinary invoices and
// settlements that do not move the details into an attachment.
func (d *Document) fullLines() bool {
	return d.kind(fa3.KindVAT, fa3.KindROZ) && d.Invoice.Zalacznik == nil
}

func checkName(d *Document, fs *Findings) {
	if d.fa.OkresFaKorygowanej == "" {
		d.eachLine(fs, "", func(l *line) bool { return l.P_7 == "" })
	}
}

func checkQuantity(d *Document, fs *Findings) {
	if d.fullLines() {
		d.eachLine(fs, "", func(l *line) bool { return l.P_8B == "" && l.bucket != margin })
	}
}

func checkUnit(d *Document, fs *Findings) {
	if d.fullLines() {
		d.eachLine(fs, "", func(l *line) bool { return l.P_8A == "" && l.P_8B != "" && l.bucket != margin })
	}
}

func checkPrice(d *Document, fs *Findings) {
	if d.fullLines() {
		d.eachLine(fs, "", func(l *line) bool { return l.P_9A == "" && l.P_9B == "" && l.bucket != margin })
	}
}

func checkValue(d *Document, fs *Findings) {
	if d.kind(fa3.KindVAT, fa3.KindROZ) {
		d.eachLine(fs, "", func(l *line) bool { return l.P_11 == "" && l.P_11A == "" })
	}
}

// checkRate: corrections by name only and simplified invoices may leave the
// rate out, lines of a margin scheme must.
func checkRate(d *Document, fs *Findings) {
	if d.kind(fa3.KindUPR) {
		return
	}
	d.eachLine(fs, "", func(l *line) bool {
		bare := l.P_11 == "" && l.P_11A == ""
		return l.P_12 == "" && l.P_12_XII == "" && !d.margins() && !(bare && d.Correction())
	})
}

func checkRateTwice(d *Document, fs *Findings) {
	d.eachLine(fs, "P_12_XII", func(l *line) bool { return l.P_12 != "" && l.P_12_XII != "" })
}

// counted reports whether lines are numbered 1, 2, 3, in order, which nearly
// all are.
func (d *Document) counted() bool {
	for i := range d.fa.FaWiersz {
		if d.fa.FaWiersz[i].NrWierszaFa != int64(i+1) {
			return false
		}
	}
	return true
}

func checkNumbers(d *Document, fs *Findings) {
	if !d.counted() {
		var before, after seen[int64]
		d.eachLine(fs, "NrWierszaFa", func(l *line) bool {
			if l.StanPrzed {
				return before.add(l.NrWierszaFa)
			}
			return after.add(l.NrWierszaFa)
		})
	}
	if o := d.fa.Zamowienie; o != nil {
		var before, after seen[int64]
		for i := range o.ZamowienieWiersz {
			w, numbers := &o.ZamowienieWiersz[i], &after
			if w.StanPrzedZ {
				numbers = &before
			}
			if numbers.add(w.NrWierszaZam) {
				fs.Add(Path("Fa", "Zamowienie", "ZamowienieWiersz", i, "NrWierszaZam"))
			}
		}
	}
}

func checkNumberGap(d *Document, fs *Findings) {
	if d.Correction() || d.counted() {
		return
	}
	n := int64(len(d.fa.FaWiersz))
	var numbers seen[int64]
	for i := range d.fa.FaWiersz {
		if numbers.add(d.fa.FaWiersz[i].NrWierszaFa) {
			return // told by line.number_repeated
		}
	}
	for i := range d.fa.FaWiersz {
		if nr := d.fa.FaWiersz[i].NrWierszaFa; nr < 1 || nr > n {
			fs.Add(Path("Fa", "FaWiersz", i, "NrWierszaFa"))
			return
		}
	}
}

func checkIDs(d *Document, fs *Findings) {
	var before, after seen[string]
	d.eachLine(fs, "UU_ID", func(l *line) bool {
		switch {
		case l.UU_ID == "":
			return false
		case bool(l.StanPrzed):
			return before.add(l.UU_ID)
		}
		return after.add(l.UU_ID)
	})
	if o := d.fa.Zamowienie; o != nil {
		var before, after seen[string]
		for i := range o.ZamowienieWiersz {
			w, ids := &o.ZamowienieWiersz[i], &after
			if w.StanPrzedZ {
				ids = &before
			}
			if w.UU_IDZ != "" && ids.add(w.UU_IDZ) {
				fs.Add(Path("Fa", "Zamowienie", "ZamowienieWiersz", i, "UU_IDZ"))
			}
		}
	}
}

// lineNumbers are the numbers of the lines and of the lines of the order.
func (d *Document) lineNumbers() map[int64]bool {
	numbers := make(map[int64]bool, len(d.fa.FaWiersz))
	for i := range d.fa.FaWiersz {
		numbers[d.fa.FaWiersz[i].NrWierszaFa] = true
	}
	if o := d.fa.Zamowienie; o != nil {
		for i := range o.ZamowienieWiersz {
			numbers[o.ZamowienieWiersz[i].NrWierszaZam] = true
		}
	}
	return numbers
}

func checkDescriptionLine(d *Document, fs *Findings) {
	var numbers map[int64]bool
	for i := range d.fa.DodatkowyOpis {
		nr := d.fa.DodatkowyOpis[i].NrWiersza
		if nr == 0 {
			continue
		}
		if numbers == nil {
			numbers = d.lineNumbers()
		}
		if !numbers[nr] {
			fs.Add(Path("Fa", "DodatkowyOpis", i, "NrWiersza"))
		}
	}
}

func checkDescriptionRepeated(d *Document, fs *Findings) {
	var before seen[fa3.TKluczWartosc]
	for i, o := range d.fa.DodatkowyOpis {
		if before.add(o) {
			fs.Add(Path("Fa", "DodatkowyOpis", i))
		}
	}
}
