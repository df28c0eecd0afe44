package pl_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/pl"
)

// vectors is the part of the KSeF reference vectors about identifiers.
type vectors struct {
	KSeFNumber struct {
		Vectors []struct {
			Number string `json:"ksefNumber"`
			Valid  bool
		}
	}
	ReferenceNumber struct {
		Vectors []struct{ CRCInput, CRC string }
	}
	CollectiveIdentifier struct {
		Vectors []struct{ CRCInput, CRC string }
	}
	InternalIDCheckDigit struct {
		Vectors []struct {
			InternalID string
			Valid      *bool
		}
		DerivedValid []string
	}
	NIPChecksum struct{ Valid, Invalid []string }
}

func TestReferenceVectors(t *testing.T) {
	t.Parallel()
	var v vectors
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &v); err != nil {
		t.Fatal(err)
	}
	checked := 0
	verdict := func(what, value string, got, want bool) {
		checked++
		if got != want {
			t.Errorf("%s %s: valid = %v, want %v", what, value, got, want)
		}
	}
	for _, n := range v.KSeFNumber.Vectors {
		_, err := pl.ParseKSeFNumber(n.Number)
		verdict("KSeF number", n.Number, err == nil, n.Valid)
	}
	for _, n := range append(v.ReferenceNumber.Vectors, v.CollectiveIdentifier.Vectors...) {
		verdict("CRC-8 of", n.CRCInput, fmt.Sprintf("%02X", pl.CRC8(n.CRCInput)) == n.CRC, n.CRC != "")
	}
	for _, id := range v.InternalIDCheckDigit.Vectors {
		verdict("internal ID", id.InternalID, pl.InternalID(id.InternalID).Valid(), id.Valid == nil || *id.Valid)
	}
	for _, id := range v.InternalIDCheckDigit.DerivedValid {
		verdict("internal ID", id, pl.InternalID(id).Valid(), true)
	}
	for _, n := range v.NIPChecksum.Valid {
		verdict("NIP", n, pl.NIP(n).Valid(), true)
	}
	for _, n := range v.NIPChecksum.Invalid {
		verdict("NIP", n, pl.NIP(n).Valid(), false)
	}
	if checked < 50 {
		t.Errorf("only %d vectors found: has the file changed its form?", checked)
	}
}
