package pack

import (
	"context"
	"crypto/sha256"
	"hash"
)

// PartInfo describes one part in the contract's terms.
type PartInfo struct {
	// Number is the ordinalNumber, from 1.
	Number int `json:"number"`
	// Size and SHA256 are those of the plain part. Where they are not announced
	// (a batch session does not), they are zero.
	Size   int64 `json:"size"`
	SHA256 Hash  `json:"sha256"`
	// EncryptedSize and EncryptedSHA256 are those of the part as it travels.
	EncryptedSize   int64 `json:"encryptedSize"`
	EncryptedSHA256 Hash  `json:"encryptedSha256"`
}

// cryptChunk is how much is encrypted at a time; it fits in the nearest caches.
const cryptChunk = 32 << 10

// splitter takes the plain archive and stores encrypted parts.
type splitter struct {
	ctx   context.Context // of the one call of Build that this serves
	key   Key
	store PartStore
	cfg   Config

	whole hash.Hash
	size  int64
	parts []PartInfo // finished ones

	out    PartWriter // nil between parts
	part   PartInfo
	plain  hash.Hash // of this part; the first part's hash is that of the whole so far
	cipher hash.Hash
	seal   sealer
}

func newSplitter(ctx context.Context, key Key, store PartStore, cfg Config) *splitter {
	s := &splitter{ctx: ctx, key: key, store: store, cfg: cfg, whole: sha256.New(), plain: sha256.New(), cipher: sha256.New()}
	s.seal.out = make([]byte, 0, cryptChunk+2*len(s.seal.rest))
	return s
}

// Write takes more of the archive.
func (s *splitter) Write(p []byte) (int, error) {
	if s.size+int64(len(p)) > s.cfg.MaxPackage {
		return 0, &LimitError{Err: ErrPackageTooLarge, Limit: s.cfg.MaxPackage}
	}
	for rest := p; len(rest) > 0; {
		if err := s.ready(); err != nil {
			return 0, err
		}
		n := min(int64(len(rest)), s.cfg.PartSize-s.part.Size, cryptChunk)
		if err := s.take(rest[:n]); err != nil {
			return 0, err
		}
		rest = rest[n:]
	}
	return len(p), nil
}

// ready makes sure that there is a part with room.
func (s *splitter) ready() error {
	if s.out != nil && s.part.Size < s.cfg.PartSize {
		return nil
	}
	if err := s.closePart(); err != nil {
		return err
	}
	if len(s.parts) == s.cfg.MaxParts {
		return &LimitError{Err: ErrPackageTooLarge, Limit: int64(s.cfg.MaxParts) * s.cfg.PartSize}
	}
	s.part = PartInfo{Number: len(s.parts) + 1}
	out, err := s.store.Create(s.ctx, s.part.Number)
	if err != nil {
		return storeError(err)
	}
	s.out = out
	s.plain.Reset()
	s.cipher.Reset()
	s.seal.cbc, s.seal.held = s.key.encrypter(), 0
	return nil
}

func (s *splitter) take(p []byte) error {
	_, _ = s.whole.Write(p)
	if s.part.Number > 1 {
		_, _ = s.plain.Write(p)
	}
	s.size += int64(len(p))
	s.part.Size += int64(len(p))
	s.seal.write(p)
	return s.flush()
}

// flush stores the ciphertext that is ready.
func (s *splitter) flush() error {
	p := s.seal.out
	s.seal.out = s.seal.out[:0]
	_, _ = s.cipher.Write(p)
	s.part.EncryptedSize += int64(len(p))
	if _, err := s.out.Write(p); err != nil {
		return storeError(err)
	}
	return nil
}

func (s *splitter) closePart() error {
	if s.out == nil {
		return nil
	}
	s.seal.close()
	if err := s.flush(); err != nil {
		return err
	}
	s.part.SHA256 = sum(s.plain)
	if s.part.Number == 1 {
		s.part.SHA256 = sum(s.whole)
	}
	s.part.EncryptedSHA256 = sum(s.cipher)
	out := s.out
	s.out = nil
	if err := out.Commit(); err != nil {
		return storeError(err)
	}
	s.parts = append(s.parts, s.part)
	return nil
}

func (s *splitter) finish() error { return s.closePart() }

// abort gives up the part that is being written.
func (s *splitter) abort() {
	if s.out != nil {
		_ = s.out.Abort()
		s.out = nil
	}
}

// begun is how many parts exist at least in part.
func (s *splitter) begun() int {
	if s.out != nil {
		return len(s.parts) + 1
	}
	return len(s.parts)
}
