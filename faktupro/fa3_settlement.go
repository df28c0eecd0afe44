package faktupro

import "github.com/faktupro/faktupro-go/ksef/fa3"

// balance maps Rozliczenie, given the total due (P_15); nil when there is
// nothing to say.
func (s *Settlement) balance(gross Decimal) *fa3.Rozliczenie {
	if !settlementObject.given(s) {
		return nil
	}
	shown := s.shown(gross)
	m := &fa3.Rozliczenie{
		SumaObciazen:  amountText(shown.ChargesSum),
		SumaOdliczen:  amountText(shown.DeductionsSum),
		DoZaplaty:     amountText(shown.ToPay),
		DoRozliczenia: amountText(shown.ToSettle),
	}
	for _, c := range s.Charges {
		m.Obciazenia = append(m.Obciazenia, fa3.Obciazenia{Kwota: amountText(c.Amount), Powod: collapse(c.Reason)})
	}
	for _, c := range s.Deductions {
		m.Odliczenia = append(m.Odliczenia, fa3.Odliczenia{Kwota: amountText(c.Amount), Powod: collapse(c.Reason)})
	}
	return m
}

// shown are the sums and the result the document shows: those that are said,
// the others computed.
func (s *Settlement) shown(gross Decimal) Settlement {
	sums := s.computed(gross)
	if s.ChargesSum.given {
		sums.ChargesSum = s.ChargesSum
	}
	if s.DeductionsSum.given {
		sums.DeductionsSum = s.DeductionsSum
	}
	if s.ToPay.given || s.ToSettle.given {
		sums.ToPay, sums.ToSettle = s.ToPay, s.ToSettle
	}
	return sums
}

// computed are the sums of the lists and what there is to pay, or was overpaid,
// by them. A list without elements has no sum.
func (s *Settlement) computed(gross Decimal) Settlement {
	var sums Settlement
	result := gross
	for i := range s.Charges {
		sums.ChargesSum = sums.ChargesSum.Add(s.Charges[i].Amount)
		result = result.Add(s.Charges[i].Amount)
	}
	for i := range s.Deductions {
		sums.DeductionsSum = sums.DeductionsSum.Add(s.Deductions[i].Amount)
		result = result.Sub(s.Deductions[i].Amount)
	}
	if result.Sign() < 0 {
		sums.ToSettle = Decimal{}.Sub(result)
	} else {
		sums.ToPay = result
	}
	return sums
}

// readSettlement reads Rozliczenie, given the total due of the document. Sums
// that follow from the lists are left out of the invoice.
func readSettlement(m *fa3.Rozliczenie, gross Decimal) Settlement {
	if m == nil {
		return Settlement{}
	}
	var s Settlement
	for _, c := range m.Obciazenia {
		s.Charges = append(s.Charges, Charge{Amount: readDecimal(c.Kwota), Reason: c.Powod})
	}
	for _, c := range m.Odliczenia {
		s.Deductions = append(s.Deductions, Charge{Amount: readDecimal(c.Kwota), Reason: c.Powod})
	}
	said := Settlement{
		ChargesSum: readDecimal(m.SumaObciazen), DeductionsSum: readDecimal(m.SumaOdliczen),
		ToPay: readDecimal(m.DoZaplaty), ToSettle: readDecimal(m.DoRozliczenia),
	}
	s.keep(said, s.computed(gross))
	return s
}

// keep takes over what a document says and the lists do not.
func (s *Settlement) keep(said, computed Settlement) {
	if !said.ChargesSum.Equal(computed.ChargesSum) {
		s.ChargesSum = said.ChargesSum
	}
	if !said.DeductionsSum.Equal(computed.DeductionsSum) {
		s.DeductionsSum = said.DeductionsSum
	}
	follows := said.ToPay.Equal(computed.ToPay) && said.ToSettle.Equal(computed.ToSettle)
	// Without lists nothing else would say that there is a settlement.
	if !follows || len(s.Charges)+len(s.Deductions) == 0 {
		s.ToPay, s.ToSettle = said.ToPay, said.ToSettle
	}
}
