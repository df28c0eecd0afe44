package rules

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// extraRules are the rules about amounts to settle besides the invoice total.
var extraRules = []Rule{
	{
		"extra.charges_sum", Warning, LikelyMistake, "information sheet on FA(3), Rozliczenie",
		"The charges add up to {expected} and SumaObciazen says {found}: correct whichever is wrong.",
		"Obciążenia dają razem {expected}, a SumaObciazen wynosi {found}: popraw to, co błędne.",
		checkCharges,
	},
	{
		"extra.deductions_sum", Warning, LikelyMistake, "information sheet on FA(3), Rozliczenie",
		"The deductions add up to {expected} and SumaOdliczen says {found}: correct whichever is wrong.",
		"Odliczenia dają razem {expected}, a SumaOdliczen wynosi {found}: popraw to, co błędne.",
		checkDeductions,
	},
	{
		"extra.to_pay", Warning, LikelyMistake, "information sheet on FA(3), DoZaplaty",
		"P_15 with charges and less deductions is {expected} and DoZaplaty says {found}: correct it; a surplus goes to DoRozliczenia.",
		"P_15 powiększone o obciążenia i pomniejszone o odliczenia to {expected}, a DoZaplaty wynosi {found}: popraw je; nadpłatę wpisz w DoRozliczenia.",
		checkToPay,
	},
	{
		"extra.to_settle", Warning, LikelyMistake, "information sheet on FA(3), DoRozliczenia",
		"After charges and deductions the surplus is {expected} and DoRozliczenia says {found}: write the surplus there as a positive amount; an amount still due goes to DoZaplaty.",
		"Po obciążeniach i odliczeniach nadpłata wynosi {expected}, a DoRozliczenia ma {found}: wpisz tam nadpłatę jako kwotę dodatnią; kwota nadal należna trafia do DoZaplaty.",
		checkToSettle,
	},
	{
		"extra.negative", Warning, LikelyMistake, "information sheet on FA(3), Obciazenia and Odliczenia",
		"A charge or deduction is negative: write it as a positive amount on the other side.",
		"Obciążenie lub odliczenie jest ujemne: wpisz je jako kwotę dodatnią po drugiej stronie.",
		checkExtraNegative,
	},
}

// decimalOf writes a count for a message.
func decimalOf(n int) string { return strconv.Itoa(n) }

// extras are the sums of charges and deductions.
func (d *Document) extras() (charges, deductions decimal.Decimal, ok bool) {
	r := d.fa.Rozliczenie
	if r == nil {
		return zero, zero, false
	}
	for i := range r.Obciazenia {
		charges = charges.Add(parse(r.Obciazenia[i].Kwota).Decimal)
	}
	for i := range r.Odliczenia {
		deductions = deductions.Add(parse(r.Odliczenia[i].Kwota).Decimal)
	}
	return charges, deductions, true
}

func checkCharges(d *Document, fs *Findings) {
	charges, _, ok := d.extras()
	if !ok || len(d.fa.Rozliczenie.Obciazenia) == 0 {
		return
	}
	if sum := parse(d.fa.Rozliczenie.SumaObciazen); sum.ok && !near(sum.Decimal, charges, 1) {
		fs.Add(Path("Fa", "Rozliczenie", "SumaObciazen"), "expected", show(charges), "found", show(sum.Decimal))
	}
}

func checkDeductions(d *Document, fs *Findings) {
	_, deductions, ok := d.extras()
	if !ok || len(d.fa.Rozliczenie.Odliczenia) == 0 {
		return
	}
	if sum := parse(d.fa.Rozliczenie.SumaOdliczen); sum.ok && !near(sum.Decimal, deductions, 1) {
		fs.Add(Path("Fa", "Rozliczenie", "SumaOdliczen"), "expected", show(deductions), "found", show(sum.Decimal))
	}
}

// settled is P_15 with charges and less deductions. Where amounts are not
// itemised the stated sums count.
func (d *Document) settled() (decimal.Decimal, bool) {
	charges, deductions, ok := d.extras()
	if !ok || !d.gross.ok {
		return zero, false
	}
	r := d.fa.Rozliczenie
	if len(r.Obciazenia) == 0 {
		charges = parse(r.SumaObciazen).Decimal
	}
	if len(r.Odliczenia) == 0 {
		deductions = parse(r.SumaOdliczen).Decimal
	}
	return d.gross.Add(charges).Sub(deductions), true
}

func checkToPay(d *Document, fs *Findings) {
	expected, ok := d.settled()
	if !ok {
		return
	}
	if found := parse(d.fa.Rozliczenie.DoZaplaty); found.ok && !near(expected, found.Decimal, 1) {
		fs.Add(Path("Fa", "Rozliczenie", "DoZaplaty"), "expected", show(expected), "found", show(found.Decimal))
	}
}

func checkToSettle(d *Document, fs *Findings) {
	expected, ok := d.settled()
	if !ok {
		return
	}
	if found := parse(d.fa.Rozliczenie.DoRozliczenia); found.ok && !near(expected.Neg(), found.Decimal, 1) {
		fs.Add(Path("Fa", "Rozliczenie", "DoRozliczenia"), "expected", show(expected.Neg()), "found", show(found.Decimal))
	}
}

func checkExtraNegative(d *Document, fs *Findings) {
	r := d.fa.Rozliczenie
	if r == nil || d.Correction() {
		return
	}
	for i := range r.Obciazenia {
		if parse(r.Obciazenia[i].Kwota).negative() {
			fs.Add(Path("Fa", "Rozliczenie", "Obciazenia", i, "Kwota"))
		}
	}
	for i := range r.Odliczenia {
		if parse(r.Odliczenia[i].Kwota).negative() {
			fs.Add(Path("Fa", "Rozliczenie", "Odliczenia", i, "Kwota"))
		}
	}
}
