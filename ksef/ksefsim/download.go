package ksefsim

// downloadInvoice answers GET /invoices/ksef/{ksefNumber}: the bytes that were
// sent, for a context that is on the invoice in any role.
func (s *Server) downloadInvoice(c *call) (*reply, error) {
	number, err := c.ksefNumber()
	if err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	inv, known := s.state.byNumber[number]
	switch {
	case !known || !inv.concerns(c.context):
		return nil, refusef(codeNoInvoice, "Faktura o numerze KSeF %s nie została znaleziona.", number)
	case !inv.found(c.now):
		return nil, refusef(codeInvoiceNotReady, "Faktura o numerze KSeF %s została przetworzona, ale nie jest jeszcze dostępna do pobrania. Spróbuj ponownie później.", number)
	}
	return document(inv.XML), nil
}
