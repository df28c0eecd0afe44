// Validate reads an invoice as JSON and prints everything that is wrong with it,
// in English and in Polish, and the totals as far as they can be computed. Like
// any checker it exits with 1 when the invoice must not be issued.
//
//	go run ./examples/validate              # a sample with mistakes
//	go run ./examples/validate invoice.json
package main

import (
	_ "embed" // mistakes.json
	"fmt"
	"log"
	"os"
	"time"

	"github.com/faktupro/faktupro-go/faktupro"
)

//go:embed mistakes.json
var mistakes []byte

func main() {
	text := mistakes
	if len(os.Args) > 1 {
		var err error
		if text, err = os.ReadFile(os.Args[1]); err != nil {
			log.Fatal(err)
		}
	}
	inv, problems := faktupro.DecodeAndValidate(text, faktupro.ValidateOptions{Now: time.Now()})
	printProblems(problems)
	if inv != nil { // it is nil when not even the text could be read in full
		printTotals(inv)
	}
	if problems.Err() != nil { // warnings alone do not forbid anything
		os.Exit(1)
	}
}

func printProblems(problems faktupro.Problems) {
	fmt.Printf("errors: %d, warnings: %d\n", len(problems.Errors()), len(problems.Warnings()))
	for _, p := range problems {
		fmt.Printf("\n%s %s %s", p.Severity, p.Code, p.Path)
		if p.Line > 0 {
			fmt.Printf(" (line %d)", p.Line)
		}
		fmt.Printf("\n  %s\n  %s\n", p.EN, p.PL)
	}
}

func printTotals(inv *faktupro.Invoice) {
	totals, err := inv.Totals()
	if err != nil {
		fmt.Println("\nno totals:", err)
		return
	}
	fmt.Println()
	for _, r := range totals.Rates {
		info, _ := r.Rate.Info()
		fmt.Printf("%-20s %10s + %9s = %10s\n", info.EN, r.Net, r.VAT, r.Gross)
	}
	fmt.Printf("%-20s %10s + %9s = %10s %s\n", "total", totals.Net, totals.VAT, totals.Gross, totals.Currency)
}
