package pack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
)

// Limits of KSeF's contract, and the settings that replace zeros in a [Config].
const (
	DefaultPartSize     = 100_000_000   // bytes of a part before encryption
	DefaultMaxParts     = 50            // parts of a package
	DefaultMaxPackage   = 5_000_000_000 // bytes of the archive
	DefaultMaxDocuments = 10_000        // invoices of a session
	DefaultMaxDocument  = 3_000_000     // bytes of an invoice with attachment
	DefaultLevel        = 5             // of 9
	maxWorkers          = 4
)

// Config says how a package is built. The zero Config follows KSeF's limits.
type Config struct {
	// Compression is the form of the archive.
	Compression Compression
	// Level of compression from 1, fast, to 9, small; 0 is DefaultLevel. Level 9
	// makes invoices in a Zip a hundredth smaller for twice the time, in a TarGz a
	// tenth for six times.
	Level int
	// PartSize is the largest part before encryption, in bytes.
	PartSize int64
	// MaxParts is the largest number of parts.
	MaxParts int
	// MaxPackage is the largest archive, in bytes.
	MaxPackage int64
	// MaxDocuments is the largest number of documents. KSeF tells a context's
	// own limit, which may be higher on the test environment.
	MaxDocuments int
	// MaxDocument is the largest document, in bytes. One document and its
	// compressed form are held in memory.
	MaxDocument int64
	// Workers is how many documents are compressed at a time; 0 is the number of
	// usable cores and at most 4. Each takes about 2 MiB.
	Workers int
	// Progress, when set, is called as the build advances, by the goroutine that
	// called Build.
	Progress func(Progress)
}

// Progress is how far a build has come.
type Progress struct {
	// Documents are those in the archive already.
	Documents int
	// BytesIn is the size of those documents.
	BytesIn int64
	// BytesOut is the size of the archive so far, before encryption.
	BytesOut int64
	// Parts are those begun.
	Parts int
}

// filled replaces zeros and checks.
func (c Config) filled() (Config, error) {
	c.Level = or(c.Level, DefaultLevel)
	c.PartSize = or(c.PartSize, DefaultPartSize)
	c.MaxParts = or(c.MaxParts, DefaultMaxParts)
	c.MaxPackage = or(c.MaxPackage, DefaultMaxPackage)
	c.MaxDocuments = or(c.MaxDocuments, DefaultMaxDocuments)
	c.MaxDocument = or(c.MaxDocument, DefaultMaxDocument)
	c.Workers = or(c.Workers, min(runtime.GOMAXPROCS(0), maxWorkers))
	switch {
	case c.Compression > TarGz:
		return c, fmt.Errorf("%w: unknown compression", ErrConfig)
	case c.Level < 1 || c.Level > 9:
		return c, fmt.Errorf("%w: level is 1 to 9", ErrConfig)
	case min(c.PartSize, c.MaxPackage, c.MaxDocument) < 1, min(c.MaxParts, c.MaxDocuments, c.Workers) < 1:
		return c, fmt.Errorf("%w: negative limit", ErrConfig)
	case c.MaxDocument > 1<<30:
		return c, fmt.Errorf("%w: a document is held in memory, at most 1 GiB", ErrConfig)
	}
	return c, nil
}

func or[T int | int64](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}

// Build packs documents, in their order, and stores the encrypted parts. On any
// error, a cancelled context included, the store holds nothing of the package.
//
// A source that yields an error ends the build; the error is wrapped and matches
// ErrSource. All calls of docs, to and cfg.Progress come from the goroutine that
// calls Build. Cancellation is seen between two documents.
func Build(ctx context.Context, key Key, docs iter.Seq2[Document, error], to PartStore, cfg Config) (*Manifest, error) {
	cfg, err := cfg.filled()
	if err == nil && key.IsZero() {
		err = fmt.Errorf("%w: no key", ErrConfig)
	}
	if err != nil {
		return nil, fmt.Errorf("pack: build: %w", err)
	}
	if err := to.Begin(ctx); err != nil {
		return nil, fmt.Errorf("pack: build: %w", storeError(err))
	}
	m, err := buildIn(ctx, key, docs, to, cfg)
	if err != nil {
		return nil, fmt.Errorf("pack: build: %w", err)
	}
	return m, nil
}

// buildIn cleans up after errors and after a panic of the source.
func buildIn(ctx context.Context, key Key, docs iter.Seq2[Document, error], to PartStore, cfg Config) (m *Manifest, err error) {
	done := false
	parts := newSplitter(ctx, key, to, cfg)
	defer func() {
		if !done {
			parts.abort()
			err = errors.Join(err, storeError(to.Discard(context.WithoutCancel(ctx))))
		}
	}()
	b := &builder{cfg: cfg, list: newCatalogue(cfg.MaxDocuments), parts: parts}
	if err := b.run(ctx, docs); err != nil {
		return nil, err
	}
	m = b.manifest()
	if err := to.Finish(ctx, m); err != nil {
		return nil, storeError(err)
	}
	done = true
	return m, nil
}

// archiver is one form of archive.
type archiver interface {
	// add takes a document; content is the caller's again afterwards.
	add(number int, name string, content []byte) error
	// finish writes what the archive ends with.
	finish() error
	// close stops the workers.
	close()
}

// builder turns documents into the plain archive.
type builder struct {
	cfg   Config
	list  *catalogue
	parts *splitter
	read  []byte // the document that is being read
}

func (b *builder) run(ctx context.Context, docs iter.Seq2[Document, error]) error {
	archive, err := b.archiver()
	if err != nil {
		return err
	}
	defer archive.close()
	number := 0
	for doc, err := range docs {
		number++
		if err == nil {
			err = ctx.Err()
		} else {
			err = sourceError(err)
		}
		if err == nil {
			err = b.add(archive, number, &doc)
		}
		if err != nil {
			return place(number, doc.Name, err)
		}
	}
	if number == 0 {
		return ErrEmptyPackage
	}
	if err := archive.finish(); err != nil {
		return err
	}
	b.progress()
	return b.parts.finish()
}

func (b *builder) archiver() (archiver, error) {
	if b.cfg.Compression == TarGz {
		return newTarPacker(b)
	}
	return newZipPacker(b)
}

// place adds the number to what is a document's own fault.
func place(number int, name string, err error) error {
	for _, own := range []error{ErrSource, ErrDuplicateName, ErrBadName, ErrEmptyDocument, ErrDocumentTooLarge, ErrSizeMismatch} {
		if errors.Is(err, own) {
			return &DocumentError{Number: number, Name: name, Err: err}
		}
	}
	return err
}

func (b *builder) add(archive archiver, number int, doc *Document) error {
	if err := b.list.claim(doc.Name); err != nil {
		return err
	}
	content, err := b.content(doc)
	if err != nil {
		return err
	}
	switch n := int64(len(content)); {
	case n == 0:
		return ErrEmptyDocument
	case n > b.cfg.MaxDocument:
		return &LimitError{Err: ErrDocumentTooLarge, Limit: b.cfg.MaxDocument, Got: n}
	case doc.Size != 0 && doc.Size != n:
		return ErrSizeMismatch
	}
	return archive.add(number, doc.Name, content)
}

func (b *builder) content(doc *Document) ([]byte, error) {
	if doc.Content != nil || doc.Body == nil {
		return doc.Content, nil
	}
	if doc.Size > b.cfg.MaxDocument {
		return nil, &LimitError{Err: ErrDocumentTooLarge, Limit: b.cfg.MaxDocument, Got: doc.Size}
	}
	content, err := readAll(b.read[:0], doc.Body, doc.Size, b.cfg.MaxDocument)
	b.read = content
	return content, err
}

// readAll reads a body of a probable size into buf or, growing in few steps, a
// larger one. It stops at the limit.
func readAll(buf []byte, body io.Reader, size, limit int64) ([]byte, error) {
	if want := min(max(size+1, 16<<10), limit+1); int64(cap(buf)) < want {
		buf = make([]byte, 0, want)
	}
	for idle := 0; ; idle++ {
		if len(buf) == cap(buf) {
			buf = append(make([]byte, 0, min(8*int64(cap(buf)), limit+1)), buf...)
		}
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			return buf, &LimitError{Err: ErrDocumentTooLarge, Limit: limit}
		case err == io.EOF:
			return buf, nil
		case err == nil && n == 0 && idle > 100:
			return buf, sourceError(io.ErrNoProgress)
		case err != nil:
			return buf, sourceError(err)
		case n > 0:
			idle = 0
		}
	}
}

func (b *builder) progress() {
	if b.cfg.Progress != nil {
		b.cfg.Progress(Progress{len(b.list.documents), b.list.bytes, b.parts.size, b.parts.begun()})
	}
}

func (b *builder) manifest() *Manifest {
	return &Manifest{
		Sealed: Sealed{
			Compression: b.cfg.Compression,
			Size:        b.parts.size,
			SHA256:      sum(b.parts.whole),
			Parts:       b.parts.parts,
		},
		Documents: b.list.documents,
	}
}
