package fa3

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzUnmarshal reads anything. What can be read must survive writing and
// reading, and Peek must agree with it.
func FuzzUnmarshal(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.AppendXML(nil))
	}
	f.Add(asFA2(nil).AppendXML(nil))
	f.Add([]byte(`<Faktura xmlns="` + Namespace + `"/>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		sum, peekErr := Peek(doc)
		first, err := UnmarshalAny(doc)
		if err != nil {
			var syntax *SyntaxError
			if peekErr != nil && !errors.As(peekErr, &syntax) {
				t.Fatalf("Peek: %#v", peekErr)
			}
			if !errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1 || syntax.Error() == "" {
				t.Fatalf("%#v", err)
			}
			return
		}
		written := first.AppendXML(nil)
		second, err := UnmarshalAny(written)
		if err != nil {
			t.Fatalf("%v in\n%s", err, written)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
		if !bytes.Equal(written, second.AppendXML(nil)) {
			t.Fatal("written differently")
		}
		if peekErr != nil || sum.P_2 != first.Fa.P_2 || sum.P_15 != first.Fa.P_15 || sum.SellerNIP != collapseSpace(first.Podmiot1.DaneIdentyfikacyjne.NIP) {
			t.Fatalf("Peek: %+v, %v", sum, peekErr)
		}
	})
}
