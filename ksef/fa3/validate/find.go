package validate

import (
	"strconv"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

// wanted is a node of the tree of paths to find.
type wanted struct {
	offset   int // -1 until found
	children map[step]*wanted
	counts   map[string]int // children met so far, by name
}

// step is a name with its index among siblings of that name, from 1.
type step struct {
	name  string
	index int
}

// find returns the offsets of the elements with these paths, such as
// /Faktura/Fa/FaWiersz[3]/P_11. For an element that does not exist it is the
// offset of the innermost parent that does. The document is read once.
func find(doc []byte, paths []string) []int {
	if len(paths) == 0 {
		return nil
	}
	top := new(wanted)
	nodes := make([][]*wanted, len(paths))
	for i, p := range paths {
		nodes[i] = top.plant(p)
	}
	top.walk(doc)
	offsets := make([]int, len(paths))
	for i, way := range nodes {
		for _, n := range way {
			if n.offset < 0 {
				break
			}
			offsets[i] = n.offset
		}
	}
	return offsets
}

// plant adds a path below w and returns its nodes.
func (w *wanted) plant(path string) (way []*wanted) {
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		name, rest, _ := strings.Cut(part, "[")
		index, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
		if err != nil {
			index = 1
		}
		w = w.child(step{name, index})
		way = append(way, w)
	}
	return way
}

func (w *wanted) child(s step) *wanted {
	if w.children == nil {
		w.children, w.counts = map[step]*wanted{}, map[string]int{}
	}
	if w.children[s] == nil {
		w.children[s] = &wanted{offset: -1}
	}
	return w.children[s]
}

// walk notes the offsets of wanted elements. Below an element that is not wanted
// nothing is.
func (w *wanted) walk(doc []byte) {
	s := xmlscan.New(doc, xmlscan.Config{})
	way := []*wanted{w}
	for {
		kind, err := s.Next()
		switch {
		case err != nil, kind == xmlscan.EOF:
			return
		case kind == xmlscan.Start:
			way = append(way, way[len(way)-1].meet(s))
		case kind == xmlscan.End:
			way = way[:len(way)-1]
		}
	}
}

// meet returns the wanted child for the current start tag, nil if there is none.
func (w *wanted) meet(s *xmlscan.Scanner) *wanted {
	if w == nil || w.children == nil {
		return nil
	}
	name := string(s.Local())
	w.counts[name]++
	c := w.children[step{name, w.counts[name]}]
	if c != nil {
		c.offset = s.Offset()
	}
	return c
}
