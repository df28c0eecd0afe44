// Package api is the REST API of FaktuPro as an http.Handler that any program
// can mount:
//
//	handler, err := api.New(api.Config{Invoices: service, Keys: authenticator})
//	if err != nil {
//		return err
//	}
//	http.ListenAndServe("127.0.0.1:8080", handler)
//
// Every answer that is not a success is a [Problem] (RFC 9457) with a stable
// code. Every operation but health and the OpenAPI document needs an API key.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/faktupro/faktupro-go/access"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// Version is the version of the API's contract.
const Version = "0.1.0"

// Config is what the API needs.
type Config struct {
	// Invoices does the work. Required.
	Invoices *invoicing.Service
	// Keys says who calls. Required: the API is never open.
	Keys *access.Authenticator
	// Proof returns the audit proof of an event by its identifier, in text form,
	// or [ErrNoProof]. nil leaves the operation out.
	Proof func(ctx context.Context, eventID string) ([]byte, error)
	// Ready returns nil when the service can work. nil means always.
	Ready func(ctx context.Context) error
	// Unavailable tells a storage that cannot work for now (no space, no answer)
	// from a defect: 503 instead of 500. nil means never.
	Unavailable func(error) bool
	// Denied is told of every refused call, for the audit log. It may be nil.
	Denied func(ctx context.Context, keyID, reason string)
	// Logger receives one line per request. nil is silence.
	Logger *slog.Logger
	// Now is the clock. nil is time.Now.
	Now func() time.Time
}

// ErrNoProof says that the audit log holds no entry for the event.
var ErrNoProof = errors.New("no audit entry for this event")

// server carries the configuration to the operations.
type server struct {
	Config
	huma huma.API
}

// New builds the handler.
func New(cfg Config) (http.Handler, error) {
	if cfg.Invoices == nil || cfg.Keys == nil {
		return nil, errors.New("api: Invoices and Keys are required")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Unavailable == nil {
		cfg.Unavailable = func(error) bool { return false }
	}
	if cfg.Denied == nil {
		cfg.Denied = func(context.Context, string, string) {}
	}
	mux := http.NewServeMux()
	s := &server{Config: cfg, huma: humago.New(mux, openAPIConfig())}
	s.huma.UseMiddleware(s.authorize)
	s.routes()
	if err := s.publish(mux); err != nil {
		return nil, err
	}
	return requestID(secureHeaders(observe(cfg.Logger, cfg.Now, readable(unknown(mux))))), nil
}

// routes registers every operation.
func (s *server) routes() {
	s.invoiceRoutes()
	s.systemRoutes()
}
