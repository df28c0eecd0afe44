package ksefsim

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
)

// Versions of the confirmation of receipt, as in X-KSeF-Feature.
const (
	upoV42 = "upo-v4-2"
	upoV43 = "upo-v4-3"
)

// upoPageSize is how many documents one page of a confirmation lists.
const upoPageSize = upo.MaxDocuments

// upoJob is a confirmation to be made: what it says and when it is signed. It is
// taken out of the state under the lock and needs nothing of it afterwards.
//
// Confirmations are not stored. All that they say is stored, and their signer
// signs the same bytes with the same signature every time, so whoever asks again
// gets the same document.
type upoJob struct {
	session      *session // nil when there is nothing to confirm
	confirmation upo.Confirmation
	signed       time.Time
}

// invoiceJob is the confirmation of one accepted invoice.
func (se *session) invoiceJob(inv *invoice) upoJob {
	job := se.job(inv.settled.At)
	job.confirmation.Documents = []upo.Document{inv.confirmed()}
	return job
}

// pageJob is one page of the confirmation of a finished session. The upper bound
// of its range is inclusive, as in real confirmations, though the schema's
// comment says otherwise.
func (se *session) pageJob(page int) upoJob {
	job := se.job(se.updated)
	from := page * upoPageSize
	to := min(from+upoPageSize, len(se.done))
	job.confirmation.Page = &upo.Page{Number: page + 1, Pages: len(se.pages), From: from + 1, To: to, Total: len(se.done)}
	for _, inv := range se.done[from:to] {
		job.confirmation.Documents = append(job.confirmation.Documents, inv.confirmed())
	}
	return job
}

// job is what confirmations of a session have in common.
func (se *session) job(signed time.Time) upoJob {
	c := upo.Confirmation{
		Version:          upo.V43,
		SessionReference: se.Reference,
		Context:          upo.Context{Type: upo.ContextType(se.Context.Type), Value: se.Context.Value},
		TokenReference:   se.login.Token,
		Structure:        se.form.structure,
		FormCode:         se.form.code.SystemCode,
	}
	if se.UPOVersion == upoV42 {
		c.Version = upo.V42
	}
	copy(c.LoginHash[:], se.login.DocumentHash)
	return upoJob{session: se, confirmation: c, signed: signed}
}

// confirmed is an accepted invoice in a confirmation.
func (inv *invoice) confirmed() upo.Document {
	d := upo.Document{
		SellerNIP:     inv.Facts.Seller,
		KSeFNumber:    inv.settled.Number,
		InvoiceNumber: inv.Facts.Number,
		IssueDate:     inv.Facts.Issued,
		ReceivedAt:    inv.At,
		AcceptedAt:    inv.settled.At,
		InvoiceHash:   inv.Hash,
	}
	if inv.session.UPOVersion != upoV42 {
		d.Mode = upo.Mode(inv.mode())
	}
	return d
}

// makeUPO writes and signs a confirmation.
func (s *Server) makeUPO(job upoJob) ([]byte, error) {
	if err := job.confirmation.Validate(); err != nil {
		return nil, fmt.Errorf("ksefsim: make confirmation: %w", err)
	}
	doc, err := xades.Sign(job.confirmation.AppendXML(nil), s.ring().upo, s.ring().upoCert, xades.Options{SigningTime: job.signed})
	if err != nil {
		return nil, fmt.Errorf("ksefsim: sign confirmation: %w", err)
	}
	return doc, nil
}
