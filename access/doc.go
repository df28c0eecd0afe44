// Package access says who is calling: it makes API keys, keeps only their
// hashes and turns a presented key into a [Principal] with scopes.
//
//	keys, err := access.NewAuthenticator(access.NewMemoryStore(), access.Config{})
//	if err != nil {
//		return err
//	}
//	secret, _, err := keys.Issue(ctx, access.Grant{Label: "shop", Scopes: access.Scopes{access.ScopeInvoicesWrite}})
//	if err != nil {
//		return err
//	}
//	fmt.Println(secret.Reveal()) // shown once: fp_live_…
//
//	caller, err := keys.Authenticate(ctx, presented)
//	if err != nil {
//		return err // errors.Is(err, access.ErrUnauthenticated): answer 401
//	}
//	if !caller.Has(access.ScopeInvoicesWrite) {
//		return errors.New("forbidden") // answer 403
//	}
//
// # Keys
//
// A key reads fp_<environment>_<id>_<secret>_<checksum>. The identifier (8
// characters of base 58) is public and finds the record. The secret is 256
// random bits, so a plain fast hash of it is safe to store: the record holds
// HMAC-SHA-256 of it under an optional pepper that lives outside the storage.
// The checksum (CRC-32 in base 62) tells a mistyped or truncated key from a
// wrong one without any lookup, and lets a scanner be sure of a leaked key.
//
// To rotate a key issue a second one, move the callers, revoke the first.
//
// # Security
//
// [Authenticator.Authenticate] does the same computation for an unknown
// identifier as for a known one and compares in constant time. Whatever the
// reason of a refusal, the error text is the same; the reason for the audit log
// is a field of [*Denied]. [Secret] prints, logs and encodes redacted. An
// Authenticator is safe for concurrent use and caches nothing: a revocation
// holds from the next call on.
package access
