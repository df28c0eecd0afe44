package invoicing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/upo"
)

// receipts fetches the receipts of accepted invoices, verifies them and stores
// those that hold. A receipt that fails is not stored: the invoice stays
// accepted, and the receipt is asked for again.
func (b *batch) receipts(ctx context.Context) error {
	items := b.in(StateAccepted)
	if len(items) == 0 {
		return nil
	}
	fetched := make([]receiptResult, len(items))
	parallel(len(items), b.s.cfg.Parallel, func(i int) { fetched[i] = b.receipt(ctx, items[i]) })
	changes := make([]change, 0, len(items))
	for _, r := range fetched {
		c, err := b.receiptChange(ctx, r)
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	b.s.cfg.After(StepUPOFetched)
	if err := b.commit(ctx, changes, time.Time{}); err != nil {
		return err
	}
	b.s.cfg.After(StepUPOStored)
	return nil
}

type receiptResult struct {
	item *item
	xml  []byte
	err  error
}

// source is where the receipt of an invoice is found: in the session of the
// attempt that KSeF took in.
func (r *Record) source() (session, reference string) {
	if r.Origin.Session != "" {
		return r.Origin.Session, ""
	}
	return r.Session, r.Reference
}

func (b *batch) receipt(ctx context.Context, it *item) receiptResult {
	session, reference := it.rec.source()
	xml, err := b.tm.Receipt(ctx, session, reference, it.rec.KSeFNumber)
	if err == nil {
		err = b.verify(xml, it.rec)
	}
	return receiptResult{it, xml, err}
}

// verify checks signature, hash, number, seller and session of a receipt.
func (b *batch) verify(xml []byte, rec *Record) error {
	confirmation, err := upo.Verify(xml, b.s.cfg.Trust)
	if err != nil {
		return fmt.Errorf("verify receipt: %w", err)
	}
	session, _ := rec.source()
	return confirmation.Check(upo.Expected{
		KSeFNumber: rec.KSeFNumber, InvoiceHash: rec.SHA256, SellerNIP: rec.Seller,
		InvoiceNumber: rec.Number, SessionReference: session,
	})
}

func (b *batch) receiptChange(ctx context.Context, r receiptResult) (change, error) {
	if r.err != nil {
		r.item.err = b.receiptFailure(r)
		return change{item: r.item, release: b.again(ctx, r.item, "fetch receipt: "+reasonOf(r.err))}, nil
	}
	next, event, err := b.s.move(ctx, r.item.rec, StateConfirmed)
	if err != nil {
		return change{}, err
	}
	sum := sha256.Sum256(r.xml)
	complete(&event, next, 0)
	describe(&event, audit.DetailUPO, hex.EncodeToString(sum[:]))
	session, _ := next.source()
	return change{item: r.item, next: next, event: event, done: true, receipt: &Receipt{
		InvoiceID: next.ID, KSeFNumber: next.KSeFNumber, Session: session,
		XML: r.xml, SHA256: sum, Received: next.Updated,
	}}, nil
}

// receiptFailure is nil when the receipt is just not there yet.
func (b *batch) receiptFailure(r receiptResult) error {
	if errors.Is(r.err, ksef.ErrNotFound) || errors.Is(r.err, ksef.ErrNotReady) {
		return nil
	}
	return &UpstreamError{Op: "fetch receipt", Err: r.err}
}

// confirmed reports whether the receipt of the original speaks of our document.
// A receipt that differs from it in the hash and in nothing else is the signed
// word that the document is another one. Any other difference means that it is
// not the receipt that was asked for, from which nothing follows.
func confirmed(c *upo.Confirmation, rec *Record, origin Origin) (bool, error) {
	err := c.Check(upo.Expected{
		KSeFNumber: origin.Number, SellerNIP: rec.Seller, SessionReference: origin.Session,
		InvoiceNumber: rec.Number, InvoiceHash: rec.SHA256,
	})
	if m, ok := errors.AsType[*upo.MismatchError](err); ok && len(m.Fields) == 1 && m.Has(upo.FieldInvoiceHash) {
		return false, nil
	}
	return err == nil, err
}
