// Package xsd validates XML documents against tables of facts (see
// [github.com/faktupro/faktupro-go/internal/xsd/facts]) with the meaning that
// XML Schema 1.0 gives them.
//
//	schema, err := xsd.Compile(table)
//	…
//	v := xsd.New(xmlscan.Config{})
//	err = v.Run(doc, xsd.Options{Choose: func(space, local []byte) *xsd.Schema { return schema }})
//	for _, violation := range v.Violations() {
//		fmt.Println(violation.Kind, violation.At)
//	}
//
// The document is read once, as a stream. Elements are followed through an
// automaton per content with a counter for repetitions, patterns are
// deterministic automata: the time is linear in the document, the memory is that
// of its depth, and a valid document costs no allocation once a Validator has
// warmed up. What the tables do not need is not provided for, and Compile says
// so: repeated groups, lists, mixed content, wildcards.
//
// After a violation the validator goes on in such a way that what it reports
// next is another fault and no consequence of the first: it looks ahead among
// the siblings to tell what is missing from what stands elsewhere.
//
// A Schema may be used by several goroutines, a Validator by one at a time.
package xsd
