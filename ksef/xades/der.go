package xades

import (
	"errors"
	"strconv"
)

var errDER = errors.New("malformed DER")

// ASN.1 tags of what is read here.
const (
	tagInteger         = 0x02
	tagOID             = 0x06
	tagUTF8String      = 0x0c
	tagNumericString   = 0x12
	tagPrintableString = 0x13
	tagIA5String       = 0x16
	tagSequence        = 0x30
	tagSet             = 0x31
)

// element is one DER element: its tag, its content, and both with the header.
type element struct {
	tag     byte
	content []byte
	full    []byte
}

// readDER splits the first element off b. Names and signatures are short, so
// tags of one byte and lengths of up to two bytes are all there is.
func readDER(b []byte) (e element, rest []byte, err error) {
	if len(b) < 2 {
		return e, nil, errDER
	}
	head, n := 2, int(b[1])
	switch {
	case n == 0x81 && len(b) > 2 && b[2] >= 0x80:
		head, n = 3, int(b[2])
	case n == 0x82 && len(b) > 3 && b[2] != 0:
		head, n = 4, int(b[2])<<8|int(b[3])
	case n >= 0x80:
		return e, nil, errDER
	}
	if len(b)-head < n {
		return e, nil, errDER
	}
	return element{b[0], b[head : head+n], b[:head+n]}, b[head+n:], nil
}

// expectDER is readDER for an element of a known tag.
func expectDER(b []byte, tag byte) (e element, rest []byte, err error) {
	if e, rest, err = readDER(b); err == nil && e.tag != tag {
		err = errDER
	}
	return e, rest, err
}

// appendOID appends an object identifier with dots.
func appendOID(dst, content []byte) ([]byte, error) {
	var arc uint64
	first := true
	for i, c := range content {
		if arc > 1<<56 || c == 0x80 && arc == 0 {
			return nil, errDER
		}
		arc = arc<<7 | uint64(c&0x7f)
		switch {
		case c&0x80 != 0 && i == len(content)-1:
			return nil, errDER
		case c&0x80 != 0:
			continue
		case first:
			top := min(arc/40, 2)
			dst = append(strconv.AppendUint(dst, top, 10), '.')
			dst = strconv.AppendUint(dst, arc-40*top, 10)
			first = false
		default:
			dst = strconv.AppendUint(append(dst, '.'), arc, 10)
		}
		arc = 0
	}
	if first {
		return nil, errDER
	}
	return dst, nil
}

// rawECDSA turns the ASN.1 signature that every crypto.Signer returns into the
// form of XML-DSig: r and s, each padded on the left to the width of the curve.
func rawECDSA(der []byte, size int) ([]byte, error) {
	sequence, rest, err := expectDER(der, tagSequence)
	if err != nil || len(rest) > 0 {
		return nil, errSignerOutput
	}
	raw := make([]byte, 2*size)
	b := sequence.content
	for half := raw; len(half) > 0; half = half[size:] {
		var n element
		if n, b, err = expectDER(b, tagInteger); err != nil {
			return nil, errSignerOutput
		}
		if !putUnsigned(half[:size], n.content) {
			return nil, errSignerOutput
		}
	}
	if len(b) > 0 {
		return nil, errSignerOutput
	}
	return raw, nil
}

// putUnsigned writes a positive DER integer to the right end of dst.
func putUnsigned(dst, integer []byte) bool {
	if len(integer) == 0 || integer[0]&0x80 != 0 {
		return false
	}
	for len(integer) > 0 && integer[0] == 0 {
		integer = integer[1:]
	}
	if len(integer) == 0 || len(integer) > len(dst) {
		return false
	}
	copy(dst[len(dst)-len(integer):], integer)
	return true
}
