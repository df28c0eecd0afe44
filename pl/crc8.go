package pl

// CRC8 is the checksum of KSeF numbers and KSeF reference numbers: polynomial
// 0x07, start 0, nothing reflected, nothing added. It is written as two
// hexadecimal digits in capitals. CRC8("123456789") is 0xF4.
func CRC8(s string) byte { return crc8(0, s) }

func crc8[T string | []byte](crc byte, s T) byte {
	for i := range len(s) {
		crc = crcTable[crc^s[i]]
	}
	return crc
}

// crcTable maps a byte to its remainder.
var crcTable = makeCRCTable(0x07)

func makeCRCTable(polynomial byte) (table [256]byte) {
	for i := range table {
		crc := byte(i)
		for range 8 {
			carry := crc&0x80 != 0
			crc <<= 1
			if carry {
				crc ^= polynomial
			}
		}
		table[i] = crc
	}
	return table
}
