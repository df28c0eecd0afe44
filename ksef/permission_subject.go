package ksef

import (
	"encoding/json"

	"github.com/faktupro/faktupro-go/pl"
)

// DetailsType tells how somebody with a permission is described. Kinds that
// KSeF adds are kept as they come.
type DetailsType string

// The ways of description.
const (
	PersonByIdentifier        DetailsType = "PersonByIdentifier"
	PersonByFingerprint       DetailsType = "PersonByFingerprintWithIdentifier"
	PersonByFingerprintNoID   DetailsType = "PersonByFingerprintWithoutIdentifier"
	EntityByIdentifierDetails DetailsType = "EntityByIdentifier"
	EntityByFingerprint       DetailsType = "EntityByFingerprint"
)

// Person is a natural person by name.
type Person struct {
	FirstName string `json:"firstName"` // 2 to 30 characters
	LastName  string `json:"lastName"`  // 2 to 81 characters
}

// PersonWithNumber is a person whose certificate does not name the PESEL or NIP
// that she has.
type PersonWithNumber struct {
	Person
	Number Identifier `json:"identifier"` // a Pesel or Nip
}

// PersonWithDocument is a person without PESEL and NIP.
type PersonWithDocument struct {
	Person
	BirthDate pl.Date    `json:"birthDate"`
	Document  IDDocument `json:"idDocument"`
}

// IDDocument is an identity document.
type IDDocument struct {
	Type    string `json:"type"`    // 1 to 20 characters
	Number  string `json:"number"`  // 1 to 20 characters
	Country string `json:"country"` // ISO 3166-1, two capitals
}

// EntityName is a company by name.
type EntityName struct {
	FullName string `json:"fullName"`
}

// EntityAddress is a company by name and address.
type EntityAddress struct {
	FullName string `json:"fullName"` // 1 to 100 characters
	Address  string `json:"address"`  // 1 to 512 characters
}

// SubjectDetails describe who is granted a permission. Exactly one field is
// set: ByIdentifier goes with a Nip or Pesel, the others with the Fingerprint
// of a certificate. Entity is for EU entities only.
type SubjectDetails struct {
	ByIdentifier *Person
	WithNumber   *PersonWithNumber
	NoNumber     *PersonWithDocument
	Entity       *EntityAddress
}

type wireSubjectDetails struct {
	Type         DetailsType         `json:"subjectDetailsType"`
	ByIdentifier *Person             `json:"personById,omitempty"`
	WithNumber   *PersonWithNumber   `json:"personByFpWithId,omitempty"`
	NoNumber     *PersonWithDocument `json:"personByFpNoId,omitempty"`
	Entity       *EntityAddress      `json:"entityByFp,omitempty"`
}

func (d SubjectDetails) kind() (t DetailsType, set int) {
	if d.Entity != nil {
		t, set = EntityByFingerprint, set+1
	}
	if d.NoNumber != nil {
		t, set = PersonByFingerprintNoID, set+1
	}
	if d.WithNumber != nil {
		t, set = PersonByFingerprint, set+1
	}
	if d.ByIdentifier != nil {
		t, set = PersonByIdentifier, set+1
	}
	return t, set
}

// MarshalJSON writes the details with the name of their kind.
func (d SubjectDetails) MarshalJSON() ([]byte, error) {
	t, _ := d.kind()
	return json.Marshal(wireSubjectDetails{t, d.ByIdentifier, d.WithNumber, d.NoNumber, d.Entity})
}

// details judges who is granted something. subject is the identifier beside
// the details: a fingerprint needs other details than a number.
func (c *checker) details(field string, d SubjectDetails, subject Identifier, eu bool) {
	t, set := d.kind()
	c.need(set > 0, field, RuleRequired, "describe who is granted the permission")
	c.need(set == 1, field, RuleTogether, "set exactly one way of description")
	if eu {
		c.need(t != PersonByIdentifier, field+".subjectDetailsType", RuleValue, "describe a certificate's owner by fingerprint")
	} else {
		c.need(t != EntityByFingerprint, field+".subjectDetailsType", RuleValue, "describe a person here")
	}
	byFingerprint := subject.Type == IdentifierFingerprint
	c.need(byFingerprint == (t != PersonByIdentifier), field+".subjectDetailsType", RuleTogether, "use ByIdentifier with NIP or PESEL, the others with a fingerprint")
	switch {
	case d.ByIdentifier != nil:
		d.ByIdentifier.check(c, field+".personById")
	case d.WithNumber != nil:
		d.WithNumber.check(c, field+".personByFpWithId")
		c.identifier(field+".personByFpWithId.identifier", d.WithNumber.Number, IdentifierPESEL, IdentifierNIP)
	case d.NoNumber != nil:
		d.NoNumber.checkDocument(c, field+".personByFpNoId")
	case d.Entity != nil:
		d.Entity.check(c, field+".entityByFp")
	}
}

func (p Person) check(c *checker, field string) {
	c.text(field+".firstName", p.FirstName, 2, 30)
	c.text(field+".lastName", p.LastName, 2, 81)
}

func (p PersonWithDocument) checkDocument(c *checker, field string) {
	p.check(c, field)
	c.need(!p.BirthDate.IsZero(), field+".birthDate", RuleRequired, "give the date of birth")
	c.text(field+".idDocument.type", p.Document.Type, 1, 20)
	c.text(field+".idDocument.number", p.Document.Number, 1, 20)
	c.need(plain(p.Document.Country, 2, 2, capital), field+".idDocument.country", RulePattern, "write the country as two capitals, such as DE")
}

func (e EntityAddress) check(c *checker, field string) {
	c.text(field+".fullName", e.FullName, 1, 100)
	c.text(field+".address", e.Address, 1, 512)
}
