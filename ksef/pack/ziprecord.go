package pack

import "encoding/binary"

// The records of a ZIP file, as APPNOTE.TXT 6.3 of PKWARE defines them.
const (
	localSignature      = 0x04034b50
	descriptorSignature = 0x08074b50
	directorySignature  = 0x02014b50
	end64Signature      = 0x06064b50
	locator64Signature  = 0x07064b50
	endSignature        = 0x06054b50

	localLen     = 30
	directoryLen = 46
	end64Len     = 56
	locator64Len = 20
	endLen       = 22

	methodStore   = 0
	methodDeflate = 8

	flagEncrypted  = 1<<0 | 1<<6 | 1<<13 // plain, strong, and hidden directory
	flagDescriptor = 1 << 3
	flagUTF8       = 1 << 11

	zip64Extra = 1
	full16     = 1<<16 - 1
	full32     = 1<<32 - 1
)

var le = binary.LittleEndian
