package rules

import "github.com/faktupro/faktupro-go/ksef/fa3"

// kindRules are the rules about what belongs on which kind of invoice.
var kindRules = []Rule{
	{
		"correction.reference", Error, LawRequires, "art. 106j(2) of the VAT Act; information sheet on FA(3), DaneFaKorygowanej",
		"A correction must say what it corrects: add DaneFaKorygowanej with date, number and KSeF number of the invoice.",
		"Korekta musi wskazywać, co koryguje: dodaj DaneFaKorygowanej z datą, numerem i numerem KSeF faktury.",
		checkCorrectionReference,
	},
	{
		"correction.superfluous", Error, LawRequires, "information sheet on FA(3), the group of elements for corrections",
		"This element belongs on corrections only: remove it, or choose KOR, KOR_ZAL or KOR_ROZ as the kind.",
		"Ten element występuje tylko na korektach: usuń go albo wybierz rodzaj KOR, KOR_ZAL lub KOR_ROZ.",
		checkCorrectionSuperfluous,
	},
	{
		"correction.period_kind", Warning, LawRequires, "art. 106j(3) of the VAT Act; information sheet on FA(3), OkresFaKorygowanej",
		"OkresFaKorygowanej is for a collective discount on ordinary invoices: remove it from this kind of correction.",
		"Pole OkresFaKorygowanej dotyczy zbiorczego rabatu do zwykłych faktur: usuń je z korekty tego rodzaju.",
		checkCorrectionPeriod,
	},
	{
		"correction.before_amount", Error, LawRequires, "information sheet on FA(3), P_15ZK",
		"The corrected advance or remaining amount needs its value before the correction: fill in P_15ZK.",
		"Przy korekcie kwoty zaliczki lub kwoty pozostałej do zapłaty trzeba podać jej wartość przed korektą: uzupełnij P_15ZK.",
		checkBeforeAmount,
	},
	{
		"correction.before_amount_unchanged", Info, Advice, "information sheet on FA(3), P_15ZK",
		"The correction leaves the advance or remaining amount as it was and does not state it: give it in P_15ZK.",
		"Korekta nie zmienia kwoty zaliczki ani kwoty pozostałej do zapłaty i jej nie podaje: wpisz ją w P_15ZK.",
		checkBeforeAmountUnchanged,
	},
	{
		"correction.before_amount_kind", Error, LawRequires, "information sheet on FA(3), P_15ZK",
		"P_15ZK is for corrections of advance and settlement invoices: remove it, or choose KOR_ZAL or KOR_ROZ.",
		"Pole P_15ZK dotyczy korekt faktur zaliczkowych i rozliczeniowych: usuń je albo wybierz KOR_ZAL lub KOR_ROZ.",
		checkBeforeAmountKind,
	},
	{
		"order.missing", Error, LawRequires, "art. 106f(1)(4) of the VAT Act; information sheet on FA(3), Zamowienie",
		"An advance invoice must show the order or contract: add Zamowienie with its value and lines.",
		"Faktura zaliczkowa musi zawierać dane zamówienia lub umowy: dodaj Zamowienie z wartością i wierszami.",
		checkOrderMissing,
	},
	{
		"order.missing_correction", Warning, LawRequires, "information sheet on FA(3), Zamowienie",
		"The correction of an advance invoice should show the order as it is after the correction: add Zamowienie.",
		"Korekta faktury zaliczkowej powinna pokazywać zamówienie po korekcie: dodaj Zamowienie.",
		checkOrderMissingCorrection,
	},
	{
		"order.superfluous", Warning, LikelyMistake, "information sheet on FA(3), Zamowienie",
		"Zamowienie is the order behind an advance payment: on other kinds give the number of the order in WarunkiTransakcji/Zamowienia.",
		"Element Zamowienie opisuje zamówienie do zaliczki: na innych fakturach podaj numer zamówienia w WarunkiTransakcji/Zamowienia.",
		checkOrderSuperfluous,
	},
	{
		"settlement.advances", Error, LawRequires, "art. 106f(3) and art. 106e(1a) of the VAT Act; information sheet on FA(3), FakturaZaliczkowa",
		"A settlement invoice must name the advance invoices: add FakturaZaliczkowa for each, or ZaliczkaCzesciowa for payments without an invoice of their own.",
		"Faktura rozliczeniowa musi wskazywać faktury zaliczkowe: dodaj FakturaZaliczkowa dla każdej z nich albo ZaliczkaCzesciowa dla wpłat bez osobnej faktury.",
		checkSettlementAdvances,
	},
	{
		"settlement.advances_correction", Warning, LawRequires, "information sheet on FA(3), FakturaZaliczkowa",
		"The correction of a settlement should repeat the advance invoices: add FakturaZaliczkowa for each.",
		"Korekta faktury rozliczeniowej powinna powtarzać faktury zaliczkowe: dodaj FakturaZaliczkowa dla każdej z nich.",
		checkSettlementCorrection,
	},
	{
		"settlement.superfluous", Warning, LikelyMistake, "information sheet on FA(3), FakturaZaliczkowa",
		"Only settlements, and the last advance invoice of an order, name advance invoices: remove FakturaZaliczkowa, or choose ROZ as the kind.",
		"Faktury zaliczkowe wskazuje się tylko na fakturze rozliczeniowej i na ostatniej zaliczkowej: usuń FakturaZaliczkowa albo wybierz rodzaj ROZ.",
		checkSettlementSuperfluous,
	},
	{
		"line.missing", Warning, LawRequires, "art. 106e(1)(7) of the VAT Act; information sheet on FA(3), FaWiersz",
		"The invoice has no lines: add FaWiersz for the goods and services.",
		"Faktura nie ma wierszy: dodaj FaWiersz dla towarów i usług.",
		checkLineMissing,
	},
	{
		"simplified.limit", Warning, LawRequires, "art. 106e(5)(3) of the VAT Act",
		"A simplified invoice is limited to {limit} gross: choose VAT as the kind and name the buyer.",
		"Faktura uproszczona jest możliwa do kwoty {limit} brutto: wybierz rodzaj VAT i podaj dane nabywcy.",
		checkSimplifiedLimit,
	},
	{
		"simplified.buyer", Warning, LawRequires, "art. 106e(5)(3) of the VAT Act: the buyer's tax number stays",
		"A simplified invoice needs the buyer's tax number: give it, or choose VAT as the kind.",
		"Faktura uproszczona wymaga numeru podatkowego nabywcy: podaj go albo wybierz rodzaj VAT.",
		checkSimplifiedBuyer,
	},
	{
		"simplified.rate", Warning, LawRequires, "art. 106e(5)(3) of the VAT Act: data that let the tax be computed",
		"The simplified invoice shows neither totals by rate nor the rate of this line: fill in P_12.",
		"Faktura uproszczona nie zawiera ani sum według stawek, ani stawki w tym wierszu: uzupełnij P_12.",
		checkSimplifiedRate,
	},
	{
		"simplified.cross_border", Warning, LawRequires, "art. 106e(6) of the VAT Act",
		"Intra-EU supplies and distance sales cannot be documented by a simplified invoice: choose VAT as the kind.",
		"Wewnątrzwspólnotowej dostawy ani sprzedaży na odległość nie można udokumentować fakturą uproszczoną: wybierz rodzaj VAT.",
		checkSimplifiedCross,
	},
	{
		"receipt.currency", Info, LikelyMistake, "art. 109(3d) of the VAT Act; till receipts are in PLN",
		"FP marks an invoice to a till receipt, which is in PLN, and this one is in another currency: check the mark.",
		"FP oznacza fakturę do paragonu, a paragony są w złotych; ta faktura jest w innej walucie: sprawdź oznaczenie.",
		checkReceiptCurrency,
	},
}

func checkCorrectionReference(d *Document, fs *Findings) {
	if d.Correction() && len(d.fa.DaneFaKorygowanej) == 0 {
		fs.Add(Path("Fa"))
	}
}

func checkCorrectionSuperfluous(d *Document, fs *Findings) {
	if d.Correction() || d.fa.RodzajFaktury == "" {
		return
	}
	f := d.fa
	present := [...]struct {
		path  string
		there bool
	}{
		{"PrzyczynaKorekty", f.PrzyczynaKorekty != ""},
		{"TypKorekty", f.TypKorekty != ""},
		{"DaneFaKorygowanej[1]", len(f.DaneFaKorygowanej) > 0},
		{"OkresFaKorygowanej", f.OkresFaKorygowanej != ""},
		{"NrFaKorygowany", f.NrFaKorygowany != ""},
		{"Podmiot1K", f.Podmiot1K != nil},
		{"Podmiot2K[1]", len(f.Podmiot2K) > 0},
		{"P_15ZK", f.P_15ZK != ""},
	}
	for _, element := range present {
		if element.there {
			fs.Add(Path("Fa", element.path))
		}
	}
}

func checkCorrectionPeriod(d *Document, fs *Findings) {
	if d.fa.OkresFaKorygowanej != "" && d.kind(fa3.KindKOR_ZAL, fa3.KindKOR_ROZ) {
		fs.Add(Path("Fa", "OkresFaKorygowanej"))
	}
}

func checkBeforeAmount(d *Document, fs *Findings) {
	if d.kind(fa3.KindKOR_ZAL, fa3.KindKOR_ROZ) && !d.gross.is0() && d.fa.P_15ZK == "" {
		fs.Add(Path("Fa", "P_15"))
	}
}

func checkBeforeAmountUnchanged(d *Document, fs *Findings) {
	if d.kind(fa3.KindKOR_ZAL, fa3.KindKOR_ROZ) && d.gross.ok && d.gross.IsZero() && d.fa.P_15ZK == "" && !d.renames() {
		fs.Add(Path("Fa", "P_15"))
	}
}

func checkBeforeAmountKind(d *Document, fs *Findings) {
	if d.kind(fa3.KindKOR) && d.fa.P_15ZK != "" {
		fs.Add(Path("Fa", "P_15ZK"))
	}
}

func checkOrderMissing(d *Document, fs *Findings) {
	if d.kind(fa3.KindZAL) && d.fa.Zamowienie == nil {
		fs.Add(Path("Fa"))
	}
}

func checkOrderMissingCorrection(d *Document, fs *Findings) {
	if d.kind(fa3.KindKOR_ZAL) && d.fa.Zamowienie == nil && !d.renames() {
		fs.Add(Path("Fa"))
	}
}

func checkOrderSuperfluous(d *Document, fs *Findings) {
	if d.fa.Zamowienie != nil && d.kind(fa3.KindVAT, fa3.KindKOR, fa3.KindROZ, fa3.KindUPR, fa3.KindKOR_ROZ) {
		fs.Add(Path("Fa", "Zamowienie"))
	}
}

// advances is how many advances the invoice names.
func (d *Document) advances() int { return len(d.fa.FakturaZaliczkowa) + len(d.fa.ZaliczkaCzesciowa) }

func checkSettlementAdvances(d *Document, fs *Findings) {
	if d.kind(fa3.KindROZ) && d.advances() == 0 {
		fs.Add(Path("Fa"))
	}
}

func checkSettlementCorrection(d *Document, fs *Findings) {
	if d.kind(fa3.KindKOR_ROZ) && d.advances() == 0 {
		fs.Add(Path("Fa"))
	}
}

func checkSettlementSuperfluous(d *Document, fs *Findings) {
	if len(d.fa.FakturaZaliczkowa) > 0 && d.kind(fa3.KindVAT, fa3.KindUPR, fa3.KindKOR) {
		fs.Add(Path("Fa", "FakturaZaliczkowa", 0))
	}
}

// renames reports whether a correction is about parties or the number.
func (d *Document) renames() bool {
	return d.fa.Podmiot1K != nil || len(d.fa.Podmiot2K) > 0 || d.fa.NrFaKorygowany != ""
}

func checkLineMissing(d *Document, fs *Findings) {
	if len(d.fa.FaWiersz) > 0 {
		return
	}
	collective := d.fa.OkresFaKorygowanej != ""
	switch d.fa.RodzajFaktury {
	case fa3.KindVAT, fa3.KindROZ, fa3.KindUPR:
		fs.Add(Path("Fa"))
	case fa3.KindKOR:
		if !d.renames() && !collective && !d.gross.is0() {
			fs.Add(Path("Fa"))
		}
	}
}

func checkSimplifiedLimit(d *Document, fs *Findings) {
	if !d.kind(fa3.KindUPR) || !d.gross.ok {
		return
	}
	limits := map[fa3.TKodWaluty]num{"PLN": parse("450"), "EUR": parse("100")}
	if limit, ok := limits[d.fa.KodWaluty]; ok && d.gross.GreaterThan(limit.Decimal) {
		fs.Add(Path("Fa", "P_15"), "limit", limit.String()+" "+string(d.fa.KodWaluty))
	}
}

func checkSimplifiedBuyer(d *Document, fs *Findings) {
	if d.kind(fa3.KindUPR) && bool(d.Invoice.Podmiot2.DaneIdentyfikacyjne.BrakID) {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne"))
	}
}

func checkSimplifiedRate(d *Document, fs *Findings) {
	if !d.kind(fa3.KindUPR) {
		return
	}
	if _, n := d.sumOfTotals(); n > 0 {
		return
	}
	for i := range d.rows() {
		if d.lines[i].bucket < 0 {
			fs.Add(Path("Fa", "FaWiersz", i))
		}
	}
}

func checkSimplifiedCross(d *Document, fs *Findings) {
	if d.kind(fa3.KindUPR) && (d.hasRate(zeroIntraEU) || d.hasRate(oss)) {
		fs.Add(Path("Fa", "RodzajFaktury"))
	}
}

func checkReceiptCurrency(d *Document, fs *Findings) {
	if bool(d.fa.FP) && d.foreign() {
		fs.Add(Path("Fa", "FP"))
	}
}
