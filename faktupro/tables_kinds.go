package faktupro

import "github.com/faktupro/faktupro-go/pl"

// The properties of corrections, advances and settlements, and of what else only
// some invoices have. See tables.go.

// lineNumber is a number of a line; TNaturalny has 14 digits, nobody needs them.
var lineNumber = whole{1, 999_999_999}

var statedRateObject = newObject("StatedRate",
	required("rate", func(s *StatedRate) *VATRate { return &s.Rate }, rateCodec{}, "VAT rate; 23, 8 and 4 stand for the rates that share their total too."),
	required("net", func(s *StatedRate) *Decimal { return &s.Net }, amount, "Net value, such as P_13_1."),
	optional("vat", func(s *StatedRate) *Decimal { return &s.VAT }, amount, "VAT, such as P_14_1."),
	optional("vatPLN", func(s *StatedRate) *Decimal { return &s.VATPLN }, amount, "That VAT in PLN on an invoice in a foreign currency, such as P_14_1W."),
)

var statedRates = list[StatedRate]{statedRateObject, len(rates)}

var statedTotalsObject = newObject("StatedTotals",
	optional("rates", func(s *StatedTotals) *[]StatedRate { return &s.Rates }, statedRates, "Sums of the VAT rates."),
	optional("gross", func(s *StatedTotals) *Decimal { return &s.Gross }, amount, "Total due (P_15); the sum of the rates when left out."),
)

var correctedInvoiceObject = newObject("CorrectedInvoice",
	required("number", func(c *CorrectedInvoice) *string { return &c.Number }, text256, "Its number (NrFaKorygowanej)."),
	required("issueDate", func(c *CorrectedInvoice) *pl.Date { return &c.IssueDate }, taxDate, "Its day of issue (DataWystFaKorygowanej)."),
	optional("ksefNumber", func(c *CorrectedInvoice) *pl.KSeFNumber { return &c.KSeFNumber }, ksefNumber, "Its KSeF number; without one it was issued outside KSeF (NrKSeFFaKorygowanej)."),
)

var earlierSellerObject = newObject("EarlierSeller",
	optional("euPrefix", func(s *EarlierSeller) *string { return &s.EUPrefix }, codeList{euPrefixes, codeCountryUnknown}, "Prefix of the EU VAT number (PrefiksPodatnika)."),
	required("nip", func(s *EarlierSeller) *pl.NIP { return &s.NIP }, nip, "Polish tax number (NIP)."),
	required("name", func(s *EarlierSeller) *string { return &s.Name }, text512, "Name (Nazwa)."),
	required("address", func(s *EarlierSeller) *Address { return &s.Address }, addressObject, "Address (Adres)."),
)

var earlierBuyerObject = newObject("EarlierBuyer",
	optional("nip", func(b *EarlierBuyer) *pl.NIP { return &b.NIP }, nip, "Polish tax number (NIP)."),
	optional("euVat", func(b *EarlierBuyer) *pl.VATUE { return &b.EUVAT }, vatUE{}, "VAT number in another EU state with its prefix (KodUE, NrVatUE)."),
	optional("foreignId", func(b *EarlierBuyer) *ForeignID { return &b.ForeignID }, foreignIDObject, "Tax number from elsewhere (KodKraju, NrID)."),
	optional("noTaxId", func(b *EarlierBuyer) *bool { return &b.NoTaxID }, mark{}, "The buyer has no tax number (BrakID)."),
	optional("name", func(b *EarlierBuyer) *string { return &b.Name }, text512, "Name (Nazwa)."),
	optional("address", func(b *EarlierBuyer) *Address { return &b.Address }, addressObject, "Address (Adres)."),
	optional("key", func(b *EarlierBuyer) *string { return &b.Key }, key32, "Key of the buyer whose data these were (IDNabywcy)."),
)

var correctionObject = newObject("Correction",
	optional("reason", func(c *Correction) *string { return &c.Reason }, text256, "Why (PrzyczynaKorekty)."),
	optional("effect", func(c *Correction) *CorrectionEffect { return &c.Effect }, enum[CorrectionEffect]{correctionEffects.words(), codeValueUnknown}, "In which period of the VAT register it counts (TypKorekty)."),
	required("invoices", func(c *Correction) *[]CorrectedInvoice { return &c.Invoices }, list[CorrectedInvoice]{correctedInvoiceObject, MaxCorrectedInvoices}, "The corrected invoices (DaneFaKorygowanej)."),
	optional("period", func(c *Correction) *string { return &c.Period }, text256, "Period of a collective discount in words (OkresFaKorygowanej)."),
	optional("rightNumber", func(c *Correction) *string { return &c.RightNumber }, text256, "The number the corrected invoice should have had (NrFaKorygowany)."),
	optional("seller", func(c *Correction) *EarlierSeller { return &c.Seller }, earlierSellerObject, "The seller as on the corrected invoice (Podmiot1K)."),
	optional("buyers", func(c *Correction) *[]EarlierBuyer { return &c.Buyers }, list[EarlierBuyer]{earlierBuyerObject, MaxEarlierBuyers}, "Buyers as on the corrected invoice (Podmiot2K)."),
	optional("amountBefore", func(c *Correction) *Decimal { return &c.AmountBefore }, amount, "Payment (KOR_ZAL) or remaining amount (KOR_ROZ) before the correction (P_15ZK)."),
	optional("exchangeRateBefore", func(c *Correction) *Decimal { return &c.ExchangeRateBefore }, exchangeRate, "Exchange rate of the corrected advance invoice (KursWalutyZK)."),
)

var correctionEffects = wordTable[CorrectionEffect]{
	{EffectOriginalDate, "1"},
	{EffectCorrectionDate, "2"},
	{EffectOtherDate, "3"},
}

var prepaymentObject = newObject("Prepayment",
	required("date", func(p *Prepayment) *pl.Date { return &p.Date }, taxDate, "Day it was received (P_6Z)."),
	required("amount", func(p *Prepayment) *Decimal { return &p.Amount }, amount, "Amount received, VAT included (P_15Z)."),
	optional("exchangeRate", func(p *Prepayment) *Decimal { return &p.ExchangeRate }, exchangeRate, "PLN for one unit of the currency (KursWalutyZW)."),
)

var orderLineObject = newObject("OrderLine",
	optional("number", func(l *OrderLine) *int { return &l.Number }, lineNumber, "Number of the line, its position when left out (NrWierszaZam)."),
	optional("id", func(l *OrderLine) *string { return &l.ID }, text50, "Unique identifier of the line (UU_IDZ)."),
	optional("name", func(l *OrderLine) *string { return &l.Name }, text512, "Name of the goods or service (P_7Z)."),
	optional("quantity", func(l *OrderLine) *Decimal { return &l.Quantity }, quantity, "Quantity (P_8BZ)."),
	optional("unit", func(l *OrderLine) *string { return &l.Unit }, text256, "Unit of measure (P_8AZ)."),
	optional("unitPrice", func(l *OrderLine) *Decimal { return &l.UnitPrice }, price, "Net price of one unit (P_9AZ)."),
	optional("amount", func(l *OrderLine) *Decimal { return &l.Amount }, amount, "Net value; quantity times unitPrice when left out (P_11NettoZ)."),
	optional("vat", func(l *OrderLine) *Decimal { return &l.VAT }, amount, "VAT; the net value times the rate when left out (P_11VatZ)."),
	optional("vatRate", func(l *OrderLine) *VATRate { return &l.VATRate }, rateCodec{}, "VAT rate, or why there is none (P_12Z)."),
	optional("ossRate", func(l *OrderLine) *Decimal { return &l.OSSRate }, percent, "Foreign VAT rate of a line with the rate oss, in percent (P_12Z_XII)."),
	optional("gtu", func(l *OrderLine) *GTU { return &l.GTU }, enum[GTU]{gtuCodes, codeValueUnknown}, "Group of goods for the VAT register (GTUZ)."),
	optional("procedure", func(l *OrderLine) *Procedure { return &l.Procedure }, enum[Procedure]{orderProcedureCodes, codeValueUnknown}, "Procedure for the VAT register (ProceduraZ)."),
	optional("annex15", func(l *OrderLine) *bool { return &l.Annex15 }, mark{}, "Listed in annex 15 of the VAT Act (P_12Z_Zal_15)."),
	optional("pkwiu", func(l *OrderLine) *string { return &l.PKWiU }, text50, "Polish classification of products (PKWiUZ)."),
	optional("cn", func(l *OrderLine) *string { return &l.CN }, text50, "Combined nomenclature (CNZ)."),
	optional("pkob", func(l *OrderLine) *string { return &l.PKOB }, text50, "Polish classification of buildings (PKOBZ)."),
	optional("gtin", func(l *OrderLine) *string { return &l.GTIN }, text20, "Global trade item number (GTINZ)."),
	optional("index", func(l *OrderLine) *string { return &l.Index }, text50, "The seller's own code (IndeksZ)."),
	optional("excise", func(l *OrderLine) *Decimal { return &l.Excise }, amount, "Excise duty included in the value (KwotaAkcyzyZ)."),
	optional("before", func(l *OrderLine) *bool { return &l.Before }, mark{}, "The line as it was before the correction (StanPrzedZ)."),
)

// orderProcedureCodes are the procedures of an order line: no I_42 and I_63.
var orderProcedureCodes = []Procedure{"WSTO_EE", "IED", "TT_D", "B_SPV", "B_SPV_DOSTAWA", "B_MPV_PROWIZJA"}

var orderObject = newObject("Order",
	optional("value", func(o *Order) *Decimal { return &o.Value }, amount, "Value of the order with VAT; the sum of its lines when left out (WartoscZamowienia)."),
	required("lines", func(o *Order) *[]OrderLine { return &o.Lines }, list[OrderLine]{orderLineObject, MaxOrderLines}, "Lines (ZamowienieWiersz)."),
)

var advanceInvoiceObject = newObject("AdvanceInvoice",
	optional("ksefNumber", func(a *AdvanceInvoice) *pl.KSeFNumber { return &a.KSeFNumber }, ksefNumber, "Its KSeF number (NrKSeFFaZaliczkowej)."),
	optional("number", func(a *AdvanceInvoice) *string { return &a.Number }, text256, "Its number, when it was issued outside KSeF (NrFaZaliczkowej)."),
	optional("rates", func(a *AdvanceInvoice) *[]StatedRate { return &a.Rates }, statedRates, "The amounts it showed for each VAT rate, taken off the totals of the settlement."),
)

var authorisedObject = newObject("AuthorisedParty",
	required("role", func(a *AuthorisedParty) *AuthorisedRole { return &a.Role }, enum[AuthorisedRole]{authorisedRoles.words(), codeValueUnknown}, "Why it may issue the invoice (RolaPU)."),
	required("nip", func(a *AuthorisedParty) *pl.NIP { return &a.NIP }, nip, "Polish tax number (NIP)."),
	required("name", func(a *AuthorisedParty) *string { return &a.Name }, text512, "Name (Nazwa)."),
	required("address", func(a *AuthorisedParty) *Address { return &a.Address }, addressObject, "Address (Adres)."),
	optional("mailingAddress", func(a *AuthorisedParty) *Address { return &a.MailingAddress }, addressObject, "Mailing address (AdresKoresp)."),
	optional("contacts", func(a *AuthorisedParty) *[]Contact { return &a.Contacts }, contacts, "Ways to reach it (DaneKontaktowe)."),
	optional("eori", func(a *AuthorisedParty) *string { return &a.EORI }, text256, "EORI number (NrEORI)."),
)

var chargeObject = newObject("Charge",
	required("amount", func(c *Charge) *Decimal { return &c.Amount }, amount, "Amount (Kwota)."),
	required("reason", func(c *Charge) *string { return &c.Reason }, text256, "Reason (Powod)."),
)

var settlementObject = newObject("Settlement",
	optional("charges", func(s *Settlement) *[]Charge { return &s.Charges }, list[Charge]{chargeObject, 100}, "Amounts added to what there is to pay (Obciazenia)."),
	optional("deductions", func(s *Settlement) *[]Charge { return &s.Deductions }, list[Charge]{chargeObject, 100}, "Amounts taken off what there is to pay (Odliczenia)."),
	optional("chargesSum", func(s *Settlement) *Decimal { return &s.ChargesSum }, amount, "Sum of the charges; computed when left out (SumaObciazen)."),
	optional("deductionsSum", func(s *Settlement) *Decimal { return &s.DeductionsSum }, amount, "Sum of the deductions; computed when left out (SumaOdliczen)."),
	optional("toPay", func(s *Settlement) *Decimal { return &s.ToPay }, amount, "The total due plus charges less deductions; computed when left out (DoZaplaty)."),
	optional("toSettle", func(s *Settlement) *Decimal { return &s.ToSettle }, amount, "What was overpaid; computed when left out (DoRozliczenia)."),
)
