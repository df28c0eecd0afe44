package pack

// DocumentInfo says what was packed.
type DocumentInfo struct {
	// Name of the file in the package.
	Name string `json:"name"`
	// Size in bytes.
	Size int64 `json:"size"`
	// SHA256 of the bytes, by which KSeF knows the invoice.
	SHA256 Hash `json:"sha256"`
}

// catalogue is what a package holds.
type catalogue struct {
	names     map[string]struct{}
	documents []DocumentInfo
	bytes     int64
	limit     int
}

func newCatalogue(limit int) *catalogue {
	return &catalogue{names: map[string]struct{}{}, limit: limit}
}

// claim takes a name for the next document.
func (c *catalogue) claim(name string) error {
	if len(c.names) >= c.limit {
		return &LimitError{Err: ErrTooManyDocuments, Limit: int64(c.limit)}
	}
	if err := checkName(name); err != nil {
		return err
	}
	if _, taken := c.names[name]; taken {
		return ErrDuplicateName
	}
	c.names[name] = struct{}{}
	return nil
}

// packed notes a document that is in the archive.
func (c *catalogue) packed(name string, size int, hash Hash) {
	c.documents = append(c.documents, DocumentInfo{name, int64(size), hash})
	c.bytes += int64(size)
}
