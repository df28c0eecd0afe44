package pack

import "fmt"

// Compression is the form of the archive, in the contract's compressionType.
type Compression uint8

const (
	// Zip is KSeF's default: every document is compressed by itself.
	Zip Compression = iota
	// TarGz (API 2.6.0 and later) compresses documents together, which makes
	// packages of similar invoices several times smaller.
	TarGz
)

// String returns the contract's word.
func (c Compression) String() string {
	switch c {
	case Zip:
		return "Zip"
	case TarGz:
		return "TarGz"
	}
	return fmt.Sprintf("Compression(%d)", uint8(c))
}

// MarshalText returns the contract's word.
func (c Compression) MarshalText() ([]byte, error) {
	if c > TarGz {
		return nil, fmt.Errorf("%w: unknown compression", ErrConfig)
	}
	return []byte(c.String()), nil
}

// UnmarshalText reads the contract's word.
func (c *Compression) UnmarshalText(text []byte) error {
	switch string(text) {
	case "Zip":
		*c = Zip
	case "TarGz":
		*c = TarGz
	default:
		return fmt.Errorf("%w: unknown compression", ErrConfig)
	}
	return nil
}
