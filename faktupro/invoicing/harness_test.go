package invoicing_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/faktupro/store"
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// simKeys are made once for all simulators.
var simKeys = sync.OnceValue(func() *ksefsim.Keys {
	keys, err := ksefsim.NewKeys(nil)
	if err != nil {
		panic(err)
	}
	return keys
})

// sealKey signs all logins of the tests.
var sealKey = sync.OnceValue(func() crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
})

// world is a simulated KSeF and a database file that outlives processes.
type world struct {
	testing.TB
	sim  *ksefsim.Server
	base string // address of the simulator
	path string // of the database
	log  *audit.Log
	wire *wire
}

func newWorld(t testing.TB, cfg ksefsim.Config) *world {
	t.Helper()
	cfg.Keys = simKeys()
	sim, err := ksefsim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, sim: sim, path: filepath.Join(t.TempDir(), "faktupro.db"), wire: &wire{}}
	sim.Use(w.wire.wrap)
	base, stop := sim.Start()
	t.Cleanup(stop)
	w.base = base
	w.log = w.openLog()
	return w
}

func (w *world) openLog() *audit.Log {
	w.Helper()
	key, err := audit.GenerateKey("faktupro/test", nil)
	if err != nil {
		w.Fatal(err)
	}
	log, err := audit.Open(context.Background(), audit.Config{Store: audit.NewMemoryStore(), Signer: key})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		if err := log.Close(); err != nil {
			w.Errorf("close audit log: %v", err)
		}
	})
	return log
}

// openStore opens the database as a process of its own would.
func openStore(t testing.TB, path string) (*store.Store, *bun.DB) {
	t.Helper()
	sqldb, err := sql.Open("sqlite", store.SQLiteDSN(path))
	if err != nil {
		t.Fatal(err)
	}
	sqldb.SetMaxOpenConns(1)
	db := bun.NewDB(sqldb, sqlitedialect.New())
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	s, err := store.Open(db, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	readers, err := sql.Open("sqlite", store.SQLiteReadDSN(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = readers.Close() })
	readers.SetMaxOpenConns(4)
	if s, err = store.Open(db, store.Config{Reader: bun.NewDB(readers, sqlitedialect.New())}); err != nil {
		t.Fatal(err)
	}
	return s, db
}

// credential is a self-signed seal, which the test environment accepts.
func credential(_ context.Context, seller pl.NIP) (ksef.Credential, error) {
	cert, err := xades.SelfSigned(xades.Subject{Organization: "Test", NIP: seller}, sealKey(), time.Now())
	if err != nil {
		return nil, err
	}
	return ksef.XAdES(ksef.NIPContext(seller), sealKey(), cert), nil
}

func newClient(t testing.TB, base string) *ksef.Client {
	t.Helper()
	client, err := ksef.New(ksef.Config{
		Environment: ksef.Custom(base), MaxRetryAfter: time.Millisecond,
		Poll: ksef.PollConfig{Interval: 5 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// quick makes waits short; tests change what they are about.
func quick(c *invoicing.Config) {
	c.Worker = "test"
	c.Backoff = invoicing.Backoff{Base: time.Millisecond, Max: 5 * time.Millisecond}
	c.Interval = 10 * time.Millisecond
	c.Patience = 5 * time.Second
	c.Pace = time.Millisecond
}

// process is a service as a process would have it: with a database handle, a
// login and a name of its own.
type process struct {
	*invoicing.Service
	store *store.Store
	db    *bun.DB
	relay *store.Relay
}

func (w *world) start(change ...func(*invoicing.Config)) *process {
	w.Helper()
	s, db := openStore(w, w.path)
	p := &process{store: s, db: db, relay: s.NewRelay(w.log)}
	cfg := invoicing.Config{
		Store: s, Connect: invoicing.NewLogins(newClient(w, w.base), credential),
		Trust: upo.Trust{Certificates: []*x509.Certificate{w.sim.UPOCertificate()}}, Audit: p.relay,
	}
	quick(&cfg)
	for _, fn := range change {
		fn(&cfg)
	}
	var err error
	if p.Service, err = invoicing.New(cfg); err != nil {
		w.Fatal(err)
	}
	return p
}

// after calls fn after a step.
func after(step invoicing.Step, fn func()) func(*invoicing.Config) {
	return func(c *invoicing.Config) {
		c.After = func(s invoicing.Step) {
			if s == step {
				fn()
			}
		}
	}
}

// sample is an invoice without a number, dated yesterday.
func sample(t testing.TB) *faktupro.Invoice {
	t.Helper()
	inv, err := faktupro.DecodeInvoice(faktupro.Sample())
	if err != nil {
		t.Fatal(err)
	}
	inv.Number = ""
	return inv
}

// numbered is an invoice with a number of its own.
func numbered(t testing.TB, number string) *faktupro.Invoice {
	inv := sample(t)
	inv.Number = number
	return inv
}

const seller pl.NIP = "1234563218" // of the sample

func (p *process) issue(t testing.TB, inv *faktupro.Invoice) *invoicing.Record {
	t.Helper()
	rec, err := p.IssueDraft(t.Context(), inv, invoicing.CreateOptions{})
	if err != nil {
		t.Fatalf("IssueDraft: %v", err)
	}
	return rec
}

// finish delivers an invoice, over and over, until it is at its end.
func (p *process) finish(t testing.TB, id string) *invoicing.Record {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for failures := 1; ; failures++ {
		rec, err := p.Deliver(ctx, id)
		if err == nil {
			return rec
		}
		if ctx.Err() != nil || failures > 100 {
			t.Fatalf("Deliver does not end after %d failures: %v", failures, err)
		}
		time.Sleep(time.Millisecond) // the pause of Backoff in quick
	}
}

// confirmed checks that an invoice is at its good end and that KSeF and we
// agree on it.
func (w *world) confirmed(p *process, id string) *invoicing.Record {
	w.Helper()
	rec, err := p.Get(context.Background(), id)
	if err != nil {
		w.Fatal(err)
	}
	if rec.State != invoicing.StateConfirmed {
		w.Fatalf("invoice is %s: %+v, pending %+v", rec.State, rec, rec.Pending)
	}
	var mine []ksefsim.AcceptedInvoice
	for _, a := range w.sim.Accepted() {
		if a.Number == rec.Number && a.Seller == rec.Seller {
			mine = append(mine, a)
		}
	}
	if len(mine) != 1 || mine[0].KSeFNumber != rec.KSeFNumber || mine[0].Hash != rec.SHA256 {
		w.Fatalf("KSeF holds %d invoices with our number", len(mine))
	}
	xml, err := p.XML(context.Background(), id)
	if err != nil || !bytes.Equal(xml, mine[0].XML) {
		w.Errorf("XML differs from what KSeF holds, %v", err)
	}
	w.hasReceipt(p, rec, mine[0].Session)
	if rec.Pending != nil {
		w.Errorf("work is left for a confirmed invoice: %+v", rec.Pending)
	}
	return rec
}

func (w *world) hasReceipt(p *process, rec *invoicing.Record, session string) {
	w.Helper()
	receipt, err := p.UPO(context.Background(), rec.ID)
	if err != nil {
		w.Fatal(err)
	}
	c, err := upo.Verify(receipt.XML, upo.Trust{Certificates: []*x509.Certificate{w.sim.UPOCertificate()}})
	if err != nil {
		w.Fatal(err)
	}
	err = c.Check(upo.Expected{
		KSeFNumber: rec.KSeFNumber, InvoiceHash: rec.SHA256, SellerNIP: rec.Seller,
		InvoiceNumber: rec.Number, SessionReference: session,
	})
	if err != nil {
		w.Errorf("receipt: %v", err)
	}
}

// events returns the types of the audit events of an invoice, in the order of
// the log.
func (w *world) events(p *process, id string) (types []string) {
	w.Helper()
	if err := p.relay.Flush(context.Background()); err != nil {
		w.Fatal(err)
	}
	for entry, err := range w.log.Entries(context.Background(), 0) {
		if err != nil {
			w.Fatal(err)
		}
		if entry.Object.ID == id {
			types = append(types, entry.Type)
		}
	}
	return types
}

// outcomes returns the outcomes of the attempts at sending an invoice.
func (p *process) outcomes(t testing.TB, id string) (outcomes []invoicing.Outcome) {
	t.Helper()
	attempts, err := p.Attempts(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attempts {
		outcomes = append(outcomes, a.Outcome)
	}
	return outcomes
}

func (w *world) acceptedOnce(want int) {
	w.Helper()
	if got := len(w.sim.Accepted()); got != want {
		w.Errorf("KSeF holds %d invoices, want %d", got, want)
	}
}

// gapless checks that the series of the tests was used from 1 to n.
func (w *world) gapless(p *process, n int) {
	w.Helper()
	records, err := p.store.Invoices(context.Background(), invoicing.Filter{})
	if err != nil {
		w.Fatal(err)
	}
	var got, want []string
	for _, r := range records {
		if r.Number != "" {
			got = append(got, r.Number)
		}
	}
	for i := range n {
		want = append(want, fmt.Sprintf("FV/%d/02/2026", i+1))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("numbers (-want +got):\n%s", diff)
	}
}

// clock is a clock that can be moved.
type clock struct {
	mu     sync.Mutex
	offset time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// capture collects log output.
type capture struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (c *capture) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.Write(b)
}

func (c *capture) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buf.String()
}

func (c *capture) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(io.Writer(c), &slog.HandlerOptions{Level: slog.LevelDebug}))
}
