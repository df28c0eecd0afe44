package ksef

import (
	"context"
	"iter"
	"slices"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

// BatchResult is what became of a package.
type BatchResult struct {
	// Session is the reference of the session that processed it; its receipt is
	// in Status.
	Session string
	Status  *SessionStatus
	// Documents are the outcomes in the order of the package.
	Documents []DocumentDelivery
	// Accepted counts DeliveryAccepted, Rejected DeliveryRejected, Open the others.
	Accepted, Rejected, Open int
}

// DocumentDelivery is the outcome of one document of a package.
type DocumentDelivery struct {
	// Name is the file's name in the package.
	Name string
	Delivery
}

// Failed gives the documents that KSeF does not have, to be corrected (those
// rejected, see Reason) or sent again as they are (DeliveryNotSent) in another
// package. Unknown ones are not among them: [Account.Resolve] comes first.
func (r *BatchResult) Failed() iter.Seq[*DocumentDelivery] {
	return func(yield func(*DocumentDelivery) bool) {
		for i := range r.Documents {
			d := &r.Documents[i]
			if (d.State == DeliveryRejected || d.State == DeliveryNotSent) && !yield(d) {
				return
			}
		}
	}
}

// result lists the session and finds every document in it.
func (r *batchRun) result(ctx context.Context) (*BatchResult, error) {
	status, err := r.account.Sessions.Status(ctx, r.state.Session)
	if err != nil {
		return nil, err
	}
	judge := &resolver{account: r.account}
	list, err := judge.list(ctx, r.state.Session)
	if err != nil {
		return nil, err
	}
	judge.originals.add(r.state.Session, list)
	result := &BatchResult{Session: r.state.Session, Status: status, Documents: make([]DocumentDelivery, len(r.manifest.Documents))}
	for i, doc := range r.manifest.Documents {
		d := &result.Documents[i]
		d.Name = doc.Name
		d.Attempt = Attempt{Session: r.state.Session, SHA256: doc.SHA256, At: r.state.Opened}
		judge.document(ctx, list, d)
		result.count(d.State)
		if err := ctx.Err(); err != nil {
			return nil, &Error{Op: opBatch, Err: err}
		}
	}
	return result, nil
}

func (r *BatchResult) count(state DeliveryState) {
	switch state {
	case DeliveryAccepted:
		r.Accepted++
	case DeliveryRejected:
		r.Rejected++
	default:
		r.Open++
	}
}

// document settles one document. The session has ended: what it does not list
// is not in KSeF by it.
func (r *resolver) document(ctx context.Context, list listing, d *DocumentDelivery) {
	status := list.take(d.Attempt.SHA256, d.Name)
	if status == nil {
		d.because(DeliveryNotSent, nil)
		return
	}
	d.Attempt.Number = status.InvoiceNumber
	if err := r.settle(ctx, &d.Delivery, status); err != nil {
		d.because(DeliveryUnknown, err)
	}
}

// take removes a status from the listing: the one with the file's name where
// several documents have the same bytes.
func (l listing) take(hash pack.Hash, name string) *InvoiceStatus {
	copies := l[hash]
	if len(copies) == 0 {
		return nil
	}
	i := max(0, slices.IndexFunc(copies, func(s *InvoiceStatus) bool { return s.FileName == name }))
	status := copies[i]
	l[hash] = slices.Delete(copies, i, i+1)
	return status
}
