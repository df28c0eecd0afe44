package fa3

import _ "embed" // the table of facts

//go:embed schema.txt
var facts string

// Facts is the table of facts about FA(3) from which the model, the encoder and
// the decoder are generated: names, order, cardinality, types and facets of all
// elements with a short explanation of each. Package
// [github.com/faktupro/faktupro-go/ksef/fa3/validate] validates documents with it.
func Facts() string { return facts }
