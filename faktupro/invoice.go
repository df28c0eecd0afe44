package faktupro

import (
	"github.com/faktupro/faktupro-go/pl"
)

// Limits of one invoice.
const (
	MaxLines = 10_000 // lines of an invoice, as FA(3) allows
)

// Pricing says what the unit prices and amounts of the lines are. The empty
// Pricing is PricingNet.
type Pricing string

const (
	// PricingNet prices exclude VAT: the VAT of a rate is its net total times
	// the rate (art. 106e(1)(14) of the VAT Act).
	PricingNet Pricing = "net"
	// PricingGross prices include VAT: the VAT of a rate is computed from its
	// gross total (art. 106e(7) to (9) of the VAT Act).
	PricingGross Pricing = "gross"
)

// DefaultCurrency is the currency of an invoice that names none.
const DefaultCurrency = "PLN"

// Invoice is one invoice as its seller thinks of it. The zero value of every
// field means "not given". An Invoice is a plain value: fill the fields, call
// Validate, then EncodeFA3. It is not safe for concurrent modification.
//
// Text is written to FA(3) with its white space collapsed: trimmed, and every
// run of blanks, tabs and line breaks made one blank (Notes keep theirs).
type Invoice struct {
	// Kind is the kind of the invoice; KindVAT when empty.
	Kind Kind
	// Number is the invoice number (P_2), at most 256 characters. It may be
	// missing on a draft.
	Number string
	// IssueDate is the day of issue (P_1), from 2006 and not later than today
	// in Warsaw. It may be missing on a draft.
	IssueDate pl.Date
	// IssuePlace is the place of issue (P_1M).
	IssuePlace string
	// SupplyDate is the day of supply or completion common to all lines (P_6),
	// when it differs from IssueDate. On an advance invoice it is the day the
	// payment was received.
	SupplyDate pl.Date
	// SupplyPeriod is the period the invoice covers (OkresFa), instead of
	// SupplyDate.
	SupplyPeriod Period
	// Currency is the ISO 4217 code of all amounts; DefaultCurrency when empty.
	Currency string
	// ExchangeRate is PLN for one unit of Currency, at most 6 decimals. An
	// invoice in a foreign currency that shows VAT needs it here or on its lines
	// (KursWaluty), an advance invoice here or on its payments (KursWalutyZ).
	// Where there are no lines it only converts the VAT of StatedTotals.
	ExchangeRate Decimal
	// Pricing says whether the lines carry net or gross prices.
	Pricing Pricing

	Seller       Seller
	Buyer        Buyer
	ThirdParties []ThirdParty // other parties with a role, at most 100
	// Authorised acts in the seller's place by law.
	Authorised AuthorisedParty

	// Correction is there on the correcting kinds, and only there.
	Correction Correction
	// Advance is the payment received, VAT included, that an advance invoice
	// documents (P_15), or by how much a correction changes it. Not needed when
	// Prepayments say it.
	Advance Decimal
	// Prepayments are the payments an advance invoice documents, when there are
	// several, at most MaxPrepayments; on a settlement those for which no
	// advance invoice was issued: the total due contains them, because the
	// settlement documents them itself.
	Prepayments []Prepayment
	// Order is what an advance was paid for.
	Order Order
	// AdvanceInvoices are what a settlement settles, at most MaxAdvanceInvoices.
	AdvanceInvoices []AdvanceInvoice

	Lines []Line // at most MaxLines
	// StatedTotals are said rather than computed, where lines do not add up to
	// them.
	StatedTotals StatedTotals

	// Exemption is the legal basis of the exempt lines (P_19A, P_19B, P_19C).
	Exemption Exemption
	// CashMethod marks "metoda kasowa" (P_16): tax falls due on payment.
	CashMethod bool
	// SelfBilling marks "samofakturowanie" (P_17): the buyer issues the invoice.
	SelfBilling bool
	// ReverseCharge marks "odwrotne obciążenie" (P_18): the buyer owes the tax.
	ReverseCharge bool
	// SplitPayment marks "mechanizm podzielonej płatności" (P_18A).
	SplitPayment bool
	// Triangular marks the second taxpayer in the simplified triangular
	// procedure (P_23).
	Triangular bool
	// Margin is the margin scheme of the lines with the rate VATMargin.
	Margin MarginScheme
	// NewTransport describes an intra-EU supply of new means of transport.
	NewTransport NewTransport
	// ToReceipt marks an invoice to a sale already recorded on a till (FP).
	ToReceipt bool
	// RelatedParties marks ties between seller and buyer (TP).
	RelatedParties bool
	// ExciseRefund marks an invoice for farmers who claim back excise on diesel
	// (ZwrotAkcyzy).
	ExciseRefund bool

	Settlement Settlement
	Payment    Payment
	Terms      Terms

	// Descriptions are further facts as key and value (DodatkowyOpis).
	Descriptions []Description
	// WarehouseNotes are numbers of goods issue notes (WZ), at most 1000.
	WarehouseNotes []string
	// Notes are free texts at the foot of the invoice (StopkaFaktury), at most
	// three of 3500 characters.
	Notes []string
	// Registers are entries of the seller in public registers (Rejestry).
	Registers []Register
	// Attachment is a structured attachment.
	Attachment Attachment
}

// Period is a range of days, both ends included.
type Period struct {
	From pl.Date
	To   pl.Date
}

// Exemption is the legal basis of an exemption from VAT: exactly one of its
// fields.
type Exemption struct {
	Act       string // provision of the Polish VAT Act or of a regulation under it (P_19A)
	Directive string // provision of Directive 2006/112/EC (P_19B)
	Other     string // another legal basis (P_19C)
}

// Description is an additional fact about the invoice or one of its lines.
type Description struct {
	Line  int    // number of the line it belongs to, from 1; 0 = whole invoice
	Key   string // what it is
	Value string // what it says
}

// Terms are the terms of the transaction (WarunkiTransakcji).
type Terms struct {
	Contracts     []Reference // at most 100
	Orders        []Reference // at most 100
	Batches       []string    // numbers of batches of goods, at most 1000
	DeliveryTerms string      // for example an Incoterms rule
	// AgreedRate and AgreedCurrency say that the price of an invoice in PLN was
	// agreed in another currency (KursUmowny, WalutaUmowna): PLN for one unit,
	// at most 6 decimals. It has nothing to do with VAT.
	AgreedRate     Decimal
	AgreedCurrency string
	Transports     []Transport // at most 20
	// Intermediary marks the party that arranges the transport in a chain of
	// supplies (PodmiotPosredniczacy, art. 22(2d) of the VAT Act).
	Intermediary bool
}

// Reference points to a contract or an order by number, date or both.
type Reference struct {
	Number string
	Date   pl.Date // from 1990
}

// Register is an entry in public registers, shown at the foot of the invoice.
type Register struct {
	FullName string   // full name of the company
	KRS      pl.KRS   // National Court Register
	REGON    pl.REGON // statistical register
	BDO      string   // waste register, at most 9 characters
}

// currency is the currency of the invoice with its default.
func (inv *Invoice) currency() string {
	if inv.Currency == "" {
		return DefaultCurrency
	}
	return inv.Currency
}

// foreignCurrency reports whether VAT must be shown in PLN as well.
func (inv *Invoice) foreignCurrency() bool { return inv.currency() != DefaultCurrency }

// gross reports whether the lines carry gross prices.
func (inv *Invoice) gross() bool { return inv.Pricing == PricingGross }
