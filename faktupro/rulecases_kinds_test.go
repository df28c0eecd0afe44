package faktupro

import "github.com/faktupro/faktupro-go/pl"

// partCases: what each kind of invoice must and must not hold.
var partCases = []ruleCase{
	{"correction of nothing named", corrected, func(inv *Invoice) { inv.Correction = Correction{} }, []string{"/correction correction.missing"}},
	{"correction without invoices", corrected, func(inv *Invoice) { inv.Correction.Invoices = nil }, []string{"/correction/invoices required"}},
	{"correction on an ordinary invoice", basic, func(inv *Invoice) { inv.Correction = corrected().Correction }, []string{"/correction correction.not_correcting"}},
	{"advance on an ordinary invoice", basic, func(inv *Invoice) { inv.Advance = d("1.00") }, []string{"/advance advance.not_advance"}},
	{"prepayments on an ordinary invoice", basic, func(inv *Invoice) {
		inv.Prepayments = []Prepayment{{Date: day("2026-02-01"), Amount: d("1.00")}}
	}, []string{"/prepayments prepayments.unusual"}},
	{"advance without order", advance, func(inv *Invoice) { inv.Order = Order{} }, []string{"/order order.missing"}},
	{"order without lines", advance, func(inv *Invoice) { inv.Order = Order{Value: d("2000.00")} }, []string{"/order order.missing", "/order/lines required"}},
	{"corrected advance without order", changedAdvance, func(inv *Invoice) {
		inv.Order = Order{}
		inv.StatedTotals.Rates = []StatedRate{{Rate: VAT23, Net: d("186.99"), VAT: d("43.01")}}
	}, []string{"/order order.missing_correction"}},
	{"order on an ordinary invoice", basic, func(inv *Invoice) { inv.Order = advance().Order }, []string{"/order order.unusual"}},
	{"settlement of nothing", settled, func(inv *Invoice) { inv.AdvanceInvoices = nil }, []string{"/advanceInvoices advance_invoices.missing"}},
	{"settlement of payments without invoices", settled, func(inv *Invoice) {
		inv.AdvanceInvoices = nil
		inv.Prepayments = []Prepayment{{Date: day("2026-02-03"), Amount: d("100.00")}}
	}, nil},
	{"corrected settlement of nothing", changedSettlement, func(inv *Invoice) { inv.AdvanceInvoices = nil }, []string{"/advanceInvoices advance_invoices.missing_correction"}},
	{"advances settled on an ordinary invoice", basic, func(inv *Invoice) { inv.AdvanceInvoices = settled().AdvanceInvoices }, []string{"/advanceInvoices advance_invoices.unusual"}},
	{"last of several advance invoices", advance, func(inv *Invoice) { inv.AdvanceInvoices = settled().AdvanceInvoices }, nil},
	{"lines on an advance invoice", advance, func(inv *Invoice) { inv.Lines = basic().Lines }, []string{"/lines lines.on_advance"}},
	{"amounts of unknown goods", collective, func(inv *Invoice) { inv.Correction.Period = "" }, []string{"/lines lines.missing_correction"}},
	{"line before on an ordinary invoice", basic, func(inv *Invoice) { inv.Lines[2].Before = true }, []string{"/lines/2/before line.before_kind"}},
	{"order line before on an advance invoice", advance, func(inv *Invoice) { inv.Order.Lines[1].Before = true }, []string{"/order/lines/1/before line.before_kind"}},
	{"buyer of a correction unnamed", corrected, func(inv *Invoice) { inv.Buyer.Name = "" }, []string{"/buyer buyer.incomplete"}},
	{"buyer of an advance unnamed", advance, func(inv *Invoice) { inv.Buyer.Name = "" }, []string{"/buyer/name required"}},
	{"settlement without lines", settled, func(inv *Invoice) { inv.Lines = nil }, []string{"/lines required"}},
	{"order line without name and rate", advance, func(inv *Invoice) {
		inv.Order.Lines[0].Name, inv.Order.Lines[0].VATRate = "", ""
	}, []string{"/order/lines/0/name required", "/order/lines/0/vatRate required"}},
	{"names are enough on a collective correction", collective, func(inv *Invoice) { inv.Lines = []Line{{Name: "Meble"}} }, nil},

	{"simplified invoice of much", simplified, func(inv *Invoice) { inv.StatedTotals.Gross = d("450.01") }, []string{"/kind simplified.limit"}},
	{"simplified invoice just fits", simplified, func(inv *Invoice) { inv.StatedTotals.Gross = d("450.00") }, nil},
	{"simplified invoice in euros", simplified, func(inv *Invoice) {
		inv.Currency, inv.ExchangeRate, inv.StatedTotals.Gross = "EUR", d("4.20"), d("100.01")
	}, []string{"/kind simplified.limit"}},
	{"simplified invoice in dollars", simplified, func(inv *Invoice) {
		inv.Currency, inv.ExchangeRate, inv.StatedTotals.Gross = "USD", d("4.00"), d("112.51")
	}, []string{"/kind simplified.limit"}},
	{"simplified invoice for nobody", simplified, func(inv *Invoice) { inv.Buyer = Buyer{NoTaxID: true} }, []string{"/buyer simplified.buyer"}},
	{"simplified intra-EU supply", simplified, func(inv *Invoice) {
		inv.Lines[0].VATRate = VAT0IntraEU
		inv.Buyer = Buyer{EUVAT: german.EUVAT, Name: "x"}
	}, []string{"/kind simplified.excluded"}},
	{"simplified invoice without total", simplified, func(inv *Invoice) { inv.StatedTotals = StatedTotals{} }, []string{"/statedTotals stated_totals.needed"}},
	{"simplified invoice without rate", simplified, func(inv *Invoice) { inv.Lines[0].VATRate = "" }, []string{"/lines/0/vatRate required"}},
	{"simplified invoice with stated rates", simplified, func(inv *Invoice) {
		inv.Lines[0].VATRate = ""
		inv.StatedTotals.Rates = []StatedRate{{Rate: VAT23, Net: d("100.00"), VAT: d("23.00")}}
	}, nil},
}

// correctionCases: what a correction says of the corrected invoices.
var correctionCases = []ruleCase{
	{"corrected later", corrected, func(inv *Invoice) {
		inv.Correction.Invoices[0] = CorrectedInvoice{Number: "FV/1/01/2026", IssueDate: day("2026-02-17")}
	}, []string{"/correction/invoices/0/issueDate correction.date"}},
	{"corrected twice", corrected, func(inv *Invoice) {
		inv.Correction.Invoices = append(inv.Correction.Invoices, inv.Correction.Invoices[0])
		inv.Correction.Invoices[1].Number = "other spelling"
	}, []string{"/correction/invoices/1 correction.duplicate"}},
	{"corrected twice outside KSeF", corrected, func(inv *Invoice) {
		inv.Correction.Invoices[0].KSeFNumber = ""
		inv.Correction.Invoices = append(inv.Correction.Invoices, inv.Correction.Invoices[0])
	}, []string{"/correction/invoices/1 correction.duplicate"}},
	{"corrects itself", corrected, func(inv *Invoice) { inv.Correction.Invoices[0].Number = " KOR/1/2026" }, []string{"/correction/invoices/0/number correction.self"}},
	{"outside KSeF though in its time", corrected, func(inv *Invoice) {
		inv.IssueDate, inv.SupplyDate = day("2026-06-01"), pl.Date{}
		inv.Correction.Invoices[0] = CorrectedInvoice{Number: "FV/5", IssueDate: day("2026-04-01")}
	}, []string{"/correction/invoices/0/ksefNumber correction.ksef_missing"}},
	{"KSeF number mistyped", corrected, func(inv *Invoice) {
		k := inv.Correction.Invoices[0].KSeFNumber
		inv.Correction.Invoices[0].KSeFNumber = k[:21] + "F" + k[22:]
	}, []string{"/correction/invoices/0/ksefNumber ksef_number.checksum"}},
	{"KSeF number from before 2026", corrected, func(inv *Invoice) {
		inv.Correction.Invoices[0].KSeFNumber = "1234563218-20250105-0A1B2C-3D4E5F-00"
	}, nil},
	{"KSeF number older than the invoice", corrected, func(inv *Invoice) {
		inv.Correction.Invoices[0].KSeFNumber = ksefNumberOf("1234563218", "2026-01-19", 1)
	}, []string{"/correction/invoices/0/ksefNumber ksef_number.date"}},
	{"no KSeF number", corrected, func(inv *Invoice) { inv.Correction.Invoices[0].KSeFNumber = "123" }, []string{"/correction/invoices/0/ksefNumber ksef_number.format"}},
	{"KSeF number of another seller", corrected, func(inv *Invoice) {
		inv.Correction.Invoices[0].KSeFNumber = ksefNumberOf("5253012349", "2026-01-20", 1)
	}, []string{"/correction/invoices/0/ksefNumber ksef_number.seller"}},
	{"right number is the wrong one", corrected, func(inv *Invoice) { inv.Correction.RightNumber = "FV/1/01/2026" }, []string{"/correction/rightNumber correction.right_number"}},
	{"one right number of two", corrected, func(inv *Invoice) {
		inv.Correction.RightNumber = "FV/1/2026"
		inv.Correction.Invoices = append(inv.Correction.Invoices, CorrectedInvoice{Number: "FV/2", IssueDate: day("2026-01-21")})
	}, []string{"/correction/rightNumber correction.right_number"}},
	{"period of an advance", changedAdvance, func(inv *Invoice) { inv.Correction.Period = "2026" }, []string{"/correction/period correction.period_kind"}},

	{"seller with another NIP", corrected, func(inv *Invoice) {
		inv.Correction.Seller = EarlierSeller{NIP: "5253012349", Name: "x", Address: inv.Seller.Address}
	}, []string{"/correction/seller/nip correction.seller_nip"}},
	{"seller as before", corrected, func(inv *Invoice) {
		inv.Correction.Seller = EarlierSeller{NIP: inv.Seller.NIP, Name: inv.Seller.Name, Address: inv.Seller.Address}
	}, []string{"/correction/seller correction.seller_same"}},
	{"seller without name", corrected, func(inv *Invoice) {
		inv.Correction.Seller = EarlierSeller{NIP: inv.Seller.NIP, Address: inv.Seller.Address}
	}, []string{"/correction/seller/name required"}},
	{"buyer with another NIP", renamed, func(inv *Invoice) { inv.Correction.Buyers[0].NIP = "7012233446" }, []string{"/correction/buyers/0/nip correction.buyer_nip"}},
	{"buyer had no NIP", renamed, func(inv *Invoice) {
		inv.Correction.Buyers[0].NIP, inv.Correction.Buyers[0].NoTaxID = "", true
	}, []string{"/correction/buyers/0/nip correction.buyer_nip"}},
	{"earlier buyer without number", renamed, func(inv *Invoice) { inv.Correction.Buyers[0].NIP = "" }, []string{"/correction/buyers/0 correction.buyer_id"}},
	{"earlier buyer with two numbers", renamed, func(inv *Invoice) { inv.Correction.Buyers[0].NoTaxID = true }, []string{"/correction/buyers/0 party.id_several"}},
	{"earlier buyer with a Polish number elsewhere", renamed, func(inv *Invoice) {
		inv.Buyer.NIP, inv.Buyer.NoTaxID = "", true
		inv.Correction.Buyers[0].NIP = ""
		inv.Correction.Buyers[0].EUVAT = pl.VATUE{Country: "PL", Number: "5253012349"}
	}, []string{"/correction/buyers/0/euVat party.polish_number"}},
	{"buyer with another key", renamed, func(inv *Invoice) { inv.Correction.Buyers[0].Key = "N2" }, []string{"/correction/buyers/0/key correction.buyer_key"}},
	{"one buyer needs no key", renamed, func(inv *Invoice) { inv.Correction.Buyers[0].Key = "" }, nil},
	{"key of an additional buyer", renamed, func(inv *Invoice) {
		other := coBuyer
		other.Key = "N2"
		inv.ThirdParties = []ThirdParty{other}
		inv.Correction.Buyers = append(inv.Correction.Buyers, EarlierBuyer{NoTaxID: true, Name: "Anna Pierwsza", Key: "N2"})
	}, nil},
	{"two buyers with one key", renamed, func(inv *Invoice) {
		inv.Correction.Buyers = append(inv.Correction.Buyers, inv.Correction.Buyers[0])
	}, []string{"/correction/buyers/1/key correction.buyer_key"}},
	{"buyer as before", renamed, func(inv *Invoice) { inv.Correction.Buyers[0].Name = inv.Buyer.Name }, []string{"/correction/buyers/0 correction.buyer_same"}},

	{"amount before an ordinary correction", corrected, func(inv *Invoice) { inv.Correction.AmountBefore = d("1.00") }, []string{"/correction/amountBefore correction.amount_before_kind"}},
	{"amount before the settlement forgotten", changedSettlement, func(inv *Invoice) { inv.Correction.AmountBefore = Decimal{} }, []string{"/correction/amountBefore correction.amount_before_missing"}},
	{"exchange rate before an ordinary correction", corrected, func(inv *Invoice) {
		inv.Currency, inv.ExchangeRate, inv.Correction.ExchangeRateBefore = "EUR", d("4.20"), d("4.10")
	}, []string{"/correction/exchangeRateBefore correction.rate_before_alone", "/correction/exchangeRateBefore correction.rate_before_kind"}},
	{"exchange rate before in PLN", changedAdvance, func(inv *Invoice) { inv.Correction.ExchangeRateBefore = d("4.10") }, []string{"/correction/exchangeRateBefore exchange_rate.in_pln"}},

	{"changes nothing", corrected, func(inv *Invoice) { inv.Lines[0].UnitPrice = d("300.00") }, []string{"/correction correction.nothing"}},
	{"changes a name", corrected, func(inv *Invoice) { inv.Lines[0].UnitPrice, inv.Lines[0].Name = d("300.00"), "Stolik" }, nil},
	{"changes nothing without lines", corrected, func(inv *Invoice) { inv.Lines = nil }, []string{"/correction correction.nothing"}},
	{"changes nothing of an order", changedAdvance, func(inv *Invoice) {
		inv.Advance = d("0.00")
		inv.Order.Lines = append(inv.Order.Lines[:1], inv.Order.Lines[0])
		inv.Order.Lines[0].Before, inv.Order.Lines[1].Number = true, 1
	}, []string{"/correction correction.nothing"}},
	{"line removed", corrected, func(inv *Invoice) { inv.Lines = inv.Lines[:1] }, []string{"/lines/0 line.before_alone"}},
	{"lines tied by identifier", corrected, func(inv *Invoice) {
		inv.Lines[0].Number, inv.Lines[1].Number = 0, 0
		inv.Lines[0].ID, inv.Lines[1].ID = "a", "a"
	}, nil},
	{"lines not tied", corrected, func(inv *Invoice) { inv.Lines[0].Number, inv.Lines[1].Number = 0, 0 }, []string{"/lines/0 line.before_alone"}},
	{"negative difference", corrected, func(inv *Invoice) {
		inv.Lines = []Line{{Name: "Stojak", Quantity: d("-1"), Unit: "szt.", UnitPrice: d("37.00"), VATRate: VAT23}}
	}, nil},
}
