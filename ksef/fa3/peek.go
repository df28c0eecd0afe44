package fa3

import (
	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/pl"
)

// Summary is what lists and routing need to know about a document. Text is
// trimmed; what the document does not say, or says in a way that cannot be read,
// is zero.
type Summary struct {
	Root          string // local name of the root element, Faktura
	Namespace     string // namespace of the root element; Namespace for FA(3)
	SystemCode    string // KodFormularza/@kodSystemowy, "FA (3)"
	SchemaVersion string // KodFormularza/@wersjaSchemy, "1-0E"

	SellerNIP  string // Podmiot1
	SellerName string
	BuyerNIP   string // Podmiot2; empty for a buyer without NIP
	BuyerName  string

	KodWaluty     TKodWaluty     // currency
	P_1           pl.Date        // date of issue
	P_2           string         // number
	P_15          Decimal        // amount due
	RodzajFaktury TRodzajFaktury // kind

	Attachment bool // there is a Zalacznik
}

// Peek reads a Summary without building the model. The document must be
// well-formed XML of at most [MaxSizeWithAttachment] bytes, otherwise the error
// is a *[SyntaxError]; whether it follows the schema is not checked, so that
// other Faktura documents, such as FA(2), can be told apart.
func Peek(xml []byte) (Summary, error) {
	p := peeker{scan: xmlscan.New(xml, xmlscan.Config{MaxSize: MaxSizeWithAttachment})}
	for {
		kind, err := p.scan.Next()
		if err != nil {
			d := decoder{raw: xml}
			d.syntax(err, false)
			return Summary{}, d.err
		}
		switch kind {
		case xmlscan.Start:
			p.start()
		case xmlscan.Text:
			if p.target != nil {
				p.value = p.scan.AppendText(p.value)
			}
		case xmlscan.End:
			p.end()
		case xmlscan.EOF:
			p.sum.P_1, _ = pl.ParseDate(p.date)
			return p.sum, nil
		}
	}
}

type peeker struct {
	scan    *xmlscan.Scanner
	sum     Summary
	date    string
	section string  // name of the open child of the root, if it matters
	party   bool    // inside DaneIdentyfikacyjne
	target  *string // takes the text of the open element
	value   []byte
}

func (p *peeker) start() {
	p.target = nil
	name := p.scan.Local()
	depth := p.scan.Depth()
	if depth == 1 {
		p.sum.Root, p.sum.Namespace = string(name), string(p.scan.Space())
		return
	}
	if depth > 4 || string(p.scan.Space()) != p.sum.Namespace {
		return
	}
	switch depth {
	case 2:
		p.enterSection(name)
	case 3:
		p.party = string(name) == "DaneIdentyfikacyjne"
		p.field(name)
	case 4:
		if p.party {
			p.partyField(name)
		}
	}
	p.value = p.value[:0]
}

func (p *peeker) enterSection(name []byte) {
	p.section = ""
	switch string(name) {
	case "Naglowek", "Podmiot1", "Podmiot2", "Fa":
		p.section = string(name)
	case "Zalacznik":
		p.sum.Attachment = true
	}
}

// field notes where the text of a grandchild of the root goes.
func (p *peeker) field(name []byte) {
	switch p.section {
	case "Naglowek":
		if string(name) == "KodFormularza" {
			p.form()
		}
	case "Fa":
		switch string(name) {
		case "KodWaluty":
			p.target = (*string)(&p.sum.KodWaluty)
		case "P_1":
			p.target = &p.date
		case "P_2":
			p.target = &p.sum.P_2
		case "P_15":
			p.target = (*string)(&p.sum.P_15)
		case "RodzajFaktury":
			p.target = (*string)(&p.sum.RodzajFaktury)
		}
	}
}

func (p *peeker) form() {
	for _, a := range p.scan.Attrs() {
		switch {
		case len(a.Space) > 0:
		case string(a.Local) == "kodSystemowy":
			p.sum.SystemCode = string(a.Value)
		case string(a.Local) == "wersjaSchemy":
			p.sum.SchemaVersion = string(a.Value)
		}
	}
}

func (p *peeker) partyField(name []byte) {
	seller := p.section == "Podmiot1"
	if !seller && p.section != "Podmiot2" {
		return
	}
	switch string(name) {
	case "NIP":
		p.target = &p.sum.BuyerNIP
		if seller {
			p.target = &p.sum.SellerNIP
		}
	case "Nazwa":
		p.target = &p.sum.BuyerName
		if seller {
			p.target = &p.sum.SellerName
		}
	}
}

func (p *peeker) end() {
	if p.target != nil && *p.target == "" {
		*p.target = collapseSpace(string(p.value))
	}
	p.target = nil
}
