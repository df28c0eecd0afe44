package validate

import (
	"fmt"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/internal/xsd"
)

// What the rules rest on.
const (
	referenceFile = "KSeF: rules for invoice files (UTF-8 without BOM, well-formed XML, size)"
	referenceRoot = "KSeF: accepted document structures"
)

func referenceSchema(k Kind) string { return "schema of " + string(k) }

var codes = map[xsd.Kind]Code{
	xsd.Unexpected: CodeUnexpected, xsd.Inside: CodeUnexpected, xsd.TooEarly: CodeOrder, xsd.TooLate: CodeOrder,
	xsd.Excluded: CodeChoice, xsd.TooMany: CodeTooMany, xsd.Missing: CodeMissing, xsd.Namespace: CodeNamespace,
	xsd.Text: CodeText, xsd.Attribute: CodeAttribute, xsd.NoAttribute: CodeAttribute, xsd.Nil: CodeAttribute,
	xsd.TypeName: CodeAttribute, xsd.Empty: CodeEmpty, xsd.Lexical: CodeType, xsd.Enum: CodeEnum,
	xsd.Length: CodeLength, xsd.Pattern: CodePattern, xsd.Digits: CodeDigits, xsd.Range: CodeRange,
	xsd.Fixed: CodeFixed, xsd.Duplicate: CodeDuplicate,
}

// violation reports what the schema does not allow.
func (j *judge) violation(x *xsd.Violation) {
	if x.Kind == xsd.Root {
		j.root(x)
		return
	}
	p := Problem{
		Layer: Schema, Code: codes[x.Kind], Severity: Error, offset: x.At, elem: x.Elem, attr: attributeName(x),
		Reference: referenceSchema(j.report.Kind),
	}
	t := j.structure(x, &p)
	if x.Kind >= xsd.Empty {
		t = j.value(x, &p)
	}
	p.EN, p.PL = t.en, t.pl
	j.add(p)
}

// structure explains a violation that is not about a value.
func (j *judge) structure(x *xsd.Violation, p *Problem) text {
	p.Expected = x.Names
	switch x.Kind {
	case xsd.Unexpected:
		return j.unexpected(x, p)
	case xsd.Missing:
		return j.missing(x)
	case xsd.Namespace:
		return j.namespace(x, p)
	case xsd.TooMany:
		return j.tooMany(x)
	case xsd.TooEarly:
		return j.order(x, "%s stands too early in %s: move it behind %s.", "Element %s jest w %s za wcześnie: przenieś go za element %s.")
	case xsd.TooLate:
		return j.order(x, "%s stands too late in %s: move it in front of %s.", "Element %s jest w %s za późno: przenieś go przed element %s.")
	case xsd.Excluded:
		return j.order(x, "%s cannot stand in %s together with %s: keep one of them.", "Element %s nie może wystąpić w %s razem z elementem %s: zostaw jeden z nich.")
	case xsd.Inside:
		e := j.named(x.Decl)
		return text{
			fmt.Sprintf("%s holds a plain value. The element %s cannot stand inside it: write the value without tags.", e.en, shownName(x.Found)),
			fmt.Sprintf("Element %s zawiera samą wartość. Element %s nie może być w środku: wpisz wartość bez znaczników.", e.pl, shownName(x.Found)),
		}
	case xsd.Text:
		e := j.named(x.Decl)
		return text{
			fmt.Sprintf("There is text directly inside %s, which may hold only elements. Delete it, or move it into the element it belongs to.", e.en),
			fmt.Sprintf("Bezpośrednio w elemencie %s jest tekst, a mogą tam być tylko inne elementy. Usuń go albo przenieś do właściwego elementu.", e.pl),
		}
	}
	return j.attribute(x)
}

func (j *judge) order(x *xsd.Violation, en, pl string) text {
	e := j.named(x.Decl)
	return text{fmt.Sprintf(en, e.en, x.Parent.Name, x.Relative), fmt.Sprintf(pl, e.pl, x.Parent.Name, x.Relative)}
}

func (j *judge) missing(x *xsd.Violation) text {
	if len(x.Names) > 1 {
		return text{
			fmt.Sprintf("%s lacks one of the elements %s: write one of them here.", x.Parent.Name, list(x.Names, "or")),
			fmt.Sprintf("W elemencie %s brakuje jednego z elementów: %s. Wpisz w tym miejscu jeden z nich.", x.Parent.Name, list(x.Names, "lub")),
		}
	}
	e := j.named(x.Decl)
	return text{
		fmt.Sprintf("%s lacks the required element %s: add it here.", x.Parent.Name, e.en),
		fmt.Sprintf("W elemencie %s brakuje wymaganego elementu %s. Dodaj go w tym miejscu.", x.Parent.Name, e.pl),
	}
}

func (j *judge) tooMany(x *xsd.Violation) text {
	e := j.named(x.Decl)
	if x.Limit == 1 {
		return text{
			fmt.Sprintf("%s may stand only once in %s: delete the second one, or put both into one.", e.en, x.Parent.Name),
			fmt.Sprintf("Element %s może wystąpić w %s tylko raz: usuń drugi albo połącz je w jeden.", e.pl, x.Parent.Name),
		}
	}
	return text{
		fmt.Sprintf("%s may stand at most %d times in %s; this is one too many.", e.en, x.Limit, x.Parent.Name),
		fmt.Sprintf("Element %s może wystąpić w %s najwyżej %d razy; ten jest już ponad limit.", e.pl, x.Parent.Name, x.Limit),
	}
}

func (j *judge) unexpected(x *xsd.Violation, p *Problem) text {
	name := shownName(x.Found)
	p.Nearest = x.Near
	h, ok := leftovers[x.Parent.Name+"/"+x.Found]
	if !ok && len(x.Parents) == 0 {
		h, ok = leftovers[x.Found]
	}
	if ok {
		p.Nearest = h.instead
		return text{
			fmt.Sprintf("%s does not exist in %s. %s", name, x.Parent.Name, h.en),
			fmt.Sprintf("Element %s nie istnieje w %s. %s", name, x.Parent.Name, h.pl),
		}
	}
	switch {
	case x.Near != "":
		return text{
			fmt.Sprintf("%s is unknown in %s; probably %s is meant.", name, x.Parent.Name, x.Near),
			fmt.Sprintf("Element %s jest nieznany w %s; chodzi pewnie o %s.", name, x.Parent.Name, x.Near),
		}
	case len(x.Parents) > 0:
		return text{
			fmt.Sprintf("%s does not belong in %s: it belongs in %s.", name, x.Parent.Name, list(x.Parents, "or")),
			fmt.Sprintf("Element %s nie należy do %s: jego miejsce jest w %s.", name, x.Parent.Name, list(x.Parents, "lub")),
		}
	}
	return text{
		fmt.Sprintf("%s does not exist in %s: delete it, or put what it says into an element that exists.", name, j.report.Kind),
		fmt.Sprintf("Element %s nie istnieje w %s: usuń go albo wpisz jego treść do istniejącego elementu.", name, j.report.Kind),
	}
}

func (j *judge) namespace(x *xsd.Violation, p *Problem) text {
	p.Nearest = j.form.namespace
	en, pl := "has no namespace", "nie ma przestrzeni nazw"
	if x.Space != "" {
		en, pl = "belongs to the namespace "+shownSpace(x.Space), "należy do przestrzeni nazw "+shownSpace(x.Space)
	}
	return text{
		fmt.Sprintf("The element %s %s. Everything in this document must belong to %s.", shownName(x.Found), en, j.form.namespace),
		fmt.Sprintf("Element %s %s. Wszystko w tym dokumencie musi należeć do %s.", shownName(x.Found), pl, j.form.namespace),
	}
}

func (j *judge) attribute(x *xsd.Violation) text {
	e, name := j.named(x.Decl), shownName(attributeName(x))
	switch x.Kind {
	case xsd.NoAttribute:
		if x.Fixed != "" {
			return text{
				fmt.Sprintf("The element %s lacks the attribute %s=\"%s\".", e.en, name, x.Fixed),
				fmt.Sprintf("W elemencie %s brakuje atrybutu %s=\"%s\".", e.pl, name, x.Fixed),
			}
		}
		return text{fmt.Sprintf("The element %s lacks the attribute %s.", e.en, name), fmt.Sprintf("W elemencie %s brakuje atrybutu %s.", e.pl, name)}
	case xsd.Nil:
		return text{
			fmt.Sprintf("The attribute xsi:nil is not allowed on %s: leave an element without value out.", e.en),
			fmt.Sprintf("Atrybut xsi:nil nie jest dozwolony w elemencie %s: element bez wartości po prostu pomiń.", e.pl),
		}
	case xsd.TypeName:
		return text{
			fmt.Sprintf("The attribute xsi:type of %s does not name the type of the element: delete it.", e.en),
			fmt.Sprintf("Atrybut xsi:type elementu %s nie podaje jego typu: usuń go.", e.pl),
		}
	}
	return text{
		fmt.Sprintf("The attribute %s is not allowed on %s: delete it.", name, e.en),
		fmt.Sprintf("Atrybut %s nie jest dozwolony w elemencie %s: usuń go.", name, e.pl),
	}
}

// attributeName is the name of the attribute concerned with its usual prefix.
func attributeName(x *xsd.Violation) string {
	switch x.Space {
	case "http://www.w3.org/2001/XMLSchema-instance":
		return "xsi:" + x.Attr
	case "http://www.w3.org/XML/1998/namespace":
		return "xml:" + x.Attr
	}
	return x.Attr
}

// named is an element with its meaning in brackets.
func (j *judge) named(e *xsd.Element) text {
	if e == nil {
		return text{}
	}
	t := text{e.Name, e.Name}
	if gloss := brief(e.Gloss); gloss != "" {
		t.en += " (" + gloss + ")"
	}
	if gloss := j.polish(e); gloss != "" {
		t.pl += " (" + gloss + ")"
	}
	return t
}

// brief is the beginning of an explanation, which says enough in a sentence.
func brief(gloss string) string {
	for _, end := range []string{";", ",", ":", " ("} {
		gloss, _, _ = strings.Cut(gloss, end)
	}
	return gloss
}

// maxListed is how many names or values a message lists.
const maxListed = 12

// list joins names for a sentence.
func list(names []string, and string) string {
	if len(names) > maxListed {
		return strings.Join(names[:maxListed], ", ") + " …"
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + and + " " + names[last]
}

// syntaxTexts explains errors of the XML layer.
func syntaxTexts(c xmlscan.Code) (en, pl string) {
	t, ok := syntax[c]
	if !ok {
		t = syntax[xmlscan.CodeMarkup]
	}
	return t.en, t.pl
}

var syntax = map[xmlscan.Code]text{
	xmlscan.CodeSize:        {"The file is far larger than anything KSeF accepts; it was not read.", "Plik jest znacznie większy niż wszystko, co przyjmuje KSeF; nie został odczytany."},
	xmlscan.CodeDepth:       {"Elements are nested deeper here than in any invoice.", "Elementy są tu zagnieżdżone głębiej niż w jakiejkolwiek fakturze."},
	xmlscan.CodeAttributes:  {"This element has far too many attributes.", "Ten element ma o wiele za dużo atrybutów."},
	xmlscan.CodeNamespaces:  {"There are far too many namespace declarations.", "Deklaracji przestrzeni nazw jest o wiele za dużo."},
	xmlscan.CodeEncoding:    {"The file is not encoded in UTF-8, the only encoding that KSeF accepts. Save it as UTF-8 without BOM.", "Plik nie jest zapisany w UTF-8, jedynym kodowaniu przyjmowanym przez KSeF. Zapisz go jako UTF-8 bez BOM."},
	xmlscan.CodeUTF8:        {"There are bytes here that are no UTF-8. The text probably comes from a program that uses another encoding: save the file as UTF-8.", "W tym miejscu są bajty, które nie są UTF-8. Tekst pochodzi pewnie z programu o innym kodowaniu: zapisz plik w UTF-8."},
	xmlscan.CodeChar:        {"Here is a control character that XML does not allow. Delete it.", "W tym miejscu jest znak sterujący, którego XML nie dopuszcza. Usuń go."},
	xmlscan.CodeDeclaration: {`The XML declaration is wrong. It stands at the very beginning: <?xml version="1.0" encoding="UTF-8"?>`, `Deklaracja XML jest błędna. Stoi na samym początku: <?xml version="1.0" encoding="UTF-8"?>`},
	xmlscan.CodeDoctype:     {"A document type declaration (DOCTYPE) is not accepted. Delete it.", "Deklaracja typu dokumentu (DOCTYPE) nie jest przyjmowana. Usuń ją."},
	xmlscan.CodeInstruction: {"A processing instruction (<?…?>) is not accepted by KSeF. Delete it.", "KSeF nie przyjmuje instrukcji przetwarzania (<?…?>). Usuń ją."},
	xmlscan.CodeComment:     {"A comment is malformed: -- may stand only at its end.", "Komentarz jest błędny: -- może stać tylko na jego końcu."},
	xmlscan.CodeMarkup:      {"The XML is malformed here. A < or & in text is written as &lt; or &amp;.", "XML jest w tym miejscu błędny. Znaki < i & w tekście zapisuje się jako &lt; i &amp;."},
	xmlscan.CodeName:        {"Here should be the name of an element or attribute. A < in text is written as &lt;.", "Tu powinna być nazwa elementu lub atrybutu. Znak < w tekście zapisuje się jako &lt;."},
	xmlscan.CodeMismatch:    {"The closing tag does not match the element that is open.", "Znacznik zamykający nie odpowiada otwartemu elementowi."},
	xmlscan.CodeDuplicate:   {"The attribute is given twice.", "Atrybut jest podany dwa razy."},
	xmlscan.CodePrefix:      {"The prefix before the colon is not declared, or declared wrongly (xmlns:…).", "Przedrostek przed dwukropkiem nie jest zadeklarowany albo jest zadeklarowany błędnie (xmlns:…)."},
	xmlscan.CodeReference:   {"After & comes no valid reference. The character & itself is written as &amp;.", "Po znaku & nie ma poprawnego odwołania. Sam znak & zapisuje się jako &amp;."},
	xmlscan.CodeCDATAEnd:    {"]]> is not allowed in text. Write ]]&gt;.", "W tekście nie może być ]]>. Zapisz ]]&gt;."},
	xmlscan.CodeOutside:     {"There is content outside the outermost element. Delete it.", "Poza elementem głównym jest treść. Usuń ją."},
	xmlscan.CodeEmpty:       {"The file contains no XML element.", "Plik nie zawiera żadnego elementu XML."},
	xmlscan.CodeTruncated:   {"The file ends too early: it is incomplete.", "Plik kończy się za wcześnie: jest niekompletny."},
}
