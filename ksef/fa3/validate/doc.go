// Package validate judges whether KSeF accepts a document, and says in plain
// English and Polish what is wrong with it, where, and what is probably meant.
//
//	report := validate.Document(doc, validate.Config{})
//	if !report.Valid() {
//		for _, p := range report.Problems {
//			fmt.Printf("%d:%d %s %s\n", p.Line, p.Column, p.Path, p.EN)
//		}
//	}
//
// # Layers
//
// [XML]: the file is well-formed and keeps KSeF's own rules: UTF-8 without byte
// order mark, no document type declaration, no processing instruction, none of
// the characters that XML discourages, 1,000,000 bytes or 3,000,000 with an
// attachment. [Schema]: elements, their order and their values are as the
// official schema demands; the verdict is that of a validator of XML Schema 1.0.
// [Semantic]: amounts, references and annotations make sense; see package
// [github.com/faktupro/faktupro-go/ksef/fa3/rules].
//
// FA(3), FA(2), FA_RR(1) 1-1E and UPO 4-3 and 4-2 are judged by their own
// schemas, the layer Semantic is for FA(3). Peppol invoices and dead versions are
// recognised and named; [Report.Valid] is never true for what was not judged.
//
// # Problems
//
// All problems are listed, not only the first, as far as one is no consequence of
// another. Their texts are for people who know the invoice and not its schema;
// they hold no names, addresses, accounts or tax numbers of the document.
//
// # Cost
//
// [Valid] answers yes or no several times faster than libxml2 and without
// allocation for valid documents. Documents are read as a stream, in linear time,
// within the limits of internal/xmlscan: 64 MiB, 256 open elements, 256
// attributes. All functions may be called by several goroutines at once.
package validate
