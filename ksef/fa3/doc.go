// Package fa3 is the structured invoice FA(3) of KSeF (schema version 1-0E): the
// whole document as Go types, an encoder and a decoder.
//
//	f := &fa3.Faktura{ … }               // fields are named as the elements
//	f.Fa.P_2 = "FV/17/02/2026"
//	f.Fa.P_15 = fa3.Amount(total)        // exact decimal text, never float64
//	doc, err := fa3.Marshal(f)           // the bytes to hash and to send
//	…
//	f, err = fa3.Unmarshal(doc)          // and back, nothing dropped
//
// # The model
//
// A struct stands for every element with children. Types that the Ministry's
// schema names keep that name (TAdres, TPodmiot2); the others are called after
// their element. Each field's comment says in English what the element means and
// what the schema demands of its value. Elements of one choice are fields side
// by side: fill one branch.
//
// Optional elements with children are pointers, repeated ones slices, required
// ones values. A simple value is absent when it is zero; no text of the schema
// may be empty, so nothing is lost. [Flag] and [YesNo] stand for the marks 1 and
// 1 or 2, [Decimal], [Integer] and [DateTime] keep the exact text of the
// document, dates are [pl.Date]. Code lists are string types with constants and
// a method Valid. KodFormularza has one legal value: Marshal writes and Unmarshal
// checks it, there is no field.
//
// # FA(2)
//
// Invoices that KSeF took until 31 January 2026 are FA(2). [UnmarshalAny] reads
// them into the same model, [FromFA2] makes an FA(3) of what it read, and Marshal
// refuses to send one.
//
// # What is checked
//
// Marshal checks that the document can be read and is not larger than KSeF
// accepts, Unmarshal that elements are known, in order, complete and not too
// many, and that values fit their Go types. Neither looks at lengths, patterns,
// code lists or arithmetic. Errors of Unmarshal and Peek are *[SyntaxError] with
// path, line and column.
//
// Input is hostile: documents are bounded in size and depth, read in linear
// time, and cannot refer to anything outside themselves. Functions are safe for
// concurrent use; a Faktura is an ordinary value without locks.
package fa3

//go:generate go run ../../internal/fa3gen code -schema schema.txt -earlier validate/tables/fa2.txt -dir .
