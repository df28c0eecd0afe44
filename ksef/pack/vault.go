package pack

import (
	"context"
	"crypto/aes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sort"
)

// vault holds encrypted parts that can be read from any place of the plain
// archive. CBC allows that: a block is decrypted with the one before it.
type vault struct {
	key   Key
	parts []vaultPart
	size  int64 // of the plain archive
	spool *spool
	close []io.Closer
}

// vaultPart is one part; its ciphertext starts at offset from of src.
type vaultPart struct {
	src         io.ReaderAt
	from        int64
	sealed      int64 // bytes of ciphertext
	start, size int64 // where its plain text lies in the archive
}

func (v *vault) Close() error {
	var errs []error
	for _, c := range v.close {
		errs = append(errs, c.Close())
	}
	v.close = nil
	return errors.Join(append(errs, v.spool.Close())...)
}

// verifier reads parts once, compares everything that was announced about them
// and puts them into the vault.
type verifier struct {
	v      *vault
	cfg    OpenConfig
	sealed Sealed
	whole  hash.Hash
	buf    []byte
	plain  []byte
}

// fillVault returns a vault of verified parts. The caller closes it in any case.
func (r *verifier) fill(ctx context.Context, parts Parts) error {
	r.whole = sha256.New()
	r.buf, r.plain = make([]byte, cryptChunk), make([]byte, cryptChunk)
	for n := range r.sealed.Parts {
		if err := r.part(ctx, parts, n); err != nil {
			return err
		}
	}
	wrong := r.sealed.Size != 0 && r.v.size != r.sealed.Size
	wrong = wrong || !r.sealed.SHA256.IsZero() && sum(r.whole) != r.sealed.SHA256
	if wrong {
		return &PartError{0, ErrHashMismatch}
	}
	return nil
}

func (r *verifier) part(ctx context.Context, parts Parts, n int) error {
	src, err := parts.Open(ctx, n+1)
	if err != nil {
		return &PartError{n + 1, sourceError(err)}
	}
	p := vaultPart{start: r.v.size, sealed: r.sealed.Parts[n].EncryptedSize}
	var body io.Reader = src
	var copied io.Writer = io.Discard
	if at, ok := src.(io.ReaderAt); ok {
		r.v.close = append(r.v.close, src)
		p.src, body = at, io.NewSectionReader(at, 0, p.sealed+1)
	} else {
		defer src.Close()
		p.src, p.from, copied = r.v.spool, r.v.spool.size, r.v.spool
	}
	if err := r.read(ctx, &p, r.sealed.Parts[n], body, copied); err != nil {
		return err
	}
	if r.v.size += p.size; r.v.size > r.cfg.MaxPackage {
		return &LimitError{Err: ErrPackageTooLarge, Limit: r.cfg.MaxPackage}
	}
	r.v.parts = append(r.v.parts, p)
	return nil
}

// read verifies one part. What is wrong with the ciphertext is told apart from
// what is wrong after decryption; of the latter nothing more is said.
func (r *verifier) read(ctx context.Context, p *vaultPart, want PartInfo, body io.Reader, copied io.Writer) error {
	o := opening{cbc: r.v.key.decrypter(r.v.key.secret.iv[:]), plain: sha256.New(), whole: r.whole, left: want.EncryptedSize}
	digest := sha256.New()
	for o.left > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		chunk := r.buf[:min(o.left, cryptChunk)]
		if _, err := io.ReadFull(body, chunk); err != nil {
			return &PartError{want.Number, endOr(err)}
		}
		_, _ = digest.Write(chunk)
		if _, err := copied.Write(chunk); err != nil {
			return storeError(err)
		}
		o.open(r.plain[:len(chunk)], chunk)
	}
	if extra, err := io.ReadFull(body, r.buf[:1]); extra > 0 {
		return &PartError{want.Number, ErrHashMismatch}
	} else if err != io.EOF {
		return &PartError{want.Number, sourceError(err)}
	}
	if sum(digest) != want.EncryptedSHA256 {
		return &PartError{want.Number, ErrHashMismatch}
	}
	bad := !o.padded || want.Size != 0 && o.size != want.Size
	bad = bad || !want.SHA256.IsZero() && sum(o.plain) != want.SHA256
	if bad {
		return &PartError{want.Number, ErrDecrypt}
	}
	p.size = o.size
	return nil
}

// endOr takes an early end for what it is: not what was announced.
func endOr(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return ErrHashMismatch
	}
	return sourceError(err)
}

// opening decrypts one part from its start to its end.
type opening struct {
	cbc interface {
		CryptBlocks(dst, src []byte)
	}
	plain, whole hash.Hash
	left         int64 // ciphertext that is still to come
	size         int64
	padded       bool
}

func (o *opening) open(dst, src []byte) {
	o.cbc.CryptBlocks(dst, src)
	if o.left -= int64(len(src)); o.left == 0 {
		pad, ok := padding(dst[len(dst)-aes.BlockSize:])
		o.padded = ok
		if ok {
			dst = dst[:len(dst)-pad]
		}
	}
	o.size += int64(len(dst))
	_, _ = o.plain.Write(dst)
	_, _ = o.whole.Write(dst)
}

// cursor reads the plain archive from one place on.
type cursor struct {
	ctx  context.Context // of the one reading that the cursor serves
	v    *vault
	pos  int64 // of the next byte after have
	end  int64
	have []byte
	buf  []byte
}

// cursor starts at pos and stops before end.
func (v *vault) cursor(ctx context.Context, pos, end int64) *cursor {
	return &cursor{ctx: ctx, v: v, pos: pos, end: end, buf: make([]byte, aes.BlockSize+cryptChunk)}
}

// Read implements io.Reader.
func (c *cursor) Read(p []byte) (int, error) {
	if len(c.have) == 0 {
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.have)
	c.have = c.have[n:]
	return n, nil
}

// ReadByte implements io.ByteReader, so that nothing is read too far.
func (c *cursor) ReadByte() (byte, error) {
	if len(c.have) == 0 {
		if err := c.fill(); err != nil {
			return 0, err
		}
	}
	b := c.have[0]
	c.have = c.have[1:]
	return b, nil
}

// at is the place of the next byte.
func (c *cursor) at() int64 { return c.pos - int64(len(c.have)) }

func (c *cursor) fill() error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if c.pos >= c.end {
		return io.EOF
	}
	p := c.v.partAt(c.pos)
	inPart := c.pos - p.start
	block := inPart &^ (aes.BlockSize - 1)
	n := min(p.sealed-block, cryptChunk)
	iv, data := c.buf[:aes.BlockSize], c.buf[aes.BlockSize:aes.BlockSize+n]
	var err error
	if block == 0 {
		copy(iv, c.v.key.secret.iv[:])
		_, err = p.src.ReadAt(data, p.from)
	} else {
		_, err = p.src.ReadAt(c.buf[:aes.BlockSize+n], p.from+block-aes.BlockSize)
	}
	if err != nil && err != io.EOF {
		return fmt.Errorf("read verified part: %w", storeError(err))
	}
	c.v.key.decrypter(iv).CryptBlocks(data, data)
	data = data[inPart-block : min(n, p.size-block)]
	c.have = data[:min(int64(len(data)), c.end-c.pos)]
	c.pos += int64(len(c.have))
	return nil
}

// partAt finds the part with a place of the archive.
func (v *vault) partAt(pos int64) *vaultPart {
	i := sort.Search(len(v.parts)-1, func(i int) bool { return pos < v.parts[i].start+v.parts[i].size })
	return &v.parts[i]
}
