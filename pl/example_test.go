package pl_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

func ExampleParseNIP() {
	nip, err := pl.ParseNIP("PL 123-456-32-18")
	fmt.Println(nip, err)
	_, err = pl.ParseNIP("123-456-32-19")
	fmt.Println(err)
	fmt.Println(errors.Is(err, pl.ErrChecksum))
	// Output:
	// 1234563218 <nil>
	// pl: NIP: wrong check digit: compare the ten digits with the register or the invoice
	// true
}

func ExampleParseREGON() {
	unit, _ := pl.ParseREGON("365421871-00013")
	fmt.Println(unit, unit.Entity())
	// Output: 36542187100013 365421871
}

func ExampleParseKRS() {
	krs, err := pl.ParseKRS("0000 123 456")
	fmt.Println(krs, err)
	// Output: 0000123456 <nil>
}

func ExampleParsePESEL() {
	pesel, _ := pl.ParsePESEL("99071512345")
	fmt.Println(pesel, pesel.BirthDate())
	// Output: *********45 1999-07-15
}

func ExampleParseNRB() {
	nrb, _ := pl.ParseNRB("PL56 9999 0001 0000 2000 3000 4000")
	fmt.Println(nrb)
	fmt.Println(string(nrb))
	// Output:
	// **********************4000
	// 56999900010000200030004000
}

func ExampleParseIBAN() {
	iban, _ := pl.ParseIBAN("DE97 9999 9999 0000 0123 45")
	fmt.Println(iban.Country(), iban)
	// Output: DE ******************2345
}

func ExampleParseVATUE() {
	vat, err := pl.ParseVATUE("EL 123456789")
	fmt.Println(vat.Country, vat.Number, err)
	// Output: EL 123456789 <nil>
}

func ExampleParseKSeFNumber() {
	number, err := pl.ParseKSeFNumber("1234563218-20260201-0A1B2C3D4E5F-E1")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(number.Seller(), number.Date())
	// Output: 1234563218 2026-02-01
}

func ExampleParseInternalID() {
	id, err := pl.ParseInternalID("1234563218-00012")
	fmt.Println(id.NIP(), err)
	// Output: 1234563218 <nil>
}

func ExampleNIP_LogValue() {
	plain := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	plain.Info("invoice sent", "seller", pl.NIP("1234563218"))
	// Output: level=INFO msg="invoice sent" seller=*******218
}

func ExampleDateOf() {
	sent := time.Date(2026, time.January, 31, 23, 30, 0, 0, time.UTC)
	day := pl.DateOf(sent) // half past midnight in Warsaw
	fmt.Println(day, day.AddDays(14), day.AddMonths(1))
	// Output: 2026-02-01 2026-02-15 2026-03-01
}

func ExampleDate_Start() {
	day := pl.NewDate(2026, time.March, 29)
	fmt.Println(day.Start())
	fmt.Println(day.AddDays(1).Start().Sub(day.Start()))
	// Output:
	// 2026-03-29 00:00:00 +0100 CET
	// 23h0m0s
}

func ExampleParseDate() {
	_, err := pl.ParseDate("2026-02-30")
	fmt.Println(err)
	// Output: pl: date: wrong format: write a day of the calendar as 2026-02-01
}
