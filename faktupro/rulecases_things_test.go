package faktupro

import "github.com/faktupro/faktupro-go/pl"

// procedureCases: margin schemes, OSS, new means of transport, triangular trade.
var procedureCases = []ruleCase{
	{"margin without scheme", secondHand, func(inv *Invoice) { inv.Margin = "" }, []string{"/margin margin.scheme_missing"}},
	{"scheme without margin", basic, func(inv *Invoice) { inv.Margin = MarginSecondHand }, []string{"/margin margin.unused"}},
	{"unknown scheme", secondHand, func(inv *Invoice) { inv.Margin = "new" }, []string{"/margin value.unknown"}},
	{"split payment of a margin", secondHand, func(inv *Invoice) { inv.SplitPayment = true }, []string{"/splitPayment margin.split_payment"}},
	{"VAT of a margin line", secondHand, func(inv *Invoice) { inv.Lines[0].VAT = d("10.00") }, []string{"/lines/0/vat line.vat_untaxed"}},
	{"OSS without rate", oss, func(inv *Invoice) { inv.Lines[0].OSSRate = Decimal{} }, []string{"/lines/0/ossRate oss.rate_missing"}},
	{"OSS rate on another line", basic, func(inv *Invoice) { inv.Lines[0].OSSRate = d("19") }, []string{"/lines/0/ossRate oss.rate_unused"}},
	{"OSS without mark", oss, func(inv *Invoice) { inv.Lines[0].Procedure = "" }, []string{"/lines/0/procedure oss.procedure"}},
	{"OSS for a business", oss, func(inv *Invoice) {
		inv.Buyer.NoTaxID, inv.Buyer.EUVAT = false, german.EUVAT
	}, []string{"/buyer oss.buyer"}},
	{"OSS with VAT of the line", oss, func(inv *Invoice) { inv.Lines[0].VAT = d("3.50") }, nil},
	{"TT_D outside triangular trade", basic, func(inv *Invoice) { inv.Lines[0].Procedure = "TT_D" }, []string{"/lines/0/procedure triangular.procedure"}},
	{"vehicle on no line", newCar, func(inv *Invoice) { inv.NewTransport.Vehicles[0].Line = 2 }, []string{"/newTransport/vehicles/0/line vehicle.line"}},
	{"vehicle sold at home", newCar, func(inv *Invoice) {
		inv.Lines = append(inv.Lines, basic().Lines[1])
		inv.NewTransport.Vehicles[0].Line = 2
	}, []string{"/newTransport/vehicles/0/line vehicle.rate"}},
	{"vehicle of no kind", newCar, func(inv *Invoice) { inv.NewTransport.Vehicles[0].Land = LandVehicle{} }, []string{"/newTransport/vehicles/0 vehicle.kind"}},
	{"vehicle that also flies", newCar, func(inv *Invoice) { inv.NewTransport.Vehicles[0].Aircraft.Hours = "1" }, []string{"/newTransport/vehicles/0 vehicle.kind"}},
	{"vehicle with two numbers", newCar, func(inv *Invoice) { inv.NewTransport.Vehicles[0].Land.Frame = "1" }, []string{"/newTransport/vehicles/0/land vehicle.numbers"}},
	{"mileage missing", newCar, func(inv *Invoice) { inv.NewTransport.Vehicles[0].Land.Mileage = "" }, []string{"/newTransport/vehicles/0/land/mileage required"}},
	{"form without vehicles", basic, func(inv *Invoice) { inv.NewTransport.VAT22 = true }, []string{"/newTransport/vehicles required"}},
	{"vehicle for a private person", newCar, func(inv *Invoice) {
		inv.Buyer.EUVAT, inv.Buyer.NoTaxID, inv.NewTransport.VAT22 = pl.VATUE{}, true, true
	}, nil},
	{"a boat", newCar, func(inv *Invoice) {
		inv.NewTransport.Vehicles[0].Land, inv.NewTransport.Vehicles[0].Vessel = LandVehicle{}, Vessel{Hours: "40", Hull: "PL-1"}
	}, nil},
}

// bailiff sells what belongs to a debtor.
func bailiff() *Invoice {
	inv := basic()
	inv.Authorised = AuthorisedParty{Role: AuthorisedBailiff, NIP: "7012233446", Name: "Komornik", Address: inv.Seller.Address}
	return inv
}

// agreed is an invoice whose price was agreed in euros.
func agreed() *Invoice {
	inv := basic()
	inv.Terms.AgreedRate, inv.Terms.AgreedCurrency = d("4.2511"), "EUR"
	return inv
}

// thingCases: authorised party, terms, transport, balance, attachment.
var thingCases = []ruleCase{
	{"bailiff is the seller", bailiff, func(inv *Invoice) { inv.Authorised.NIP = inv.Seller.NIP }, []string{"/authorised/nip authorised.same_nip"}},
	{"bailiff without role", bailiff, func(inv *Invoice) { inv.Authorised.Role = "" }, []string{"/authorised/role required"}},
	{"agreed rate alone", agreed, func(inv *Invoice) { inv.Terms.AgreedCurrency = "" }, []string{"/terms agreed.incomplete"}},
	{"agreed currency alone", agreed, func(inv *Invoice) { inv.Terms.AgreedRate = Decimal{} }, []string{"/terms agreed.incomplete"}},
	{"agreed in PLN", agreed, func(inv *Invoice) { inv.Terms.AgreedCurrency = "PLN" }, []string{"/terms/agreedCurrency agreed.currency"}},
	{"agreed for an invoice in euros", agreed, func(inv *Invoice) {
		inv.Currency, inv.ExchangeRate = "EUR", d("4.2511")
	}, []string{"/terms/agreedRate agreed.invoice_currency"}},
	{"transport by nothing", shipped, func(inv *Invoice) { inv.Terms.Transports[0].Mode = "" }, []string{"/terms/transports/0/mode transport.mode"}},
	{"transport by two means", shipped, func(inv *Invoice) { inv.Terms.Transports[0].OtherMode = "balon" }, []string{"/terms/transports/0/mode transport.mode"}},
	{"transport of nothing", shipped, func(inv *Invoice) { inv.Terms.Transports[0].Load = "" }, []string{"/terms/transports/0/load transport.load"}},
	{"transport of two loads", shipped, func(inv *Invoice) { inv.Terms.Transports[0].OtherLoad = "luzem" }, []string{"/terms/transports/0/load transport.load"}},
	{"transport backwards", shipped, func(inv *Invoice) {
		inv.Terms.Transports[0].End = inv.Terms.Transports[0].Start.Add(-1)
	}, []string{"/terms/transports/0/end transport.dates"}},
	{"transport long ago", shipped, func(inv *Invoice) {
		inv.Terms.Transports[0].Start = firstInstant.Add(-1)
	}, []string{"/terms/transports/0/start instant.range"}},
	{"carrier without number", shipped, func(inv *Invoice) { inv.Terms.Transports[0].Carrier.NIP = "" }, []string{"/terms/transports/0/carrier carrier.id"}},
	{"carrier with two numbers", shipped, func(inv *Invoice) { inv.Terms.Transports[0].Carrier.NoTaxID = true }, []string{"/terms/transports/0/carrier party.id_several"}},
	{"carrier with a Polish number elsewhere", shipped, func(inv *Invoice) {
		inv.Terms.Transports[0].Carrier.NIP, inv.Terms.Transports[0].Carrier.EUVAT = "", pl.VATUE{Country: "PL", Number: "7012233446"}
	}, []string{"/terms/transports/0/carrier/euVat party.polish_number"}},
	{"carrier without address", shipped, func(inv *Invoice) { inv.Terms.Transports[0].Carrier.Address = Address{} }, []string{"/terms/transports/0/carrier/address required"}},
	{"place without address", shipped, func(inv *Invoice) { inv.Terms.Transports[0].Via = []Address{{}} }, []string{"/terms/transports/0/via/0/country required", "/terms/transports/0/via/0/line1 required"}},

	{"sum of charges", withDeposit, func(inv *Invoice) { inv.Settlement.ChargesSum = d("10.01") }, []string{"/settlement/chargesSum balance.sum"}},
	{"sum of deductions", withDeposit, func(inv *Invoice) { inv.Settlement.DeductionsSum = d("2.51") }, []string{"/settlement/deductionsSum balance.sum"}},
	{"sums that are right", withDeposit, func(inv *Invoice) {
		inv.Settlement.ChargesSum, inv.Settlement.DeductionsSum, inv.Settlement.ToPay = d("10.00"), d("2.5"), d("3363.23")
	}, nil},
	{"to pay", withDeposit, func(inv *Invoice) { inv.Settlement.ToPay = d("3355.73") }, []string{"/settlement balance.result"}},
	{"overpaid", withDeposit, func(inv *Invoice) { inv.Settlement.ToSettle = d("10.00") }, []string{"/settlement balance.result"}},
	{"overpaid indeed", withDeposit, func(inv *Invoice) {
		inv.Settlement.Deductions[0].Amount, inv.Settlement.ToSettle = d("3400.00"), d("34.27")
	}, nil},
	{"both to pay and overpaid", withDeposit, func(inv *Invoice) {
		inv.Settlement.ToPay, inv.Settlement.ToSettle = d("3363.23"), d("0.00")
	}, []string{"/settlement/toPay balance.both"}},
	{"charge without reason", withDeposit, func(inv *Invoice) { inv.Settlement.Charges[0].Reason = "" }, []string{"/settlement/charges/0/reason required"}},
	{"charges beyond all bounds", withDeposit, func(inv *Invoice) { inv.Settlement.Charges[0].Amount = d("9999999999999999.99") }, []string{"/settlement total.digits"}},
	{"parts paid up to the balance", withDeposit, func(inv *Invoice) {
		inv.Payment.Parts = []PartPayment{{Amount: d("3363.23"), Date: day("2026-02-16")}}
	}, nil},
	{"parts paid above the balance", withDeposit, func(inv *Invoice) {
		inv.Payment.Parts = []PartPayment{{Amount: d("3363.24"), Date: day("2026-02-16")}}
	}, []string{"/payment/parts payment.parts_sum"}},

	{"row without cells", attached, func(inv *Invoice) { inv.Attachment.Blocks[0].Tables[0].Rows[1] = nil }, []string{"/attachment/blocks/0/tables/0/rows/1 attachment.row_empty"}},
	{"row wider than the table", attached, func(inv *Invoice) {
		inv.Attachment.Blocks[0].Tables[0].Rows[1] = []string{"", "", ""}
	}, []string{"/attachment/blocks/0/tables/0/rows/1 attachment.row_width"}},
	{"sums wider than the table", attached, func(inv *Invoice) {
		inv.Attachment.Blocks[0].Tables[0].Sums = []string{"", "", ""}
	}, []string{"/attachment/blocks/0/tables/0/sums attachment.row_width"}},
	{"table without columns and rows", attached, func(inv *Invoice) {
		inv.Attachment.Blocks[0].Tables[0].Columns, inv.Attachment.Blocks[0].Tables[0].Rows = nil, nil
	}, []string{"/attachment/blocks/0/tables/0/columns required", "/attachment/blocks/0/tables/0/rows required"}},
	{"block without facts", attached, func(inv *Invoice) { inv.Attachment.Blocks[0].Metadata = nil }, []string{"/attachment/blocks/0/metadata required"}},
	{"too many columns", attached, func(inv *Invoice) {
		inv.Attachment.Blocks[0].Tables[0].Columns = make([]Column, MaxAttachmentColumns+1)
	}, []string{"/attachment/blocks/0/tables/0/columns list.too_long"}},
	{"too many rows", attached, func(inv *Invoice) {
		inv.Attachment.Blocks[0].Tables[0].Rows = make([][]string, MaxAttachmentEntries+1)
		for i := range inv.Attachment.Blocks[0].Tables[0].Rows {
			inv.Attachment.Blocks[0].Tables[0].Rows[i] = []string{""}
		}
	}, []string{"/attachment/blocks/0/tables/0/rows list.too_long"}},
	{"too many blocks", attached, func(inv *Invoice) {
		inv.Attachment.Blocks = make([]AttachmentBlock, MaxAttachmentBlocks+1)
	}, []string{"/attachment/blocks list.too_long"}},
	{"long cell", attached, func(inv *Invoice) {
		inv.Attachment.Blocks[0].Tables[0].Rows[0][0] = longText(257)
	}, []string{"/attachment/blocks/0/tables/0/rows/0/0 text.too_long"}},
	{"long paragraph", attached, func(inv *Invoice) {
		inv.Attachment.Blocks[0].Paragraphs = []string{longText(513)}
	}, []string{"/attachment/blocks/0/paragraphs/0 text.too_long"}},
}
