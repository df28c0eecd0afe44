package ksefsim

import "strings"

// Ways to describe whom a right is given to.
const (
	personByID     = "PersonByIdentifier"
	personByFpID   = "PersonByFingerprintWithIdentifier"
	personByFpNoID = "PersonByFingerprintWithoutIdentifier"
	entityByID     = "EntityByIdentifier"
	entityByFp     = "EntityByFingerprint"
)

// details describe whom a right was given to, in the form of answers.
type details struct {
	Type             string      `json:"subjectDetailsType"`
	FirstName        string      `json:"firstName,omitempty"`
	LastName         string      `json:"lastName,omitempty"`
	PersonIdentifier *identifier `json:"personIdentifier,omitempty"`
	BirthDate        string      `json:"birthDate,omitempty"`
	IDDocument       *idDocument `json:"idDocument,omitempty"`
	FullName         string      `json:"fullName,omitempty"`
	Address          string      `json:"address,omitempty"`
}

// person returns the details when they are those of a person, entity when they
// are those of an entity; nil otherwise.
func (d *details) person() *details {
	if !strings.HasPrefix(d.Type, "Person") {
		return nil
	}
	return d
}

func (d *details) entity() *details {
	if !strings.HasPrefix(d.Type, "Entity") {
		return nil
	}
	return d
}

type idDocument struct {
	Type    string `json:"type"`
	Number  string `json:"number"`
	Country string `json:"country"`
}

// personCard names a person.
type personCard struct {
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

func (p *personCard) check(k *checker, name string) {
	k.length(name+".firstName", p.FirstName, 2, 30)
	k.length(name+".lastName", p.LastName, 2, 81)
}

// entityCard names an entity.
type entityCard struct {
	FullName string `json:"fullName"`
	Address  string `json:"address"`
}

func (e *entityCard) check(k *checker, name string) {
	k.length(name+".fullName", e.FullName, 1, 100)
	k.length(name+".address", e.Address, 1, 512)
}

// detailsBody describes whom a right is given to, in the form of requests: the
// member that the type names is set.
type detailsBody struct {
	Type       string      `json:"subjectDetailsType"`
	PersonByID *personCard `json:"personById"`
	PersonFpID *struct {
		personCard
		Identifier *identifier `json:"identifier"`
	} `json:"personByFpWithId"`
	PersonFp *struct {
		personCard
		BirthDate  string      `json:"birthDate"`
		IDDocument *idDocument `json:"idDocument"`
	} `json:"personByFpNoId"`
	EntityFp *entityCard `json:"entityByFp"`
}

// read checks a description of one of the listed types and turns it into the
// form of answers. A fingerprint needs one of the descriptions by fingerprint,
// other identifiers the one by identifier.
func (d *detailsBody) read(k *checker, subject identifier, types ...string) details {
	const name = "subjectDetails"
	if !k.require(name, d != nil) {
		return details{}
	}
	out := details{Type: k.one(name+".subjectDetailsType", d.Type, types...)}
	byFingerprint := out.Type != personByID
	if out.Type != "" && subject.Type != "" {
		k.check(byFingerprint == (subject.Type == typeFingerprint), "'%s.subjectDetailsType' does not fit the type of 'subjectIdentifier'.", name)
	}
	switch out.Type {
	case personByID:
		if k.require(name+".personById", d.PersonByID != nil) {
			d.PersonByID.check(k, name+".personById")
			out.name(d.PersonByID)
		}
	case personByFpID:
		d.readWithID(k, &out)
	case personByFpNoID:
		d.readWithoutID(k, &out)
	case entityByFp:
		if k.require(name+".entityByFp", d.EntityFp != nil) {
			d.EntityFp.check(k, name+".entityByFp")
			out.FullName, out.Address = d.EntityFp.FullName, d.EntityFp.Address
		}
	}
	return out
}

func (d *details) name(p *personCard) { d.FirstName, d.LastName = p.FirstName, p.LastName }

func (d *detailsBody) readWithID(k *checker, out *details) {
	const name = "subjectDetails.personByFpWithId"
	if !k.require(name, d.PersonFpID != nil) {
		return
	}
	d.PersonFpID.check(k, name)
	out.name(&d.PersonFpID.personCard)
	id := k.party(name+".identifier", d.PersonFpID.Identifier, typePESEL, typeNIP)
	out.PersonIdentifier = &id
}

func (d *detailsBody) readWithoutID(k *checker, out *details) {
	const name = "subjectDetails.personByFpNoId"
	if !k.require(name, d.PersonFp != nil) {
		return
	}
	p := d.PersonFp
	p.check(k, name)
	out.name(&p.personCard)
	if k.require(name+".birthDate", p.BirthDate != "") {
		k.date(name+".birthDate", p.BirthDate)
		out.BirthDate = p.BirthDate
	}
	if k.require(name+".idDocument", p.IDDocument != nil) {
		k.length(name+".idDocument.type", p.IDDocument.Type, 1, 20)
		k.length(name+".idDocument.number", p.IDDocument.Number, 1, 20)
		k.length(name+".idDocument.country", p.IDDocument.Country, 2, 2)
		out.IDDocument = p.IDDocument
	}
}

// companyBody describes a company that a right is given to.
type companyBody struct {
	FullName string `json:"fullName"`
}

func (e *companyBody) read(k *checker) details {
	if !k.require("subjectDetails", e != nil) {
		return details{}
	}
	k.length("subjectDetails.fullName", e.FullName, 5, 90)
	return details{Type: entityByID, FullName: e.FullName}
}
