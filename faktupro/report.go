package faktupro

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// report collects problems together with the place they are found at. Errors
// and warnings are bounded apart, so that many warnings cannot hide an error.
type report struct {
	path             pathStack
	problems         Problems
	errors, warnings int
}

// add records a problem at the current place. Args are pairs that fill the
// placeholders of the message: "max", "256" fills {max}.
func (r *report) add(code string, args ...string) {
	if !r.full(code) {
		r.addAt(r.path.pointer(), code, args...)
	}
}

// addAt records a problem at a JSON Pointer.
func (r *report) addAt(path, code string, args ...string) {
	if r.full(code) {
		return
	}
	count, overflow := r.counter(code)
	if *count++; *count > MaxProblems {
		path, code, args = "", overflow, []string{"max", strconv.Itoa(MaxProblems)}
	}
	r.problems = append(r.problems, newProblem(path, code, args...))
}

// full reports whether problems of this severity are no longer recorded. It is
// cheap: a hostile text may hold millions.
func (r *report) full(code string) bool {
	count, _ := r.counter(code)
	return *count > MaxProblems
}

// counter counts the problems of a rule's severity and names the rule that
// speaks when there are too many.
func (r *report) counter(code string) (count *int, overflow string) {
	if severities[code] == SeverityWarning {
		return &r.warnings, codeTooManyWarnings
	}
	return &r.errors, codeTooManyProblems
}

// pathStack is the way from the invoice down to a value.
type pathStack []step

// step is a property by name, or an element of a list by index when the name
// is empty.
type step struct {
	name  string
	index int
}

func (p *pathStack) push(name string)    { *p = append(*p, step{name: name}) }
func (p *pathStack) pushIndex(index int) { *p = append(*p, step{index: index}) }
func (p *pathStack) pop()                { *p = (*p)[:len(*p)-1] }

// pointer is the path as a JSON Pointer.
func (p pathStack) pointer() string {
	var b strings.Builder
	for _, s := range p {
		b.WriteByte('/')
		if s.name == "" {
			b.WriteString(strconv.Itoa(s.index))
			continue
		}
		b.WriteString(escapePointer(s.name))
	}
	return b.String()
}

// longestName is how much of an unknown property name a pointer repeats.
const longestName = 64

func escapePointer(name string) string {
	if len(name) > longestName {
		name = name[:longestName]
		for !utf8.ValidString(name) {
			name = name[:len(name)-1]
		}
		name += "…"
	}
	return pointerEscapes.Replace(name)
}

// pointerEscapes are those of RFC 6901.
var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// pointer joins property names and list indexes into a JSON Pointer.
func pointer(parts ...any) string {
	var p pathStack
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			p.push(part)
		case int:
			p.pushIndex(part)
		}
	}
	return p.pointer()
}
