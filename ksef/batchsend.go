package ksef

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

const opBatch = "send batch"

// BatchStore keeps the encrypted parts of one package: [pack.NewDir] in a
// directory, a [pack.Memory] for small packages that need not survive.
type BatchStore interface {
	pack.PartStore
	pack.Parts
	// Manifest describes the package; pack.ErrNoPackage if it is not complete.
	Manifest() (*pack.Manifest, error)
}

// BatchConfig says how a package is sent. Only Store is required.
type BatchConfig struct {
	// Form is the structure of the documents, FormFA3 if "".
	Form FormCode
	// Offline declares that all documents were issued offline.
	Offline bool
	// Store keeps the parts; one store for one package.
	Store BatchStore
	// Pack says how the package is made; the zero value follows KSeF's limits.
	Pack pack.Config
	// Parallel is how many parts are uploaded at a time, 4 if zero.
	Parallel int
	// Save, if set, stores the state durably before every step, for
	// [Account.ResumeBatch]; an error stops the sending. It needs Sealer. It is
	// never called twice at a time.
	Save func(ctx context.Context, state BatchState) error
	// Sealer encrypts the symmetric key and the addresses for the upload within
	// the state.
	Sealer Sealer
	// Progress, if set, is called as the sending advances, never twice at a time.
	Progress func(BatchProgress)
}

// BatchProgress is how far a package has come.
type BatchProgress struct {
	Step BatchStep
	// Documents are those packed so far.
	Documents int
	// Parts and Bytes are those of the encrypted package, zero while packing.
	Parts int
	Bytes int64
	// UploadedParts and UploadedBytes are those that KSeF has.
	UploadedParts int
	UploadedBytes int64
}

// SendBatch sends documents as one package: packs them in one pass into the
// store, opens a batch session, uploads the parts, closes the session, waits
// for the end and gives the outcome of every document.
//
//	docs := pack.Files(os.DirFS("invoices"), "*.xml")
//	result, err := account.SendBatch(ctx, docs, ksef.BatchConfig{Store: pack.NewDir("outbox/42")})
//
// A package that KSeF could not read as a whole is an error, a [*StatusError];
// documents that it refused are not. After any other error, a crash included,
// [Account.ResumeBatch] goes on with the state that Save stored last. A document
// that KSeF had already, byte for byte, is accepted as Earlier.
//
// There is never a second session that could process the package unless the
// first is proven dead: ended by KSeF, or never closed while nobody has an
// address left to complete it. Whatever is not closed is not processed.
func (a *Account) SendBatch(ctx context.Context, docs iter.Seq2[pack.Document, error], cfg BatchConfig) (*BatchResult, error) {
	form := cfg.Form
	if form == "" {
		form = FormFA3
	}
	r := &batchRun{account: a, cfg: cfg, docs: docs}
	r.state = BatchState{Step: BatchPacking, Form: string(form), Offline: cfg.Offline}
	if docs == nil {
		return nil, invalid(opBatch, "give the documents")
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r.run(ctx)
}

// ResumeBatch goes on with the sending of a package from the state that was
// stored last, with the same Store and Sealer. Form and Offline are those of the
// state. The documents are needed only if the package was not complete; without
// them that is pack.ErrNoPackage. At most one process may work on a package at
// a time.
func (a *Account) ResumeBatch(ctx context.Context, state BatchState, docs iter.Seq2[pack.Document, error], cfg BatchConfig) (*BatchResult, error) {
	r := &batchRun{account: a, cfg: cfg, docs: docs, state: state, resumed: true}
	if err := r.check(); err != nil {
		return nil, err
	}
	if err := r.resume(ctx); err != nil {
		return nil, err
	}
	return r.run(ctx)
}

// batchRun is one package on its way.
type batchRun struct {
	account  *Account
	cfg      BatchConfig
	docs     iter.Seq2[pack.Document, error]
	state    BatchState
	manifest *pack.Manifest
	key      pack.Key
	uploads  []PartUpload
	buried   int  // sessions given up
	resumed  bool // parts come from the disk of an earlier process
}

func (r *batchRun) check() error {
	switch {
	case r.cfg.Store == nil:
		return invalid(opBatch, "give a Store for the parts")
	case r.cfg.Save != nil && r.cfg.Sealer == nil:
		return invalid(opBatch, "give a Sealer: the state that is saved holds a key")
	case !FormCode(r.state.Form).Valid():
		return invalid(opBatch, "use one of the Form constants")
	}
	return nil
}

// resume takes up the work of an earlier process.
func (r *batchRun) resume(ctx context.Context) error {
	if r.state.Step != BatchProcessing && r.state.Step != BatchDone {
		if err := r.unseal(ctx); err != nil {
			return err
		}
	}
	manifest, err := r.cfg.Store.Manifest()
	switch {
	case errors.Is(err, pack.ErrNoPackage) && r.state.Step == BatchPacking && r.docs != nil:
		return nil // packed anew
	case err != nil:
		return &Error{Op: opBatch, Err: err}
	case r.state.Step == BatchPacking: // complete, and only the note of it is missing
		r.state.Package = manifest.SHA256
	case r.state.Package != manifest.SHA256:
		return invalid(opBatch, "state and store are not of one package")
	}
	for _, n := range r.state.Uploaded {
		if n < 1 || n > len(manifest.Parts) {
			return invalid(opBatch, "the state names a part that the package does not have")
		}
	}
	r.manifest = manifest
	return nil
}

// run goes from step to step.
func (r *batchRun) run(ctx context.Context) (*BatchResult, error) {
	for {
		step, err := r.step(ctx)
		if err != nil {
			return nil, err
		}
		if r.state.Step == BatchDone {
			return r.result(ctx)
		}
		if err := r.save(ctx, step); err != nil {
			return nil, err
		}
	}
}

func (r *batchRun) step(ctx context.Context) (next BatchStep, err error) {
	switch r.state.Step {
	case BatchPacking:
		return r.pack(ctx)
	case BatchOpening:
		return r.open(ctx)
	case BatchUploading:
		return r.upload(ctx)
	case BatchClosing:
		return r.close(ctx)
	case BatchProcessing:
		return r.wait(ctx)
	case BatchDone:
		return BatchDone, nil
	}
	return "", invalid(opBatch, "the state has an unknown step")
}

// pack makes the package. Its key is stored before, sealed: without it the parts
// would be worth nothing.
func (r *batchRun) pack(ctx context.Context) (BatchStep, error) {
	if r.manifest != nil {
		return BatchOpening, nil
	}
	if _, err := r.cfg.Store.Manifest(); !errors.Is(err, pack.ErrNoPackage) {
		if err == nil {
			err = pack.ErrComplete // its key is in a state that must not be replaced
		}
		return "", &Error{Op: opBatch, Err: err}
	}
	key, err := pack.NewKey(r.account.client.random)
	if err != nil {
		return "", &Error{Op: opBatch, Err: err}
	}
	r.key = key
	if err := r.seal(ctx); err != nil {
		return "", err
	}
	if err := r.save(ctx, BatchPacking); err != nil {
		return "", err
	}
	cfg := r.cfg.Pack
	cfg.Progress = func(p pack.Progress) {
		r.progress(BatchProgress{Documents: p.Documents})
		if r.cfg.Pack.Progress != nil {
			r.cfg.Pack.Progress(p)
		}
	}
	manifest, err := pack.Build(ctx, key, r.docs, r.cfg.Store, cfg)
	if err != nil {
		return "", &Error{Op: opBatch, Err: err}
	}
	r.manifest, r.state.Package = manifest, manifest.SHA256
	return BatchOpening, nil
}

// open opens a session. One whose answer was lost has addresses that nobody
// knows: it stays empty, is never closed by anybody and ends by itself.
func (r *batchRun) open(ctx context.Context) (BatchStep, error) {
	request := OpenBatchRequest{FormCode: FormCode(r.state.Form), OfflineMode: r.state.Offline, BatchFile: batchFile(&r.manifest.Sealed)}
	key := &sessionKey{key: [32]byte(r.key.Reveal()), iv: [16]byte(r.key.IV())}
	for try := 1; ; try++ {
		var opened *OpenedBatch
		err := r.account.client.withOtherKey(ctx, KeyForSession, r.state.UselessKey, func(pub publicKey) error {
			info, err := key.wrap(r.account.client.random, pub)
			if err != nil {
				return &Error{Op: opBatch, Err: err}
			}
			request.Encryption = info
			opened, err = r.account.Batch.Open(ctx, request)
			return err
		})
		if err == nil {
			return BatchUploading, r.opened(ctx, opened, request.Encryption.PublicKeyID)
		}
		if try == maxOpens || !errors.Is(err, ErrOutcomeUnknown) || sleep(ctx, r.account.client.poll.Interval<<try) != nil {
			return "", settled(err)
		}
	}
}

func (r *batchRun) opened(ctx context.Context, opened *OpenedBatch, keyID string) error {
	r.state.Session, r.state.KeyID, r.state.Uploaded = opened.Reference, keyID, nil
	r.state.Opened = r.account.client.now()
	r.uploads = opened.Uploads
	return r.seal(ctx)
}

func batchFile(sealed *pack.Sealed) BatchFile {
	f := BatchFile{FileSize: sealed.Size, FileHash: sealed.SHA256[:], Compression: Compression(sealed.Compression.String())}
	for _, p := range sealed.Parts {
		f.Parts = append(f.Parts, BatchPart{OrdinalNumber: p.Number, FileSize: p.EncryptedSize, FileHash: p.EncryptedSHA256[:]})
	}
	return f
}

func (r *batchRun) progress(p BatchProgress) {
	if r.cfg.Progress == nil {
		return
	}
	p.Step = r.state.Step
	if r.manifest != nil {
		p.Documents, p.Parts = len(r.manifest.Documents), len(r.manifest.Parts)
		for _, part := range r.manifest.Parts {
			p.Bytes += part.EncryptedSize
		}
		for _, n := range r.state.Uploaded {
			p.UploadedParts++
			p.UploadedBytes += r.manifest.Parts[n-1].EncryptedSize
		}
	}
	r.cfg.Progress(p)
}

// maxSessions is how many sessions a package gets before the caller is told.
// ResumeBatch starts counting anew.
const maxSessions = 4

// bury notes that the session is dead and sends the package through another.
func (r *batchRun) bury(ctx context.Context, cause error) (BatchStep, error) {
	if r.buried++; r.buried >= maxSessions {
		return "", fmt.Errorf("ksef: %s: after %d sessions: %w", opBatch, r.buried, cause)
	}
	r.state.Dead = append(r.state.Dead, r.state.Session)
	r.state.Session, r.state.Uploaded, r.uploads = "", nil, nil
	return BatchOpening, r.seal(ctx)
}
