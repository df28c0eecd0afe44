package ksef

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/faktupro/faktupro-go/ksef/pack"
	"github.com/faktupro/faktupro-go/pl"
)

const opReadExport = "read invoice export"

// Invoices waits for the package, downloads it, verifies the hash of every part
// before and after decryption, and gives the invoices one by one, each with its
// metadata and its hash verified. One invoice and, while the package has them in
// the order of the metadata, one entry of metadata are in memory at a time.
//
// The error, if any, is the last element: what came before is right, and not all
// there is. The iteration may be repeated.
func (e *Export) Invoices(ctx context.Context) iter.Seq2[*ReceivedInvoice, error] {
	return func(yield func(*ReceivedInvoice, error) bool) {
		spool, err := e.prepare(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		r := exportReader{export: e, yield: yield}
		err = r.read(ctx, spool)
		if ended := spool.end(err == nil && !r.stopped); err == nil && ended != nil {
			err = storeFailed(opReadExport, ended)
		}
		if err != nil && !r.stopped {
			yield(nil, err)
		}
	}
}

// prepare brings the package to this machine.
func (e *Export) prepare(ctx context.Context) (*exportSpool, error) {
	if _, err := e.Wait(ctx); err != nil {
		return nil, err
	}
	spool, err := e.openSpool()
	if err != nil {
		return nil, storeFailed(opPart, err)
	}
	if err := e.download(ctx, spool); err != nil {
		_ = spool.end(false) // the first failure says more
		return nil, err
	}
	return spool, nil
}

// exportReader gives the invoices of one package.
type exportReader struct {
	export  *Export
	yield   func(*ReceivedInvoice, error) bool
	index   *metadataIndex
	given   int64
	stopped bool // by whoever reads
}

func (r *exportReader) read(ctx context.Context, spool *exportSpool) (err error) {
	pkg := r.export.status.Package
	if pkg.InvoiceCount == 0 && len(pkg.Parts) == 0 {
		return nil
	}
	archive, err := pack.Open(ctx, r.export.ticket.Key, r.export.sealed(), spool, r.export.order.Limits)
	if err != nil {
		return readFailed(err)
	}
	defer func() {
		if closed := archive.Close(); err == nil && closed != nil {
			err = &Error{Op: opReadExport, Err: closed}
		}
	}()
	metadata, err := archive.Metadata(ctx)
	if err != nil {
		return readFailed(err)
	}
	r.index = newMetadataIndex(metadata, max(r.export.order.Limits.MaxDocuments, pack.DefaultMaxDocuments))
	if err := r.each(ctx, archive); err != nil {
		return readFailed(err)
	}
	return nil
}

// Open implements pack.Parts: files are read where they are.
func (s *exportSpool) Open(_ context.Context, n int) (io.ReadCloser, error) {
	return openPart(s.part(n))
}

// sealed are the announcements about the package. The contract gives a hash for
// every part, plain and encrypted, and none for the archive as a whole.
func (e *Export) sealed() pack.Sealed {
	var s pack.Sealed
	if c := e.status.Compression; c == CompressionTarGz || c == "" && e.order.Compression == CompressionTarGz {
		s.Compression = pack.TarGz
	}
	for _, p := range e.status.Package.Parts {
		s.Parts = append(s.Parts, pack.PartInfo{
			Number: p.OrdinalNumber, Size: p.Size, SHA256: pack.Hash(p.Hash),
			EncryptedSize: p.EncryptedSize, EncryptedSHA256: pack.Hash(p.EncryptedHash),
		})
	}
	return s
}

// each gives the documents and holds them against the metadata: neither may have
// what the other has not.
func (r *exportReader) each(ctx context.Context, archive *pack.Archive) error {
	if r.export.order.OnlyMetadata {
		return r.rest(func(m *InvoiceMetadata) error {
			r.give(&ReceivedInvoice{KSeFNumber: m.KSeFNumber, Metadata: m})
			return nil
		})
	}
	for entry, err := range archive.Entries(ctx) {
		if err != nil {
			return err
		}
		m, err := r.index.take(numberOf(entry.Name), entry.SHA256)
		if err != nil {
			return err
		}
		invoice, err := received(entry.Content, entry.SHA256, m)
		if err != nil {
			return err
		}
		if r.give(invoice); r.stopped {
			return nil
		}
	}
	return r.rest(func(*InvoiceMetadata) error {
		return fmt.Errorf("metadata without their invoice: %w", ErrProtocol)
	})
}

// rest goes through the metadata that are left and compares the count.
func (r *exportReader) rest(use func(*InvoiceMetadata) error) error {
	for m, err := range r.index.rest() {
		if err == nil {
			err = use(m)
		}
		if err != nil || r.stopped {
			return err
		}
	}
	if want := r.export.status.Package.InvoiceCount; r.given != want {
		return fmt.Errorf("%d invoices where %d were announced: %w", r.given, want, ErrProtocol)
	}
	return nil
}

func (r *exportReader) give(invoice *ReceivedInvoice) {
	r.given++
	r.stopped = !r.yield(invoice, nil)
}

// readFailed gives what is wrong with a package the name it has in this package.
func readFailed(err error) error {
	if errors.Is(err, pack.ErrHashMismatch) || errors.Is(err, pack.ErrDecrypt) {
		err = fmt.Errorf("%w: %w", ErrHashMismatch, err)
	}
	return &Error{Op: opReadExport, Err: err}
}

// numberOf is the number in the name of a file.
func numberOf(name string) pl.KSeFNumber {
	if slash := strings.LastIndexByte(name, '/'); slash >= 0 {
		name = name[slash+1:]
	}
	if i := len(name) - len(".xml"); i > 0 && strings.EqualFold(name[i:], ".xml") {
		name = name[:i]
	}
	return pl.KSeFNumber(name)
}

// nothingNew tells the answers that mean: KSeF guarantees nothing yet about the
// range.
func nothingNew(err error) bool {
	if s, ok := errors.AsType[*StatusError](err); ok {
		return s.Status.Code == ExportNothingNew
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.Has(CodeRangeAfterHWM)
}
