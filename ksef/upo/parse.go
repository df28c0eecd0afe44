package upo

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

const root = "Potwierdzenie"

// Parse reads a receipt without verifying who signed it: a ds:Signature at the
// end of the root is skipped. Use Verify for receipts that come from outside.
// The error is an *Error with a path and, where the fault has one, a line.
func Parse(xml []byte) (*Confirmation, error) {
	d := newDecoder(xml)
	c := d.confirmation()
	if d.err != nil {
		return nil, d.err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return c, nil
}

var (
	errBase64   = errors.New("not the Base64 of 32 bytes")
	errNumber   = errors.New("not a positive whole number")
	errInstant  = errors.New("not a date and time")
	errDay      = errors.New("not a date")
	errEmpty    = errors.New("an element is empty")
	errChoice   = errors.New("none of the elements that may stand here")
	errVersions = errors.New("not a Potwierdzenie of version 4-3 or 4-2")
)

func (d *decoder) confirmation() *Confirmation {
	c := new(Confirmation)
	d.root(c)
	c.Authority = d.text("NazwaPodmiotuPrzyjmujacego")
	c.SessionReference = d.text("NumerReferencyjnySesji")
	d.login(c)
	if d.at("OpisPotwierdzenia") {
		c.Page = d.page()
	}
	c.Structure = d.text("NazwaStrukturyLogicznej")
	c.FormCode = d.text("KodFormularza")
	d.documents(c)
	d.signature()
	d.close()
	d.end()
	return c
}

func (d *decoder) login(c *Confirmation) {
	d.open("Uwierzytelnienie")
	d.open("IdKontekstu")
	c.Context = d.context()
	d.close()
	if d.at("NumerReferencyjnyTokenaKSeF") {
		c.TokenReference = d.text("NumerReferencyjnyTokenaKSeF")
	} else {
		c.LoginHash = d.hash("SkrotDokumentuUwierzytelniajacego")
	}
	d.close()
}

func (d *decoder) context() Context {
	for _, e := range contextElements {
		if d.at(e.element) {
			return Context{e.kind, d.text(e.element)}
		}
	}
	d.fail(CodeStructure, "", errChoice)
	return Context{}
}

func (d *decoder) page() *Page {
	d.open("OpisPotwierdzenia")
	p := &Page{
		Number: d.number("Strona"),
		Pages:  d.number("LiczbaStron"),
		From:   d.number("ZakresDokumentowOd"),
		To:     d.number("ZakresDokumentowDo"),
		Total:  d.number("CalkowitaLiczbaDokumentow"),
	}
	d.close()
	return p
}

func (d *decoder) documents(c *Confirmation) {
	for first := true; first || d.at("Dokument"); first = false {
		d.index = len(c.Documents) + 1
		if d.index > MaxDocuments {
			d.fail(CodeStructure, "Dokument", errCount)
		}
		d.open("Dokument")
		c.Documents = append(c.Documents, d.document(c.Version))
		d.close()
		if d.err != nil {
			return
		}
	}
}

func (d *decoder) document(v Version) Document {
	out := Document{
		SellerNIP:     pl.NIP(d.text("NipSprzedawcy")),
		KSeFNumber:    pl.KSeFNumber(d.text("NumerKSeFDokumentu")),
		InvoiceNumber: d.text("NumerFaktury"),
		IssueDate:     d.date("DataWystawieniaFaktury"),
		ReceivedAt:    d.instant("DataPrzeslaniaDokumentu"),
		AcceptedAt:    d.instant("DataNadaniaNumeruKSeF"),
		InvoiceHash:   d.hash("SkrotDokumentu"),
	}
	if v != V42 {
		out.Mode = mode(d.exact("TrybWysylki"))
	}
	return out
}

// mode avoids a copy of the two words for every document.
func mode(s string) Mode {
	switch s {
	case string(ModeOnline):
		return ModeOnline
	case string(ModeOffline):
		return ModeOffline
	}
	return Mode(s)
}

func (d *decoder) hash(name string) (sum [32]byte) {
	s := d.text(name)
	if d.err != nil {
		return sum
	}
	var raw [48]byte
	if len(s) != 44 {
		d.fail(CodeValue, name, errBase64)
		return sum
	}
	n, err := base64.StdEncoding.Strict().Decode(raw[:], []byte(s))
	if err != nil || n != len(sum) {
		d.fail(CodeValue, name, errBase64)
		return sum
	}
	copy(sum[:], raw[:])
	return sum
}

func (d *decoder) number(name string) int {
	s := d.text(name)
	n, err := strconv.ParseInt(s, 10, 32)
	if d.err == nil && (err != nil || n < 1) {
		d.fail(CodeValue, name, errNumber)
	}
	return int(n)
}

func (d *decoder) date(name string) pl.Date {
	day, err := pl.ParseDate(d.text(name))
	if d.err == nil && err != nil {
		d.fail(CodeValue, name, errDay)
	}
	return day
}

// instant reads an xsd:dateTime. The schema leaves the offset optional; the time
// is Warsaw's without one.
func (d *decoder) instant(name string) time.Time {
	s := d.text(name)
	if d.err != nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t, err = time.ParseInLocation("2006-01-02T15:04:05.999999999", s, pl.Warsaw())
	}
	if err != nil || strings.Contains(s, ",") || !isOffset(t) {
		d.fail(CodeValue, name, errInstant)
	}
	return t.UTC()
}

// isOffset reports whether a time zone is within the 14 hours that XML Schema
// knows.
func isOffset(t time.Time) bool {
	_, offset := t.Zone()
	return offset <= 14*60*60 && offset >= -14*60*60
}
