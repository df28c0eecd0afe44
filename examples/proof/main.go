// Proof keeps an audit log and proves one of its entries to somebody who has
// neither the log nor a reason to trust its keeper, only the public key.
//
//	go run ./examples/proof
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/faktupro/faktupro-go/audit"
)

func main() {
	ctx, dir := context.Background(), must(os.MkdirTemp("", "proof"))
	defer os.RemoveAll(dir)
	key := must(audit.LoadOrCreateKey(filepath.Join(dir, "audit.key")))
	l := must(audit.Open(ctx, audit.Config{Store: audit.NewFileStore(filepath.Join(dir, "log")), Signer: key}))
	defer l.Close() // what Append has acknowledged is on disk already

	// An event has a closed list of types and details, and an ID: a second
	// event with the same ID is not stored again.
	invoice := audit.Object{Kind: "invoice", ID: "inv-17"}
	seqs := must(l.Append(ctx,
		audit.Event{ID: "inv-17:1", Type: audit.TypeInvoiceSealed, Object: invoice},
		audit.Event{ID: "inv-17:2", Type: audit.TypeInvoiceSent, Object: invoice},
		audit.Event{ID: "inv-17:3", Type: audit.TypeInvoiceAccepted, Object: invoice},
	))
	proof := must(l.Prove(ctx, seqs[1]))
	file := filepath.Join(dir, "sent.proof")
	if err := os.WriteFile(file, must(proof.MarshalText()), 0o644); err != nil {
		log.Fatal(err)
	}
	if err := examine(file, key.VerifierKey()); err != nil {
		log.Fatal(err)
	}
}

// examine is the stranger, with nothing but the file and the public key.
func examine(file, publicKey string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	entry, err := audit.VerifyProofText(text, publicKey)
	if err != nil {
		return err
	}
	fmt.Printf("proven: entry %d says %s of %s %s\n", entry.Seq, entry.Type, entry.Object.Kind, entry.Object.ID)
	for i := range text {
		text[i] ^= 0x10
		if _, err := audit.VerifyProofText(text, publicKey); err == nil {
			return fmt.Errorf("byte %d flipped and still proven", i)
		}
		text[i] ^= 0x10
	}
	fmt.Printf("a bit of each of its %d bytes flipped in turn: always refused\n", len(text))
	return nil
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
