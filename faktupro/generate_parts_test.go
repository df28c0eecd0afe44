package faktupro

import (
	"time"

	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/pl"
)

// The parts of a drawn invoice around its lines and totals. See generator.

func (g generator) address() Address {
	return Address{Country: "PL", Line1: g.text(), Line2: g.optionalText(), GLN: pick(g, "", "5901234123457")}
}

func (g generator) optionalAddress() Address {
	if g.maybe(3) {
		return g.address()
	}
	return Address{}
}

func (g generator) contacts() []Contact {
	all := []Contact{{Email: "biuro@mlyn.example"}, {Phone: "+48 600 000 001"}, {Email: "a@b", Phone: "1"}}
	return all[:g.some(3)]
}

func (g generator) seller() Seller {
	return Seller{
		NIP: "1234563218", Name: g.text(), Address: g.address(), MailingAddress: g.optionalAddress(), Contacts: g.contacts(),
		EORI: g.optionalText(), EUPrefix: g.maybe(3), Status: pick(g, "", SellerInLiquidation, SellerInSuccession),
	}
}

// buyer is a Polish taxpayer, so that it fits every VAT rate.
func (g generator) buyer() Buyer {
	return Buyer{
		NIP: pick[pl.NIP](g, "9999999999", "1111111111"), Name: g.text(), Address: g.address(), MailingAddress: g.optionalAddress(),
		Contacts: g.contacts(), EORI: g.optionalText(), CustomerNumber: g.optionalText(), Key: pick(g, "", "K-1"),
	}
}

func (g generator) thirdParties(inv *Invoice) {
	party := func(role Role) ThirdParty {
		return ThirdParty{Role: role, NIP: "9999999999", Name: g.text(), Address: g.optionalAddress(), EORI: g.optionalText(), Contacts: g.contacts()}
	}
	if g.maybe(6) {
		inv.Buyer.LocalGovernment = true
		unit := party(RoleLocalGovernmentRecipient)
		unit.NIP, unit.InternalID = "", "1234563218-00012"
		inv.ThirdParties = append(inv.ThirdParties, unit)
	}
	if g.maybe(6) {
		inv.Buyer.VATGroup = true
		inv.ThirdParties = append(inv.ThirdParties, party(RoleVATGroupRecipient))
	}
	if g.maybe(6) {
		employee := party(RoleEmployee)
		employee.NIP, employee.NoTaxID = "", true
		inv.ThirdParties = append(inv.ThirdParties, employee)
	}
	if g.maybe(6) {
		another := party(RoleAdditionalBuyer)
		another.NIP, another.EUVAT, another.Address = "", pl.VATUE{Country: "DE", Number: "123456789"}, Address{}
		another.Share, another.Key, another.CustomerNumber = g.number("share", 1, 99_000_000, 6), "K-2", g.optionalText()
		inv.ThirdParties = append(inv.ThirdParties, another)
	}
	if g.maybe(6) {
		other := party("")
		other.OtherRole, other.NIP, other.ForeignID = g.text(), "", ForeignID{Country: pick(g, "", "US"), Number: "99-1/2"}
		inv.ThirdParties = append(inv.ThirdParties, other)
	}
}

// correction draws what is corrected and why.
func (g generator) correction(inv *Invoice) {
	c := &inv.Correction
	c.Reason, c.Effect = g.optionalText(), pick(g, "", EffectOriginalDate, EffectCorrectionDate, EffectOtherDate)
	c.Invoices = []CorrectedInvoice{{Number: "FV 1", IssueDate: g.day(), KSeFNumber: pick(g, "", g.ksefNumber())}}
	for range g.some(2) {
		c.Invoices = append(c.Invoices, CorrectedInvoice{Number: g.text(), IssueDate: g.day()})
	}
	if inv.kind() == KindCorrection && g.maybe(3) {
		c.Period = g.text()
	}
	if g.maybe(4) {
		c.Invoices, c.RightNumber = c.Invoices[:1], g.text()
	}
	if g.maybe(4) {
		c.Seller = EarlierSeller{EUPrefix: pick(g, "", "PL"), NIP: inv.Seller.NIP, Name: "Dawna nazwa", Address: g.address()}
	}
	if g.maybe(4) {
		c.Buyers = []EarlierBuyer{{NIP: inv.Buyer.NIP, Name: "Dawny nabywca", Address: g.optionalAddress()}}
	}
}

// marks sets what the rates of the invoice demand, and some more.
func (g generator) marks(inv *Invoice) {
	v := &validator{inv: inv}
	if v.has(VATExempt) {
		inv.Exemption = pick(g, Exemption{Act: g.text()}, Exemption{Directive: g.text()}, Exemption{Other: g.text()})
	}
	if v.has(VATMargin) {
		inv.Margin = rapid.SampledFrom(marginSchemes).Draw(g.t, "scheme")
	}
	inv.ReverseCharge = v.has(VATReverseCharge) || g.maybe(8)
	inv.CashMethod, inv.SelfBilling, inv.Triangular = g.maybe(6), g.maybe(6), g.maybe(8)
	inv.SplitPayment = inv.Margin == "" && g.maybe(6)
	inv.ToReceipt, inv.RelatedParties, inv.ExciseRefund = g.maybe(6), g.maybe(6), g.maybe(6)
	if len(inv.Lines) > 0 && g.maybe(5) {
		g.vehicles(inv)
	}
}

func (g generator) vehicles(inv *Invoice) {
	line := 1
	if n := inv.Lines[0].Number; n != 0 {
		line = n
	}
	inv.NewTransport.VAT22 = g.maybe(2)
	for _, v := range []Vehicle{
		{Land: LandVehicle{Mileage: "120 km", VIN: "VF1ABCDE123456789", Type: g.optionalText()}, Make: g.text(), YearBuilt: "2026"},
		{Vessel: Vessel{Hours: "12", Hull: g.optionalText()}, Model: g.text()},
		{Aircraft: Aircraft{Hours: "3", Serial: g.optionalText()}, Colour: g.text(), Registration: g.optionalText()},
	} {
		v.Line, v.FirstUse = line, g.day()
		if g.maybe(2) {
			inv.NewTransport.Vehicles = append(inv.NewTransport.Vehicles, v)
		}
	}
	if len(inv.NewTransport.Vehicles) == 0 {
		inv.NewTransport = NewTransport{}
	}
}

// surroundings draws everything that has nothing to do with sums.
func (g generator) surroundings(inv *Invoice) {
	inv.IssuePlace = g.optionalText()
	switch rapid.IntRange(0, 3).Draw(g.t, "supply") {
	case 0:
		inv.SupplyDate = g.day()
	case 1:
		inv.SupplyPeriod = Period{From: pl.NewDate(2026, 9, 1), To: pl.NewDate(2026, 9, 30)}
	case 2:
		for i := range inv.Lines {
			inv.Lines[i].SupplyDate = g.day()
		}
	}
	g.thirdParties(inv)
	if g.maybe(6) {
		inv.Authorised = AuthorisedParty{
			Role: pick(g, AuthorisedBailiff, AuthorisedRepresentative), NIP: "1111111111", Name: g.text(), Address: g.address(),
			MailingAddress: g.optionalAddress(), Contacts: g.contacts(), EORI: g.optionalText(),
		}
	}
	for range g.some(2) {
		inv.Descriptions = append(inv.Descriptions, Description{Key: g.text(), Value: g.text()})
		inv.WarehouseNotes = append(inv.WarehouseNotes, g.text())
		inv.Notes = append(inv.Notes, pick(g, "Jeden\nDwa", "Dziękujemy za zakupy"))
		inv.Registers = append(inv.Registers, Register{FullName: g.optionalText(), KRS: "0000123456", REGON: "123456785", BDO: "000123456"})
	}
	if g.maybe(4) {
		inv.Settlement.Charges = []Charge{{Amount: g.amount(), Reason: g.text()}, {Amount: g.amount(), Reason: g.text()}}
	}
	if g.maybe(4) {
		inv.Settlement.Deductions = []Charge{{Amount: g.amount(), Reason: g.text()}}
	}
	inv.Payment = g.payment()
	inv.Terms = g.terms(inv)
	if g.maybe(4) {
		inv.Attachment.Blocks = g.blocks()
	}
}

func (g generator) payment() Payment {
	if g.maybe(3) {
		return Payment{}
	}
	p := Payment{Accounts: []BankAccount{{
		Number: "38999900010000000012345678", SWIFT: pick(g, "", "BPKOPLPW"), BankName: g.optionalText(), Description: g.optionalText(),
		BankOwn: pick(g, "", BankCollection),
	}}}
	switch rapid.IntRange(0, 2).Draw(g.t, "paid") {
	case 0:
		p.PaidDate = g.day()
	case 1:
		p.Parts = []PartPayment{{Amount: d("0.01"), Date: g.day(), Method: PayCash}, {Amount: d("0.01"), Date: g.day(), OtherMethod: g.text()}}
	default:
		p.Due = []Due{{Date: pl.NewDate(2026, 11, 3)}, {Count: 14, Unit: "dni", Event: g.text()}}
	}
	if g.maybe(2) {
		p.Method = rapid.SampledFrom(paymentMethods.words()).Draw(g.t, "method")
	} else {
		p.OtherMethod = g.text()
	}
	if g.maybe(4) {
		p.EarlyPayment = EarlyPayment{Condition: g.text(), Discount: g.text()}
		p.Link, p.KSeFID = "https://pay.example/x?IPKSeF=123abcDEF0123", "123abcDEF0123"
		p.FactorAccounts = []BankAccount{{Number: "DE00999000000000000001"[:20]}}
	}
	return p
}

func (g generator) terms(inv *Invoice) Terms {
	var t Terms
	if g.maybe(3) {
		t.Contracts, t.Orders = []Reference{{Number: g.text()}, {Date: g.day()}}, []Reference{{Number: g.text(), Date: g.day()}}
		t.Batches, t.DeliveryTerms, t.Intermediary = []string{g.text()}, g.text(), g.maybe(2)
	}
	if !inv.foreignCurrency() && g.maybe(4) {
		t.AgreedRate, t.AgreedCurrency = g.number("agreed rate", 1, 9_999_999, 6), "EUR"
	}
	for range g.some(2) {
		t.Transports = append(t.Transports, g.transport())
	}
	return t
}

func (g generator) transport() Transport {
	start := time.Date(2026, 10, 3, rapid.IntRange(0, 23).Draw(g.t, "hour"), 30, 0, 0, time.UTC)
	t := Transport{
		Mode: rapid.SampledFrom(transportModes.words()).Draw(g.t, "mode"), Load: rapid.SampledFrom(loadKinds.words()).Draw(g.t, "load"),
		OrderNumber: g.optionalText(), PackagingUnit: g.optionalText(), Start: start, End: start.Add(90 * time.Minute),
		From: g.optionalAddress(), To: g.optionalAddress(), Via: []Address{g.address()}[:g.some(1)],
	}
	if g.maybe(3) {
		t.Mode, t.OtherMode, t.Load, t.OtherLoad = "", g.text(), "", g.text()
	}
	if g.maybe(2) {
		t.Carrier = Carrier{NIP: "1111111111", Name: g.text(), Address: g.address()}
	}
	return t
}

func (g generator) blocks() []AttachmentBlock {
	block := AttachmentBlock{Heading: g.optionalText(), Metadata: []KeyValue{{g.text(), g.text()}}}
	for range g.some(2) {
		block.Paragraphs = append(block.Paragraphs, g.text())
		block.Tables = append(block.Tables, Table{
			Metadata: []KeyValue{{g.text(), g.text()}}[:g.some(1)], Description: g.optionalText(),
			Columns: []Column{{Type: ColumnText, Name: g.text()}, {Type: rapid.SampledFrom(columnTypes).Draw(g.t, "type")}},
			Rows:    [][]string{{g.text(), ""}, {g.text()}}, Sums: []string{"", g.text()}[:2*g.some(1)],
		})
	}
	return []AttachmentBlock{block}
}
