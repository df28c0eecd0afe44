package faktupro

import "slices"

// correctRows shows the rows that change, and moves what belongs to single rows
// along with them.
func (inv *Invoice) correctRows(before, after *Invoice) {
	var numbers rowNumbers
	if inv.kind().IsAdvance() {
		inv.Order.Lines, numbers = changed(before.Order.Lines, after.Order.Lines, orderRows)
	} else {
		inv.Lines, numbers = changed(withExchangeRates(before, after), withExchangeRates(after, before), lineRows)
	}
	inv.Descriptions = slices.Clone(inv.Descriptions)
	inv.Descriptions = slices.DeleteFunc(inv.Descriptions, func(d Description) bool {
		return d.Line != 0 && numbers[d.Line] == 0
	})
	for i := range inv.Descriptions {
		inv.Descriptions[i].Line = numbers[inv.Descriptions[i].Line]
	}
	vehicles := slices.Clone(inv.NewTransport.Vehicles)
	vehicles = slices.DeleteFunc(vehicles, func(v Vehicle) bool { return numbers[v.Line] == 0 })
	for i := range vehicles {
		vehicles[i].Line = numbers[vehicles[i].Line]
	}
	if inv.NewTransport.Vehicles = vehicles; len(vehicles) == 0 {
		inv.NewTransport = NewTransport{}
	}
}

// withExchangeRates are the lines of an invoice, each with its exchange rate when
// the invoices have different ones: then it changes too.
func withExchangeRates(inv, other *Invoice) []Line {
	if !inv.foreignCurrency() || inv.ExchangeRate == other.ExchangeRate || inv.ExchangeRate.Equal(other.ExchangeRate) {
		return inv.Lines
	}
	lines := slices.Clone(inv.Lines)
	for i := range lines {
		lines[i].ExchangeRate = inv.lineExchangeRate(&lines[i])
	}
	return lines
}

// lineRows pairs lines and shows those that change.
var lineRows = rowKind[Line]{
	id:     func(l *Line) string { return l.ID },
	name:   func(l *Line) string { return l.Name },
	number: func(l *Line) *int { return &l.Number },
	mark:   func(l *Line) { l.Before = true },
	text:   func(l Line) string { l.Number = 0; return rowText(lineObject, &l) },
	none: func(l Line) Line {
		l.Quantity, l.Amount, l.VAT = zeroIf(l.Quantity), zeroIf(l.Amount), zeroIf(l.VAT)
		l.Counterpart.Amount, l.Excise = zeroIf(l.Counterpart.Amount), zeroIf(l.Excise)
		return l
	},
}

// orderRows pairs the lines of an order. All of them are shown: the payment is
// split over the whole order.
var orderRows = rowKind[OrderLine]{
	id:     func(l *OrderLine) string { return l.ID },
	name:   func(l *OrderLine) string { return l.Name },
	number: func(l *OrderLine) *int { return &l.Number },
	mark:   func(l *OrderLine) { l.Before = true },
	text:   func(l OrderLine) string { l.Number = 0; return rowText(orderLineObject, &l) },
	none: func(l OrderLine) OrderLine {
		l.Quantity, l.Amount, l.VAT, l.Excise = zeroIf(l.Quantity), zeroIf(l.Amount), zeroIf(l.VAT), zeroIf(l.Excise)
		return l
	},
	all: true,
}

// numberOf is the number of a row: its own, or its position from 1.
func numberOf(own, position int) int {
	if own != 0 {
		return own
	}
	return position + 1
}

// rowText is everything a row says.
func rowText[R any](o *object[R], row *R) string {
	var e encoder
	o.encode(&e, row)
	return string(e.dst)
}

// zeroIf is 0 in place of a given number.
func zeroIf(d Decimal) Decimal {
	if d.given {
		return DecimalFromInt(0)
	}
	return d
}

// rowKind is what pairing needs to know of a line of the invoice or of the order.
type rowKind[R any] struct {
	id, name func(*R) string
	number   func(*R) *int
	mark     func(*R)       // marks the row as it was
	text     func(R) string // everything the row says, apart from its number
	none     func(R) R      // the row after everything was taken back
	all      bool           // rows that stay are shown too
}

// rowNumbers tell under which number a row of the invoice stands on the
// correction, 0 when it is not shown.
type rowNumbers map[int]int

// changed pairs rows and lists the pairs that differ, before and after under one
// number; rows that were added follow.
func changed[R any](before, after []R, k rowKind[R]) ([]R, rowNumbers) {
	var rows []R
	numbers := make(rowNumbers)
	becomes := k.pair(before, after)
	last := 0
	added := make([]bool, len(after))
	for j := range after {
		added[j] = true
	}
	var gone []int
	for i := range before {
		n := numberOf(*k.number(&before[i]), i)
		last = max(last, n)
		was, then := before[i], k.none(before[i])
		if j := becomes[i]; j >= 0 {
			then, added[j] = after[j], false
			own := numberOf(*k.number(&then), j)
			if !k.all && k.text(was) == k.text(then) {
				numbers[own] = 0
				continue
			}
			numbers[own] = n
		} else {
			gone = append(gone, n)
		}
		*k.number(&was), *k.number(&then) = n, n
		k.mark(&was)
		rows = append(rows, was, then)
	}
	for j := range after {
		if !added[j] {
			continue
		}
		last++
		row := after[j]
		numbers[numberOf(*k.number(&row), j)] = last
		*k.number(&row) = last
		rows = append(rows, row)
	}
	for _, n := range gone { // facts about what was taken back stay with it
		if _, taken := numbers[n]; !taken {
			numbers[n] = n
		}
	}
	return rows, numbers
}

// pair finds for each row before the position of the row it became, -1 when it
// went away.
func (k rowKind[R]) pair(before, after []R) []int {
	becomes := make([]int, len(before))
	for i := range becomes {
		becomes[i] = -1
	}
	taken := make([]bool, len(after))
	for _, key := range []func(*R) string{
		k.id,
		func(r *R) string { return k.text(*r) },
		k.name,
		func(*R) string { return "any" },
	} {
		k.pairBy(key, before, after, becomes, taken)
	}
	return becomes
}

// pairBy pairs rows with the same key in their order. Rows with an ID are paired
// by it alone.
func (k rowKind[R]) pairBy(key func(*R) string, before, after []R, becomes []int, taken []bool) {
	free := make(map[string][]int)
	full := func(r *R) string { return k.id(r) + "\x00" + key(r) }
	for j := range after {
		if !taken[j] && key(&after[j]) != "" {
			free[full(&after[j])] = append(free[full(&after[j])], j)
		}
	}
	for i := range before {
		if becomes[i] >= 0 || key(&before[i]) == "" {
			continue
		}
		if list := free[full(&before[i])]; len(list) > 0 {
			becomes[i], taken[list[0]] = list[0], true
			free[full(&before[i])] = list[1:]
		}
	}
}
