package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// attack is a change to the files of a log and what it must be detected as.
type attack struct {
	name   string
	change func(t *testing.T, dir string)
	kind   error
	first  uint64
	last   uint64
	// unlocated findings are about the log as a whole.
	unlocated bool
}

// The sample has entries 0; 1–3; 4; 5; 6–9 in these commits.
var attackSizes = []int{1, 3, 1, 1, 4}

// edit changes the frames of the segment that holds an entry.
func edit(seq uint64, change func([]frame) []frame) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		done := false
		for _, path := range segmentFiles(t, dir) {
			rewrite(t, path, func(list []frame) []frame {
				if at(list, seq) < 0 {
					return list
				}
				done = true
				return change(list)
			})
		}
		if !done {
			t.Fatalf("no entry %d", seq)
		}
	}
}

// at finds an entry among frames.
func at(list []frame, seq uint64) int {
	for i, f := range list {
		if f.kind == kindEntry && f.seq == seq {
			return i
		}
	}
	return -1
}

func cut(seq uint64, n int) func([]frame) []frame {
	return func(list []frame) []frame {
		i := at(list, seq)
		return append(list[:i:i], list[i+n:]...)
	}
}

var attacks = []attack{
	{name: "change an entry and its checksum", kind: ErrChanged, first: 4, last: 4,
		change: edit(4, func(list []frame) []frame {
			f := &list[at(list, 4)]
			f.data = bytes.Replace(f.data, []byte(`"150"`), []byte(`"200"`), 1)
			return list
		})},
	{name: "change one of several in a commit", kind: ErrChanged, first: 1, last: 3,
		change: edit(2, func(list []frame) []frame {
			f := &list[at(list, 2)]
			f.data = bytes.Replace(f.data, []byte(`"ok"`), []byte(`"no"`), 1)
			return list
		})},
	{name: "replace an entry by other bytes", kind: ErrChanged, first: 5, last: 5,
		change: edit(5, func(list []frame) []frame {
			list[at(list, 5)].data = []byte("nothing happened")
			return list
		})},
	{name: "delete an entry with its checkpoint", kind: ErrDeleted, first: 4, last: 4, change: edit(4, cut(4, 2))},
	{name: "delete an entry inside a commit", kind: ErrDeleted, first: 7, last: 8, change: edit(7, cut(7, 2))},
	{name: "delete a checkpoint", kind: ErrDeleted, first: 4, last: 4, change: edit(4, func(list []frame) []frame {
		i := at(list, 4) + 1
		return append(list[:i:i], list[i+1:]...)
	})},
	{name: "delete and renumber", kind: ErrTruncated, first: 9, last: 9, change: edit(8, func(list []frame) []frame {
		list = cut(8, 1)(list) // leaves 6, 7, 9 and the checkpoint
		for i := range list[:3] {
			f := &list[i]
			_, rest, _ := peekSeq(f.data)
			f.seq, f.back, f.left = uint64(6+i), uint16(i), uint16(3-i)
			f.data = appendEntry(nil, f.seq, rest)
		}
		list[3].seq, list[3].back = 9, 3
		return list
	})},
	{name: "swap two entries", kind: ErrReordered, first: 6, last: 6, change: edit(6, func(list []frame) []frame {
		i, j := at(list, 6), at(list, 8)
		list[i], list[j] = list[j], list[i]
		return list
	})},
	{name: "swap two entries under each other's header", kind: ErrReordered, first: 6, last: 6,
		change: edit(6, func(list []frame) []frame {
			i, j := at(list, 6), at(list, 8)
			list[i].data, list[j].data = list[j].data, list[i].data
			return list
		})},
	{name: "repeat an entry", kind: ErrReordered, first: 5, last: 5, change: edit(5, func(list []frame) []frame {
		i := at(list, 5)
		return append(list[:i:i], append([]frame{{kind: kindEntry, seq: 4, data: list[i].data}}, list[i:]...)...)
	})},
	{name: "truncate inside a record", kind: ErrTruncated, first: 9, last: 9, change: func(t *testing.T, dir string) {
		path := lastSegment(t, dir)
		data := readAll(t, path)
		writeAll(t, path, data[:bytes.LastIndex(data, frameMagic)-10])
	}},
	{name: "truncate behind a commit", kind: ErrTruncated, first: 6, last: 9, change: edit(6, func(list []frame) []frame {
		return list[:at(list, 6)]
	})},
	{name: "remove the last segment", kind: ErrTruncated, first: 6, last: 9, change: func(t *testing.T, dir string) {
		remove(t, lastSegment(t, dir))
	}},
	{name: "remove a segment in the middle", kind: ErrDeleted, first: 4, last: 5, change: func(t *testing.T, dir string) {
		remove(t, segmentFiles(t, dir)[1])
	}},
	{name: "remove the first segment", kind: ErrDeleted, first: 0, last: 3, change: func(t *testing.T, dir string) {
		remove(t, segmentFiles(t, dir)[0])
	}},
	{name: "remove all segments", kind: ErrTruncated, first: 0, last: 9, change: func(t *testing.T, dir string) {
		for _, path := range segmentFiles(t, dir) {
			remove(t, path)
		}
	}},
	{name: "remove the checkpoint", kind: ErrDeleted, unlocated: true, change: func(t *testing.T, dir string) {
		remove(t, filepath.Join(dir, headName))
	}},
	{name: "append an entry with a made-up signature", kind: ErrForged, first: 10, last: 10,
		change: forge(func(last frame) []byte { return append([]byte("x"), last.data...) })},
	{name: "append an entry with the last checkpoint again", kind: ErrForged, first: 10, last: 10,
		change: forge(func(last frame) []byte { return last.data })},
	{name: "append an entry without a checkpoint", kind: ErrForged, first: 10, last: 10,
		change: edit(9, func(list []frame) []frame {
			return append(list, frame{kind: kindEntry, seq: 10, data: forgedEntry(10)})
		})},
}

func forgedEntry(seq uint64) []byte {
	ev := complete(testEvent("forged"), Standard(), testTime)
	return appendEntry(nil, seq, appendTail(nil, &ev))
}

func forge(checkpoint func(last frame) []byte) func(*testing.T, string) {
	return edit(9, func(list []frame) []frame {
		note := checkpoint(list[len(list)-1])
		return append(list,
			frame{kind: kindEntry, seq: 10, left: 1, data: forgedEntry(10)},
			frame{kind: kindCheckpoint, seq: 11, back: 1, data: note})
	})
}

func lastSegment(t *testing.T, dir string) string {
	list := segmentFiles(t, dir)
	return list[len(list)-1]
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func TestAttacks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "log")
	key := sample(t, dir, attackSizes...)
	if n := len(segmentFiles(t, dir)); n != 3 {
		t.Fatalf("the sample has %d segments, want 3", n)
	}
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			dir := copyDir(t, dir)
			a.change(t, dir)
			report, err := VerifyDir(t.Context(), dir, key.VerifierKey())
			a.check(t, "Verify", err)
			if report.OK() || report.Fault != fault(err) {
				t.Errorf("the report does not tell: %+v", report)
			}
			if js, err := json.Marshal(report); err != nil || !bytes.Contains(js, []byte(`"fault":{"code":"`+report.Fault.Code()+`"`)) {
				t.Errorf("as JSON: %s, %v", js, err)
			}
			a.check(t, "Open", tryOpen(dir, key, nil))
		})
	}
}

func (a attack) check(t *testing.T, who string, err error) {
	t.Helper()
	f := fault(err)
	switch {
	case f == nil || !errors.Is(err, ErrTampered) || !errors.Is(err, a.kind):
		t.Errorf("%s: %v, want %v", who, err, a.kind)
	case f.Located == a.unlocated:
		t.Errorf("%s: located is %v: %v", who, f.Located, err)
	case f.First != a.first || f.Last != a.last:
		t.Errorf("%s: %v: entries %d to %d, want %d to %d", who, err, f.First, f.Last, a.first, a.last)
	}
}
