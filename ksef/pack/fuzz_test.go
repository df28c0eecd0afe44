package pack

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
)

// expected are the errors that hostile content may give.
var expected = []error{
	ErrArchive, ErrTruncated, ErrTrailingData, ErrEncryptedEntry, ErrBadName, ErrDuplicateName, ErrNotRegular,
	ErrTooManyDocuments, ErrDocumentTooLarge, ErrPackageTooLarge, ErrRatio, ErrEmptyPackage,
}

var tightLimits = OpenConfig{MaxDocuments: 50, MaxDocument: 1 << 16, MaxMetadata: 1 << 16, MaxTotal: 1 << 20}

// fuzzArchive opens one archive and demands a known error or entries within all
// limits, the same every time.
func fuzzArchive(t *testing.T, form Compression, plain []byte) []file {
	got, err := openBytes(t, form, plain, tightLimits)
	again, err2 := openBytes(t, form, plain, tightLimits)
	if (err == nil) != (err2 == nil) || len(got) != len(again) {
		t.Fatalf("%v, then %v", err, err2)
	}
	if err != nil {
		for _, known := range expected {
			if errors.Is(err, known) {
				return nil
			}
		}
		t.Fatalf("unexpected error %v", err)
	}
	total := 0
	for _, f := range got {
		total += len(f.Content)
		if len(f.Content) > 1<<16 || checkPath(f.Name) != nil {
			t.Fatalf("entry %q of %d bytes", f.Name, len(f.Content))
		}
	}
	if len(got) > 50 || total > 1<<20 {
		t.Fatalf("%d entries of %d bytes", len(got), total)
	}
	return got
}

func FuzzOpenZip(f *testing.F) {
	two := []raw{stored("a", "first"), deflated("b", strings.Repeat("second", 9)), stored(MetadataName, "{}")}
	f.Add(zipOf(two, nil, nil, nil))
	f.Add(zipOf(two, nil, nil, nil)[:60])
	f.Add(zipOf(two, nil, func(_ int, h []byte) { le.PutUint32(h[42:], full32) }, nil))
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	e, _ := w.Create("a/b")
	_, _ = io.WriteString(e, "content")
	_ = w.Close()
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, plain []byte) {
		got := fuzzArchive(t, Zip, plain)
		if got == nil {
			return
		}
		// What we accept, the standard library reads the same way.
		r, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
		if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
			t.Fatalf("accepted, but: %v", err)
		}
		contents := map[string]string{}
		for _, f := range r.File {
			if in, err := f.Open(); err == nil {
				content, _ := io.ReadAll(in)
				contents[f.Name] = string(content)
			}
		}
		for _, f := range got {
			if content, ok := contents[f.Name]; !ok || content != f.Content {
				t.Fatalf("%q differs", f.Name)
			}
		}
	})
}

func FuzzOpenTarGz(f *testing.F) {
	f.Add(gz(tarOf(nil, regular("a", 5), regular("b", 700))), false)
	f.Add(tarOf(nil, regular("a", 5), regular(MetadataName, 3)), true)
	f.Add(sparseTar(), true)
	f.Add(gz(nil), false)
	f.Fuzz(func(t *testing.T, plain []byte, packed bool) {
		if packed {
			plain = gz(plain) // so that the tar inside is reached
		}
		fuzzArchive(t, TarGz, plain)
	})
}

// FuzzOpenParts gives any ciphertext as a part with the right hash.
func FuzzOpenParts(f *testing.F) {
	key, err := KeyOf(make([]byte, 32), make([]byte, 16))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(key.Encrypt(zipOf([]raw{stored("a", "first")}, nil, nil, nil)), uint8(0))
	f.Add([]byte("0123456789abcdef"), uint8(1))
	f.Fuzz(func(t *testing.T, part []byte, form uint8) {
		store := &Memory{manifest: new(Manifest), parts: [][]byte{part}}
		s := Sealed{Compression: Compression(form % 2), Parts: []PartInfo{{Number: 1, EncryptedSize: int64(len(part)), EncryptedSHA256: sha256.Sum256(part)}}}
		a, err := Open(context.Background(), key, s, store, tightLimits)
		if plain, bad := key.Decrypt(part); bad != nil {
			if !errors.Is(err, ErrDecrypt) {
				t.Fatalf("not decrypted, but: %v", err)
			}
			return
		} else if err == nil && a.v.size != int64(len(plain)) {
			t.Fatalf("%d bytes, want %d", a.v.size, len(plain))
		}
		if err == nil {
			defer a.Close()
			_, _ = collect(a)
		}
	})
}

func FuzzReadManifest(f *testing.F) {
	var b bytes.Buffer
	_, _ = sampleManifest().WriteTo(&b)
	f.Add(b.Bytes())
	f.Add([]byte(`{"format":"faktupro-ksef-package","version":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := ReadManifest(bytes.NewReader(raw))
		if err != nil {
			if !errors.Is(err, ErrManifest) {
				t.Fatal(err)
			}
			return
		}
		var again bytes.Buffer
		if _, err := m.WriteTo(&again); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadManifest(&again); err != nil {
			t.Fatalf("written again: %v", err)
		}
	})
}
