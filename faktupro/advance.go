package faktupro

import "github.com/faktupro/faktupro-go/pl"

// Limits of advances.
const (
	MaxPrepayments     = 31     // payments that one invoice documents
	MaxAdvanceInvoices = 100    // advance invoices that one settlement settles
	MaxOrderLines      = 10_000 // lines of an order
)

// Prepayment is one of several payments that an advance invoice documents, or
// that a settlement without advance invoices takes in (ZaliczkaCzesciowa).
type Prepayment struct {
	Date         pl.Date // day the payment was received (P_6Z)
	Amount       Decimal // amount received, VAT included (P_15Z)
	ExchangeRate Decimal // PLN for one unit of Currency (KursWalutyZW)
}

// Order is the order or contract for which an advance was paid (Zamowienie). On
// an advance invoice it takes the place of the lines.
type Order struct {
	// Value is the value of the order with VAT (WartoscZamowienia); the sum of
	// its lines when not given.
	Value Decimal
	Lines []OrderLine // at most MaxOrderLines
}

// OrderLine is one position of an order (ZamowienieWiersz). Its net value is
// Quantity times UnitPrice rounded to whole grosze, and its VAT that value times
// the rate, unless Amount and VAT say otherwise.
type OrderLine struct {
	// Number is the number of the line (NrWierszaZam); its position when 0.
	Number    int
	ID        string  // unique identifier of the line (UU_IDZ), at most 50 characters
	Name      string  // name of the goods or service (P_7Z), at most 512 characters
	Quantity  Decimal // at most 6 decimals (P_8BZ)
	Unit      string  // unit of measure (P_8AZ)
	UnitPrice Decimal // net unit price, at most 8 decimals (P_9AZ)
	Amount    Decimal // net value (P_11NettoZ)
	VAT       Decimal // VAT of the value (P_11VatZ)
	VATRate   VATRate // P_12Z
	OSSRate   Decimal // rate of a VATOSS line in percent (P_12Z_XII)

	GTU       GTU       // group of goods for the VAT register (GTUZ)
	Procedure Procedure // procedure for the VAT register (ProceduraZ); never I_42 and I_63
	Annex15   bool      // listed in annex 15 of the VAT Act (P_12Z_Zal_15)
	PKWiU     string    // Polish classification of products, at most 50 characters
	CN        string    // combined nomenclature of customs
	PKOB      string    // Polish classification of buildings
	GTIN      string    // global trade item number, at most 20 characters
	Index     string    // the seller's own code (IndeksZ), at most 50 characters
	Excise    Decimal   // excise duty included in the value (KwotaAkcyzyZ)
	Before    bool      // the line as it was before the correction (StanPrzedZ)
}

// AdvanceInvoice points to an advance invoice that a settlement settles
// (FakturaZaliczkowa). Exactly one of KSeFNumber and Number identifies it.
type AdvanceInvoice struct {
	KSeFNumber pl.KSeFNumber // its KSeF number (NrKSeFFaZaliczkowej)
	Number     string        // its number, when it was issued outside KSeF (NrFaZaliczkowej)
	// Rates are the amounts it showed for each VAT rate. They are taken off the
	// totals of the settlement; FA(3) has no place for them.
	Rates []StatedRate
}
