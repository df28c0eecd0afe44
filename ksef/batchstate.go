package ksef

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// BatchStep is how far the sending of a package has come. Each is stored before
// what it names begins.
type BatchStep string

// The steps, in their order.
const (
	BatchPacking    BatchStep = "packing"    // documents become encrypted parts
	BatchOpening    BatchStep = "opening"    // a session is opened; its addresses are not known
	BatchUploading  BatchStep = "uploading"  // parts go to the session's addresses
	BatchClosing    BatchStep = "closing"    // the session may be closed already
	BatchProcessing BatchStep = "processing" // KSeF is at work
	BatchDone       BatchStep = "done"       // the session has ended
)

// BatchState is what has to be kept to go on after a crash. It is small, goes to
// JSON and back, and shows no secret: Sealed is encrypted by the caller's
// [Sealer].
type BatchState struct {
	Step BatchStep `json:"step"`
	// Form is the structure of the documents, as [FormCode] is written.
	Form string `json:"form"`
	// Offline declares that all documents were issued offline.
	Offline bool `json:"offline,omitempty"`
	// Package is the SHA-256 of the archive, by which state and store are known
	// to belong together; zero while packing.
	Package pack.Hash `json:"package"`
	// Session is the reference of the session in use, "" before one is open.
	Session string `json:"session,omitempty"`
	// Dead are sessions of the same package that can never process it.
	Dead []string `json:"dead,omitempty"`
	// Uploaded are the numbers of the parts that the session has.
	Uploaded []int `json:"uploaded,omitempty"`
	// Opened is when the session was opened.
	Opened time.Time `json:"opened,omitzero"`
	// UselessKey is the identifier of a public key of the ministry with which a
	// session failed.
	UselessKey string `json:"uselessKey,omitempty"`
	// KeyID is the identifier of the public key that the session was opened
	// with.
	KeyID string `json:"keyId,omitempty"`
	// Sealed holds the symmetric key and the addresses for the upload.
	Sealed []byte `json:"sealed,omitempty"`
}

// String tells the step and the session.
func (s BatchState) String() string { return "batch " + string(s.Step) + " in session " + s.Session }

// Sealer encrypts secrets that are stored outside, as those of a [BatchState]:
// with a key management service, a hardware module or a vault of the caller;
// [KeySealer] does it with a plain key. Open returns what was given to Seal, and
// an error for anything that was changed.
type Sealer interface {
	Seal(ctx context.Context, plain []byte) ([]byte, error)
	Open(ctx context.Context, sealed []byte) ([]byte, error)
}

// batchSecrets are the content of Sealed.
type batchSecrets struct {
	Key     []byte       `json:"key"`
	IV      []byte       `json:"iv"`
	Uploads []PartUpload `json:"uploads,omitempty"`
}

func (r *batchRun) seal(ctx context.Context) error {
	if r.cfg.Sealer == nil {
		return nil
	}
	plain, err := json.Marshal(batchSecrets{r.key.Reveal(), r.key.IV(), r.uploads})
	if err != nil {
		return &Error{Op: opBatch, Err: err}
	}
	defer clear(plain)
	sealed, err := r.cfg.Sealer.Seal(ctx, plain)
	if err != nil {
		return &Error{Op: opBatch, Err: fmt.Errorf("seal the state: %w", err)}
	}
	r.state.Sealed = sealed
	return nil
}

func (r *batchRun) unseal(ctx context.Context) error {
	if r.cfg.Sealer == nil || len(r.state.Sealed) == 0 {
		return invalid(opBatch, "the state needs the Sealer that made it")
	}
	plain, err := r.cfg.Sealer.Open(ctx, r.state.Sealed)
	if err != nil {
		return &Error{Op: opBatch, Err: fmt.Errorf("open the sealed state: %w", err)}
	}
	defer clear(plain)
	var s batchSecrets
	if json.Unmarshal(plain, &s) != nil {
		return invalid(opBatch, "the sealed state is not readable")
	}
	r.key, err = pack.KeyOf(s.Key, s.IV)
	if err != nil {
		return invalid(opBatch, "the sealed state has no key")
	}
	r.uploads = s.Uploads
	return nil
}

// save stores the state before the step that it names.
func (r *batchRun) save(ctx context.Context, step BatchStep) error {
	r.state.Step = step
	if r.cfg.Save == nil {
		return nil
	}
	kept := r.state
	kept.Dead, kept.Uploaded = append([]string(nil), kept.Dead...), append([]int(nil), kept.Uploaded...)
	if err := r.cfg.Save(ctx, kept); err != nil {
		return &Error{Op: opBatch, Err: fmt.Errorf("store the state: %w", err)}
	}
	return nil
}
