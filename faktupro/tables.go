package faktupro

import (
	"github.com/faktupro/faktupro-go/pl"
)

// The tables below name every property of an invoice once: its JSON name, the
// Go field, what it may hold and what it means. Lengths and digits are those
// of the FA(3) schema, version 1-0E.

// Texts by the types of FA(3).
var (
	text20  = text{max: 20}                // TZnakowy20
	text50  = text{max: 50}                // TZnakowy50
	text256 = text{max: 256}               // TZnakowy
	text512 = text{max: 512}               // TZnakowy512
	key32   = text{max: 32}                // IDNabywcy
	note    = text{max: 3500, lines: true} // TTekstowy
)

// Numbers by the types of FA(3).
var (
	amount       = number{whole: 16, fraction: 2}                               // TKwotowy
	price        = number{whole: 14, fraction: 8}                               // TKwotowy2
	priceOff     = number{whole: 14, fraction: 8, sign: notNegative}            // TKwotowy2
	quantity     = number{whole: 16, fraction: 6}                               // TIlosci
	exchangeRate = number{whole: 16, fraction: 6, sign: positive}               // TIlosci
	percent      = number{whole: 3, fraction: 6, sign: notNegative, max: "100"} // TProcentowy
)

// Days by the types of FA(3).
var (
	taxDate      = date{first: pl.NewDate(2006, 1, 1)} // TDataT
	paymentDate  = date{first: pl.NewDate(2016, 7, 1)} // TData
	contractDate = date{first: pl.NewDate(1990, 1, 1)} // TDataU
)

var (
	country  = codeList{countryCodes, codeCountryUnknown}
	currency = codeList{currencyCodes, codeCurrencyUnknown}
)

// Identifiers with check digits.
var (
	nip        = identifier[pl.NIP]{pl.ParseNIP, checkCode(codeNIPFormat, codeNIPChecksum), "NIP: ten digits, the last one a check digit"}
	krs        = identifier[pl.KRS]{pl.ParseKRS, checkCode(codeKRSFormat, codeKRSFormat), "KRS: ten digits"}
	regon      = identifier[pl.REGON]{pl.ParseREGON, checkCode(codeREGONFormat, codeREGONChecksum), "REGON: 9 or 14 digits, the last one a check digit"}
	internalID = identifier[pl.InternalID]{pl.ParseInternalID, checkCode(codeInternalIDFormat, codeInternalIDChecksum), "NIP, dash, five digits"}
)

var addressObject = newObject("Address",
	required("country", func(a *Address) *string { return &a.Country }, country, "Country code (KodKraju)."),
	required("line1", func(a *Address) *string { return &a.Line1 }, text512, "Street and number, or the first line (AdresL1)."),
	optional("line2", func(a *Address) *string { return &a.Line2 }, text512, "Postal code and town, or the second line (AdresL2)."),
	optional("gln", func(a *Address) *string { return &a.GLN }, text{max: 13}, "Global location number of GS1 (GLN)."),
)

var contactObject = newObject("Contact",
	optional("email", func(c *Contact) *string { return &c.Email }, text{max: 255, min: 3, fits: hasAtSign, code: codeEmailFormat}, "E-mail address (Email)."),
	optional("phone", func(c *Contact) *string { return &c.Phone }, text{max: 16}, "Telephone number (Telefon)."),
)

var contacts = list[Contact]{contactObject, 3}

var foreignIDObject = newObject("ForeignID",
	optional("country", func(f *ForeignID) *string { return &f.Country }, country, "Country that gave the number (KodKraju)."),
	required("number", func(f *ForeignID) *string { return &f.Number }, text50, "Tax number or other identifier (NrID)."),
)

var sellerObject = newObject("Seller",
	required("nip", func(s *Seller) *pl.NIP { return &s.NIP }, nip, "Polish tax number (NIP)."),
	required("name", func(s *Seller) *string { return &s.Name }, text512, "Name (Nazwa)."),
	required("address", func(s *Seller) *Address { return &s.Address }, addressObject, "Address (Adres)."),
	optional("mailingAddress", func(s *Seller) *Address { return &s.MailingAddress }, addressObject, "Mailing address (AdresKoresp)."),
	optional("contacts", func(s *Seller) *[]Contact { return &s.Contacts }, contacts, "Ways to reach the seller (DaneKontaktowe)."),
	optional("eori", func(s *Seller) *string { return &s.EORI }, text256, "EORI number (NrEORI)."),
	optional("euPrefix", func(s *Seller) *bool { return &s.EUPrefix }, mark{}, "Show the prefix PL before the NIP (PrefiksPodatnika); shown without being asked for where a rate demands it."),
	optional("status", func(s *Seller) *SellerStatus { return &s.Status }, enum[SellerStatus]{sellerStatuses.words(), codeValueUnknown}, "Special situation of the seller (StatusInfoPodatnika)."),
)

var buyerObject = newObject("Buyer",
	optional("nip", func(b *Buyer) *pl.NIP { return &b.NIP }, nip, "Polish tax number (NIP)."),
	optional("euVat", func(b *Buyer) *pl.VATUE { return &b.EUVAT }, vatUE{}, "VAT number in another EU state with its prefix, EL for Greece (KodUE, NrVatUE)."),
	optional("foreignId", func(b *Buyer) *ForeignID { return &b.ForeignID }, foreignIDObject, "Tax number from elsewhere (KodKraju, NrID)."),
	optional("noTaxId", func(b *Buyer) *bool { return &b.NoTaxID }, mark{}, "The buyer is a consumer or has no tax number (BrakID)."),
	optional("name", func(b *Buyer) *string { return &b.Name }, text512, "Name (Nazwa)."),
	optional("address", func(b *Buyer) *Address { return &b.Address }, addressObject, "Address (Adres)."),
	optional("mailingAddress", func(b *Buyer) *Address { return &b.MailingAddress }, addressObject, "Mailing address (AdresKoresp)."),
	optional("contacts", func(b *Buyer) *[]Contact { return &b.Contacts }, contacts, "Ways to reach the buyer (DaneKontaktowe)."),
	optional("eori", func(b *Buyer) *string { return &b.EORI }, text256, "EORI number (NrEORI)."),
	optional("customerNumber", func(b *Buyer) *string { return &b.CustomerNumber }, text256, "The buyer's number in the seller's books (NrKlienta)."),
	optional("key", func(b *Buyer) *string { return &b.Key }, key32, "Key that links the buyer to its earlier data on corrections (IDNabywcy)."),
	optional("localGovernment", func(b *Buyer) *bool { return &b.LocalGovernment }, mark{}, "The invoice concerns a unit of local government, named among thirdParties (JST)."),
	optional("vatGroup", func(b *Buyer) *bool { return &b.VATGroup }, mark{}, "The invoice concerns a member of a VAT group, named among thirdParties (GV)."),
)

var thirdPartyObject = newObject("ThirdParty",
	optional("role", func(t *ThirdParty) *Role { return &t.Role }, enum[Role]{roles.words(), codeValueUnknown}, "What the party does (Rola)."),
	optional("otherRole", func(t *ThirdParty) *string { return &t.OtherRole }, text256, "Description of a role that has no code (OpisRoli)."),
	optional("nip", func(t *ThirdParty) *pl.NIP { return &t.NIP }, nip, "Polish tax number (NIP)."),
	optional("internalId", func(t *ThirdParty) *pl.InternalID { return &t.InternalID }, internalID, "Internal identifier of a unit in KSeF (IDWew)."),
	optional("euVat", func(t *ThirdParty) *pl.VATUE { return &t.EUVAT }, vatUE{}, "VAT number in another EU state with its prefix (KodUE, NrVatUE)."),
	optional("foreignId", func(t *ThirdParty) *ForeignID { return &t.ForeignID }, foreignIDObject, "Tax number from elsewhere (KodKraju, NrID)."),
	optional("noTaxId", func(t *ThirdParty) *bool { return &t.NoTaxID }, mark{}, "The party has no tax number (BrakID)."),
	optional("name", func(t *ThirdParty) *string { return &t.Name }, text512, "Name (Nazwa)."),
	optional("address", func(t *ThirdParty) *Address { return &t.Address }, addressObject, "Address (Adres)."),
	optional("mailingAddress", func(t *ThirdParty) *Address { return &t.MailingAddress }, addressObject, "Mailing address (AdresKoresp)."),
	optional("contacts", func(t *ThirdParty) *[]Contact { return &t.Contacts }, contacts, "Ways to reach the party (DaneKontaktowe)."),
	optional("eori", func(t *ThirdParty) *string { return &t.EORI }, text256, "EORI number (NrEORI)."),
	optional("customerNumber", func(t *ThirdParty) *string { return &t.CustomerNumber }, text256, "The party's number in the seller's books (NrKlienta)."),
	optional("key", func(t *ThirdParty) *string { return &t.Key }, key32, "Key that links an additional buyer to its earlier data (IDNabywcy)."),
	optional("share", func(t *ThirdParty) *Decimal { return &t.Share }, percent, "Share of an additional buyer in percent (Udzial)."),
)

var discountObject = newObject("Discount",
	optional("perUnit", func(d *Discount) *Decimal { return &d.PerUnit }, priceOff, "Amount off one unit (P_10)."),
	optional("percent", func(d *Discount) *Decimal { return &d.Percent }, percent, "Percentage off the unit price, written to FA(3) as an amount per unit."),
)

var counterpartObject = newObject("Counterpart",
	optional("unitPrice", func(c *Counterpart) *Decimal { return &c.UnitPrice }, price, "Unit price on the other basis (P_9B, P_9A)."),
	optional("amount", func(c *Counterpart) *Decimal { return &c.Amount }, amount, "Value on the other basis (P_11A, P_11)."),
)

var lineObject = newObject("Line",
	optional("number", func(l *Line) *int { return &l.Number }, lineNumber, "Number of the line, its position when left out (NrWierszaFa)."),
	optional("id", func(l *Line) *string { return &l.ID }, text50, "Unique identifier of the line (UU_ID)."),
	optional("name", func(l *Line) *string { return &l.Name }, text512, "Name of the goods or service (P_7)."),
	optional("quantity", func(l *Line) *Decimal { return &l.Quantity }, quantity, "Quantity (P_8B)."),
	optional("unit", func(l *Line) *string { return &l.Unit }, text256, "Unit of measure (P_8A)."),
	optional("unitPrice", func(l *Line) *Decimal { return &l.UnitPrice }, price, "Price of one unit, net or gross as pricing says (P_9A, P_9B)."),
	optional("discount", func(l *Line) *Discount { return &l.Discount }, discountObject, "Discount that unitPrice does not contain yet."),
	optional("amount", func(l *Line) *Decimal { return &l.Amount }, amount, "Value of the line, net or gross as pricing says (P_11, P_11A); quantity times unitPrice less discount when left out."),
	optional("vatRate", func(l *Line) *VATRate { return &l.VATRate }, rateCodec{}, "VAT rate, or why there is none (P_12)."),
	optional("vat", func(l *Line) *Decimal { return &l.VAT }, amount, "VAT of the line, where VAT is computed line by line (P_11Vat)."),
	optional("ossRate", func(l *Line) *Decimal { return &l.OSSRate }, percent, "Foreign VAT rate of a line with the rate oss, in percent (P_12_XII)."),
	optional("counterpart", func(l *Line) *Counterpart { return &l.Counterpart }, counterpartObject, "Price and value on the other basis, shown beside unitPrice and amount: gross where pricing is net, net where it is gross."),
	optional("gtu", func(l *Line) *GTU { return &l.GTU }, enum[GTU]{gtuCodes, codeValueUnknown}, "Group of goods for the VAT register (GTU)."),
	optional("procedure", func(l *Line) *Procedure { return &l.Procedure }, enum[Procedure]{procedureCodes, codeValueUnknown}, "Procedure for the VAT register (Procedura)."),
	optional("annex15", func(l *Line) *bool { return &l.Annex15 }, mark{}, "Listed in annex 15 of the VAT Act (P_12_Zal_15)."),
	optional("pkwiu", func(l *Line) *string { return &l.PKWiU }, text50, "Polish classification of products (PKWiU)."),
	optional("cn", func(l *Line) *string { return &l.CN }, text50, "Combined nomenclature (CN)."),
	optional("pkob", func(l *Line) *string { return &l.PKOB }, text50, "Polish classification of buildings (PKOB)."),
	optional("gtin", func(l *Line) *string { return &l.GTIN }, text20, "Global trade item number (GTIN)."),
	optional("index", func(l *Line) *string { return &l.Index }, text50, "The seller's own code (Indeks)."),
	optional("supplyDate", func(l *Line) *pl.Date { return &l.SupplyDate }, taxDate, "Day of supply of this line, when lines differ (P_6A)."),
	optional("excise", func(l *Line) *Decimal { return &l.Excise }, amount, "Excise duty included in the value (KwotaAkcyzy)."),
	optional("exchangeRate", func(l *Line) *Decimal { return &l.ExchangeRate }, exchangeRate, "PLN for one unit of the currency, when it differs from the invoice's (KursWaluty)."),
	optional("before", func(l *Line) *bool { return &l.Before }, mark{}, "The line as it was before the correction; it is taken off the totals (StanPrzed)."),
)

var periodObject = newObject("Period",
	required("from", func(p *Period) *pl.Date { return &p.From }, taxDate, "First day (P_6_Od)."),
	required("to", func(p *Period) *pl.Date { return &p.To }, taxDate, "Last day (P_6_Do)."),
)

var exemptionObject = newObject("Exemption",
	optional("act", func(x *Exemption) *string { return &x.Act }, text256, "Provision of the Polish VAT Act or of a regulation under it (P_19A)."),
	optional("directive", func(x *Exemption) *string { return &x.Directive }, text256, "Provision of Directive 2006/112/EC (P_19B)."),
	optional("other", func(x *Exemption) *string { return &x.Other }, text256, "Another legal basis (P_19C)."),
)

var partPaymentObject = newObject("PartPayment",
	required("amount", func(p *PartPayment) *Decimal { return &p.Amount }, amount, "Amount paid (KwotaZaplatyCzesciowej)."),
	required("date", func(p *PartPayment) *pl.Date { return &p.Date }, paymentDate, "Day it was paid (DataZaplatyCzesciowej)."),
	optional("method", func(p *PartPayment) *PaymentMethod { return &p.Method }, enum[PaymentMethod]{paymentMethods.words(), codeValueUnknown}, "Form of payment (FormaPlatnosci)."),
	optional("otherMethod", func(p *PartPayment) *string { return &p.OtherMethod }, text256, "Description of a form of payment without a code (OpisPlatnosci)."),
)

var dueObject = newObject("Due",
	optional("date", func(d *Due) *pl.Date { return &d.Date }, paymentDate, "Day by which to pay (Termin)."),
	optional("count", func(d *Due) *int { return &d.Count }, whole{1, 100_000}, "Number of units of time (Ilosc)."),
	optional("unit", func(d *Due) *string { return &d.Unit }, text50, "Unit of time (Jednostka)."),
	optional("event", func(d *Due) *string { return &d.Event }, text256, "Event the time counts from (ZdarzeniePoczatkowe)."),
)

var bankAccountObject = newObject("BankAccount",
	required("number", func(b *BankAccount) *string { return &b.Number }, accountText{text{max: 34, min: 10}}, "NRB, IBAN or another account number (NrRB)."),
	optional("swift", func(b *BankAccount) *string { return &b.SWIFT }, text{max: 11, min: 8, form: swiftForm, fits: isSWIFT, code: codeSWIFTFormat}, "SWIFT code, or BIC, of the bank (SWIFT)."),
	optional("bankName", func(b *BankAccount) *string { return &b.BankName }, text256, "Name of the bank (NazwaBanku)."),
	optional("description", func(b *BankAccount) *string { return &b.Description }, text256, "Description, for example the currency (OpisRachunku)."),
	optional("bankOwn", func(b *BankAccount) *BankOwnAccount { return &b.BankOwn }, enum[BankOwnAccount]{bankOwnAccounts.words(), codeValueUnknown}, "Kind of a bank's own account (RachunekWlasnyBanku)."),
)

var earlyPaymentObject = newObject("EarlyPayment",
	required("condition", func(p *EarlyPayment) *string { return &p.Condition }, text256, "When the discount applies (WarunkiSkonta)."),
	required("discount", func(p *EarlyPayment) *string { return &p.Discount }, text256, "How much it is (WysokoscSkonta)."),
)

var paymentObject = newObject("Payment",
	optional("paidDate", func(p *Payment) *pl.Date { return &p.PaidDate }, paymentDate, "Day the whole amount was paid (DataZaplaty)."),
	optional("parts", func(p *Payment) *[]PartPayment { return &p.Parts }, list[PartPayment]{partPaymentObject, 100}, "Payments already made in part (ZaplataCzesciowa)."),
	optional("due", func(p *Payment) *[]Due { return &p.Due }, list[Due]{dueObject, 100}, "Terms of payment (TerminPlatnosci)."),
	optional("method", func(p *Payment) *PaymentMethod { return &p.Method }, enum[PaymentMethod]{paymentMethods.words(), codeValueUnknown}, "Form of payment (FormaPlatnosci)."),
	optional("otherMethod", func(p *Payment) *string { return &p.OtherMethod }, text256, "Description of a form of payment without a code (OpisPlatnosci)."),
	optional("accounts", func(p *Payment) *[]BankAccount { return &p.Accounts }, list[BankAccount]{bankAccountObject, 100}, "Accounts to pay to (RachunekBankowy)."),
	optional("factorAccounts", func(p *Payment) *[]BankAccount { return &p.FactorAccounts }, list[BankAccount]{bankAccountObject, 20}, "Accounts of the factor (RachunekBankowyFaktora)."),
	optional("earlyPayment", func(p *Payment) *EarlyPayment { return &p.EarlyPayment }, earlyPaymentObject, "Discount for paying early (Skonto)."),
	optional("link", func(p *Payment) *string { return &p.Link }, text{max: 512, fits: isPaymentLink, code: codePaymentLinkFormat}, "Address where the invoice can be paid; its query carries IPKSeF (LinkDoPlatnosci)."),
	optional("ksefId", func(p *Payment) *string { return &p.KSeFID }, text{max: 13, min: 13, form: ksefIDForm, fits: isKSeFID, code: codeKSeFIDFormat}, "Identifier of the payment in KSeF (IPKSeF)."),
)

var referenceObject = newObject("Reference",
	optional("number", func(r *Reference) *string { return &r.Number }, text256, "Number (NrUmowy, NrZamowienia)."),
	optional("date", func(r *Reference) *pl.Date { return &r.Date }, contractDate, "Date (DataUmowy, DataZamowienia)."),
)

var termsObject = newObject("Terms",
	optional("contracts", func(t *Terms) *[]Reference { return &t.Contracts }, list[Reference]{referenceObject, 100}, "Contracts (Umowy)."),
	optional("orders", func(t *Terms) *[]Reference { return &t.Orders }, list[Reference]{referenceObject, 100}, "Orders (Zamowienia)."),
	optional("batches", func(t *Terms) *[]string { return &t.Batches }, list[string]{text256, 1000}, "Numbers of batches of goods (NrPartiiTowaru)."),
	optional("deliveryTerms", func(t *Terms) *string { return &t.DeliveryTerms }, text256, "Terms of delivery, such as an Incoterms rule (WarunkiDostawy)."),
	optional("agreedRate", func(t *Terms) *Decimal { return &t.AgreedRate }, exchangeRate, "PLN for one unit of agreedCurrency, in which the price was agreed; not for VAT (KursUmowny)."),
	optional("agreedCurrency", func(t *Terms) *string { return &t.AgreedCurrency }, currency, "Currency in which the price was agreed, never PLN (WalutaUmowna)."),
	optional("transports", func(t *Terms) *[]Transport { return &t.Transports }, list[Transport]{transportObject, 20}, "Transports of the goods (Transport)."),
	optional("intermediary", func(t *Terms) *bool { return &t.Intermediary }, mark{}, "The invoice of the intermediary in a chain of supplies, art. 22(2d) of the VAT Act (PodmiotPosredniczacy)."),
)

var descriptionObject = newObject("Description",
	optional("line", func(d *Description) *int { return &d.Line }, lineNumber, "Number of the line it belongs to (NrWiersza)."),
	required("key", func(d *Description) *string { return &d.Key }, text256, "What it is (Klucz)."),
	required("value", func(d *Description) *string { return &d.Value }, text256, "What it says (Wartosc)."),
)

var registerObject = newObject("Register",
	optional("fullName", func(r *Register) *string { return &r.FullName }, text256, "Full name of the company (PelnaNazwa)."),
	optional("krs", func(r *Register) *pl.KRS { return &r.KRS }, krs, "Number in the National Court Register (KRS)."),
	optional("regon", func(r *Register) *pl.REGON { return &r.REGON }, regon, "Statistical number (REGON)."),
	optional("bdo", func(r *Register) *string { return &r.BDO }, text{max: 9}, "Number in the waste register (BDO)."),
)

var invoiceObject = newObject("Invoice",
	optional("kind", func(i *Invoice) *Kind { return &i.Kind }, enum[Kind]{kinds, codeValueUnknown}, "Kind of the invoice (RodzajFaktury); VAT when left out."),
	optional("number", func(i *Invoice) *string { return &i.Number }, text256, "Invoice number (P_2); may be missing on a draft."),
	optional("issueDate", func(i *Invoice) *pl.Date { return &i.IssueDate }, taxDate, "Day of issue (P_1); may be missing on a draft."),
	optional("issuePlace", func(i *Invoice) *string { return &i.IssuePlace }, text256, "Place of issue (P_1M)."),
	optional("supplyDate", func(i *Invoice) *pl.Date { return &i.SupplyDate }, taxDate, "Day of supply common to all lines (P_6)."),
	optional("supplyPeriod", func(i *Invoice) *Period { return &i.SupplyPeriod }, periodObject, "Period the invoice covers, instead of supplyDate (OkresFa)."),
	optional("currency", func(i *Invoice) *string { return &i.Currency }, currency, "Currency of all amounts (KodWaluty); PLN when left out."),
	optional("exchangeRate", func(i *Invoice) *Decimal { return &i.ExchangeRate }, exchangeRate, "PLN for one unit of the currency (KursWaluty)."),
	optional("pricing", func(i *Invoice) *Pricing { return &i.Pricing }, enum[Pricing]{[]Pricing{PricingNet, PricingGross}, codeValueUnknown}, "Whether prices and amounts of lines are net or gross; net when left out."),
	required("seller", func(i *Invoice) *Seller { return &i.Seller }, sellerObject, "Seller (Podmiot1)."),
	required("buyer", func(i *Invoice) *Buyer { return &i.Buyer }, buyerObject, "Buyer (Podmiot2)."),
	optional("thirdParties", func(i *Invoice) *[]ThirdParty { return &i.ThirdParties }, list[ThirdParty]{thirdPartyObject, 100}, "Other parties with a role (Podmiot3)."),
	optional("authorised", func(i *Invoice) *AuthorisedParty { return &i.Authorised }, authorisedObject, "Who acts in the seller's place by law (PodmiotUpowazniony)."),
	optional("correction", func(i *Invoice) *Correction { return &i.Correction }, correctionObject, "What a correction corrects and why (DaneFaKorygowanej)."),
	optional("advance", func(i *Invoice) *Decimal { return &i.Advance }, amount, "Payment received that an advance invoice documents, VAT included; not needed when prepayments say it (P_15)."),
	optional("prepayments", func(i *Invoice) *[]Prepayment { return &i.Prepayments }, list[Prepayment]{prepaymentObject, MaxPrepayments}, "Payments received before the supply (ZaliczkaCzesciowa)."),
	optional("order", func(i *Invoice) *Order { return &i.Order }, orderObject, "What an advance was paid for (Zamowienie)."),
	optional("advanceInvoices", func(i *Invoice) *[]AdvanceInvoice { return &i.AdvanceInvoices }, list[AdvanceInvoice]{advanceInvoiceObject, MaxAdvanceInvoices}, "Advance invoices that a settlement settles (FakturaZaliczkowa)."),
	optional("lines", func(i *Invoice) *[]Line { return &i.Lines }, list[Line]{lineObject, MaxLines}, "Lines (FaWiersz)."),
	optional("statedTotals", func(i *Invoice) *StatedTotals { return &i.StatedTotals }, statedTotalsObject, "Totals where lines do not add up to them; computed when left out."),
	optional("exemption", func(i *Invoice) *Exemption { return &i.Exemption }, exemptionObject, "Legal basis of the exempt lines, exactly one property (P_19)."),
	optional("cashMethod", func(i *Invoice) *bool { return &i.CashMethod }, mark{}, "Cash accounting, 'metoda kasowa' (P_16)."),
	optional("selfBilling", func(i *Invoice) *bool { return &i.SelfBilling }, mark{}, "Issued by the buyer, 'samofakturowanie' (P_17)."),
	optional("reverseCharge", func(i *Invoice) *bool { return &i.ReverseCharge }, mark{}, "The buyer owes the tax, 'odwrotne obciążenie' (P_18)."),
	optional("splitPayment", func(i *Invoice) *bool { return &i.SplitPayment }, mark{}, "Split payment, 'mechanizm podzielonej płatności' (P_18A)."),
	optional("triangular", func(i *Invoice) *bool { return &i.Triangular }, mark{}, "Second taxpayer in the simplified triangular procedure (P_23)."),
	optional("margin", func(i *Invoice) *MarginScheme { return &i.Margin }, enum[MarginScheme]{marginSchemes, codeValueUnknown}, "Margin scheme of the lines with the rate margin (PMarzy)."),
	optional("newTransport", func(i *Invoice) *NewTransport { return &i.NewTransport }, newTransportObject, "Intra-EU supply of new means of transport (NoweSrodkiTransportu)."),
	optional("toReceipt", func(i *Invoice) *bool { return &i.ToReceipt }, mark{}, "Invoice to a sale already on a till receipt (FP)."),
	optional("relatedParties", func(i *Invoice) *bool { return &i.RelatedParties }, mark{}, "Ties between seller and buyer (TP)."),
	optional("exciseRefund", func(i *Invoice) *bool { return &i.ExciseRefund }, mark{}, "For farmers who claim back excise on diesel (ZwrotAkcyzy)."),
	optional("settlement", func(i *Invoice) *Settlement { return &i.Settlement }, settlementObject, "Amounts outside the VAT totals that change what there is to pay (Rozliczenie)."),
	optional("payment", func(i *Invoice) *Payment { return &i.Payment }, paymentObject, "Payment (Platnosc)."),
	optional("terms", func(i *Invoice) *Terms { return &i.Terms }, termsObject, "Terms of the transaction (WarunkiTransakcji)."),
	optional("descriptions", func(i *Invoice) *[]Description { return &i.Descriptions }, list[Description]{descriptionObject, 10_000}, "Further facts as key and value (DodatkowyOpis)."),
	optional("warehouseNotes", func(i *Invoice) *[]string { return &i.WarehouseNotes }, list[string]{text256, 1000}, "Numbers of goods issue notes (WZ)."),
	optional("notes", func(i *Invoice) *[]string { return &i.Notes }, list[string]{note, 3}, "Free texts at the foot of the invoice (StopkaFaktury)."),
	optional("registers", func(i *Invoice) *[]Register { return &i.Registers }, list[Register]{registerObject, 100}, "Entries of the seller in public registers (Rejestry)."),
	optional("attachment", func(i *Invoice) *Attachment { return &i.Attachment }, attachmentObject, "Structured attachment (Zalacznik)."),
)
