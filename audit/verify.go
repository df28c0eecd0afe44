package audit

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// VerifyOptions says what a log is verified against.
type VerifyOptions struct {
	// VerifierKeys are the keys in the form name+hash+data whose signatures
	// count, the present one and those before it. At least one.
	VerifierKeys []string
	// Origin that the log must have; empty accepts any.
	Origin string
	// Known are signed checkpoints of this log that were kept elsewhere. Only
	// they reveal that a whole older copy was put back, or that a holder of the
	// key wrote a new history.
	Known [][]byte
	// Checkpoints verifies the signature of every checkpoint among the entries,
	// about 60 µs each. Without it only those are verified that later ones do
	// not make redundant.
	Checkpoints bool
}

// Report is the result of a verification.
type Report struct {
	Origin string    `json:"origin"`
	Size   uint64    `json:"size"` // entries that are intact and in order, from the first on
	Root   tlog.Hash `json:"root"` // root over these
	// Checkpoint is the newest signed checkpoint that the entries agree with.
	Checkpoint Checkpoint `json:"checkpoint"`
	// Signer is the name and hash of the key that signed the newest checkpoint
	// the store keeps, "name+hash".
	Signer string `json:"signer"`
	// Known is how many checkpoints kept elsewhere the log was compared with.
	Known int `json:"known"`
	// Fault is the first finding, nil when the log is intact or could not be
	// verified at all.
	Fault *TamperError `json:"fault,omitempty"`

	done bool
}

// OK reports whether the whole log was verified and nothing was found.
func (r *Report) OK() bool { return r.done && r.Fault == nil }

// VerifyDir verifies the log that a FileStore keeps in a directory, without
// changing anything and also while a Log writes to it. The report tells how far
// the log is good even when there is an error; a finding is a *TamperError.
// A checkpoint signed by another key gives ErrWrongKey, a directory without a
// log ErrEmpty.
func VerifyDir(ctx context.Context, dir, verifierKey string) (*Report, error) {
	return Verify(ctx, NewFileStore(dir), VerifyOptions{VerifierKeys: []string{verifierKey}})
}

// Verify verifies the log in a store that no Log of this process has open; for
// an open one there is [Log.Verify]. What it finds it confirms by reading a
// second time, since a writer in another process may have been at work.
func Verify(ctx context.Context, r Reader, opt VerifyOptions) (*Report, error) {
	report, err := verify(ctx, r, opt)
	if report.Fault == nil {
		return report, err
	}
	return verify(ctx, r, opt)
}

func verify(ctx context.Context, r Reader, opt VerifyOptions) (*Report, error) {
	v, err := newVerification(ctx, r, opt)
	switch {
	case v.headless:
		err = v.withoutHead(ctx, r, opt.Known)
	case err == nil:
		_, err = r.Load(ctx, v.scan.head.Size)
	}
	return v.finish(ctx, r, err)
}

// verification is one run of Verify.
type verification struct {
	report   Report
	scan     scan
	headless bool // the store keeps no checkpoint
}

func newVerification(ctx context.Context, r Reader, opt VerifyOptions) (*verification, error) {
	v := &verification{}
	keys, err := parseVerifiers(opt.VerifierKeys)
	if err != nil {
		return v, err
	}
	v.scan = scan{keys: keys, origin: opt.Origin, every: opt.Checkpoints}
	head, err := r.Head(ctx)
	if err != nil {
		return v, err
	}
	if head == nil {
		v.headless = true
		return v, errNoCheckpoint()
	}
	if err := v.open(head); err != nil {
		return v, err
	}
	return v, v.compareWith(opt.Known)
}

func (v *verification) compareWith(known [][]byte) error {
	for _, signed := range known {
		if err := v.scan.addKnown(signed); err != nil {
			return err
		}
	}
	v.report.Known = len(v.scan.known)
	return nil
}

func (v *verification) open(head []byte) error {
	c, sig, err := openCheckpoint(head, v.scan.keys)
	if err != nil {
		return err
	}
	if v.scan.origin != "" && c.Origin != v.scan.origin {
		return ErrWrongLog
	}
	v.scan.head, v.scan.origin = c, c.Origin
	v.report.Origin, v.report.Signer = c.Origin, signerName(sig)
	return nil
}

func signerName(sig note.Signature) string { return fmt.Sprintf("%s+%08x", sig.Name, sig.Hash) }

// addKnown takes a checkpoint from elsewhere; it must be of this log.
func (s *scan) addKnown(signed []byte) error {
	c, _, err := openCheckpoint(signed, s.keys)
	if err != nil {
		return fmt.Errorf("checkpoint kept elsewhere: %w", err)
	}
	if s.origin == "" {
		s.origin = c.Origin // the store does not tell
	}
	if c.Origin != s.origin {
		return fmt.Errorf("checkpoint kept elsewhere: %w", ErrWrongLog)
	}
	s.known = append(s.known, c)
	return nil
}

// finish reads the records, unless something prevents it, and reports.
func (v *verification) finish(ctx context.Context, r Reader, err error) (*Report, error) {
	if err == nil || v.scan.head.Origin != "" && errors.Is(err, ErrTampered) {
		err = v.scan.check(ctx, r, err)
	}
	v.report.Size, v.report.Root = v.scan.peaks.size, v.scan.peaks.root()
	v.report.Checkpoint = v.scan.covered
	if err == nil {
		v.report.done = true
		return &v.report, nil
	}
	if errors.As(err, &v.report.Fault) {
		err = v.report.Fault
	}
	return &v.report, fmt.Errorf("audit: verify: %w", err)
}

// check runs the scan after Load. What Load could not explain, the scan
// usually tells more exactly.
func (s *scan) check(ctx context.Context, r Reader, loaded error) error {
	err := s.run(ctx, r.Read(ctx, 0))
	if s.mismatch {
		return s.locate(ctx, r.Read(ctx, 0))
	}
	if err == nil {
		return loaded
	}
	return err
}
