package xades

// identifier is an element that carries an identifier.
type identifier struct {
	value string
	node  int32
}

type identifiers []identifier

// identifiers collects every attribute that some XML processor might take for an
// identifier: Id, ID and id without a namespace, and xml:id. Two equal values
// are refused even where the schemas would not call them identifiers, because a
// verifier and a reader that disagree on the target of a reference are what
// signature wrapping lives on.
func (t *tree) identifiers() (identifiers, error) {
	var all identifiers
	var seen map[string]bool
	for i := range t.nodes {
		if t.nodes[i].kind != elementNode {
			continue
		}
		for _, a := range t.attributes(int32(i)) {
			if len(a.value) == 0 || !isIdentifier(&a) {
				continue
			}
			v := string(a.value)
			if seen[v] {
				return nil, fail(RuleDuplicateID, "two elements have the same identifier")
			}
			if seen == nil {
				seen = make(map[string]bool)
			}
			seen[v] = true
			all = append(all, identifier{v, int32(i)})
		}
	}
	return all, nil
}

func isIdentifier(a *attr) bool {
	switch string(a.local) {
	case "Id", "ID":
		return len(a.space) == 0
	case "id":
		return len(a.space) == 0 || string(a.space) == nsXML
	}
	return false
}

// find returns the element with an identifier.
func (l identifiers) find(value string) (int32, bool) {
	for _, id := range l {
		if id.value == value {
			return id.node, true
		}
	}
	return 0, false
}
