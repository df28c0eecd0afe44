package faktupro

// Kind is the kind of an invoice (RodzajFaktury), by its official code. The
// empty Kind is KindVAT.
type Kind string

// The kinds of invoice FA(3) knows. A correction of a simplified invoice is a
// KindCorrection.
const (
	KindVAT                  Kind = "VAT"     // ordinary invoice (faktura podstawowa)
	KindCorrection           Kind = "KOR"     // correction (faktura korygująca)
	KindAdvance              Kind = "ZAL"     // payment received before the supply (faktura zaliczkowa)
	KindSettlement           Kind = "ROZ"     // invoice for the supply after advances (faktura rozliczeniowa), art. 106f(3) of the VAT Act
	KindSimplified           Kind = "UPR"     // simplified invoice up to 450 PLN or 100 EUR, art. 106e(5)(3)
	KindAdvanceCorrection    Kind = "KOR_ZAL" // correction of an advance invoice
	KindSettlementCorrection Kind = "KOR_ROZ" // correction of a settlement
)

// kinds are all kinds, the ordinary one first.
var kinds = []Kind{
	KindVAT, KindCorrection, KindAdvance, KindSettlement, KindSimplified, KindAdvanceCorrection, KindSettlementCorrection,
}

// IsCorrection reports whether the invoice corrects others: its totals are
// differences.
func (k Kind) IsCorrection() bool {
	return k == KindCorrection || k == KindAdvanceCorrection || k == KindSettlementCorrection
}

// IsAdvance reports whether the invoice documents payments before the supply,
// or corrects one that does: its goods stand in the Order.
func (k Kind) IsAdvance() bool { return k == KindAdvance || k == KindAdvanceCorrection }

// IsSettlement reports whether the invoice settles earlier advance invoices, or
// corrects one that does.
func (k Kind) IsSettlement() bool { return k == KindSettlement || k == KindSettlementCorrection }

// kind is the kind of the invoice with its default.
func (inv *Invoice) kind() Kind {
	if inv.Kind == "" {
		return KindVAT
	}
	return inv.Kind
}
