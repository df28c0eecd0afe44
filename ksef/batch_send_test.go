package ksef_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// parted makes packages of several parts out of few invoices.
func parted() ksef.BatchConfig {
	return ksef.BatchConfig{Store: &pack.Memory{}, Parallel: 2, Pack: pack.Config{PartSize: 1500}}
}

func TestBatchDecisions(t *testing.T) {
	for _, form := range []pack.Compression{pack.Zip, pack.TarGz} {
		inWorld(t, 1, calm, ksefsim.Config{ProcessingDelay: time.Second}, func(t *testing.T, w *world, a *ksef.Account) {
			ctx := t.Context()
			s := a.Sender(ksef.SenderConfig{})
			early := sent(t, s, invoiceXML(t, "FV/0"), ksef.DeliveryAccepted)
			closed(t, s)
			taken := sample("FV/0")
			taken.Fa.FaWiersz[0].P_7 = "Dachówka"
			docs := map[string][]byte{
				"FV/1": invoiceXML(t, "FV/1"), "FV/0": invoiceXML(t, "FV/0"), "taken": marshalled(t, taken),
				"bad": []byte("<Faktura/>"), "copy": invoiceXML(t, "FV/1"),
			}
			cfg := parted()
			cfg.Pack.Compression, cfg.Pack.PartSize = form, 400
			var last ksef.BatchProgress
			cfg.Progress = func(p ksef.BatchProgress) { last = p }
			numbers := []string{"FV/1", "FV/0", "taken", "bad", "copy"}
			result, err := a.SendBatch(ctx, packed(docs, numbers), cfg)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range result.Documents {
				got = append(got, fmt.Sprint(d.Name, " ", d.State, " ", d.Earlier, " ", d.Duplicate == early.KSeFNumber))
			}
			want := []string{
				"FV-1.xml accepted false false", "FV-0.xml accepted true false", "taken.xml rejected false true",
				"bad.xml rejected false false", "copy.xml accepted true false",
			}
			if diff := cmp.Diff(want, got); diff != "" || result.Accepted != 3 || result.Rejected != 2 {
				t.Error(result.Accepted, result.Rejected, diff)
			}
			if last.Documents != 5 || last.Parts < 2 || last.UploadedParts != last.Parts || last.UploadedBytes != last.Bytes || last.Step != ksef.BatchProcessing {
				t.Errorf("progress %+v", last)
			}
			correctAndResend(t, w, a, result, docs)
		})
	}
}

// correctAndResend mends what was rejected and sends only that.
func correctAndResend(t *testing.T, w *world, a *ksef.Account, result *ksef.BatchResult, docs map[string][]byte) {
	t.Helper()
	var failed []string
	for d := range result.Failed() {
		name := strings.TrimSuffix(d.Name, ".xml")
		if d.Reason == nil {
			t.Errorf("%s has no reason", name)
		}
		failed = append(failed, name)
		docs[name] = invoiceXML(t, "FV/corrected/"+name)
	}
	again, err := a.SendBatch(t.Context(), packed(docs, failed), parted())
	if err != nil || again.Accepted != 2 || len(w.sim.Accepted()) != 4 {
		t.Errorf("%+v, %v; KSeF holds %d", again, err, len(w.sim.Accepted()))
	}
}

// TestBatchSurvivesEveryStop stops the work at every storing of the state, both
// before and after it is on disk, and goes on from what is there.
func TestBatchSurvivesEveryStop(t *testing.T) {
	for _, stored := range []bool{false, true} {
		for at, stopped := 1, true; stopped; at++ {
			inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
				stopped = stopOnce(t, w, a, at, stored)
			})
			if !stopped && at < 10 {
				t.Errorf("only %d stops", at)
			}
		}
	}
}

var errStopped = errors.New("the process ended")

// stopOnce stops the work when the state is stored for the given time.
func stopOnce(t *testing.T, w *world, a *ksef.Account, at int, stored bool) (stopped bool) {
	docs, numbers := invoices(t, 9)
	k := newKept(parted())
	save, saves := k.cfg.Save, 0
	k.cfg.Save = func(ctx context.Context, s ksef.BatchState) error {
		saves++
		if saves != at {
			return save(ctx, s)
		}
		if stored {
			_ = save(ctx, s)
		}
		return errStopped
	}
	result, err := k.run(t.Context(), a, packed(docs, numbers))
	if stopped = err != nil; stopped {
		if !errors.Is(err, errStopped) {
			t.Errorf("stop %d: %v", at, err)
		}
		k.cfg.Store = reopened(t, k.cfg.Store)
		result, _ = k.finish(t.Context(), t, a, packed(docs, numbers))
	}
	_, processed, duplicates := w.census(t.Context(), a, ksef.SessionBatch, docs)
	if result.Accepted != 9 || processed != 1 || duplicates != 0 {
		t.Errorf("stop %d, stored %v: %d accepted, %d sessions processed, %d duplicates", at, stored, result.Accepted, processed, duplicates)
	}
	return stopped
}

// reopened is a store as another process finds it: of an incomplete package
// nothing is left.
func reopened(t *testing.T, s ksef.BatchStore) ksef.BatchStore {
	t.Helper()
	if _, err := s.Manifest(); errors.Is(err, pack.ErrNoPackage) {
		return &pack.Memory{}
	}
	return s
}

// TestBatchStateKeepsItsSecrets: neither the key nor an address shows.
func TestBatchStateKeepsItsSecrets(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
		docs, numbers := invoices(t, 6)
		k := newKept(parted())
		k.finish(t.Context(), t, a, packed(docs, numbers))
		if k.steps[0] != ksef.BatchPacking || k.steps[len(k.steps)-1] != ksef.BatchDone || !slices.Contains(k.steps, ksef.BatchClosing) {
			t.Errorf("steps %v", k.steps)
		}
		var s ksef.BatchState
		if err := json.Unmarshal(k.state, &s); err != nil || len(k.state) > 20_000 {
			t.Errorf("%d bytes, %v", len(k.state), err)
		}
		again, err := a.ResumeBatch(t.Context(), s, nil, k.cfg)
		if err != nil || again.Accepted != 6 || len(w.sim.Accepted()) != 6 {
			t.Errorf("asked again: %+v, %v", again, err)
		}
	})
}

func TestBatchRefusesMixUps(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, _ *world, a *ksef.Account) {
		ctx := t.Context()
		docs, numbers := invoices(t, 3)
		source := packed(docs, numbers)
		k := newKept(parted())
		k.finish(ctx, t, a, source)
		var state ksef.BatchState
		if err := json.Unmarshal(k.state, &state); err != nil {
			t.Fatal(err)
		}
		other := parted()
		other.Sealer = maskSealer{}
		if _, err := a.SendBatch(ctx, packed(docs, numbers[:1]), other); err != nil {
			t.Fatal(err)
		}
		before := len(k.steps)
		if _, err := a.SendBatch(ctx, source, k.cfg); !errors.Is(err, pack.ErrComplete) || len(k.steps) != before {
			t.Errorf("a new key was stored over that of a complete package: %v", err)
		}
		unsealed, odd, broken := k.cfg, state, state
		unsealed.Sealer = nil
		odd.Step = "dancing"
		broken.Step, broken.Sealed = ksef.BatchUploading, []byte("x")
		strange := state
		strange.Uploaded = []int{99}
		upload := state
		upload.Step = ksef.BatchUploading
		for name, tt := range map[string]struct {
			run  func() error
			want error
		}{
			"no store":          {func() error { _, err := a.SendBatch(ctx, source, ksef.BatchConfig{}); return err }, ksef.ErrInvalidArgument},
			"no documents":      {func() error { _, err := a.SendBatch(ctx, nil, parted()); return err }, ksef.ErrInvalidArgument},
			"save without seal": {func() error { _, err := a.SendBatch(ctx, source, unsealed); return err }, ksef.ErrInvalidArgument},
			"store of another":  {func() error { _, err := a.ResumeBatch(ctx, state, nil, other); return err }, ksef.ErrInvalidArgument},
			"store in use":      {func() error { _, err := a.SendBatch(ctx, source, other); return err }, pack.ErrComplete},
			"unknown part":      {func() error { _, err := a.ResumeBatch(ctx, strange, nil, k.cfg); return err }, ksef.ErrInvalidArgument},
			"unknown step":      {func() error { _, err := a.ResumeBatch(ctx, odd, nil, k.cfg); return err }, ksef.ErrInvalidArgument},
			"sealed by others":  {func() error { _, err := a.ResumeBatch(ctx, broken, nil, k.cfg); return err }, nil},
			"no sealer":         {func() error { _, err := a.ResumeBatch(ctx, upload, nil, parted()); return err }, ksef.ErrInvalidArgument},
			"empty package":     {func() error { _, err := a.SendBatch(ctx, packed(docs, nil), parted()); return err }, pack.ErrEmptyPackage},
			"package incomplete": {func() error {
				s := state
				s.Step = ksef.BatchPacking
				c := k.cfg
				c.Store = &pack.Memory{}
				_, err := a.ResumeBatch(ctx, s, nil, c)
				return err
			}, pack.ErrNoPackage},
		} {
			if err := tt.run(); err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestBatchPackageFailures: what KSeF says of a whole package.
func TestBatchPackageFailures(t *testing.T) {
	t.Run("too many", func(t *testing.T) {
		inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, _ *world, a *ksef.Account) {
			two := ksef.SessionLimits{MaxInvoiceSizeMB: 1, MaxInvoiceWithAttachmentSizeMB: 3, MaxInvoices: 2}
			if err := a.TestLimits.SetSession(t.Context(), ksef.TestSessionLimits{Online: two, Batch: two}); err != nil {
				t.Fatal(err)
			}
			docs, numbers := invoices(t, 3)
			_, err := a.SendBatch(t.Context(), packed(docs, numbers), parted())
			e, ok := errors.AsType[*ksef.StatusError](err)
			if !ok || e.Status.Code != ksef.SessionTooManyInvoices || e.Reference == "" {
				t.Errorf("%v", err)
			}
		})
	})
	t.Run("none correct", func(t *testing.T) {
		inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, _ *world, a *ksef.Account) {
			result, err := a.SendBatch(t.Context(), packed(map[string][]byte{"a": []byte("<a/>")}, []string{"a"}), parted())
			if err != nil || result.Rejected != 1 || result.Status.Status.Code != ksef.SessionNoCorrectInvoice {
				t.Errorf("%+v, %v", result, err)
			}
		})
	})
	t.Run("key unreadable once", func(t *testing.T) {
		inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
			opened := 0
			w.sim.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/sessions/batch") {
						if opened++; opened == 1 {
							r = withBody(r, spoil)
						}
					}
					next.ServeHTTP(rw, r)
				})
			})
			docs, numbers := invoices(t, 3)
			result, err := a.SendBatch(t.Context(), packed(docs, numbers), parted())
			if err != nil || result.Accepted != 3 || opened != 2 {
				t.Errorf("%+v, %v, %d sessions", result, err, opened)
			}
		})
	})
	t.Run("parts damaged on disk", func(t *testing.T) {
		inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
			docs, numbers := invoices(t, 3)
			k := newKept(parted())
			remove := w.sim.Inject(ksefsim.Fault{Operation: ksefsim.OperationUpload, Status: 503})
			if _, err := k.run(t.Context(), a, packed(docs, numbers)); !errors.Is(err, ksef.ErrUnavailable) {
				t.Fatal(err)
			}
			remove()
			k.cfg.Store = damaged{k.cfg.Store}
			if _, err := k.run(t.Context(), a, nil); !errors.Is(err, pack.ErrHashMismatch) {
				t.Errorf("%v", err)
			}
		})
	})
}

// TestBatchUploadTimeIsOver: after a night without uploads the session is dead
// and the package goes through another.
func TestBatchUploadTimeIsOver(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
		docs, numbers := invoices(t, 5)
		k := newKept(parted())
		remove := w.sim.Inject(ksefsim.Fault{Operation: ksefsim.OperationUpload, Status: 503, Skip: 1})
		if _, err := k.run(t.Context(), a, packed(docs, numbers)); err == nil {
			t.Fatal("uploaded through a fault")
		}
		remove()
		time.Sleep(10 * time.Hour)
		result, runs := k.finish(t.Context(), t, a, nil)
		var state ksef.BatchState
		if err := json.Unmarshal(k.state, &state); err != nil || len(state.Dead) != 1 || state.Dead[0] == result.Session || result.Accepted != 5 || runs != 1 {
			t.Errorf("%+v, %+v, %v", result, state, err)
		}
	})
}

func TestBatchStopsWithItsContext(t *testing.T) {
	inWorld(t, 1, calm, ksefsim.Config{}, func(t *testing.T, w *world, a *ksef.Account) {
		docs, numbers := invoices(t, 5)
		if err := w.sim.HoldProcessing(true); err != nil {
			t.Fatal(err)
		}
		k := newKept(parted())
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := k.run(ctx, a, packed(docs, numbers)); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		if err := w.sim.HoldProcessing(false); err != nil {
			t.Fatal(err)
		}
		if result, runs := k.finish(t.Context(), t, a, nil); result.Accepted != 5 || runs != 1 {
			t.Errorf("%+v", result)
		}
	})
}
