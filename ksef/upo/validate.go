package upo

import (
	"errors"
	"strconv"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

var (
	firstIssueDate = pl.Date{Year: 2006, Month: time.January, Day: 1}
	firstInstant   = time.Date(2021, time.October, 1, 0, 0, 0, 0, time.UTC)
)

var (
	errPattern   = errors.New("the value does not follow the schema")
	errLength    = errors.New("the text is empty, too long or has blanks that do not count")
	errDate      = errors.New("the date does not exist or is too early")
	errHash      = errors.New("the digest is missing")
	errAuthority = errors.New("the receipt is not from the ministry")
	errCount     = errors.New("a page confirms 1 to 10,000 invoices")
	errTwice     = errors.New("two invoices have one KSeF number")
	errLogin     = errors.New("either a token or a login document authenticates a session")
	errMode      = errors.New("the mode of sending is Online or Offline in version 4-3, absent in 4-2")
	errVersion   = errors.New("unknown version")
)

func invalid(path string, err error) error {
	return &Error{Code: CodeValue, Path: root + "/" + path, Err: err}
}

// Validate checks every value against the schema, with the exception that
// Authority may have a suffix. The error is an *Error with CodeValue and a path;
// Parse returns nothing that does not pass.
func (c *Confirmation) Validate() error {
	zero := [32]byte{}
	switch {
	case c.Version != "" && c.Version != V43 && c.Version != V42:
		return &Error{Code: CodeNamespace, Path: root, Err: errVersion}
	case !isClean(c.SchemaVersion):
		return invalid("@wersjaSchemy", errPattern)
	case c.Authority != "" && !isAuthority(c.Authority):
		return invalid("NazwaPodmiotuPrzyjmujacego", errAuthority)
	case !isReference(c.SessionReference):
		return invalid("NumerReferencyjnySesji", errPattern)
	case !c.Context.valid():
		return invalid("Uwierzytelnienie/IdKontekstu", errPattern)
	case (c.TokenReference == "") == (c.LoginHash == zero):
		return invalid("Uwierzytelnienie", errLogin)
	case c.TokenReference != "" && !isReference(c.TokenReference):
		return invalid("Uwierzytelnienie/NumerReferencyjnyTokenaKSeF", errPattern)
	case c.Page != nil && !c.Page.valid():
		return invalid("OpisPotwierdzenia", errPattern)
	case !isToken(c.Structure, 240):
		return invalid("NazwaStrukturyLogicznej", errLength)
	case !isToken(c.FormCode, 240):
		return invalid("KodFormularza", errLength)
	case len(c.Documents) < 1 || len(c.Documents) > MaxDocuments:
		return invalid("Dokument", errCount)
	}
	return c.validateDocuments()
}

func (p *Page) valid() bool {
	return p.Number > 0 && p.Pages > 0 && p.From > 0 && p.To > 0 && p.Total > 0
}

func (c *Confirmation) validateDocuments() error {
	seen := make(map[pl.KSeFNumber]struct{}, len(c.Documents))
	for i := range c.Documents {
		d := &c.Documents[i]
		field, err := d.validate(c.Version)
		if _, twice := seen[d.KSeFNumber]; twice && err == nil {
			field, err = "NumerKSeFDokumentu", errTwice
		}
		if err != nil {
			return invalid("Dokument["+strconv.Itoa(i+1)+"]/"+field, err)
		}
		seen[d.KSeFNumber] = struct{}{}
	}
	return nil
}

// validate returns the element that is wrong, and why.
func (d *Document) validate(v Version) (field string, err error) {
	switch {
	case !isNIP(string(d.SellerNIP)):
		return "NipSprzedawcy", errPattern
	case !isKSeFNumber(string(d.KSeFNumber), v):
		return "NumerKSeFDokumentu", errPattern
	case !isToken(d.InvoiceNumber, 256):
		return "NumerFaktury", errLength
	case !d.IssueDate.Valid() || d.IssueDate.Before(firstIssueDate):
		return "DataWystawieniaFaktury", errDate
	case d.ReceivedAt.Before(firstInstant) || d.ReceivedAt.Year() > 9999:
		return "DataPrzeslaniaDokumentu", errDate
	case d.AcceptedAt.Before(firstInstant) || d.AcceptedAt.Year() > 9999:
		return "DataNadaniaNumeruKSeF", errDate
	case d.InvoiceHash == [32]byte{}:
		return "SkrotDokumentu", errHash
	case (v == V42) != (d.Mode == "") || d.Mode != "" && d.Mode != ModeOnline && d.Mode != ModeOffline:
		return "TrybWysylki", errMode
	}
	return "", nil
}
