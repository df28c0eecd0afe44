package audit

import (
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxEntry is the size in bytes of the longest entry. It leaves room below the
// 65,535 bytes that the C2SP tile format allows.
const MaxEntry = 32 << 10

// Entry is an event as it stands in the log. The sequence number starts at 0.
type Entry struct {
	Seq uint64
	Event
	data []byte
}

// Bytes returns the stored bytes, exactly those that the tree hashes. The
// caller must not change them.
func (e Entry) Bytes() []byte { return e.data }

// MarshalJSON returns the stored bytes.
func (e Entry) MarshalJSON() ([]byte, error) { return e.data, nil }

// LeafHash returns the RFC 6962 hash of the entry as a leaf of the tree.
func (e Entry) LeafHash() tlog.Hash { return tlog.RecordHash(e.data) }

// The stored form is one JSON object with keys in a fixed order, without
// blanks and without escapes: no value can hold a quote, a backslash or a
// control character. Bytes that an encoder could also have written otherwise
// are refused when read.
const (
	entryHead  = `{"v":1,"seq":`
	idHead     = `,"id":"`
	timeLayout = "2006-01-02T15:04:05.000000Z"
)

// appendTail writes what follows the sequence number, which is known only when
// the entry gets its place. The event must have passed Check.
func appendTail(dst []byte, ev *Event) []byte {
	dst = append(append(dst, idHead...), ev.ID...)
	dst = append(dst, `","ts":"`...)
	dst = ev.Time.UTC().AppendFormat(dst, timeLayout)
	dst = append(append(dst, `","cat":"`...), ev.Category...)
	dst = append(append(dst, `","type":"`...), ev.Type...)
	dst = append(append(dst, `","out":"`...), ev.Outcome...)
	dst = appendRef(append(dst, `","actor":`...), ev.Actor.Kind, ev.Actor.ID)
	if ev.Object.Kind != "" {
		dst = appendRef(append(dst, `,"obj":`...), ev.Object.Kind, ev.Object.ID)
	}
	if ev.Request != "" {
		dst = append(append(append(dst, `,"req":"`...), ev.Request...), '"')
	}
	if len(ev.Details) > 0 {
		dst = appendDetails(append(dst, `,"d":`...), ev.Details)
	}
	return append(dst, '}')
}

func appendRef(dst []byte, kind, id string) []byte {
	dst = append(append(dst, `{"k":"`...), kind...)
	if id != "" {
		dst = append(append(dst, `","id":"`...), id...)
	}
	return append(dst, `"}`...)
}

func appendDetails(dst []byte, details map[string]string) []byte {
	sep := byte('{')
	var buf [maxDetails]string
	for _, key := range sortedKeys(buf[:0], details) {
		dst = append(append(append(dst, sep, '"'), key...), `":"`...)
		dst = append(append(dst, details[key]...), '"')
		sep = ','
	}
	return append(dst, '}')
}

// sortedKeys appends the keys of m in order.
func sortedKeys(dst []string, m map[string]string) []string {
	for key := range m {
		dst = append(dst, key)
	}
	slices.Sort(dst)
	return dst
}

// appendEntry writes the whole entry from the tail made by appendTail.
func appendEntry(dst []byte, seq uint64, tail []byte) []byte {
	return append(strconv.AppendUint(append(dst, entryHead...), seq, 10), tail...)
}

// complete fills what the caller may leave out.
func complete(ev Event, c Catalogue, now time.Time) Event {
	if ev.Time.IsZero() {
		ev.Time = now
	}
	ev.Time = ev.Time.UTC().Truncate(time.Microsecond)
	ev.Category = c[ev.Type].Category
	if ev.Outcome == "" {
		ev.Outcome = OutcomeOK
	}
	if ev.Actor.Kind == "" {
		ev.Actor.Kind = ActorSystem
	}
	return ev
}
