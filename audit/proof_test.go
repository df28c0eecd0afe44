package audit

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// TestProofs proves every entry of logs of many sizes; a proof verifies as it
// is and through its text.
func TestProofs(t *testing.T) {
	for _, size := range []int{1, 2, 3, 7, 8, 255, 256, 257, 513, 700} {
		l := testOpen(t, Config{Store: NewMemoryStore()})
		mustAppend(t, l, testEvents("e", size)...)
		for seq := range size {
			if size > 100 && seq%37 != 0 && seq < size-2 && seq%256 > 1 {
				continue
			}
			p, err := l.Prove(t.Context(), uint64(seq))
			if err != nil {
				t.Fatalf("size %d: Prove(%d): %v", size, seq, err)
			}
			text, err := p.MarshalText()
			if err != nil {
				t.Fatal(err)
			}
			var again Proof
			if err := again.UnmarshalText(text); err != nil {
				t.Fatalf("size %d: proof of %d: %v", size, seq, err)
			}
			e, err := VerifyProof(&again, l.VerifierKey())
			if err != nil || e.ID != fmt.Sprintf("e-%d", seq) || e.Seq != uint64(seq) {
				t.Fatalf("size %d: proof of %d: %s, %v", size, seq, e.ID, err)
			}
		}
		mustClose(t, l)
	}
}

// TestProveEvent proves an entry by the identifier of its event.
func TestProveEvent(t *testing.T) {
	l := testOpen(t, Config{Store: NewMemoryStore()})
	mustAppend(t, l, testEvents("e", 300)...)
	for _, id := range []string{"e-0", "e-255", "e-256", "e-299"} {
		p, err := l.ProveEvent(t.Context(), id)
		if err != nil {
			t.Fatalf("ProveEvent(%s): %v", id, err)
		}
		if e, err := VerifyProof(p, l.VerifierKey()); err != nil || e.ID != id {
			t.Errorf("proof of %s is for %s, %v", id, e.ID, err)
		}
	}
	for _, id := range []string{"", "e-300", "E-1"} {
		if p, err := l.ProveEvent(t.Context(), id); !errors.Is(err, ErrNotFound) || p != nil {
			t.Errorf("ProveEvent(%q) = %v, %v", id, p, err)
		}
	}
	mustClose(t, l)
}

func goldenProof(t testing.TB) (text []byte, verifierKey string) {
	l := testOpen(t, Config{Store: NewMemoryStore()})
	mustAppend(t, l, testEvents("e", 5)...)
	p, err := l.Prove(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = p.MarshalText(); err != nil {
		t.Fatal(err)
	}
	return text, l.VerifierKey()
}

// TestProofText pins the text form.
func TestProofText(t *testing.T) {
	text, _ := goldenProof(t)
	golden(t, "entry.tlog-proof", text)
}

// TestProofFlips changes every byte of a proof: nothing of it may still prove
// anything.
func TestProofFlips(t *testing.T) {
	text, key := goldenProof(t)
	if _, err := VerifyProofText(text, key); err != nil {
		t.Fatal(err)
	}
	for i := range text {
		for _, bit := range []byte{1, 0x20} {
			changed := bytes.Clone(text)
			changed[i] ^= bit
			if e, err := VerifyProofText(changed, key); !errors.Is(err, ErrProof) {
				t.Errorf("byte %d (%q) changed by %#x: %+v, %v", i, text[i], bit, e.Event, err)
			}
		}
	}
	for i := range text {
		if _, err := VerifyProofText(text[:i], key); !errors.Is(err, ErrProof) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
}

// TestProofForgeries combines good parts wrongly.
// TestProofSpellings tries every value in place of every byte: a proof has one
// spelling.
func TestProofSpellings(t *testing.T) {
	text, key := goldenProof(t)
	for i := range text {
		for v := range 256 {
			if byte(v) == text[i] {
				continue
			}
			changed := bytes.Clone(text)
			changed[i] = byte(v)
			if _, err := VerifyProofText(changed, key); err == nil {
				t.Errorf("byte %d: %q instead of %q is accepted", i, byte(v), text[i])
			}
		}
	}
}

func TestProofForgeries(t *testing.T) {
	l := testOpen(t, Config{Store: NewMemoryStore()})
	mustAppend(t, l, testEvents("e", 5)...)
	prove := func(seq uint64) *Proof {
		p, err := l.Prove(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	old := prove(3)
	mustAppend(t, l, testEvents("f", 5)...)
	key := l.VerifierKey()
	stranger := testKey(t, "example.com/audit", 9)
	sign := func(c Checkpoint) []byte {
		signed, err := c.sign(testKey(t, "example.com/audit", 1))
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	for name, change := range map[string]func(p *Proof){
		"another number":     func(p *Proof) { p.Seq = 2 },
		"number too large":   func(p *Proof) { p.Seq = 1 << 63 },
		"another entry":      func(p *Proof) { p.Entry = prove(2).Entry },
		"no entry":           func(p *Proof) { p.Entry = nil },
		"another path":       func(p *Proof) { p.Path = prove(2).Path },
		"path too short":     func(p *Proof) { p.Path = p.Path[1:] },
		"path too long":      func(p *Proof) { p.Path = append(p.Path, tlog.Hash{}) },
		"older checkpoint":   func(p *Proof) { p.Checkpoint = old.Checkpoint },
		"no checkpoint":      func(p *Proof) { p.Checkpoint = nil },
		"endless checkpoint": func(p *Proof) { p.Checkpoint = bytes.Repeat([]byte("x"), 1<<20) },
		"signed empty tree":  func(p *Proof) { p.Checkpoint = sign(Checkpoint{"example.com/audit", 0, tlog.Hash{}}) },
		"signed huge tree":   func(p *Proof) { p.Checkpoint = sign(Checkpoint{"example.com/audit", 1<<63 - 1, tlog.Hash{}}) },
	} {
		p := prove(3)
		p.Path = slices.Clone(p.Path)
		change(p)
		if e, err := VerifyProof(p, key); !errors.Is(err, ErrProof) {
			t.Errorf("%s: %+v, %v", name, e.Event, err)
		}
	}
	if _, err := VerifyProof(prove(3), stranger.VerifierKey()); !errors.Is(err, ErrProof) || !errors.Is(err, ErrWrongKey) {
		t.Errorf("another verifier key: %v, want ErrWrongKey", err)
	}
	if _, err := VerifyProof(prove(3), "not a key"); !errors.Is(err, ErrKey) {
		t.Errorf("a key that is none: %v, want ErrKey", err)
	}
	if _, err := VerifyProof(old, key); err != nil {
		t.Errorf("an older proof stays good: %v", err)
	}
}

// TestProvenBytesAreAnEntry: a leaf that is no entry of its number proves nothing.
func TestProvenBytesAreAnEntry(t *testing.T) {
	key := testKey(t, "example.com/audit", 1)
	for _, data := range []string{"anything", goodEntry} {
		signed, err := Checkpoint{"example.com/audit", 1, tlog.RecordHash([]byte(data))}.sign(key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyProof(&Proof{0, []byte(data), nil, signed}, key.VerifierKey()); !errors.Is(err, ErrProof) {
			t.Errorf("%.20s: %v, want ErrProof", data, err)
		}
	}
}

func TestOpenCheckpoint(t *testing.T) {
	key := testKey(t, "example.com/audit", 1)
	want := Checkpoint{"example.com/audit", 12, tlog.RecordHash(nil)}
	good, err := want.sign(key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCheckpoint(good, key.VerifierKey()); err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
	cosigned, err := note.Open(good, verifiers(t, key))
	if err != nil {
		t.Fatal(err)
	}
	second, err := note.Sign(cosigned, testKey(t, "witness.example", 3))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCheckpoint(second, key.VerifierKey()); err != nil || got != want {
		t.Errorf("with the signature of a witness: %+v, %v", got, err)
	}
	root := base64.StdEncoding.EncodeToString(want.Root[:])
	for _, text := range []string{
		"", "\n", "o\n", "o\n1\n", "o\n1\nAAAA\n", "o\n01\n" + root + "\n", "o\n-1\n" + root + "\n", "o\n1 \n" + root + "\n",
		"o\n1\n" + root + "\nmore\n", "\n1\n" + root + "\n", "o o\n1\n" + root + "\n", "o\n1\n" + strings.TrimSuffix(root, "=") + "\n",
		"o\n9223372036854775808\n" + root + "\n", "o\n\n" + root + "\n", strings.Repeat("o", 200) + "\n1\n" + root + "\n",
	} {
		if c, err := parseCheckpoint(text); err == nil {
			t.Errorf("%q accepted: %+v", text, c)
		}
		if text == "" || text[len(text)-1] != '\n' {
			continue
		}
		signed, err := note.Sign(&note.Note{Text: text}, key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenCheckpoint(signed, key.VerifierKey()); !errors.Is(err, ErrTampered) {
			t.Errorf("%q signed: %v", text, err)
		}
	}
}

func verifiers(t *testing.T, key *Key) note.Verifiers {
	t.Helper()
	v, err := parseVerifiers([]string{key.VerifierKey()})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// FuzzProof: no input makes the parser or the verifier fail otherwise than with
// ErrProof, and what is parsed is exactly what would be written.
func FuzzProof(f *testing.F) {
	text, key := goldenProof(f)
	f.Add(text)
	f.Add(bytes.Replace(text, []byte("\n\n"), []byte("\nextra \n\n"), 1))
	f.Add([]byte("c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, verr := VerifyProofText(data, key)
		if verr != nil && !errors.Is(verr, ErrProof) {
			t.Fatalf("error of another kind: %v", verr)
		}
		p, err := ParseProof(data)
		if err != nil {
			return
		}
		again, err := p.MarshalText()
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("parsed %q, would write %q, %v", data, again, err)
		}
		if verr == nil && !bytes.Equal(e.Bytes(), p.Entry) {
			t.Fatalf("proves %q, holds %q", e.Bytes(), p.Entry)
		}
	})
}

// FuzzCheckpoint: what is accepted is exactly what would be signed.
func FuzzCheckpoint(f *testing.F) {
	f.Add("example.com/audit\n12\nVGhpcyBpcyBub3QgYSBoYXNoLCBidXQgMzIgYnl0ZXM=\n")
	f.Add("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseCheckpoint(text); err == nil && c.text() != text {
			t.Fatalf("accepted %q, would sign %q", text, c.text())
		}
	})
}

// FuzzSegment opens arbitrary bytes as a segment file: reading ends, and
// nothing but errors and records of sane size come out.
func FuzzSegment(f *testing.F) {
	d := newMemDisk()
	l := testOpen(f, Config{Store: memFileStore(f, d, 1<<20)})
	mustAppend(f, l, testEvents("a", 2)...)
	mustAppend(f, l, testEvents("b", 1)...)
	mustClose(f, l)
	good := d.names["/log/"+segmentName(0)].data
	head := d.names["/log/"+headName].data
	f.Add(good[segmentHeader:], uint64(3))
	f.Add(good[segmentHeader:len(good)-7], uint64(2))
	f.Add(append(bytes.Clone(good[segmentHeader:]), make([]byte, 100)...), uint64(0))
	f.Fuzz(func(t *testing.T, data []byte, acked uint64) {
		whole := append(bytes.Clone(good[:segmentHeader]), data...)
		disk := newMemDisk()
		disk.names["/log/"+segmentName(0)] = &memFile{data: whole}
		disk.names["/log/"+headName] = &memFile{data: head}
		s := &FileStore{dir: "/log", disk: disk}
		if _, err := s.Load(t.Context(), acked%8); err != nil && !errors.Is(err, ErrTampered) {
			t.Fatal(err)
		}
		for rec, err := range s.Read(t.Context(), 0) {
			if err != nil && !errors.Is(err, ErrTampered) {
				t.Fatal(err)
			}
			if len(rec.Data) > MaxEntry || len(rec.Checkpoint) > maxFrame {
				t.Fatal("record too long")
			}
		}
		report, err := Verify(t.Context(), s, VerifyOptions{VerifierKeys: []string{l.VerifierKey()}})
		if err == nil && (report.Size != 3 || report.Root != l.tree.root()) {
			t.Fatalf("another log accepted: %+v", report)
		}
	})
}
