package ksefsim

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/pl"
)

// TestReferenceNumber compares with numbers of the real system whose creation
// times are known.
func TestReferenceNumber(t *testing.T) {
	t.Parallel()
	for want, at := range map[string]time.Time{
		"20250925-SO-2F67776000": time.Date(2025, 9, 25, 13, 48, 26, 870_092_500, time.UTC),
		"20250928-SO-494B541000": time.Date(2025, 9, 28, 21, 20, 54, 593_692_700, time.UTC),
	} {
		n := new(numbers)
		// The day and the time in a number are UTC, whatever the clock's zone.
		got := n.reference(kindOnline, at.In(pl.Warsaw()))
		if got[:22] != want {
			t.Errorf("%s, want %s…", got, want)
		}
		if next := n.reference(kindOnline, at); next[:22] != want[:21]+"1" {
			t.Errorf("the next one in a millisecond is %s", next)
		}
	}
}

func TestNumbersAreValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := &numbers{base: rapid.Uint64().Draw(t, "base"), counter: rapid.Uint64Max(1<<40).Draw(t, "counter")}
		at := time.Unix(rapid.Int64Range(1_600_000_000, 4_000_000_000).Draw(t, "at"), 0).UTC()
		seen := make(map[string]bool)
		for range 50 {
			reference := n.reference(kindInvoice, at)
			if len(reference) != 36 || fmt.Sprintf("%02X", pl.CRC8(reference[:33])) != reference[34:] {
				t.Fatalf("reference number %s", reference)
			}
			number := n.ksef(seller, at)
			if !number.Valid() || number.Seller() != seller || number.Date() != pl.DateOf(at) {
				t.Fatalf("KSeF number %s", number)
			}
			if seen[reference] || seen[string(number)] {
				t.Fatalf("%s or %s twice", reference, number)
			}
			seen[reference], seen[string(number)] = true, true
		}
	})
}

// TestNumbersNeverRepeat: the scrambled counter is a permutation.
func TestNumbersNeverRepeat(t *testing.T) {
	t.Parallel()
	n := &numbers{base: 0xFFFF_FFFF_FFFF}
	seen := make(map[uint64]bool, 1<<20)
	for range 1 << 20 {
		v := n.scramble()
		if v >= 1<<40 || seen[v] {
			t.Fatalf("value %x", v)
		}
		seen[v] = true
	}
}

func TestNewRSAKey(t *testing.T) {
	t.Parallel()
	a, b := must(newRSAKey(seeded(1))), must(newRSAKey(seeded(1)))
	if !a.Equal(b) {
		t.Error("two keys of one seed differ")
	}
	if a.N.BitLen() != 2048 || a.Validate() != nil || a.Equal(must(newRSAKey(seeded(2)))) {
		t.Errorf("key of %d bits", a.N.BitLen())
	}
	if !must(newECKey(seeded(1))).Equal(must(newECKey(seeded(1)))) {
		t.Error("two EC keys of one seed differ")
	}
}

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Nip 1234563218": true, "nip 5260001246": true, "Nip 0234563218": false, "Nip 1004563218": false, "Nip 123456321": false, "Nip 12345632181": false,
		"InternalId 1234563218-12345": true, "InternalId 1234563218-1234": false, "InternalId 1234563218": false,
		"NipVatUe 1234563218-ATU12345678": true, "NipVatUe 1234563218-DE123456789": true, "NipVatUe 1234563218-PL5260001246": false,
		"NipVatUe 1234563218-D": false, "NipVatUe 1234563218-XIGD123": true,
		"PeppolId PPL123456": true, "PeppolId P123456789": false, "PeppolId ppl123456": false,
		"Pesel 44051401458": false, " ": false,
	} {
		var kind, value string
		_, _ = fmt.Sscan(text, &kind, &value)
		if id, got := contextOf(kind, value); got != want {
			t.Errorf("%q: %v, %v", text, id, got)
		}
	}
}

func TestKSeFNumberInPath(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	for number, code := range map[string]int{
		"1234563218-20260715-0100001AF629-CC":   codeNoInvoice,
		"1234563218-20260715-010000-1AF629-CC":  codeNoInvoice,
		"1234563218-20260715-0100001af629-CC":   codeValidation,
		"0234563218-20260715-0100001AF629-CC":   codeValidation,
		"1234563218-20260715-0100001AF629-CC-1": codeValidation,
	} {
		if codes := h.get("/v2/invoices/ksef/"+number, token).want(400).codes(); codes[0] != code {
			t.Errorf("%s: %s, want %d", number, strconv.Itoa(codes[0]), code)
		}
	}
}
