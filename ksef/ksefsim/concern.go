package ksefsim

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/faktupro/faktupro-go/pl"
)

// Types of identifiers of parties that are not in KSeF, and modes of invoicing.
const (
	partyVATUE  = "VatUe"
	partyOther  = "Other"
	partyNone   = "None"
	modeOnline  = "Online"
	modeOffline = "Offline"
)

// name is what a context is called on invoices: its NIP, its internal identifier
// or, for an EU entity, the NIP of the Polish side.
func (id identifier) name() string {
	if id.Type == typeNIPVATUE {
		return string(id.nip())
	}
	return id.Value
}

// names are the names of everybody on an invoice.
func (f *facts) names() []string {
	list := slices.Clone(f.Units)
	for _, nip := range f.Parties {
		list = append(list, string(nip))
	}
	return list
}

// concerns reports whether a context is on the invoice in any role.
func (inv *invoice) concerns(context identifier) bool {
	return slices.ContainsFunc([]string{asSeller, asBuyer, asThird, asAuthorized}, func(role string) bool {
		return inv.role(context, role)
	})
}

// role reports whether a context is on an invoice in a role.
func (inv *invoice) role(context identifier, role string) bool {
	f := &inv.Facts
	if context.Type == typeNIPVATUE && (f.Buyer.Type != partyVATUE || f.Buyer.Value != context.vatUE()) {
		return false // an EU entity sees what it bought, nothing else of the seller
	}
	switch role {
	case asSeller:
		if context.Type == typeInternalID {
			return inv.session.Context == context
		}
		return f.Seller == context.nip()
	case asBuyer:
		return context.Type == typeNIPVATUE && f.Seller == context.nip() ||
			context.Type == typeNIP && f.Buyer.Type == typeNIP && f.Buyer.Value == context.Value
	case asThird:
		return slices.ContainsFunc(f.Thirds, func(t thirdParty) bool {
			return t.Identifier.Type == context.Type && t.Identifier.Value == context.Value
		})
	case asAuthorized:
		return context.Type == typeNIP && f.Authorized != nil && f.Authorized.NIP == context.Value
	}
	return false
}

// mayHave reports whether a context of a type can be on invoices in a role.
func mayHave(context identifier, role string) bool {
	switch context.Type {
	case typeNIP:
		return true
	case typeInternalID:
		return role == asSeller || role == asThird
	case typeNIPVATUE:
		return role == asSeller || role == asBuyer
	}
	return false
}

// sellerInfo and buyerInfo are parties in metadata.
type sellerInfo struct {
	NIP  pl.NIP `json:"nip"`
	Name string `json:"name,omitempty"`
}

type buyerInfo struct {
	Identifier partyID `json:"identifier"`
	Name       string  `json:"name,omitempty"`
}

// invoiceMetadata is what lists tell about an invoice.
type invoiceMetadata struct {
	KSeFNumber    pl.KSeFNumber `json:"ksefNumber"`
	InvoiceNumber string        `json:"invoiceNumber"`
	IssueDate     string        `json:"issueDate"`
	InvoicingDate stamp         `json:"invoicingDate"`
	Acquisition   stamp         `json:"acquisitionDate"`
	Permanent     microStamp    `json:"permanentStorageDate"`
	Seller        sellerInfo    `json:"seller"`
	Buyer         buyerInfo     `json:"buyer"`
	Net           json.Number   `json:"netAmount"`
	Gross         json.Number   `json:"grossAmount"`
	VAT           json.Number   `json:"vatAmount"`
	Currency      string        `json:"currency"`
	Mode          string        `json:"invoicingMode"`
	Type          string        `json:"invoiceType"`
	Form          formCode      `json:"formCode"`
	SelfInvoicing bool          `json:"isSelfInvoicing"`
	HasAttachment bool          `json:"hasAttachment"`
	Hash          digest        `json:"invoiceHash"`
	Corrected     *digest       `json:"hashOfCorrectedInvoice,omitempty"`
	Thirds        []thirdParty  `json:"thirdSubjects,omitempty"`
	Authorized    *actingParty  `json:"authorizedSubject,omitempty"`
}

func (inv *invoice) metadata() invoiceMetadata {
	f := &inv.Facts
	amount := func(text string) json.Number { return json.Number(cmp.Or(text, "0")) }
	return invoiceMetadata{
		KSeFNumber:    inv.settled.Number,
		InvoiceNumber: f.Number,
		IssueDate:     f.Issued.String(),
		InvoicingDate: stamp(inv.At),
		Acquisition:   stamp(inv.settled.At),
		Permanent:     microStamp(inv.settled.Stored),
		Seller:        sellerInfo{f.Seller, f.SellerName},
		Buyer:         buyerInfo{partyID{cmp.Or(f.Buyer.Type, partyNone), f.Buyer.Value}, f.Buyer.Name},
		Net:           amount(f.Net), Gross: amount(f.Gross), VAT: amount(f.VAT),
		Currency:      cmp.Or(f.Currency, "PLN"),
		Mode:          inv.mode(),
		Type:          cmp.Or(invoiceTypes()[f.Kind], "Vat"),
		Form:          inv.session.Form,
		SelfInvoicing: f.SelfInvoicing,
		HasAttachment: f.Annex,
		Hash:          inv.Hash,
		Corrected:     inv.Corrects,
		Thirds:        f.Thirds,
		Authorized:    f.Authorized,
	}
}
