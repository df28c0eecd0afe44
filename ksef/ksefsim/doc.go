// Package ksefsim is the national e-invoicing system (KSeF) as a local server,
// for tests and demonstrations without a network, an account or a real NIP.
//
//	sim, err := ksefsim.New(ksefsim.Config{})
//	if err != nil {
//		return err
//	}
//	base, stop := sim.Start() // base + "/v2" is the API
//	defer stop()
//
// It answers like the TEST environment: any NIP may log in with a self-signed
// seal or signature that names it and owns the context of that NIP.
// [Config.Profile] makes it DEMO or production, where certificates need an issuer
// ([Server.QualifiedCertificate]) and test data are missing, [Config.Level] an
// older version of the API. The cryptography is done, not played: login
// signatures, digests and certificates are verified, tokens and session keys are
// unwrapped with the simulator's own RSA keys, invoices and packages are
// decrypted, hashed and judged, numbers carry their checksum and confirmations
// (UPO) are signed with [Server.UPOCertificate].
//
// # What it covers
//
// Every operation of the API: login, tokens, certificates from its own issuer,
// interactive and batch sessions, confirmations, metadata queries and encrypted
// exports, permissions of all kinds with their delegation, limits, collective
// identifiers, Peppol providers and the test data of the TEST environment. The
// store for uploads and downloads is below /storage, the pages behind the codes
// on invoices below /invoice and /certificate, the availability service below
// /latarnia (and by itself: [Server.Latarnia]). Documents are judged by package
// validate: FA (3), on the test environment FA (2), and FA_RR (1). Forms of
// Peppol are refused as unknown.
//
// Requests are read as leniently and answered as strictly as the original does:
// property names and enumerations in any case, unknown members ignored, exact
// success codes, both formats of errors, times with seven fractional digits.
//
// # Trouble
//
// [Server.Inject] makes requests fail: status 429, 5xx and others, lost requests
// and lost answers, pages of a firewall. [Server.HoldProcessing],
// [Server.HoldUPO], [Server.HoldStorage] and [Server.HoldVisibility] keep things
// from happening, [Server.ExpireSessions], [Server.ExpireLinks] and
// [Server.RotateKeys] make them happen at once, [Server.LimitExports] truncates,
// [Server.Warn] warns. Which request meets a fault is a matter of counting, not
// of chance.
//
// # Time, order and chance
//
// Nothing runs in the background. What KSeF does later is done by the next
// request that comes after its time, in the order of the due times, so a
// virtual clock in Config.Now drives everything. By default work is done before
// the request that caused it is answered; Config.ProcessingDelay and
// Config.ProcessingPolls make statuses 100 and 150 visible. With Config.Now and
// Config.Random injected, the same requests in the same order get the same
// answers byte for byte, keys included.
//
// # Durability
//
// With Config.Dir set, no answer leaves before everything that it could have
// seen is on disk; a process killed between two requests loses nothing and a new
// one on the same directory continues. On a full disk requests are answered with
// 500 until there is room again, and have happened all the same, as when an
// answer is lost; when the disk fails to make data durable, until a restart. A
// second simulator on the directory is refused with [ErrLocked]. Directory and
// files are readable by their owner only: they hold private keys. Counters of
// rate limits, injected faults and holds end with the process. Accepted invoices
// are kept in memory with their XML; uploaded packages and exports are files in
// Config.Dir, and in memory without one.
//
// A Server may be used by many goroutines at once.
package ksefsim
