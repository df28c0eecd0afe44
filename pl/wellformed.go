package pl

// WellFormed reports whether n has the form of a NIP, whatever its check digit.
// The KSeF test environment lets in sellers whose check digit is wrong, so that
// what it gives out cannot be held to Valid.
func (n NIP) WellFormed() bool { return nipPattern(string(n)) }
