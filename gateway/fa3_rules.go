package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/ksef/fa3/rules"
)

// ruleRow is one line of fa3 rules --json.
type ruleRow struct {
	ID        string         `json:"id"`
	Severity  rules.Severity `json:"severity"`
	Basis     rules.Basis    `json:"basis"`
	Reference string         `json:"reference"`
	EN        string         `json:"en"`
	PL        string         `json:"pl"`
}

func (c *cli) fa3RulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "List the rules of the layer semantic",
		Args:  wrongUse(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			for _, r := range rules.All() {
				if err := c.rule(&r); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (c *cli) rule(r *rules.Rule) error {
	if c.json {
		return json.NewEncoder(c.out).Encode(ruleRow{r.ID, r.Severity, r.Basis, r.Reference, r.EN, r.PL})
	}
	_, err := fmt.Fprintf(c.out, "%-34s %-8s %-15s %s\n", r.ID, r.Severity, r.Basis, r.Reference)
	return err
}
