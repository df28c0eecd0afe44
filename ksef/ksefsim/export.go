package ksefsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// Limits of exports, and how long what they make is there.
const (
	maxExports      = 10 // running at a time, of one subject in one context
	maxExportBytes  = 1_000 * megabyte
	maxExportPart   = 50 * megabyte
	exportRetention = 7 * 24 * time.Hour
	exportLife      = 3 * 24 * time.Hour // of a package
	exportLinkLife  = time.Hour
)

// Statuses of an export.
const (
	exportExpired  = 210
	exportKeyError = 415
	exportBeyond   = 420
)

func exportText(code int) string {
	switch code {
	case statusAccepted:
		return "Eksport faktur w toku"
	case statusDone:
		return "Eksport faktur zakończony sukcesem"
	case exportExpired:
		return "Eksport faktur wygasł i nie jest już dostępny do pobrania"
	case exportKeyError:
		return "Błąd odszyfrowania dostarczonego klucza"
	case exportBeyond:
		return "Zakres filtrowania wykracza poza dostępny zakres danych"
	}
	return "Nieznany błąd"
}

// export is a package of invoices that somebody asked for.
type export struct {
	exportStarted
	polls int

	making sync.Mutex // one builds, the others wait
	store  packageStore
	made   *pack.Manifest
}

// packageStore is where a package is built and read.
type packageStore interface {
	pack.PartStore
	pack.Parts
	Manifest() (*pack.Manifest, error)
}

// exportStarted says that invoices are to be exported, and which. The package is
// built when somebody asks for it, from the same facts to the same bytes every
// time.
type exportStarted struct {
	Reference   string           `json:"reference"`
	Context     identifier       `json:"context"`
	Subject     identifier       `json:"subject"`
	At          time.Time        `json:"at"`
	Due         time.Time        `json:"due"`
	Key         []byte           `json:"key,omitempty"`
	IV          []byte           `json:"iv"`
	Compression pack.Compression `json:"compression"`
	PartSize    int64            `json:"partSize"`
	Metadata    bool             `json:"metadata,omitempty"` // nothing else
	Invoices    []int            `json:"invoices,omitempty"` // positions among the accepted ones
	DateType    string           `json:"dateType"`
	Truncated   bool             `json:"truncated,omitempty"`
	Mark        time.Time        `json:"mark,omitzero"` // high-water mark told
	Outcome     outcome          `json:"outcome"`
}

func (*exportStarted) kind() string { return "export" }

func (e *exportStarted) apply(st *state) error {
	if len(e.Invoices) > 0 && slices.Max(e.Invoices) >= len(st.accepted) {
		return errUnknownReference
	}
	st.exports[e.Reference] = &export{exportStarted: *e, polls: st.pace.polls}
	return nil
}

// status is the status as it is told now.
func (x *export) status(p pace, now time.Time) outcome {
	switch {
	case p.stepped() && x.polls > 0, !p.stepped() && now.Before(x.Due):
		return outcome{Code: statusAccepted}
	case x.Outcome.Code == statusDone && now.Sub(x.Due) >= exportLife:
		return outcome{Code: exportExpired}
	}
	return x.Outcome
}

// startExport answers POST /invoices/exports. A key that does not unwrap does
// not fail here but ends the export with 415.
func (s *Server) startExport(c *call) (*reply, error) {
	var body struct {
		Encryption      *encryptionBody `json:"encryption"`
		OnlyMetadata    bool            `json:"onlyMetadata"`
		CompressionType string          `json:"compressionType"`
		Filters         *invoiceFilter  `json:"filters"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	body.Encryption.check(&k)
	compression := k.maybeOne("compressionType", body.CompressionType, "Zip", "TarGz")
	var q *invoiceQuery
	if k.require("filters", body.Filters != nil) {
		q = body.Filters.read(&k, s.cfg.Level, c.now)
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	if !mayHave(c.context, q.SubjectType) {
		return nil, refusef(codeExportRole, "Nie można wyeksportować paczki faktur dla wybranego podmiotu (%s) i zalogowanego identyfikatora kontekstu (%s).", q.SubjectType, c.context.Type)
	}
	symmetric, err := s.symmetric(body.Encryption)
	if err != nil {
		return nil, err
	}
	e := &exportStarted{
		Context: c.context, Subject: c.subject, At: c.now, Due: s.state.pace.due(c.now),
		Key: symmetric, IV: body.Encryption.InitializationVector,
		Metadata: body.OnlyMetadata, DateType: q.dateType, PartSize: s.dials.exportPart(),
	}
	if compression == "TarGz" {
		e.Compression = pack.TarGz
	}
	return s.enterExport(c, e, q)
}

// enterExport decides what is in the package and enters the export.
func (s *Server) enterExport(c *call, e *exportStarted, q *invoiceQuery) (*reply, error) {
	mark := s.highWater(c.now)
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	running := 0
	for _, x := range st.exports {
		if x.Context == e.Context && x.Subject == e.Subject && x.status(st.pace, c.now).Code == statusAccepted {
			running++
		}
	}
	if running >= maxExports {
		return nil, refusef(codeExportLimit, "Dla uwierzytelnionego podmiotu w bieżącym kontekście osiągnięto maksymalny limit %d równoczesnych eksportów faktur. Spróbuj ponownie później.", maxExports)
	}
	switch {
	case e.Key == nil:
		e.Outcome = outcome{Code: exportKeyError}
	case q.restrictTo(mark):
		e.Outcome = outcome{Code: exportBeyond, Details: []string{detailBeyond}}
	default:
		e.Outcome = outcome{Code: statusDone}
		found := st.find(q, c.context, c.now)
		n := s.dials.fitting(found, e.Metadata)
		e.Truncated = n < len(found)
		for _, inv := range found[:n] {
			e.Invoices = append(e.Invoices, inv.position)
		}
		if told := q.told(mark); told != nil {
			e.Mark = time.Time(*told)
		}
	}
	e.Reference = st.numbers.reference(kindExport, c.now)
	if err := st.commit(e); err != nil {
		return nil, err
	}
	return created(map[string]string{"referenceNumber": e.Reference}), nil
}

// exportResponse answers GET /invoices/exports/{ref}.
type exportResponse struct {
	Status      statusInfo     `json:"status"`
	Completed   *stamp         `json:"completedDate,omitempty"`
	Expires     *stamp         `json:"packageExpirationDate,omitempty"`
	Compression string         `json:"compressionType,omitempty"`
	Package     *packageAnswer `json:"package,omitempty"`
}

type packageAnswer struct {
	Count     int          `json:"invoiceCount"`
	Size      int64        `json:"size"`
	Parts     []partAnswer `json:"parts"`
	Truncated bool         `json:"isTruncated"`
	Issue     string       `json:"lastIssueDate,omitempty"`
	Invoicing *stamp       `json:"lastInvoicingDate,omitempty"`
	Permanent *microStamp  `json:"lastPermanentStorageDate,omitempty"`
	Mark      *microStamp  `json:"permanentStorageHwmDate,omitempty"`
}

type partAnswer struct {
	Ordinal       int       `json:"ordinalNumber"`
	Name          string    `json:"partName"`
	Method        string    `json:"method"`
	URL           string    `json:"url"`
	Size          int64     `json:"partSize"`
	Hash          pack.Hash `json:"partHash"`
	EncryptedSize int64     `json:"encryptedPartSize"`
	EncryptedHash pack.Hash `json:"encryptedPartHash"`
	Expires       stamp     `json:"expirationDate"`
}

// exportStatus answers GET /invoices/exports/{ref}. Links are made anew every
// time.
func (s *Server) exportStatus(c *call) (*reply, error) {
	x, told, err := s.askExport(c)
	if err != nil {
		return nil, err
	}
	r := exportResponse{Status: told.info(exportText)}
	if !s.cfg.Level.before(Level28) {
		r.Compression = x.Compression.String()
	}
	if told.Code != statusAccepted {
		r.Completed = optional[stamp](x.Due)
	}
	if told.Code == exportExpired {
		s.forgetExport(c.request.Context(), x)
	}
	if told.Code != statusDone {
		return ok(r), nil
	}
	r.Expires = optional[stamp](x.Due.Add(exportLife))
	made, _, err := s.build(c.request.Context(), x)
	if err != nil {
		return nil, err
	}
	r.Package = s.packageAnswer(c, x, made)
	return ok(r), nil
}

func (s *Server) askExport(c *call) (*export, outcome, error) {
	reference := c.request.PathValue("referenceNumber")
	st := s.state
	st.mu.Lock() // asking is a step when results come by polling
	defer st.mu.Unlock()
	x, known := st.exports[reference]
	switch {
	case !known || x.Context != c.context:
		return nil, outcome{}, refuse(codeNoExport)
	case c.now.Sub(x.At) >= exportRetention:
		return nil, outcome{}, gone()
	}
	told := x.status(st.pace, c.now)
	x.polls--
	return x, told, nil
}

func (s *Server) packageAnswer(c *call, x *export, made *pack.Manifest) *packageAnswer {
	p := &packageAnswer{
		Count: len(x.Invoices), Size: made.Size, Parts: []partAnswer{}, Truncated: x.Truncated, Mark: optional[microStamp](x.Mark),
	}
	s.state.mu.RLock()
	if x.Truncated {
		last := s.state.accepted[x.Invoices[len(x.Invoices)-1]]
		switch x.DateType {
		case dateIssue:
			p.Issue = last.Facts.Issued.String()
		case dateInvoicing:
			p.Invoicing = optional[stamp](last.At)
		default:
			p.Permanent = optional[microStamp](last.settled.Stored)
		}
	}
	s.state.mu.RUnlock()
	suffix := map[pack.Compression]string{pack.Zip: "zip", pack.TarGz: "tar.gz"}[x.Compression]
	for _, part := range made.Parts {
		l := s.signLink(c, exportPath(x.Reference, part.Number), rightRead, c.now.Add(exportLinkLife))
		p.Parts = append(p.Parts, partAnswer{
			part.Number, fmt.Sprintf("%s-%03d.%s.aes", x.Reference, part.Number, suffix), "GET", l.url,
			part.Size, part.SHA256, part.EncryptedSize, part.EncryptedSHA256, stamp(l.expires),
		})
	}
	return p
}

func exportPath(reference string, part int) string {
	return fmt.Sprintf("%s01/%s/invoice-part/%d", storagePrefix, strings.ToLower(reference), part)
}

// build makes the package of an export once.
func (s *Server) build(ctx context.Context, x *export) (*pack.Manifest, packageStore, error) {
	x.making.Lock()
	defer x.making.Unlock()
	if x.made != nil {
		return x.made, x.store, nil
	}
	store := s.packageStore(x.Reference)
	made, err := store.Manifest()
	if errors.Is(err, pack.ErrNoPackage) {
		made, err = s.pack(ctx, x, store)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("ksefsim: build export: %w", err)
	}
	x.store, x.made = store, made
	s.keepBuilt(x)
	return made, store, nil
}

// forgetExport removes the package of an export that has expired.
func (s *Server) forgetExport(ctx context.Context, x *export) {
	x.making.Lock()
	defer x.making.Unlock()
	if dir, stored := s.packageStore(x.Reference).(*pack.Dir); stored {
		_ = dir.Remove(ctx) // what stays behind takes room and does no harm
	}
	x.store, x.made = nil, nil
}

// mostBuilt is how many packages stay in memory. An older one is built anew when
// somebody asks for it.
const mostBuilt = 16

// keepBuilt notes a package that was built and lets go of the oldest.
func (s *Server) keepBuilt(x *export) {
	if s.blobs.dir != "" {
		return // on disk
	}
	s.dials.mu.Lock()
	s.built = append(s.built, x)
	var oldest *export
	if len(s.built) > mostBuilt {
		oldest, s.built = s.built[0], s.built[1:]
	}
	s.dials.mu.Unlock()
	if oldest != nil && oldest != x && oldest.making.TryLock() {
		oldest.store, oldest.made = nil, nil
		oldest.making.Unlock()
	}
}

// packageStore is a directory beside the state, or memory.
func (s *Server) packageStore(reference string) packageStore {
	if s.blobs.dir == "" {
		return new(pack.Memory)
	}
	return pack.NewDir(filepath.Join(s.blobs.dir, "export-"+strings.ToLower(reference)))
}

func (s *Server) pack(ctx context.Context, x *export, store packageStore) (*pack.Manifest, error) {
	key, err := pack.KeyOf(x.Key, x.IV)
	if err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	invoices := make([]*invoice, len(x.Invoices))
	for i, position := range x.Invoices {
		invoices[i] = s.state.accepted[position]
	}
	s.state.mu.RUnlock()
	metadata, err := metadataOf(invoices)
	if err != nil {
		return nil, err
	}
	return pack.Build(context.WithoutCancel(ctx), key, documents(invoices, metadata, x.Metadata), store, pack.Config{
		Compression: x.Compression, PartSize: x.PartSize, MaxParts: 10_000, MaxPackage: 1 << 40,
		MaxDocuments: len(invoices) + 1, MaxDocument: max(int64(len(metadata)), roomForDocument),
	})
}

// metadataOf is the content of _metadata.json.
func metadataOf(invoices []*invoice) ([]byte, error) {
	list := make([]invoiceMetadata, len(invoices))
	for i, inv := range invoices {
		list[i] = inv.metadata()
	}
	return json.Marshal(map[string]any{"invoices": list})
}

// documents are the files of an export.
func documents(invoices []*invoice, metadata []byte, only bool) iter.Seq2[pack.Document, error] {
	return func(yield func(pack.Document, error) bool) {
		if !only {
			for _, inv := range invoices {
				if !yield(pack.Document{Name: string(inv.settled.Number) + ".xml", Content: inv.XML}, nil) {
					return
				}
			}
		}
		yield(pack.Document{Name: pack.MetadataName, Content: metadata}, nil)
	}
}

// exportPart reads a part of a package that can be downloaded.
func (s *Server) exportPart(ctx context.Context, reference string, n int, now time.Time) (io.ReadCloser, *pack.PartInfo, error) {
	s.state.mu.RLock()
	x, known := s.state.exports[strings.ToUpper(reference)]
	s.state.mu.RUnlock()
	if !known || x.Outcome.Code != statusDone || now.Sub(x.Due) >= exportLife {
		return nil, nil, nil
	}
	made, store, err := s.build(ctx, x)
	if err != nil {
		return nil, nil, err
	}
	if n < 1 || n > len(made.Parts) {
		return nil, nil, nil
	}
	r, err := store.Open(ctx, n)
	return r, &made.Parts[n-1], err
}
