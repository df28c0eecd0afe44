package ksef

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const opKeys = "GET /v2/security/public-key-certificates"

func TestChooseKey(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	key := func(id string, from, to time.Duration, use ...KeyUsage) PublicKeyCertificate {
		return PublicKeyCertificate{Certificate: &x509.Certificate{PublicKey: &rsaKey().PublicKey}, PublicKeyID: id, ValidFrom: now.Add(from), ValidTo: now.Add(to), Usage: use}
	}
	ec := key("ec", -day, day, KeyForToken)
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec.Certificate = &x509.Certificate{PublicKey: &ecKey.PublicKey}
	small := key("small", -day, day, KeyForToken)
	small.Certificate = &x509.Certificate{PublicKey: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1023), E: 65537}}
	tests := []struct {
		name  string
		list  []PublicKeyCertificate
		usage KeyUsage
		want  string
		err   error
	}{
		{"by usage", []PublicKeyCertificate{key("a", -day, day, KeyForToken), key("b", -day, day, KeyForSession)}, KeyForSession, "b", nil},
		{"newest", []PublicKeyCertificate{key("old", -2*day, day, KeyForToken), key("new", -day, day, KeyForToken), key("older", -3*day, day, KeyForToken)}, KeyForToken, "new", nil},
		{"not yet, no longer", []PublicKeyCertificate{key("future", day, 2*day, KeyForToken), key("past", -2*day, 0, KeyForToken), key("now", 0, day, KeyForToken)}, KeyForToken, "now", nil},
		{"two usages", []PublicKeyCertificate{key("a", -day, day, KeyForSession, KeyForToken)}, KeyForToken, "a", nil},
		{"none", []PublicKeyCertificate{key("a", -day, day, KeyForSession)}, KeyForToken, "", errNoKey},
		{"empty", nil, KeyForToken, "", errNoKey},
		{"elliptic", []PublicKeyCertificate{ec}, KeyForToken, "", errKeyKind},
		{"too small", []PublicKeyCertificate{small}, KeyForToken, "", errKeyKind},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := choose(tt.list, tt.usage, now)
			if got.id != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("choose = %q, %v", got.id, err)
			}
		})
	}
}

func TestPublicKeyListTamperedWith(t *testing.T) {
	for _, member := range []string{"publicKeyId", "certificateId", "certificate"} {
		t.Run(member, func(t *testing.T) {
			f := newFake(t)
			f.on(opKeys, func(w http.ResponseWriter, _ *http.Request) bool {
				entry := map[string]any{"certificate": f.keys[0].cert.Raw, "usage": f.keys[0].use}
				entry[member] = hashBase64([]byte("another"))
				reply(w, 200, []any{entry})
				return true
			})
			_, err := f.client(Config{}).Security.PublicKeyCertificates(t.Context())
			if want := map[bool]error{true: ErrProtocol, false: ErrHashMismatch}[member == "certificate"]; !errors.Is(err, want) {
				t.Errorf("err = %v, want %v", err, want)
			}
		})
	}
}

func TestPublicKeyWithoutIdentifiers(t *testing.T) {
	f := newFake(t)
	f.on(opKeys, func(w http.ResponseWriter, _ *http.Request) bool {
		reply(w, 200, []any{map[string]any{"certificate": f.keys[0].cert.Raw, "usage": f.keys[0].use}})
		return true
	})
	list, err := f.client(Config{}).Security.PublicKeyCertificates(t.Context())
	if err != nil || list[0].PublicKeyID != hashBase64(f.keys[0].cert.RawSubjectPublicKeyInfo) || !list[0].ValidTo.Equal(f.keys[0].cert.NotAfter) {
		t.Errorf("list = %v, %v", list, err)
	}
}

func TestKeyCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		c := f.client(Config{})
		get := func(wantCalls int) {
			t.Helper()
			if _, err := c.keys.get(t.Context(), KeyForSession, ""); err != nil {
				t.Fatal(err)
			}
			if n := f.calls(opKeys); n != wantCalls {
				t.Errorf("keys read %d times, want %d", n, wantCalls)
			}
		}
		get(1)
		time.Sleep(23 * time.Hour)
		get(1)
		time.Sleep(time.Hour) // a day old
		get(2)

		f.failNext(opKeys, 100, 400, "")
		time.Sleep(25 * time.Hour)
		get(3) // the list is old and cannot be had, the key still valid: go on
		get(3) // and do not ask again at once
		time.Sleep(keysRetryPace)
		get(4)

		time.Sleep(720 * time.Hour)
		if _, err := c.keys.get(t.Context(), KeyForSession, ""); err == nil {
			t.Error("an ended key was used")
		}
	})
}

func TestKeyIsReplacedBeforeItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		now := time.Now()
		f.keys = []*serverKey{newServerKey(t, rsaKey(), 1, now, now.Add(2*time.Hour), KeyForSession)}
		c := f.client(Config{})
		first, err := c.keys.get(t.Context(), KeyForSession, "")
		if err != nil {
			t.Fatal(err)
		}
		f.keys = append(f.keys, newServerKey(t, rsaKey2(), 2, now.Add(time.Hour), now.Add(100*time.Hour), KeyForSession))
		time.Sleep(time.Hour)
		second, err := c.keys.get(t.Context(), KeyForSession, "")
		if err != nil || second.id == first.id {
			t.Errorf("an hour before its end the key is still used: %v", err)
		}
	})
}

func TestKeysAreReadOnceForManyCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		c := f.client(Config{})
		f.on(opKeys, func(http.ResponseWriter, *http.Request) bool { time.Sleep(time.Second); return false })
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if _, err := c.keys.get(t.Context(), KeyForSession, ""); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := f.calls(opKeys); n != 1 {
			t.Errorf("keys read %d times, want 1", n)
		}
	})
}
