package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Config says how a log is kept. Store and Signer are required.
type Config struct {
	Store Store
	// Signer signs a checkpoint with every commit: a *Key, or any note.Signer
	// such as one that asks another machine.
	Signer note.Signer
	// VerifierKey is the public half of Signer in the form name+hash+data. It
	// may be empty when Signer is a *Key or has a method VerifierKey() string.
	VerifierKey string
	// OldVerifierKeys are the public halves of earlier signers, whose
	// checkpoints the store may still hold.
	OldVerifierKeys []string
	// Origin names the log in its checkpoints; at most 128 bytes without blanks
	// and plus signs. Empty means the name of Signer.
	Origin string
	// Catalogue of allowed events; nil means Standard().
	Catalogue Catalogue
	// Anchor is consulted at Open and receives the checkpoint then and whenever
	// Log.Checkpoint is called. Optional.
	Anchor Anchor
	// Now is the clock, time.Now when nil.
	Now func() time.Time
}

// Log is an open log. It is safe for concurrent use.
type Log struct {
	cfg   Config
	keys  note.Verifiers
	texts []string // of the keys

	queue queue

	mu    sync.RWMutex // guards what a commit changes
	tree  tree
	index *index
	head  []byte // signed checkpoint over the whole tree
}

// Open verifies the whole log in the store and makes it ready for use. A new
// store becomes an empty log. It fails with ErrLocked when somebody else writes
// to the store, with a *TamperError when the log is not what was acknowledged,
// and with ErrWrongKey when it was signed by a key that Config does not name.
// Close must follow.
func Open(ctx context.Context, cfg Config) (*Log, error) {
	l, err := newLog(cfg)
	if err != nil {
		return nil, fmt.Errorf("audit: open: %w", err)
	}
	if err := l.cfg.Store.Lock(ctx); err != nil {
		return nil, fmt.Errorf("audit: open: %w", err)
	}
	if err := l.load(ctx); err != nil {
		return nil, fmt.Errorf("audit: open: %w", errors.Join(err, l.cfg.Store.Close()))
	}
	return l, nil
}

func newLog(cfg Config) (*Log, error) {
	if cfg.Store == nil || cfg.Signer == nil {
		return nil, errors.New("Config.Store and Config.Signer are required")
	}
	if cfg.VerifierKey == "" {
		public, ok := cfg.Signer.(interface{ VerifierKey() string })
		if !ok {
			return nil, fmt.Errorf("%w: Config.VerifierKey is required for this signer", ErrKey)
		}
		cfg.VerifierKey = public.VerifierKey()
	}
	if cfg.Origin == "" {
		cfg.Origin = cfg.Signer.Name()
	}
	if !validOrigin(cfg.Origin) || len(cfg.Signer.Name()) > maxName {
		return nil, errors.New("Config.Origin and the name of the signer need 1 to 128 bytes without blanks and plus signs")
	}
	if cfg.Catalogue == nil {
		cfg.Catalogue = Standard()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	texts := append([]string{cfg.VerifierKey}, cfg.OldVerifierKeys...)
	keys, err := parseVerifiers(texts)
	if err != nil {
		return nil, err
	}
	l := &Log{cfg: cfg, keys: keys, texts: texts, index: newIndex()}
	l.queue.idle.L = &l.queue.mu
	return l, nil
}

// load reads and verifies everything and brings the checkpoint up to date.
func (l *Log) load(ctx context.Context) error {
	head, err := l.cfg.Store.Head(ctx)
	if err != nil {
		return err
	}
	s := &scan{keys: l.keys, origin: l.cfg.Origin, onEntry: l.remember}
	current := false
	if head != nil {
		if current, err = l.openHead(s, head); err != nil {
			return err
		}
	}
	if err := l.consultAnchor(ctx, s); err != nil {
		return err
	}
	size, err := l.cfg.Store.Load(ctx, s.head.Size)
	if err != nil && !errors.Is(err, ErrTampered) {
		return err
	}
	if head == nil && err == nil {
		return l.create(ctx, s, size)
	}
	if err := s.check(ctx, l.cfg.Store, err); err != nil {
		return err
	}
	l.head = head
	if current && s.covered == s.head {
		return l.publish(ctx, head)
	}
	return l.renew(ctx)
}

// openHead reports whether the present key signed the checkpoint.
func (l *Log) openHead(s *scan, head []byte) (current bool, err error) {
	c, sig, err := openCheckpoint(head, l.keys)
	if err != nil {
		return false, err
	}
	if c.Origin != l.cfg.Origin {
		return false, ErrWrongLog
	}
	s.head = c
	return sig.Name == l.cfg.Signer.Name() && sig.Hash == l.cfg.Signer.KeyHash(), nil
}

func (l *Log) consultAnchor(ctx context.Context, s *scan) error {
	if l.cfg.Anchor == nil {
		return nil
	}
	last, err := l.cfg.Anchor.Last(ctx)
	if err != nil || last == nil {
		return err
	}
	return s.addKnown(last)
}

// create begins a log in an empty store. Records without a checkpoint file are
// accepted only when they are nothing but the first checkpoint, after which
// the creation was interrupted.
func (l *Log) create(ctx context.Context, s *scan, size uint64) error {
	if size > 0 {
		return errNoCheckpoint()
	}
	if err := s.checkEmpty(); err != nil {
		return err
	}
	return l.renew(ctx)
}

// renew stores a checkpoint of the present key over the present tree.
func (l *Log) renew(ctx context.Context) error {
	signed, err := l.checkpoint(&l.tree.peaks).sign(l.cfg.Signer)
	if err != nil {
		return fmt.Errorf("sign checkpoint: %w", err)
	}
	if err := l.cfg.Store.Append(ctx, Batch{First: l.tree.size, Checkpoint: signed}); err != nil {
		return err
	}
	l.head = signed
	return l.publish(ctx, signed)
}

func (l *Log) checkpoint(p *peaks) Checkpoint {
	return Checkpoint{l.cfg.Origin, p.size, p.root()}
}

// remember takes an entry that was read into tree and index.
func (l *Log) remember(seq uint64, rest []byte, h tlog.Hash) {
	l.tree.append(h)
	if id, ok := peekID(rest); ok {
		l.index.add(maphash.Bytes(l.index.seed, id), seq)
	}
}

// VerifierKey returns the public key that proofs and checkpoints of this log
// verify with, in the form name+hash+data.
func (l *Log) VerifierKey() string { return l.cfg.VerifierKey }

// Origin returns the name of the log.
func (l *Log) Origin() string { return l.cfg.Origin }

// Size returns the number of entries that are stored durably.
func (l *Log) Size() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.tree.size
}

// Checkpoint returns the signed checkpoint over everything that is stored, and
// hands it to the anchor.
func (l *Log) Checkpoint(ctx context.Context) ([]byte, error) {
	l.mu.RLock()
	head := bytes.Clone(l.head)
	l.mu.RUnlock()
	if err := l.publish(ctx, head); err != nil {
		return nil, fmt.Errorf("audit: checkpoint: %w", err)
	}
	return head, nil
}

// Entry returns an entry by its sequence number, or ErrNotFound.
func (l *Log) Entry(ctx context.Context, seq uint64) (Entry, error) {
	if seq >= l.Size() {
		return Entry{}, fmt.Errorf("audit: entry %d: %w", seq, ErrNotFound)
	}
	for e, err := range l.Entries(ctx, seq) {
		return e, err
	}
	return Entry{}, fmt.Errorf("audit: entry %d: %w", seq, tamperedAt(ErrDeleted, seq, seq, "gone while the log is open"))
}

// Entries yields the entries from a sequence number on, up to those that are
// stored when it begins. An error is yielded last.
func (l *Log) Entries(ctx context.Context, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		end := l.Size()
		for next, rec := range l.records(ctx, from, end) {
			e, err := rec.entry(next)
			if err != nil {
				err = fmt.Errorf("audit: entries: %w", err)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// readResult is one step of records.
type readResult struct {
	data []byte
	err  error
}

// records yields the stored bytes of the entries from one number to another,
// by number, and an error last.
func (l *Log) records(ctx context.Context, from, end uint64) iter.Seq2[uint64, readResult] {
	return func(yield func(uint64, readResult) bool) {
		next := from
		if from >= end {
			return
		}
		for rec, err := range l.cfg.Store.Read(ctx, from) {
			if err == nil && rec.Data == nil {
				continue
			}
			if err == nil && rec.Seq != next {
				err = tamperedAt(ErrReordered, next, next, "changed while the log is open")
			}
			if !yield(next, readResult{rec.Data, err}) || err != nil {
				return
			}
			if next++; next == end {
				return
			}
		}
		yield(next, readResult{err: tamperedAt(ErrTruncated, next, end-1, "gone while the log is open")})
	}
}

func (r readResult) entry(want uint64) (Entry, error) {
	if r.err != nil {
		return Entry{}, r.err
	}
	e, err := ParseEntry(bytes.Clone(r.data))
	if err != nil || e.Seq != want {
		return Entry{}, tamperedAt(ErrChanged, want, want, "changed while the log is open")
	}
	return e, nil
}

// Find returns the entry with an event ID and whether there is one.
func (l *Log) Find(ctx context.Context, eventID string) (Entry, bool, error) {
	l.mu.RLock()
	list := l.index.candidates(maphash.String(l.index.seed, eventID))
	l.mu.RUnlock()
	for _, seq := range list {
		e, err := l.Entry(ctx, seq)
		if err != nil {
			return Entry{}, false, err
		}
		if e.ID == eventID {
			return e, true, nil
		}
	}
	return Entry{}, false, nil
}

// Verify reads the whole log again and compares it with its checkpoints and
// with what this process knows. Appending goes on meanwhile.
func (l *Log) Verify(ctx context.Context) (*Report, error) {
	l.mu.RLock()
	known := [][]byte{l.head}
	l.mu.RUnlock()
	v, err := newVerification(ctx, l.cfg.Store, VerifyOptions{VerifierKeys: l.texts, Origin: l.cfg.Origin, Known: known})
	return v.finish(ctx, l.cfg.Store, err)
}

// Close waits for running appends and releases the store. Appends that come
// later get ErrClosed. Only the first call does anything. A program with an
// Anchor calls Checkpoint before.
func (l *Log) Close() error {
	if !l.queue.close() {
		return nil
	}
	if err := l.cfg.Store.Close(); err != nil {
		return fmt.Errorf("audit: close: %w", err)
	}
	return nil
}
