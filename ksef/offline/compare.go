package offline

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// Class is what a change does to an invoice. The values are stable.
type Class string

// The classes, from the harmless to the forbidden.
const (
	ClassTechnical Class = "technical" // about the file: header, program, schema
	ClassSpelling  Class = "spelling"  // the same value written in another way
	ClassContent   Class = "content"   // what the invoice says
)

// Change is one place in which two documents differ. It holds no values.
type Change struct {
	// Path leads to the element or attribute: /Faktura/Fa/FaWiersz[3]/P_11.
	// Repeated elements have an index from 1.
	Path  string `json:"path"`
	Class Class  `json:"class"`
	// Added and Removed tell that the place is only in the second or only in the
	// first document.
	Added   bool `json:"added,omitempty"`
	Removed bool `json:"removed,omitempty"`
	// Protected marks content that no technical correction may change, whatever
	// fault KSeF found in it: parties, number, dates, amounts.
	Protected bool `json:"protected,omitempty"`
}

// Compare names what differs between two invoices, in the order of the document.
func Compare(before, after *fa3.Faktura) ([]Change, error) {
	a, err := fa3.Marshal(before)
	if err != nil {
		return nil, fmt.Errorf("offline: compare: %w: %w", ErrDocument, err)
	}
	b, err := fa3.Marshal(after)
	if err != nil {
		return nil, fmt.Errorf("offline: compare: %w: %w", ErrDocument, err)
	}
	return CompareXML(a, b)
}

// CompareXML names what differs between two documents, in the order of the first
// and then of what only the second has. It reads any well-formed XML as large as
// an invoice may be, so that a document can be compared which the schema refuses. Layout,
// comments and the order of different elements make no difference. The error is
// ErrDocument for a document that cannot be read.
func CompareXML(before, after []byte) ([]Change, error) {
	a, err := flatten(before)
	if err != nil {
		return nil, fmt.Errorf("offline: compare: first document: %w: %w", ErrDocument, err)
	}
	b, err := flatten(after)
	if err != nil {
		return nil, fmt.Errorf("offline: compare: second document: %w: %w", ErrDocument, err)
	}
	var changes []Change
	for _, key := range a.order {
		value, kept := b.value[key]
		if !kept || value != a.value[key] {
			changes = append(changes, newChange(key, a, b, kept))
		}
	}
	for _, key := range b.order {
		if _, known := a.value[key]; !known {
			changes = append(changes, newChange(key, a, b, false))
		}
	}
	return changes, nil
}

func newChange(key string, a, b *flat, both bool) Change {
	_, inFirst := a.value[key]
	schema := withoutIndices(key)
	c := Change{Path: show(key, a, b), Class: ClassContent, Added: !both && !inFirst, Removed: !both && inFirst}
	switch {
	case strings.HasPrefix(schema, "/Faktura/Naglowek/") || strings.Contains(schema, "@"):
		c.Class = ClassTechnical
	case both && sameValue(schema, a.value[key], b.value[key]):
		c.Class = ClassSpelling
	default:
		c.Protected = protected.MatchString(schema)
	}
	return c
}

// protected are the identifiers of the parties, the number, the dates, the kind
// and the amounts of an invoice. A name that is too long may be cut, another NIP
// is another party.
var protected = regexp.MustCompile(`^/Faktura/(` +
	`(Podmiot[123]|PodmiotUpowazniony)/DaneIdentyfikacyjne/(NIP|IDWew|KodUE|NrVatUE|KodKraju|NrID|BrakID)|` +
	`Podmiot1/PrefiksPodatnika|Podmiot3/Rola|PodmiotUpowazniony/RolaPU|` +
	`Fa/(KodWaluty|P_1|P_2|P_6|OkresFa/.*|P_13_.*|P_14_.*|P_15(ZK)?|KursWaluty.*|RodzajFaktury|` +
	`DaneFaKorygowanej/.*|Podmiot[12]K/.*|ZaliczkaCzesciowa/.*|FakturaZaliczkowa/.*|Rozliczenie/.*)|` +
	`Fa/(FaWiersz|Zamowienie/ZamowienieWiersz)/(P_6A|P_8A|P_8B|P_9A|P_9B|P_10|P_11|P_11A|P_11Vat|P_12.*|` +
	`P_8AZ|P_8BZ|P_9AZ|P_11NettoZ|P_11VatZ|P_12Z.*|StanPrzed.*|KursWaluty.*)|` +
	`Fa/Zamowienie/WartoscZamowienia|` +
	`Fa/Platnosc/(Zaplacono|DataZaplaty|ZaplataCzesciowa/.*|TerminPlatnosci/.*|RachunekBankowy/NrRB)` +
	`)$`)

// identifiers are the elements in which blanks and dashes between the characters
// mean nothing.
var identifiers = regexp.MustCompile(`/(NIP|NrRB|NrVatUE)$`)

// number is a plain decimal number of a size that occurs on invoices.
var number = regexp.MustCompile(`^[+-]?[0-9]{1,40}(\.[0-9]{1,40})?$`)

// sameValue reports whether two texts say the same: apart from white space, from
// zeros around a number, from blanks and dashes in an identifier. Numbers of
// invoices are texts in which zeros count.
func sameValue(schema, a, b string) bool {
	a, b = strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " ")
	switch {
	case a == b:
		return true
	case identifiers.MatchString(schema):
		strip := strings.NewReplacer(" ", "", "-", "")
		return strip.Replace(a) == strip.Replace(b)
	case numeric.MatchString(schema) && number.MatchString(a) && number.MatchString(b):
		x, errX := decimal.NewFromString(a)
		y, errY := decimal.NewFromString(b)
		return errX == nil && errY == nil && x.Equal(y)
	}
	return false
}

// numeric are the elements that hold an amount, a quantity, a price or a rate of
// exchange.
var numeric = regexp.MustCompile(`/(P_8B|P_8BZ|P_9A|P_9AZ|P_9B|P_10|P_11|P_11A|P_11Vat|P_11NettoZ|P_11VatZ|` +
	`P_13_[0-9_]+|P_14_[0-9W_]+|P_15|P_15Z|P_15ZK|WartoscZamowienia|KursWaluty[A-Z0-9]*|KwotaAkcyzy|KwotaZaplatyCzesciowej)$`)
