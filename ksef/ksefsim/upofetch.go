package ksefsim

import (
	"slices"

	"github.com/faktupro/faktupro-go/pl"
)

// noUPO is the answer about a confirmation that does not exist.
func noUPO(format string, args ...any) error { return refusef(codeNoUPO, format, args...) }

// upoByReference answers GET /sessions/{ref}/invoices/{invRef}/upo.
func (s *Server) upoByReference(c *call) (*reply, error) {
	reference := c.request.PathValue("invoiceReferenceNumber")
	return s.upo(c, func(se *session) (upoJob, error) {
		inv, known := se.byRef[reference]
		if !known || !inv.accepted() || s.state.hold.upo {
			return upoJob{}, noUPO("UPO faktury o numerze referencyjnym %s i numerze referencyjnym sesji %s nie zostało znalezione.", clip(reference), se.Reference)
		}
		return se.invoiceJob(inv), nil
	})
}

// upoByNumber answers GET /sessions/{ref}/invoices/ksef/{ksefNumber}/upo.
func (s *Server) upoByNumber(c *call) (*reply, error) {
	number, err := c.ksefNumber()
	if err != nil {
		return nil, err
	}
	return s.upo(c, func(se *session) (upoJob, error) {
		inv, known := s.state.byNumber[number]
		if !known || inv.session != se || s.state.hold.upo {
			return upoJob{}, noUPO("UPO o numerze KSeF %s i numerze referencyjnym sesji %s nie zostało znalezione.", number, se.Reference)
		}
		return se.invoiceJob(inv), nil
	})
}

// sessionUPO answers GET /sessions/{ref}/upo/{upoRef}.
func (s *Server) sessionUPO(c *call) (*reply, error) {
	reference := c.request.PathValue("upoReferenceNumber")
	return s.upo(c, func(se *session) (upoJob, error) {
		page := slices.Index(se.pages, reference)
		if page < 0 {
			return upoJob{}, noUPO("UPO o numerze referencyjnym %s dla sesji %s nie zostało znalezione.", clip(reference), se.Reference)
		}
		return se.pageJob(page), nil
	})
}

// upo finds a confirmation in a session and makes it outside the lock.
func (s *Server) upo(c *call, find func(*session) (upoJob, error)) (*reply, error) {
	job, err := s.findUPO(c, find)
	if err != nil {
		return nil, err
	}
	doc, err := s.makeUPO(job)
	if err != nil {
		return nil, err
	}
	return document(doc), nil
}

func (s *Server) findUPO(c *call, find func(*session) (upoJob, error)) (upoJob, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	se, err := s.state.findSession(c, detailNotFoundAsking)
	if err != nil {
		return upoJob{}, err
	}
	return find(se)
}

// ksefNumber reads the number in a path. The checksum is not judged here: a
// wrong one makes a number that nobody has.
func (c *call) ksefNumber() (pl.KSeFNumber, error) {
	number, valid := readNumber(c.request.PathValue("ksefNumber"))
	if !valid {
		return "", refuse(codeValidation, "'ksefNumber' is not in the correct format.")
	}
	return number, nil
}

// readNumber reads a KSeF number in the form of today or of KSeF 1.0.
func readNumber(text string) (pl.KSeFNumber, bool) {
	if len(text) == 36 && text[26] == '-' {
		text = text[:26] + text[27:] // the form of KSeF 1.0
	}
	if !matchesShape(text, "dddddddddd-dddddddd-XXXXXXXXXXXX-XX") || !isNIP(text[:10]) {
		return "", false
	}
	return pl.KSeFNumber(text), true
}
