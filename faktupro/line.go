package faktupro

import "github.com/faktupro/faktupro-go/pl"

// Line is one position of the invoice (FaWiersz). Its value is Quantity times
// UnitPrice less the discount, rounded to whole grosze, unless Amount says
// otherwise.
type Line struct {
	// Number is the number of the line (NrWierszaFa); its position when 0. The
	// line with Before and the one after it share a number on a correction.
	Number int
	ID     string // unique identifier of the line (UU_ID), at most 50 characters
	Name   string // name of the goods or service (P_7), at most 512 characters
	// Quantity has at most 6 decimals (P_8B).
	Quantity Decimal
	Unit     string // unit of measure (P_8A)
	// UnitPrice is net or gross by the invoice's Pricing (P_9A, P_9B), at most
	// 8 decimals.
	UnitPrice Decimal
	Discount  Discount
	// Amount is the value of the line, net or gross by the invoice's Pricing
	// (P_11, P_11A). Give it when there is no quantity and price, or when the
	// agreed value is not their product (100.00 for three).
	Amount  Decimal
	VATRate VATRate // P_12
	// VAT is the VAT of the line (P_11Vat), where it is computed line by line
	// (art. 106e(10) of the VAT Act). When every taxed line has it, the VAT of a
	// rate is the sum of its lines.
	VAT Decimal
	// OSSRate is the foreign rate of a VATOSS line in percent (P_12_XII).
	OSSRate Decimal
	// Counterpart is price and value on the other basis, shown beside UnitPrice
	// and Amount: gross where Pricing is net (P_9B, P_11A), net where it is
	// gross (P_9A, P_11). Nothing is computed from it. When every line shows
	// both, FromFA3 takes the net ones for the prices.
	Counterpart Counterpart

	GTU       GTU       // group of goods for the VAT register
	Procedure Procedure // procedure for the VAT register (Procedura)
	Annex15   bool      // listed in annex 15 of the VAT Act (P_12_Zal_15)
	PKWiU     string    // Polish classification of products, at most 50 characters
	CN        string    // combined nomenclature of customs
	PKOB      string    // Polish classification of buildings
	GTIN      string    // global trade item number, at most 20 characters
	Index     string    // the seller's own code (Indeks), at most 50 characters

	// SupplyDate is the day of supply of this line (P_6A), when lines differ.
	SupplyDate pl.Date
	// Excise is the excise duty included in the value (KwotaAkcyzy).
	Excise Decimal
	// ExchangeRate replaces the invoice's rate for this line (KursWaluty).
	ExchangeRate Decimal
	// Before says that the line is as it was before the correction (StanPrzed):
	// it is taken off the totals.
	Before bool
}

// Counterpart is a line's price and value on the other basis.
type Counterpart struct {
	UnitPrice Decimal // at most 8 decimals
	Amount    Decimal // at most 2 decimals
}

// Discount lowers the unit price: exactly one of its fields.
type Discount struct {
	// PerUnit is the amount off one unit, net or gross as the price is (P_10),
	// at most 8 decimals.
	PerUnit Decimal
	// Percent is the part of the unit price taken off, from 0 to 100. FA(3) has
	// no field for it: it is written, and comes back, as an amount per unit
	// rounded to 8 decimals.
	Percent Decimal
}

// GTU is a group of goods and services that the VAT register (JPK_VAT) tells
// apart. It is voluntary on an invoice.
type GTU string

// Procedure is a special procedure that the VAT register (JPK_VAT) tells apart.
// It is voluntary on an invoice.
type Procedure string

// gtuCodes and procedureCodes are the official marks, § 10(3) and (4) of the
// regulation on JPK_VAT; they are the same in JSON and in FA(3).
var (
	gtuCodes = []GTU{
		"GTU_01", // alcohol
		"GTU_02", // motor fuels
		"GTU_03", // heating and lubricating oils
		"GTU_04", // tobacco
		"GTU_05", // waste
		"GTU_06", // electronics
		"GTU_07", // vehicles and parts
		"GTU_08", // metals
		"GTU_09", // medicines
		"GTU_10", // buildings and land
		"GTU_11", // emission allowances
		"GTU_12", // intangible services
		"GTU_13", // transport and warehousing
	}
	procedureCodes = []Procedure{
		"WSTO_EE",        // distance sales and electronic services to consumers in the EU
		"IED",            // supplies facilitated by an electronic interface
		"TT_D",           // second taxpayer in the simplified triangular procedure
		"I_42",           // supply after import under customs procedure 42
		"I_63",           // supply after import under customs procedure 63
		"B_SPV",          // transfer of a single-purpose voucher
		"B_SPV_DOSTAWA",  // supply to the issuer of such a voucher
		"B_MPV_PROWIZJA", // brokerage of multi-purpose vouchers
	}
)
