package access_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/access"
)

var pepper = []byte("a pepper of the right length")

// sample is a key made of the bytes 1, 2, 3, …: it pins the format.
const sample = "fp_live_6UebxCZd_CQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJyg_0J58RZ"

// counting yields 1, 2, 3, …
type counting struct{ next byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		c.next++
		p[i] = c.next
	}
	return len(p), nil
}

func generate(t testing.TB, random io.Reader) (access.Secret, access.KeyRecord) {
	t.Helper()
	secret, rec, err := access.Generate(random, access.Live, pepper)
	if err != nil {
		t.Fatal(err)
	}
	return secret, rec
}

func TestGenerateFormat(t *testing.T) {
	t.Parallel()
	secret, rec := generate(t, &counting{})
	if diff := cmp.Diff(sample, secret.Reveal()); diff != "" {
		t.Errorf("key of the bytes 1, 2, 3, … (-want +got):\n%s", diff)
	}
	key, err := access.Parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	if key.ID != rec.ID || key.Environment != access.Live || rec.Environment != access.Live {
		t.Errorf("parsed %v, record %v", key, rec)
	}
	if !key.Verify(rec.Hash, pepper) {
		t.Error("the key does not verify against its own record")
	}
}

func TestGenerateIsRandom(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	pattern := regexp.MustCompile("^" + access.Pattern + "$")
	for range 500 {
		secret, rec := generate(t, nil)
		text := secret.Reveal()
		if seen[text] || seen[rec.ID] {
			t.Fatal("two keys are alike")
		}
		seen[text], seen[rec.ID] = true, true
		if !pattern.MatchString(text) {
			t.Fatalf("Pattern does not find a key of %d characters", len(text))
		}
		if _, err := access.Parse(text); err != nil {
			t.Fatalf("Parse of a generated key: %v", err)
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	if _, _, err := access.Generate(nil, "prod", nil); err == nil {
		t.Error("an unknown environment is accepted")
	}
	if secret, _, err := access.Generate(bytes.NewReader(make([]byte, 39)), access.Test, nil); !errors.Is(err, io.ErrUnexpectedEOF) || secret.Reveal() != "" {
		t.Errorf("a source that runs dry: %v", err)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	secret, rec := generate(t, &counting{})
	other, _ := generate(t, &counting{next: 100})
	key, err := access.Parse(secret.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := access.Parse(other.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		key    access.Key
		hash   access.Hash
		pepper []byte
		want   bool
	}{
		{"right", key, rec.Hash, pepper, true},
		{"another secret", wrong, rec.Hash, pepper, false},
		{"another pepper", key, rec.Hash, []byte("another pepper, also long"), false},
		{"no pepper", key, rec.Hash, nil, false},
		{"no record", key, access.Hash{}, pepper, false},
		{"no key", access.Key{}, rec.Hash, pepper, false},
		{"no key against its own hash", access.Key{}, access.Key{}.Hash(pepper), pepper, false},
	}
	for _, tt := range tests {
		if got := tt.key.Verify(tt.hash, tt.pepper); got != tt.want {
			t.Errorf("%s: Verify = %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestParseFindsTypos changes every character of a key, drops every character
// and swaps every pair of neighbours.
func TestParseFindsTypos(t *testing.T) {
	t.Parallel()
	refused := func(text string) {
		if text == sample {
			return
		}
		if _, err := access.Parse(text); !errors.Is(err, access.ErrMistyped) && !errors.Is(err, access.ErrMalformed) {
			t.Errorf("Parse(%s): %v", text, err)
		}
	}
	for i := range len(sample) {
		for _, c := range []byte("aA0_-~ \x00\xff") {
			refused(sample[:i] + string(c) + sample[i+1:])
		}
		refused(sample[:i] + sample[i+1:])
		if i > 0 {
			refused(sample[:i-1] + sample[i:i+1] + sample[i-1:i] + sample[i+1:])
		}
	}
	if _, err := access.Parse(strings.Replace(sample, "CQoL", "CQol", 1)); !errors.Is(err, access.ErrMistyped) {
		t.Errorf("a letter in the wrong case: %v", err)
	}
	for _, text := range []string{"", "fp_", sample + "0", " " + sample, sample + "\n", strings.Repeat("fp_live_", 1<<16)} {
		if _, err := access.Parse(text); !errors.Is(err, access.ErrMalformed) {
			t.Errorf("Parse of %d bytes: %v", len(text), err)
		}
	}
}

// TestOneSpelling: the last character of the secret has two bits that mean
// nothing; set, they make another text, which is not a key even with the
// checksum that belongs to it.
func TestOneSpelling(t *testing.T) {
	t.Parallel()
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for _, last := range "ghij" {
		body := sample[:len(sample)-8] + string(last)
		sum := uint64(crc32.ChecksumIEEE([]byte(body)))
		var digits [6]byte
		for i := range digits {
			digits[5-i], sum = alphabet[sum%62], sum/62
		}
		text := body + "_" + string(digits[:])
		if _, err := access.Parse(text); (err == nil) != (text == sample) {
			t.Errorf("Parse(%s): %v", text, err)
		}
	}
}

func TestHashText(t *testing.T) {
	t.Parallel()
	_, rec := generate(t, &counting{})
	text, err := json.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	var back access.KeyRecord
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rec, back); diff != "" {
		t.Errorf("record decoded again (-want +got):\n%s", diff)
	}
	for _, bad := range []string{"", "00", strings.Repeat("0", 63), strings.Repeat("0", 66), strings.Repeat("g", 64)} {
		if err := new(access.Hash).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("UnmarshalText(%q) succeeds", bad)
		}
	}
}

// TestSecretsDoNotPrint looks for any part of the secret in everything that can
// print: fmt on the value, on a pointer, inside structs with exported and
// unexported fields, encoders and loggers.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	secret, _ := generate(t, &counting{})
	key, err := access.Parse(secret.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	type outer struct {
		Secret access.Secret
		hidden access.Secret
		Key    access.Key
		inner  *access.Key
	}
	o := outer{secret, secret, key, &key}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%100s"} {
		for _, v := range []any{secret, &secret, key, &key, o, &o, []outer{o}, map[string]access.Secret{"k": secret}} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("made", "secret", secret, "key", key, "outer", o)
	}
	text, err := json.Marshal(map[string]any{"secret": secret, "pointer": &secret, "outer": o, "list": []access.Secret{secret}})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	for _, leak := range []string{"CQoL", "090a0b", "9 10 11", "0x9, 0xa", "43516f"} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("the secret shows as %s in:\n%s", leak, out.String())
		}
	}
	if got := fmt.Sprint(secret); got != "[redacted]" {
		t.Errorf("a secret prints as %s", got)
	}
	if (access.Secret{}).Reveal() != "" {
		t.Error("the zero Secret is not empty")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{sample, "", "fp_live_", "fp_test_11111111_" + strings.Repeat("A", 43) + "_000000", strings.ToUpper(sample)} {
		f.Add(seed)
	}
	secret, _ := generate(f, &counting{next: 7})
	f.Add(secret.Reveal())
	pattern := regexp.MustCompile("^" + access.Pattern + "$")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := access.Parse(text)
		if err != nil {
			if !errors.Is(err, access.ErrMalformed) && !errors.Is(err, access.ErrMistyped) {
				t.Fatalf("Parse(%q): %v", text, err)
			}
			return
		}
		if !pattern.MatchString(text) || !strings.HasPrefix(text, "fp_"+string(key.Environment)+"_"+key.ID+"_") {
			t.Fatalf("Parse(%q) = %v", text, key)
		}
		if !key.Verify(key.Hash(pepper), pepper) {
			t.Fatalf("Parse(%q) does not verify against its own hash", text)
		}
	})
}
