package faktupro

// advanceCases: advances and their settlement.
var advanceCases = []ruleCase{
	{"no payment", advance, func(inv *Invoice) { inv.Advance = Decimal{} }, []string{"/advance advance.missing"}},
	{"payment back", advance, func(inv *Invoice) { inv.Advance = d("-1.00") }, []string{"/advance advance.not_positive", "/lines total.negative"}},
	{"no payment changed", changedAdvance, func(inv *Invoice) { inv.Advance = Decimal{} }, []string{"/correction correction.nothing"}},
	{"payments add up", advance, func(inv *Invoice) {
		inv.Prepayments = []Prepayment{{Date: day("2026-02-01"), Amount: d("1000.00")}, {Date: day("2026-02-02"), Amount: d("230.00")}}
	}, nil},
	{"payments do not add up", advance, func(inv *Invoice) {
		inv.Prepayments = []Prepayment{{Date: day("2026-02-01"), Amount: d("1229.99")}}
	}, []string{"/advance advance.sum"}},
	{"payment and total differ", changedAdvance, func(inv *Invoice) { inv.StatedTotals.Gross = d("230.01") }, []string{"/statedTotals/gross advance.stated"}},
	{"payment of nothing", advance, func(inv *Invoice) {
		inv.Prepayments = []Prepayment{{Date: day("2026-02-01"), Amount: d("1230.00")}, {Date: day("2026-02-02"), Amount: d("0.00")}}
	}, []string{"/prepayments/1/amount decimal.not_positive"}},
	{"order line beyond all bounds", advance, func(inv *Invoice) {
		inv.Order.Value = d("2000.00")
		inv.Order.Lines[0].Quantity, inv.Order.Lines[0].UnitPrice = d("9999999999999999"), d("1000.00")
	}, []string{"/order/value order.value", "/order/lines/0 total.digits"}},
	{"payments without invoices above the total", settled, func(inv *Invoice) {
		inv.AdvanceInvoices = nil
		inv.Prepayments = []Prepayment{{Date: day("2026-02-03"), Amount: d("3355.74")}}
	}, []string{"/prepayments prepayments.above_total"}},
	{"payment above the order", advance, func(inv *Invoice) { inv.Advance = d("3510.01") }, []string{"/advance advance.above_order"}},
	{"payment of the whole order", advance, func(inv *Invoice) { inv.Advance = d("3510.00") }, nil},
	{"advance for an intra-EU supply", advance, func(inv *Invoice) {
		inv.Buyer = german
		inv.Order.Lines[0].VATRate = VAT0IntraEU
	}, []string{"/order/lines/0/vatRate order.intra_eu"}},
	{"procedure that orders have not", advance, func(inv *Invoice) { inv.Order.Lines[0].Procedure = "I_42" }, []string{"/order/lines/0/procedure value.unknown"}},
	{"value of the order", advance, func(inv *Invoice) { inv.Order.Value = d("3510.03") }, []string{"/order/value order.value"}},
	{"value of the order rounded", advance, func(inv *Invoice) { inv.Order.Value = d("3510.02") }, nil},
	{"VAT of the order", advance, func(inv *Invoice) { inv.Order.Lines[0].VAT = d("460.03") }, []string{"/order/lines/0/vat order.vat"}},
	{"VAT where there is none", advance, func(inv *Invoice) {
		inv.Order.Lines[1].VATRate, inv.Order.Lines[1].VAT = VAT0Domestic, d("50.00")
	}, []string{"/order/lines/1/vat line.vat_untaxed"}},
	{"amount of an order line", advance, func(inv *Invoice) { inv.Order.Lines[0].Amount = d("2000.02") }, []string{"/order/lines/0/amount line.amount_differs"}},
	{"line without value though totals are stated", settled, func(inv *Invoice) {
		inv.AdvanceInvoices[0].Rates = nil
		inv.StatedTotals = StatedTotals{Gross: d("100.00")}
		inv.Lines = inv.Lines[:1]
		inv.Lines[0].Quantity, inv.Lines[0].UnitPrice, inv.Lines[0].Amount, inv.Lines[0].Discount = d("5"), Decimal{}, Decimal{}, Discount{}
	}, []string{"/lines/0 line.value_missing"}},
	{"order line without value", advance, func(inv *Invoice) { inv.Order.Lines[0].UnitPrice = Decimal{} }, []string{"/order/lines/0 line.value_missing"}},
	{"order at no rate", advance, func(inv *Invoice) { inv.Order.Lines[0].VATRate = "24" }, []string{"/order/lines/0/vatRate vat_rate.unknown"}},
	{"advance in euros without rate", advance, func(inv *Invoice) { inv.Currency = "EUR" }, []string{"/exchangeRate exchange_rate.missing"}},
	{"advance in euros with rates of payments", advance, func(inv *Invoice) {
		inv.Currency, inv.Advance = "EUR", Decimal{}
		inv.Prepayments = []Prepayment{{Date: day("2026-02-01"), Amount: d("1230.00"), ExchangeRate: d("4.20")}}
	}, nil},
	{"exempt advance in euros", advance, func(inv *Invoice) {
		inv.Currency = "EUR"
		inv.Order.Lines = inv.Order.Lines[:1]
		inv.Order.Lines[0].VATRate, inv.Exemption.Act = VATExempt, "art. 43 ust. 1 pkt 18"
	}, nil},
	{"rate of a payment in PLN", advance, func(inv *Invoice) {
		inv.Prepayments = []Prepayment{{Date: day("2026-02-01"), Amount: d("1230.00"), ExchangeRate: d("4.20")}}
	}, []string{"/prepayments/0/exchangeRate exchange_rate.in_pln"}},
	{"split payment forgotten on an advance", advance, func(inv *Invoice) {
		inv.Order.Lines[0].Quantity, inv.Order.Lines[0].Annex15, inv.Advance = d("100"), true, d("20000.00")
	}, []string{"/splitPayment split_payment.missing"}},

	{"advance invoice named twice over", settled, func(inv *Invoice) { inv.AdvanceInvoices[0].Number = "ZAL/1" }, []string{"/advanceInvoices/0 advance_invoice.id"}},
	{"advance invoice not named", settled, func(inv *Invoice) { inv.AdvanceInvoices[0].KSeFNumber = "" }, []string{"/advanceInvoices/0 advance_invoice.id"}},
	{"advance invoice outside KSeF", settled, func(inv *Invoice) {
		inv.AdvanceInvoices[0].KSeFNumber, inv.AdvanceInvoices[0].Number = "", "ZAL/1"
	}, nil},
	{"settled twice", settled, func(inv *Invoice) {
		inv.AdvanceInvoices = append(inv.AdvanceInvoices, inv.AdvanceInvoices[0])
	}, []string{"/advanceInvoices/1 advance_invoice.duplicate"}},
	{"advance of unknown amount", settled, func(inv *Invoice) { inv.AdvanceInvoices[0].Rates = nil }, []string{"/advanceInvoices/0/rates advance_invoice.rates_missing"}},
	{"advance of unknown amount, totals said", settled, func(inv *Invoice) {
		inv.AdvanceInvoices[0].Rates = nil
		inv.StatedTotals.Rates = []StatedRate{{Rate: VAT23, Net: d("633.75"), VAT: d("145.76")}}
	}, nil},
	{"more settled than supplied", settled, func(inv *Invoice) {
		inv.AdvanceInvoices[0].Rates[0] = StatedRate{Rate: VAT23, Net: d("3000.00"), VAT: d("690.00")}
	}, []string{"/advanceInvoices settlement.exceeds"}},
	{"more settled at one rate", settled, func(inv *Invoice) {
		inv.AdvanceInvoices[0].Rates[0] = StatedRate{Rate: VAT23, Net: d("1000.00"), VAT: d("230.00")}
	}, []string{"/advanceInvoices settlement.rate_exceeds"}},
	{"advance at no rate", settled, func(inv *Invoice) { inv.AdvanceInvoices[0].Rates[0].Rate = "24" }, []string{"/advanceInvoices/0/rates/0/rate vat_rate.unknown"}},
	{"KSeF number of another seller's advance", settled, func(inv *Invoice) {
		inv.AdvanceInvoices[0].KSeFNumber = ksefNumberOf("5253012349", "2026-01-20", 1)
	}, []string{"/advanceInvoices/0/ksefNumber ksef_number.seller"}},
}

// stating is the sample with its totals said.
func stating() *Invoice {
	inv := basic()
	inv.StatedTotals = StatedTotals{Gross: d("3355.73"), Rates: []StatedRate{
		{Rate: VAT23, Net: d("733.75"), VAT: d("168.76")},
		{Rate: VAT5, Net: d("2336.40"), VAT: d("116.82")},
	}}
	return inv
}

// statingEuros is the sample in a foreign currency with its totals said.
func statingEuros() *Invoice {
	inv := stating()
	inv.Currency = "EUR"
	inv.StatedTotals.Rates[0].VATPLN, inv.StatedTotals.Rates[1].VATPLN = d("717.41"), d("496.61")
	return inv
}

// statedCases: totals that the invoice says.
var statedCases = []ruleCase{
	{"a grosz off", stating, func(inv *Invoice) { inv.StatedTotals.Gross = d("3355.74") }, nil},
	{"total is not the sum", stating, func(inv *Invoice) { inv.StatedTotals.Gross = d("3355.76") }, []string{"/statedTotals/gross stated_totals.sum"}},
	{"totals are not those of the lines", stating, func(inv *Invoice) {
		inv.StatedTotals.Gross = Decimal{}
		inv.StatedTotals.Rates[0] = StatedRate{Rate: VAT23, Net: d("833.75"), VAT: d("191.76")}
	}, []string{"/statedTotals stated_totals.differ"}},
	{"a rate is not said", stating, func(inv *Invoice) {
		inv.StatedTotals = StatedTotals{Rates: inv.StatedTotals.Rates[:1]}
	}, []string{"/statedTotals stated_totals.differ"}},
	{"another change is said than the lines make", corrected, func(inv *Invoice) { inv.StatedTotals.Gross = d("-45.53") }, []string{"/statedTotals/gross stated_totals.sum"}},
	{"quite another change is said than the lines make", corrected, func(inv *Invoice) { inv.StatedTotals.Gross = d("-500.00") }, []string{"/statedTotals/gross stated_totals.sum"}},
	{"the change is said", corrected, func(inv *Invoice) { inv.StatedTotals.Gross = d("-45.51") }, nil},
	{"only the total is said", stating, func(inv *Invoice) { inv.StatedTotals.Rates = nil }, nil},
	{"only a total beyond rounding is said", stating, func(inv *Invoice) {
		inv.StatedTotals = StatedTotals{Gross: d("3355.76")}
	}, []string{"/statedTotals stated_totals.differ"}},
	{"only a total within rounding is said", stating, func(inv *Invoice) {
		inv.StatedTotals = StatedTotals{Gross: d("3355.75")}
	}, nil},
	{"only another total is said", stating, func(inv *Invoice) {
		inv.StatedTotals = StatedTotals{Gross: d("3000.00")}
	}, []string{"/statedTotals stated_totals.differ"}},
	{"a rate twice", stating, func(inv *Invoice) {
		inv.StatedTotals.Rates = append(inv.StatedTotals.Rates, StatedRate{Rate: VAT22, Net: d("0.00"), VAT: d("0.00")})
	}, []string{"/statedTotals/rates/2/rate rates.duplicate"}},
	{"VAT of what has none", stating, func(inv *Invoice) {
		inv.Lines[0].VATRate, inv.StatedTotals.Rates[1].Rate = VAT0Domestic, VAT0Domestic
	}, []string{"/statedTotals stated_totals.differ", "/statedTotals/rates/1/vat rates.vat_untaxed"}},
	{"VAT not said", stating, func(inv *Invoice) {
		inv.StatedTotals.Gross, inv.StatedTotals.Rates[1].VAT = Decimal{}, Decimal{}
	}, []string{"/statedTotals stated_totals.differ", "/statedTotals/rates/1/vat required"}},
	{"VAT is not the rate's", stating, func(inv *Invoice) {
		inv.StatedTotals.Rates[0].VAT, inv.StatedTotals.Gross = d("168.80"), d("3355.77")
	}, []string{"/statedTotals/rates/0/vat rates.vat"}},
	{"VAT of an advance is not the rate's", settled, func(inv *Invoice) {
		inv.AdvanceInvoices[0].Rates[0].VAT = d("32.00")
	}, []string{"/advanceInvoices/0/rates/0/vat rates.vat"}},
	{"VAT in PLN not said", statingEuros, func(inv *Invoice) { inv.StatedTotals.Rates[0].VATPLN = Decimal{} }, []string{"/statedTotals/rates/0/vatPLN rates.vat_pln_missing"}},
	{"VAT in PLN follows from the exchange rate", statingEuros, func(inv *Invoice) {
		inv.ExchangeRate, inv.StatedTotals.Rates[0].VATPLN = d("4.2511"), Decimal{}
	}, nil},
	{"VAT in PLN on an invoice in PLN", stating, func(inv *Invoice) { inv.StatedTotals.Rates[0].VATPLN = d("168.76") }, []string{"/statedTotals/rates/0/vatPLN rates.vat_pln_unused"}},
	{"differences follow no formula", collective, func(inv *Invoice) { inv.StatedTotals.Rates[0].VAT = d("-23.07") }, nil},
	{"unknown rate said", stating, func(inv *Invoice) { inv.StatedTotals.Rates[0].Rate = "zw" }, []string{"/statedTotals/rates/0/rate vat_rate.official_code"}},
}

// lineByLine is the sample with the VAT of each line.
func lineByLine() *Invoice {
	inv := basic()
	inv.Lines[0].VAT, inv.Lines[1].VAT, inv.Lines[2].VAT = d("116.82"), d("146.51"), d("22.25")
	return inv
}

// bothPrices is the sample with net and gross values.
func bothPrices() *Invoice {
	inv := basic()
	inv.Lines[1].Counterpart = Counterpart{UnitPrice: d("391.76"), Amount: d("783.51")}
	return inv
}

// grossPrices is a sale at prices with VAT.
func grossPrices() *Invoice {
	inv := basic()
	inv.Pricing = PricingGross
	inv.Lines = []Line{{
		Name: "Album", Quantity: d("2"), Unit: "egz.", UnitPrice: d("123.00"), VATRate: VAT23, VAT: d("46.00"),
		Counterpart: Counterpart{Amount: d("200.00")},
	}}
	return inv
}

// lineCases: numbers, VAT and second prices of lines.
var lineCases = []ruleCase{
	{"VAT of a line rounded", lineByLine, func(inv *Invoice) { inv.Lines[1].VAT = d("146.53") }, nil},
	{"VAT of a line", lineByLine, func(inv *Invoice) { inv.Lines[1].VAT = d("146.54") }, []string{"/lines/1/vat line.vat"}},
	{"VAT of a line out of gross", grossPrices, func(inv *Invoice) { inv.Lines[0].VAT = d("46.03") }, []string{"/lines/0/vat line.vat"}},
	{"VAT of some lines", lineByLine, func(inv *Invoice) { inv.Lines[1].VAT = Decimal{} }, []string{"/lines/1/vat line.vat_partial"}},
	{"VAT of an exempt line", lineByLine, func(inv *Invoice) {
		inv.Lines[2].VATRate, inv.Exemption.Act = VATExempt, "art. 43"
	}, []string{"/lines/2/vat line.vat_untaxed"}},
	{"VAT of zero on an exempt line", lineByLine, func(inv *Invoice) {
		inv.Lines[2].VATRate, inv.Lines[2].VAT, inv.Exemption.Act = VATExempt, d("0.00"), "art. 43"
	}, nil},
	{"gross value of a line", bothPrices, func(inv *Invoice) { inv.Lines[1].Counterpart.Amount = d("783.57") }, []string{"/lines/1/counterpart/amount line.counterpart"}},
	{"net value of a line", grossPrices, func(inv *Invoice) { inv.Lines[0].Counterpart.Amount = d("246.00") }, []string{"/lines/0/counterpart/amount line.counterpart"}},
	{"two lines with a number", basic, func(inv *Invoice) { inv.Lines[0].Number = 3 }, []string{"/lines/2/number line.number_duplicate"}},
	{"two lines with an identifier", basic, func(inv *Invoice) { inv.Lines[0].ID, inv.Lines[2].ID = "a", " a" }, []string{"/lines/2/id line.id_duplicate"}},
	{"two order lines with a number", advance, func(inv *Invoice) { inv.Order.Lines[1].Number = 1 }, []string{"/order/lines/1/number line.number_duplicate"}},
	{"two lines before with a number", corrected, func(inv *Invoice) { inv.Lines[1].Before = true }, []string{"/lines/0 line.before_alone", "/lines/1 line.before_alone", "/lines/1/number line.number_duplicate"}},
	{"discount of the whole line", basic, func(inv *Invoice) {
		inv.Lines[1].Discount.PerUnit, inv.Lines[1].Amount = d("10.00"), d("627.00")
	}, nil},
	{"description of a numbered line", basic, func(inv *Invoice) {
		inv.Lines[2].Number = 30
		inv.Descriptions = []Description{{Line: 30, Key: "a", Value: "b"}}
	}, nil},
	{"description of a line numbered otherwise", basic, func(inv *Invoice) {
		inv.Lines[2].Number = 30
		inv.Descriptions = []Description{{Line: 3, Key: "a", Value: "b"}}
	}, []string{"/descriptions/0/line description.line"}},
	{"description of an order line", advance, func(inv *Invoice) { inv.Descriptions = []Description{{Line: 2, Key: "a", Value: "b"}} }, nil},
	{"amounts of a margin line", secondHand, func(inv *Invoice) {
		inv.Lines[0] = Line{Name: "Regał używany", Amount: d("800.00"), VATRate: VATMargin}
	}, nil},
	{"amounts with an attachment", attached, func(inv *Invoice) {
		inv.Lines[2] = Line{Name: "Energia", Amount: d("80.00"), VATRate: VAT23}
	}, nil},
}
