package validate

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

// variant is a generated document with something changed.
type variant struct {
	what  string
	doc   *node
	known string // why libxml2 is not asked
}

// knownDifference names what libxml2 is known to judge otherwise than the
// specification: it refuses white space around date types without pattern and
// around fixed values, and whole numbers of more than 24 digits, and compares a
// time without zone as if it were in UTC.
func knownDifference(schema *facts.Schema, e *facts.Element, value string) string {
	t := schema.Simple(e)
	around := strings.Trim(value, " \t\r\n") != value
	switch {
	case around && (t.Base == "date" || t.Base == "dateTime") && facts.First(t.Facets, "pattern") == "":
		return "white space around a date"
	case around && e.Fixed != "":
		return "white space around a fixed value"
	case t.Base == "dateTime" && !strings.ContainsAny(value, "Z+") && strings.Count(value, "-") < 3 && nearBound(t, value):
		return "no time zone near a bound"
	case t.Base == "integer" && len(value) > 24:
		return "many digits"
	}
	return ""
}

// nearBound reports whether an instant is within a day of a bound, roughly.
func nearBound(t *facts.Type, value string) bool {
	return slices.ContainsFunc(t.Facets, func(f facts.Facet) bool {
		year, _ := strconv.Atoi(f.Value[:min(4, len(f.Value))])
		return strings.HasPrefix(value, strconv.Itoa(year)+"-01-0") || strings.HasPrefix(value, strconv.Itoa(year-1)+"-12-31") || strings.HasPrefix(value, f.Value[:min(8, len(f.Value))])
	})
}

// variants change one thing at a time in documents that have everything: each
// value of each type to near misses and to its boundaries, each element to none,
// two, one more than allowed, another place, another name.
func variants(schema *facts.Schema) (all []variant) {
	typed := map[string]bool{} // types whose values have been varied
	placed := map[string]bool{}
	for _, doc := range generated(schema, 0) {
		number := 0
		doc.each(func(parent, n *node) {
			number++
			here := parent.name + "/" + n.name
			known := ""
			change := func(what string, f func(parent, n *node, at int)) {
				copied := doc.clone()
				i := 0
				copied.each(func(p, m *node) {
					if i++; i == number {
						f(p, m, slices.Index(p.kids, m))
					}
				})
				all = append(all, variant{here + " " + what, copied, known})
			}
			if key := here + "\n" + typeKey(schema, n.facts); !placed[key] {
				placed[key] = true
				structural(change, n)
				instance(change, schema, n)
			}
			if key := typeKey(schema, n.facts); !typed[key] && len(n.kids) == 0 {
				typed[key] = true
				for _, v := range candidates(schema.Simple(n.facts), n.text) {
					known = knownDifference(schema, n.facts, v)
					change("= "+strconv.Quote(v), func(_, n *node, _ int) { n.text = v })
				}
			}
		})
	}
	return all
}

func typeKey(schema *facts.Schema, e *facts.Element) string {
	var b strings.Builder
	t := schema.Simple(e)
	b.WriteString(e.Type + " " + t.Base + " " + e.Fixed)
	for _, f := range t.Facets {
		b.WriteString(" " + f.Name + "=" + f.Value)
	}
	return b.String()
}

// structural are the changes of an element as a whole.
func structural(change func(string, func(parent, n *node, at int)), n *node) {
	change("removed", func(p, _ *node, at int) { p.kids = slices.Delete(p.kids, at, at+1) })
	change("twice", func(p, n *node, at int) { p.kids = slices.Insert(p.kids, at, n.clone()) })
	change("at the end", func(p, n *node, at int) { p.kids = append(slices.Delete(p.kids, at, at+1), n) })
	change("at the beginning", func(p, n *node, at int) { p.kids = slices.Insert(slices.Delete(p.kids, at, at+1), 0, n) })
	change("renamed", func(_, n *node, _ int) { n.name += "X" })
	change("with a child", func(_, n *node, _ int) { n.kids = append(n.kids, &node{name: "Obcy"}) })
	change("with an attribute", func(_, n *node, _ int) { n.attrs = append(n.attrs, [2]string{"obcy", "1"}) })
	if len(n.kids) > 0 {
		change("with text", func(_, n *node, _ int) { n.text = "x" })
		change("with blanks", func(_, n *node, _ int) { n.text = " \t\n" })
		change("emptied", func(_, n *node, _ int) { n.kids = nil })
	}
	for i, a := range n.attrs {
		change("without "+a[0], func(_, n *node, _ int) { n.attrs = slices.Delete(n.attrs, i, i+1) })
		for _, v := range []string{"", "x", " " + a[1], strings.ToLower(a[1]), a[1] + "\t"} {
			change(a[0]+"="+v, func(_, n *node, _ int) { n.attrs[i][1] = v })
		}
	}
	if most := n.facts.Max; most > 1 && most <= 101 {
		for _, times := range []int{most, most + 1} {
			change("repeated "+strconv.Itoa(times), func(p, n *node, _ int) {
				p.kids = slices.DeleteFunc(p.kids, func(k *node) bool { return k.name == n.name && k != n })
				at := slices.Index(p.kids, n)
				for range times - 1 {
					p.kids = slices.Insert(p.kids, at, n.clone())
				}
			})
		}
	}
}

// instance adds attributes of XML Schema to an element.
func instance(change func(string, func(parent, n *node, at int)), schema *facts.Schema, n *node) {
	names := []string{"t:" + n.facts.Type, "e:" + n.facts.Type, "x:" + n.facts.Type, "x:int", "x:string", n.facts.Type, "t:TAdres", "t:TZnakowy", "y:TZnakowy"}
	for _, t := range schema.Types {
		if t.Of != "" && t.Of == n.facts.Type {
			names = append(names, "t:"+t.Name, "e:"+t.Name)
		}
	}
	with := func(name, value string) {
		change("with xsi:"+name+"="+value, func(_, n *node, _ int) {
			n.attrs = append(n.attrs, [][2]string{
				{"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
				{"xmlns:t", schema.Namespace},
				{"xmlns:e", cmp.Or(schema.Shared, "urn:none")},
				{"xmlns:x", "http://www.w3.org/2001/XMLSchema"},
				{"xmlns:y", "urn:y"},
				{"xsi:" + name, value},
			}...)
		})
	}
	for _, name := range names {
		with("type", name)
	}
	with("nil", "false")
	with("nil", "true")
	with("schemaLocation", "urn:a a.xsd")
	with("noNamespaceSchemaLocation", "a.xsd")
	with("other", "1")
}

// severalFaults makes documents with a few random changes each.
func severalFaults(schema *facts.Schema, count int) (all []variant) {
	for seed := range count {
		rng := rand.New(rand.NewPCG(uint64(seed), 11))
		doc := (&generator{schema: schema, rng: rng}).document()
		var nodes, parents []*node
		doc.each(func(p, n *node) { nodes, parents = append(nodes, n), append(parents, p) })
		known := ""
		for range 1 + rng.IntN(4) {
			i := rng.IntN(len(nodes))
			n, p := nodes[i], parents[i]
			at := slices.Index(p.kids, n)
			switch {
			case at < 0:
			case len(n.kids) == 0 && n.facts != nil && rng.IntN(2) == 0:
				values := candidates(schema.Simple(n.facts), n.text)
				n.text = values[rng.IntN(len(values))]
				known += knownDifference(schema, n.facts, n.text)
			case rng.IntN(3) == 0:
				p.kids = slices.Delete(p.kids, at, at+1)
			case rng.IntN(2) == 0:
				p.kids = slices.Insert(p.kids, rng.IntN(len(p.kids)+1), n.clone())
			default:
				p.kids = slices.Delete(p.kids, at, at+1)
				other := parents[rng.IntN(len(parents))]
				other.kids = slices.Insert(other.kids, rng.IntN(len(other.kids)+1), n)
			}
		}
		all = append(all, variant{"faults " + strconv.Itoa(seed), doc, known})
	}
	return all
}

// candidates are values in and around the boundaries of a type.
func candidates(t *facts.Type, good string) (values []string) {
	add := func(v ...string) { values = append(values, v...) }
	add("", " ", "\t", " "+good, good+" ", "\n"+good+"\n", good+"\u00a0", "x", "0", "1", "2", "-1", "true", good+good, good+".", "٣")
	for _, v := range facts.Enumeration(t) {
		add(v)
	}
	for i, v := range facts.Enumeration(t) {
		if i > 3 {
			break
		}
		add(strings.ToLower(v), strings.ToUpper(v), v+"x", v+".", v[:len(v)-1], " "+v, v+"  ", strings.ReplaceAll(v, " ", "  "), "0"+v, "+"+v)
	}
	for _, name := range []string{"minLength", "maxLength"} {
		if n, err := strconv.Atoi(facts.First(t.Facets, name)); err == nil {
			for _, length := range []int{n - 1, n, n + 1} {
				if length >= 0 {
					add(strings.Repeat("a", length), strings.Repeat("ż", length), strings.Repeat("𝄞", length), "a"+strings.Repeat("  b", length/2))
				}
			}
		}
	}
	switch t.Base {
	case "decimal", "integer", "nonNegativeInteger", "positiveInteger", "byte":
		add(numbers...)
	case "date", "dateTime":
		add(dates...)
		for _, f := range t.Facets {
			add(around(f.Value)...)
		}
	}
	if facts.First(t.Facets, "pattern") != "" {
		add(mutated(good)...)
	}
	return values
}

var numbers = []string{
	"00", "007", "+1", "-0", "+0", ".5", "5.", "1.", ".", "-", "+", "1.0", "1.00", "1.000", "-1.5", "1,5", "1 000", "1e3", "INF", "NaN", "0.1", "0.12", "0.123",
	"0.000001", "0.0000001", "0.12345678", "0.123456789", "0.1000000000", "99", "100", "100.000000", "100.0000000", "100.1", "100.000001", "101", "-0.01", "6.5", "7.00", "8",
	"127", "128", "-128", "-129", "01", "+2", "3", "03", "1.2.3", "--1", "+-1", "1-", "0x1",
	"9999999999999999", "99999999999999", "99999999999999.99", "9999999999999999.99", "99999999999999999", "12345678901234", "123456789012345", "00012345678901234", "1234567890123456.123456", "12345678901234.12345678",
}

var dates = []string{
	"2026-02-28", "2026-02-29", "2026-02-30", "2024-02-29", "2028-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-5", "26-01-05", "02026-01-05", "-2026-01-05",
	"2026-02-01Z", "2026-02-01+01:00", "2026-02-01T00:00:00", "01.02.2026", "2026/02/01", "20260201", "2005-12-31", "2006-01-01", "1989-12-31", "1990-01-01", "2016-06-30", "2016-07-01",
	"2050-01-01", "2050-01-02", "9999-12-31", "12026-01-05", "0000-01-01",
	"2026-02-01T10:30:00Z", "2026-02-01T10:30:00.5Z", "2026-02-01T10:30:00.123456789012Z", "2026-02-01T10:30:00.Z", "2026-02-01T10:30Z", "2026-02-01T10:30:60Z", "2026-02-01T10:60:00Z",
	"2026-02-01T24:00:00Z", "2026-02-01T24:00:01Z", "2026-02-01T25:00:00Z", "2026-02-01T10:30:00+14:00", "2026-02-01T10:30:00-14:00", "2026-02-01T10:30:00+14:01", "2026-02-01T10:30:00+02:00",
	"2026-02-01T10:30:00+2:00", "2026-02-01T10:30:00z", "2026-02-01t10:30:00Z", "2026-02-01 10:30:00Z", "2026-02-30T10:30:00Z", "2026-02-01T10:30:00",
}

// around are values just at a bound of dates.
func around(bound string) []string {
	day, clock, isClock := strings.Cut(bound, "T")
	if !isClock {
		return []string{bound}
	}
	return []string{
		bound, day + "T00:00:00+00:01", day + "T00:00:00-00:01", day + "T23:59:59Z", day + "T23:59:59.000Z", day + "T23:59:59.001Z", day + "T24:00:00Z",
		day + "T00:00:00.001Z", day + "T" + strings.TrimSuffix(clock, "Z") + "+14:00", day + "T" + strings.TrimSuffix(clock, "Z") + "-14:00",
	}
}

// mutated changes, drops and adds characters.
func mutated(good string) (values []string) {
	for i := range len(good) {
		values = append(values, good[:i]+good[i+1:], good[:i]+"0"+good[i+1:], good[:i]+"x"+good[i+1:], good[:i]+"-"+good[i:])
		if i > 40 {
			break
		}
	}
	return append(values, strings.ToLower(good), good+"1", good+"A", good+"\n", "٣"+good)
}
