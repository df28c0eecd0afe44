package invoicing

import (
	"context"
	"iter"
	"sync"

	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/pl"
)

// KSeF returns the account as a Transmitter.
func KSeF(account *ksef.Account) Transmitter { return ksefAccount{account} }

type ksefAccount struct{ *ksef.Account }

func (a ksefAccount) Open(ctx context.Context) (Session, error) {
	session, err := a.OpenOnline(ctx, ksef.FormFA3)
	if err != nil {
		return nil, err
	}
	return ksefSession{session}, nil
}

func (a ksefAccount) Close(ctx context.Context, session string) error {
	return a.Online.Close(ctx, session)
}

func (a ksefAccount) Status(ctx context.Context, session string) (*ksef.SessionStatus, error) {
	return a.Sessions.Status(ctx, session)
}

func (a ksefAccount) Invoice(ctx context.Context, session, reference string) (*ksef.InvoiceStatus, error) {
	return a.Sessions.Invoice(ctx, session, reference)
}

func (a ksefAccount) Invoices(ctx context.Context, session string) iter.Seq2[*ksef.InvoiceStatus, error] {
	return a.Sessions.Invoices(ctx, session)
}

func (a ksefAccount) Receipt(ctx context.Context, session, reference string, number pl.KSeFNumber) ([]byte, error) {
	fetch := func() (*ksef.UPODocument, error) { return a.Sessions.InvoiceUPO(ctx, session, reference) }
	if reference == "" {
		fetch = func() (*ksef.UPODocument, error) { return a.Sessions.InvoiceUPOByKSeFNumber(ctx, session, number) }
	}
	receipt, err := fetch()
	if err != nil {
		return nil, err
	}
	return receipt.XML, nil
}

func (a ksefAccount) Download(ctx context.Context, number pl.KSeFNumber) ([]byte, error) {
	doc, err := a.Account.Invoices.Get(ctx, number)
	if err != nil {
		return nil, err
	}
	return doc.XML, nil
}

type ksefSession struct{ *ksef.OnlineSession }

func (s ksefSession) Send(ctx context.Context, xml []byte) (string, error) {
	return s.OnlineSession.Send(ctx, xml, ksef.SendOptions{})
}

// CredentialFunc finds the credential with which to log in for a seller.
type CredentialFunc func(ctx context.Context, seller pl.NIP) (ksef.Credential, error)

// Logins is a Connector that logs in once per seller and keeps the accounts.
// Use NewLogins.
type Logins struct {
	client      *ksef.Client
	credentials CredentialFunc

	mu       sync.Mutex
	accounts map[pl.NIP]*login
}

// login is the account of one seller; its lock lets only one goroutine log in.
type login struct {
	mu      sync.Mutex
	account *ksef.Account
}

// NewLogins returns a Connector on a client.
func NewLogins(client *ksef.Client, credentials CredentialFunc) *Logins {
	return &Logins{client: client, credentials: credentials, accounts: map[pl.NIP]*login{}}
}

// Connect implements Connector. A failed login is tried again with the next
// call.
func (l *Logins) Connect(ctx context.Context, seller pl.NIP) (Transmitter, error) {
	entry := l.entry(seller)
	entry.mu.Lock()
	defer entry.mu.Unlock()
	if entry.account == nil {
		credential, err := l.credentials(ctx, seller)
		if err != nil {
			return nil, err
		}
		if entry.account, err = l.client.Login(ctx, credential); err != nil {
			return nil, err
		}
	}
	return KSeF(entry.account), nil
}

func (l *Logins) entry(seller pl.NIP) *login {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.accounts[seller] == nil {
		l.accounts[seller] = &login{}
	}
	return l.accounts[seller]
}

// Forget drops the account of a seller, so that the next call logs in anew, for
// instance with a new certificate.
func (l *Logins) Forget(seller pl.NIP) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.accounts, seller)
}
