package money_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/internal/money"
)

func Example() {
	net, err := money.Parse("100.35", 16, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	tax := money.Grosze(net.Mul(decimal.NewFromInt(23)).Shift(-2))
	fmt.Println(money.Fixed(tax, 2))
	// Output: 23.08
}

func ExampleRound() {
	fmt.Println(money.Round(decimal.RequireFromString("2.665"), 2))
	fmt.Println(money.Round(decimal.RequireFromString("-2.665"), 2))
	// Output:
	// 2.67
	// -2.67
}
