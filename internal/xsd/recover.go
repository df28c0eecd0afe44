package xsd

import (
	"slices"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

// misplaced deals with a start tag that the automaton does not expect, and
// decides how to go on.
func (v *Validator) misplaced(local []byte) {
	f := &v.stack[len(v.stack)-1]
	c := f.el.content
	steps := c.names[string(local)]
	if len(steps) == 0 {
		v.unknown(f, local)
		return
	}
	for _, to := range steps {
		if c.reach[f.at].has(to) && to != f.at {
			v.jump(f, to)
			return
		}
	}
	i := steps[0]
	for _, s := range steps {
		if f.seen.has(s) {
			i = s
		}
	}
	v.behind(f, i)
}

// at is a violation at the current start tag.
func (v *Validator) at(kind Kind, f *frame, el *Element) Violation {
	start := v.scan.Offset()
	return Violation{
		Kind: kind, Elem: start, At: start, Decl: el, Parent: f.el, Complete: f.el.content.steps[f.at].last,
		Found: string(v.scan.Local()), Space: string(v.scan.Space()),
	}
}

// jump goes on at a step that leaves out required ones. If one of these comes
// later, it is the current element that stands too early.
func (v *Validator) jump(f *frame, to int) {
	c := f.el.content
	el := c.steps[to].el
	required := c.between(f.at, to)
	late := ""
	for _, i := range required {
		if name := c.steps[i].el.Name; !f.astray.has(i) && v.comesLater(f, name) {
			late = name
		}
	}
	if late != "" {
		x := v.at(TooEarly, f, el)
		x.Relative = late
		v.add(x)
		f.astray.add(to)
		v.open(el)
		return
	}
	v.missing(f, required, v.scan.Offset())
	f.at, f.n = to, 1
	f.seen.add(to)
	v.open(el)
}

// behind deals with an element whose place has passed.
func (v *Validator) behind(f *frame, i int) {
	c := f.el.content
	st := &c.steps[i]
	x := v.at(TooLate, f, st.el)
	switch other := c.excludedBy(i, &f.seen); {
	case f.seen.has(i) && (st.max == 1 || f.at == i):
		x.Kind, x.Limit = TooMany, int(st.max)
	case f.astray.has(i) && st.max == 1:
		x.Kind, x.Limit = TooMany, 1
	case other >= 0:
		x.Kind, x.Relative = Excluded, c.steps[other].el.Name
	default:
		x.Relative = c.firstAfter(i, &f.seen)
	}
	if x.Kind != TooMany || !f.over.has(i) {
		v.add(x)
	}
	if x.Kind == TooMany {
		f.over.add(i)
	}
	f.astray.add(i)
	v.open(st.el)
}

// excludedBy finds a step already seen in another branch of a choice around step
// i, -1 if there is none.
func (c *content) excludedBy(i int, seen *stepSet) int {
	for _, choice := range c.choices {
		own := slices.IndexFunc(choice.Branches, func(b []int) bool { return slices.Contains(b, i) })
		if own < 0 {
			continue
		}
		for n, branch := range choice.Branches {
			for _, s := range branch {
				if n != own && seen.has(s) {
					return s
				}
			}
		}
	}
	return -1
}

// firstAfter names the first step already seen that has to come after step i.
func (c *content) firstAfter(i int, seen *stepSet) string {
	for s := range c.steps {
		if seen.has(s) && c.reach[i].has(s) {
			return c.steps[s].el.Name
		}
	}
	return ""
}

// between lists the steps on the shortest way from one step to another, or to
// the end if to is -1, without both. These are the elements that are required.
func (c *content) between(from, to int) []int {
	before := map[int]int{from: -1}
	queue := []int{from}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		if to < 0 && c.steps[i].last {
			return back(before, i)
		}
		for _, e := range c.steps[i].follow {
			n := int(e.to)
			if n == to {
				return back(before, i)
			}
			if _, ok := before[n]; !ok {
				before[n] = i
				queue = append(queue, n)
			}
		}
	}
	return nil
}

// back follows the way back from step i, leaving out where it began.
func back(before map[int]int, i int) []int {
	var way []int
	for ; before[i] >= 0; i = before[i] {
		way = append(way, i)
	}
	slices.Reverse(way)
	return way
}

// missing reports required steps that are left out, unless they occurred in the
// wrong place.
func (v *Validator) missing(f *frame, required []int, at int) {
	c := f.el.content
	for _, i := range required {
		names, strayed := c.alternatives(i, f)
		if !strayed {
			v.add(Violation{Kind: Missing, Elem: f.start, At: at, Decl: c.steps[i].el, Parent: f.el, Names: names})
		}
	}
}

// alternatives names what could stand in the place of a required step: the
// element itself, or all the beginnings of the outermost choice that it opens.
// strayed says that one of them stands in the wrong place.
func (c *content) alternatives(i int, f *frame) (names []string, strayed bool) {
	steps := []int{i}
	for _, choice := range c.choices {
		entered := slices.ContainsFunc(slices.Concat(choice.Branches...), f.seen.has)
		if slices.Contains(choice.First, i) && !entered {
			steps = choice.First
		}
	}
	for _, s := range steps {
		names = append(names, c.steps[s].el.Name)
		strayed = strayed || f.astray.has(s)
	}
	return names, strayed
}

// incomplete reports what is missing at the end of an element.
func (v *Validator) incomplete(f *frame) {
	v.missing(f, f.el.content.between(f.at, -1), v.scan.Offset())
}

// comesLater reports whether the element has a further child of that name.
func (v *Validator) comesLater(f *frame, name string) bool {
	if f.later == nil {
		if v.lookups == 0 {
			return false
		}
		v.lookups--
		f.later = v.lastChildren(f.start)
	}
	return f.later[name] > v.scan.Offset()
}

// lastChildren finds the last child of each name of the element that begins at
// an offset.
func (v *Validator) lastChildren(start int) map[string]int {
	if v.ahead == nil {
		v.ahead = xmlscan.New(nil, v.aheadCfg)
	}
	defer v.ahead.Reset(nil)
	v.ahead.Reset(v.doc)
	last := map[string]int{}
	depth := 0
	for {
		kind, err := v.ahead.Next()
		switch {
		case err != nil, kind == xmlscan.EOF, kind == xmlscan.End && v.ahead.Depth() < depth:
			return last
		case kind == xmlscan.Start && v.ahead.Offset() == start:
			depth = v.ahead.Depth()
		case kind == xmlscan.Start && depth > 0 && v.ahead.Depth() == depth+1:
			last[string(v.ahead.Local())] = v.ahead.Offset()
		}
	}
}

// unknown deals with an element whose name the parent does not know. A name that
// can only be a slip is read as what it is meant for.
func (v *Validator) unknown(f *frame, local []byte) {
	c := f.el.content
	x := v.at(Unexpected, f, nil)
	if x.Space != v.schema.Namespace {
		x.Kind = Namespace
	}
	x.Near = c.similar(x.Found)
	x.Names = c.next(f)
	for _, p := range v.schema.places[x.Found] {
		if !slices.Contains(x.Parents, p.Name) {
			x.Parents = append(x.Parents, p.Name)
		}
	}
	if len(x.Parents) > 0 && !strings.HasPrefix(x.Near, x.Found) {
		x.Near = "" // not misspelt but misplaced
	}
	v.add(x)
	if x.Near == "" || x.Kind != Unexpected || !isSlip(x.Found, x.Near) || !v.readAs(f, x.Near) {
		for _, i := range c.names[x.Near] {
			f.astray.add(i)
		}
		v.skip(1)
	}
}

// readAs takes the current element for one of another name, if that may stand
// here.
func (v *Validator) readAs(f *frame, name string) bool {
	steps := f.el.content.steps
	for _, e := range steps[f.at].follow {
		if steps[e.to].el.Name == name {
			f.at, f.n = int(e.to), 1
			f.seen.add(f.at)
			v.open(steps[e.to].el)
			return true
		}
	}
	return false
}

// next names what may follow in an element.
func (c *content) next(f *frame) (names []string) {
	now := &c.steps[f.at]
	if f.at > 0 && f.n < now.max {
		names = append(names, now.el.Name)
	}
	for _, e := range now.follow {
		names = append(names, c.steps[e.to].el.Name)
	}
	return names
}

// foreignName reports an element of a foreign namespace that is in its place
// otherwise, once for each namespace, and lets it pass unless it is forgiven.
func (v *Validator) foreignName(el *Element) (open bool) {
	space := string(v.scan.Space())
	if space == v.foreign && space != "" || v.foreign == " " && space == "" {
		return true
	}
	f := &v.stack[len(v.stack)-1]
	x := v.at(Namespace, f, el)
	if !v.add(x) {
		v.skip(1)
		return false
	}
	v.foreign = space
	if space == "" {
		v.foreign = " "
	}
	return true
}

func (v *Validator) strayText() {
	f := &v.stack[len(v.stack)-1]
	if !f.stray {
		f.stray = true
		at := v.scan.Offset() + len(v.scan.Text()) - len(strings.TrimLeft(string(v.scan.Text()), " \t\r\n"))
		v.add(Violation{Kind: Text, Elem: f.start, At: at, Decl: f.el, Parent: f.el})
	}
}
