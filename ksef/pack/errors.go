package pack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// What callers branch on, with errors.Is.
var (
	// ErrConfig: a setting or a value that cannot be; nothing was done.
	ErrConfig = errors.New("invalid setting")
	// ErrTooManyDocuments: more documents than allowed, see [LimitError].
	ErrTooManyDocuments = errors.New("too many documents in the package")
	// ErrDocumentTooLarge: one document is larger than allowed, see [LimitError].
	ErrDocumentTooLarge = errors.New("document too large")
	// ErrPackageTooLarge: the archive, its parts or its unpacked content are
	// larger or more than allowed, see [LimitError].
	ErrPackageTooLarge = errors.New("package too large")
	// ErrRatio: the archive unpacks to suspiciously more than its own size.
	ErrRatio = errors.New("archive unpacks to too many times its size")
	// ErrDuplicateName: two documents of one package have the same name.
	ErrDuplicateName = errors.New("duplicate document name")
	// ErrBadName: a name that is empty, too long, not UTF-8, not flat, or has
	// control characters; when opening, one that leads out of a directory.
	ErrBadName = errors.New("document name not allowed")
	// ErrNotRegular: a symbolic link, device or directory instead of a file.
	ErrNotRegular = errors.New("not a regular file")
	// ErrEmptyDocument: a document without a byte.
	ErrEmptyDocument = errors.New("empty document")
	// ErrEmptyPackage: no document at all.
	ErrEmptyPackage = errors.New("no document in the package")
	// ErrSizeMismatch: a document has another size than its source said.
	ErrSizeMismatch = errors.New("document does not have the size that was told")
	// ErrSource: the source of documents failed.
	ErrSource = errors.New("source of documents failed")
	// ErrStore: the store of parts failed.
	ErrStore = errors.New("store of parts failed")
	// ErrDiskFull: the store of parts has no room left. Nothing half-made stays.
	ErrDiskFull = errors.New("no space left for the package")
	// ErrStoreInUse: another process builds in the same store.
	ErrStoreInUse = errors.New("another build uses the store")
	// ErrComplete: the store holds a complete package already.
	ErrComplete = errors.New("the store holds a package already")
	// ErrNoPackage: the store holds no complete package: it was never built, or
	// the build did not come to its end.
	ErrNoPackage = errors.New("the store holds no complete package")
	// ErrHashMismatch: a part or the package does not have the size or the
	// SHA-256 that was announced, see [PartError].
	ErrHashMismatch = errors.New("content does not match its announced size and hash")
	// ErrDecrypt: a part is as announced and cannot be decrypted with the key.
	ErrDecrypt = errors.New("not decrypted with this key")
	// ErrArchive: not an archive of the announced kind, or one that
	// contradicts itself.
	ErrArchive = errors.New("archive is malformed")
	// ErrTruncated: the archive ends early, see [TruncatedError].
	ErrTruncated = errors.New("archive is truncated")
	// ErrTrailingData: something follows, or precedes, the archive.
	ErrTrailingData = errors.New("data outside the archive")
	// ErrEncryptedEntry: an entry of the archive is encrypted by itself.
	ErrEncryptedEntry = errors.New("archive entry is encrypted")
	// ErrNoMetadata: the archive has no _metadata.json.
	ErrNoMetadata = errors.New("no metadata in the package")
	// ErrManifest: not a manifest, of an unknown version, or one that
	// contradicts itself.
	ErrManifest = errors.New("manifest is not valid")
)

// DocumentError tells which document was refused.
type DocumentError struct {
	// Number counts the documents from 1.
	Number int
	// Name is the document's name. It may say who is concerned and is not in
	// the error's text.
	Name string
	// Err is the reason.
	Err error
}

// Error describes the failure without the name.
func (e *DocumentError) Error() string {
	return "document " + strconv.Itoa(e.Number) + ": " + e.Err.Error()
}

// GoString keeps the name out of %#v.
func (e *DocumentError) GoString() string { return e.Error() }

// Unwrap returns the reason.
func (e *DocumentError) Unwrap() error { return e.Err }

// PartError tells which part is wrong.
type PartError struct {
	// Part counts from 1; 0 is the whole package.
	Part int
	// Err is the reason.
	Err error
}

// Error describes the failure.
func (e *PartError) Error() string {
	if e.Part == 0 {
		return "whole package: " + e.Err.Error()
	}
	return "part " + strconv.Itoa(e.Part) + ": " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *PartError) Unwrap() error { return e.Err }

// LimitError tells by how much a limit was exceeded.
type LimitError struct {
	// Err is ErrTooManyDocuments, ErrDocumentTooLarge, ErrPackageTooLarge or
	// ErrRatio.
	Err error
	// Limit is what is allowed: documents, bytes, parts, or times.
	Limit int64
	// Got is what was found; 0 when reading stopped at the limit.
	Got int64
}

// Error describes the failure.
func (e *LimitError) Error() string {
	text := e.Err.Error() + " (limit " + strconv.FormatInt(e.Limit, 10)
	if e.Got > 0 {
		text += ", found " + strconv.FormatInt(e.Got, 10)
	}
	return text + ")"
}

// Unwrap returns the kind of limit.
func (e *LimitError) Unwrap() error { return e.Err }

// TruncatedError matches ErrTruncated.
type TruncatedError struct {
	// Whole is how many documents at the start of the archive are complete.
	Whole int
}

// Error describes the failure.
func (e *TruncatedError) Error() string {
	return fmt.Sprintf("%v after %d whole documents", ErrTruncated, e.Whole)
}

// Is matches ErrTruncated.
func (e *TruncatedError) Is(target error) bool { return target == ErrTruncated }

// outside is a failure of a source or a store. Its text leaves out paths, which
// may name persons and companies; the cause can be had with errors.As.
type outside struct {
	kind  error
	cause error
}

func (e *outside) Error() string { return e.kind.Error() + ": " + quiet(e.cause) }

func (e *outside) Unwrap() []error { return []error{e.kind, e.cause} }

func (e *outside) Is(target error) bool {
	full := errors.Is(e.cause, syscall.ENOSPC) || errors.Is(e.cause, syscall.EDQUOT)
	return target == ErrDiskFull && e.kind == ErrStore && full
}

func quiet(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Op + ": " + p.Err.Error()
	}
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return l.Op + ": " + l.Err.Error()
	}
	return err.Error()
}

func sourceError(err error) error { return &outside{ErrSource, err} }

// storeError leaves this package's own errors as they are.
func storeError(err error) error {
	if err == nil || errors.Is(err, ErrComplete) || errors.Is(err, ErrStoreInUse) || errors.Is(err, ErrStore) || errors.Is(err, ErrNoPackage) {
		return err
	}
	return &outside{ErrStore, err}
}
