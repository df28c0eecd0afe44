package faktupro_test

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// shop and guest are the parties of the examples.
var (
	shop = faktupro.Seller{
		NIP: "1234563218", Name: "Wytwórnia Mebli Jodła sp. z o.o.",
		Address: faktupro.Address{Country: "PL", Line1: "ul. Tartaczna 12", Line2: "34-400 Nowy Targ"},
	}
	guest = faktupro.Buyer{
		NIP: "5253012349", Name: "Hotel Pod Rysami Sp. k.",
		Address: faktupro.Address{Country: "PL", Line1: "ul. Tatrzańska 40", Line2: "34-500 Zakopane"},
	}
)

// chairs is an invoice for chairs, numbered by KSeF after it was sent.
func chairs(quantity int64) *faktupro.Invoice {
	return &faktupro.Invoice{
		Number: "FV/88/2026", IssueDate: pl.NewDate(2026, 4, 14), Seller: shop, Buyer: guest,
		Lines: []faktupro.Line{{
			Name: "Krzesło bukowe", Quantity: faktupro.DecimalFromInt(quantity), Unit: "szt.",
			UnitPrice: faktupro.MustDecimal("240.00"), VATRate: faktupro.VAT23,
		}},
	}
}

const chairsInKSeF = "1234563218-20260414-0A1B2C3D4E5F-20"

// show issues an invoice and prints what its document says.
func show(inv *faktupro.Invoice) {
	document, err := faktupro.EncodeFA3(inv, time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := fa3.Unmarshal(document)
	if err != nil {
		fmt.Println(err)
		return
	}
	totals, err := inv.Totals()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range totals.Fields {
		fmt.Printf("%s %s, VAT %s\n", t.NetField, t.Net, t.VAT)
	}
	fmt.Printf("%s %s: %s %s\n", f.Fa.RodzajFaktury, f.Fa.P_2, f.Fa.P_15, f.Fa.KodWaluty)
}

// Two of twenty chairs come back.
func ExampleNewCorrection() {
	before, after := chairs(20), chairs(18)
	c, err := faktupro.NewCorrection(before, after, before.Reference(chairsInKSeF))
	if err != nil {
		fmt.Println(err)
		return
	}
	c.Number, c.IssueDate = "KOR/12/2026", pl.NewDate(2026, 5, 6)
	c.Correction.Reason, c.Correction.Effect = "Zwrot dwóch krzeseł", faktupro.EffectCorrectionDate
	for _, l := range c.Lines {
		fmt.Println(l.Number, l.Name, l.Quantity, l.Before)
	}
	show(c)
	// Output:
	// 1 Krzesło bukowe 20 true
	// 1 Krzesło bukowe 18 false
	// P_13_1 -480.00, VAT -110.40
	// KOR KOR/12/2026: -590.40 PLN
}

// The invoice had a wrong tax number: it is taken back as a whole, and another is
// issued.
func ExampleNewCancellation() {
	before := chairs(20)
	c, err := faktupro.NewCancellation(before, before.Reference(chairsInKSeF))
	if err != nil {
		fmt.Println(err)
		return
	}
	c.Number, c.IssueDate, c.Correction.Reason = "KOR/13/2026", pl.NewDate(2026, 5, 7), "Błędny NIP nabywcy"
	show(c)
	// Output:
	// P_13_1 -4800.00, VAT -1104.00
	// KOR KOR/13/2026: -5904.00 PLN
}

// A third of the price is paid in advance, the rest after the supply.
func ExampleAdvanceInvoice() {
	advance := &faktupro.Invoice{
		Kind: faktupro.KindAdvance, Number: "ZAL/1/2026",
		IssueDate: pl.NewDate(2026, 9, 2), SupplyDate: pl.NewDate(2026, 9, 1), // the day of payment
		Seller: shop, Buyer: guest,
		Advance: faktupro.MustDecimal("1968.00"),
		Order: faktupro.Order{Lines: []faktupro.OrderLine{{
			Name: "Krzesło bukowe", Quantity: faktupro.DecimalFromInt(20), Unit: "szt.",
			UnitPrice: faktupro.MustDecimal("240.00"), VATRate: faktupro.VAT23,
		}}},
	}
	show(advance)

	paid, err := advance.Totals()
	if err != nil {
		fmt.Println(err)
		return
	}
	settlement := chairs(20)
	settlement.Kind, settlement.Number, settlement.IssueDate = faktupro.KindSettlement, "FV/90/2026", pl.NewDate(2026, 10, 1)
	settlement.AdvanceInvoices = []faktupro.AdvanceInvoice{{
		KSeFNumber: pl.NewKSeFNumber(shop.NIP, advance.IssueDate, [6]byte{1, 2, 3}), // KSeF gives it out
		Rates:      paid.StatedRates(),
	}}
	show(settlement)
	// Output:
	// P_13_1 1600.00, VAT 368.00
	// ZAL ZAL/1/2026: 1968.00 PLN
	// P_13_1 3200.00, VAT 736.00
	// ROZ FV/90/2026: 3936.00 PLN
}

// A used wardrobe bought from a consumer: the margin is taxed, and no VAT shown.
func ExampleMarginScheme() {
	inv := chairs(0)
	inv.Margin = faktupro.MarginSecondHand
	inv.Lines = []faktupro.Line{{
		Name: "Szafa używana", Quantity: faktupro.DecimalFromInt(1), Unit: "szt.",
		UnitPrice: faktupro.MustDecimal("850.00"), VATRate: faktupro.VATMargin,
	}}
	show(inv)
	// Output:
	// P_13_11 850.00, VAT 0.00
	// VAT FV/88/2026: 850.00 PLN
}

// Prices in euro: the VAT is shown in PLN too.
func ExampleInvoice_Totals_foreignCurrency() {
	inv := chairs(20)
	inv.Currency, inv.ExchangeRate = "EUR", faktupro.MustDecimal("4.2518")
	show(inv)
	totals, err := inv.Totals()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("VAT in PLN:", totals.VATPLN)
	// Output:
	// P_13_1 4800.00, VAT 1104.00
	// VAT FV/88/2026: 5904.00 EUR
	// VAT in PLN: 4693.99
}
