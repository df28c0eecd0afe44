package ksef_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"testing/fstest"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// Sending invoices one by one. A Sender is shared by all goroutines.
func ExampleAccount_Sender() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	account := signIn(ctx, sim, env)

	sender := account.Sender(ksef.SenderConfig{})
	for _, number := range []string{"FV/1", "FV/2", "FV/1"} {
		d, err := sender.Send(ctx, document(number))
		switch {
		case err != nil:
			fmt.Println(number, d.State, err) // DeliveryUnknown: Close finds out
		case d.State == ksef.DeliveryAccepted:
			fmt.Println(number, "has a number:", d.KSeFNumber.Valid(), "- was there before:", d.Earlier)
		default:
			fmt.Println(number, "refused:", d.Reason)
		}
	}
	report, err := sender.Close(ctx)
	fmt.Println(len(report.Sessions), "session, left open:", len(report.Resolved), err)
	// Output:
	// FV/1 has a number: true - was there before: false
	// FV/2 has a number: true - was there before: false
	// FV/1 has a number: true - was there before: true
	// 1 session, left open: 0 <nil>
}

// Finding out after a crash what became of an invoice. The attempt was stored by
// SenderConfig.Record before the invoice left.
func ExampleAccount_Resolve() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	account := signIn(ctx, sim, env)

	var stored []byte
	sender := account.Sender(ksef.SenderConfig{Record: func(_ context.Context, at ksef.Attempt) (err error) {
		stored, err = json.Marshal(at)
		return err
	}})
	if _, err := sender.Send(ctx, document("FV/1")); err != nil {
		log.Fatal(err)
	}
	// The process ends here, before it could store the result.
	var at ksef.Attempt
	if err := json.Unmarshal(stored, &at); err != nil {
		log.Fatal(err)
	}
	d, err := account.Resolve(ctx, at)
	fmt.Println(d.State, err)
	// Output: accepted <nil>
}

// Sending a directory of invoices as one package, correcting what is refused
// and sending that again.
func ExampleAccount_SendBatch() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	account := signIn(ctx, sim, env)
	dir, err := os.MkdirTemp("", "outbox")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	invoices := fstest.MapFS{ // os.DirFS("invoices") in a real program
		"1.xml": {Data: document("FV/1")},
		"2.xml": {Data: []byte("<Faktura>")},
	}
	result, err := account.SendBatch(ctx, pack.Files(invoices, "*.xml"), ksef.BatchConfig{Store: pack.NewDir(filepath.Join(dir, "1"))})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Accepted, "accepted,", result.Rejected, "rejected")
	corrected := fstest.MapFS{}
	for d := range result.Failed() {
		fmt.Println(d.Name, d.Reason)
		corrected[d.Name] = &fstest.MapFile{Data: document("FV/2")}
	}
	result, err = account.SendBatch(ctx, pack.Files(corrected, "*.xml"), ksef.BatchConfig{Store: pack.NewDir(filepath.Join(dir, "2"))})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Accepted, "accepted,", result.Rejected, "rejected")
	// Output:
	// 1 accepted, 1 rejected
	// 2.xml ksef: accept invoice: status 430: invoice file not valid
	// 1 accepted, 0 rejected
}

// Going on with a package after a crash. Save stores the state before every
// step; the sealer encrypts what must not show in it.
func ExampleAccount_ResumeBatch() {
	sim, env, stop := startSimulator()
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	account := signIn(ctx, sim, env)

	sealer, err := ksef.KeySealer(make([]byte, 32)) // random bytes, kept safe, in a real program
	if err != nil {
		log.Fatal(err)
	}
	var stored []byte // a file or a row of a database
	cfg := ksef.BatchConfig{Store: &pack.Memory{}, Sealer: sealer}
	crashed := false
	cfg.Save = func(_ context.Context, state ksef.BatchState) (err error) {
		if state.Step == ksef.BatchClosing && !crashed {
			crashed = true
			return fmt.Errorf("the machine lost power")
		}
		stored, err = json.Marshal(state)
		return err
	}
	docs := pack.Files(fstest.MapFS{"1.xml": {Data: document("FV/1")}}, "")
	_, err = account.SendBatch(ctx, docs, cfg)
	fmt.Println(err)

	var state ksef.BatchState
	if err := json.Unmarshal(stored, &state); err != nil {
		log.Fatal(err)
	}
	fmt.Println("the state is at", state.Step)
	result, err := account.ResumeBatch(ctx, state, nil, cfg)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Accepted, "accepted")
	// Output:
	// ksef: send batch: store the state: the machine lost power
	// the state is at uploading
	// 1 accepted
}
