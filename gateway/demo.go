package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// demo is one run of the main job.
type demo struct {
	*cli
	invoice    string // file, "" = own sample
	out        string
	crashAfter string
	resume     bool
	steps      bool
}

func (c *cli) demoCommand() *cobra.Command {
	d := &demo{cli: c}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Issue one invoice the whole way: JSON to KSeF number, verified UPO and audit proof",
		Long: "Issues an invoice to the simulated KSeF over real HTTP with real cryptography, without network,\n" +
			"configuration or account, and writes the XML, the UPO and the audit proof to a folder.\n\n" +
			"--crash-after stops the process hard after a step; --resume finishes the same invoice. Steps:\n  " + stepNames(),
		Args: wrongUse(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return d.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVar(&d.invoice, "invoice", "", "invoice JSON of your own (default: the built-in sample, dated today)")
	f.StringVar(&d.out, "out", "demo-out", "folder for the database, the audit log and the results")
	f.StringVar(&d.crashAfter, "crash-after", "", "stop the process hard after this step")
	f.BoolVar(&d.steps, "steps", false, "list the steps that --crash-after knows")
	f.BoolVar(&d.resume, "resume", false, "finish the invoice that a crashed run left")
	return cmd
}

func stepNames() string {
	names := make([]string, 0, len(invoicing.Steps()))
	for _, s := range demoSteps() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// demoSteps are the steps of the flow without the draft: the demo issues in one
// transaction, so that an invoice that cannot be issued leaves nothing behind.
func demoSteps() []invoicing.Step {
	return slices.DeleteFunc(invoicing.Steps(), func(s invoicing.Step) bool { return s == invoicing.StepCreated })
}

func (d *demo) run(ctx context.Context) (err error) {
	if d.steps {
		return d.print(demoSteps(), strings.ReplaceAll(stepNames(), ", ", "\n"))
	}
	if d.crashAfter != "" && !slices.Contains(demoSteps(), invoicing.Step(d.crashAfter)) {
		return usage(fmt.Errorf("--crash-after %s: use one of %s", d.crashAfter, stepNames()))
	}
	if d.resume && d.invoice != "" {
		return usage(errors.New("--resume finishes the stored invoice: leave --invoice out"))
	}
	cfg := Config{DataDir: d.out, KSeF: KSeFConfig{Environment: "sandbox"}}
	a, err := openApp(ctx, cfg, appOptions{now: d.now, logger: slog.New(slog.DiscardHandler), after: d.crash})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	d.say("simulated KSeF at %s: real HTTP, real signatures and encryption, no network", a.sandbox.URL)
	record, err := d.take(ctx, a)
	if err != nil {
		return err
	}
	if record, err = d.deliver(ctx, a, record); err != nil {
		return err
	}
	return d.report(ctx, a, record)
}

// crash ends the process as a power cut would: nothing is flushed or closed.
func (d *demo) crash(step invoicing.Step) {
	d.say("  %s", step)
	if string(step) == d.crashAfter {
		d.say("stopped hard after %q; finish with: demo --resume --out %s", step, d.out)
		os.Exit(exitFault)
	}
}

// say is the running commentary; programs that ask for JSON do not get it.
func (d *demo) say(format string, args ...any) {
	if !d.json {
		fmt.Fprintf(d.cli.out, format+"\n", args...)
	}
}

// take returns the invoice to work on: the one a crash left, or a new one.
func (d *demo) take(ctx context.Context, a *app) (*invoicing.Record, error) {
	last, err := newest(ctx, a.service)
	if err != nil {
		return nil, err
	}
	switch {
	case d.resume && last == nil:
		return nil, no(fmt.Errorf("nothing to resume in %s", d.out))
	case d.resume:
		d.say("resuming %s, found in state %q", last.ID, last.State)
		return last, nil
	case last != nil && !last.State.Final():
		return nil, usage(fmt.Errorf("a run in %s is unfinished: add --resume, or choose another --out", d.out))
	}
	inv, err := d.read()
	if err != nil {
		return nil, d.explain(err)
	}
	r, err := a.service.IssueDraft(ctx, inv, invoicing.CreateOptions{})
	return r, d.explain(err)
}

// newest returns the invoice of the latest run, nil when there was none.
func newest(ctx context.Context, s *invoicing.Service) (*invoicing.Record, error) {
	page, err := s.List(ctx, invoicing.Query{Limit: 1})
	if err != nil || len(page.Records) == 0 {
		return nil, err
	}
	return page.Records[0], nil
}

// read decodes the user's file, or the sample with today as the date of issue.
func (d *demo) read() (*faktupro.Invoice, error) {
	if d.invoice != "" {
		data, err := readLimited(d.invoice, faktupro.MaxJSONSize)
		if err != nil {
			return nil, err
		}
		// Misspelt fields and broken rules are told together.
		inv, found := faktupro.DecodeAndValidate(data, faktupro.ValidateOptions{Now: d.now(), Draft: true})
		return inv, found.Err()
	}
	return sampleInvoice(pl.DateOf(d.now()))
}

// deliver brings the invoice to KSeF.
func (d *demo) deliver(ctx context.Context, a *app, r *invoicing.Record) (*invoicing.Record, error) {
	r, err := a.service.Deliver(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if r.State == invoicing.StateRejected {
		return nil, no(fmt.Errorf("KSeF refused the invoice: %d %s", r.Rejection.Code, r.Rejection.Description))
	}
	return r, nil
}

// explain prints every problem of an invoice; the exit code becomes "no".
func (d *demo) explain(err error) error {
	var invalid *faktupro.ValidationError
	if !errors.As(err, &invalid) {
		return err
	}
	if d.json {
		return errors.Join(no(errors.New("the invoice has errors")), json.NewEncoder(d.cli.out).Encode(map[string]any{"problems": invalid.Problems}))
	}
	for _, p := range invalid.Problems {
		fmt.Fprintf(d.cli.out, "%-7s %s  %s\n        %s\n        %s\n", p.Severity, printable(p.Path), p.Code, p.EN, p.PL)
	}
	return no(errors.New("the invoice has errors; nothing was issued"))
}

// write stores one result.
func (d *demo) write(name string, data []byte) (string, error) {
	path := filepath.Join(d.out, name)
	return path, writeWhole(path, data)
}
