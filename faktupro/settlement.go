package faktupro

// Settlement are amounts outside the VAT totals that change what there is to pay
// (Rozliczenie): deposits, reimbursed costs, the client's balance.
type Settlement struct {
	Charges    []Charge // added, at most 100 (Obciazenia)
	Deductions []Charge // taken off, at most 100 (Odliczenia)
	// The sums and the result are computed. Give one only to say something
	// else, as documents of others may do.
	ChargesSum    Decimal // SumaObciazen
	DeductionsSum Decimal // SumaOdliczen
	ToPay         Decimal // the total due plus charges less deductions (DoZaplaty)
	ToSettle      Decimal // what was overpaid, as a positive amount (DoRozliczenia)
}

// Charge is one amount with its reason.
type Charge struct {
	Amount Decimal
	Reason string // at most 256 characters
}
