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
// # Sending
//
// [Account.Sender] sends invoices one by one through a session that it keeps
// open, [Account.SendBatch] a whole directory as one package; both bring KSeF's
// decision on every document, survive lost answers, expired sessions and new
// keys, and never send again what KSeF may have. After a crash
// [Account.Resolve] finds out what became of an invoice and
// [Account.ResumeBatch] goes on with a package.
//
// # Receiving
//
// [Account.NewSync] keeps a store of invoices up to date, role by role, and
// loses none while new ones arrive; [Account.Export] reads one package;
// [PlanSync] tells beforehand how long receiving takes under the limits.
//
// # Certificates
//
// [Account.RequestCertificate] gets a KSeF certificate for a key that never
// leaves its signer, [Account.CertificateInventory] and
// [Account.TokenInventory] tell what ends, was revoked or is missing.
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
// # Limits and outages
//
// With [Config.Limiter] calls wait for their turn instead of meeting a 429;
// [Account.Budget] and [Account.Plan] tell what is left and how long something
// takes. [Config.Breaker] stops calls while KSeF is down. [Config.SharedLogin]
// lets processes share a login. All are off unless configured.
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
