package pack

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func newBuffered(b []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(b)) }

// memoryVault holds an archive in parts of 100 bytes or more.
func memoryVault(t testing.TB, plain []byte) *vault {
	t.Helper()
	key := testKey(t)
	sealed, store := sealedBytes(key, Zip, plain, max(100, len(plain)/40))
	cfg, err := OpenConfig{}.filled()
	if err != nil {
		t.Fatal(err)
	}
	v := &vault{key: key, spool: new(spool)}
	if err := (&verifier{v: v, cfg: cfg, sealed: sealed}).fill(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	return v
}

func gz(plain []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}

// tarOf writes headers with contents of their size; edit changes the stream.
func tarOf(edit func([]byte) []byte, headers ...tar.Header) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		if err := w.WriteHeader(&h); err != nil {
			panic(err)
		}
		if _, err := w.Write(bytes.Repeat([]byte("x"), int(h.Size))); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	if edit != nil {
		return edit(b.Bytes())
	}
	return b.Bytes()
}

func regular(name string, size int64) tar.Header {
	return tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size}
}

func TestHostileTar(t *testing.T) {
	good := tarOf(nil, regular("a", 5), regular("b", 700))
	insert := func(at int, text string) []byte { return slices.Insert(slices.Clone(good), at, []byte(text)...) }
	bomb := make([]tar.Header, 0, 20)
	for i := range cap(bomb) {
		bomb = append(bomb, regular(fmt.Sprint(i), 2_000_000))
	}
	tests := []struct {
		name string
		gz   []byte
		cfg  OpenConfig
		want error
	}{
		{"good", gz(good), OpenConfig{}, nil},
		{"padded", gz(append(slices.Clone(good), make([]byte, 9000)...)), OpenConfig{}, nil},
		{"several gzip members", append(gz(good[:700]), gz(good[700:])...), OpenConfig{}, nil},
		{"no entries", gz(tarOf(nil)), OpenConfig{}, ErrEmptyPackage},
		{"empty", gz(nil), OpenConfig{}, ErrTruncated},
		{"not gzip", good, OpenConfig{}, ErrArchive},
		{"not tar", gz([]byte(strings.Repeat("no tar ", 200))), OpenConfig{}, ErrArchive},
		{"data after the tar", gz(append(slices.Clone(good), "more"...)), OpenConfig{}, ErrTrailingData},
		{"tar after the tar", gz(append(slices.Clone(good), good...)), OpenConfig{}, ErrTrailingData},
		{"data after the gzip", append(gz(good), "more"...), OpenConfig{}, ErrTrailingData},
		{"gzip after the gzip", append(gz(good), gz([]byte("more"))...), OpenConfig{}, ErrTrailingData},
		{"zeros after the gzip", append(gz(good), make([]byte, 100)...), OpenConfig{}, ErrTrailingData},
		{"data between", gz(insert(1024, strings.Repeat("x", 512))), OpenConfig{}, ErrArchive},
		{"twice", gz(tarOf(nil, regular("a", 1), regular("a", 1))), OpenConfig{}, ErrDuplicateName},
		{"directory and file", gz(tarOf(nil, tar.Header{Typeflag: tar.TypeDir, Name: "a/"}, regular("a", 1))), OpenConfig{}, ErrDuplicateName},
		{"directory", gz(tarOf(nil, tar.Header{Typeflag: tar.TypeDir, Name: "a/"}, regular("a/b", 1))), OpenConfig{}, nil},
		{"up", gz(tarOf(nil, regular("../a", 1))), OpenConfig{}, ErrBadName},
		{"absolute", gz(tarOf(nil, regular("/a", 1))), OpenConfig{}, ErrBadName},
		{"backslash", gz(tarOf(nil, regular(`a\b`, 1))), OpenConfig{}, ErrBadName},
		{"symbolic link", gz(tarOf(nil, tar.Header{Typeflag: tar.TypeSymlink, Name: "a", Linkname: "/etc/passwd"})), OpenConfig{}, ErrNotRegular},
		{"hard link", gz(tarOf(nil, tar.Header{Typeflag: tar.TypeLink, Name: "a", Linkname: "/etc/passwd"})), OpenConfig{}, ErrNotRegular},
		{"device", gz(tarOf(nil, tar.Header{Typeflag: tar.TypeChar, Name: "a"})), OpenConfig{}, ErrNotRegular},
		{"sparse", gz(sparseTar()), OpenConfig{}, ErrNotRegular},
		{"too many", gz(good), OpenConfig{MaxDocuments: 1}, ErrTooManyDocuments},
		{"too large", gz(good), OpenConfig{MaxDocument: 600}, ErrDocumentTooLarge},
		{"huge size told", gz(tarOf(func(b []byte) []byte { return resize(b, "77777777777") }, regular("a", 5))), OpenConfig{}, ErrDocumentTooLarge},
		{"larger than told", gz(tarOf(func(b []byte) []byte { return resize(b, "00000002000") }, regular("a", 5))), OpenConfig{}, ErrTruncated},
		{"bomb", gz(tarOf(nil, bomb...)), OpenConfig{}, ErrRatio},
		{"total", gz(tarOf(nil, bomb...)), OpenConfig{MaxTotal: 5_000_000, MaxDocuments: 30}, ErrPackageTooLarge},
		{"padding bomb", gz(append(slices.Clone(good), make([]byte, 50_000_000)...)), OpenConfig{}, ErrRatio},
		{"wrong sum", func() []byte { b := gz(good); b[len(b)-5] ^= 1; return b }(), OpenConfig{}, ErrArchive},
		{"damaged", func() []byte { b := gz(good); b[30] ^= 255; return b }(), OpenConfig{}, ErrArchive},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := openBytes(t, TarGz, tt.gz, tt.cfg); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// resize lets the first header tell another size, with a right checksum.
func resize(b []byte, octal string) []byte {
	copy(b[124:], octal)
	copy(b[148:], "        ")
	sum := 0
	for _, c := range b[:512] {
		sum += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", sum))
	return b
}

// sparseTar has a file of holes that unpacks to a megabyte out of nothing.
func sparseTar() []byte {
	return tarOf(func(b []byte) []byte {
		// Map of one empty piece at the end, in the form GNU 1.0.
		data := "1\n1048576\n0\n"
		copy(b[len(b)-1024-512:], data+strings.Repeat("\x00", 512-len(data)))
		return bytes.ReplaceAll(b, []byte("XXX.sparse."), []byte("GNU.sparse."))
	}, tar.Header{
		Typeflag: tar.TypeReg, Name: "a", Size: 512, Format: tar.FormatPAX,
		PAXRecords: map[string]string{"XXX.sparse.major": "1", "XXX.sparse.minor": "0", "XXX.sparse.name": "a", "XXX.sparse.realsize": "1048576"},
	})
}

// Every truncation is found, and whole entries counted.
func TestTruncatedTar(t *testing.T) {
	var b bytes.Buffer
	key := testKey(t)
	var store Memory
	if _, err := Build(t.Context(), key, newInvoices(1).source(5), &store, Config{Compression: TarGz}); err != nil {
		t.Fatal(err)
	}
	whole, err := key.Decrypt(store.parts[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(&b, r); err != nil {
		t.Fatal(err)
	}
	before := 0
	for n := 1; n < len(whole); n += 7 {
		got, err := openBytes(t, TarGz, whole[:n], OpenConfig{})
		trunc, ok := errors.AsType[*TruncatedError](err)
		if !ok || trunc.Whole != len(got) || trunc.Whole < before || trunc.Whole > 5 {
			t.Fatalf("%d of %d bytes: %d files, %v", n, len(whole), len(got), err)
		}
		before = trunc.Whole
	}
	if before < 4 {
		t.Errorf("at most %d whole", before)
	}
}
