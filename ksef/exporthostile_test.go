package ksef_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/ksefsim"
	"github.com/faktupro/faktupro-go/ksef/pack"
)

const (
	oneNumber = "5265877635-20261122-0100001AF629-AF"
	twoNumber = "5265877635-20261122-0100001AF62A-A6"
)

func metadataEntry(number, content string) string {
	sum := sha256.Sum256([]byte(content))
	return fmt.Sprintf(`{"ksefNumber":%q,"invoiceNumber":"FV","invoiceHash":%q}`, number, base64.StdEncoding.EncodeToString(sum[:]))
}

// madeUp is a package that no honest server makes.
type madeUp struct {
	files       []pack.Document
	compression pack.Compression
	announced   string // compressionType
	count       int
}

func file(name, content string) pack.Document {
	return pack.Document{Name: name, Content: []byte(content)}
}

// serve answers for the export with the package.
func (m madeUp) serve(t testing.TB, key pack.Key) func(*http.Request, http.Handler) *http.Response {
	t.Helper()
	store := new(pack.Memory)
	manifest, err := pack.Build(context.Background(), key, documentsOf(m.files), store, pack.Config{Compression: m.compression, MaxDocument: 10_000_000})
	if err != nil {
		t.Fatal(err)
	}
	return func(r *http.Request, _ http.Handler) *http.Response {
		if strings.HasPrefix(r.URL.Path, "/storage/") {
			part, err := store.Open(r.Context(), 1)
			if err != nil {
				return nil
			}
			body, _ := io.ReadAll(part)
			return syncAnswer(http.StatusOK, string(body))
		}
		if !strings.Contains(r.URL.Path, "/invoices/exports/") {
			return nil
		}
		p := manifest.Parts[0]
		status, _ := json.Marshal(map[string]any{
			"status": map[string]any{"code": 200, "description": "ok"}, "compressionType": m.announced,
			"package": map[string]any{"invoiceCount": m.count, "size": manifest.Size, "isTruncated": false, "parts": []any{map[string]any{
				"ordinalNumber": 1, "partName": "p", "method": "GET", "url": "http://ksef.test/storage/part",
				"partSize": p.Size, "partHash": p.SHA256, "encryptedPartSize": p.EncryptedSize, "encryptedPartHash": p.EncryptedSHA256,
				"expirationDate": time.Now().Add(time.Hour),
			}}},
		})
		return syncAnswer(http.StatusOK, string(status), "Content-Type", "application/json")
	}
}

func documentsOf(files []pack.Document) iter.Seq2[pack.Document, error] {
	return func(yield func(pack.Document, error) bool) {
		for _, f := range files {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// TestExportHostilePackages: neither file nor metadata without the other, no
// file that is not the one its metadata name, no bomb.
func TestExportHostilePackages(t *testing.T) {
	both := `{"invoices":[` + metadataEntry(oneNumber, "one") + "," + metadataEntry(twoNumber, "two") + `]}`
	one, two := file(oneNumber+".xml", "one"), file(twoNumber+".xml", "two")
	spaces := strings.Repeat(" ", 9_999_999)
	bombs := `{"invoices":[` + metadataEntry(oneNumber, spaces) + "," + metadataEntry(twoNumber, spaces) + `]}`
	meta := func(text string) pack.Document { return file(pack.MetadataName, text) }
	for _, c := range []struct {
		name  string
		made  madeUp
		given int
		err   error
	}{
		{"good", madeUp{files: []pack.Document{one, two, meta(both)}, count: 2}, 2, nil},
		{"good, in another order", madeUp{files: []pack.Document{meta(both), two, one}, count: 2}, 2, nil},
		{"good, TarGz", madeUp{files: []pack.Document{one, two, meta(both)}, count: 2, compression: pack.TarGz, announced: "TarGz"}, 2, nil},
		{"good, other names", madeUp{files: []pack.Document{file("1", "one"), file("2.xml", "two"), meta(both)}, count: 2}, 2, nil},
		{"TarGz announced as Zip", madeUp{files: []pack.Document{one, two, meta(both)}, count: 2, compression: pack.TarGz, announced: "Zip"}, 0, pack.ErrArchive},
		{"no metadata", madeUp{files: []pack.Document{one, two}, count: 2}, 0, pack.ErrNoMetadata},
		{"a file is missing", madeUp{files: []pack.Document{one, meta(both)}, count: 2}, 1, ksef.ErrProtocol},
		{"a file too many", madeUp{files: []pack.Document{one, two, file("3.xml", "three"), meta(both)}, count: 3}, 2, ksef.ErrProtocol},
		{"another content", madeUp{files: []pack.Document{one, file(twoNumber+".xml", "changed"), meta(both)}, count: 2}, 1, ksef.ErrHashMismatch},
		{"contents exchanged", madeUp{files: []pack.Document{file(oneNumber+".xml", "two"), file(twoNumber+".xml", "one"), meta(both)}, count: 2}, 0, ksef.ErrHashMismatch},
		{"another count", madeUp{files: []pack.Document{one, two, meta(both)}, count: 3}, 2, ksef.ErrProtocol},
		{"metadata broken", madeUp{files: []pack.Document{one, two, meta(both[:len(both)-9])}, count: 2}, 1, ksef.ErrProtocol},
		{"bomb", madeUp{files: []pack.Document{file(oneNumber+".xml", spaces), file(twoNumber+".xml", spaces), meta(bombs)}, count: 2}, 0, pack.ErrRatio},
	} {
		t.Run(c.name, func(t *testing.T) {
			inSyncWorld(t, ksefsim.Config{}, func(t *testing.T, w *syncWorld) {
				key, err := pack.NewKey(nil)
				if err != nil {
					t.Fatal(err)
				}
				w.wire.tap = c.made.serve(t, key)
				e, err := w.office.ResumeExport(ksef.ExportTicket{Reference: "20261122-EH-2F67776000-97273B191A-65", Key: key}, ksef.ExportOrder{Limits: pack.OpenConfig{MaxRatio: 100}})
				if err != nil {
					t.Fatal(err)
				}
				given := 0
				var last error
				for inv, err := range e.Invoices(t.Context()) {
					if last = err; err == nil {
						given++
						if inv.XML[0] != ' ' && string(inv.XML) != map[string]string{oneNumber: "one", twoNumber: "two"}[string(inv.KSeFNumber)] {
							t.Errorf("%s has the content %q", inv.KSeFNumber, inv.XML)
						}
					}
				}
				if given != c.given || !errors.Is(last, c.err) {
					t.Errorf("%d invoices, %v, want %d, %v", given, last, c.given, c.err)
				}
			})
		})
	}
}
