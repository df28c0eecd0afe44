package ksefsim

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

func (h *harness) exportBody(e envelope, filters map[string]any, more ...map[string]any) map[string]any {
	h.Helper()
	b := map[string]any{"encryption": h.openBody(e)["encryption"], "filters": filters}
	for _, m := range more {
		for name, value := range m {
			b[name] = value
		}
	}
	return b
}

func (h *harness) exports(token string, e envelope, filters map[string]any, more ...map[string]any) *answer {
	h.Helper()
	reference := h.post("/v2/invoices/exports", token, h.exportBody(e, filters, more...)).want(http.StatusCreated).text("referenceNumber")
	return h.get("/v2/invoices/exports/"+reference, token)
}

// unpacks downloads an export and returns its files.
func (h *harness) unpacks(a *answer, e envelope) map[string]string {
	h.Helper()
	a.statusIs(200)
	sealed := pack.Sealed{Size: int64(a.at("package.size").(float64))}
	if err := sealed.Compression.UnmarshalText([]byte(a.text("compressionType"))); err != nil {
		h.Fatal(err)
	}
	raw, _ := json.Marshal(a.at("package.parts"))
	var parts []struct {
		PartName, URL               string
		PartSize, EncryptedPartSize int64
		PartHash, EncryptedPartHash pack.Hash
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		h.Fatal(err)
	}
	for i, p := range parts {
		sealed.Parts = append(sealed.Parts, pack.PartInfo{Number: i + 1, Size: p.PartSize, SHA256: p.PartHash, EncryptedSize: p.EncryptedPartSize, EncryptedSHA256: p.EncryptedPartHash})
	}
	archive, err := pack.Open(context.Background(), must(pack.KeyOf(e.key, e.iv)), sealed, pack.PartsFunc(func(_ context.Context, n int) (io.ReadCloser, error) {
		part := h.get(local(h.TB, parts[n-1].URL), "").want(http.StatusOK)
		if part.header.Get("x-ms-meta-hash") != parts[n-1].EncryptedPartHash.String() {
			h.Error("the header tells another hash")
		}
		return io.NopCloser(strings.NewReader(string(part.body))), nil
	}), pack.OpenConfig{})
	if err != nil {
		h.Fatal(err)
	}
	defer archive.Close()
	files := make(map[string]string)
	for entry, err := range archive.Entries(context.Background()) {
		if err != nil {
			h.Fatal(err)
		}
		files[entry.Name] = string(entry.Content)
	}
	metadata := must(archive.Metadata(context.Background()))
	files[pack.MetadataName] = string(must(io.ReadAll(metadata)))
	return files
}

func TestExport(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{"memory": {}, "disk": {Dir: t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg.Exports.PartSize = 3000
			h := newHarness(t, cfg)
			token := h.owner(seller)
			h.stock(token)
			accepted := h.Accepted()
			for _, compression := range []string{"Zip", "targz"} {
				e := newEnvelope()
				a := h.exports(token, e, filter(asSeller, datePermanent), map[string]any{"compressionType": compression})
				if a.at("package.invoiceCount") != 5.0 || a.at("package.isTruncated") != false || a.text("package.permanentStorageHwmDate") == "" {
					t.Errorf("status %s", a.body)
				}
				files := h.unpacks(a, e)
				for _, inv := range accepted {
					if files[string(inv.KSeFNumber)+".xml"] != string(inv.XML) {
						t.Errorf("%s: %s is not what was sent", compression, inv.Number)
					}
				}
				var metadata struct{ Invoices []map[string]any }
				if err := json.Unmarshal([]byte(files[pack.MetadataName]), &metadata); err != nil || len(metadata.Invoices) != 5 {
					t.Errorf("%s: metadata %v %s", compression, err, files[pack.MetadataName])
				}
				if doc := contract(t); doc != nil {
					for _, inv := range metadata.Invoices {
						for _, fault := range doc.check(doc.Components.Schemas["InvoiceMetadata"], inv, "$") {
							t.Error(fault)
						}
					}
				}
			}
			e := newEnvelope()
			only := h.unpacks(h.exports(token, e, filter(asSeller, datePermanent), map[string]any{"onlyMetadata": true}), e)
			if len(only) != 1 {
				t.Errorf("only metadata: %d files", len(only))
			}
		})
	}
}

// TestExportParts: many parts, and links that end.
func TestExportParts(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{Dir: t.TempDir()})
	h.LimitExports(ExportLimits{PartSize: 700})
	token := h.owner(seller)
	h.stock(token)
	e := newEnvelope()
	a := h.exports(token, e, filter(asSeller, datePermanent))
	parts := a.at("package").(map[string]any)["parts"].([]any)
	if len(parts) < 3 {
		t.Fatalf("%d parts", len(parts))
	}
	h.unpacks(a, e)
	link := local(t, parts[0].(map[string]any)["url"].(string))
	reference := strings.TrimSuffix(parts[0].(map[string]any)["partName"].(string), "-001.zip.aes")
	before := h.get(link, "").want(200)
	h.do(request{method: "HEAD", path: link}).want(200)
	cfg := h.cfg
	h = h.reopen(Config{Dir: cfg.Dir})
	if after := h.get(link, "").want(200); string(after.body) != string(before.body) {
		t.Error("the part changed")
	}
	h.clock.advance(exportLinkLife)
	h.get(link, "").want(http.StatusForbidden)
	token = h.owner(seller)
	h.unpacks(h.get("/v2/invoices/exports/"+reference, token), e) // fresh links
	h.clock.advance(exportLife)
	token = h.owner(seller)
	h.get("/v2/invoices/exports/"+reference, token).statusIs(210)
	h.clock.advance(exportRetention)
	token = h.owner(seller)
	h.get("/v2/invoices/exports/"+reference, token).want(http.StatusGone)
}

// TestIncremental collects everything through truncated exports while new
// invoices come in.
func TestIncremental(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{Exports: ExportLimits{Invoices: 7}, HighWaterDelay: 2 * time.Second})
	token := h.owner(seller)
	c := h.open(token)
	sent := 0
	send := func(n int) {
		for range n {
			c.send(invoiceXML(fmt.Sprintf("I/%d", sent)))
			sent++
			h.clock.advance(100 * time.Millisecond)
		}
	}
	send(25)
	seen := make(map[string]bool)
	from := "2026-07-15T00:00:00Z"
	for round := 0; round < 40 && (len(seen) < sent || sent < 40); round++ {
		if sent < 40 {
			send(3)
		}
		e := newEnvelope()
		a := h.exports(token, e, dated(datePermanent, map[string]any{"from": from, "restrictToPermanentStorageHwmDate": true}))
		h.clock.advance(time.Second)
		if a.want(200).at("status.code") == 420.0 {
			continue
		}
		for name := range h.unpacks(a, e) {
			if strings.HasSuffix(name, ".xml") {
				seen[name] = true
			}
		}
		if from = a.text("package.permanentStorageHwmDate"); a.at("package.isTruncated") == true {
			from = a.text("package.lastPermanentStorageDate")
		}
	}
	if len(seen) != sent {
		t.Errorf("%d of %d invoices", len(seen), sent)
	}
}

func TestWrongExports(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{ProcessingDelay: time.Minute})
	l := h.startSeal(seller)
	h.clock.advance(time.Minute)
	token := h.redeemed(l).Access.Token
	e := newEnvelope()
	h.post("/v2/invoices/exports", token, map[string]any{}).refused(codeValidation)
	h.post("/v2/invoices/exports", token, h.exportBody(e, filter("x", dateIssue))).refused(codeValidation)
	unknown := h.exportBody(e, filter(asSeller, dateIssue))
	unknown["encryption"].(map[string]any)["publicKeyId"] = hash64(nil)
	h.post("/v2/invoices/exports", token, unknown).refused(codePublicKey)
	unit := h.signer.issue(claims{Type: tokenAccess, ContextType: typeInternalID, ContextValue: internal, Permissions: `["InvoiceRead"]`}, h.clock.Now(), accessLife)
	h.post("/v2/invoices/exports", unit.Token, h.exportBody(e, filter(asBuyer, dateIssue))).refused(codeExportRole)
	h.get("/v2/invoices/exports/x", token).refused(codeNoExport)

	garbled := h.exportBody(e, filter(asSeller, dateIssue))
	garbled["encryption"].(map[string]any)["encryptedSymmetricKey"] = []byte("x")
	beyond := h.exportBody(e, dated(datePermanent, map[string]any{"from": "2026-07-16T00:00:00Z", "restrictToPermanentStorageHwmDate": true}))
	references := make(map[string]int)
	for code, body := range map[int]map[string]any{415: garbled, 420: beyond} {
		references[h.post("/v2/invoices/exports", token, body).want(201).text("referenceNumber")] = code
	}
	for range 8 {
		references[h.post("/v2/invoices/exports", token, h.exportBody(e, filter(asSeller, dateIssue))).want(201).text("referenceNumber")] = 200
	}
	h.post("/v2/invoices/exports", token, h.exportBody(e, filter(asSeller, dateIssue))).refused(codeExportLimit)
	for reference := range references {
		h.get("/v2/invoices/exports/"+reference, token).statusIs(100)
	}
	h.clock.advance(time.Minute)
	for reference, code := range references {
		h.get("/v2/invoices/exports/"+reference, token).statusIs(code)
	}
	h.post("/v2/invoices/exports", token, h.exportBody(e, filter(asSeller, dateIssue))).want(201)
}
