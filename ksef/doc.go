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
// The low layer has one method per operation of API 2.8.0, each marked in the
// source with a ksef:op comment; its documentation names the permission it
// needs and the group of limits in which it counts. Without a login there are
// [Client.Auth], [Client.Security], [Client.Peppol], [Client.TestData] and
// [Client.Latarnia]; with one [Account.Online], [Account.Batch],
// [Account.Sessions], [Account.Invoices], [Account.Collective],
// [Account.Tokens], [Account.Certificates], [Account.Permissions],
// [Account.Limits], [Account.Logins] and [Account.TestLimits]. Lists are
// iterators that fetch page after page as they are read; their error, if any,
// is the last element.
//
// The high layer ([Client.Login], [Account.OpenOnline], [OnlineSession] and the
// Wait methods) keeps the order of calls, waits, refreshes tokens and recovers
// where that is safe.
//
// Servers from API 2.6 on are understood: members that are added later are
// ignored, members that an older server lacks stay empty, and enumerations are
// types of text that keep values not known here.
//
// # Logging in
//
// [XAdES] takes a certificate with any crypto.Signer, [ReadPKCS12] and
// [ReadPEM] read both from files, [ExternalCredential] has a document signed
// elsewhere, [Token] uses a KSeF token. A signature is verified before it is
// sent; a [*SignatureError] names the rule it breaks.
//
// # Failures
//
// A request that breaks a limit of the contract is not sent: a [*FieldError]
// names the field, the rule and the remedy.
//
// Calls that only read are tried again by themselves after server errors, lost
// connections and 429, whose Retry-After is obeyed to the second when it is at
// most a minute and else handed over in [Error.RetryAfter]. A call with an
// effect (open, send, close, redeem, grant, enrol) is never repeated when it may
// have arrived: errors.Is(err, [ErrOutcomeUnknown]) then tells to find out
// first, for an invoice with [SessionsService.FindInvoice].
//
// A failed call is an [*Error], an asynchronous operation that ended badly a
// [*StatusError]; both match the sentinels of this package and carry stable
// codes. Branch on those: the server's texts are Polish and change.
//
// # Secrets and personal data
//
// Tokens are [Secret] and do not print, and neither do the numbers in an
// [Identifier] and pre-signed addresses. The text of an error or a log line
// holds no token, invoice, name or number of a person or a company.
//
// # Concurrency and time
//
// Client, Account and OnlineSession are safe for concurrent use. Deadlines come
// from the context; clock and randomness from [Config]. Instants are UTC.
package ksef
