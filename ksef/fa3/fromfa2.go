package fa3

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ConversionError lists what an FA(2) invoice does not say as exactly as FA(3)
// demands.
type ConversionError struct {
	Paths []string // XPaths of the elements in the FA(2) document, such as /Faktura/Fa/FaWiersz[2]/P_12
}

// Error implements error.
func (e *ConversionError) Error() string {
	return "fa3: FA(3) must say more exactly what stands in " + strings.Join(e.Paths, ", ")
}

// FromFA2 makes an FA(3) of an invoice that [UnmarshalAny] read from FA(2), as the
// beginning of a correction or of another invoice like it. The argument is not
// changed; an invoice that is FA(3) already is returned as it is.
//
//   - JST and GV are 1 when a third party has the role of the local-government
//     unit or group member as recipient (8, 10), otherwise 2.
//   - The rate 0 becomes 0 KR, 0 WDT or 0 EX, and np becomes np I or np II, by the
//     only one of their totals that the invoice has.
//   - A due date in words is split where it begins with a number and a unit of
//     time: "14 dni od dostawy".
//
// Everything else means the same in both and is taken over, the date of
// production of the file included. The error is a *[ConversionError] when a rate
// or a due date cannot be decided.
func FromFA2(f *Faktura) (*Faktura, error) {
	if f.Naglowek.WariantFormularza != VariantFA2 {
		return f, nil
	}
	c := converter{rates: map[TStawkaPodatku]TStawkaPodatku{
		Rate0FA2: theOnly(
			total{f.Fa.P_13_6_1, Rate0Domestic}, total{f.Fa.P_13_6_2, Rate0IntraEU}, total{f.Fa.P_13_6_3, Rate0Export}),
		RateOutsideFA2: theOnly(total{f.Fa.P_13_8, RateOutsideI}, total{f.Fa.P_13_9, RateOutsideII}),
	}}
	made := *f
	made.Naglowek.WariantFormularza = VariantFA3
	made.Podmiot2.JST = YesIf(f.hasThirdParty(RoleLocalUnitRecipient))
	made.Podmiot2.GV = YesIf(f.hasThirdParty(RoleVATGroupRecipient))
	c.lines(&made.Fa)
	c.order(&made.Fa)
	c.payment(&made.Fa)
	if len(c.open) > 0 {
		return nil, &ConversionError{Paths: c.open}
	}
	return &made, nil
}

func (f *Faktura) hasThirdParty(role TRolaPodmiotu3) bool {
	return slices.ContainsFunc(f.Podmiot3, func(p Podmiot3) bool { return p.Rola == role })
}

// total is a total of an invoice and the rate that it is for.
type total struct {
	value Decimal
	rate  TStawkaPodatku
}

// theOnly is the rate of the only total that is there, empty when there are
// several or none.
func theOnly(totals ...total) (rate TStawkaPodatku) {
	for _, t := range totals {
		switch {
		case t.value == "":
		case rate != "":
			return ""
		default:
			rate = t.rate
		}
	}
	return rate
}

// converter makes FA(3) of parts of an FA(2) invoice. It copies what it changes.
type converter struct {
	rates map[TStawkaPodatku]TStawkaPodatku // what becomes of the rates of FA(2); empty when that is not known
	open  []string                          // paths of what could not be decided
}

func (c *converter) rate(r *TStawkaPodatku, path string) {
	now, changed := c.rates[*r]
	switch {
	case !changed:
	case now == "":
		c.open = append(c.open, path)
	default:
		*r = now
	}
}

func (c *converter) lines(fa *Fa) {
	fa.FaWiersz = slices.Clone(fa.FaWiersz)
	for i := range fa.FaWiersz {
		c.rate(&fa.FaWiersz[i].P_12, "/Faktura/Fa/FaWiersz["+strconv.Itoa(i+1)+"]/P_12")
	}
}

func (c *converter) order(fa *Fa) {
	if fa.Zamowienie == nil {
		return
	}
	order := *fa.Zamowienie
	order.ZamowienieWiersz = slices.Clone(order.ZamowienieWiersz)
	for i := range order.ZamowienieWiersz {
		c.rate(&order.ZamowienieWiersz[i].P_12Z, "/Faktura/Fa/Zamowienie/ZamowienieWiersz["+strconv.Itoa(i+1)+"]/P_12Z")
	}
	fa.Zamowienie = &order
}

func (c *converter) payment(fa *Fa) {
	if fa.Platnosc == nil {
		return
	}
	payment := *fa.Platnosc
	payment.TerminPlatnosci = slices.Clone(payment.TerminPlatnosci)
	for i := range payment.TerminPlatnosci {
		c.due(&payment.TerminPlatnosci[i], "/Faktura/Fa/Platnosc/TerminPlatnosci["+strconv.Itoa(i+1)+"]/TerminOpis")
	}
	fa.Platnosc = &payment
}

// dueInWords is a number, a unit of time and an event from which it runs.
var dueInWords = regexp.MustCompile(`^(\d{1,4}) (dni roboczych|dni|dzień|dnia|tygodni|tygodnie|tydzień|miesiąc|miesiące|miesięcy|days?|weeks?|months?) (.+)$`)

func (c *converter) due(t *TerminPlatnosci, path string) {
	if t.TerminOpis == nil {
		return
	}
	parts := dueInWords.FindStringSubmatch(t.TerminOpis.ZdarzeniePoczatkowe)
	if parts == nil {
		c.open = append(c.open, path)
		return
	}
	t.TerminOpis = &TerminOpis{Ilosc: Integer(parts[1]), Jednostka: parts[2], ZdarzeniePoczatkowe: parts[3]}
}
