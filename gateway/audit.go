package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/audit"
)

func (c *cli) auditCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "audit", Short: "Verify the audit log and its proofs", Args: wrongUse(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return usage(errors.New("audit: use verify or check")) },
	}
	cmd.AddCommand(c.auditVerifyCommand(), c.auditCheckCommand())
	return cmd
}

func (c *cli) auditVerifyCommand() *cobra.Command {
	var data, key string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Read the whole log and compare it with its signed checkpoints",
		Long: "Changes nothing and works beside a running gateway. Without --key it believes the key that lies\n" +
			"beside the log; give the public key you noted elsewhere to detect a log that was replaced as a whole.",
		Args: wrongUse(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			verifier, err := verifierKey(data, key)
			if err != nil {
				return err
			}
			report, err := verifyLog(cmd.Context(), data, verifier)
			return c.auditReport(report, err)
		},
	}
	cmd.Flags().StringVar(&data, "data", "data", "data directory of the gateway or the demo")
	cmd.Flags().StringVar(&key, "key", "", "public key of the log, or a file that holds it")
	return cmd
}

// verifyLog compares the log with its own checkpoints and with the one that is
// kept outside it, which a log rolled back to an older copy contradicts.
func verifyLog(ctx context.Context, data, verifier string) (*audit.Report, error) {
	opt := audit.VerifyOptions{VerifierKeys: []string{verifier}}
	known, err := os.ReadFile(anchorFile(data))
	switch {
	case err == nil:
		opt.Known = [][]byte{known}
	case !errors.Is(err, os.ErrNotExist):
		return nil, err
	}
	return audit.Verify(ctx, audit.NewFileStore(auditDir(data)), opt)
}

// auditReport prints how far the log is good. A finding is the answer no;
// being unable to look is another matter.
func (c *cli) auditReport(report *audit.Report, err error) error {
	tampered := errors.Is(err, audit.ErrTampered) || errors.Is(err, audit.ErrWrongKey)
	if err != nil && !tampered {
		return err
	}
	if report != nil {
		text := fmt.Sprintf("%d entries intact, tree root %s", report.Size, report.Root)
		if e := c.print(struct {
			OK bool `json:"ok"`
			*audit.Report
		}{err == nil && report.OK(), report}, text); e != nil {
			return e
		}
	}
	if tampered {
		return no(err)
	}
	return nil
}

func (c *cli) auditCheckCommand() *cobra.Command {
	var data, key string
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a proof with the public key alone; the log is not needed",
		Args:  wrongUse(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			verifier, err := verifierKey(data, key)
			if err != nil {
				return err
			}
			text, err := readLimited(args[0], 1<<20)
			if err != nil {
				return err
			}
			entry, err := audit.VerifyProofText(text, verifier)
			if err != nil {
				return no(err)
			}
			if c.json {
				return json.NewEncoder(c.out).Encode(entry)
			}
			_, err = fmt.Fprintf(c.out, "proven: entry %d, %s at %s\n%s\n", entry.Seq, entry.Type, entry.Time.UTC(), entry.Bytes())
			return err
		},
	}
	cmd.Flags().StringVar(&data, "data", "data", "data directory whose key is used when --key is not given")
	cmd.Flags().StringVar(&key, "key", "", "public key of the log, or a file that holds it")
	return cmd
}

// verifierKey returns the public key given as text or file, or the one beside the log.
func verifierKey(data, key string) (string, error) {
	if key == "" {
		k, err := audit.LoadKey(filepath.Join(data, "audit.key"))
		if err != nil {
			return "", err
		}
		return k.VerifierKey(), nil
	}
	if text, err := os.ReadFile(key); err == nil {
		key = string(text)
	}
	return strings.TrimSpace(key), nil
}
