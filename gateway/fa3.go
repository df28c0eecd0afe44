package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

func (c *cli) fa3Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fa3",
		Short: "Tools for invoice documents: build, validate, convert",
		Args:  wrongUse(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.fa3BuildCommand(), c.fa3ValidateCommand(), c.fa3ConvertCommand(), c.fa3RulesCommand())
	return cmd
}

// fa3Build is one run of fa3 build.
type fa3Build struct {
	*cli
	in, out string
	number  string
	date    string
}

func (c *cli) fa3BuildCommand() *cobra.Command {
	b := &fa3Build{cli: c}
	cmd := &cobra.Command{
		Use:   "build FILE.json",
		Short: "Write an invoice of ours as an FA(3) document, ready for KSeF",
		Long: "Reads an invoice (the JSON of `faktupro sample`; - reads standard input), judges it and writes the\n" +
			"FA(3) document. Every problem is told at once with the place and the remedy; nothing is written then.",
		Args: wrongUse(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			b.in = args[0]
			return b.run()
		},
	}
	f := cmd.Flags()
	f.StringVarP(&b.out, "out", "o", "-", "file to write, - is standard output")
	f.StringVar(&b.number, "number", "", "invoice number, when the file has none")
	f.StringVar(&b.date, "date", "", "day of issue as 2026-02-28, when the file has none (default: today in Warsaw)")
	return cmd
}

// built is the answer of fa3 build --json when it could not build.
type built struct {
	File     string            `json:"file"`
	Valid    bool              `json:"valid"`
	Problems faktupro.Problems `json:"problems"`
}

func (b *fa3Build) run() error {
	day, err := b.day()
	if err != nil {
		return err
	}
	data, err := readLimited(b.in, faktupro.MaxJSONSize)
	if err != nil {
		return err
	}
	inv, problems := faktupro.DecodeAndValidate(data, faktupro.ValidateOptions{Now: b.now(), Draft: true})
	if problems.Err() != nil {
		return b.refuse(problems)
	}
	b.complete(inv, day)
	xml, err := faktupro.EncodeFA3(inv, b.now())
	var invalid *faktupro.ValidationError
	if errors.As(err, &invalid) {
		return b.refuse(invalid.Problems)
	}
	if err != nil {
		return err
	}
	for _, w := range problems.Warnings() {
		fmt.Fprintf(b.err, "warning: %s\n", printable(w.String()))
	}
	return b.write(xml)
}

// day is the day of issue for an invoice that brings none.
func (b *fa3Build) day() (pl.Date, error) {
	if b.out == "" {
		return pl.Date{}, usage(errors.New("--out needs a file name, or - for standard output"))
	}
	if b.date == "" {
		return pl.DateOf(b.now()), nil
	}
	day, err := pl.ParseDate(b.date)
	if err != nil {
		return pl.Date{}, usage(fmt.Errorf("--date: %w", err))
	}
	return day, nil
}

// complete gives the invoice the number and day that its file leaves out.
func (b *fa3Build) complete(inv *faktupro.Invoice, day pl.Date) {
	if inv.Number == "" {
		inv.Number = b.number
	}
	if inv.IssueDate.IsZero() {
		inv.IssueDate = day
	}
}

// refuse tells all problems.
func (b *fa3Build) refuse(problems faktupro.Problems) error {
	if b.json {
		if err := json.NewEncoder(b.cli.out).Encode(built{File: b.in, Problems: problems}); err != nil {
			return err
		}
		return no(errors.New("the invoice cannot be issued as it is"))
	}
	for _, p := range problems {
		fmt.Fprintf(b.err, "%s: %s\n", p.Severity, printable(p.String()))
	}
	return no(fmt.Errorf("the invoice cannot be issued as it is: %d to mend", len(problems.Errors())))
}

func (b *fa3Build) write(xml []byte) error {
	if b.out == "-" {
		_, err := b.cli.out.Write(xml)
		return err
	}
	return writeWhole(b.out, xml)
}

func (c *cli) fa3ConvertCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "convert FILE.xml",
		Short: "Read an FA(3) document, or an older FA(2), as an invoice of ours in JSON",
		Long: "Writes the invoice (the JSON that fa3 build reads). Nothing is dropped in silence: when the document\n" +
			"says something that the invoice has no room for, it is named and the answer is no (exit code 1).",
		Args: wrongUse(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return c.fa3Convert(args[0]) },
	}
}

func (c *cli) fa3Convert(file string) error {
	data, err := readLimited(file, maxDocument)
	if err != nil {
		return err
	}
	document, err := fa3.UnmarshalAny(data)
	if err != nil {
		return no(fmt.Errorf("%s: %w; see fa3 validate", file, err))
	}
	if document, err = fa3.FromFA2(document); err != nil {
		return no(fmt.Errorf("%s: %w", file, err))
	}
	inv, err := faktupro.FromFA3(document)
	var lost *faktupro.UnmodelledError
	if errors.As(err, &lost) {
		for _, path := range lost.Elements {
			fmt.Fprintln(c.err, path)
		}
		return no(fmt.Errorf("%s: the invoice has no room for %d elements", file, len(lost.Elements)))
	}
	if err != nil {
		return err
	}
	out, err := faktupro.EncodeInvoice(inv)
	if err != nil {
		return err
	}
	_, err = c.out.Write(append(out, '\n'))
	return err
}
