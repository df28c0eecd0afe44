package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// textRules are the rules about texts of any kind.
var textRules = []Rule{
	{
		"text.placeholder", Info, LikelyMistake, "texts that stand for something that is not known",
		"The text only fills the field and says nothing: write what belongs here, or leave the field out where the schema allows.",
		"Tekst tylko zapełnia pole i nic nie znaczy: wpisz właściwą treść albo pomiń pole, jeśli schemat na to pozwala.",
		checkPlaceholders,
	},
	{
		"text.broken_letters", Warning, LikelyMistake, "texts read in a wrong encoding",
		"Letters with diacritics are broken, because the text was read in a wrong encoding somewhere: correct it in the program it comes from.",
		"Litery ze znakami diakrytycznymi są uszkodzone, bo tekst odczytano gdzieś w złym kodowaniu: popraw go w programie, z którego pochodzi.",
		checkBrokenLetters,
	},
	{
		"text.odd_spaces", Info, LikelyMistake, "blanks that are not seen",
		"The text holds spaces at its ends, or blanks of an unusual or invisible kind: type it again, since search and comparison will miss it.",
		"Tekst ma odstępy na brzegach albo odstępy nietypowe lub niewidoczne: wpisz go ponownie, bo wyszukiwanie i porównywanie go nie znajdzie.",
		checkOddSpaces,
	},
	{
		"element.empty", Info, Advice, "elements that the schema lets be empty",
		"The element is empty and tells nothing: leave it out.",
		"Element jest pusty i niczego nie wnosi: pomiń go.",
		checkEmptyElements,
	},
}

// eachText reports the texts that people read first (names, addresses and
// goods) and that are bad.
func (d *Document) eachText(fs *Findings, bad func(string) bool) {
	for i := range d.people() {
		p := &d.parties[i]
		if bad(p.id.Nazwa) {
			fs.Add(p.idPath("Nazwa"))
		}
		if p.address == nil {
			continue
		}
		if bad(p.address.AdresL1) {
			fs.Add(p.addressPath("AdresL1"))
		}
		if bad(p.address.AdresL2) {
			fs.Add(p.addressPath("AdresL2"))
		}
	}
	for i := range d.fa.FaWiersz {
		if bad(d.fa.FaWiersz[i].P_7) {
			fs.Add(Path("Fa", "FaWiersz", i, "P_7"))
		}
	}
}

// placeholders are texts that only fill a field.
var placeholders = map[string]bool{
	"brak": true, "brak danych": true, "nie dotyczy": true, "n/d": true, "nd": true, "nd.": true, "n.d.": true,
	"n/a": true, "x": true, "xx": true, "xxx": true, "xxxx": true, "test": true, "todo": true, "null": true,
	"none": true, "undefined": true, "-": true, "--": true, "---": true, ".": true, "..": true, "...": true,
	"?": true, "??": true, "???": true, "lorem ipsum": true, "nan": true,
}

// longestPlaceholder bounds what is looked up.
const longestPlaceholder = 12

func isPlaceholder(text string) bool {
	return text != "" && len(text) <= longestPlaceholder && placeholders[strings.ToLower(text)]
}

func checkPlaceholders(d *Document, fs *Findings) { d.eachText(fs, isPlaceholder) }

// brokenPairs are Polish letters written in UTF-8 and read as Windows-1252 or
// Windows-1250, and the character that replaces what cannot be read.
var brokenPairs = []string{
	"Ä…", "Ä‡", "Ä™", "Å‚", "Å„", "Ã³", "Å›", "Åº", "Å¼", "Å»",
	"Ĺ‚", "Ĺ„", "Ăł", "Ĺ›", "Ĺş", "ĹĽ", "Ĺ»", "\uFFFD",
}

// opensBroken reports whether a character begins one of the pairs.
func opensBroken(r rune) bool {
	switch r {
	case 'Ä', 'Å', 'Ã', 'Ĺ', 'Ă', utf8.RuneError:
		return true
	}
	return false
}

// brokenLetters reports whether a text was read in a wrong encoding.
func brokenLetters(text string) bool {
	if ascii(text) || !strings.ContainsFunc(text, opensBroken) {
		return false
	}
	for _, pair := range brokenPairs {
		if strings.Contains(text, pair) {
			return true
		}
	}
	return false
}

func checkBrokenLetters(d *Document, fs *Findings) { d.eachText(fs, brokenLetters) }

// oddSpaces reports whether a text has blanks that a reader does not see: at
// the ends, or other than the ordinary space. White space that XML collapses
// inside a text does not count.
func oddSpaces(s string) bool {
	if s == "" {
		return false
	}
	if s[0] <= ' ' || s[len(s)-1] <= ' ' {
		return true
	}
	if ascii(s) {
		return false
	}
	for _, r := range s {
		if r >= utf8.RuneSelf && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)) {
			return true
		}
	}
	return false
}

func checkOddSpaces(d *Document, fs *Findings) { d.eachText(fs, oddSpaces) }

func checkEmptyElements(d *Document, fs *Findings) {
	f := d.Invoice
	for i, c := range f.Podmiot1.DaneKontaktowe {
		if c == (fa3.DaneKontaktowe{}) {
			fs.Add(Path("Podmiot1", "DaneKontaktowe", i))
		}
	}
	for i, c := range f.Podmiot2.DaneKontaktowe {
		if c == (fa3.DaneKontaktowe{}) {
			fs.Add(Path("Podmiot2", "DaneKontaktowe", i))
		}
	}
	if w := d.fa.WarunkiTransakcji; w != nil {
		for i := range w.Umowy {
			if w.Umowy[i] == (fa3.Umowy{}) {
				fs.Add(Path("Fa", "WarunkiTransakcji", "Umowy", i))
			}
		}
		for i := range w.Zamowienia {
			if w.Zamowienia[i] == (fa3.Zamowienia{}) {
				fs.Add(Path("Fa", "WarunkiTransakcji", "Zamowienia", i))
			}
		}
	}
	if s := f.Stopka; s != nil {
		d.emptyFooter(s, fs)
	}
}

func (d *Document) emptyFooter(s *fa3.Stopka, fs *Findings) {
	if len(s.Informacje)+len(s.Rejestry) == 0 {
		fs.Add(Path("Stopka"))
	}
	for i := range s.Informacje {
		if s.Informacje[i] == (fa3.Informacje{}) {
			fs.Add(Path("Stopka", "Informacje", i))
		}
	}
	for i := range s.Rejestry {
		if s.Rejestry[i] == (fa3.Rejestry{}) {
			fs.Add(Path("Stopka", "Rejestry", i))
		}
	}
}
