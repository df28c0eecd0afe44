package xmlscan

import (
	"encoding/binary"
	"math/bits"
)

// Text is looked through eight bytes at a time, taken as one number.
const (
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// zeros has the top bit of the lowest byte of x that is zero set, and of none
// below it.
func zeros(x uint64) uint64 { return (x - ones) & ^x & tops }

// plainRun returns the position of the first byte from i on that is no plain text:
// "<", "&", "]", a control character or a byte beyond ASCII.
func plainRun(d []byte, i int) int {
	for i+8 <= len(d) {
		x := binary.LittleEndian.Uint64(d[i:])
		controls := (x - 0x20*ones) & tops // and nothing below them if x is ASCII
		found := x&tops | controls | zeros(x^'<'*ones) | zeros(x^'&'*ones) | zeros(x^']'*ones)
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
		i += 8
	}
	for i < len(d) && (byteClass[d[i]] == plainByte || byteClass[d[i]] == quoteByte) {
		i++
	}
	return i
}

// printable reports whether all eight bytes of x are between 0x20 and 0x7F: none
// has its top bit set, and subtracting 0x20 from each borrows from none.
func printable(x uint64) bool { return x&tops == 0 && (x-0x20*ones)&tops == 0 }
