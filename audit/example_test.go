package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/faktupro/faktupro-go/audit"
)

func Example() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()

	store := audit.NewFileStore(filepath.Join(dir, "log"))
	key, err := audit.OpenKey(ctx, filepath.Join(dir, "audit.key"), store, nil)
	if err != nil {
		log.Fatal(err)
	}
	l, err := audit.Open(ctx, audit.Config{Store: store, Signer: key})
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	sealed := audit.Event{
		ID:      "inv-17:sealed",
		Type:    audit.TypeInvoiceSealed,
		Object:  audit.Object{Kind: "invoice", ID: "inv-17"},
		Details: map[string]string{audit.DetailSeries: "FV/2026"},
	}
	for range 2 { // repeating is harmless
		seqs, err := l.Append(ctx, sealed)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("stored as", seqs[0])
	}
	report, err := l.Verify(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("verified:", report.Size)
	// Output:
	// stored as 0
	// stored as 0
	// verified: 1
}

// memoryLog is a log with a few entries.
func memoryLog(ctx context.Context) *audit.Log {
	key, err := audit.GenerateKey("example.com/audit", nil)
	if err != nil {
		log.Fatal(err)
	}
	l, err := audit.Open(ctx, audit.Config{Store: audit.NewMemoryStore(), Signer: key})
	if err != nil {
		log.Fatal(err)
	}
	for i, name := range []string{audit.TypeInvoiceSealed, audit.TypeInvoiceSent, audit.TypeInvoiceAccepted} {
		_, err := l.Append(ctx, audit.Event{
			ID: fmt.Sprintf("inv-17:%d", i), Type: name, Object: audit.Object{Kind: "invoice", ID: "inv-17"},
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	return l
}

// A proof is a text that somebody else checks without the log.
func ExampleLog_Prove() {
	ctx := context.Background()
	l := memoryLog(ctx)
	defer l.Close()

	proof, err := l.Prove(ctx, 2)
	if err != nil {
		log.Fatal(err)
	}
	text, err := proof.MarshalText()
	if err != nil {
		log.Fatal(err)
	}

	// Somewhere else, with nothing but the text and the verifier key:
	entry, err := audit.VerifyProofText(text, l.VerifierKey())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(entry.Seq, entry.Type, entry.Object.ID)
	// Output: 2 invoice.accepted inv-17
}

func ExampleLog_Entries() {
	ctx := context.Background()
	l := memoryLog(ctx)
	defer l.Close()
	for entry, err := range l.Entries(ctx, 1) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(entry.Seq, entry.Type)
	}
	// Output:
	// 1 invoice.sent
	// 2 invoice.accepted
}

func ExampleLog_Find() {
	ctx := context.Background()
	l := memoryLog(ctx)
	defer l.Close()
	entry, ok, err := l.Find(ctx, "inv-17:1")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ok, entry.Seq, entry.Type)
	// Output: true 1 invoice.sent
}

// Somebody changes a stored entry; the report says which.
func ExampleVerifyDir() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	key, err := audit.GenerateKey("example.com/audit", nil)
	if err != nil {
		log.Fatal(err)
	}
	l, err := audit.Open(ctx, audit.Config{Store: audit.NewFileStore(dir), Signer: key})
	if err != nil {
		log.Fatal(err)
	}
	for i := range 5 {
		if _, err := l.Append(ctx, audit.Event{ID: fmt.Sprint(i), Type: audit.TypeAccessDenied}); err != nil {
			log.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		log.Fatal(err)
	}

	segment := filepath.Join(dir, "00000000000000000000.segment")
	data, err := os.ReadFile(segment)
	if err != nil {
		log.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(segment, data, 0o600); err != nil {
		log.Fatal(err)
	}

	report, err := audit.VerifyDir(ctx, dir, key.VerifierKey())
	fmt.Println(errors.Is(err, audit.ErrChanged), report.Fault.First, "good before:", report.Size)
	// Output: true 2 good before: 2
}

// An anchor on another disk reveals that an older copy was put back.
func ExampleFileAnchor() {
	dir, err := os.MkdirTemp("", "audit")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	key, err := audit.GenerateKey("example.com/audit", nil)
	if err != nil {
		log.Fatal(err)
	}
	cfg := audit.Config{Store: audit.NewMemoryStore(), Signer: key, Anchor: audit.NewFileAnchor(filepath.Join(dir, "anchor"))}
	l, err := audit.Open(ctx, cfg)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := l.Append(ctx, audit.Event{ID: "1", Type: audit.TypeSystemStarted}); err != nil {
		log.Fatal(err)
	}
	if _, err := l.Checkpoint(ctx); err != nil { // now and then, and before Close
		log.Fatal(err)
	}
	if err := l.Close(); err != nil {
		log.Fatal(err)
	}

	cfg.Store = audit.NewMemoryStore() // the log is lost
	_, err = audit.Open(ctx, cfg)
	fmt.Println(errors.Is(err, audit.ErrRolledBack))
	// Output: true
}
