package ksef_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/xades"
)

// box is a key that does not leave its hardware: nothing but signing is
// possible, and it counts that.
type box struct {
	crypto.Signer
	used int
}

func (b *box) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	b.used++
	return b.Signer.Sign(random, digest, opts)
}

func newBox(t *testing.T) *box {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &box{Signer: key}
}

// certWorld logs the seller in with a seal, which certificates need.
func certWorld(t *testing.T, cfg ksefsim.Config, story func(t *testing.T, w *syncWorld, a *ksef.Account)) {
	t.Helper()
	inSyncWorld(t, cfg, func(t *testing.T, w *syncWorld) {
		key := newBox(t)
		cert, err := xades.SelfSigned(xades.Subject{NIP: seller, Organization: "Pracownia Cegła"}, key, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		a, err := w.login(t.Context(), ksef.XAdES(ksef.NIPContext(seller), key, cert))
		if err != nil {
			t.Fatal(err)
		}
		story(t, w, a)
	})
}

func order(t *testing.T, kind ksef.CertificateType) (ksef.CertificateOrder, *box) {
	t.Helper()
	key := newBox(t)
	return ksef.CertificateOrder{Name: "Księgowość 2026", Type: kind, Signer: key}, key
}

func issued(t *testing.T, a *ksef.Account, o ksef.CertificateOrder) *ksef.KSeFCertificate {
	t.Helper()
	r, err := a.RequestCertificate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := r.Await(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func TestCertificateWorkflow(t *testing.T) {
	certWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld, a *ksef.Account) {
		for _, kind := range []ksef.CertificateType{ksef.CertificateAuthentication, ksef.CertificateOffline} {
			o, key := order(t, kind)
			r, err := a.RequestCertificate(t.Context(), o)
			if err != nil || r.Reference() == "" || key.used != 1 {
				t.Fatalf("%v; the key signed %d times", err, key.used)
			}
			resumed, err := a.ResumeCertificate(t.Context(), r.Reference(), o)
			if err != nil {
				t.Fatal(err)
			}
			cert, err := resumed.Await(t.Context())
			if err != nil || cert.Type != kind || cert.Name != o.Name {
				t.Fatalf("%+v, %v", cert, err)
			}
			if got, known := ksef.CertificateTypeOf(cert.Certificate); !known || got != kind {
				t.Errorf("type %v, %v", got, known)
			}
			useCertificate(t, w, cert, key)
		}
	})
}

// useCertificate uses a certificate for both purposes; the wrong one is refused
// before anything is sent, whichever way is tried.
func useCertificate(t *testing.T, w *syncWorld, cert *ksef.KSeFCertificate, key crypto.Signer) {
	t.Helper()
	id := ksef.NIPContext(seller)
	credential, loginErr := cert.Credential(id, key)
	_, _, signErr := cert.OfflineSigner(key)
	wrong, wanted := loginErr, ksef.CertificateAuthentication
	if cert.Type == ksef.CertificateAuthentication {
		wrong, wanted = signErr, ksef.CertificateOffline
		if _, err := w.login(t.Context(), credential); err != nil {
			t.Errorf("login: %v", err)
		}
	} else {
		if signErr != nil {
			t.Errorf("signing: %v", signErr)
		}
		calls := 0
		w.wire.tap = func(r *http.Request, _ http.Handler) *http.Response {
			if !strings.HasSuffix(r.URL.Path, "/challenge") {
				calls++
			}
			return nil
		}
		if _, err := w.login(t.Context(), ksef.XAdES(id, key, cert.Certificate)); !errors.Is(err, ksef.ErrCertificateUse) || calls > 0 {
			t.Errorf("login with an offline certificate: %v, %d calls", err, calls)
		}
		w.wire.tap = nil
	}
	use, ok := errors.AsType[*ksef.CertificateUseError](wrong)
	if !ok || use.Type != cert.Type || use.Wanted != wanted || use.English == "" || use.Polish == "" || !errors.Is(wrong, ksef.ErrInvalidArgument) {
		t.Errorf("wrong use: %v", wrong)
	}
	if err := ksef.CheckCertificateUse(cert.Certificate, wanted); !errors.Is(err, ksef.ErrCertificateUse) {
		t.Errorf("CheckCertificateUse: %v", err)
	}
	if err := ksef.CheckCertificateUse(cert.Certificate, cert.Type); err != nil {
		t.Errorf("CheckCertificateUse: %v", err)
	}
}

// TestQualifiedCertificateLogsIn: many qualified certificates have the key usage
// of an offline certificate and are none.
func TestQualifiedCertificateLogsIn(t *testing.T) {
	cert := &x509.Certificate{KeyUsage: x509.KeyUsageContentCommitment}
	cert.Issuer.CommonName = "Kwalifikowany wystawca"
	if err := ksef.CheckCertificateUse(cert, ksef.CertificateAuthentication); err != nil {
		t.Error(err)
	}
	if err := ksef.CheckCertificateUse(cert, ksef.CertificateOffline); !errors.Is(err, ksef.ErrCertificateUse) {
		t.Error(err)
	}
	cert.Issuer.CommonName = "TI CCK KSeF"
	if err := ksef.CheckCertificateUse(cert, ksef.CertificateAuthentication); !errors.Is(err, ksef.ErrCertificateUse) {
		t.Error(err)
	}
}

// TestCertificateLostAnswer: the request arrived, its answer did not. No second
// one is made.
func TestCertificateLostAnswer(t *testing.T) {
	certWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld, a *ksef.Account) {
		const enrol = "POST /certificates/enrollments"
		w.sim.Inject(ksefsim.Fault{Operation: enrol, Kind: ksefsim.FaultLostAnswer, Times: 1})
		o, key := order(t, ksef.CertificateAuthentication)
		cert := issued(t, a, o)
		if cert.Certificate == nil || key.used != 1 {
			t.Fatal("no certificate")
		}
		if list := collect(t, a.Certificates.Query(t.Context(), ksef.CertificateFilter{})); len(list) != 1 {
			t.Errorf("%d certificates", len(list))
		}
		w.sim.Inject(ksefsim.Fault{Operation: enrol, Kind: ksefsim.FaultLostRequest, Times: 1})
		o, _ = order(t, ksef.CertificateAuthentication)
		if _, err := a.RequestCertificate(t.Context(), o); !errors.Is(err, ksef.ErrOutcomeUnknown) {
			t.Errorf("a request that never arrived: %v", err)
		}
	})
}

// TestCertificateOfAnother: whatever KSeF gives instead of what was asked for is
// refused.
func TestCertificateOfAnother(t *testing.T) {
	certWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld, a *ksef.Account) {
		o, _ := order(t, ksef.CertificateOffline)
		r, err := a.RequestCertificate(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func(*ksef.CertificateOrder){
			"key":  func(o *ksef.CertificateOrder) { o.Signer = newBox(t) },
			"type": func(o *ksef.CertificateOrder) { o.Type = ksef.CertificateAuthentication },
			"time": func(o *ksef.CertificateOrder) { o.ValidFrom = time.Now().AddDate(9, 0, 0) },
		} {
			other := o
			change(&other)
			resumed, err := a.ResumeCertificate(t.Context(), r.Reference(), other)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := resumed.Await(t.Context()); !errors.Is(err, ksef.ErrWrongCertificate) {
				t.Errorf("another %s: %v", name, err)
			}
		}
		w.wire.tap = func(r *http.Request, _ http.Handler) *http.Response {
			if strings.HasSuffix(r.URL.Path, "/enrollments/data") {
				return syncAnswer(http.StatusOK, `{"commonName":"Ktoś Inny","countryName":"PL"}`, "Content-Type", "application/json")
			}
			return nil
		}
		resumed, err := a.ResumeCertificate(t.Context(), r.Reference(), o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := resumed.Await(t.Context()); !errors.Is(err, ksef.ErrWrongCertificate) {
			t.Errorf("another subject: %v", err)
		}
	})
}

func TestCertificateRefusals(t *testing.T) {
	certWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld, a *ksef.Account) {
		weak, err := rsa.GenerateKey(rand.Reader, 3072)
		if err != nil {
			t.Fatal(err)
		}
		for name, key := range map[string]crypto.Signer{"no key": nil, "RSA 3072": weak} {
			if _, err := a.RequestCertificate(t.Context(), ksef.CertificateOrder{Name: "Biuro", Type: ksef.CertificateOffline, Signer: key}); !errors.Is(err, ksef.ErrInvalidArgument) {
				t.Errorf("%s: %v", name, err)
			}
		}
		none := 0
		if err := a.TestLimits.SetSubject(t.Context(), ksef.TestSubjectLimits{Certificate: &ksef.CertificateLimits{MaxCertificates: &none}}); err != nil {
			t.Fatal(err)
		}
		o, key := order(t, ksef.CertificateOffline)
		if _, err := a.RequestCertificate(t.Context(), o); !errors.Is(err, ksef.ErrNoQuota) || key.used != 0 {
			t.Errorf("no quota: %v", err)
		}
	})
}

func TestCertificateInventoryOnSimulator(t *testing.T) {
	certWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld, a *ksef.Account) {
		o, _ := order(t, ksef.CertificateAuthentication)
		cert := issued(t, a, o)
		look := func(need ...ksef.CertificateType) *ksef.CertificateInventory {
			v, err := a.CertificateInventory(t.Context(), ksef.InventoryConfig{InUse: []*x509.Certificate{cert.Certificate}, Need: need})
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v := look(ksef.CertificateAuthentication); len(v.Alarms) != 0 || len(v.Renewals) != 1 || v.Renewals[0].Serial != cert.Serial || !v.Renewals[0].Due.Before(v.Renewals[0].Expires) {
			t.Errorf("in good order: %+v", v)
		}
		if v := look(ksef.CertificateOffline); len(v.Alarms) != 1 || v.Alarms[0].Kind != ksef.AlarmMissing {
			t.Errorf("no offline certificate: %+v", v.Alarms)
		}
		if err := a.Certificates.Revoke(t.Context(), cert.Serial, ksef.RevokedKeyCompromise); err != nil {
			t.Fatal(err)
		}
		if v := look(); len(v.Alarms) != 1 || v.Alarms[0].Kind != ksef.AlarmRevoked || !v.Alarms[0].Urgent || len(v.Renewals) != 0 {
			t.Errorf("revoked: %+v", v)
		}
	})
}

func TestTokenInventoryOnSimulator(t *testing.T) {
	inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
		v, err := w.office.TokenInventory(t.Context(), ksef.TokenInventoryConfig{})
		if err != nil || len(v.Tokens) != 1 || !v.Tokens[0].Usable || !v.Tokens[0].Until.Equal(v.LoginEnds) || len(v.Alarms) != 0 {
			t.Fatalf("%+v, %v", v, err)
		}
		if want := time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC); !v.LoginEnds.Equal(want) {
			t.Errorf("logins with tokens end %v, want %v", v.LoginEnds, want)
		}
	})
}
