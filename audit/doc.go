// Package audit keeps a log that cannot be changed without notice: who did
// what to which object, when, and how it ended. It proves single entries to
// outsiders, and tells where the log was touched.
//
//	store := audit.NewFileStore("data/audit")
//	key, err := audit.OpenKey(ctx, "data/audit.key", store, nil)
//	if err != nil {
//		return err
//	}
//	l, err := audit.Open(ctx, audit.Config{Store: store, Signer: key})
//	if err != nil {
//		return err
//	}
//	defer l.Close()
//	seqs, err := l.Append(ctx, audit.Event{
//		ID:      "018f3c2e-sealed", // a repeated ID is not stored again
//		Type:    audit.TypeInvoiceSealed,
//		Object:  audit.Object{Kind: "invoice", ID: "018f3c2e"},
//		Details: map[string]string{audit.DetailSeries: "FV/2026"},
//	})
//
// # What is stored
//
// An [Entry] is one JSON object with keys in a fixed order; the stored bytes
// are what is hashed, and nothing is ever written anew. Entries are leaves of a
// Merkle tree (RFC 6962). With every commit the root is signed as a checkpoint:
// a note in the C2SP checkpoint format, Ed25519 by default. Existing tools for
// transparency logs read checkpoints and proofs.
//
// There is no personal data and no free text in a log, because nothing could
// be removed from it: a [Catalogue] closes the list of types and details, and
// each value has a [Shape]. A number that is a valid NIP, PESEL or account is
// refused where an identifier is expected. KSeF numbers are kept although they
// begin with the NIP of the seller: they are the public names of documents.
//
// # Promises
//
// When [Log.Append] returns without an error, its events are on the disk and
// signed; they survive a kill of the process and a loss of power. An event is
// stored once, whatever is repeated. The order of the log is one for all
// writers. What a crash leaves of a commit that was not acknowledged is removed
// by [Open], and only that: everything else that does not fit is reported as a
// [TamperError] and left as it is. A Log is safe for concurrent use; a second
// process is refused with [ErrLocked].
//
// # What is detected, and as what
//
//	bytes of an entry, a checkpoint or a header changed    ErrChanged
//	entry, checkpoint or file removed from the middle      ErrDeleted
//	entries swapped or repeated                            ErrReordered
//	end cut off, last file removed                         ErrTruncated
//	entry added by somebody without the key                ErrForged
//	whole older copy put back                              ErrRolledBack (needs an anchor)
//	history written anew by somebody with the key          ErrForked (needs an anchor)
//	log of another key, log of another name                ErrWrongKey, ErrWrongLog
//	everything removed                                     ErrRolledBack (needs an anchor), else
//	                                                       ErrEmpty from Verify, and Open begins anew
//
// Findings carry the first bad sequence number. When somebody corrected the
// checksums as well, the place is known to within one commit.
//
// # What is not
//
// Whoever controls the running process can record lies, and whoever has the
// key can write a new history with good signatures. Against both, and against
// putting back an old copy of everything, helps only what they cannot reach: a
// checkpoint kept elsewhere. [Log.Checkpoint] returns one, [Config.Anchor]
// keeps them, [VerifyOptions.Known] compares with them. The time between two
// anchored checkpoints is the time that can be rewritten unseen. Keep the key
// out of the backups of the log, and give the verifier key to those who verify
// on a way that leads around the machine of the log.
//
// The checkpoint file is written with every commit but made durable only now
// and then. A loss of power may lose its last state, never entries; whoever can
// stage a loss of power can in the same way hide the last commits. An anchor
// shows that too.
//
// # Speed
//
// Appends that come at the same time share a commit; nobody waits for a timer.
// One writer reaches about the rate at which the disk makes data durable, many
// writers a multiple of it. Verifying reads more than a million entries a
// second and core; [Open] verifies and builds its index, at about half that
// rate. Memory is about 20 bytes per entry.
package audit
