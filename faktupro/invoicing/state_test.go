package invoicing

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/faktupro/faktupro-go/audit"
)

// TestTransitions writes the machine out again, by hand: a change of the table
// has to be meant.
func TestTransitions(t *testing.T) {
	t.Parallel()
	want := map[State][]State{
		StateDraft:     {StateSealed},
		StateSealed:    {StateSending},
		StateSending:   {StateSent, StateUnknown, StateSealed},
		StateUnknown:   {StateSent, StateSealed, StateAccepted, StateRejected},
		StateSent:      {StateAccepted, StateRejected, StateUnknown, StateSealed},
		StateAccepted:  {StateConfirmed},
		StateConfirmed: nil,
		StateRejected:  {StateSealed},
	}
	got := map[State][]State{}
	for _, from := range States() {
		got[from] = nil
		for _, tr := range Transitions() {
			if tr.From == from {
				got[from] = append(got[from], tr.To)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("transitions (-want +got):\n%s", diff)
	}
}

// TestEventsOfTransitions: the type alone tells what happened; in particular
// whether an invoice was sealed or only put back into the queue.
func TestEventsOfTransitions(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"invoice.sealed":         {"draft sealed "},
		"invoice.session_opened": {"sealed sending "},
		"invoice.sent":           {"sending sent "},
		"invoice.unknown":        {"sending unknown answer_lost", "sent unknown duplicate"},
		"invoice.reconciled":     {"unknown sent "},
		"invoice.requeued":       {"sending sealed not_received", "unknown sealed not_received", "sent sealed failed"},
		"invoice.accepted":       {"unknown accepted ", "sent accepted "},
		"invoice.rejected":       {"unknown rejected ", "sent rejected "},
		"invoice.upo_stored":     {"accepted confirmed "},
		"invoice.retried":        {"rejected sealed "},
	}
	got := map[string][]string{}
	for _, tr := range Transitions() {
		got[tr.Event] = append(got[tr.Event], fmt.Sprint(tr.From, " ", tr.To, " ", tr.Code))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestMove tries every pair of states.
func TestMove(t *testing.T) {
	t.Parallel()
	s := &Service{cfg: Config{Now: time.Now, Worker: "w"}}
	for _, from := range append(States(), "nonsense", "") {
		for _, to := range append(States(), "nonsense", "") {
			r := &Record{ID: "inv_1", Version: 4, State: from}
			next, event, err := s.move(t.Context(), r, to)
			if _, legal := find(from, to); !legal {
				if !errors.Is(err, ErrConflict) || next != nil {
					t.Errorf("%s to %s: %v", from, to, err)
				}
				continue
			}
			if err != nil || next.State != to || next.Version != 5 || r.State != from || r.Version != 4 {
				t.Errorf("%s to %s: %+v, %v", from, to, next, err)
			}
			if event.ID != "inv_1.5" || audit.Standard().Check(event) != nil {
				t.Errorf("%s to %s: event %+v: %v", from, to, event, audit.Standard().Check(event))
			}
		}
	}
}

// TestNothingIsSentFromUnknown is the rule that the whole package is about: the
// only way from StateUnknown back to being sent leads through proof.
func TestNothingIsSentFromUnknown(t *testing.T) {
	t.Parallel()
	if _, ok := find(StateUnknown, StateSending); ok {
		t.Error("an unknown invoice may be sent again")
	}
	for _, tr := range Transitions() {
		if tr.To == StateSending && tr.From != StateSealed {
			t.Errorf("%s may be sent", tr.From)
		}
		if tr.From == StateConfirmed {
			t.Errorf("a confirmed invoice may become %s", tr.To)
		}
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		if !s.Valid() {
			t.Errorf("%s is not valid", s)
		}
	}
	if State("x").Valid() || State("").Valid() || State("").Sealed() {
		t.Error("nonsense is a state")
	}
	if !StateRejected.Final() || !StateConfirmed.Final() || StateAccepted.Final() || StateDraft.Sealed() || !StateSending.Sealed() {
		t.Error("final or sealed is wrong")
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for _, step := range Steps() {
		if got, err := ParseStep(string(step)); err != nil || got != step {
			t.Errorf("ParseStep(%q) = %q, %v", step, got, err)
		}
	}
	if _, err := ParseStep("lunch"); err == nil {
		t.Error("lunch is a step")
	}
}

// TestEventOfHostileText: what KSeF writes cannot make an event that the log
// refuses.
func TestEventOfHostileText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &Service{cfg: Config{Now: time.Now, Worker: rapid.String().Draw(t, "worker")}}
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"5265877635", "Jan Kowalski", "20261123-SO-2F67776000-AAAAAAAAAA-01"}))
		r := &Record{ID: "inv_1", Version: 1, State: StateSent, SHA256: [32]byte{1}, Attempt: rapid.Int().Draw(t, "attempt")}
		r.Session, r.Reference = text.Draw(t, "session"), text.Draw(t, "reference")
		ctx := WithActor(t.Context(), audit.Actor{Kind: audit.ActorAPIKey, ID: text.Draw(t, "actor")}, text.Draw(t, "request"))
		_, event, err := s.move(ctx, r, StateAccepted)
		if err != nil {
			t.Fatal(err)
		}
		complete(&event, r, rapid.Int().Draw(t, "status"))
		if err := audit.Standard().Check(event); err != nil {
			t.Fatalf("%v: %+v", err, event)
		}
	})
}

func TestIDs(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC)
	var ids []string
	for i := range 100 {
		id, err := newID(start.Add(time.Duration(i)*time.Millisecond), seeded(uint64(i)))
		if err != nil {
			t.Fatal(err)
		}
		if !validID(id) {
			t.Errorf("%s is not valid", id)
		}
		ids = append(ids, id)
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Error("identifiers do not sort by time, or repeat")
	}
	for _, bad := range []string{"", "inv_", ids[0] + "0", ids[0][:29], "inx_" + ids[0][4:], "inv_" + fmt.Sprintf("%026s", "u")} {
		if validID(bad) {
			t.Errorf("%q is valid", bad)
		}
	}
}

func FuzzCursor(f *testing.F) {
	for _, s := range []string{"", "x", encodeCursor("inv_00000000000000000000000000"), encodeCursor("' OR 1=1"), "MQ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := decodeCursor(s)
		if err != nil {
			if !errors.Is(err, ErrCursor) || id != "" {
				t.Errorf("decodeCursor = %q, %v", id, err)
			}
			return
		}
		if s != "" && !validID(id) {
			t.Errorf("decodeCursor lets %q through", id)
		}
		if again, err := decodeCursor(encodeCursor(id)); s != "" && (err != nil || again != id) {
			t.Errorf("round trip of %q: %q, %v", id, again, err)
		}
	})
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	b := Backoff{Base: time.Second, Max: 20 * time.Second}.withDefaults()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1_000_000).Draw(t, "failures")
		full := min(time.Second<<min(n-1, 10), b.Max)
		got := b.wait(n, seeded(rapid.Uint64().Draw(t, "seed")))
		if got < full/2 || got > full {
			t.Fatalf("wait after %d failures is %v, want %v to %v", n, got, full/2, full)
		}
	})
	if got := (Backoff{}).withDefaults(); got.Base <= 0 || got.Max < got.Base {
		t.Errorf("defaults %+v", got)
	}
	if got := b.wait(3, failingReader{}); got != 4*time.Second {
		t.Errorf("wait without randomness is %v", got)
	}
}
