package ksef

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// Config is what a Client may be given. Only Environment is required.
type Config struct {
	// Environment is the system to talk to: Test(), Demo(), Production() or
	// Custom(base).
	Environment Environment
	// HTTP makes the calls. It is copied, and the copy does not follow
	// redirects. Nil means a client with bounded times and TLS 1.2 or later.
	// Parts of packages go through its Transport only, without its Timeout:
	// they are large, and the context bounds them.
	HTTP *http.Client
	// Logger gets one debug record per call: operation, status, time taken.
	// Nil means no logging.
	Logger *slog.Logger
	// Now is the clock, time.Now if nil.
	Now func() time.Time
	// Random gives keys, vectors and jitter, crypto/rand if nil. It need not be
	// safe for concurrent use.
	Random io.Reader
	// UserAgent is sent with every call, "faktupro-go" if empty.
	UserAgent string
	// OnSystemWarning is told the technical notices that KSeF attaches to
	// answers. They never change a result. It is called in the goroutine of
	// the call and must be safe for concurrent use.
	OnSystemWarning func(code, message string)
	// Poll paces the waiting loops.
	Poll PollConfig
	// MaxRetryAfter is the longest Retry-After that is waited for within a
	// call, one minute if zero. Longer ones end the call with ErrRateLimited.
	MaxRetryAfter time.Duration
	// Limiter plans calls so that they keep within KSeF's limits. Nil: they are
	// made as they come.
	Limiter *LimiterConfig
	// Breaker stops calls while KSeF is down. Nil: they are made all the same.
	Breaker *BreakerConfig
	// SharedLogin keeps logins in a store, so that several processes use one
	// and a restart needs none. Nil: each Login logs in.
	SharedLogin *SharedLoginConfig
	// OnLogin is given the evidence of every login that KSeF accepted, before
	// the login is used: receipts (UPO) name the hash of its document, so it
	// is to be kept as long as they are. An error of it ends the login.
	OnLogin func(ctx context.Context, e Evidence) error
	// Observer is told what happens, for metrics. Nil: nobody.
	Observer Observer
	// Tracer is told the beginning and the end of calls. Nil: nobody.
	Tracer Tracer
}

// Client talks to one environment, without a login. Make one and share it.
type Client struct {
	// Auth has the calls of the login, one by one; Login does them in order.
	Auth *AuthService
	// Security reads the public keys.
	Security *SecurityService
	// Peppol lists the providers of Peppol services.
	Peppol *PeppolService
	// Latarnia tells whether KSeF is available.
	Latarnia *LatarniaService
	// TestData makes subjects and rights in the test environment.
	TestData *TestDataService

	env       Environment
	base      *url.URL
	http      *httpx.Client
	storage   *storage
	log       *slog.Logger
	now       func() time.Time
	random    io.Reader
	userAgent string
	onWarning func(code, message string)
	poll      PollConfig
	keys      *keyring
	limiter   *limiter
	breaker   *breaker
	shared    *sharedLogin
	onLogin   func(ctx context.Context, e Evidence) error
	observer  Observer
	tracer    Tracer
}

// New returns a Client. It does no I/O. The error wraps ErrInvalidArgument.
func New(cfg Config) (*Client, error) {
	base, err := cfg.Environment.check()
	if err != nil {
		return nil, err
	}
	c := &Client{
		env:       cfg.Environment,
		base:      base,
		log:       cfg.Logger,
		now:       cfg.Now,
		random:    rand.Reader,
		userAgent: cfg.UserAgent,
		onWarning: cfg.OnSystemWarning,
		poll:      cfg.Poll.withDefaults(),
	}
	c.applyDefaults(cfg)
	if c.shared, err = newSharedLogin(c, cfg.SharedLogin); err != nil {
		return nil, err
	}
	c.limiter, c.breaker = newLimiter(c, cfg.Limiter), newBreaker(c, cfg.Breaker)
	c.onLogin, c.observer, c.tracer = cfg.OnLogin, cfg.Observer, cfg.Tracer
	c.Auth = &AuthService{client: c}
	c.Security = &SecurityService{client: c}
	c.Peppol = &PeppolService{client: c}
	c.Latarnia = &LatarniaService{client: c}
	c.TestData = &TestDataService{client: c}
	c.keys = &keyring{client: c}
	c.storage = newStorage(c, cfg.HTTP)
	c.http = httpx.New(httpx.Config{
		HTTP:          cfg.HTTP,
		Random:        c.random,
		MaxRetryAfter: cfg.MaxRetryAfter,
		Now:           c.now,
	})
	return c, nil
}

func (c *Client) applyDefaults(cfg Config) {
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.now == nil {
		c.now = time.Now
	}
	if cfg.Random != nil {
		c.random = &lockedReader{r: cfg.Random}
	}
	if c.userAgent == "" {
		c.userAgent = "faktupro-go"
	}
}

// Environment returns the environment of the client.
func (c *Client) Environment() Environment { return c.env }

// lockedReader shares a source of randomness between goroutines.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}
