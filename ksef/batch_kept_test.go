package ksef_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// maskSealer stands for a caller's vault: it hides and notices changes.
type maskSealer struct{}

func (maskSealer) Seal(_ context.Context, plain []byte) ([]byte, error) {
	out := append([]byte("seal"), plain...)
	for i := range out {
		out[i] ^= 0x5a
	}
	return out, nil
}

func (maskSealer) Open(_ context.Context, sealed []byte) ([]byte, error) {
	out := bytes.Clone(sealed)
	for i := range out {
		out[i] ^= 0x5a
	}
	if !bytes.HasPrefix(out, []byte("seal")) {
		return nil, errors.New("changed")
	}
	return out[4:], nil
}

// kept stores the state as JSON, as a caller does.
type kept struct {
	cfg   ksef.BatchConfig
	state []byte
	steps []ksef.BatchStep
}

func newKept(cfg ksef.BatchConfig) *kept {
	k := &kept{cfg: cfg}
	k.cfg.Sealer = maskSealer{}
	k.cfg.Save = func(_ context.Context, state ksef.BatchState) error {
		raw, err := json.Marshal(state)
		if err == nil && strings.Contains(string(raw), "http") {
			err = errors.New("an address is in the state")
		}
		k.state, k.steps = raw, append(k.steps, state.Step)
		return err
	}
	return k
}

func (k *kept) run(ctx context.Context, a *ksef.Account, docs iter.Seq2[pack.Document, error]) (*ksef.BatchResult, error) {
	if k.state == nil {
		return a.SendBatch(ctx, docs, k.cfg)
	}
	var state ksef.BatchState
	if err := json.Unmarshal(k.state, &state); err != nil {
		return nil, err
	}
	return a.ResumeBatch(ctx, state, docs, k.cfg)
}

// finish goes on until there is a result, as a caller does who comes back later.
func (k *kept) finish(ctx context.Context, t testing.TB, a *ksef.Account, docs iter.Seq2[pack.Document, error]) (*ksef.BatchResult, int) {
	t.Helper()
	var err error
	for try := 1; try <= 40; try++ {
		var result *ksef.BatchResult
		if result, err = k.run(ctx, a, docs); err == nil {
			if result.Open == 0 {
				return result, try
			}
		}
		time.Sleep(time.Minute)
	}
	t.Fatalf("the package does not come through: %v, state %s", err, k.state)
	return nil, 0
}

// packed gives documents in the order of their numbers.
func packed(docs map[string][]byte, numbers []string) iter.Seq2[pack.Document, error] {
	return func(yield func(pack.Document, error) bool) {
		for _, number := range numbers {
			if !yield(pack.Document{Name: strings.ReplaceAll(number, "/", "-") + ".xml", Content: docs[number]}, nil) {
				return
			}
		}
	}
}

// damaged is a store whose parts have changed.
type damaged struct{ ksef.BatchStore }

func (damaged) Open(context.Context, int) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("damaged")), nil
}
