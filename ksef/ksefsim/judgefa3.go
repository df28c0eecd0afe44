package ksefsim

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
	"github.com/faktupro/faktupro-go/pl"
)

// invoiceSchema is the status of a document that breaks the schema. The tables
// of the contract name 430; the field knows cases of 450 as well.
const invoiceSchema = invoiceFile

// mostDetails is how many faults of a document its status lists.
const mostDetails = 10

// judgeFA3 reads an FA (3) document: first what KSeF asks of any file and what
// the schema demands, then the facts that the system works with.
func judgeFA3(xml []byte) (facts, outcome) {
	if verdict := judgeSchema(xml, validate.FA3); verdict.Code != 0 {
		return glance(xml), verdict
	}
	f, err := fa3.Unmarshal(xml)
	if err != nil {
		return glance(xml), rejected(invoiceFile, "Plik nie jest poprawnym dokumentem XML.")
	}
	return factsOf(f), outcome{}
}

// judgeFA2 reads an FA (2) document, of which less is known.
func judgeFA2(xml []byte) (facts, outcome) {
	if verdict := judgeSchema(xml, validate.FA2); verdict.Code != 0 {
		return glance(xml), verdict
	}
	sum, err := fa3.Peek(xml)
	if err != nil {
		return facts{}, rejected(invoiceFile, "Plik nie jest poprawnym dokumentem XML.")
	}
	out := glance(xml)
	out.Seller, out.SellerName = pl.NIP(strings.Clone(sum.SellerNIP)), strings.Clone(sum.SellerName)
	out.Kind, out.Issued, out.Annex = strings.Clone(string(sum.RodzajFaktury)), sum.P_1, sum.Attachment
	out.Gross, out.Currency = strings.Clone(string(sum.P_15)), strings.Clone(string(sum.KodWaluty))
	out.Net, out.VAT = out.Gross, "0"
	out.Buyer = buyerFacts{Type: partyNone, Name: strings.Clone(sum.BuyerName)}
	if sum.BuyerNIP != "" {
		out.Buyer.Type, out.Buyer.Value = typeNIP, strings.Clone(sum.BuyerNIP)
	}
	out.party(sum.SellerNIP)
	out.party(sum.BuyerNIP)
	return out, outcome{}
}

// judgeSchema judges a document of a kind by the rules for files and by its
// schema. Sizes are judged elsewhere: every context has its own.
func judgeSchema(xml []byte, kind validate.Kind) outcome {
	cfg := validate.Config{Layers: []validate.Layer{validate.XML, validate.Schema}, Max: mostDetails}
	if kind == validate.FA3 && bytes.Contains(xml, []byte(fa3.Namespace)) && validate.Valid(xml, cfg) {
		return outcome{}
	}
	report := validate.Document(xml, cfg)
	var details []string
	code := invoiceSchema
	for _, p := range report.Problems {
		if p.Severity != validate.Error || p.Code == validate.CodeSize {
			continue
		}
		if p.Layer == validate.XML {
			code = invoiceFile
		}
		details = append(details, problemText(p))
	}
	switch {
	case len(details) > 0:
		return rejected(code, details...)
	case report.Kind != kind:
		return rejected(invoiceSchema, "Dokument nie jest zgodny ze strukturą zadeklarowaną przy otwarciu sesji.")
	}
	return outcome{}
}

// problemText is a fault as the status of an invoice tells it.
func problemText(p validate.Problem) string {
	if p.Line == 0 {
		return p.PL
	}
	return "Wiersz " + strconv.Itoa(p.Line) + ", kolumna " + strconv.Itoa(p.Column) + ": " + p.PL
}

// glance reads the number from a document that does not follow the schema, so
// that its sender recognises it.
func glance(xml []byte) facts {
	sum, err := fa3.Peek(xml)
	if err != nil {
		return facts{}
	}
	return facts{Number: shorten(sum.P_2)}
}

// maxNumber is the length of an invoice number in characters.
const maxNumber = 256

func shorten(s string) string {
	if r := []rune(s); len(r) > maxNumber {
		s = string(r[:maxNumber])
	}
	return strings.Clone(s)
}

// factsOf collects what the system works with. The model's strings are parts of
// the whole text, which must not be kept for their sake.
func factsOf(f *fa3.Faktura) facts {
	seller := &f.Podmiot1.DaneIdentyfikacyjne
	out := facts{
		Seller:        pl.NIP(strings.Clone(seller.NIP)),
		SellerName:    strings.Clone(seller.Nazwa),
		Number:        shorten(f.Fa.P_2),
		Kind:          strings.Clone(string(f.Fa.RodzajFaktury)),
		Issued:        f.Fa.P_1,
		Annex:         f.Zalacznik != nil,
		Currency:      strings.Clone(string(f.Fa.KodWaluty)),
		Gross:         strings.Clone(string(f.Fa.P_15)),
		SelfInvoicing: f.Fa.Adnotacje.P_17 == fa3.Yes,
		Buyer:         buyerOf(&f.Podmiot2.DaneIdentyfikacyjne),
	}
	out.Net, out.VAT = totals(&f.Fa)
	out.party(seller.NIP)
	out.party(f.Podmiot2.DaneIdentyfikacyjne.NIP)
	for i := range f.Podmiot3 {
		out.third(&f.Podmiot3[i])
	}
	if acts := f.PodmiotUpowazniony; acts != nil {
		out.party(acts.DaneIdentyfikacyjne.NIP)
		role, _ := strconv.Atoi(string(acts.RolaPU)) // a number, says the schema
		out.Authorized = &actingParty{strings.Clone(acts.DaneIdentyfikacyjne.NIP), strings.Clone(acts.DaneIdentyfikacyjne.Nazwa), role}
	}
	return out
}

func buyerOf(id *fa3.TPodmiot2) buyerFacts {
	b := buyerFacts{Type: partyNone, Name: strings.Clone(id.Nazwa)}
	switch {
	case id.NIP != "":
		b.Type, b.Value = typeNIP, strings.Clone(id.NIP)
	case id.NrVatUE != "":
		b.Type, b.Value = partyVATUE, string(id.KodUE)+id.NrVatUE
	case id.NrID != "":
		b.Type, b.Value = partyOther, strings.Clone(id.NrID)
	}
	return b
}

// third enters a Podmiot3.
func (f *facts) third(p *fa3.Podmiot3) {
	id := &p.DaneIdentyfikacyjne
	role, _ := strconv.Atoi(string(p.Rola)) // 0 for a role in words
	t := thirdParty{Identifier: partyID{Type: partyNone}, Name: strings.Clone(id.Nazwa), Role: role}
	switch {
	case id.NIP != "":
		t.Identifier = partyID{typeNIP, strings.Clone(id.NIP)}
	case id.IDWew != "":
		t.Identifier = partyID{typeInternalID, strings.Clone(id.IDWew)}
	case id.NrVatUE != "":
		t.Identifier = partyID{partyVATUE, string(id.KodUE) + id.NrVatUE}
	case id.NrID != "":
		t.Identifier = partyID{partyOther, strings.Clone(id.NrID)}
	}
	f.Thirds = append(f.Thirds, t)
	f.party(id.NIP)
	f.unit(id.IDWew)
}

// totals sums what an invoice says about its rates: net, and VAT in PLN. An
// amount in another currency counts with the VAT in PLN beside it.
func totals(fa *fa3.Fa) (net, vat string) {
	n, v := decimal.Zero, decimal.Zero
	for _, amount := range []fa3.Decimal{
		fa.P_13_1, fa.P_13_2, fa.P_13_3, fa.P_13_4, fa.P_13_5, fa.P_13_6_1, fa.P_13_6_2, fa.P_13_6_3,
		fa.P_13_7, fa.P_13_8, fa.P_13_9, fa.P_13_10, fa.P_13_11,
	} {
		n = n.Add(amountOf(amount))
	}
	for _, pair := range [][2]fa3.Decimal{
		{fa.P_14_1W, fa.P_14_1}, {fa.P_14_2W, fa.P_14_2}, {fa.P_14_3W, fa.P_14_3}, {fa.P_14_4W, fa.P_14_4}, {"", fa.P_14_5},
	} {
		if pair[0] == "" {
			pair[0] = pair[1]
		}
		v = v.Add(amountOf(pair[0]))
	}
	return money.Fixed(n, 2), money.Fixed(v, 2)
}

func amountOf(text fa3.Decimal) decimal.Decimal {
	d, err := text.Value()
	if err != nil {
		return decimal.Zero // absent
	}
	return d
}

func (f *facts) party(nip string) {
	if nip == "" || slices.Contains(f.Parties, pl.NIP(nip)) {
		return
	}
	f.Parties = append(f.Parties, pl.NIP(strings.Clone(nip)))
	f.Wrong = f.Wrong || !pl.NIP(nip).Valid()
}

func (f *facts) unit(id string) {
	if id == "" {
		return
	}
	f.Units = append(f.Units, strings.Clone(id))
	f.Wrong = f.Wrong || !pl.InternalID(id).Valid() || len(id) < 10 || !pl.NIP(id[:10]).Valid()
}
