package rules

import (
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// attachmentRules are the rules about structured attachments.
var attachmentRules = []Rule{
	{
		"attachment.online", Error, KSeFRejects, "KSeF verification of attachments (only with Config.Mode)",
		"An invoice with an attachment must go in a batch session: send it in a package.",
		"Fakturę z załącznikiem można wysłać tylko w sesji wsadowej: wyślij ją w paczce.",
		checkAttachmentMode,
	},
	{
		"attachment.consent", Error, KSeFRejects, "KSeF verification of attachments, status 415 (only with Config.Attachments)",
		"The seller has not notified the tax office that it sends attachments, so KSeF refuses them: file the notification in the e-Tax Office first.",
		"Sprzedawca nie zgłosił zamiaru wysyłania załączników, więc KSeF je odrzuci: złóż najpierw zgłoszenie w e-Urzędzie Skarbowym.",
		checkAttachmentConsent,
	},
	{
		"attachment.row_width", Warning, LawRequires, "information sheet on FA(3), Zalacznik",
		"The row has {found} cells and the table {expected} columns: remove cells, or add columns to the header.",
		"Wiersz ma {found} komórek, a tabela {expected} kolumn: usuń komórki albo dodaj kolumny w nagłówku.",
		checkRowWidth,
	},
	{
		"attachment.key_repeated", Info, LikelyMistake, "information sheet on FA(3), MetaDane",
		"The same key is given twice with the same value: remove one of them.",
		"Ten sam klucz podano dwukrotnie z tą samą wartością: usuń jeden z nich.",
		checkAttachmentKeys,
	},
	{
		"attachment.header_empty", Info, LikelyMistake, "information sheet on FA(3), NKom",
		"None of the columns has a name: name them in NKom.",
		"Żadna kolumna nie ma nazwy: nazwij je w polu NKom.",
		checkHeaderEmpty,
	},
	{
		"attachment.row_empty", Info, LikelyMistake, "information sheet on FA(3), Wiersz",
		"The row of the table is empty: remove it.",
		"Wiersz tabeli jest pusty: usuń go.",
		checkRowEmpty,
	},
	{
		"attachment.cell_type", Info, LikelyMistake, "information sheet on FA(3), Typ of Kol",
		"The cell does not hold what the type of its column says ({type}): correct the cell, or set the type to txt.",
		"Komórka nie zawiera tego, co zapowiada typ kolumny ({type}): popraw komórkę albo ustaw typ txt.",
		checkCellType,
	},
}

func checkAttachmentMode(d *Document, fs *Findings) {
	if d.Invoice.Zalacznik != nil && d.cfg.Mode == Online && !d.cfg.TechnicalCorrection {
		fs.Add(Path("Zalacznik"))
	}
}

func checkAttachmentConsent(d *Document, fs *Findings) {
	if d.Invoice.Zalacznik != nil && d.cfg.Attachments == fa3.No {
		fs.Add(Path("Zalacznik"))
	}
}

// eachTable calls yield for every table of the attachment.
func (d *Document) eachTable(yield func(block, table int, t *fa3.Tabela)) {
	if d.Invoice.Zalacznik == nil {
		return
	}
	for i := range d.Invoice.Zalacznik.BlokDanych {
		b := &d.Invoice.Zalacznik.BlokDanych[i]
		for j := range b.Tabela {
			yield(i, j, &b.Tabela[j])
		}
	}
}

func tablePath(block, table int, steps ...any) string {
	return Path(append([]any{"Zalacznik", "BlokDanych", block, "Tabela", table}, steps...)...)
}

func checkRowWidth(d *Document, fs *Findings) {
	d.eachTable(func(block, table int, t *fa3.Tabela) {
		width := len(t.TNaglowek.Kol)
		for i := range t.Wiersz {
			if n := len(t.Wiersz[i].WKom); n > width {
				fs.Add(tablePath(block, table, "Wiersz", i), "found", decimalOf(n), "expected", decimalOf(width))
			}
		}
		if t.Suma != nil && len(t.Suma.SKom) > width {
			fs.Add(tablePath(block, table, "Suma"), "found", decimalOf(len(t.Suma.SKom)), "expected", decimalOf(width))
		}
	})
}

func checkAttachmentKeys(d *Document, fs *Findings) {
	if d.Invoice.Zalacznik == nil {
		return
	}
	for i := range d.Invoice.Zalacznik.BlokDanych {
		var before seen[fa3.MetaDane]
		for j, m := range d.Invoice.Zalacznik.BlokDanych[i].MetaDane {
			if before.add(m) {
				fs.Add(Path("Zalacznik", "BlokDanych", i, "MetaDane", j))
			}
		}
	}
	d.eachTable(func(block, table int, t *fa3.Tabela) {
		var before seen[fa3.TMetaDane]
		for j, m := range t.TMetaDane {
			if before.add(m) {
				fs.Add(tablePath(block, table, "TMetaDane", j))
			}
		}
	})
}

func checkHeaderEmpty(d *Document, fs *Findings) {
	d.eachTable(func(block, table int, t *fa3.Tabela) {
		for i := range t.TNaglowek.Kol {
			if t.TNaglowek.Kol[i].NKom != "" {
				return
			}
		}
		fs.Add(tablePath(block, table, "TNaglowek"))
	})
}

func checkRowEmpty(d *Document, fs *Findings) {
	d.eachTable(func(block, table int, t *fa3.Tabela) {
		for i := range t.Wiersz {
			if strings.Join(t.Wiersz[i].WKom, "") == "" {
				fs.Add(tablePath(block, table, "Wiersz", i))
			}
		}
	})
}

// blank reports whether a cell says that there is no value.
func blank(s string) bool { return strings.Trim(s, " -–—") == "" }

// cellFits reports whether a cell holds what its column promises. People write
// numbers in many ways, so only cells without any digit count as wrong.
func cellFits(typ fa3.KolTyp, cell string) bool {
	switch {
	case blank(cell):
		return true
	case typ == fa3.ColumnDate:
		_, err := pl.ParseDate(cell)
		return err == nil || digitCount(cell) >= 6
	case typ == fa3.ColumnDecimal, typ == fa3.ColumnInteger, typ == fa3.ColumnTime, typ == fa3.ColumnDateTime:
		return digitCount(cell) > 0
	}
	return true
}

func checkCellType(d *Document, fs *Findings) {
	d.eachTable(func(block, table int, t *fa3.Tabela) {
		for i := range t.Wiersz {
			cells := t.Wiersz[i].WKom
			if len(cells) != len(t.TNaglowek.Kol) {
				continue // a heading that spans the row
			}
			for j, cell := range cells {
				if typ := t.TNaglowek.Kol[j].Typ; !cellFits(typ, cell) {
					fs.Add(tablePath(block, table, "Wiersz", i, "WKom", j), "type", string(typ))
				}
			}
		}
	})
}
