package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/access"
	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/gateway/api"
)

func (c *cli) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the API",
		Long: "Serves the REST API. With nothing configured: embedded database in ./data, simulated KSeF,\n" +
			"loopback only. The first API key is printed once, at the first start.",
		Args: wrongUse(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.serve(cmd.Context()) },
	}
}

// serve runs until ctx ends or something breaks.
func (c *cli) serve(ctx context.Context) (err error) {
	cfg, err := LoadConfig()
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(c.err, nil))
	a, err := openApp(ctx, cfg, appOptions{now: c.now, logger: logger})
	if err != nil {
		return stopped(err)
	}
	defer func() { err = errors.Join(stopped(err), a.Close()) }()
	keys, err := access.NewAuthenticator(a.store, access.Config{Now: c.now})
	if err != nil {
		return err
	}
	events := newRecorder(a.log, logger)
	if err := c.firstKey(ctx, a, keys, events); err != nil {
		return err
	}
	handler, err := a.handler(keys, events, logger, c.now)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	if err := c.print(map[string]string{"api": "http://" + l.Addr().String(), "ksef": a.ksefName()},
		fmt.Sprintf("FaktuPro serves http://%s (KSeF: %s, data: %s)", l.Addr(), a.ksefName(), cfg.DataDir)); err != nil {
		return errors.Join(err, l.Close())
	}
	started := audit.Event{
		Type: audit.TypeSystemStarted, Outcome: audit.OutcomeOK,
		Details: map[string]string{audit.DetailVersion: api.Version, audit.DetailEnv: cfg.KSeF.Environment},
	}
	if err := events.record(ctx, started); err != nil {
		return errors.Join(err, l.Close())
	}
	err = a.run(ctx, handler, l, logger)
	ended := audit.Event{Type: audit.TypeSystemStopped, Outcome: audit.OutcomeOK}
	return errors.Join(err, events.record(context.WithoutCancel(ctx), ended))
}

func (a *app) ksefName() string {
	if a.sandbox != nil {
		return "sandbox at " + a.sandbox.URL
	}
	return a.cfg.KSeF.Environment
}

// firstKey prints a key with every scope when no usable one exists: at the
// first start, and when all have expired or were revoked, for otherwise nobody
// could ever get in again. It is printed before it is stored: a key that was
// never seen must not count, one that was never stored is worthless.
func (c *cli) firstKey(ctx context.Context, a *app, keys *access.Authenticator, events *recorder) error {
	for rec, err := range keys.Keys(ctx) {
		if err != nil {
			return err
		}
		if !rec.Revoked() && !rec.Expired(c.now()) {
			return nil
		}
	}
	secret, rec, err := access.Generate(rand.Reader, access.Live, nil)
	if err != nil {
		return err
	}
	rec.Label, rec.Scopes = "first key", access.AllScopes()
	rec.CreatedAt = c.now().UTC().Truncate(time.Microsecond)
	rec.ExpiresAt = rec.CreatedAt.Add(access.DefaultLifetime)
	err = c.print(map[string]string{"apiKey": secret.Reveal(), "expires": rec.ExpiresAt.Format(time.RFC3339)},
		fmt.Sprintf("API key, shown once and valid until %s:\n  %s", rec.ExpiresAt.Format(time.DateOnly), secret.Reveal()))
	if err != nil {
		return err
	}
	if err := a.store.AddKey(ctx, rec); err != nil {
		return err
	}
	return events.record(ctx, audit.Event{
		Type: audit.TypeAPIKeyCreated, Outcome: audit.OutcomeOK,
		Details: map[string]string{audit.DetailKey: rec.ID, audit.DetailMethod: "first_start"},
	})
}

func (a *app) handler(keys *access.Authenticator, events *recorder, logger *slog.Logger, now func() time.Time) (http.Handler, error) {
	return api.New(api.Config{
		Invoices: a.service, Keys: keys, Logger: logger, Now: now, Ready: a.ready, Denied: events.deny, Unavailable: unavailable,
		Proof: func(ctx context.Context, id string) ([]byte, error) {
			text, err := a.proof(ctx, id)
			if errors.Is(err, errNoEntry) {
				return nil, api.ErrNoProof
			}
			return text, err
		},
	})
}

// run serves requests and works on the queue until ctx ends, then drains.
func (a *app) run(ctx context.Context, handler http.Handler, l net.Listener, logger *slog.Logger) error {
	srv := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work := make(chan error, 1)
	go func() { work <- a.service.Run(ctx) }()
	web := make(chan error, 1)
	go func() { web <- srv.Serve(l) }()
	go a.anchor(ctx)

	var err error
	select {
	case <-ctx.Done():
	case err = <-web:
	case err = <-work:
		work <- nil
	}
	stop()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if e := srv.Shutdown(drain); e != nil { // somebody is slow: cut him off, that is no failure of ours
		logger.Warn("connections were cut at the stop", "error", e)
		_ = srv.Close()
	}
	return errors.Join(err, stopped(<-work))
}

// drainTime is how long requests under way may take to finish at the stop.
const drainTime = 15 * time.Second

// anchorInterval bounds how much of the log could be cut off unnoticed by
// somebody who holds its key.
const anchorInterval = time.Minute

// anchor notes the log's checkpoint outside the log now and then, until ctx
// ends. A failure is seen at the next append, which needs the same disk.
func (a *app) anchor(ctx context.Context) {
	tick := time.NewTicker(anchorInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_, _ = a.log.Checkpoint(ctx)
		}
	}
}

// stopped is the error of a worker that was told to end: none.
func stopped(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
