package validate

import (
	"errors"
	"slices"
	"sync"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/internal/xsd"
	"github.com/faktupro/faktupro-go/ksef/fa3/rules"
)

// DefaultMax is the number of problems that a Report lists unless Config.Max
// says otherwise.
const DefaultMax = 100

// Config chooses what is checked. Its zero value means everything.
type Config struct {
	Layers []Layer // the layers to apply; all of them when empty
	Max    int     // problems to list; 0 means DefaultMax
	// Received is for documents that came from KSeF: what was accepted before
	// KSeF had a rule for it (a byte order mark, discouraged characters) is a
	// warning then, not an error.
	Received bool
	// StrictUPO applies the schema of the UPO to the letter, which refuses the
	// signature in it and the names of the test and demo environments: no UPO
	// that KSeF hands out follows it.
	StrictUPO bool
	Rules     rules.Config // of the layer Semantic
}

func (c *Config) has(l Layer) bool { return len(c.Layers) == 0 || slices.Contains(c.Layers, l) }

func (c *Config) max() int {
	if c.Max <= 0 {
		return DefaultMax
	}
	return c.Max
}

// forgive chooses which violations of the schema do not count.
func (c *Config) forgive() func(*xsd.Violation) bool {
	switch {
	case !c.has(Schema):
		return forgiveAll
	case !c.StrictUPO:
		return forgiveUPO
	}
	return nil
}

// forgiveAll is for documents that are only read.
func forgiveAll(*xsd.Violation) bool { return true }

// engines keeps warmed-up validators between calls.
var engines = sync.Pool{New: func() any { return xsd.New(xmlscan.Config{}) }}

// Valid answers quickly whether KSeF accepts the document as far as the layers
// XML and Schema go; it stops at the first error. Of a valid document it keeps
// and allocates nothing. The layer Semantic is not applied.
func Valid(doc []byte, cfg Config) bool {
	engine := engines.Get().(*xsd.Validator)
	defer engines.Put(engine)
	opts := xsd.Options{Choose: chooseSchema, Max: 1, Forgive: cfg.forgive()}
	if cfg.has(XML) && !cfg.Received && !cleanFile(doc) {
		return false
	}
	err := engine.Run(doc, opts)
	found, _ := engine.Violations()
	defer clear(found)
	if err != nil || len(found) > 0 {
		return false
	}
	return !cfg.has(XML) || !tooLarge(doc, formOfSchema(engine.Schema()))
}

// Document judges a document and says everything that is wrong with it.
func Document(doc []byte, cfg Config) *Report {
	j := &judge{doc: doc, cfg: cfg, report: &Report{Kind: Unknown, Judged: true}}
	engine := engines.Get().(*xsd.Validator)
	defer engines.Put(engine)
	err := engine.Run(doc, xsd.Options{Choose: j.choose, Max: cfg.max() + 1, Forgive: cfg.forgive()})
	found, cut := engine.Violations()
	defer clear(found) // values of the document
	j.report.Truncated = cut
	if cfg.has(XML) {
		j.file()
	}
	j.wellFormed(err)
	open := j.cutOff(err)
	for i := range found {
		if x := &found[i]; x.Kind < xsd.Empty || x.Attr != "" || x.Elem != open {
			j.violation(x)
		}
	}
	j.semantic(err)
	j.finish(engine.Schema())
	return j.report
}

// judge makes the report of one document.
type judge struct {
	doc    []byte
	cfg    Config
	form   *form // nil when the document cannot be judged
	report *Report
}

// choose notes what kind of document it is.
func (j *judge) choose(space, local []byte) *xsd.Schema {
	j.form = formOf(space, local)
	if j.form == nil {
		j.report.Kind = otherKind(string(space), string(local))
		return nil
	}
	j.report.Kind = j.form.kind
	return j.form.schema()
}

func (j *judge) add(p Problem) { j.report.Problems = append(j.report.Problems, p) }

// wellFormed reports the error of the XML layer. It is reported whatever the
// layers are, because the others cannot go on after it.
func (j *judge) wellFormed(err error) {
	var syntax *xmlscan.SyntaxError
	if !errors.As(err, &syntax) {
		return
	}
	en, pl := syntaxTexts(syntax.Code)
	j.add(Problem{
		Layer: XML, Code: Code(syntax.Code), Severity: Error, offset: syntax.Offset, elem: -1,
		EN: en, PL: pl, Reference: referenceFile,
	})
}

// cutOff is the offset of the innermost element that is open where the XML layer
// failed, -1 when it did not. Its value is known in part only, so nothing can be
// said about it.
func (j *judge) cutOff(err error) int {
	if err == nil {
		return -1
	}
	open := []int{-1}
	for s := xmlscan.New(j.doc, xmlscan.Config{}); ; {
		kind, err := s.Next()
		switch {
		case err != nil, kind == xmlscan.EOF:
			return open[len(open)-1]
		case kind == xmlscan.Start:
			open = append(open, s.Offset())
		case kind == xmlscan.End:
			open = open[:len(open)-1]
		}
	}
}

// finish puts the problems in order and gives them their places.
func (j *judge) finish(schema *xsd.Schema) {
	r := j.report
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return a.offset - b.offset })
	if len(r.Problems) > j.cfg.max() {
		r.Problems, r.Truncated = r.Problems[:j.cfg.max()], true
	}
	locate(j.doc, schema, r.Problems)
}
