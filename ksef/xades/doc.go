// Package xades signs and verifies XML documents the way the KSeF wants them:
// XAdES-BES signatures over login requests, and the ministry's signatures over
// receipts (UPO).
//
//	cert, err := xades.SelfSigned(xades.Subject{Organization: "Firma", NIP: nip}, key, now) // test environment
//	signed, err := xades.Sign(request, key, cert, xades.Options{SigningTime: now})
//
//	v, err := xades.Verify(signed, xades.VerifyOptions{Now: now})
//	who, err := xades.SubjectOf(v.Certificate)
//	use(v.Content) // what was signed; never the input
//
// # Signing
//
// [Sign] writes the one form that all environments of the KSeF accept and takes
// any crypto.Signer, so the private key may stay in a token or a vault. The
// documents go in and out as bytes, which nobody may reformat afterwards.
//
// # Verifying
//
// [Verify] is strict. It accepts one signature, around or inside the document,
// that covers all of it together with its own signed properties; only
// algorithms and transforms of a short list; and the one certificate that the
// signed properties describe. Duplicate identifiers, signatures over parts,
// references to other places, DOCTYPE, SHA-1 and keys under RSA 2048 or P-256
// are refused. It never evaluates XPath, never fetches anything and bounds size,
// depth and number of elements; time and memory are linear in the input.
//
// What the KSeF lists and Verify does not accept: SHA-3, and XPath expressions
// other than the two that leave the signature out. Revocation is not checked,
// timestamps and other unsigned properties are not read.
//
// # Errors
//
// Every error is an [*Error] whose [Rule] says which requirement was broken and
// with which code the KSeF answers it. Error texts hold nothing of the document.
//
// All functions may be called from several goroutines at once.
package xades
