package ksefsim

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

// parcel is a package on the side of a client.
type parcel struct {
	envelope
	manifest *pack.Manifest
	parts    [][]byte
}

// parcel packs documents, named 1.xml and so on.
func (h *harness) parcel(docs [][]byte, cfg pack.Config) *parcel {
	h.Helper()
	p := &parcel{envelope: newEnvelope()}
	key := must(pack.KeyOf(p.key, p.iv))
	store := new(pack.Memory)
	manifest, err := pack.Build(context.Background(), key, named(docs), store, cfg)
	if err != nil {
		h.Fatal(err)
	}
	p.manifest = manifest
	for i := range manifest.Parts {
		r := must(store.Open(context.Background(), i+1))
		p.parts = append(p.parts, must(io.ReadAll(r)))
	}
	return p
}

func named(docs [][]byte) iter.Seq2[pack.Document, error] {
	return func(yield func(pack.Document, error) bool) {
		for i, doc := range docs {
			if !yield(pack.Document{Name: fmt.Sprintf("%d.xml", i+1), Content: doc}, nil) {
				return
			}
		}
	}
}

// body is the body that opens a batch session for a package.
func (h *harness) batchBody(p *parcel) map[string]any {
	h.Helper()
	b := h.openBody(p.envelope)
	var parts []any
	for _, part := range p.manifest.Parts {
		parts = append(parts, map[string]any{"ordinalNumber": part.Number, "fileSize": part.EncryptedSize, "fileHash": part.EncryptedSHA256})
	}
	b["batchFile"] = map[string]any{
		"fileSize": p.manifest.Size, "fileHash": p.manifest.SHA256, "compressionType": p.manifest.Compression, "fileParts": parts,
	}
	return b
}

// upload is an open batch session with the links for its parts.
type upload struct {
	*client
	links []string
}

func (h *harness) openBatch(token string, body map[string]any) *upload {
	h.Helper()
	a := h.post("/v2/sessions/batch", token, body).want(http.StatusCreated)
	u := &upload{client: &client{harness: h, token: token, session: a.text("referenceNumber")}}
	for _, part := range elements(a, "partUploadRequests") {
		if part["method"] != "PUT" || part["headers"].(map[string]any)[blobTypeHeader] != blobType {
			h.Errorf("how to upload: %v", part)
		}
		u.links = append(u.links, local(h.TB, part["url"].(string)))
	}
	return u
}

func (u *upload) put(n int, content []byte) *answer {
	u.Helper()
	return u.do(request{method: "PUT", path: u.links[n], body: content, header: map[string]string{blobTypeHeader: blobType}})
}

func (u *upload) finish() *answer {
	u.Helper()
	return u.post("/v2/sessions/batch/"+u.session+"/close", u.token, nil)
}

// sends sends a whole package.
func (h *harness) sends(token string, p *parcel) *upload {
	h.Helper()
	u := h.openBatch(token, h.batchBody(p))
	for i, part := range p.parts {
		u.put(i, part).want(http.StatusCreated)
	}
	u.finish().want(http.StatusNoContent)
	return u
}

func numbered(n int) [][]byte {
	docs := make([][]byte, n)
	for i := range docs {
		docs[i] = invoiceXML(fmt.Sprintf("FV/B/%d", i+1), tenLines)
	}
	return docs
}

func TestBatch(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]pack.Config{
		"zip": {}, "tar": {Compression: pack.TarGz}, "zip in parts": {PartSize: 2000}, "tar in parts": {Compression: pack.TarGz, PartSize: 400},
	} {
		for store, config := range map[string]Config{"memory": {}, "disk": {Dir: t.TempDir()}} {
			t.Run(name+" "+store, func(t *testing.T) {
				t.Parallel()
				h := newHarness(t, config)
				docs := numbered(5)
				docs[3] = docs[1] // a duplicate
				docs[4] = []byte("<x/>")
				p := h.parcel(docs, cfg)
				if cfg.PartSize > 0 && len(p.parts) < 2 {
					t.Fatalf("%d parts", len(p.parts))
				}
				token := h.owner(seller)
				u := h.sends(token, p)
				status := u.status().statusIs(200)
				if status.at("invoiceCount") != 5.0 || status.at("successfulInvoiceCount") != 3.0 || status.at("failedInvoiceCount") != 2.0 {
					t.Errorf("counters %s", status.body)
				}
				list := elements(h.get(u.path("invoices"), token).want(200), "invoices")
				if list[0]["invoiceFileName"] != "1.xml" || list[0]["invoiceHash"] != hash64(docs[0]) || list[0]["invoicingDate"] != status.text("dateCreated") {
					t.Errorf("first invoice %v", list[0])
				}
				failed := elements(h.get(u.path("invoices", "failed"), token).want(200), "invoices")
				if len(failed) != 2 || failed[0]["status"].(map[string]any)["code"] != 440.0 || failed[1]["status"].(map[string]any)["code"] != 430.0 {
					t.Errorf("failed %v", failed)
				}
				page := status.at("upo").(map[string]any)["pages"].([]any)[0].(map[string]any)["referenceNumber"].(string)
				h.get(u.path("upo", page), token).want(200)
				if got := elements(h.get("/v2/sessions?sessionType=Batch", token).want(200), "sessions"); len(got) != 1 || got[0]["totalInvoiceCount"] != 5.0 {
					t.Errorf("sessions %v", got)
				}
				u.finish().refused(codeSessionStatus)
				h.post("/v2/sessions/online/"+u.session+"/close", token, nil).refused(codeNoSession)
			})
		}
	}
}

// TestBatchFaults: every way in which a package as a whole fails.
func TestBatchFaults(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	for name, test := range map[string]struct {
		change func(p *parcel, body map[string]any)
		code   int
		text   string
	}{
		"part hash": {func(p *parcel, b map[string]any) {
			b["batchFile"].(map[string]any)["fileParts"].([]any)[0].(map[string]any)["fileHash"] = hash64(nil)
		}, 405, "Błąd weryfikacji poprawności dostarczonych elementów paczki"},
		"package hash": {func(p *parcel, b map[string]any) { b["batchFile"].(map[string]any)["fileHash"] = hash64(nil) }, 405, "Błąd weryfikacji"},
		"package size": {func(p *parcel, b map[string]any) { b["batchFile"].(map[string]any)["fileSize"] = 7 }, 405, "Błąd weryfikacji"},
		"wrapped key": {func(p *parcel, b map[string]any) {
			b["encryption"].(map[string]any)["encryptedSymmetricKey"] = []byte("x")
		}, 415, "Błąd odszyfrowania dostarczonego klucza"},
		"other key": {func(p *parcel, b map[string]any) {
			pub, _ := h.publicKey(usageSymmetric)
			b["encryption"].(map[string]any)["encryptedSymmetricKey"] = wrap(pub, make([]byte, 32))
		}, 435, "Błąd odszyfrowania zaszyfrowanych części archiwum"},
		"other vector": {func(p *parcel, b map[string]any) {
			b["encryption"].(map[string]any)["initializationVector"] = make([]byte, 16)
		}, 430, "Błąd dekompresji pierwotnego archiwum"},
		"other kind": {func(p *parcel, b map[string]any) { b["batchFile"].(map[string]any)["compressionType"] = "TarGz" }, 430, "Błąd dekompresji"},
	} {
		p := h.parcel(numbered(2), pack.Config{})
		body := h.batchBody(p)
		test.change(p, body)
		u := h.openBatch(token, body)
		u.put(0, p.parts[0]).want(http.StatusCreated)
		u.finish().want(http.StatusNoContent)
		a := u.status().want(200)
		if a.at("status.code") != float64(test.code) || !strings.HasPrefix(a.text("status.description"), test.text) || a.at("invoiceCount") != nil {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	bad := h.sends(token, h.parcel([][]byte{[]byte("<x/>")}, pack.Config{})).status().statusIs(445)
	if bad.at("invoiceCount") != 1.0 || bad.at("successfulInvoiceCount") != 0.0 {
		t.Errorf("no correct invoice: %s", bad.body)
	}
	one := map[string]int{"maxInvoiceSizeInMB": 1, "maxInvoiceWithAttachmentSizeInMB": 3, "maxInvoices": 2}
	h.post("/v2/testdata/limits/context/session", token, map[string]any{"onlineSession": one, "batchSession": one}).want(200)
	over := h.sends(token, h.parcel(numbered(3), pack.Config{})).status().statusIs(420)
	if !strings.Contains(string(over.body), "Liczba faktur w paczce: '3'") {
		t.Errorf("too many: %s", over.body)
	}
}

func TestWrongBatches(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	p := h.parcel(numbered(1), pack.Config{})
	file := func(b map[string]any) map[string]any { return b["batchFile"].(map[string]any) }
	first := func(b map[string]any) map[string]any { return file(b)["fileParts"].([]any)[0].(map[string]any) }
	for name, test := range map[string]struct {
		change func(map[string]any)
		code   int
	}{
		"no file":        {func(b map[string]any) { delete(b, "batchFile") }, codeValidation},
		"too large":      {func(b map[string]any) { file(b)["fileSize"] = 5_000_000_001 }, codeValidation},
		"empty":          {func(b map[string]any) { file(b)["fileSize"] = 0 }, codeValidation},
		"hash":           {func(b map[string]any) { file(b)["fileHash"] = "x" }, codeValidation},
		"compression":    {func(b map[string]any) { file(b)["compressionType"] = "7z" }, codeValidation},
		"no parts":       {func(b map[string]any) { file(b)["fileParts"] = []any{} }, codeValidation},
		"too many parts": {func(b map[string]any) { file(b)["fileParts"] = make([]map[string]any, 51) }, codePartCount},
		"large part":     {func(b map[string]any) { first(b)["fileSize"] = maxSealedPart + 1 }, codePartSize},
		"ordinal":        {func(b map[string]any) { first(b)["ordinalNumber"] = 2 }, codeValidation},
		"part size":      {func(b map[string]any) { first(b)["fileSize"] = 0 }, codeValidation},
		"key":            {func(b map[string]any) { b["encryption"].(map[string]any)["publicKeyId"] = hash64(nil) }, codePublicKey},
		"form":           {func(b map[string]any) { b["formCode"] = formCode{"PEF (3)", "2-1", "PEF"} }, codeValidation},
	} {
		b := h.batchBody(p)
		test.change(b)
		if codes := h.post("/v2/sessions/batch", token, b).want(400).codes(); codes[0] != test.code {
			t.Errorf("%s: %v, want %d", name, codes, test.code)
		}
	}
	u := h.openBatch(token, h.batchBody(p))
	u.finish().refused(codePartMissing)
	put := func(header map[string]string, link string) *answer {
		return h.do(request{method: "PUT", path: link, body: p.parts[0], header: header})
	}
	blob := map[string]string{blobTypeHeader: blobType}
	put(nil, u.links[0]).want(http.StatusBadRequest)
	put(map[string]string{blobTypeHeader: blobType, "Authorization": "Bearer x"}, u.links[0]).want(http.StatusForbidden)
	put(blob, strings.Replace(u.links[0], "batch-parts/1", "batch-parts/2", 1)).want(http.StatusForbidden)
	h.get(u.links[0], "").want(http.StatusForbidden)
	u.put(0, p.parts[0][1:]).want(http.StatusCreated)
	u.finish().refused(codePartSize)
	u.put(0, p.parts[0]).want(http.StatusCreated) // again, and right
	h.post("/v2/sessions/batch/x/close", token, nil).refused(codeNoSession)
	h.clock.advance(partTime)
	u.put(0, p.parts[0]).want(http.StatusForbidden)
	token = h.owner(seller)
	u.token = token
	u.finish().refused(codeUploadLate)
	if a := u.status().statusIs(440); !strings.Contains(string(a.body), detailSessionLate) {
		t.Errorf("late: %s", a.body)
	}
}

// TestBatchTime: statuses while a package is processed, and what a killed process
// leaves to the next.
func TestBatchTime(t *testing.T) {
	t.Parallel()
	cfg := Config{Dir: t.TempDir(), ProcessingDelay: time.Minute}
	h := newHarness(t, cfg)
	l := h.startSeal(seller)
	h.clock.advance(time.Minute)
	token := h.redeemed(l).Access.Token
	p := h.parcel(numbered(3), pack.Config{PartSize: 1500})
	u := h.openBatch(token, h.batchBody(p))
	if a := u.status().statusIs(100); a.text("status.description") != "Sesja wsadowa rozpoczęta" || a.at("invoiceCount") != nil {
		t.Errorf("open: %s", a.body)
	}
	u.put(0, p.parts[0]).want(http.StatusCreated)
	h = h.reopen(cfg)
	u.harness = h
	for i := 1; i < len(p.parts); i++ {
		u.put(i, p.parts[i]).want(http.StatusCreated)
	}
	u.finish().want(http.StatusNoContent)
	u.status().statusIs(150)
	u.finish().refused(codeSessionStatus)
	u.put(0, p.parts[0]).want(http.StatusConflict)
	h = h.reopen(cfg)
	u.harness = h
	u.status().statusIs(150)
	h.clock.advance(time.Minute)
	u.status().statusIs(200)
	if n := len(h.Accepted()); n != 3 {
		t.Errorf("%d accepted", n)
	}
}

// TestForeignArchives: archives that other programs write.
func TestForeignArchives(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	archive := func(names ...string) *parcel {
		var buf bytes.Buffer
		w := zip.NewWriter(&buf)
		for i, name := range names {
			_, _ = must(w.Create(name)).Write(invoiceXML(fmt.Sprintf("F/%d", i)))
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		p := &parcel{envelope: newEnvelope()}
		p.parts = [][]byte{p.encrypt(buf.Bytes())}
		p.manifest = &pack.Manifest{Sealed: pack.Sealed{Size: int64(buf.Len()), SHA256: pack.Hash(sumOf(buf.Bytes())), Parts: []pack.PartInfo{
			{Number: 1, EncryptedSize: int64(len(p.parts[0])), EncryptedSHA256: pack.Hash(sumOf(p.parts[0]))},
		}}}
		return p
	}
	if a := h.sends(token, archive()).status().statusIs(440); !strings.Contains(string(a.body), detailSessionEmpty) {
		t.Errorf("empty: %s", a.body)
	}
	u := h.sends(token, archive("lipiec/"+strings.Repeat("ż", 200)+".xml", "_metadata.json"))
	list := elements(h.get(u.path("invoices"), token).want(200), "invoices")
	if len(list) != 2 || len([]rune(list[0]["invoiceFileName"].(string))) != maxFileName {
		t.Errorf("invoices %v", list)
	}
}

// TestBatchAttachment: attachments go through batches, with consent.
func TestBatchAttachment(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	doc := invoiceXML("FV/1", attach)
	u := h.sends(token, h.parcel([][]byte{doc}, pack.Config{}))
	failed := elements(h.get(u.path("invoices", "failed"), token).want(200), "invoices")
	if len(failed) != 1 || failed[0]["status"].(map[string]any)["code"] != 415.0 {
		t.Errorf("without consent %v", failed)
	}
	h.testdata("attachment", map[string]any{"nip": string(seller)}).want(200)
	h.sends(token, h.parcel([][]byte{doc}, pack.Config{})).status().statusIs(200)
}

// TestLargeBatch: ten thousand invoices are a matter of seconds.
func TestLargeBatch(t *testing.T) {
	if testing.Short() {
		t.Skip("packs ten thousand invoices")
	}
	t.Parallel()
	h := newHarness(t, Config{})
	docs := make([][]byte, maxSessionInvoices)
	for i := range docs {
		docs[i] = invoiceXML(fmt.Sprintf("FV/B/%d", i), func(f *fa3.Faktura) {})
	}
	token := h.owner(seller)
	u := h.sends(token, h.parcel(docs, pack.Config{Compression: pack.TarGz}))
	if a := u.status().statusIs(200); a.at("successfulInvoiceCount") != float64(len(docs)) {
		t.Errorf("status %s", a.body)
	}
}
