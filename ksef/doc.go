// Package ksef is a client of KSeF 2.x, the Polish national e-invoicing system
// (Krajowy System e-Faktur).
//
//	client, err := ksef.New(ksef.Config{Environment: ksef.Test()})
//	account, err := client.Login(ctx, ksef.XAdES(ksef.NIPContext(nip), key, cert))
//	session, err := account.OpenOnline(ctx, ksef.FormFA3)
//	ref, err := session.Send(ctx, xml, ksef.SendOptions{})
//	status, err := account.WaitInvoice(ctx, session.Reference(), ref)
//	fmt.Println(status.KSeFNumber, status.Accepted())
//	err = session.Close(ctx)
//
// # Two layers
//
// The low layer has one method per operation of the API on the services
// [Client.Auth], [Client.Security], [Account.Sessions], [Account.Online],
// [Account.Invoices], [Account.Logins] and [Account.Limits]; each is marked in
// the source with a ksef:op comment and does one call. The high layer
// ([Client.Login], [Account.OpenOnline], [OnlineSession], [Account.WaitInvoice],
// [Account.WaitSession]) keeps the order of calls, waits, refreshes tokens and
// recovers where that is safe.
//
// # Failures
//
// Calls that only read are tried again by themselves after server errors, lost
// connections and 429, whose Retry-After is obeyed to the second when it is at
// most a minute and else handed over in [Error.RetryAfter]. A call with an
// effect (open, send, close, redeem) is never repeated when it may have
// arrived: errors.Is(err, [ErrOutcomeUnknown]) then tells to find out first,
// for an invoice with [SessionsService.FindInvoice].
//
// A failed call is an [*Error], an asynchronous operation that ended badly a
// [*StatusError]; both match the sentinels of this package and carry stable
// codes. Branch on those: the server's texts are Polish and change.
//
// # Secrets and personal data
//
// Tokens are [Secret] and do not print. The text of an error or a log line
// holds no token, invoice, name or number of a person or a company.
//
// # Concurrency and time
//
// Client, Account and OnlineSession are safe for concurrent use. Deadlines come
// from the context; clock and randomness from [Config].
package ksef
