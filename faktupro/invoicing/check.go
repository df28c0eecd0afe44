package invoicing

import (
	"errors"
	"fmt"

	"github.com/faktupro/faktupro-go/faktupro"
)

// Check says whether Create would take the invoice, and stores nothing: nil, or
// the error that Create would return for it, a *faktupro.ValidationError that
// lists what is wrong. Number and issue date may be missing, as in a draft; a
// document too large for KSeF is refused already (code document.size). What
// depends on other invoices, such as a number in use, shows when it is issued.
func (s *Service) Check(inv *faktupro.Invoice) error {
	if _, err := s.check(inv); err != nil {
		return fmt.Errorf("invoicing: check: %w", err)
	}
	return nil
}

// content is an invoice that is good enough for a draft.
type content struct {
	inv    *faktupro.Invoice // a copy
	json   []byte
	totals faktupro.Totals
}

// check reads an invoice and judges its size.
func (s *Service) check(inv *faktupro.Invoice) (*content, error) {
	c, err := s.read(inv)
	if err != nil {
		return nil, err
	}
	return c, s.fits(c.inv)
}

// read validates an invoice as far as a draft can be. It is read back from its
// JSON text, so that what is sealed later is what was stored and nothing else.
func (s *Service) read(inv *faktupro.Invoice) (*content, error) {
	if inv == nil {
		return nil, errors.New("no invoice")
	}
	if err := inv.Validate(faktupro.ValidateOptions{Now: s.now(), Draft: true}).Err(); err != nil {
		return nil, err
	}
	text, err := faktupro.EncodeInvoice(inv)
	if err != nil {
		return nil, err
	}
	if inv, err = faktupro.DecodeInvoice(text); err != nil {
		return nil, err
	}
	totals, err := inv.Totals()
	if err != nil {
		return nil, err
	}
	return &content{inv: inv, json: text, totals: totals}, nil
}

// fits refuses a draft that is too large for KSeF whatever number and date it
// gets. All else that a draft may lack is judged when it is issued.
func (s *Service) fits(draft *faktupro.Invoice) error {
	inv := *draft
	orDefault(&inv.Number, "1")
	orDefault(&inv.IssueDate, s.today())
	_, err := faktupro.EncodeFA3(&inv, s.now())
	if v, ok := errors.AsType[*faktupro.ValidationError](err); ok && v.Problems.Has("document.size") {
		return err
	}
	return nil
}
