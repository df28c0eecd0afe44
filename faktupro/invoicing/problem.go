package invoicing

import "github.com/faktupro/faktupro-go/faktupro"

// Problems that only the service can find, because they depend on the other
// invoices or on CreateOptions, which are no part of the invoice: their path is
// the whole of it.
var (
	keyLength = faktupro.Problem{
		Code: "key.length",
		EN:   "the key of the request is longer than 128 characters; use a shorter one",
		PL:   "klucz żądania ma więcej niż 128 znaków; użyj krótszego",
	}
	keyCharacters = faktupro.Problem{
		Code: "key.characters",
		EN:   "the key of the request holds control characters or is not UTF-8; use letters, digits and punctuation",
		PL:   "klucz żądania zawiera znaki sterujące lub nie jest w UTF-8; użyj liter, cyfr i znaków przestankowych",
	}
	replacesNotFound = faktupro.Problem{
		Code: "replaces.not_found",
		EN:   "there is no invoice with the identifier of the one to be replaced; check the identifier",
		PL:   "nie ma faktury o identyfikatorze faktury zastępowanej; sprawdź identyfikator",
	}
	numberDuplicate = faktupro.Problem{
		Path: "/number", Code: "number.duplicate",
		EN: "another invoice of this seller and kind has this number; use another number, leave it out to get the next one of the series, or replace the rejected invoice that holds it",
		PL: "inna faktura tego sprzedawcy i rodzaju ma ten numer; podaj inny numer, pomiń go, aby otrzymać kolejny z serii, albo zastąp odrzuconą fakturę, która go zajmuje",
	}
	numberReplaced = faktupro.Problem{
		Path: "/number", Code: "number.replaced",
		EN: "an invoice that replaces a rejected one takes over its number; leave the number out or repeat that one",
		PL: "faktura zastępująca odrzuconą przejmuje jej numer; pomiń numer albo powtórz tamten",
	}
	numberSeriesUsed = faktupro.Problem{
		Path: "/number", Code: "number.series",
		EN: "the next numbers of the series are all in use by invoices that brought their own; move the series on or use another one",
		PL: "kolejne numery serii są już zajęte przez faktury z własnymi numerami; przesuń serię albo użyj innej",
	}
)

// invalid is the error of an invoice with one problem.
func invalid(p faktupro.Problem) error {
	p.Severity = faktupro.SeverityError
	return &faktupro.ValidationError{Problems: faktupro.Problems{p}}
}
