package pack

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

func sampleManifest() *Manifest {
	return &Manifest{
		Sealed: Sealed{
			Compression: TarGz, Size: 150, SHA256: Hash{1},
			Parts: []PartInfo{
				{Number: 1, Size: 100, SHA256: Hash{2}, EncryptedSize: 112, EncryptedSHA256: Hash{3}},
				{Number: 2, Size: 50, SHA256: Hash{4}, EncryptedSize: 64, EncryptedSHA256: Hash{5}},
			},
		},
		Documents: []DocumentInfo{{Name: "a.xml", Size: 300, SHA256: Hash{6}}, {Name: "ż \"<&>.xml", Size: 1, SHA256: Hash{7}}},
	}
}

// The stored form is a promise to those who upgrade between build and upload.
func TestManifestGolden(t *testing.T) {
	var got bytes.Buffer
	n, err := sampleManifest().WriteTo(&got)
	if err != nil || n != int64(got.Len()) {
		t.Fatal(n, err)
	}
	want, err := os.ReadFile("testdata/manifest.json")
	if err != nil || got.String() != string(want) {
		t.Fatalf("%v\n%s", err, got.String())
	}
	m, err := ReadManifest(&got)
	if err != nil || m.Documents[1] != sampleManifest().Documents[1] || m.Compression != TarGz {
		t.Fatal(m, err)
	}
}

func TestManifestRefuses(t *testing.T) {
	raw, err := os.ReadFile("testdata/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	good := string(raw)
	tests := map[string][2]string{
		"version":            {`"version":1`, `"version":2`},
		"format":             {`"format":"f`, `"format":"F`},
		"compression":        {`"TarGz"`, `"Rar"`},
		"size":               {`"size":150`, `"size":151`},
		"no size":            {`"size":150`, `"size":0`},
		"hash":               {`"sha256":"AQAA`, `"sha256":"AQA`},
		"part number":        {`"number":2`, `"number":1`},
		"encrypted size":     {`"encryptedSize":64`, `"encryptedSize":48`},
		"negative part":      {`"size":50`, `"size":-50`},
		"document size":      {`"size":1,`, `"size":0,`},
		"document name":      {`"a.xml"`, `"../a.xml"`},
		"document twice":     {`"a.xml"`, `"ż \"\u003c\u0026\u003e.xml"`},
		"no documents":       {`{"name"`, `],"x":[{"name"`},
		"truncated":          {"\n]}\n", ""},
		"something follows":  {"\n]}\n", "\n]}\n{}"},
		"fractional numbers": {`"size":150`, `"size":150.5`},
	}
	for name, tt := range tests {
		bad := strings.Replace(good, tt[0], tt[1], 1)
		if bad == good {
			t.Fatalf("%s: nothing replaced", name)
		}
		if m, err := ReadManifest(strings.NewReader(bad)); m != nil || !errors.Is(err, ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, r := range map[string]io.Reader{"reader": iotest.ErrReader(errSupply), "half": io.MultiReader(strings.NewReader(good[:40]), iotest.ErrReader(errSupply))} {
		if _, err := ReadManifest(r); !errors.Is(err, ErrStore) || !errors.Is(err, errSupply) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadManifest(endless{}); !errors.Is(err, ErrManifest) {
		t.Errorf("endless: %v", err)
	}
	if _, err := sampleManifest().WriteTo(&tightPart{s: &tight{when: "write"}}); err == nil {
		t.Error("a failing writer was not noticed")
	}
}
