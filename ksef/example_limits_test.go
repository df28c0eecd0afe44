package ksef_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// exampleSimulator stands for KSeF.
func exampleSimulator() (sim *ksefsim.Server, env ksef.Environment, stop func()) {
	sim, err := ksefsim.New(ksefsim.Config{Keys: simKeys()})
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(sim)
	return sim, ksef.Custom(server.URL), server.Close
}

// A client that plans its calls can tell beforehand how long they take.
func ExampleAccount_Plan() {
	sim, env, stop := exampleSimulator()
	defer stop()
	client, err := ksef.New(ksef.Config{
		Environment: env,
		// Give all programs on a machine the same directory:
		// Store: ksef.NewFileLimitStore("/var/lib/faktupro/limits")
		Limiter: &ksef.LimiterConfig{},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	account, err := client.Login(ctx, ksef.Token(ksef.NIPContext(seller), ksef.NewSecret(sim.AddToken(seller))))
	if err != nil {
		log.Fatal(err)
	}
	budget, err := account.Budget(ctx, ksef.GroupInvoiceMetadata)
	if err != nil {
		log.Fatal(err)
	}
	for _, w := range budget.Windows {
		fmt.Printf("%v: %d of %d left\n", w.Length, w.Left, w.Limit)
	}
	plan, err := account.Plan(ctx, ksef.GroupInvoiceMetadata, 100)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("100 queries take", plan.Round(time.Hour))
	// Output:
	// 1s: 8 of 8 left
	// 1m0s: 16 of 16 left
	// 1h0m0s: 20 of 20 left
	// 100 queries take 4h0m0s
}

// A call whose turn is too far away fails at once and says when it comes.
func ExampleLimitError() {
	sim, env, stop := exampleSimulator()
	defer stop()
	client, err := ksef.New(ksef.Config{Environment: env, Limiter: &ksef.LimiterConfig{}})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	account, err := client.Login(ctx, ksef.Token(ksef.NIPContext(seller), ksef.NewSecret(sim.AddToken(seller))))
	if err != nil {
		log.Fatal(err)
	}
	impatient := ksef.WithMaxWait(ctx, 0)
	for range 6 {
		for _, err := range account.Sessions.List(impatient, ksef.SessionFilter{Type: ksef.SessionOnline}) {
			if late, ok := errors.AsType[*ksef.LimitError](err); ok {
				fmt.Println(late.Group, "is full for the last", late.Window)
			}
		}
	}
	// Output:
	// sessionList is full for the last 1s
}

// Processes that share a store need one login between them.
func ExampleSharedLoginConfig() {
	sim, env, stop := exampleSimulator()
	defer stop()
	sealer, err := ksef.KeySealer(make([]byte, 32)) // take a random key from your vault
	if err != nil {
		log.Fatal(err)
	}
	logins := 0
	config := ksef.Config{
		Environment: env,
		SharedLogin: &ksef.SharedLoginConfig{
			Store:  new(ksef.MemoryTokenStore), // or ksef.NewFileTokenStore("/var/lib/faktupro/logins")
			Sealer: sealer,
		},
		OnLogin: func(_ context.Context, e ksef.Evidence) error {
			logins++ // keep e: the receipts of this login refer to it
			return nil
		},
	}
	credential := ksef.Token(ksef.NIPContext(seller), ksef.NewSecret(sim.AddToken(seller)))
	for range 3 {
		client, err := ksef.New(config)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := client.Login(context.Background(), credential); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("logins:", logins)
	// Output:
	// logins: 1
}
