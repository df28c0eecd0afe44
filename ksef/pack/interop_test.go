package pack

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// judge finds an independent program.
func judge(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed: its judgement is missing", name)
	}
	return path
}

func run(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return out
}

// decryptedBy openssl, part by part, the parts joined as KSeF joins them.
func decryptedBy(t *testing.T, openssl string, key Key, d *Dir, parts int) string {
	t.Helper()
	dir := t.TempDir()
	var plain []byte
	for n := range parts {
		out := filepath.Join(dir, "plain")
		run(t, dir, openssl, "enc", "-d", "-aes-256-cbc", "-K", hex.EncodeToString(key.Reveal()), "-iv", hex.EncodeToString(key.IV()), "-in", d.part(n+1), "-out", out)
		part, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		plain = append(plain, part...)
	}
	path := filepath.Join(dir, "package")
	if err := os.WriteFile(path, plain, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// openssl decrypts and unzip or tar unpack what Build made.
func TestOthersOpenOurs(t *testing.T) {
	openssl := judge(t, "openssl")
	for form, unpack := range map[Compression][]string{Zip: {"unzip", "-q"}, TarGz: {"tar", "-xzf"}} {
		t.Run(unpack[0], func(t *testing.T) {
			program := judge(t, unpack[0])
			d := NewDir(t.TempDir())
			key := testKey(t)
			v := newInvoices(9)
			large := content(v, 0, 700_000)
			docs := []Document{{Name: "large.xml", Content: large}}
			for i := range 120 {
				docs = append(docs, Document{Name: invoiceName(i), Content: bytes.Clone(v.next(i))})
			}
			docs = append(docs, Document{Name: "Żółw – ńandu.xml", Content: []byte("Ą")})
			m, err := Build(t.Context(), key, of(docs...), d, Config{Compression: form, PartSize: 40_000})
			if err != nil {
				t.Fatal(err)
			}
			archive := decryptedBy(t, openssl, key, d, len(m.Parts))
			dir := t.TempDir()
			if form == Zip {
				run(t, dir, program, "-tqq", archive)
			}
			run(t, dir, program, append(unpack[1:], archive)...)
			for _, doc := range docs {
				got, err := os.ReadFile(filepath.Join(dir, doc.Name))
				if err != nil || !bytes.Equal(got, doc.Content) {
					t.Errorf("%s: %v", doc.Name, err)
				}
			}
			if entries, _ := os.ReadDir(dir); len(entries) != len(docs) {
				t.Errorf("%d files of %d", len(entries), len(docs))
			}
		})
	}
}

// Open reads what zip and tar made, in their default forms and others.
func TestWeOpenOthers(t *testing.T) {
	src := t.TempDir()
	var want []file
	v := newInvoices(4)
	for i := range 30 {
		f := file{invoiceName(i), string(v.next(i))}
		want = append(want, f)
		if err := os.WriteFile(filepath.Join(src, f.Name), []byte(f.Content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name    string
		form    Compression
		program string
		args    []string
	}{
		{"zip", Zip, "zip", []string{"-q", "OUT", "-@"}},
		{"zip stored", Zip, "zip", []string{"-q0", "OUT", "-@"}},
		{"zip with data descriptors", Zip, "zip", []string{"-qfd", "OUT", "-@"}},
		{"tar", TarGz, "tar", []string{"-czf", "OUT", "-T", "-"}},
		{"tar pax", TarGz, "tar", []string{"--format=pax", "-czf", "OUT", "-T", "-"}},
		{"tar ustar", TarGz, "tar", []string{"--format=ustar", "-czf", "OUT", "-T", "-"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			program := judge(t, tt.program)
			out := filepath.Join(t.TempDir(), "package.zip")
			var list bytes.Buffer
			for _, f := range want {
				fmt.Fprintln(&list, f.Name)
			}
			args := append([]string(nil), tt.args...)
			for i := range args {
				if args[i] == "OUT" {
					args[i] = out
				}
			}
			cmd := exec.Command(program, args...)
			cmd.Dir, cmd.Stdin = src, &list
			if msg, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, msg)
			}
			plain, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			got, err := openBytes(t, tt.form, plain, OpenConfig{})
			if err != nil || len(got) != len(want) {
				t.Fatal(len(got), err)
			}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s differs", want[i].Name)
				}
			}
		})
	}
}
