package pack

import (
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

// countWhole counts the complete entries of a ZIP without its end, from the
// start to the first that is not complete. Nothing is believed: every entry is
// unpacked and its sum compared, until a limit of the archive is reached.
func countWhole(c *cursor, cfg OpenConfig) (whole int, err error) {
	var total int64
	for whole <= cfg.MaxDocuments && cfg.unpacked(total, c.end) == nil {
		n, ok, err := wholeEntry(c, cfg)
		if !ok || err != nil {
			return whole, err
		}
		total += n
		whole++
	}
	return whole, nil
}

// wholeEntry reads one entry of n bytes; errors are only those of the reading
// itself.
func wholeEntry(c *cursor, cfg OpenConfig) (n int64, ok bool, err error) {
	var raw [localLen]byte
	if _, err := io.ReadFull(c, raw[:]); err != nil {
		return 0, false, ending(err)
	}
	if le.Uint32(raw[:]) != localSignature || le.Uint16(raw[6:])&flagEncrypted != 0 {
		return 0, false, nil
	}
	skip := int64(le.Uint16(raw[26:])) + int64(le.Uint16(raw[28:]))
	if _, err := io.CopyN(io.Discard, c, skip); err != nil {
		return 0, false, ending(err)
	}
	e := zipEntry{method: le.Uint16(raw[8:]), crc: le.Uint32(raw[14:]), packed: int64(le.Uint32(raw[18:]))}
	described := le.Uint16(raw[6:])&flagDescriptor != 0
	var body io.Reader
	switch {
	case e.method == methodDeflate:
		body = flate.NewReader(c) // a ByteReader: it stops where the stream ends
	case e.method == methodStore && !described:
		body = io.LimitReader(c, e.packed)
	default:
		return 0, false, nil
	}
	digest := crc32.NewIEEE()
	most := max(cfg.MaxDocument, cfg.MaxMetadata)
	n, err = io.Copy(digest, io.LimitReader(body, most+1))
	switch {
	case err != nil || n > most:
		return 0, false, ending(err)
	case described:
		ok, err = describedBy(c, digest.Sum32())
		return n, ok, err
	}
	return n, digest.Sum32() == e.crc, nil
}

// describedBy reads a data descriptor of 32-bit sizes, with or without its
// signature, which is what everybody writes for small files.
func describedBy(c *cursor, crc uint32) (bool, error) {
	var raw [16]byte
	if _, err := io.ReadFull(c, raw[:4]); err != nil {
		return false, ending(err)
	}
	rest := raw[4:12]
	if le.Uint32(raw[:]) == descriptorSignature {
		rest = raw[4:16]
	}
	if _, err := io.ReadFull(c, rest); err != nil {
		return false, ending(err)
	}
	return le.Uint32(raw[len(rest)-8:]) == crc, nil
}

// ending drops errors that say that the archive ends or is broken here.
func ending(err error) error {
	if err == nil || broken(err) == ErrArchive {
		return nil
	}
	return err
}
