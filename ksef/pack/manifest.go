package pack

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
)

// Sealed describes an encrypted package: what the request that opens a batch
// session wants to know, and what the status of an export tells. To open one,
// EncryptedSize and EncryptedSHA256 of the parts are needed; zeros elsewhere
// are not compared.
type Sealed struct {
	// Compression of the archive.
	Compression Compression `json:"compression"`
	// Size and SHA256 of the plain archive: fileSize and fileHash.
	Size   int64 `json:"size"`
	SHA256 Hash  `json:"sha256"`
	// Parts in their order.
	Parts []PartInfo `json:"parts"`
}

// Manifest tells what a package holds. It has no secret in it: whoever reads it
// learns names, sizes and hashes of the documents. The key is kept elsewhere.
type Manifest struct {
	Sealed
	// Documents in their order.
	Documents []DocumentInfo `json:"documents"`
}

const (
	manifestFormat  = "faktupro-ksef-package"
	manifestVersion = 1
	// maxManifest is enough for the 100,000 documents of the test environment.
	maxManifest = 64 << 20
)

// manifestFile is the stored form.
type manifestFile struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	*Manifest
}

// WriteTo writes the manifest as JSON, of a format and version of its own,
// document by document.
func (m *Manifest) WriteTo(w io.Writer) (int64, error) {
	counted := &countingWriter{w: w}
	out := bufio.NewWriter(counted)
	head := *m
	head.Documents = []DocumentInfo{}
	raw, err := json.Marshal(manifestFile{manifestFormat, manifestVersion, &head})
	if err != nil {
		return 0, fmt.Errorf("pack: manifest: %w", err)
	}
	_, _ = out.Write(raw[:len(raw)-len("]}")]) // an error stays until Flush
	for i := range m.Documents {
		raw, err := json.Marshal(&m.Documents[i])
		if err != nil {
			return counted.n, fmt.Errorf("pack: manifest: %w", err)
		}
		_, _ = out.WriteString([]string{",\n", "\n"}[b2i(i == 0)])
		_, _ = out.Write(raw)
	}
	_, _ = out.WriteString("\n]}\n")
	return counted.n, out.Flush()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// ReadManifest reads what WriteTo wrote and checks that it makes sense. Errors
// match ErrManifest, or ErrStore when reading failed.
func ReadManifest(r io.Reader) (*Manifest, error) {
	limited := &io.LimitedReader{R: r, N: maxManifest + 1}
	raw, err := io.ReadAll(limited)
	if err != nil {
		return nil, fmt.Errorf("pack: manifest: %w", storeError(err))
	}
	if limited.N == 0 {
		return nil, fmt.Errorf("pack: %w: too large", ErrManifest)
	}
	f := manifestFile{Manifest: new(Manifest)}
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("pack: %w: not readable", ErrManifest)
	}
	if f.Format != manifestFormat || f.Version != manifestVersion {
		return nil, fmt.Errorf("pack: %w: unknown format or version", ErrManifest)
	}
	if why := f.problem(); why != "" {
		return nil, fmt.Errorf("pack: %w: %s", ErrManifest, why)
	}
	return f.Manifest, nil
}

// problem tells how a manifest contradicts itself; "" is not at all.
func (m *Manifest) problem() string {
	switch {
	case m.Size < 1 || m.SHA256.IsZero():
		return "no size or hash"
	case len(m.Parts) == 0 || len(m.Documents) == 0:
		return "no parts or documents"
	}
	var total int64
	for i, p := range m.Parts {
		if p.Number != i+1 || p.Size < 1 || p.Size > m.Size || p.EncryptedSize != EncryptedSize(p.Size) {
			return "numbers or sizes of parts"
		}
		if p.SHA256.IsZero() || p.EncryptedSHA256.IsZero() {
			return "hashes of parts"
		}
		total += p.Size
	}
	if total != m.Size {
		return "size of parts and of the package"
	}
	return m.documentProblem()
}

func (m *Manifest) documentProblem() string {
	names := make(map[string]struct{}, len(m.Documents))
	for _, d := range m.Documents {
		if checkName(d.Name) != nil || d.Size < 1 || d.SHA256.IsZero() {
			return "description of documents"
		}
		names[d.Name] = struct{}{}
	}
	if len(names) != len(m.Documents) {
		return "names of documents"
	}
	return ""
}

// VerifyPart reads part n, counted from 1, and compares its size and hash: do it
// before an upload that goes on after a crash. The error is a [*PartError]
// matching ErrHashMismatch, or ErrStore.
func (s *Sealed) VerifyPart(ctx context.Context, parts Parts, n int) error {
	if n < 1 || n > len(s.Parts) {
		return fmt.Errorf("pack: verify: %w: no such part", ErrConfig)
	}
	r, err := parts.Open(ctx, n)
	if err != nil {
		return fmt.Errorf("pack: verify: %w", &PartError{n, storeError(err)})
	}
	defer r.Close()
	want := s.Parts[n-1]
	digest := sha256.New()
	size, err := io.Copy(digest, &contextReader{ctx, io.LimitReader(r, want.EncryptedSize+1)})
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("pack: verify: %w", ctx.Err())
	case err != nil:
		return fmt.Errorf("pack: verify: %w", &PartError{n, storeError(err)})
	case size != want.EncryptedSize || sum(digest) != want.EncryptedSHA256:
		return fmt.Errorf("pack: verify: %w", &PartError{n, ErrHashMismatch})
	}
	return nil
}

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context // of the one call that reads
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
