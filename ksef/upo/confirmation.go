package upo

import (
	"crypto/x509"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Version is a version of the schema.
type Version string

// The versions that are read and written. V42 has no Mode and knows KSeF numbers
// of 35 characters only.
const (
	V43 Version = "4-3"
	V42 Version = "4-2"
)

// namespacePrefix and a version make the namespace of a receipt.
const namespacePrefix = "http://upo.schematy.mf.gov.pl/KSeF/v"

// Namespace is the XML namespace of a version.
func (v Version) Namespace() string { return namespacePrefix + string(v) }

const (
	// Authority is the name of the receiving authority that the schema demands.
	// The test and demo environments put " - " and their own name behind it.
	Authority = "Ministerstwo Finansów"

	// MaxSize bounds a receipt in bytes. A full page of MaxDocuments takes about
	// 6 MB.
	MaxSize = 16 << 20

	// MaxDocuments is the number of invoices that one page may confirm.
	MaxDocuments = 10000
)

// Confirmation is one receipt (Potwierdzenie): of a single invoice, or one page
// of the receipt of a session.
type Confirmation struct {
	Version       Version // from the namespace; empty is written as V43
	SchemaVersion string  // attribute wersjaSchemy, mostly absent
	Authority     string  // NazwaPodmiotuPrzyjmujacego; empty is written as Authority

	SessionReference string  // NumerReferencyjnySesji
	Context          Context // IdKontekstu: for whom the session was opened

	// How the session was authenticated: exactly one of the two.
	TokenReference string   // NumerReferencyjnyTokenaKSeF: by a KSeF token
	LoginHash      [32]byte // SkrotDokumentuUwierzytelniajacego: SHA-256 of the signed login document as sent

	Page *Page // OpisPotwierdzenia; receipts of sessions only

	Structure string // NazwaStrukturyLogicznej, such as Schemat_FA(3)_v1-0E.xsd
	FormCode  string // KodFormularza, such as FA (3)

	Documents []Document // Dokument, 1 to MaxDocuments, KSeF numbers unique

	// Signature is who signed and when. Only Verify sets it.
	Signature *Signature
}

// ContextType says what kind of identifier a context is. The values are those of
// the KSeF API.
type ContextType string

// The types of contexts, with the names of their elements.
const (
	ContextNIP        ContextType = "Nip"        // Nip
	ContextInternalID ContextType = "InternalId" // IdWewnetrzny
	ContextNIPVATUE   ContextType = "NipVatUe"   // IdZlozonyVatUE: NIP, dash, VAT-UE number
	ContextPeppolID   ContextType = "PeppolId"   // IdDostawcyUslugPeppol
)

// Context is the party in whose name the session was opened.
type Context struct {
	Type  ContextType
	Value string
}

// Page places a page in the receipt of a session. The schema calls To exclusive,
// but real receipts use it both ways: do not calculate with it.
type Page struct {
	Number int // Strona, from 1
	Pages  int // LiczbaStron
	From   int // ZakresDokumentowOd
	To     int // ZakresDokumentowDo
	Total  int // CalkowitaLiczbaDokumentow: invoices on all pages
}

// Mode is how an invoice was sent.
type Mode string

// The modes of sending (TrybWysylki).
const (
	ModeOnline  Mode = "Online"
	ModeOffline Mode = "Offline"
)

// Document is one confirmed invoice (Dokument). Numbers are checked against the
// patterns of the schema; check digits are not judged, because the test
// environment does not mind them.
type Document struct {
	SellerNIP     pl.NIP        // NipSprzedawcy
	KSeFNumber    pl.KSeFNumber // NumerKSeFDokumentu, 35 or 36 characters
	InvoiceNumber string        // NumerFaktury, up to 256 characters
	IssueDate     pl.Date       // DataWystawieniaFaktury, from 2006-01-01
	ReceivedAt    time.Time     // DataPrzeslaniaDokumentu: sent to the KSeF, in UTC
	AcceptedAt    time.Time     // DataNadaniaNumeruKSeF: number assigned, in UTC
	InvoiceHash   [32]byte      // SkrotDokumentu: SHA-256 of the invoice as sent
	Mode          Mode          // TrybWysylki; empty in V42
}

// Signature is who signed a receipt.
type Signature struct {
	Certificate *x509.Certificate
	Time        time.Time // the signer's claim, in UTC
}

// Find returns the confirmed invoice with a KSeF number, nil when there is none.
func (c *Confirmation) Find(number pl.KSeFNumber) *Document {
	for i := range c.Documents {
		if c.Documents[i].KSeFNumber == number {
			return &c.Documents[i]
		}
	}
	return nil
}
