package ksef_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// seller and buyer are invented, with right check digits.
const (
	seller = pl.NIP("5265877635")
	buyer  = pl.NIP("5260001246")
)

// newSimulator runs a simulated KSeF on a real socket.
func newSimulator(t testing.TB, mw func(http.Handler) http.Handler) (*ksefsim.Server, ksef.Environment) {
	t.Helper()
	sim, err := ksefsim.New(ksefsim.Config{Keys: simKeys()})
	if err != nil {
		t.Fatal(err)
	}
	if mw != nil {
		sim.Use(mw)
	}
	srv := httptest.NewServer(sim)
	t.Cleanup(srv.Close)
	return sim, ksef.Custom(srv.URL)
}

// simKeys are shared by all simulators: making them takes long.
var simKeys = sync.OnceValue(func() *ksefsim.Keys {
	keys, err := ksefsim.NewKeys(nil)
	if err != nil {
		panic(err)
	}
	return keys
})

var signers = map[string]func() (crypto.Signer, error){
	"RSA": func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) },
	"EC":  func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) },
}

// credential makes a login of the seller: "RSA", "EC" or "token".
func credential(t testing.TB, sim *ksefsim.Server, kind string) ksef.Credential {
	t.Helper()
	id := ksef.NIPContext(seller)
	if kind == "token" {
		return ksef.Token(id, ksef.NewSecret(sim.AddToken(seller)))
	}
	key, err := signers[kind]()
	if err != nil {
		t.Fatal(err)
	}
	cert, err := xades.SelfSigned(xades.Subject{NIP: seller, Organization: "Pracownia Cegła"}, key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return ksef.XAdES(id, key, cert)
}

// fast keeps tests short; the simulator decides at once.
var fast = ksef.PollConfig{Interval: 5 * time.Millisecond, MaxInterval: 20 * time.Millisecond}

func login(t testing.TB, env ksef.Environment, c ksef.Credential) *ksef.Account {
	t.Helper()
	client, err := ksef.New(ksef.Config{Environment: env, Poll: fast})
	if err != nil {
		t.Fatal(err)
	}
	account, err := client.Login(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return account
}

// invoiceXML is a small invoice with the given number.
func invoiceXML(t testing.TB, number string) []byte {
	t.Helper()
	f := sample(number)
	doc, err := fa3.Marshal(&f)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func sample(number string) fa3.Faktura {
	var f fa3.Faktura
	f.Naglowek.DataWytworzeniaFa = "2026-07-01T10:00:00Z"
	f.Podmiot1.DaneIdentyfikacyjne = fa3.TPodmiot1{NIP: string(seller), Nazwa: "Pracownia Cegła"}
	f.Podmiot1.Adres = fa3.TAdres{KodKraju: "PL", AdresL1: "ul. Polna 1, 00-001 Warszawa"}
	f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{NIP: string(buyer), Nazwa: "Kaflarnia Ogień"}
	f.Podmiot2.JST, f.Podmiot2.GV = fa3.No, fa3.No
	f.Fa = fa3.Fa{
		KodWaluty: "PLN", P_1: pl.DateOf(time.Now()), P_2: number,
		P_13_1: "200.00", P_14_1: "46.00", P_15: "246.00",
		Adnotacje: fa3.Adnotacje{
			P_16: fa3.No, P_17: fa3.No, P_18: fa3.No, P_18A: fa3.No, P_23: fa3.No,
			Zwolnienie:           fa3.Zwolnienie{P_19N: true},
			NoweSrodkiTransportu: fa3.NoweSrodkiTransportu{P_22N: true},
			PMarzy:               fa3.PMarzy{P_PMarzyN: true},
		},
		RodzajFaktury: fa3.KindVAT,
		FaWiersz:      []fa3.FaWiersz{{NrWierszaFa: 1, P_7: "Cegła ręcznie formowana", P_8A: "szt", P_8B: "100", P_9A: "2.00", P_11: "200.00", P_12: fa3.Rate23}},
	}
	return f
}

// TestWholeWayAgainstSimulator goes the way of one invoice with every login.
func TestWholeWayAgainstSimulator(t *testing.T) {
	for _, kind := range []string{"RSA", "EC", "token"} {
		t.Run(kind, func(t *testing.T) {
			sim, env := newSimulator(t, nil)
			ctx := t.Context()
			account := login(t, env, credential(t, sim, kind))
			session, err := account.OpenOnline(ctx, ksef.FormFA3)
			if err != nil {
				t.Fatal(err)
			}
			xml := invoiceXML(t, "FV/1")
			ref, err := session.Send(ctx, xml, ksef.SendOptions{})
			if err != nil {
				t.Fatal(err)
			}
			status, err := account.WaitInvoice(ctx, session.Reference(), ref)
			if err != nil || !status.Accepted() {
				t.Fatalf("WaitInvoice = %+v, %v", status, err)
			}
			if err := session.Close(ctx); err != nil {
				t.Fatal(err)
			}
			checkState(t, sim, status, xml)
			checkReceipts(t, sim, account, session, status, xml)
			checkReading(t, account, session, status, xml)
			if err := account.Logout(ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := account.Sessions.Status(ctx, session.Reference()); !errors.Is(err, ksef.ErrLoggedOut) {
				t.Errorf("after logout: %v", err)
			}
		})
	}
}

func checkState(t *testing.T, sim *ksefsim.Server, status *ksef.InvoiceStatus, xml []byte) {
	t.Helper()
	accepted := sim.Accepted()
	if len(accepted) != 1 || string(accepted[0].XML) != string(xml) || accepted[0].KSeFNumber != status.KSeFNumber {
		t.Fatalf("the simulator holds %d invoices", len(accepted))
	}
	if status.InvoiceHash != sha256.Sum256(xml) || status.InvoiceNumber != "FV/1" || status.InvoicingDate.IsZero() || status.UPODownloadURL == "" {
		t.Errorf("status %+v", status)
	}
}

// checkReceipts takes the receipts by every way and verifies them against what
// was sent and by which login.
func checkReceipts(t *testing.T, sim *ksefsim.Server, a *ksef.Account, s *ksef.OnlineSession, status *ksef.InvoiceStatus, xml []byte) {
	t.Helper()
	ctx := t.Context()
	done, err := a.WaitSession(ctx, s.Reference())
	if err != nil || done.Err() != nil || len(done.UPO) != 1 || *done.SuccessfulInvoiceCount != 1 {
		t.Fatalf("WaitSession = %+v, %v", done, err)
	}
	hash, signed := s.Evidence().DocumentHash()
	for name, get := range map[string]func() (*ksef.UPODocument, error){
		"by reference": func() (*ksef.UPODocument, error) {
			return a.Sessions.InvoiceUPO(ctx, s.Reference(), status.ReferenceNumber)
		},
		"by KSeF number": func() (*ksef.UPODocument, error) {
			return a.Sessions.InvoiceUPOByKSeFNumber(ctx, s.Reference(), status.KSeFNumber)
		},
		"by link":      func() (*ksef.UPODocument, error) { return a.Client().DownloadUPO(ctx, status.UPODownloadURL) },
		"session":      func() (*ksef.UPODocument, error) { return a.Sessions.UPO(ctx, s.Reference(), done.UPO[0].Reference) },
		"session link": func() (*ksef.UPODocument, error) { return a.Client().DownloadUPO(ctx, done.UPO[0].DownloadURL) },
	} {
		doc, err := get()
		if err != nil || !doc.HashAnnounced {
			t.Errorf("%s: %v", name, err)
			continue
		}
		receipt, err := upo.Verify(doc.XML, upo.Trust{Certificates: []*x509.Certificate{sim.UPOCertificate()}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		err = receipt.Check(upo.Expected{
			InvoiceHash: sha256.Sum256(xml), KSeFNumber: status.KSeFNumber, SellerNIP: seller,
			InvoiceNumber: "FV/1", SessionReference: s.Reference(),
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if signed && receipt.LoginHash != hash || receipt.TokenReference != s.Evidence().TokenReference {
			t.Errorf("%s: the receipt names another login than the one we kept", name)
		}
	}
}

func checkReading(t *testing.T, a *ksef.Account, s *ksef.OnlineSession, status *ksef.InvoiceStatus, xml []byte) {
	t.Helper()
	ctx := t.Context()
	doc, err := a.Invoices.Get(ctx, status.KSeFNumber)
	if err != nil || string(doc.XML) != string(xml) || !doc.HashAnnounced {
		t.Errorf("Get: %v", err)
	}
	found, err := a.Sessions.FindInvoice(ctx, s.Reference(), sha256.Sum256(xml))
	if err != nil || found.KSeFNumber != status.KSeFNumber {
		t.Errorf("FindInvoice = %+v, %v", found, err)
	}
	var sessions, failed, logins int
	for summary, err := range a.Sessions.List(ctx, ksef.SessionFilter{Type: ksef.SessionOnline}) {
		if err != nil || summary.Reference != s.Reference() {
			t.Errorf("List: %v, %v", summary, err)
		}
		sessions++
	}
	for _, err := range a.Sessions.FailedInvoices(ctx, s.Reference()) {
		t.Errorf("FailedInvoices: %v", err)
		failed++
	}
	for info, err := range a.Logins.List(ctx) {
		if err != nil || !info.Current {
			t.Errorf("Logins: %v, %v", info, err)
		}
		logins++
	}
	if sessions != 1 || failed != 0 || logins != 1 {
		t.Errorf("%d sessions, %d failed invoices, %d logins", sessions, failed, logins)
	}
	if limits, err := a.Limits.Context(ctx); err != nil || limits.Online.MaxInvoices != 10_000 {
		t.Errorf("limits %+v, %v", limits, err)
	}
	if rates, err := a.Limits.Rates(ctx); err != nil || rates["invoiceSend"].PerHour != 180 {
		t.Errorf("rates %+v, %v", rates, err)
	}
	if subject, err := a.Limits.Subject(ctx); err != nil || subject.Enrollment == nil {
		t.Errorf("subject limits %+v, %v", subject, err)
	}
}

func TestDuplicateAgainstSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	ctx := t.Context()
	a := login(t, env, credential(t, sim, "EC"))
	send := func() (*ksef.OnlineSession, *ksef.InvoiceStatus) {
		s, err := a.OpenOnline(ctx, ksef.FormFA3)
		if err != nil {
			t.Fatal(err)
		}
		ref, err := s.Send(ctx, invoiceXML(t, "FV/1"), ksef.SendOptions{})
		if err != nil {
			t.Fatal(err)
		}
		status, err := a.WaitInvoice(ctx, s.Reference(), ref)
		if err != nil {
			t.Fatal(err)
		}
		return s, status
	}
	first, original := send()
	_, second := send()
	number, session, ok := second.Duplicate()
	if !ok || number != original.KSeFNumber || session != first.Reference() || !errors.Is(second.Err(), ksef.ErrDuplicate) {
		t.Fatalf("Duplicate = %v, %v, %v", number, session, ok)
	}
	if _, err := a.Sessions.InvoiceUPOByKSeFNumber(ctx, session, number); err != nil {
		t.Errorf("receipt of the original: %v", err)
	}
}

func TestRefusalsAgainstSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	ctx := t.Context()
	a := login(t, env, credential(t, sim, "EC"))
	s, err := a.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := s.Send(ctx, []byte("<Faktura/>"), ksef.SendOptions{})
	if err != nil {
		t.Fatal(err)
	}
	status, err := a.WaitInvoice(ctx, s.Reference(), ref)
	if err != nil || status.Status.Code != ksef.InvoiceFileInvalid || !errors.Is(status.Err(), ksef.ErrRejected) {
		t.Errorf("WaitInvoice = %+v, %v", status, err)
	}
	if _, err := a.Sessions.InvoiceUPO(ctx, s.Reference(), ref); err == nil {
		t.Error("a refused invoice has a receipt")
	}
	if _, err := a.Invoices.Get(ctx, "5265877635-20250826-0100001AF629-AF"); !errors.Is(err, ksef.ErrNotFound) {
		t.Errorf("unknown invoice: %v", err)
	}
	if _, err := a.Sessions.Status(ctx, strings.Replace(s.Reference(), "SO", "SB", 1)); err == nil {
		t.Error("unknown session has a status")
	}
	if err := errors.Join(s.Close(ctx), s.Close(ctx)); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := s.Send(ctx, invoiceXML(t, "FV/2"), ksef.SendOptions{}); !errors.Is(err, ksef.ErrSessionNotOpen) {
		t.Errorf("send after close: %v", err)
	}
	client, _ := ksef.New(ksef.Config{Environment: env, Poll: fast})
	token := ksef.NewSecret("20251010-EC-1DCE3E3000-12ECB5B36E-45|nip-5265877635|919f704466624ce29cd5ac7b65ded5e7cccc112eee314f2aaa76e02cd16df7b9")
	if _, err := client.Login(ctx, ksef.Token(ksef.NIPContext(seller), token)); !errors.Is(err, ksef.ErrUnauthorized) {
		t.Errorf("unknown token: %v", err)
	}
}

// faults breaks calls by chance, from a seed, until it is switched off: before
// the effect with a status or a lost connection, after it by losing the answer.
// Called by one goroutine at a time it does the same in every run.
type faults struct {
	off  atomic.Bool
	lost atomic.Int64 // answers lost after the effect

	mu     sync.Mutex
	random *mathrand.Rand
}

func (f *faults) draw() float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.random.Float64()
}

func (f *faults) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := f.draw()
		about := strings.HasSuffix(r.URL.Path, "/invoices")
		send := about && r.Method == http.MethodPost
		switch {
		case f.off.Load():
			next.ServeHTTP(w, r)
		case p < 0.05:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case p < 0.10 && send:
			panic(http.ErrAbortHandler) // lost before the effect
		case p < 0.25 && send:
			next.ServeHTTP(httptest.NewRecorder(), r)
			f.lost.Add(1)
			panic(http.ErrAbortHandler) // lost after the effect
		case p < 0.28 && about:
			_, _ = io.WriteString(w, "{")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// deliver is the loop that the contract of Send asks for.
func deliver(ctx context.Context, a *ksef.Account, s *ksef.OnlineSession, xml []byte) error {
	for {
		_, err := s.Send(ctx, xml, ksef.SendOptions{})
		if err == nil || !errors.Is(err, ksef.ErrOutcomeUnknown) {
			return err
		}
		arrived, err := find(ctx, a, s, xml)
		if arrived || err != nil {
			return err
		}
	}
}

func find(ctx context.Context, a *ksef.Account, s *ksef.OnlineSession, xml []byte) (bool, error) {
	for {
		_, err := a.Sessions.FindInvoice(ctx, s.Reference(), sha256.Sum256(xml))
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, ksef.ErrNotFound):
			return false, nil
		case !errors.Is(err, ksef.ErrProtocol):
			return false, err
		}
	}
}

// TestNoneLostNoneTwiceUnderFaults sends many invoices through a network that
// loses answers: each arrives exactly once.
func TestNoneLostNoneTwiceUnderFaults(t *testing.T) {
	const seed, count = 7, 300
	f := &faults{random: mathrand.New(mathrand.NewPCG(seed, 1))}
	sim, env := newSimulator(t, f.wrap)
	ctx := t.Context()
	a := login(t, env, credential(t, sim, "token"))
	s, err := a.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	for i := range count {
		if err := deliver(ctx, a, s, invoiceXML(t, fmt.Sprintf("FV/%d", i))); err != nil {
			t.Fatalf("seed %d, invoice %d: %v", seed, i, err)
		}
	}
	f.off.Store(true)
	if lost := f.lost.Load(); lost < 20 {
		t.Errorf("only %d answers were lost after the effect: the test proves little", lost)
	}
	if n := len(sim.Accepted()); n != count {
		t.Errorf("seed %d: %d invoices are in KSeF, want %d", seed, n, count)
	}
	var listed int
	for status, err := range a.Sessions.Invoices(ctx, s.Reference()) {
		if err != nil || !status.Accepted() {
			t.Fatalf("seed %d: sent twice or refused: %+v, %v", seed, status, err)
		}
		listed++
	}
	if listed != count {
		t.Errorf("seed %d: %d invoices in the session, want %d", seed, listed, count)
	}
}
