package rules

import "github.com/faktupro/faktupro-go/ksef/fa3"

// termRules are the rules about dates of payment, contracts and orders.
var termRules = []Rule{
	{
		"paid_date.after_issue", Warning, LikelyMistake, "DataZaplaty and P_1",
		"The payment date lies after the issue date: check both dates.",
		"Data zapłaty jest późniejsza niż data wystawienia: sprawdź obie daty.",
		checkPaidAfter,
	},
	{
		"due_date.before_issue", Warning, LikelyMistake, "Termin and P_1",
		"The due date lies before the issue date: check both dates.",
		"Termin płatności przypada przed datą wystawienia: sprawdź obie daty.",
		checkDueBefore,
	},
	{
		"due_date.far", Info, LikelyMistake, "Termin and P_1",
		"The due date lies more than a year after the issue date: check the year.",
		"Termin płatności przypada ponad rok po dacie wystawienia: sprawdź rok.",
		checkDueFar,
	},
	{
		"due_date.repeated", Info, LikelyMistake, "TerminPlatnosci",
		"The same due date is given twice: remove one of them.",
		"Ten sam termin płatności podano dwukrotnie: usuń jeden z nich.",
		checkDueRepeated,
	},
	{
		"due.empty", Info, Advice, "TerminPlatnosci",
		"The term of payment is empty: give a date, or count, unit and event, or leave the element out.",
		"Termin płatności jest pusty: podaj datę albo liczbę, jednostkę i zdarzenie, albo pomiń ten element.",
		checkDueEmpty,
	},
	{
		"due.count", Warning, LikelyMistake, "TerminOpis",
		"The described term of payment counts zero or fewer units: write how many days, weeks or months it is.",
		"Opisany termin płatności liczy zero lub mniej jednostek: wpisz, ile to dni, tygodni lub miesięcy.",
		checkDueCount,
	},
	{
		"contract_date.after_issue", Info, LikelyMistake, "DataUmowy, DataZamowienia and P_1",
		"The contract or order is dated after the invoice: check both dates.",
		"Umowa lub zamówienie ma datę późniejszą niż faktura: sprawdź obie daty.",
		checkContractDates,
	},
	{
		"reference.repeated", Info, LikelyMistake, "Umowy, Zamowienia, NrPartiiTowaru and WZ",
		"The same contract, order, batch or release note is listed twice: remove one of them.",
		"Tę samą umowę, zamówienie, partię lub WZ podano dwukrotnie: usuń jedną z pozycji.",
		checkRepeatedReferences,
	},
}

func checkPaidAfter(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if p == nil {
		return
	}
	if days(p.DataZaplaty, d.fa.P_1) > 0 {
		fs.Add(Path("Fa", "Platnosc", "DataZaplaty"))
	}
	for i := range p.ZaplataCzesciowa {
		if days(p.ZaplataCzesciowa[i].DataZaplatyCzesciowej, d.fa.P_1) > 0 {
			fs.Add(Path("Fa", "Platnosc", "ZaplataCzesciowa", i, "DataZaplatyCzesciowej"))
		}
	}
}

// eachDue reports the terms of payment that are bad.
func (d *Document) eachDue(fs *Findings, field string, bad func(*fa3.TerminPlatnosci) bool) {
	if d.fa.Platnosc == nil {
		return
	}
	for i := range d.fa.Platnosc.TerminPlatnosci {
		if bad(&d.fa.Platnosc.TerminPlatnosci[i]) {
			fs.Add(Path("Fa", "Platnosc", "TerminPlatnosci", i, field))
		}
	}
}

func checkDueBefore(d *Document, fs *Findings) {
	d.eachDue(fs, "Termin", func(t *fa3.TerminPlatnosci) bool { return days(t.Termin, d.fa.P_1) < 0 })
}

func checkDueFar(d *Document, fs *Findings) {
	d.eachDue(fs, "Termin", func(t *fa3.TerminPlatnosci) bool { return days(t.Termin, d.fa.P_1) > year })
}

func checkDueRepeated(d *Document, fs *Findings) {
	var before seen[string]
	d.eachDue(fs, "Termin", func(t *fa3.TerminPlatnosci) bool {
		return t.TerminOpis == nil && t.Termin.Valid() && before.add(t.Termin.String())
	})
}

func checkDueEmpty(d *Document, fs *Findings) {
	d.eachDue(fs, "", func(t *fa3.TerminPlatnosci) bool { return t.Termin.IsZero() && t.TerminOpis == nil })
}

func checkDueCount(d *Document, fs *Findings) {
	d.eachDue(fs, "TerminOpis/Ilosc", func(t *fa3.TerminPlatnosci) bool {
		if t.TerminOpis == nil {
			return false
		}
		n := parse(fa3.Decimal(t.TerminOpis.Ilosc))
		return n.ok && n.Sign() <= 0
	})
}

func checkContractDates(d *Document, fs *Findings) {
	w := d.fa.WarunkiTransakcji
	if w == nil {
		return
	}
	for i := range w.Umowy {
		if days(w.Umowy[i].DataUmowy, d.fa.P_1) > 0 {
			fs.Add(Path("Fa", "WarunkiTransakcji", "Umowy", i, "DataUmowy"))
		}
	}
	for i := range w.Zamowienia {
		if days(w.Zamowienia[i].DataZamowienia, d.fa.P_1) > 0 {
			fs.Add(Path("Fa", "WarunkiTransakcji", "Zamowienia", i, "DataZamowienia"))
		}
	}
}

func checkRepeatedReferences(d *Document, fs *Findings) {
	var notes seen[string]
	for i, n := range d.fa.WZ {
		if notes.add(n) {
			fs.Add(Path("Fa", "WZ", i))
		}
	}
	w := d.fa.WarunkiTransakcji
	if w == nil {
		return
	}
	var contracts seen[fa3.Umowy]
	for i, c := range w.Umowy {
		if c != (fa3.Umowy{}) && contracts.add(c) {
			fs.Add(Path("Fa", "WarunkiTransakcji", "Umowy", i))
		}
	}
	var orders seen[fa3.Zamowienia]
	for i, o := range w.Zamowienia {
		if o != (fa3.Zamowienia{}) && orders.add(o) {
			fs.Add(Path("Fa", "WarunkiTransakcji", "Zamowienia", i))
		}
	}
	var batches seen[string]
	for i, n := range w.NrPartiiTowaru {
		if batches.add(n) {
			fs.Add(Path("Fa", "WarunkiTransakcji", "NrPartiiTowaru", i))
		}
	}
}
