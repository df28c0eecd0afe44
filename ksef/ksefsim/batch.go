package ksefsim

import (
	"context"
	"crypto/aes"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// Limits of packages. Parts are measured before encryption.
const (
	maxPackage    = 5_000_000_000
	maxParts      = 50
	maxPartBytes  = 100_000_000
	maxSealedPart = maxPartBytes + aes.BlockSize
	maxFileName   = 128

	// partTime is what every part adds to the time for uploading all of them.
	partTime = 20 * time.Minute
)

// batchFile is the package of a batch session as declared.
type batchFile struct {
	Size        int64            `json:"size"`
	Hash        digest           `json:"hash"`
	Compression pack.Compression `json:"compression"`
	Parts       []batchPart      `json:"parts"`
}

// batchPart is a declared part, after encryption.
type batchPart struct {
	Size int64  `json:"size"`
	Hash digest `json:"hash"`
}

// sealed is the declaration in the terms of package pack.
func (f *batchFile) sealed() pack.Sealed {
	s := pack.Sealed{Compression: f.Compression, Size: f.Size, SHA256: pack.Hash(f.Hash)}
	for i, p := range f.Parts {
		s.Parts = append(s.Parts, pack.PartInfo{Number: i + 1, EncryptedSize: p.Size, EncryptedSHA256: pack.Hash(p.Hash)})
	}
	return s
}

// batchBody is the body of POST /sessions/batch.
type batchBody struct {
	openRequest
	BatchFile *struct {
		FileSize        int64  `json:"fileSize"`
		FileHash        string `json:"fileHash"`
		CompressionType string `json:"compressionType"`
		FileParts       []struct {
			OrdinalNumber int    `json:"ordinalNumber"`
			FileSize      int64  `json:"fileSize"`
			FileHash      string `json:"fileHash"`
		} `json:"fileParts"`
	} `json:"batchFile"`
	OfflineMode bool `json:"offlineMode"`
}

// file checks the declaration of the package. Too many parts and too large ones
// have codes of their own.
func (b *batchBody) file(k *checker) (*batchFile, error) {
	if !k.require("batchFile", b.BatchFile != nil) {
		return nil, nil
	}
	in := b.BatchFile
	n := len(in.FileParts)
	if n > maxParts {
		return nil, refusef(codePartCount, "Liczba części pliku musi być mniejsza lub równa niż %d.", maxParts)
	}
	out := &batchFile{Size: in.FileSize, Parts: make([]batchPart, n)}
	k.check(in.FileSize >= 1, "'fileSize' must be greater than or equal to '1'.")
	k.check(in.FileSize <= maxPackage, "'fileSize' must be less than or equal to '%d'.", maxPackage)
	k.hash("fileHash", in.FileHash, &out.Hash)
	if k.maybeOne("compressionType", in.CompressionType, "Zip", "TarGz") == "TarGz" {
		out.Compression = pack.TarGz
	}
	k.require("fileParts", n > 0)
	seen := make([]bool, n)
	for i, p := range in.FileParts {
		name := fmt.Sprintf("fileParts[%d]", i)
		if p.FileSize > maxSealedPart {
			return nil, refusef(codePartSize, "Rozmiar części '%d' przekracza dozwolony rozmiar %d bajtów.", p.OrdinalNumber, maxPartBytes)
		}
		if p.OrdinalNumber < 1 || p.OrdinalNumber > n || seen[p.OrdinalNumber-1] {
			k.fault("'%s.ordinalNumber' must be one of the consecutive numbers from 1 to %d, each used once.", name, n)
			continue
		}
		seen[p.OrdinalNumber-1] = true
		part := &out.Parts[p.OrdinalNumber-1]
		part.Size = p.FileSize
		k.check(p.FileSize >= 1, "'%s.fileSize' must be greater than or equal to '1'.", name)
		k.hash(name+".fileHash", p.FileHash, &part.Hash)
	}
	return out, nil
}

// partUpload says how a part is to be uploaded.
type partUpload struct {
	OrdinalNumber int               `json:"ordinalNumber"`
	Method        string            `json:"method"`
	URL           string            `json:"url"`
	Headers       map[string]string `json:"headers"`
}

// blobTypeHeader is what an upload has to say about itself.
const (
	blobTypeHeader = "x-ms-blob-type"
	blobType       = "BlockBlob"
)

// openBatch answers POST /sessions/batch.
func (s *Server) openBatch(c *call) (*reply, error) {
	var body batchBody
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	file, err := body.file(&k)
	if err != nil {
		return nil, err
	}
	s.checkOpening(&k, c, &body.openRequest)
	if err := k.err(); err != nil {
		return nil, err
	}
	e, err := s.opening(c, &body.openRequest)
	if err != nil {
		return nil, err
	}
	e.Batch, e.Offline = file, body.OfflineMode
	e.ValidUntil = c.now.Add(time.Duration(len(file.Parts)) * partTime)
	if err := s.enterSession(c, e, kindBatch); err != nil {
		return nil, err
	}
	s.sweep()
	uploads := make([]partUpload, len(file.Parts))
	for i := range uploads {
		l := s.signLink(c, partPath(e.Reference, i+1), rightWrite, e.ValidUntil)
		uploads[i] = partUpload{i + 1, "PUT", l.url, map[string]string{blobTypeHeader: blobType}}
	}
	return created(struct {
		ReferenceNumber string       `json:"referenceNumber"`
		Uploads         []partUpload `json:"partUploadRequests"`
	}{e.Reference, uploads}), nil
}

// partStored says that a part of a package was uploaded.
type partStored struct {
	Session string `json:"session"`
	Ordinal int    `json:"ordinal"`
	Size    int64  `json:"size"`
	Hash    digest `json:"hash"`
}

func (*partStored) kind() string { return "part" }

func (e *partStored) apply(st *state) error {
	se, known := st.session[e.Session]
	if !known || se.Batch == nil || e.Ordinal < 1 || e.Ordinal > len(se.stored) {
		return errUnknownReference
	}
	se.stored[e.Ordinal-1] = batchPart{e.Size, e.Hash}
	return nil
}

// closeBatch answers POST /sessions/batch/{ref}/close. The package is opened and
// judged before the answer, outside the lock; what was found is told when it is
// due.
func (s *Server) closeBatch(c *call) (*reply, error) {
	se, err := s.beginUnpacking(c)
	if err != nil {
		return nil, err
	}
	// A client that hangs up does not change what becomes of its package.
	verdict, found, err := s.unpack(context.WithoutCancel(c.request.Context()), se)
	if err != nil {
		s.state.mu.Lock()
		se.unpacking = false
		s.state.mu.Unlock()
		return nil, err
	}
	if err := s.endUnpacking(c, se, verdict, found); err != nil {
		return nil, err
	}
	s.sweep(se)
	return noContent(), nil
}

// sweep removes the parts of packages that nobody needs any more: of the given
// sessions and of those that ended without being closed.
func (s *Server) sweep(done ...*session) {
	s.state.mu.Lock()
	done = append(done, s.state.leftovers...)
	s.state.leftovers = nil
	s.state.mu.Unlock()
	for _, se := range done {
		for i := range se.stored {
			s.blobs.remove(partBlob(se.Reference, i+1))
		}
	}
}

// beginUnpacking claims a session whose parts are all there.
func (s *Server) beginUnpacking(c *call) (*session, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	se, err := st.findSession(c, detailNotFoundSending)
	if err != nil {
		return nil, err
	}
	if se.Batch == nil {
		return nil, refusef(codeNoSession, detailNotFoundSending, se.Reference)
	}
	if se.late {
		return nil, refuse(codeUploadLate, "Sesja anulowana, przekroczony czas wysyłki.")
	}
	if code := se.status().Code; code != statusAccepted {
		return nil, refusef(codeSessionStatus, "Status sesji %d uniemożliwia jej zamknięcie.", code)
	}
	for i, p := range se.stored {
		if p.Size == 0 {
			return nil, refusef(codePartMissing, "Nie przesłano zadeklarowanej '%d' części pliku.", i+1)
		}
	}
	for i, p := range se.stored {
		if p.Size != se.Batch.Parts[i].Size {
			return nil, refusef(codePartSize, "Zadeklarowany rozmiar części '%d' nie zgadza się z rzeczywistym.", i+1)
		}
	}
	se.unpacking = true
	return se, nil
}

// endUnpacking closes a session and enters its invoices.
func (s *Server) endUnpacking(c *call, se *session, verdict outcome, found []unpacked) error {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	se.unpacking = false
	due := st.pace.due(c.now)
	if err := st.commit(&sessionClosed{Reference: se.Reference, At: c.now, Due: due, Verdict: verdict}); err != nil {
		return err
	}
	for _, u := range found {
		err := st.commit(&invoiceReceived{
			Session:   se.Reference,
			Reference: st.numbers.reference(kindInvoice, c.now),
			At:        se.At,
			Due:       due,
			Hash:      u.hash,
			Offline:   se.Offline,
			FileName:  u.name,
			Verdict:   u.verdict,
			Facts:     u.facts,
			XML:       u.xml,
		})
		if err != nil {
			return err
		}
	}
	return st.advance(c.now)
}

// expireBatch cancels a batch session that was not closed in time.
func (st *state) expireBatch(se *session, now time.Time) error {
	if se.status().Code != statusAccepted {
		return nil
	}
	return st.commit(&sessionFinished{
		Reference: se.Reference, At: now,
		Outcome: outcome{Code: sessionCancelled, Details: []string{detailSessionLate}},
	})
}
