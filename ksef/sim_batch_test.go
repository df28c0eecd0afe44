package ksef_test

import (
	"archive/zip"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/faktupro/faktupro-go/ksef"
)

// sealed encrypts as KSeF demands: AES-CBC, PKCS #7, the vector not included.
func sealed(plain []byte, key [32]byte, iv [16]byte) []byte {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	out := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv[:]).CryptBlocks(out, out)
	return out
}

// TestBatchOnSimulator sends a package in two parts through the low layer.
func TestBatchOnSimulator(t *testing.T) {
	sim, env := newSimulator(t, nil)
	a := login(t, env, credential(t, sim, "EC"))
	ctx := t.Context()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for i, n := range []string{"FV/1", "FV/2", "FV/1"} { // one is a duplicate
		w, err := z.Create(fmt.Sprintf("invoice-%d.xml", i))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(invoiceXML(t, n))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	key, iv := [32]byte{1}, [16]byte{2}
	info, err := a.Client().WrapKey(ctx, key, iv, "")
	if err != nil {
		t.Fatal(err)
	}
	half := archive.Len() / 2
	parts := [][]byte{sealed(archive.Bytes()[:half], key, iv), sealed(archive.Bytes()[half:], key, iv)}
	sum := sha256.Sum256(archive.Bytes())
	file := ksef.BatchFile{FileSize: int64(archive.Len()), FileHash: sum[:]}
	for i, p := range parts {
		sum := sha256.Sum256(p)
		file.Parts = append(file.Parts, ksef.BatchPart{OrdinalNumber: i + 1, FileSize: int64(len(p)), FileHash: sum[:]})
	}
	opened, err := a.Batch.Open(ctx, ksef.OpenBatchRequest{FormCode: ksef.FormFA3, BatchFile: file, Encryption: info})
	if err != nil {
		t.Fatal(err)
	}
	err = a.Batch.Close(ctx, opened.Reference)
	if e, ok := errors.AsType[*ksef.Error](err); !ok || !e.Has(ksef.CodePartMissing) {
		t.Errorf("closed without parts: %v", err)
	}
	for i, u := range opened.Uploads {
		open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(parts[i])), nil }
		if err := a.Batch.UploadPart(ctx, u, int64(len(parts[i])), open); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Batch.Close(ctx, opened.Reference); err != nil {
		t.Fatal(err)
	}
	status, err := a.WaitSession(ctx, opened.Reference)
	if err != nil || status.Err() != nil {
		t.Fatal(err, status.Err())
	}
	failed := collect(t, a.Sessions.FailedInvoices(ctx, opened.Reference))
	if len(collect(t, a.Sessions.Invoices(ctx, opened.Reference))) != 3 || len(failed) != 1 {
		t.Fatalf("%d failed", len(failed))
	}
	refusal, ok := errors.AsType[*ksef.StatusError](failed[0].Err())
	if !ok || refusal.Retry() != ksef.RetryNever {
		t.Fatal(failed[0].Err())
	}
	if original, session, ok := refusal.Duplicate(); !ok || !original.Valid() || session != opened.Reference {
		t.Errorf("original %s in %s", original, session)
	}
}
