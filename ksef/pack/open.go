package pack

import (
	"context"
	"crypto/aes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// Settings that replace zeros in an [OpenConfig], besides those of Build.
const (
	// DefaultMaxMetadata is room for the metadata of 10,000 invoices, in bytes.
	DefaultMaxMetadata = 256 << 20
	// DefaultMaxRatio is far above invoices and far below an archive bomb, which
	// needs about 1000.
	DefaultMaxRatio = 300
	// DefaultMaxMemory is how much of a streamed package stays in memory.
	DefaultMaxMemory = 1 << 20
)

// MetadataName is the file with the metadata in an export.
const MetadataName = "_metadata.json"

// ratioFloor is the unpacked size below which no ratio is judged, in bytes.
const ratioFloor = 10_000_000

// OpenConfig limits what an archive may do. The zero OpenConfig fits exports and
// batch packages of KSeF.
type OpenConfig struct {
	// NoMetadata makes a file named _metadata.json an entry like others. Set it
	// for packages of a batch session.
	NoMetadata bool
	// MaxParts is the largest number of parts.
	MaxParts int
	// MaxPackage is the largest archive, in bytes.
	MaxPackage int64
	// MaxDocuments is the largest number of entries, directories included and
	// the metadata not.
	MaxDocuments int
	// MaxDocument is the largest entry, in bytes. An entry is held in memory.
	MaxDocument int64
	// MaxMetadata is the largest metadata, in bytes.
	MaxMetadata int64
	// MaxTotal is the largest unpacked size, in bytes; 0 is what MaxDocuments
	// of MaxDocument and the metadata can be together.
	MaxTotal int64
	// MaxRatio is how many times its own size an archive may unpack to, judged
	// above 10 MB.
	MaxRatio int64
	// TempDir is for parts that come as a stream; empty is the system's. They
	// are stored as they came, encrypted, without a name where the system knows
	// that, and else until Close.
	TempDir string
	// MaxMemory is up to which size such parts stay in memory, in bytes;
	// negative is not at all.
	MaxMemory int64
}

func (c OpenConfig) filled() (OpenConfig, error) {
	c.MaxParts = or(c.MaxParts, DefaultMaxParts)
	c.MaxPackage = or(c.MaxPackage, DefaultMaxPackage)
	c.MaxDocuments = or(c.MaxDocuments, DefaultMaxDocuments)
	c.MaxDocument = or(c.MaxDocument, DefaultMaxDocument)
	c.MaxMetadata = or(c.MaxMetadata, DefaultMaxMetadata)
	c.MaxRatio = or(c.MaxRatio, DefaultMaxRatio)
	c.MaxMemory = or(c.MaxMemory, DefaultMaxMemory)
	if min(c.MaxPackage, c.MaxDocument, c.MaxMetadata, c.MaxRatio) < 1 || min(c.MaxParts, c.MaxDocuments) < 1 || c.MaxTotal < 0 {
		return c, fmt.Errorf("%w: negative limit", ErrConfig)
	}
	if c.MaxDocument > 1<<30 || c.MaxDocuments > 1<<24 {
		return c, fmt.Errorf("%w: at most 1 GiB a document and 2^24 documents", ErrConfig)
	}
	c.MaxTotal = or(c.MaxTotal, int64(c.MaxDocuments)*c.MaxDocument+c.MaxMetadata)
	return c, nil
}

// Entry is one document of an archive.
type Entry struct {
	// Name in the archive. It does not lead out of a directory, and may have
	// directories in it.
	Name string
	// Content is the document; it belongs to the receiver.
	Content []byte
	// SHA256 of Content.
	SHA256 Hash
}

// Archive is a package whose parts are all as they were announced. It may be
// read by several goroutines at a time.
type Archive struct {
	v   *vault
	cfg OpenConfig
	format
}

// format is one form of archive.
type format interface {
	entries(ctx context.Context, yield func(Entry, error) bool)
	metadata(ctx context.Context) (io.Reader, error)
}

// Open reads all parts and compares the sizes and hashes that are announced in
// sealed. A part that is not as announced gives a [*PartError] with
// ErrHashMismatch; one that is, and does not decrypt to what was announced,
// ErrDecrypt, without saying how; an archive that as a whole is not as announced,
// a [*PartError] with Part 0. Of a ZIP, the directory is read and judged as well.
func Open(ctx context.Context, key Key, sealed Sealed, parts Parts, cfg OpenConfig) (*Archive, error) {
	a, err := open(ctx, key, sealed, parts, cfg)
	if err != nil {
		return nil, fmt.Errorf("pack: open: %w", err)
	}
	return a, nil
}

func open(ctx context.Context, key Key, sealed Sealed, parts Parts, cfg OpenConfig) (*Archive, error) {
	cfg, err := cfg.filled()
	if err != nil {
		return nil, err
	}
	if err := plausible(key, &sealed, &cfg); err != nil {
		return nil, err
	}
	v := &vault{key: key, spool: &spool{dir: cfg.TempDir, limit: cfg.MaxMemory}}
	a := &Archive{v: v, cfg: cfg}
	err = (&verifier{v: v, cfg: cfg, sealed: sealed}).fill(ctx, parts)
	if err == nil {
		err = a.recognise(ctx, sealed.Compression)
	}
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return a, nil
}

func (a *Archive) recognise(ctx context.Context, c Compression) error {
	if c == TarGz {
		a.format = &tarArchive{v: a.v, cfg: a.cfg}
		return nil
	}
	z, err := readZip(ctx, a.v, a.cfg)
	a.format = z
	return err
}

// plausible refuses what cannot be before anything is read.
func plausible(key Key, s *Sealed, cfg *OpenConfig) error {
	switch {
	case key.IsZero():
		return fmt.Errorf("%w: no key", ErrConfig)
	case s.Compression > TarGz:
		return fmt.Errorf("%w: unknown compression", ErrConfig)
	case len(s.Parts) == 0:
		return ErrEmptyPackage
	case len(s.Parts) > cfg.MaxParts:
		return &LimitError{ErrPackageTooLarge, int64(cfg.MaxParts), int64(len(s.Parts))}
	case s.Size > cfg.MaxPackage:
		return &LimitError{ErrPackageTooLarge, cfg.MaxPackage, s.Size}
	}
	for i, p := range s.Parts {
		if p.Number != i+1 {
			return fmt.Errorf("%w: parts are numbered from 1 without a gap", ErrConfig)
		}
		if p.EncryptedSize < aes.BlockSize || p.EncryptedSize%aes.BlockSize != 0 {
			return &PartError{p.Number, ErrDecrypt}
		}
		if p.EncryptedSize > EncryptedSize(cfg.MaxPackage) {
			return &LimitError{Err: ErrPackageTooLarge, Limit: cfg.MaxPackage, Got: p.EncryptedSize}
		}
	}
	return nil
}

// Entries gives the documents in the order of the archive, without the metadata.
// Every entry is complete and its checksum right. The last pair has an error
// when the archive is not entirely good: then what came before may be looked at
// and must not be taken for all there is. It can be ranged over again.
func (a *Archive) Entries(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		a.entries(ctx, func(e Entry, err error) bool {
			if err != nil {
				err = fmt.Errorf("pack: read archive: %w", err)
			}
			return yield(e, err)
		})
	}
}

// Metadata gives the content of _metadata.json, up to MaxMetadata bytes, or
// ErrNoMetadata. In a TarGz it is searched from the start. An error of reading
// comes from the reader.
func (a *Archive) Metadata(ctx context.Context) (io.Reader, error) {
	if a.cfg.NoMetadata {
		return nil, fmt.Errorf("pack: read metadata: %w", ErrNoMetadata)
	}
	r, err := a.metadata(ctx)
	if err != nil {
		return nil, fmt.Errorf("pack: read metadata: %w", err)
	}
	return r, nil
}

// Close closes the parts and removes what was stored for a while.
func (a *Archive) Close() error {
	if err := a.v.Close(); err != nil {
		return fmt.Errorf("pack: close: %w", storeError(err))
	}
	return nil
}

// checkPath allows names that stay below a directory on every system.
func checkPath(name string) error {
	if len(name) > 4*maxName || !utf8.ValidString(name) || strings.ContainsAny(name, `\:`) || strings.ContainsFunc(name, isControl) {
		return ErrBadName
	}
	for step := range strings.SplitSeq(name, "/") {
		if step == "" || step == "." || step == ".." {
			return ErrBadName
		}
	}
	return nil
}

// guard counts what an archive gives.
type guard struct {
	cfg   OpenConfig
	names map[string]struct{}
	count int
}

func newGuard(cfg OpenConfig) *guard { return &guard{cfg: cfg, names: map[string]struct{}{}} }

// admit judges the next entry by its header. A directory's name ends with a
// slash.
func (g *guard) admit(name string, size int64) error {
	clean := strings.TrimSuffix(name, "/")
	if err := checkPath(clean); err != nil {
		return err
	}
	if _, again := g.names[clean]; again {
		return ErrDuplicateName
	}
	g.names[clean] = struct{}{}
	if g.isMetadata(name) {
		return within(size, g.cfg.MaxMetadata, ErrPackageTooLarge)
	}
	if g.count++; g.count > g.cfg.MaxDocuments {
		return &LimitError{Err: ErrTooManyDocuments, Limit: int64(g.cfg.MaxDocuments)}
	}
	return within(size, g.cfg.MaxDocument, ErrDocumentTooLarge)
}

func within(size, limit int64, kind error) error {
	if size < 0 || size > limit {
		return &LimitError{Err: kind, Limit: limit, Got: max(size, 0)}
	}
	return nil
}

func (g *guard) isMetadata(name string) bool { return name == MetadataName && !g.cfg.NoMetadata }

// unpacked judges how much came out of how much.
func (c *OpenConfig) unpacked(out, in int64) error {
	if out > c.MaxTotal {
		return &LimitError{Err: ErrPackageTooLarge, Limit: c.MaxTotal}
	}
	if out > ratioFloor && out/c.MaxRatio > in {
		return &LimitError{Err: ErrRatio, Limit: c.MaxRatio}
	}
	return nil
}
