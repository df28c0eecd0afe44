package ksef

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// BatchService has the calls of batch sessions (sesja wsadowa), one method
// each: open with the description of an encrypted package, upload its parts,
// close. Without Close KSeF processes nothing.
type BatchService struct{ account *Account }

// Compression is how a package of invoices is compressed.
type Compression string

// The compressions. TarGz needs API 2.6.0 or later.
const (
	CompressionZip   Compression = "Zip"
	CompressionTarGz Compression = "TarGz"
)

// Limits of a package. 1 MB is 1,000,000 bytes.
const (
	MaxPackageSize = 5_000_000_000 // of the archive before encryption
	MaxParts       = 50
	MaxPartSize    = 100_000_000 // of a part before encryption
)

// OpenBatchRequest is the body of the call that opens a batch session.
type OpenBatchRequest struct {
	FormCode   FormCode       `json:"formCode"`
	BatchFile  BatchFile      `json:"batchFile"`
	Encryption EncryptionInfo `json:"encryption"`
	// OfflineMode declares that all invoices of the package were issued
	// offline.
	OfflineMode bool `json:"offlineMode"`
}

// BatchFile describes a package.
type BatchFile struct {
	// FileSize and FileHash (SHA-256) are those of the archive as it is before
	// it is cut and encrypted.
	FileSize int64  `json:"fileSize"`
	FileHash []byte `json:"fileHash"`
	// Compression is Zip if empty.
	Compression Compression `json:"compressionType,omitempty"`
	// Parts are pieces of the archive, each encrypted by itself.
	Parts []BatchPart `json:"fileParts"`
}

// BatchPart describes an encrypted part.
type BatchPart struct {
	// OrdinalNumber counts from 1.
	OrdinalNumber int `json:"ordinalNumber"`
	// FileSize and FileHash (SHA-256) are those of the encrypted bytes.
	FileSize int64  `json:"fileSize"`
	FileHash []byte `json:"fileHash"`
}

// OpenedBatch is a batch session just opened. The time to upload and close is
// 20 minutes for every part, counted from the opening for all of them.
type OpenedBatch struct {
	Reference string
	// Uploads say where each part goes, see [BatchService.UploadPart].
	Uploads []PartUpload
	// Evidence proves the login under which the session was opened; the
	// receipts of the session name it.
	Evidence Evidence
}

type wireBatchOpened struct {
	ReferenceNumber    string       `json:"referenceNumber"`
	PartUploadRequests []PartUpload `json:"partUploadRequests"`
}

// Open opens a batch session. KSeF decrypts the key later: a key wrapped
// wrongly shows as status 415 of the session. An open whose answer was lost
// leaves an empty session behind, which KSeF cancels by itself: opening
// another one is harmless. A package the contract does not allow is refused
// here with a [*FieldError].
//
// Needs InvoiceWrite or EnforcementOperations; group batchSession.
//
//ksef:op POST /sessions/batch
func (s *BatchService) Open(ctx context.Context, request OpenBatchRequest) (*OpenedBatch, error) {
	const op = "open batch session"
	c := checker{op: op}
	request.check(&c)
	if err := c.err(); err != nil {
		return nil, err
	}
	body, err := json.Marshal(request)
	if err != nil {
		return nil, &Error{Op: op, Err: err}
	}
	k := call{op: op, class: httpx.Once, group: GroupBatchSession, method: "POST", path: "/sessions/batch", body: body}
	k.header = http.Header{"X-KSeF-Feature": {"upo-v4-3"}}
	var under Evidence
	k.under = &under
	w, err := ask[wireBatchOpened](ctx, s.account, k)
	if err != nil {
		return nil, err
	}
	if w.ReferenceNumber == "" || len(w.PartUploadRequests) != len(request.BatchFile.Parts) {
		return nil, &Error{Op: op, Status: http.StatusCreated, Err: ErrProtocol, unknown: true}
	}
	return &OpenedBatch{w.ReferenceNumber, w.PartUploadRequests, under}, nil
}

func (r OpenBatchRequest) check(c *checker) {
	c.need(r.FormCode.Valid(), "formCode", RuleRequired, "use one of the Form constants")
	pef := r.FormCode == FormPEF3 || r.FormCode == FormPEFKOR
	c.need(!pef, "formCode", RuleValue, "send PEF invoices in an online session: batch sessions do not take them")
	f := r.BatchFile
	c.number("batchFile.fileSize", f.FileSize, 1, MaxPackageSize)
	c.hash("batchFile.fileHash", f.FileHash)
	if f.Compression != "" {
		oneOf(c, "batchFile.compressionType", f.Compression, CompressionZip, CompressionTarGz)
	}
	c.count("batchFile.fileParts", len(f.Parts), 1, MaxParts, "part")
	for i, p := range f.Parts {
		at := index("batchFile.fileParts", i)
		c.need(p.OrdinalNumber == i+1, at+".ordinalNumber", RuleRange, "number the parts 1, 2, 3 … in their order")
		c.number(at+".fileSize", p.FileSize, 1, int64(cipherLen(MaxPartSize)))
		c.hash(at+".fileHash", p.FileHash)
	}
	r.Encryption.check(c)
}

func (e EncryptionInfo) check(c *checker) {
	c.need(len(e.EncryptedSymmetricKey) > 0, "encryption.encryptedSymmetricKey", RuleRequired, "encrypt the key with the ministry's public key")
	c.need(len(e.InitializationVector) == 16, "encryption.initializationVector", RuleLength, "give 16 bytes")
	c.need(e.PublicKeyID == "" || len(e.PublicKeyID) == 44, "encryption.publicKeyId", RuleLength, "give the 44 characters of the public key's identifier")
}

// Close ends the upload and starts the processing. A declared part that is
// missing (CodePartMissing) or has another size (CodeInvalidPartSize) can be
// uploaded again as long as the time is not over.
//
// Needs InvoiceWrite or EnforcementOperations; group batchSessionClose.
//
//ksef:op POST /sessions/batch/{referenceNumber}/close
func (s *BatchService) Close(ctx context.Context, session string) error {
	const op = "close batch session"
	p, err := path(op, "/sessions/batch/", session, "/close")
	if err != nil {
		return err
	}
	return effect(ctx, s.account, call{op: op, class: httpx.Once, group: GroupBatchSessionClose, method: "POST", path: p}, nil)
}
