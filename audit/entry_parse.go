package audit

import (
	"bytes"
	"errors"
	"time"
	"unicode/utf8"
)

var errEntry = errors.New("malformed entry")

// ParseEntry reads the stored form of an entry. It accepts exactly the bytes
// that the log writes: fixed key order, no blanks, no escapes, no unknown keys.
// It does not consult a catalogue, so entries of retired types stay readable.
// The entry keeps data.
func ParseEntry(data []byte) (Entry, error) {
	if len(data) > MaxEntry || !utf8.Valid(data) {
		return Entry{}, errEntry
	}
	p := entryParser{rest: data}
	e := p.entry()
	if p.failed || len(p.rest) != 0 {
		return Entry{}, errEntry
	}
	e.data = data
	return e, nil
}

// entryParser consumes the fixed form; the first mismatch fails it for good.
type entryParser struct {
	rest   []byte
	failed bool
}

func (p *entryParser) entry() Entry {
	var e Entry
	p.expect(entryHead)
	e.Seq = p.number()
	p.expect(idHead)
	e.ID = p.until('"')
	p.expect(`,"ts":"`)
	e.Time = p.time()
	p.expect(`,"cat":"`)
	e.Category = Category(p.until('"'))
	p.expect(`,"type":"`)
	e.Type = p.until('"')
	p.expect(`,"out":"`)
	e.Outcome = Outcome(p.until('"'))
	p.expect(`,"actor":`)
	e.Actor.Kind, e.Actor.ID = p.ref()
	if p.skip(`,"obj":`) {
		e.Object.Kind, e.Object.ID = p.ref()
	}
	if p.skip(`,"req":"`) {
		e.Request = p.until('"')
	}
	if p.skip(`,"d":{"`) {
		e.Details = p.details()
	}
	p.expect(`}`)
	return e
}

func (p *entryParser) skip(lit string) bool {
	if p.failed || len(p.rest) < len(lit) || string(p.rest[:len(lit)]) != lit {
		return false
	}
	p.rest = p.rest[len(lit):]
	return true
}

func (p *entryParser) expect(lit string) {
	if !p.skip(lit) {
		p.failed = true
	}
}

// until returns the non-empty text before the delimiter and consumes both.
func (p *entryParser) until(delim byte) string {
	i := bytes.IndexByte(p.rest, delim)
	if p.failed || i <= 0 || !plain(p.rest[:i]) {
		p.failed = true
		return ""
	}
	s := string(p.rest[:i])
	p.rest = p.rest[i+1:]
	return s
}

// plain reports whether JSON writes the text without escapes.
func plain(s []byte) bool {
	for _, c := range s {
		if c < 0x20 || c == '"' || c == '\\' || c == 0x7f {
			return false
		}
	}
	return true
}

func (p *entryParser) number() uint64 {
	n, size, ok := leadingNumber(p.rest)
	if p.failed || !ok {
		p.failed = true
		return 0
	}
	p.rest = p.rest[size:]
	return n
}

// leadingNumber reads a decimal without leading zeros that fits 63 bits, the
// range in which the tree counts.
func leadingNumber(b []byte) (n uint64, size int, ok bool) {
	for size < len(b) && size < 19 && isDigit(b[size]) {
		n = n*10 + uint64(b[size]-'0')
		size++
	}
	if size == 0 || size > 1 && b[0] == '0' || n > 1<<63-1 {
		return 0, 0, false
	}
	return n, size, size == len(b) || !isDigit(b[size])
}

func (p *entryParser) time() time.Time {
	s := p.until('"')
	t, err := time.Parse(timeLayout, s)
	if err != nil || t.Format(timeLayout) != s {
		p.failed = true
	}
	return t
}

func (p *entryParser) ref() (kind, id string) {
	p.expect(`{"k":"`)
	kind = p.until('"')
	if p.skip(`,"id":"`) {
		id = p.until('"')
	}
	p.expect(`}`)
	return kind, id
}

// details reads pairs in strictly rising order of keys; the opening brace and
// quote are already consumed.
func (p *entryParser) details() map[string]string {
	m := make(map[string]string)
	for last := ""; ; {
		key := p.until('"')
		p.expect(`:"`)
		value := p.until('"')
		if p.failed || key <= last || len(m) == maxDetails {
			p.failed = true
			return nil
		}
		m[key], last = value, key
		if !p.skip(`,"`) {
			p.expect(`}`)
			return m
		}
	}
}

// peekSeq reads the sequence number alone.
func peekSeq(data []byte) (seq uint64, rest []byte, ok bool) {
	if len(data) < len(entryHead) || string(data[:len(entryHead)]) != entryHead {
		return 0, nil, false
	}
	n, size, ok := leadingNumber(data[len(entryHead):])
	return n, data[len(entryHead)+size:], ok
}

// peekID reads the event ID from what follows the sequence number.
func peekID(rest []byte) (id []byte, ok bool) {
	if len(rest) < len(idHead) || string(rest[:len(idHead)]) != idHead {
		return nil, false
	}
	rest = rest[len(idHead):]
	i := bytes.IndexByte(rest, '"')
	if i <= 0 {
		return nil, false
	}
	return rest[:i], true
}
