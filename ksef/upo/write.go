package upo

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/pl"
)

// instantLayout is how receipts write instants: Warsaw time with its offset and
// three digits of the second.
const instantLayout = "2006-01-02T15:04:05.000Z07:00"

// AppendXML appends the receipt, unsigned, to dst: an XML declaration and the
// elements without white space between them, the same bytes for the same
// receipt. Instants are cut to milliseconds. Whether the values may stand in a
// receipt is a question for Validate, which goes first.
//
// Sign the result with xades.Sign to get what the KSeF hands out.
func (c *Confirmation) AppendXML(dst []byte) []byte {
	version := c.Version
	if version == "" {
		version = V43
	}
	authority := c.Authority
	if authority == "" {
		authority = Authority
	}
	dst = append(dst, `<?xml version="1.0" encoding="UTF-8"?><Potwierdzenie xmlns="`...)
	dst = append(append(dst, version.Namespace()...), '"')
	if c.SchemaVersion != "" {
		dst = append(dst, ` wersjaSchemy="`...)
		dst = append(xmlscan.AppendAttr(dst, c.SchemaVersion), '"')
	}
	dst = append(dst, '>')
	dst = appendElement(dst, "NazwaPodmiotuPrzyjmujacego", authority)
	dst = appendElement(dst, "NumerReferencyjnySesji", c.SessionReference)
	dst = c.appendLogin(dst)
	if c.Page != nil {
		dst = c.Page.append(dst)
	}
	dst = appendElement(dst, "NazwaStrukturyLogicznej", c.Structure)
	dst = appendElement(dst, "KodFormularza", c.FormCode)
	for i := range c.Documents {
		dst = c.Documents[i].append(dst, version)
	}
	return append(dst, "</Potwierdzenie>"...)
}

func (c *Confirmation) appendLogin(dst []byte) []byte {
	dst = append(dst, "<Uwierzytelnienie><IdKontekstu>"...)
	dst = appendElement(dst, contextElement(c.Context.Type), c.Context.Value)
	dst = append(dst, "</IdKontekstu>"...)
	if c.TokenReference != "" {
		dst = appendElement(dst, "NumerReferencyjnyTokenaKSeF", c.TokenReference)
	} else {
		dst = appendHash(dst, "SkrotDokumentuUwierzytelniajacego", c.LoginHash)
	}
	return append(dst, "</Uwierzytelnienie>"...)
}

func contextElement(t ContextType) string {
	for _, e := range contextElements {
		if e.kind == t {
			return e.element
		}
	}
	return string(ContextNIP)
}

var contextElements = [...]struct {
	element string
	kind    ContextType
}{
	{"Nip", ContextNIP},
	{"IdWewnetrzny", ContextInternalID},
	{"IdZlozonyVatUE", ContextNIPVATUE},
	{"IdDostawcyUslugPeppol", ContextPeppolID},
}

func (p *Page) append(dst []byte) []byte {
	dst = append(dst, "<OpisPotwierdzenia>"...)
	dst = appendNumber(dst, "Strona", p.Number)
	dst = appendNumber(dst, "LiczbaStron", p.Pages)
	dst = appendNumber(dst, "ZakresDokumentowOd", p.From)
	dst = appendNumber(dst, "ZakresDokumentowDo", p.To)
	dst = appendNumber(dst, "CalkowitaLiczbaDokumentow", p.Total)
	return append(dst, "</OpisPotwierdzenia>"...)
}

func (d *Document) append(dst []byte, v Version) []byte {
	dst = append(dst, "<Dokument>"...)
	dst = appendElement(dst, "NipSprzedawcy", string(d.SellerNIP))
	dst = appendElement(dst, "NumerKSeFDokumentu", string(d.KSeFNumber))
	dst = appendElement(dst, "NumerFaktury", d.InvoiceNumber)
	dst = appendElement(dst, "DataWystawieniaFaktury", d.IssueDate.String())
	dst = appendInstant(dst, "DataPrzeslaniaDokumentu", d.ReceivedAt)
	dst = appendInstant(dst, "DataNadaniaNumeruKSeF", d.AcceptedAt)
	dst = appendHash(dst, "SkrotDokumentu", d.InvoiceHash)
	if v != V42 {
		dst = appendElement(dst, "TrybWysylki", string(d.Mode))
	}
	return append(dst, "</Dokument>"...)
}

func open(dst []byte, name string) []byte { return append(append(append(dst, '<'), name...), '>') }

func shut(dst []byte, name string) []byte { return append(append(append(dst, '<', '/'), name...), '>') }

func appendElement(dst []byte, name, value string) []byte {
	return shut(xmlscan.AppendText(open(dst, name), value), name)
}

func appendNumber(dst []byte, name string, n int) []byte {
	return shut(strconv.AppendInt(open(dst, name), int64(n), 10), name)
}

func appendInstant(dst []byte, name string, t time.Time) []byte {
	return shut(t.In(pl.Warsaw()).AppendFormat(open(dst, name), instantLayout), name)
}

func appendHash(dst []byte, name string, sum [32]byte) []byte {
	return shut(base64.StdEncoding.AppendEncode(open(dst, name), sum[:]), name)
}
