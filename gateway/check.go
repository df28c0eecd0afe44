package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/pl"
)

// parsers are the identifiers that check knows.
var parsers = map[string]func(string) error{
	"nip":         func(s string) error { _, err := pl.ParseNIP(s); return err },
	"regon":       func(s string) error { _, err := pl.ParseREGON(s); return err },
	"krs":         func(s string) error { _, err := pl.ParseKRS(s); return err },
	"pesel":       func(s string) error { _, err := pl.ParsePESEL(s); return err },
	"nrb":         func(s string) error { _, err := pl.ParseNRB(s); return err },
	"iban":        func(s string) error { _, err := pl.ParseIBAN(s); return err },
	"vat-ue":      func(s string) error { _, err := pl.ParseVATUE(s); return err },
	"ksef-number": func(s string) error { _, err := pl.ParseKSeFNumber(s); return err },
}

// checked is one line of check --json. The value is not repeated: it may be
// personal, and the order of the lines is the order of the arguments.
type checked struct {
	Kind   string `json:"kind"`
	Index  int    `json:"index"`
	Valid  bool   `json:"valid"`
	Reason string `json:"reason,omitempty"`
}

func (c *cli) checkCommand() *cobra.Command {
	kinds := make([]string, 0, len(parsers))
	for k := range parsers {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	return &cobra.Command{
		Use:       "check KIND VALUE...",
		Short:     "Check numbers: " + strings.Join(kinds, ", "),
		Args:      wrongUse(cobra.MinimumNArgs(2)),
		ValidArgs: kinds,
		RunE: func(_ *cobra.Command, args []string) error {
			parse, ok := parsers[args[0]]
			if !ok {
				return usage(fmt.Errorf("unknown kind %q: use one of %s", args[0], strings.Join(kinds, ", ")))
			}
			return c.check(args[0], parse, args[1:])
		},
	}
}

func (c *cli) check(kind string, parse func(string) error, values []string) error {
	bad := 0
	for i, v := range values {
		line, text := checked{Kind: kind, Index: i, Valid: true}, "valid"
		if err := parse(v); err != nil {
			bad++
			line.Valid, line.Reason = false, err.Error()
			text = "invalid: " + err.Error()
		}
		if err := c.print(line, text); err != nil {
			return err
		}
	}
	if bad > 0 {
		return no(errors.New("not every value is valid"))
	}
	return nil
}
