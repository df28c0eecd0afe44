package main

import (
	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/pl"
)

func (c *cli) sampleCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sample",
		Short: "Print the sample invoice as JSON, dated today",
		Args:  wrongUse(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			inv, err := sampleInvoice(pl.DateOf(c.now()))
			if err != nil {
				return err
			}
			data, err := faktupro.EncodeInvoice(inv)
			if err != nil {
				return err
			}
			_, err = c.out.Write(append(data, '\n'))
			return err
		},
	}
}

// sampleInvoice is the built-in sample moved to a day together with its other
// dates. It has no number: its series gives the next one.
func sampleInvoice(day pl.Date) (*faktupro.Invoice, error) {
	inv, err := faktupro.DecodeInvoice(faktupro.Sample())
	if err != nil {
		return nil, err
	}
	moved := day.DaysSince(inv.IssueDate)
	inv.Number, inv.IssueDate = "", day
	move := func(d *pl.Date) {
		if !d.IsZero() {
			*d = d.AddDays(moved)
		}
	}
	move(&inv.SupplyDate)
	for i := range inv.Payment.Due {
		move(&inv.Payment.Due[i].Date)
	}
	for i := range inv.Terms.Orders {
		move(&inv.Terms.Orders[i].Date)
	}
	return inv, nil
}
