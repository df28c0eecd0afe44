package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// sealedBytes encrypts an archive in parts of partSize.
func sealedBytes(key Key, form Compression, plain []byte, partSize int) (Sealed, *Memory) {
	s := Sealed{Compression: form, Size: int64(len(plain)), SHA256: sha256.Sum256(plain)}
	store := &Memory{manifest: new(Manifest)}
	for n := 0; n == 0 || len(plain) > 0; n++ {
		part := plain[:min(partSize, len(plain))]
		plain = plain[len(part):]
		c := key.Encrypt(part)
		store.parts = append(store.parts, c)
		s.Parts = append(s.Parts, PartInfo{n + 1, int64(len(part)), sha256.Sum256(part), int64(len(c)), sha256.Sum256(c)})
	}
	return s, store
}

// sample is a small package of 40 invoices in several parts.
func sample(t testing.TB, form Compression) (Key, Sealed, *Memory) {
	t.Helper()
	key := testKey(t)
	var store Memory
	m, err := Build(t.Context(), key, newInvoices(5).source(40), &store, Config{Compression: form, PartSize: 5000})
	if err != nil || len(m.Parts) < 3 {
		t.Fatal(err)
	}
	return key, m.Sealed, &store
}

func TestOpenRefusesWhatWasNotAnnounced(t *testing.T) {
	key, sealed, store := sample(t, Zip)
	other := testKey(t)
	otherIV, err := KeyOf(key.Reveal(), other.IV())
	if err != nil {
		t.Fatal(err)
	}
	change := func(f func(s *Sealed, parts [][]byte)) (Sealed, *Memory) {
		s, m := sealed, &Memory{manifest: store.manifest}
		s.Parts = slices.Clone(s.Parts)
		for _, p := range store.parts {
			m.parts = append(m.parts, slices.Clone(p))
		}
		f(&s, m.parts)
		return s, m
	}
	resum := func(s *Sealed, parts [][]byte, n int) {
		s.Parts[n].EncryptedSize, s.Parts[n].EncryptedSHA256 = int64(len(parts[n])), sha256.Sum256(parts[n])
	}
	tests := []struct {
		name string
		key  Key
		f    func(s *Sealed, parts [][]byte)
		want error
		part int // -1: no part is blamed
	}{
		{"bit", key, func(s *Sealed, p [][]byte) { p[1][100] ^= 1 }, ErrHashMismatch, 2},
		{"shorter", key, func(s *Sealed, p [][]byte) { p[1] = p[1][:64] }, ErrHashMismatch, 2},
		{"longer", key, func(s *Sealed, p [][]byte) { p[1] = append(p[1], 0) }, ErrHashMismatch, 2},
		{"swapped", key, func(s *Sealed, p [][]byte) { p[0], p[1] = p[1], p[0] }, ErrHashMismatch, 1},
		{"key", other, func(s *Sealed, p [][]byte) {}, ErrDecrypt, 1},
		{"vector", otherIV, func(s *Sealed, p [][]byte) {}, ErrDecrypt, 1},
		{"vector, plain hash not announced", otherIV, func(s *Sealed, p [][]byte) {
			for i := range s.Parts {
				s.Parts[i].SHA256 = Hash{}
			}
		}, ErrHashMismatch, 0},
		{"padding", key, func(s *Sealed, p [][]byte) { p[1] = p[1][:len(p[1])-16]; resum(s, p, 1) }, ErrDecrypt, 2},
		{"prefixed vector", key, func(s *Sealed, p [][]byte) { p[0] = append(key.IV(), p[0]...); resum(s, p, 0) }, ErrDecrypt, 1},
		{"half a block", key, func(s *Sealed, p [][]byte) { p[1] = p[1][:len(p[1])-8]; resum(s, p, 1) }, ErrDecrypt, 2},
		{"plain hash", key, func(s *Sealed, p [][]byte) { s.Parts[1].SHA256[0] ^= 1 }, ErrDecrypt, 2},
		{"plain size", key, func(s *Sealed, p [][]byte) { s.Parts[1].Size-- }, ErrDecrypt, 2},
		{"whole hash", key, func(s *Sealed, p [][]byte) { s.SHA256[0] ^= 1 }, ErrHashMismatch, 0},
		{"whole size", key, func(s *Sealed, p [][]byte) { s.Size++ }, ErrHashMismatch, 0},
		{"part left out", key, func(s *Sealed, p [][]byte) { s.Parts = s.Parts[:len(s.Parts)-1] }, ErrHashMismatch, 0},
		{"numbers", key, func(s *Sealed, p [][]byte) { s.Parts[1].Number = 7 }, ErrConfig, -1},
		{"no parts", key, func(s *Sealed, p [][]byte) { s.Parts = nil }, ErrEmptyPackage, -1},
		{"many parts", key, func(s *Sealed, p [][]byte) { s.Parts = make([]PartInfo, 51) }, ErrPackageTooLarge, -1},
		{"huge", key, func(s *Sealed, p [][]byte) { s.Size = 6e9 }, ErrPackageTooLarge, -1},
		{"huge part", key, func(s *Sealed, p [][]byte) { s.Parts[0].EncryptedSize = 1 << 40 }, ErrPackageTooLarge, -1},
		{"form", key, func(s *Sealed, p [][]byte) { s.Compression = 9 }, ErrConfig, -1},
		{"no key", Key{}, func(s *Sealed, p [][]byte) {}, ErrConfig, -1},
	}
	for _, tt := range tests {
		s, m := change(tt.f)
		for _, parts := range []Parts{m, streamed(m)} {
			_, err := Open(t.Context(), tt.key, s, parts, OpenConfig{MaxMemory: 10_000})
			p, _ := errors.AsType[*PartError](err)
			if !errors.Is(err, tt.want) || (p == nil) != (tt.part < 0) || p != nil && p.Part != tt.part {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	}
}

// All that is wrong after decryption reads the same.
func TestDecryptionErrorsAreOneShape(t *testing.T) {
	key, sealed, store := sample(t, Zip)
	last := &store.parts[0]
	texts := map[string]bool{}
	for i := range 256 {
		(*last)[len(*last)-17] ^= byte(i) // changes the last byte of the padding
		s := sealed
		s.Parts = slices.Clone(s.Parts)
		s.Parts[0].EncryptedSHA256 = sha256.Sum256(*last)
		_, err := Open(t.Context(), key, s, store, OpenConfig{})
		if i > 0 {
			texts[err.Error()] = true
		}
		(*last)[len(*last)-17] ^= byte(i)
	}
	if len(texts) != 1 || !texts["pack: open: part 1: "+ErrDecrypt.Error()] {
		t.Error(texts)
	}
}

func TestOpenPassesOnFailures(t *testing.T) {
	key, sealed, store := sample(t, Zip)
	broken := PartsFunc(func(ctx context.Context, n int) (io.ReadCloser, error) {
		if n == 1 {
			return store.Open(ctx, n)
		}
		return io.NopCloser(io.MultiReader(bytes.NewReader(store.parts[1][:100]), iotest.ErrReader(errSupply))), nil
	})
	if _, err := Open(t.Context(), key, sealed, broken, OpenConfig{}); !errors.Is(err, errSupply) || !errors.Is(err, ErrSource) {
		t.Errorf("reader: %v", err)
	}
	none := PartsFunc(func(context.Context, int) (io.ReadCloser, error) { return nil, errSupply })
	if _, err := Open(t.Context(), key, sealed, none, OpenConfig{}); !errors.Is(err, errSupply) {
		t.Errorf("open: %v", err)
	}
	if _, err := Open(t.Context(), key, sealed, streamed(store), OpenConfig{TempDir: "/nowhere", MaxMemory: -1}); !errors.Is(err, ErrStore) || strings.Contains(err.Error(), "nowhere") {
		t.Errorf("temporary directory: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	a, err := Open(ctx, key, sealed, store, OpenConfig{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := Open(ctx, key, sealed, store, OpenConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, err := range a.Entries(ctx) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
	for _, cfg := range []OpenConfig{{MaxParts: -1}, {MaxDocument: -1}, {MaxTotal: -1}, {MaxDocument: 1 << 40}, {MaxDocuments: 1 << 30}} {
		if _, err := Open(t.Context(), key, sealed, store, cfg); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

// Parts that come as a stream leave no file behind and nothing readable.
func TestSpoolIsPrivate(t *testing.T) {
	key, sealed, store := sample(t, Zip)
	dir := t.TempDir()
	a, err := Open(t.Context(), key, sealed, streamed(store), OpenConfig{TempDir: dir, MaxMemory: -1})
	if err != nil {
		t.Fatal(err)
	}
	if a.v.spool.file == nil {
		t.Fatal("nothing was stored")
	}
	stored := make([]byte, a.v.spool.size)
	if _, err := a.v.spool.file.ReadAt(stored, 0); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(stored, bytes.Join(store.parts, nil)) {
		t.Error("what is stored is not what came")
	}
	info, err := a.v.spool.file.Stat()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	if got, err := collect(a); len(got) != 40 || err != nil {
		t.Error(len(got), err)
	}
	if err := errors.Join(a.Close(), a.Close()); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if len(left) != 0 || err != nil {
		t.Error(left, err)
	}
}

func TestSpoolOnAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no /dev/full here (%v): not tested", err)
	}
	s := &spool{file: full}
	defer s.Close()
	_, err = s.Write([]byte("x"))
	if err = storeError(err); !errors.Is(err, ErrDiskFull) || !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
}

func TestMetadata(t *testing.T) {
	const metadata = `{"invoices":[]}`
	for _, form := range []Compression{Zip, TarGz} {
		for _, place := range []int{0, 1, 2} {
			docs := slices.Insert([]Document{doc("a.xml", "1"), doc("b.xml", "2")}, place, doc(MetadataName, metadata))
			key := testKey(t)
			var store Memory
			m, err := Build(t.Context(), key, of(docs...), &store, Config{Compression: form})
			if err != nil {
				t.Fatal(err)
			}
			a, err := Open(t.Context(), key, m.Sealed, &store, OpenConfig{MaxDocuments: 2, MaxDocument: 1})
			if err != nil {
				t.Fatal(err)
			}
			r, err := a.Metadata(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); string(got) != metadata || err != nil {
				t.Errorf("%q %v", got, err)
			}
			got, err := collect(a)
			if diff := cmp.Diff([]file{{"a.xml", "1"}, {"b.xml", "2"}}, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
			a.Close()
			a, err = Open(t.Context(), key, m.Sealed, &store, OpenConfig{NoMetadata: true})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := collect(a); len(got) != 3 || err != nil {
				t.Error(got, err)
			}
			if _, err := a.Metadata(t.Context()); !errors.Is(err, ErrNoMetadata) {
				t.Error(err)
			}
			a.Close()
		}
	}
	for _, form := range []Compression{Zip, TarGz} {
		key, sealed, store := sample(t, form)
		a, err := Open(t.Context(), key, sealed, store, OpenConfig{})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if _, err := a.Metadata(t.Context()); !errors.Is(err, ErrNoMetadata) {
			t.Error(err)
		}
	}
}

// Metadata is checked like entries, as far as it is read.
func TestDamagedMetadata(t *testing.T) {
	tests := map[string]raw{
		"sum":      {name: MetadataName, data: "{}", size: 2, crc: 1},
		"stream":   {name: MetadataName, data: "\xff\xff\xff", size: 3, method: methodDeflate},
		"too much": {name: MetadataName, data: deflated("", "123456").data, size: 3, crc: 1, method: methodDeflate},
		"too little": {
			name: MetadataName, data: deflated("", "123").data, size: 6, crc: 1, method: methodDeflate,
		},
	}
	key := testKey(t)
	for name, entry := range tests {
		sealed, store := sealedBytes(key, Zip, zipOf([]raw{entry, stored("a", "1")}, nil, nil, nil), 50)
		a, err := Open(t.Context(), key, sealed, store, OpenConfig{})
		if err != nil {
			t.Fatal(name, err)
		}
		defer a.Close()
		r, err := a.Metadata(t.Context())
		if err != nil {
			t.Fatal(name, err)
		}
		if _, err := io.ReadAll(r); !errors.Is(err, ErrArchive) {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := collect(a); len(got) != 1 || err != nil {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	sealed, store := sealedBytes(key, TarGz, gz(tarOf(nil, regular(MetadataName, 70_000)))[:60], 1000)
	a, err := Open(t.Context(), key, sealed, store, OpenConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	r, err := a.Metadata(t.Context())
	if err == nil {
		_, err = io.ReadAll(r)
	}
	if !errors.Is(err, ErrTruncated) {
		t.Error(err)
	}
}
