// Command faktupro is the reference gateway of FaktuPro: the library behind a
// REST API, and the tools that go with it.
//
//	go run ./gateway demo     # one invoice the whole way, offline, in seconds
//	go run ./gateway          # the service: embedded database, simulated KSeF
//
// Exit codes: 0 done, 1 the answer is no (invalid, not found, mismatch),
// 2 wrong use, 3 could not do it (files, network, upstream). Every command
// takes --json for programs.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: tests call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cmd := newRoot(&cli{out: stdout, err: stderr, now: time.Now})
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintln(stderr, "faktupro:", printable(err.Error()))
	}
	return exitCode(err)
}

// cli is what the commands share.
type cli struct {
	out, err io.Writer
	now      func() time.Time
	json     bool
}

// print writes v as one line of JSON, or the text when people read it.
func (c *cli) print(v any, text string) error {
	if !c.json {
		_, err := fmt.Fprintln(c.out, text)
		return err
	}
	return json.NewEncoder(c.out).Encode(v)
}

func newRoot(c *cli) *cobra.Command {
	root := &cobra.Command{
		Use:           "faktupro",
		Short:         "Polish invoicing: FA(3), KSeF and what belongs to it",
		Long:          "Without a command it serves the API; see serve.",
		Args:          wrongUse(cobra.NoArgs),
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return c.serve(cmd.Context()) },
	}
	root.PersistentFlags().BoolVar(&c.json, "json", false, "write JSON for programs")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(c.serveCommand(), c.demoCommand(), c.configCommand(), c.auditCommand(), c.sandboxCommand(), c.sampleCommand(), c.checkCommand(), c.fa3Command())
	return root
}

// wrongUse turns a complaint about arguments into exit code 2.
func wrongUse(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usage(err)
		}
		return nil
	}
}

func (c *cli) configCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Print the effective configuration",
		Args:  wrongUse(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			cfg, err := LoadConfig()
			if err != nil {
				return err
			}
			if c.json {
				return json.NewEncoder(c.out).Encode(cfg)
			}
			return cfg.print(c.out)
		},
	}
}
