package faktupro

import "github.com/faktupro/faktupro-go/pl"

// Limits of a correction.
const (
	MaxCorrectedInvoices = 50_000 // invoices that one correction may correct
	MaxEarlierBuyers     = 101    // earlier data of buyers on one correction
)

// Correction says what an invoice of a correcting kind corrects and why
// (DaneFaKorygowanej and what stands around it). The rest of the invoice is
// written as it should be after the correction; its totals are differences.
//
// Lines may show the change in three ways, all legal: pairs of a line with
// Before and the same line as it should be; one line with the difference; or
// the earlier line with the opposite sign followed by the right one. Lines that
// do not change may be left out.
type Correction struct {
	// Reason says why (PrzyczynaKorekty), at most 256 characters.
	Reason string
	// Effect says in which period of the VAT register the correction counts.
	Effect CorrectionEffect
	// Invoices are the corrected invoices, at least one, at most
	// MaxCorrectedInvoices.
	Invoices []CorrectedInvoice
	// Period is the period of a collective discount in words
	// (OkresFaKorygowanej, art. 106j(3) of the VAT Act).
	Period string
	// RightNumber is the number the corrected invoice should have had
	// (NrFaKorygowany), when its number is what was wrong.
	RightNumber string
	// Seller holds the seller's data as on the corrected invoice (Podmiot1K),
	// when they are what changes. A wrong NIP is not corrected this way.
	Seller EarlierSeller
	// Buyers hold the data of buyers as on the corrected invoice (Podmiot2K),
	// when they are what changes; linked to Buyer and ThirdParties by Key.
	Buyers []EarlierBuyer
	// AmountBefore is the amount before the correction (P_15ZK): the payment on
	// a KindAdvanceCorrection, what remained due on a KindSettlementCorrection.
	AmountBefore Decimal
	// ExchangeRateBefore is the exchange rate of the corrected advance invoice
	// (KursWalutyZK), in PLN for one unit of Currency.
	ExchangeRateBefore Decimal
}

// CorrectionEffect says when a correction counts in the VAT register
// (TypKorekty).
type CorrectionEffect string

// The effects of a correction.
const (
	EffectOriginalDate   CorrectionEffect = "original-date"   // in the period of the corrected invoice
	EffectCorrectionDate CorrectionEffect = "correction-date" // in the period of the correction
	EffectOtherDate      CorrectionEffect = "other-date"      // in another period, or lines differ
)

// CorrectedInvoice points to an invoice that is corrected.
type CorrectedInvoice struct {
	Number    string  // its number, the wrong one if that is what is corrected (NrFaKorygowanej)
	IssueDate pl.Date // its day of issue (DataWystFaKorygowanej)
	// KSeFNumber is its KSeF number (NrKSeFFaKorygowanej); without one the
	// invoice was issued outside KSeF.
	KSeFNumber pl.KSeFNumber
}

// EarlierSeller is the seller as a corrected invoice named it.
type EarlierSeller struct {
	EUPrefix string // prefix of the EU VAT number (PrefiksPodatnika)
	NIP      pl.NIP
	Name     string
	Address  Address
}

// EarlierBuyer is a buyer as a corrected invoice named it. Exactly one of NIP,
// EUVAT, ForeignID and NoTaxID identifies it.
type EarlierBuyer struct {
	NIP       pl.NIP
	EUVAT     pl.VATUE
	ForeignID ForeignID
	NoTaxID   bool
	Name      string
	Address   Address
	Key       string // the Key of the buyer whose data these were (IDNabywcy)
}
