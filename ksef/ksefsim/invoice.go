package ksefsim

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// facts is what a document says that the system works with.
type facts struct {
	Seller  pl.NIP   `json:"seller,omitempty"`
	Number  string   `json:"number,omitempty"`  // P_2
	Kind    string   `json:"kind,omitempty"`    // RodzajFaktury
	Issued  pl.Date  `json:"issued,omitzero"`   // P_1
	Parties []pl.NIP `json:"parties,omitempty"` // everybody on it, the seller included
	Units   []string `json:"units,omitempty"`   // internal identifiers on it
	Wrong   bool     `json:"wrong,omitempty"`   // a NIP or internal identifier fails its check digit
	Annex   bool     `json:"annex,omitempty"`   // it has an attachment

	// What lists of invoices tell.
	SellerName    string       `json:"sellerName,omitempty"`
	Buyer         buyerFacts   `json:"buyer,omitzero"`
	Thirds        []thirdParty `json:"thirds,omitempty"`
	Authorized    *actingParty `json:"authorized,omitempty"`
	Net           string       `json:"net,omitempty"`
	Gross         string       `json:"gross,omitempty"`
	VAT           string       `json:"vat,omitempty"` // in PLN
	Currency      string       `json:"currency,omitempty"`
	SelfInvoicing bool         `json:"selfInvoicing,omitempty"`
}

// buyerFacts are the buyer on an invoice.
type buyerFacts struct {
	Type  string `json:"type,omitempty"` // Nip, VatUe, Other or None
	Value string `json:"value,omitempty"`
	Name  string `json:"name,omitempty"`
}

// thirdParty is somebody else on an invoice.
type thirdParty struct {
	Identifier partyID `json:"identifier"`
	Name       string  `json:"name,omitempty"`
	Role       int     `json:"role"`
}

// partyID is the identifier of a buyer or of somebody else: a type Nip,
// InternalId, VatUe, Other or None and, but for the last, a value.
type partyID struct {
	Type  string `json:"type"`
	Value string `json:"value,omitempty"`
}

// actingParty is the body that acts for the seller.
type actingParty struct {
	NIP  string `json:"nip"`
	Name string `json:"name,omitempty"`
	Role int    `json:"role"`
}

// Roles of the parties on an invoice that give rights.
const (
	roleJSTIssuer         = 7
	roleGroupIssuer       = 9
	roleTaxRepresentative = 3
)

// invoice is an invoice in a session.
type invoice struct {
	invoiceReceived
	session  *session
	ordinal  int
	settled  invoiceSettled // zero until settled
	polls    int
	position int       // among the accepted ones
	held     bool      // kept in processing by a test
	visible  time.Time // from when it is found; zero while its storage is held up
}

func (inv *invoice) final() bool    { return inv.settled.Outcome.Code != 0 }
func (inv *invoice) accepted() bool { return inv.settled.Outcome.Code == statusDone }

// status is the status as it is told now: 100, then 150 in the second half of
// the wait, then the outcome.
func (inv *invoice) status(p pace, now time.Time) outcome {
	switch {
	case inv.final():
		return inv.settled.Outcome
	case inv.held:
		return outcome{Code: statusProcessing}
	case p.stepped() && inv.polls < p.polls-1, !p.stepped() && inv.Due.Sub(now) <= p.delay/2:
		return outcome{Code: statusProcessing}
	}
	return outcome{Code: statusAccepted}
}

// duplicateKey is what makes an invoice unique in the whole system.
type duplicateKey struct {
	seller       pl.NIP
	kind, number string
}

func (f *facts) key() duplicateKey { return duplicateKey{f.Seller, f.Kind, f.Number} }

// correctionKey finds an invoice that a technical correction refers to.
type correctionKey struct {
	context identifier
	hash    digest
}

// Keys of the extensions of status 440.
const (
	extensionSession = "originalSessionReferenceNumber"
	extensionNumber  = "originalKsefNumber"
)

// settleInvoice gives an invoice its final status: what its document earned by
// itself, a duplicate of an accepted one, or accepted with a KSeF number.
func (st *state) settleInvoice(inv *invoice, now time.Time) error {
	if inv.final() || st.hold.invoice(inv) {
		return nil
	}
	e := &invoiceSettled{Session: inv.Session, Reference: inv.Reference, At: now, Outcome: inv.Verdict}
	original, twice := st.original[inv.Facts.key()]
	switch {
	case e.Outcome.Code != 0:
	case twice:
		e.Outcome = duplicateOf(original)
	default:
		e.Outcome = outcome{Code: statusDone}
		e.Number = st.numbers.ksef(inv.Facts.Seller, inv.At)
		e.Stored, e.Hidden = st.storageDate(now)
	}
	if err := st.commit(e); err != nil {
		return err
	}
	se := inv.session
	if se.closed.IsZero() || st.pace.stepped() || now.Before(se.finishDue) {
		return nil
	}
	return st.finish(se, now)
}

func duplicateOf(original *invoice) outcome {
	return outcome{
		Code: invoiceDuplicate,
		Details: []string{fmt.Sprintf(
			"Duplikat faktury. Faktura o numerze KSeF: %s została już prawidłowo przesłana do systemu w sesji: %s",
			original.settled.Number, original.Session)},
		Extensions: map[string]string{
			extensionSession: original.Session,
			extensionNumber:  string(original.settled.Number),
		},
	}
}

// stepInvoice counts a status request where results come by polling.
func (st *state) stepInvoice(inv *invoice, now time.Time) error {
	if !st.pace.stepped() || inv.final() {
		return nil
	}
	if inv.polls > 0 {
		inv.polls--
		return nil
	}
	return st.settleInvoice(inv, now)
}

// mode tells online from offline invoicing. Without a declaration of the
// sender the days decide: an invoice of an earlier day is offline. Days are
// Polish ones.
func (inv *invoice) mode() string {
	if inv.Offline || inv.Facts.Issued.Before(pl.DateOf(inv.At)) {
		return modeOffline
	}
	return modeOnline
}

// invoiceReceived says that an invoice was accepted for processing, and what
// looking at it alone found.
type invoiceReceived struct {
	Session   string    `json:"session"`
	Reference string    `json:"reference"`
	At        time.Time `json:"at"`
	Due       time.Time `json:"due"`
	Hash      digest    `json:"hash"` // as declared
	Offline   bool      `json:"offline,omitempty"`
	FileName  string    `json:"fileName,omitempty"` // in the package of a batch
	Corrects  *digest   `json:"corrects,omitempty"` // hash of the invoice that this one replaces
	Verdict   outcome   `json:"verdict"`            // why it is rejected; zero when nothing speaks against it
	Facts     facts     `json:"facts"`
	XML       []byte    `json:"xml,omitempty"` // of an invoice that may be accepted
}

func (*invoiceReceived) kind() string { return "invoice" }

func (e *invoiceReceived) apply(st *state) error {
	se, known := st.session[e.Session]
	if !known {
		return errUnknownReference
	}
	inv := &invoice{invoiceReceived: *e, session: se, ordinal: len(se.invoices) + 1, polls: st.pace.polls}
	se.invoices = append(se.invoices, inv)
	se.byRef[e.Reference] = inv
	se.updated = e.At
	if !st.pace.stepped() {
		st.agenda.add(e.Due, func(st *state, due time.Time) error { return st.settleInvoice(inv, due) })
	}
	return nil
}

// invoiceSettled says how an invoice ended.
type invoiceSettled struct {
	Session   string        `json:"session"`
	Reference string        `json:"reference"`
	At        time.Time     `json:"at"` // acquisitionDate of an accepted one
	Outcome   outcome       `json:"outcome"`
	Number    pl.KSeFNumber `json:"number,omitempty"`
	Stored    time.Time     `json:"stored,omitzero"`  // permanentStorageDate; zero while storage is held up
	Hidden    bool          `json:"hidden,omitempty"` // not found although stored
}

func (*invoiceSettled) kind() string { return "invoice-settled" }

func (e *invoiceSettled) apply(st *state) error {
	se, known := st.session[e.Session]
	if !known {
		return errUnknownReference
	}
	inv, known := se.byRef[e.Reference]
	if !known {
		return errUnknownReference
	}
	inv.settled = *e
	se.updated = e.At
	key := correctionKey{se.Context, inv.Hash}
	if !inv.accepted() {
		inv.XML = nil
		se.failed = append(se.failed, inv)
		if earlier, taken := st.byHash[key]; !taken || !earlier.accepted() {
			st.byHash[key] = inv
		}
		return nil
	}
	st.shelve(inv)
	se.done = append(se.done, inv)
	st.accepted = append(st.accepted, inv)
	st.byNumber[e.Number] = inv
	st.original[inv.Facts.key()] = inv
	st.byHash[key] = inv
	if inv.Corrects != nil {
		st.corrected[correctionKey{se.Context, *inv.Corrects}] = inv
	}
	return nil
}
