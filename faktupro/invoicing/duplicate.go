package invoicing

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/upo"
)

// ksefFailure is a technical status of an invoice.
type ksefFailure struct{ code int }

func (e *ksefFailure) Error() string { return fmt.Sprintf("KSeF failed with status %d", e.code) }

// resolveDuplicate finds out whose document KSeF holds under our number. The
// bytes decide, not the number: the same hash means that an earlier attempt of
// ours was taken in, another one that somebody used the number.
func (b *batch) resolveDuplicate(ctx context.Context, it *item) error {
	ours, err := b.holdsOurs(ctx, it)
	if err != nil {
		return b.upstream(ctx, []*item{it}, "compare with the original", err, false)
	}
	var c change
	if ours {
		c, err = b.accepted(ctx, it, it.rec.Origin.Number, time.Time{})
	} else {
		c, err = b.rejected(ctx, it, &Rejection{
			Code: ksef.InvoiceDuplicate, Duplicate: it.rec.Origin.Number,
			Description: "KSeF holds another document of this seller and kind under this number",
		})
	}
	if err != nil {
		return err
	}
	if err := b.commit(ctx, []change{c}, time.Time{}); err != nil {
		return err
	}
	if ours {
		b.s.cfg.After(StepAccepted)
	}
	return nil
}

// holdsOurs compares the original with our document: by its bytes, or by the
// hash on its receipt when the bytes may not be read (the permission to send
// does not include the one to read). An error means "ask again later".
func (b *batch) holdsOurs(ctx context.Context, it *item) (bool, error) {
	origin := it.rec.Origin
	xml, err := b.tm.Download(ctx, origin.Number)
	if err == nil {
		return sha256.Sum256(xml) == it.rec.SHA256, nil
	}
	if origin.Session == "" || !errors.Is(err, ksef.ErrForbidden) && !errors.Is(err, ksef.ErrNotFound) {
		return false, err
	}
	receipt, receiptErr := b.tm.Receipt(ctx, origin.Session, "", origin.Number)
	if receiptErr != nil {
		return false, errors.Join(err, receiptErr)
	}
	confirmation, receiptErr := upo.Verify(receipt, b.s.cfg.Trust)
	if receiptErr != nil {
		return false, errors.Join(err, receiptErr)
	}
	return confirmed(confirmation, it.rec, origin)
}
