package audit

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that an entry is in the log: the entry, the hashes that lead from
// it to the root of the tree, and the signed checkpoint with that root. Who has
// the verifier key needs nothing else to check it.
type Proof struct {
	Seq        uint64
	Entry      []byte      // stored bytes
	Path       []tlog.Hash // from the neighbour of the leaf up to the child of the root
	Checkpoint []byte      // signed note
}

// maxPath is the height of the tallest tree.
const maxPath = 63

// Prove returns a proof for an entry against the present checkpoint. It reads
// the 256 entries around it.
func (l *Log) Prove(ctx context.Context, seq uint64) (*Proof, error) {
	p, err := l.prove(ctx, seq)
	if err != nil {
		return nil, fmt.Errorf("audit: prove entry %d: %w", seq, err)
	}
	return p, nil
}

// ProveEvent returns a proof for the entry with an event ID against the present
// checkpoint. The error is ErrNotFound when the log holds no such event; one
// that still waits in a queue in front of the log is not in it.
func (l *Log) ProveEvent(ctx context.Context, eventID string) (*Proof, error) {
	e, found, err := l.Find(ctx, eventID)
	if err == nil && !found {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("audit: prove event: %w", err)
	}
	return l.Prove(ctx, e.Seq)
}

func (l *Log) prove(ctx context.Context, seq uint64) (*Proof, error) {
	t, head := l.snapshot()
	if seq >= t.size {
		return nil, ErrNotFound
	}
	tiles := &tileReader{l: l, tree: t, want: seq, have: ^uint64(0)}
	path, err := tlog.ProveRecord(int64(t.size), int64(seq), tiles.hashes(ctx))
	if err != nil {
		return nil, err
	}
	data, err := tiles.entry(ctx)
	if err != nil {
		return nil, err
	}
	// What is handed out is checked: the disk may have changed under the log.
	if tlog.CheckRecord(path, int64(t.size), t.root(), int64(seq), tlog.RecordHash(data)) != nil {
		return nil, tamperedAt(ErrChanged, seq, seq, "changed while the log is open")
	}
	return &Proof{seq, data, path, head}, nil
}

// snapshot returns the tree and its checkpoint for reading without a lock.
// Whole tiles never change; the partial one is copied.
func (l *Log) snapshot() (*tree, []byte) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	t := l.tree
	t.upper, t.leafs = slices.Clone(t.upper), slices.Clone(t.leafs)
	return &t, bytes.Clone(l.head)
}

// tileReader gives nodes of a tree to package tlog. It keeps the tile it read
// last, since a proof asks for several nodes of one, and the entry that is to
// be proven when it comes across it.
type tileReader struct {
	l     *Log
	tree  *tree
	want  uint64
	have  uint64 // number of the tile in leafs
	leafs []tlog.Hash
	data  []byte // entry want
}

func (r *tileReader) hashes(ctx context.Context) tlog.HashReader {
	tile := func(n uint64) ([]tlog.Hash, error) { return r.tile(ctx, n) }
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			h, err := r.tree.node(level, uint64(n), tile)
			if err != nil {
				return nil, err
			}
			hashes[i] = h
		}
		return hashes, nil
	})
}

// tile computes the leaves of a whole tile again.
func (r *tileReader) tile(ctx context.Context, n uint64) ([]tlog.Hash, error) {
	if n == r.have {
		return r.leafs, nil
	}
	var scratch []byte
	r.leafs = make([]tlog.Hash, 0, tileWidth)
	for seq, rec := range r.l.records(ctx, n*tileWidth, (n+1)*tileWidth) {
		if rec.err != nil {
			return nil, rec.err
		}
		if seq == r.want {
			r.data = bytes.Clone(rec.data)
		}
		r.leafs = append(r.leafs, leafHash(&scratch, rec.data))
	}
	if subtree(r.leafs) != r.tree.upper[0][n] {
		return nil, tamperedAt(ErrChanged, n*tileWidth, (n+1)*tileWidth-1, "changed while the log is open")
	}
	r.have = n
	return r.leafs, nil
}

// entry returns the entry that is to be proven.
func (r *tileReader) entry(ctx context.Context) ([]byte, error) {
	if r.data != nil {
		return r.data, nil
	}
	for _, rec := range r.l.records(ctx, r.want, r.want+1) {
		return bytes.Clone(rec.data), rec.err
	}
	return nil, ErrNotFound
}

// VerifyProof checks a proof with the verifier key of the log, in the form
// name+hash+data, and returns the proven entry. It needs neither the log nor
// the network. Errors match ErrProof, or ErrWrongKey when the checkpoint is
// signed by another key.
func VerifyProof(p *Proof, verifierKey string) (Entry, error) {
	e, err := p.verify(verifierKey)
	if err != nil {
		return Entry{}, fmt.Errorf("audit: verify proof: %w: %w", ErrProof, err)
	}
	return e, nil
}

func (p *Proof) verify(verifierKey string) (Entry, error) {
	keys, err := parseVerifiers([]string{verifierKey})
	if err != nil {
		return Entry{}, err
	}
	c, _, err := openCheckpoint(p.Checkpoint, keys)
	if err != nil {
		return Entry{}, err
	}
	if p.Seq >= c.Size || c.Size > 1<<62 {
		return Entry{}, fmt.Errorf("the checkpoint does not cover entry %d", p.Seq)
	}
	err = tlog.CheckRecord(p.Path, int64(c.Size), c.Root, int64(p.Seq), tlog.RecordHash(p.Entry))
	if err != nil {
		return Entry{}, errors.New("entry and path do not give the signed root")
	}
	e, err := ParseEntry(bytes.Clone(p.Entry))
	if err != nil || e.Seq != p.Seq {
		return Entry{}, fmt.Errorf("the proven bytes are not entry %d", p.Seq)
	}
	return e, nil
}

// VerifyProofText is VerifyProof for the text form.
func VerifyProofText(text []byte, verifierKey string) (Entry, error) {
	p, err := ParseProof(text)
	if err != nil {
		return Entry{}, err
	}
	return VerifyProof(p, verifierKey)
}

// The text form is that of C2SP tlog-proof; its extra line holds the entry.
const (
	proofHead  = "c2sp.org/tlog-proof@v1\n"
	proofExtra = "extra "
	proofIndex = "index "
	// maxProof bounds the text: the longest entry in base64, the path and the
	// checkpoint.
	maxProof = 64 << 10
)

// MarshalText writes the proof in the C2SP tlog-proof format: a line with the
// entry in base64, its number, the path, a blank line, the checkpoint.
func (p *Proof) MarshalText() ([]byte, error) {
	b := append([]byte(proofHead), proofExtra...)
	b = append(base64.StdEncoding.AppendEncode(b, p.Entry), '\n')
	b = append(strconv.AppendUint(append(b, proofIndex...), p.Seq, 10), '\n')
	for _, h := range p.Path {
		b = append(base64.StdEncoding.AppendEncode(b, h[:]), '\n')
	}
	return append(append(b, '\n'), p.Checkpoint...), nil
}

// UnmarshalText reads the text form. It checks the form only: call VerifyProof.
func (p *Proof) UnmarshalText(text []byte) error {
	q, err := ParseProof(text)
	if err != nil {
		return err
	}
	*p = *q
	return nil
}

// ParseProof reads the text form. It checks the form only: call VerifyProof.
func ParseProof(text []byte) (*Proof, error) {
	p, err := parseProof(text)
	if err != nil {
		return nil, fmt.Errorf("audit: parse proof: %w: %w", ErrProof, err)
	}
	return p, nil
}

func parseProof(text []byte) (*Proof, error) {
	if len(text) > maxProof {
		return nil, errors.New("too long")
	}
	rest, ok := bytes.CutPrefix(text, []byte(proofHead))
	if !ok {
		return nil, errors.New("does not begin with c2sp.org/tlog-proof@v1")
	}
	extra, rest, ok := cutLine(rest, proofExtra)
	if !ok {
		return nil, errors.New("no line with the entry")
	}
	index, rest, ok := cutLine(rest, proofIndex)
	if !ok {
		return nil, errors.New("no line with the index")
	}
	p := new(Proof)
	var err error
	p.Entry, err = base64.StdEncoding.DecodeString(string(extra))
	if err != nil || len(p.Entry) > MaxEntry || base64.StdEncoding.EncodeToString(p.Entry) != string(extra) {
		return nil, errors.New("malformed entry line")
	}
	seq, n, ok := leadingNumber(index)
	if !ok || n != len(index) {
		return nil, errors.New("malformed index line")
	}
	p.Seq = seq
	p.Path, p.Checkpoint, err = parsePath(rest)
	return p, err
}

func cutLine(b []byte, prefix string) (value, rest []byte, ok bool) {
	line, rest, ok := bytes.Cut(b, []byte("\n"))
	value, found := bytes.CutPrefix(line, []byte(prefix))
	return value, rest, ok && found
}

// parsePath reads hashes up to a blank line and leaves the checkpoint.
func parsePath(b []byte) (path []tlog.Hash, checkpoint []byte, err error) {
	for {
		line, rest, ok := bytes.Cut(b, []byte("\n"))
		if !ok || len(path) > maxPath {
			return nil, nil, errors.New("no blank line after the path")
		}
		if len(line) == 0 {
			return path, bytes.Clone(rest), nil
		}
		h, err := tlog.ParseHash(string(line))
		if err != nil || h.String() != string(line) {
			return nil, nil, errors.New("malformed hash in the path")
		}
		path, b = append(path, h), rest
	}
}
