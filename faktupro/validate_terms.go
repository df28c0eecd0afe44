package faktupro

// terms judges the terms of the transaction.
func (v *validator) terms() {
	t := &v.inv.Terms
	switch {
	case t.AgreedRate.given != (t.AgreedCurrency != ""):
		v.addAt("/terms", codeAgreedIncomplete)
	case t.AgreedCurrency == DefaultCurrency:
		v.addAt("/terms/agreedCurrency", codeAgreedCurrency)
	case t.AgreedRate.given && v.inv.foreignCurrency():
		v.addAt("/terms/agreedRate", codeAgreedInvoice)
	}
	for i := range t.Transports {
		v.transport(pointer("terms", "transports", i), &t.Transports[i])
	}
}

func (v *validator) transport(path string, t *Transport) {
	if (t.Mode != "") == (t.OtherMode != "") {
		v.addAt(path+"/mode", codeTransportMode)
	}
	if (t.Load != "") == (t.OtherLoad != "") {
		v.addAt(path+"/load", codeTransportLoad)
	}
	if !t.End.IsZero() && t.Start.After(t.End) {
		v.addAt(path+"/end", codeTransportDates)
	}
	if c := &t.Carrier; carrierObject.given(c) {
		v.identified(path+"/carrier", codeCarrierID, c.NIP, c.EUVAT, c.ForeignID, c.NoTaxID)
	}
}

// balance judges amounts outside the VAT totals.
func (v *validator) balance() {
	s := &v.inv.Settlement
	if !settlementObject.given(s) {
		return
	}
	computed := s.computed(v.totals.Gross)
	v.balanceSum("/settlement/chargesSum", s.ChargesSum, computed.ChargesSum)
	v.balanceSum("/settlement/deductionsSum", s.DeductionsSum, computed.DeductionsSum)
	if s.ToPay.given && s.ToSettle.given {
		v.addAt("/settlement/toPay", codeBalanceBoth)
		return
	}
	if !v.summed {
		return
	}
	if said := s.shown(v.totals.Gross); said.ToPay.Cmp(computed.ToPay) != 0 || said.ToSettle.Cmp(computed.ToSettle) != 0 {
		v.addAt("/settlement", codeBalanceResult)
	}
	if !computed.ToPay.within(maxWhole, 2) || !computed.ToSettle.within(maxWhole, 2) {
		v.addAt("/settlement", codeTotalDigits)
	}
}

func (v *validator) balanceSum(path string, said, computed Decimal) {
	if said.given && said.Cmp(computed) != 0 {
		v.addAt(path, codeBalanceSum)
	}
	if !computed.within(maxWhole, 2) {
		v.addAt("/settlement", codeTotalDigits)
	}
}

// attachment judges the shape of tables.
func (v *validator) attachment() {
	for i := range v.inv.Attachment.Blocks {
		tables := v.inv.Attachment.Blocks[i].Tables
		for j := range tables {
			v.table(pointer("attachment", "blocks", i, "tables", j), &tables[j])
		}
	}
}

func (v *validator) table(path string, t *Table) {
	for i, row := range t.Rows {
		if len(row) == 0 {
			v.addAt(path+pointer("rows", i), codeAttachmentRowEmpty)
		}
		if len(row) > len(t.Columns) && len(t.Columns) > 0 {
			v.addAt(path+pointer("rows", i), codeAttachmentRowWidth)
		}
	}
	if len(t.Sums) > len(t.Columns) && len(t.Columns) > 0 {
		v.addAt(path+"/sums", codeAttachmentRowWidth)
	}
}
