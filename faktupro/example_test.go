package faktupro_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// A consulting hour for a Polish company, from Go values to the document.
func Example() {
	inv := &faktupro.Invoice{
		Number:    "FV/7/2026",
		IssueDate: pl.NewDate(2026, 2, 16),
		Seller: faktupro.Seller{
			NIP: "1234563218", Name: "Anna Wzorowa Doradztwo",
			Address: faktupro.Address{Country: "PL", Line1: "ul. Cicha 1, 00-001 Warszawa"},
		},
		Buyer: faktupro.Buyer{
			NIP: "5253012349", Name: "Hotel Pod Rysami Sp. k.",
			Address: faktupro.Address{Country: "PL", Line1: "ul. Tatrzańska 40, 34-500 Zakopane"},
		},
		Lines: []faktupro.Line{{
			Name: "Doradztwo", Quantity: faktupro.MustDecimal("1.5"), Unit: "godz.",
			UnitPrice: faktupro.MustDecimal("200.00"), VATRate: faktupro.VAT23,
		}},
	}
	document, err := faktupro.EncodeFA3(inv, time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	summary, err := fa3.Peek(document)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(summary.P_2, summary.P_15, summary.KodWaluty)
	// Output: FV/7/2026 369.00 PLN
}

func ExampleDecodeInvoice() {
	_, err := faktupro.DecodeInvoice([]byte(`{
  "number": "FV/1/2026",
  "issueDate": "16.02.2026",
  "lines": [{"name": "Kawa", "quantity": "two", "vatrate": 23}]
}`))
	refused, _ := errors.AsType[*faktupro.ValidationError](err)
	for _, p := range refused.Problems {
		fmt.Printf("line %d: %s %s\n", p.Line, p.Path, p.Code)
	}
	// Output:
	// line 3: /issueDate date.format
	// line 4: /lines/0/quantity decimal.format
	// line 4: /lines/0/vatrate json.unknown_field
}

func ExampleInvoice_Validate() {
	inv, err := faktupro.DecodeInvoice(faktupro.Sample())
	if err != nil {
		fmt.Println(err)
		return
	}
	inv.Buyer.NIP = "5253012348"
	inv.Lines[1].VATRate = faktupro.VATExempt
	for _, p := range inv.Validate(faktupro.ValidateOptions{}) {
		fmt.Println(p.Severity, p.Path, p.Code)
		fmt.Println("   ", p.PL)
	}
	// Output:
	// error /buyer/nip nip.checksum
	//     Cyfra kontrolna numeru NIP jest błędna, więc co najmniej jedna cyfra jest pomylona: porównaj numer z Wykazem podatników VAT.
	// error /exemption exemption.missing
	//     Są wiersze zwolnione bez podstawy prawnej: podaj przepis w polu exemption, np. act o treści „art. 43 ust. 1 pkt 18”.
}

func ExampleInvoice_Totals() {
	inv, err := faktupro.DecodeInvoice(faktupro.Sample())
	if err != nil {
		fmt.Println(err)
		return
	}
	totals, err := inv.Totals()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range totals.Rates {
		fmt.Printf("%3s%%  net %8s  VAT %7s\n", r.Rate, r.Net, r.VAT)
	}
	fmt.Println("due", totals.Gross, totals.Currency)
	// Output:
	//  23%  net   733.75  VAT  168.76
	//   5%  net  2336.40  VAT  116.82
	// due 3355.73 PLN
}

func ExampleFromFA3() {
	inv, err := faktupro.DecodeInvoice(faktupro.Sample())
	if err != nil {
		fmt.Println(err)
		return
	}
	document, err := inv.FA3(time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC))
	if err != nil {
		fmt.Println(err)
		return
	}
	document.Fa.KursWalutyZ = "4.2536" // the exchange rate of an advance, which this is not
	_, err = faktupro.FromFA3(document)
	if lost, ok := errors.AsType[*faktupro.UnmodelledError](err); ok {
		fmt.Println(lost.Elements)
	}
	// Output: [/Faktura/Fa/KursWalutyZ]
}
