package ksef

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/pl"
)

// InvoiceType is the kind of an invoice (rodzaj faktury). Kinds that KSeF adds
// are kept as they come.
type InvoiceType string

// The kinds of invoice.
const (
	TypeVAT                  InvoiceType = "Vat"      // ordinary
	TypeAdvance              InvoiceType = "Zal"      // for an advance payment
	TypeCorrection           InvoiceType = "Kor"      // correcting
	TypeSettlement           InvoiceType = "Roz"      // settling advance payments
	TypeSimplified           InvoiceType = "Upr"      // simplified
	TypeAdvanceCorrection    InvoiceType = "KorZal"   // correcting an advance invoice
	TypeSettlementCorrection InvoiceType = "KorRoz"   // correcting a settlement
	TypePEF                  InvoiceType = "VatPef"   // of the Peppol platform
	TypePEFSpecialised       InvoiceType = "VatPefSp" // of the Peppol platform, specialised
	TypePEFCorrection        InvoiceType = "KorPef"   // correcting, of the Peppol platform
	TypeRR                   InvoiceType = "VatRr"    // flat-rate farmer
	TypeRRCorrection         InvoiceType = "KorVatRr" // flat-rate farmer, correcting
)

var invoiceTypes = []InvoiceType{
	TypeVAT, TypeAdvance, TypeCorrection, TypeSettlement, TypeSimplified, TypeAdvanceCorrection, TypeSettlementCorrection,
	TypePEF, TypePEFSpecialised, TypePEFCorrection, TypeRR, TypeRRCorrection,
}

// InvoicingMode tells whether an invoice was issued online or offline.
type InvoicingMode string

// The modes.
const (
	ModeOnline  InvoicingMode = "Online"
	ModeOffline InvoicingMode = "Offline"
)

// InvoiceMetadata describes an invoice in KSeF.
type InvoiceMetadata struct {
	// KSeFNumber is what KSeF wrote: use its method Valid before trusting its
	// form.
	KSeFNumber    pl.KSeFNumber `json:"ksefNumber"`
	InvoiceNumber string        `json:"invoiceNumber"` // the seller's number
	IssueDate     pl.Date       `json:"issueDate"`     // P_1
	// InvoicingDate is when KSeF took the invoice, AcquisitionDate when it gave
	// the number, PermanentStorageDate when it stored the invoice. Their order
	// is not guaranteed.
	InvoicingDate        time.Time `json:"invoicingDate"`
	AcquisitionDate      time.Time `json:"acquisitionDate"`
	PermanentStorageDate time.Time `json:"permanentStorageDate"`

	Seller MetadataParty `json:"seller"`
	Buyer  MetadataBuyer `json:"buyer"`

	// Amounts in Currency, but VATAmount in PLN.
	NetAmount   decimal.Decimal `json:"netAmount"`
	GrossAmount decimal.Decimal `json:"grossAmount"`
	VATAmount   decimal.Decimal `json:"vatAmount"`
	Currency    string          `json:"currency"` // ISO 4217

	Mode          InvoicingMode `json:"invoicingMode"`
	Type          InvoiceType   `json:"invoiceType"`
	FormCode      FormCode      `json:"formCode"`
	SelfInvoicing bool          `json:"isSelfInvoicing"`
	HasAttachment bool          `json:"hasAttachment"`

	// InvoiceHash is the SHA-256 of the invoice. CorrectedHash is that of the
	// offline invoice which this one corrects technically, else nil.
	InvoiceHash   []byte `json:"invoiceHash"`
	CorrectedHash []byte `json:"hashOfCorrectedInvoice,omitempty"`

	ThirdSubjects []MetadataThirdSubject `json:"thirdSubjects,omitempty"`
	Authorized    *MetadataAuthorized    `json:"authorizedSubject,omitempty"`
}

// MetadataParty is the seller.
type MetadataParty struct {
	NIP  pl.NIP `json:"nip"`
	Name string `json:"name,omitempty"`
}

// MetadataBuyer is the buyer; his identifier is a Nip, VatUe, Other or None.
type MetadataBuyer struct {
	Identifier Identifier `json:"identifier"`
	Name       string     `json:"name,omitempty"`
}

// MetadataThirdSubject is a further party (podmiot trzeci).
type MetadataThirdSubject struct {
	// Identifier is a Nip, InternalId, VatUe, Other or None.
	Identifier Identifier `json:"identifier"`
	Name       string     `json:"name,omitempty"`
	Role       ThirdRole  `json:"role"`
}

// MetadataAuthorized is the subject authorised to issue (podmiot upoważniony).
type MetadataAuthorized struct {
	NIP  pl.NIP         `json:"nip"`
	Name string         `json:"name,omitempty"`
	Role AuthorizedRole `json:"role"`
}

// ThirdRole is the part a third subject has in the invoice.
type ThirdRole int

// The roles of third subjects.
const (
	ThirdOther ThirdRole = iota
	ThirdFactor
	ThirdRecipient
	ThirdOriginal
	ThirdAdditionalBuyer
	ThirdIssuer
	ThirdPayer
	ThirdLocalGovernmentIssuer
	ThirdLocalGovernmentRecipient
	ThirdVATGroupIssuer
	ThirdVATGroupRecipient
	ThirdEmployee
)

// AuthorizedRole is why a subject was authorised.
type AuthorizedRole int

// The roles of authorised subjects.
const (
	AuthorizedEnforcement AuthorizedRole = iota + 1
	AuthorizedBailiff
	AuthorizedTaxRepresentative
)

// UnmarshalJSON reads what the API and the file _metadata.json of an export
// have for an invoice.
func (m *InvoiceMetadata) UnmarshalJSON(data []byte) error {
	type fields InvoiceMetadata
	w := struct {
		*fields
		InvoicingDate        wireTime     `json:"invoicingDate"`
		AcquisitionDate      wireTime     `json:"acquisitionDate"`
		PermanentStorageDate wireTime     `json:"permanentStorageDate"`
		NetAmount            wireAmount   `json:"netAmount"`
		GrossAmount          wireAmount   `json:"grossAmount"`
		VATAmount            wireAmount   `json:"vatAmount"`
		FormCode             wireFormCode `json:"formCode"`
	}{fields: (*fields)(m)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	m.InvoicingDate, m.AcquisitionDate = w.InvoicingDate.Time, w.AcquisitionDate.Time
	m.PermanentStorageDate = w.PermanentStorageDate.Time
	m.NetAmount, m.GrossAmount, m.VATAmount = w.NetAmount.Decimal, w.GrossAmount.Decimal, w.VATAmount.Decimal
	m.FormCode = w.FormCode.public()
	return nil
}
