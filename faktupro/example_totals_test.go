package faktupro_test

import (
	"fmt"

	"github.com/faktupro/faktupro-go/faktupro"
)

// An advance invoice splits the payment over the VAT rates of the order. What it
// shows is taken off the invoice for the supply.
func ExampleTotals_StatedRates() {
	order := []faktupro.OrderLine{
		{Name: "Mieszkanie", Amount: faktupro.MustDecimal("341666.67"), VATRate: faktupro.VAT8},
		{Name: "Usługi dodatkowe", Amount: faktupro.MustDecimal("5000.00"), VATRate: faktupro.VAT23},
	}
	advance := faktupro.Invoice{
		Kind: faktupro.KindAdvance, Advance: faktupro.MustDecimal("10000.00"), Order: faktupro.Order{Lines: order},
	}
	paid, err := advance.Totals()
	if err != nil {
		fmt.Println(err)
		return
	}
	settlement := faktupro.Invoice{
		Kind: faktupro.KindSettlement,
		Lines: []faktupro.Line{
			{Name: "Mieszkanie", Amount: faktupro.MustDecimal("341666.67"), VATRate: faktupro.VAT8},
			{Name: "Usługi dodatkowe", Amount: faktupro.MustDecimal("5000.00"), VATRate: faktupro.VAT23},
		},
		AdvanceInvoices: []faktupro.AdvanceInvoice{{Number: "ZAL/1/2026", Rates: paid.StatedRates()}},
	}
	due, err := settlement.Totals()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(paid.Gross, due.Gross)
	// Output: 10000.00 365150.00
}
