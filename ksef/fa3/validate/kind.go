package validate

import (
	_ "embed" // tables of facts
	"sync"

	"github.com/faktupro/faktupro-go/internal/xsd"
	"github.com/faktupro/faktupro-go/internal/xsd/facts"
	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// Kind is a kind of document, recognised by its root element.
type Kind string

// The kinds that are known. Documents of the kinds up to UPO42 can be judged,
// the others only be named.
const (
	FA3    Kind = "FA(3)"    // the invoice in force since 1 February 2026
	FA2    Kind = "FA(2)"    // the invoice before that, still met in archives
	FARR   Kind = "FA_RR(1)" // VAT RR invoice of a flat-rate farmer, schema 1-1E
	UPO43  Kind = "UPO 4-3"  // confirmation of receipt
	UPO42  Kind = "UPO 4-2"  // confirmation of receipt, until December 2025
	PEF    Kind = "PEF(3)"   // Peppol invoice
	PEFKOR Kind = "PEF_KOR(3)"

	FA3Draft Kind = "FA(3) draft"   // published for comment in February 2025, never in force
	FA1      Kind = "FA(1)"         // until August 2023
	FARRTest Kind = "FA_RR(1) 1-0E" // test environment only, until April 2026
	UPOOld   Kind = "UPO"           // another version of the confirmation of receipt
	Unknown  Kind = "unknown"
)

//go:embed tables/fa2.txt
var factsFA2 string

//go:embed tables/farr1.txt
var factsFARR string

//go:embed tables/upo43.txt
var factsUPO43 string

//go:embed tables/upo42.txt
var factsUPO42 string

// form is a kind of document that can be judged.
type form struct {
	kind       Kind
	namespace  string
	root       string
	facts      func() string // the table of facts
	attachment bool          // may have one, and then be larger
	invoice    bool          // goes to KSeF, unlike what comes from there

	once     sync.Once
	compiled *xsd.Schema
}

// forms are in order of likelihood.
var forms = []*form{
	{kind: FA3, namespace: fa3.Namespace, root: "Faktura", facts: fa3.Facts, attachment: true, invoice: true},
	{kind: FA2, namespace: "http://crd.gov.pl/wzor/2023/06/29/12648/", root: "Faktura", facts: func() string { return factsFA2 }, invoice: true},
	{kind: FARR, namespace: "http://crd.gov.pl/wzor/2026/03/06/14189/", root: "Faktura", facts: func() string { return factsFARR }, invoice: true},
	{kind: UPO43, namespace: "http://upo.schematy.mf.gov.pl/KSeF/v4-3", root: "Potwierdzenie", facts: func() string { return factsUPO43 }},
	{kind: UPO42, namespace: "http://upo.schematy.mf.gov.pl/KSeF/v4-2", root: "Potwierdzenie", facts: func() string { return factsUPO42 }},
}

// schema compiles the table of facts at its first use.
func (f *form) schema() *xsd.Schema {
	f.once.Do(func() {
		table, err := facts.Parse([]byte(f.facts()))
		if err == nil {
			f.compiled, err = xsd.Compile(table)
		}
		if err != nil {
			panic("validate: table of " + string(f.kind) + ": " + err.Error()) // a test compiles all of them
		}
	})
	return f.compiled
}

// formOf finds the form by the name of the root element.
func formOf(space, local []byte) *form {
	for _, f := range forms {
		if string(space) == f.namespace && string(local) == f.root {
			return f
		}
	}
	return nil
}

// chooseSchema is formOf for the engine.
func chooseSchema(space, local []byte) *xsd.Schema {
	if f := formOf(space, local); f != nil {
		return f.schema()
	}
	return nil
}
