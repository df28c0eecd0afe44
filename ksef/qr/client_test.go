package qr_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/qr"
)

func TestBasesAreTheClients(t *testing.T) {
	t.Parallel()
	got := []string{qr.Test, qr.Demo, qr.Production}
	if diff := cmp.Diff([]string{ksef.Test().QR, ksef.Demo().QR, ksef.Production().QR}, got); diff != "" {
		t.Error(diff)
	}
	for _, base := range got {
		if !qr.Official(base) || qr.Official(base+".example") {
			t.Error(base)
		}
	}
	types := []qr.ContextType{qr.ContextNIP, qr.ContextInternalID, qr.ContextNIPVATUE, qr.ContextPeppol}
	for i, want := range []ksef.ContextType{ksef.ContextNIP, ksef.ContextInternalID, ksef.ContextNIPVATUE, ksef.ContextPeppol} {
		if string(types[i]) != string(want) {
			t.Errorf("%s is %s in the client", types[i], want)
		}
	}
}
