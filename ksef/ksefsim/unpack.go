package ksefsim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// unpacked is one file of a package, looked at.
type unpacked struct {
	finding
	name string
	hash digest
}

// roomForDocument is how large a file of a package may be before the whole
// package is refused: more than any context is allowed for one invoice, so that
// one invoice too large fails alone.
const roomForDocument = 16 * megabyte

// roomForDocuments is how many files are counted; more is a bomb.
const roomForDocuments = 200_000

// unpack opens the package of a session and judges every file in it. The outcome
// is zero unless the package as a whole is rejected; the error is one of reading
// what was uploaded.
func (s *Server) unpack(ctx context.Context, se *session) (outcome, []unpacked, error) {
	if se.block == nil {
		return outcome{Code: sessionKeyError, Details: []string{detailSessionKey}}, nil, nil
	}
	for i, p := range se.Batch.Parts {
		if se.stored[i].Hash != p.Hash {
			return rejected(batchElement, fmt.Sprintf("Skrót części pliku '%d' nie zgadza się z zadeklarowanym.", i+1)), nil, nil
		}
	}
	archive, err := s.openPackage(ctx, se, se.Batch.sealed())
	switch {
	case errors.Is(err, pack.ErrEmptyPackage):
		return outcome{}, nil, nil // the session has no invoices, which ends it
	case err != nil && !badPackage(err):
		return outcome{}, nil, fmt.Errorf("ksefsim: read package: %w", err)
	case err != nil:
		return s.packageFault(ctx, se, err), nil, nil
	}
	defer archive.Close()
	limit := s.sessionLimits(se).MaxInvoices
	found, count, err := s.judgeEntries(ctx, se, archive, limit)
	switch {
	case err != nil && !badPackage(err):
		return outcome{}, nil, fmt.Errorf("ksefsim: read package: %w", err)
	case errors.Is(err, pack.ErrTooManyDocuments), err == nil && count > limit:
		return rejected(batchLimit, fmt.Sprintf("Dopuszczalna liczba faktur w sesji: '%d'. Liczba faktur w paczce: '%d'.", limit, counted(err, count))), nil, nil
	case err != nil:
		return rejected(batchArchive, "Archiwum jest uszkodzone lub nie jest archiwum zadeklarowanego typu."), nil, nil
	}
	return outcome{}, found, nil
}

// badPackage tells faults of a package from faults of reading it.
func badPackage(err error) bool {
	return slices.ContainsFunc([]error{
		pack.ErrTooManyDocuments, pack.ErrDocumentTooLarge, pack.ErrPackageTooLarge, pack.ErrRatio, pack.ErrDuplicateName,
		pack.ErrBadName, pack.ErrNotRegular, pack.ErrEmptyDocument, pack.ErrEmptyPackage, pack.ErrSizeMismatch,
		pack.ErrHashMismatch, pack.ErrDecrypt, pack.ErrArchive, pack.ErrTruncated, pack.ErrTrailingData, pack.ErrEncryptedEntry,
	}, func(known error) bool { return errors.Is(err, known) })
}

// counted is how many files a package has, as far as it was counted.
func counted(err error, count int) int {
	var over *pack.LimitError
	if errors.As(err, &over) {
		return max(int(over.Got), count)
	}
	return count
}

func (s *Server) sessionLimits(se *session) sessionLimits {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return *s.state.limits.session(se.Context, se.Batch != nil)
}

func (s *Server) openPackage(ctx context.Context, se *session, sealed pack.Sealed) (*pack.Archive, error) {
	key, err := pack.KeyOf(se.Key, se.IV)
	if err != nil {
		return nil, err
	}
	parts := pack.PartsFunc(func(_ context.Context, n int) (io.ReadCloser, error) {
		return s.blobs.open(partBlob(se.Reference, n))
	})
	return pack.Open(ctx, key, sealed, parts, pack.OpenConfig{
		NoMetadata: true, MaxDocuments: roomForDocuments, MaxDocument: roomForDocument, MaxPackage: maxPackage,
		MaxTotal: maxTotal, MaxRatio: maxRatio,
	})
}

// Bounds of what a package may unpack to.
const (
	maxTotal = 30_000 * megabyte // the most that 10,000 invoices can be
	maxRatio = 1000
)

// packageFault says why a package cannot be opened. When it is not as declared,
// what is inside decides: an archive that is whole was declared wrongly, one
// that is not was decrypted wrongly.
func (s *Server) packageFault(ctx context.Context, se *session, err error) outcome {
	switch {
	case errors.Is(err, pack.ErrDecrypt):
		return rejected(batchDecryption, "Odszyfrowanie części archiwum zakończone błędem.")
	case errors.Is(err, pack.ErrHashMismatch):
		sealed := se.Batch.sealed()
		sealed.Size, sealed.SHA256 = 0, pack.Hash{}
		archive, err := s.openPackage(ctx, se, sealed)
		if err != nil {
			break
		}
		defer archive.Close()
		for _, err := range archive.Entries(ctx) {
			if err != nil {
				return rejected(batchArchive, "Skrót lub rozmiar paczki nie zgadza się z zadeklarowanym.")
			}
		}
		return rejected(batchElement, "Skrót lub rozmiar paczki nie zgadza się z zadeklarowanym.")
	case errors.Is(err, pack.ErrTooManyDocuments):
		limit := s.sessionLimits(se).MaxInvoices
		return rejected(batchLimit, fmt.Sprintf("Dopuszczalna liczba faktur w sesji: '%d'. Liczba faktur w paczce: '%d'.", limit, counted(err, 0)))
	}
	return rejected(batchArchive, "Dekompresja pierwotnego archiwum zakończona błędem.")
}

// judgeEntries looks at all files, several at a time. Beyond the limit they are
// only counted.
func (s *Server) judgeEntries(ctx context.Context, se *session, archive *pack.Archive, limit int) ([]unpacked, int, error) {
	var (
		found  []*unpacked
		count  int
		failed error
		wg     sync.WaitGroup
		room   = make(chan struct{}, runtime.GOMAXPROCS(0))
	)
	for entry, err := range archive.Entries(ctx) {
		if failed = err; err != nil {
			break
		}
		if count++; count > limit {
			continue
		}
		u := &unpacked{name: fileName(entry.Name), hash: digest(entry.SHA256)}
		found = append(found, u)
		room <- struct{}{}
		wg.Go(func() {
			u.finding = s.judgeDocument(se, entry.Content, nil, se.At)
			<-room
		})
	}
	wg.Wait()
	list := make([]unpacked, len(found))
	for i, u := range found {
		list[i] = *u
	}
	return list, count, failed
}

// fileName is what the status of an invoice tells about its file.
func fileName(name string) string {
	name = path.Base(name)
	if r := []rune(name); len(r) > maxFileName {
		name = string(r[:maxFileName])
	}
	return strings.Clone(name)
}

// partPath is where a part is uploaded to, partBlob the name under which it is
// kept.
func partPath(session string, ordinal int) string {
	return storagePrefix + "00/" + strings.ToLower(session) + "/batch-parts/" + strconv.Itoa(ordinal)
}

func partBlob(session string, ordinal int) string {
	return "part-" + strings.ToLower(session) + "-" + strconv.Itoa(ordinal)
}
