package validate

import (
	"fmt"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xsd"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// otherRoots are documents that can be named but not judged.
var otherRoots = map[string]Kind{
	"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 Invoice":       PEF,
	"urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2 CreditNote": PEFKOR,
	"http://crd.gov.pl/wzor/2025/02/14/02141/ Faktura":                     FA3Draft,
	"http://crd.gov.pl/wzor/2021/11/29/11089/ Faktura":                     FA1,
	"http://crd.gov.pl/wzor/2026/02/17/14164/ Faktura":                     FARRTest,
}

// otherKind names a document by its root.
func otherKind(space, local string) Kind {
	if k, ok := otherRoots[space+" "+local]; ok {
		return k
	}
	if local == "Potwierdzenie" && strings.HasPrefix(space, "http://upo.schematy.mf.gov.pl/KSeF/") {
		return UPOOld
	}
	return Unknown
}

// text is a sentence in both languages.
type text struct{ en, pl string }

var rootTexts = map[Kind]text{
	FA3Draft: {
		"This is the draft of FA(3) that was published for comment in February 2025. KSeF never accepted it: issue the invoice again as FA(3) with the namespace " + fa3.Namespace + ".",
		"To jest projekt FA(3) opublikowany do konsultacji w lutym 2025 r. KSeF nigdy go nie przyjmował: wystaw fakturę ponownie jako FA(3) z przestrzenią nazw " + fa3.Namespace + ".",
	},
	FA1: {
		"This is FA(1), which KSeF stopped accepting in 2023. Issue the invoice as FA(3).",
		"To jest FA(1), której KSeF nie przyjmuje od 2023 r. Wystaw fakturę jako FA(3).",
	},
	FARRTest: {
		"This is version 1-0E of FA_RR(1), which only the test environment accepted until April 2026. Use version 1-1E.",
		"To jest wersja 1-0E struktury FA_RR(1), którą przyjmowało tylko środowisko testowe do kwietnia 2026 r. Użyj wersji 1-1E.",
	},
	UPOOld: {
		"This is a confirmation of receipt (UPO) of a version that is not judged here; 4-3 and 4-2 are.",
		"To jest UPO w wersji, która nie jest tu oceniana; oceniane są wersje 4-3 i 4-2.",
	},
	PEF: {
		"This is a Peppol invoice (PEF). It was recognised but not judged: its schema is not built in.",
		"To jest faktura Peppol (PEF). Została rozpoznana, ale nie oceniona: jej schemat nie jest wbudowany.",
	},
	PEFKOR: {
		"This is a Peppol credit note (PEF_KOR). It was recognised but not judged: its schema is not built in.",
		"To jest korekta Peppol (PEF_KOR). Została rozpoznana, ale nie oceniona: jej schemat nie jest wbudowany.",
	},
}

// root reports a document that is none of the forms.
func (j *judge) root(x *xsd.Violation) {
	j.report.Judged = false
	p := Problem{
		Layer: Schema, Code: CodeRoot, Severity: Error, offset: x.At, elem: x.Elem, Reference: referenceRoot,
		Expected: []string{"Faktura of " + fa3.Namespace},
	}
	switch j.report.Kind {
	case PEF, PEFKOR:
		p.Code, p.Severity, p.Expected = CodeNotJudged, Info, nil
	case UPOOld:
		p.Code, p.Severity, p.Expected = CodeNotJudged, Warning, nil
	case Unknown:
		p.EN, p.PL = unknownRoot(x)
		if x.Found == "Faktura" {
			p.Nearest = fa3.Namespace
		}
	}
	if t, ok := rootTexts[j.report.Kind]; ok {
		p.EN, p.PL = t.en, t.pl
	}
	j.add(p)
}

func unknownRoot(x *xsd.Violation) (en, pl string) {
	if x.Found != "Faktura" {
		return fmt.Sprintf("The outermost element is %s. An invoice for KSeF has the outermost element Faktura of the namespace %s.", shownName(x.Found), fa3.Namespace),
			fmt.Sprintf("Element główny to %s. Faktura dla KSeF ma element główny Faktura z przestrzeni nazw %s.", shownName(x.Found), fa3.Namespace)
	}
	if x.Space == "" {
		return fmt.Sprintf(`The element Faktura has no namespace. Write it as <Faktura xmlns="%s">.`, fa3.Namespace),
			fmt.Sprintf(`Element Faktura nie ma przestrzeni nazw. Zapisz go jako <Faktura xmlns="%s">.`, fa3.Namespace)
	}
	return fmt.Sprintf("The namespace %s is none of an invoice that KSeF accepts. FA(3) has %s, with http and the slash at the end.", shownSpace(x.Space), fa3.Namespace),
		fmt.Sprintf("Przestrzeń nazw %s nie należy do żadnej faktury przyjmowanej przez KSeF. FA(3) ma %s, z http i ukośnikiem na końcu.", shownSpace(x.Space), fa3.Namespace)
}
