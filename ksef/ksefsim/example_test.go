package ksefsim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/ksef/ksefsim"
)

// In a test, a simulator serves through net/http/httptest like any handler.
func ExampleNew() {
	sim, err := ksefsim.New(ksefsim.Config{})
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(sim) // in a test: defer or t.Cleanup
	defer server.Close()

	response, err := http.Get(server.URL + "/v2/security/public-key-certificates")
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	var keys []struct {
		Usage []string `json:"usage"`
	}
	if err := json.NewDecoder(response.Body).Decode(&keys); err != nil {
		panic(err)
	}
	for _, key := range keys {
		fmt.Println(key.Usage[0])
	}
	// Output:
	// KsefTokenEncryption
	// SymmetricKeyEncryption
}

// A virtual clock decides when things happen; nothing runs in the background.
func ExampleConfig() {
	now := time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)
	sim, err := ksefsim.New(ksefsim.Config{Now: func() time.Time { return now }})
	if err != nil {
		panic(err)
	}
	base, stop := sim.Start()
	defer stop()

	response, err := http.Post(base+"/v2/auth/challenge", "", nil)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	var challenge struct{ Challenge, Timestamp string }
	if err := json.NewDecoder(response.Body).Decode(&challenge); err != nil {
		panic(err)
	}
	fmt.Println(challenge.Challenge[:12], challenge.Timestamp)
	// Output: 20260301-CR- 2026-03-01T08:30:00.0000000+00:00
}

// A KSeF token is what a client without a certificate logs in with.
func ExampleServer_AddToken() {
	sim, err := ksefsim.New(ksefsim.Config{})
	if err != nil {
		panic(err)
	}
	token := sim.AddToken("1234563218", "InvoiceWrite", "InvoiceRead")
	parts := strings.Split(token, "|")
	fmt.Println(len(parts), parts[1], len(parts[2]))
	// Output: 3 nip-1234563218 64
}

// Middleware injects the faults that a client has to survive.
func ExampleServer_Use() {
	sim, err := ksefsim.New(ksefsim.Config{})
	if err != nil {
		panic(err)
	}
	sim.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/auth/challenge") {
				w.Header().Set("Retry-After", "30")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, `{"status":{"code":429,"description":"Too Many Requests","details":[]}}`)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	rec := httptest.NewRecorder()
	sim.ServeHTTP(rec, httptest.NewRequest("POST", "/v2/auth/challenge", nil))
	fmt.Println(rec.Code, rec.Header().Get("Retry-After"))
	// Output: 429 30
}

// A client under test loses the answer to every third invoice that it sends, and
// a confirmation comes late.
func ExampleServer_Inject() {
	sim, err := ksefsim.New(ksefsim.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	remove := sim.Inject(ksefsim.Fault{
		Operation: "POST /sessions/online/{referenceNumber}/invoices",
		Kind:      ksefsim.FaultLostAnswer,
		Every:     3,
	})
	defer remove()
	fmt.Println(sim.HoldUPO(true))
	// … run the client, then
	fmt.Println(sim.HoldUPO(false))
	// Output:
	// <nil>
	// <nil>
}

// An accountant works for a client of her office.
func ExampleServer_Grant() {
	sim, err := ksefsim.New(ksefsim.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sim.Grant("1234563218", "Pesel:90010112349", "InvoiceRead", "InvoiceWrite"))
	fmt.Println(sim.Grant("1234563218", "Pesel:90010112349", "Everything"))
	// Output:
	// <nil>
	// ksefsim: unknown token or permission: Everything
}
