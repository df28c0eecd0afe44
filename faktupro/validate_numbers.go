package faktupro

import (
	"bytes"
	"maps"

	"github.com/shopspring/decimal"
)

// lineExists reports whether a line of the invoice, or of the order, has the
// number.
func (v *validator) lineExists(number int) bool {
	if v.numbers == nil {
		v.numbers = make(map[int]bool, len(v.inv.Lines))
		for i := range v.inv.Lines {
			v.numbers[numberOf(v.inv.Lines[i].Number, i)] = true
		}
		for i := range v.inv.Order.Lines {
			v.numbers[numberOf(v.inv.Order.Lines[i].Number, i)] = true
		}
	}
	return v.numbers[number]
}

// rowName is what tells a line from others: its number and identifier, those
// before a correction apart from those after it.
type rowName struct {
	number int
	id     string
	before bool
}

// names are those of the lines, or of the lines of the order.
func (v *validator) names(order bool) []rowName {
	if order {
		lines := v.inv.Order.Lines
		names := make([]rowName, len(lines))
		for i := range lines {
			names[i] = rowName{numberOf(lines[i].Number, i), collapse(lines[i].ID), lines[i].Before}
		}
		return names
	}
	names := make([]rowName, len(v.inv.Lines))
	for i := range v.inv.Lines {
		l := &v.inv.Lines[i]
		names[i] = rowName{numberOf(l.Number, i), collapse(l.ID), l.Before}
	}
	return names
}

// rowPath is the place of a line, or of a line of the order.
func rowPath(order bool, i int, field ...string) string {
	path := pointer("lines", i)
	if order {
		path = pointer("order", "lines", i)
	}
	for _, f := range field {
		path += "/" + f
	}
	return path
}

// repeated judges whether numbers and identifiers of lines are their own.
func (v *validator) repeated(order bool) {
	names := v.names(order)
	if len(names) < 2 {
		return
	}
	seen := make(map[rowName]bool, 2*len(names))
	for i, n := range names {
		number, id := rowName{number: n.number, before: n.before}, rowName{id: n.id, before: n.before}
		if seen[number] {
			v.addAt(rowPath(order, i, "number"), codeLineNumberTwice)
		}
		if n.id != "" && seen[id] {
			v.addAt(rowPath(order, i, "id"), codeLineIDTwice)
		}
		seen[number], seen[id] = true, true
	}
}

// pairs judges whether each line before the correction has the one after it.
func (v *validator) pairs() {
	for _, order := range [...]bool{false, true} {
		names := v.names(order)
		after := make(map[rowName]bool, len(names))
		for _, n := range names {
			if !n.before {
				after[rowName{number: n.number}], after[rowName{id: n.id}] = true, true
			}
		}
		for i, n := range names {
			paired := after[rowName{number: n.number}] || n.id != "" && after[rowName{id: n.id}]
			if n.before && !paired {
				v.addAt(rowPath(order, i), codeLineBeforeAlone)
			}
		}
	}
}

// linesChange reports whether some line is not one of a pair that says the same
// before and after the correction. An order without lines before only repeats
// what was ordered.
func (v *validator) linesChange() bool {
	var lines, order twins
	for i := range v.inv.Lines {
		l := v.inv.Lines[i]
		number, before := numberOf(l.Number, i), l.Before
		l.Number, l.Before = 0, false
		var e encoder
		lineObject.encode(&e, &l)
		lines.add(number, before, e.dst)
	}
	for i := range v.inv.Order.Lines {
		l := v.inv.Order.Lines[i]
		number, before := numberOf(l.Number, i), l.Before
		l.Number, l.Before = 0, false
		var e encoder
		orderLineObject.encode(&e, &l)
		order.add(number, before, e.dst)
	}
	return lines.differ() || len(order.before) > 0 && order.differ()
}

// twins are lines by number, each in the state before and after a correction, as
// they are written in JSON.
type twins struct {
	before, after map[int][]byte
}

func (t *twins) add(number int, before bool, text []byte) {
	if t.before == nil {
		t.before, t.after = make(map[int][]byte), make(map[int][]byte)
	}
	if before {
		t.before[number] = text
		return
	}
	t.after[number] = text
}

func (t *twins) differ() bool { return !maps.EqualFunc(t.before, t.after, bytes.Equal) }

// grosz is the difference that rounding may make.
var grosz = decimal.New(1, -2)

// beyond reports whether two amounts differ by more than a number of groszes.
func beyond(a, b decimal.Decimal, groszes int) bool {
	return a.Sub(b).Abs().GreaterThan(grosz.Mul(decimal.NewFromInt(int64(groszes))))
}
