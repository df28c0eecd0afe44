package ksef

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func opener(content []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
}

const storageAddress = "http://ksef.test/storage/00/part-1?sv=2025&sig=a%2Fb%2B"

// TestUploadPart looks at the request byte by byte, on a real socket.
func TestUploadPart(t *testing.T) {
	content := bytes.Repeat([]byte("encrypted "), 1000)
	var seen *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Clone(t.Context())
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(201)
	}))
	defer server.Close()
	client, err := New(Config{Environment: Custom(server.URL)})
	if err != nil {
		t.Fatal(err)
	}
	account := newAccount(client, nil, &grant{})
	part := PartUpload{1, "PUT", server.URL + "/storage/00/part-1?sv=2025&sig=a%2Fb%2B", map[string]*string{"x-ms-blob-type": ptr("BlockBlob"), "x-left-out": nil}}
	if err := account.Batch.UploadPart(t.Context(), part, int64(len(content)), opener(content)); err != nil {
		t.Fatal(err)
	}
	if seen.Method != "PUT" || seen.RequestURI != "/storage/00/part-1?sv=2025&sig=a%2Fb%2B" || !bytes.Equal(body, content) || seen.ContentLength != int64(len(content)) {
		t.Errorf("%s %s, %d bytes announced, %d sent", seen.Method, seen.RequestURI, seen.ContentLength, len(body))
	}
	want := http.Header{"X-Ms-Blob-Type": {"BlockBlob"}, "User-Agent": seen.Header["User-Agent"], "Accept-Encoding": {"gzip"}, "Content-Length": seen.Header["Content-Length"]}
	if diff := cmp.Diff(want, seen.Header); diff != "" {
		t.Error(diff)
	}
}

// scripted answers one after the other; the last repeats.
type scripted struct {
	steps []func(r *http.Request) (*http.Response, error)
	calls int
}

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	step := s.steps[min(s.calls, len(s.steps)-1)]
	s.calls++
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return step(r)
}

func says(status int, header http.Header, body string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		if header == nil {
			header = http.Header{}
		}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: r}, nil
	}
}

func lost(*http.Request) (*http.Response, error) { return nil, lostAnswer{} }

func storageAccount(t *testing.T, s *scripted) *Account {
	t.Helper()
	client, err := New(Config{Environment: Custom("http://ksef.test"), HTTP: &http.Client{Transport: s}})
	if err != nil {
		t.Fatal(err)
	}
	return newAccount(client, nil, &grant{})
}

func TestUploadPartTriesAgain(t *testing.T) {
	ok, fail := says(201, nil, ""), says(503, nil, "")
	tests := []struct {
		name  string
		steps []func(*http.Request) (*http.Response, error)
		calls int
		wait  time.Duration
		is    error
	}{
		{"at once", []func(*http.Request) (*http.Response, error){ok}, 1, 0, nil},
		{"after a failure", []func(*http.Request) (*http.Response, error){fail, ok}, 2, time.Second, nil},
		{"after a lost connection", []func(*http.Request) (*http.Response, error){lost, lost, ok}, 3, 3 * time.Second, nil},
		{"when asked to wait", []func(*http.Request) (*http.Response, error){says(503, http.Header{"Retry-After": {"20"}}, ""), ok}, 2, 20 * time.Second, nil},
		{"not when asked to wait long", []func(*http.Request) (*http.Response, error){says(503, http.Header{"Retry-After": {"600"}}, "")}, 1, 0, ErrUnavailable},
		{"four times", []func(*http.Request) (*http.Response, error){fail}, 4, 7 * time.Second, ErrUnavailable},
		{"not when expired", []func(*http.Request) (*http.Response, error){says(403, nil, `<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code></Error>`)}, 1, 0, ErrForbidden},
		{"not when refused", []func(*http.Request) (*http.Response, error){says(400, nil, `<Error><Code>InvalidHeader</Code></Error>`)}, 1, 0, nil},
		{"no redirect", []func(*http.Request) (*http.Response, error){says(302, http.Header{"Location": {"https://evil.test/"}}, "")}, 1, 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &scripted{steps: tt.steps}
				start, opened := time.Now(), 0
				err := storageAccount(t, s).Batch.UploadPart(t.Context(), PartUpload{1, "PUT", storageAddress, nil}, 3, func() (io.ReadCloser, error) {
					opened++
					return io.NopCloser(strings.NewReader("abc")), nil
				})
				good := tt.is == nil && !strings.HasPrefix(tt.name, "no")
				if s.calls != tt.calls || opened != tt.calls || time.Since(start) != tt.wait || (err == nil) != good || tt.is != nil && !errors.Is(err, tt.is) {
					t.Errorf("%d calls, %d times opened, %v: %v", s.calls, opened, time.Since(start), err)
				}
				if err != nil && strings.Contains(err.Error(), "sig=") {
					t.Errorf("address in %v", err)
				}
			})
		})
	}
}

func TestStorageRefusesStrangers(t *testing.T) {
	client, err := New(Config{Environment: Test(), HTTP: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		t.Error("something was sent")
		return nil, io.EOF
	})}})
	if err != nil {
		t.Fatal(err)
	}
	account := newAccount(client, nil, &grant{})
	for _, address := range []string{"", "https://evil.test/x", "http://api-test.ksef.mf.gov.pl/x", "https://user@api-test.ksef.mf.gov.pl/x", "https://ksef.mf.gov.pl.evil.test/"} {
		if err := account.Batch.UploadPart(t.Context(), PartUpload{1, "PUT", address, nil}, 1, opener([]byte("x"))); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("upload to %q: %v", address, err)
		}
		if _, err := client.OpenExportPart(t.Context(), ExportPart{Method: "GET", URL: address, EncryptedSize: 1, EncryptedHash: sample32}); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("download from %q: %v", address, err)
		}
	}
	if err := account.Batch.UploadPart(t.Context(), PartUpload{1, "PUT", storageAddress, nil}, 0, nil); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("nothing to upload: %v", err)
	}
	printed := fmt.Sprintf("%v %+v", PartUpload{1, "PUT", storageAddress, nil}, ExportPart{OrdinalNumber: 2, URL: storageAddress})
	if strings.Contains(printed, "sig=") {
		t.Errorf("addresses are printed: %s", printed)
	}
}

func TestOpenExportPart(t *testing.T) {
	content := strings.Repeat("encrypted part ", 500)
	sum := sha256.Sum256([]byte(content))
	part := ExportPart{OrdinalNumber: 1, Method: "GET", URL: storageAddress, EncryptedSize: int64(len(content)), EncryptedHash: sum[:]}
	short := part
	short.EncryptedSize--
	tests := []struct {
		name string
		part ExportPart
		body string
		is   error
	}{
		{"whole", part, content, nil},
		{"cut", part, content[:100], ErrHashMismatch},
		{"empty", part, "", ErrHashMismatch},
		{"longer", part, content + "x", ErrHashMismatch},
		{"longer than announced", short, content, ErrHashMismatch},
		{"changed", part, "E" + content[1:], ErrHashMismatch},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &scripted{steps: []func(*http.Request) (*http.Response, error){says(200, nil, tt.body)}}
			r, err := storageAccount(t, s).Client().OpenExportPart(t.Context(), tt.part)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if !errors.Is(err, tt.is) || tt.is == nil && (err != nil || string(got) != content) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			if _, again := r.Read(make([]byte, 1)); !errors.Is(again, tt.is) && !errors.Is(again, io.EOF) {
				t.Errorf("after the end: %v", again)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestExportCompressionInThePackage(t *testing.T) {
	for body, want := range map[string]Compression{
		`{"status":{"code":200},"compressionType":"TarGz","package":{"parts":[]}}`:                     CompressionTarGz,
		`{"status":{"code":200},"package":{"parts":[],"compressionType":"TarGz"}}`:                     CompressionTarGz,
		`{"status":{"code":200},"compressionType":"Zip","package":{"compressionType":"TarGz"}}`:        CompressionZip,
		`{"status":{"code":200},"package":{"parts":[]}}`:                                               "",
		`{"status":{"code":200},"compressionType":null,"package":{"compressionType":null,"parts":[]}}`: "",
	} {
		c := &canned{status: 200, body: body}
		status, err := c.account(t).Invoices.ExportStatus(t.Context(), "R")
		if err != nil || status.Compression != want {
			t.Errorf("%s: %q, %v", body, status.Compression, err)
		}
	}
}
