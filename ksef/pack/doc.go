// Package pack makes and opens packages of invoices in the form that KSeF takes
// in batch sessions and gives in exports: one archive, cut into parts, every
// part encrypted by itself.
//
//	key, err := pack.NewKey(nil)
//	store := pack.NewDir("outbox/2026-11")
//	manifest, err := pack.Build(ctx, key, pack.Files(os.DirFS("invoices"), "*.xml"), store, pack.Config{})
//	fmt.Println(manifest.Size, manifest.SHA256, len(manifest.Parts))
//
// and the other way round:
//
//	archive, err := pack.Open(ctx, key, manifest.Sealed, store, pack.OpenConfig{})
//	defer archive.Close()
//	for entry, err := range archive.Entries(ctx) {
//		…entry.Name, entry.Content, entry.SHA256
//	}
//
// # Building
//
// [Build] reads every document once, in order, and writes the parts once, in
// order. Documents are deflated on several cores at a time; the bytes depend on
// the documents, the key and the settings only, never on the number of cores.
// Memory does not grow with the size of the package: about 20 MiB at two
// workers, of which some 200 bytes are for each document.
//
// A [PartStore] takes the parts. [Dir] keeps them in a directory, in which a
// package is there entirely or not at all: the [Manifest] is written last. It
// tells sizes and hashes and holds no secret; the [Key] is for the caller to
// keep, because a package without its key is lost. After a crash the caller
// reads the manifest, checks parts with [Sealed.VerifyPart] and goes on with
// the upload; where there is none, Build starts again in the same directory.
//
// # Opening
//
// [Open] reads all parts, compares every announced size and hash, and only then
// looks inside. It never writes a decrypted byte to disk: parts that can be read
// at any place (files, memory) are decrypted where they are, others are copied
// as they came, encrypted, to memory or a temporary file; the cipher allows to
// read from the middle. Archives are taken as hostile. Whoever is not satisfied
// with one rule gets an error, never a part of the truth: see [Archive.Entries].
//
// # Encryption
//
// AES-256 in CBC mode with PKCS #7 padding, one key and one initialisation
// vector for the package, the chain started anew in every part. The vector
// travels in the request that opens the session and is not part of the
// ciphertext, so a part of n bytes becomes (n/16+1)·16 bytes. This hides the
// content and does not protect it from change: the hashes do.
//
// # Errors and personal data
//
// Errors match the sentinels of this package; [*DocumentError], [*PartError],
// [*LimitError] and [*TruncatedError] tell more. No error text holds a file
// name or content.
package pack
