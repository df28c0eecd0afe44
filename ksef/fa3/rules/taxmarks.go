package rules

import (
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// exemptionRules are the rules about exempt sales.
var exemptionRules = []Rule{
	{
		"exemption.missing", Error, LawRequires, "art. 106e(1)(19) of the VAT Act; information sheet on FA(3), P_19",
		"There are exempt sales without a legal basis: set P_19 to 1 and name the provision in P_19A, P_19B or P_19C.",
		"Jest sprzedaż zwolniona bez podstawy prawnej: ustaw P_19 na 1 i podaj przepis w P_19A, P_19B lub P_19C.",
		checkExemptionMissing,
	},
	{
		"exemption.unused", Warning, LikelyMistake, "information sheet on FA(3), P_19",
		"A basis of exemption is given but nothing is exempt: set P_19N to 1 instead, or set the rate of the exempt lines to zw.",
		"Podano podstawę zwolnienia, a nic nie jest zwolnione: ustaw zamiast tego P_19N na 1 albo ustaw stawkę zwolnionych wierszy na zw.",
		checkExemptionUnused,
	},
	{
		"exemption.provision", Info, LikelyMistake, "art. 106e(1)(19) of the VAT Act: the provision is named",
		"The basis of exemption names no provision: write it with its number, for example art. 43 ust. 1 pkt 18 ustawy o VAT.",
		"Podstawa zwolnienia nie wskazuje przepisu: wpisz go z numerem, np. art. 43 ust. 1 pkt 18 ustawy o VAT.",
		checkExemptionProvision,
	},
	{
		"exemption.directive", Info, LikelyMistake, "information sheet on FA(3), P_19A and P_19B",
		"P_19A names a provision of the directive: move it to P_19B.",
		"W polu P_19A podano przepis dyrektywy: przenieś go do P_19B.",
		checkExemptionDirective,
	},
}

// chargeRules are the rules about who owes the tax at home.
var chargeRules = []Rule{
	{
		"reverse_charge.flag", Error, LawRequires, "art. 106e(1)(18) of the VAT Act; information sheet on FA(3), P_18",
		"There are sales under domestic reverse charge (oo): set P_18 to 1.",
		"Jest sprzedaż objęta krajowym odwrotnym obciążeniem (oo): ustaw P_18 na 1.",
		checkChargeFlag,
	},
	{
		"reverse_charge.buyer", Error, LawRequires, "information sheet on FA(3), rate oo and P_13_10",
		"Domestic reverse charge (oo) needs a Polish taxpayer as buyer: give the buyer's NIP, or choose another rate such as np I or np II.",
		"Krajowe odwrotne obciążenie (oo) wymaga polskiego podatnika jako nabywcy: podaj NIP nabywcy albo wybierz inną stawkę, np. np I lub np II.",
		checkChargeBuyer,
	},
	{
		"reverse_charge.unused", Warning, LikelyMistake, "information sheet on FA(3), P_18",
		"P_18 is 1 but nothing is taxed by the buyer (oo, np I or np II): set it to 2, or correct the rates.",
		"Pole P_18 ma wartość 1, a niczego nie rozlicza nabywca (oo, np I lub np II): ustaw je na 2 albo popraw stawki.",
		checkChargeUnused,
	},
	{
		"cash_method.reverse_charge", Info, LikelyMistake, "art. 21 of the VAT Act",
		"The cash method is marked and everything on the invoice is taxed by the buyer or at 0%: check P_16.",
		"Oznaczono metodę kasową, a wszystko na fakturze rozlicza nabywca albo ma stawkę 0%: sprawdź P_16.",
		checkCashMethod,
	},
}

// crossBorderRules are the rules about sales over the border.
var crossBorderRules = []Rule{
	{
		"eu_service.flag", Warning, LawRequires, "art. 106e(1)(18) and art. 100(1)(4) of the VAT Act",
		"The buyer accounts for the tax on a service of art. 100(1)(4) (np II): set P_18 to 1.",
		"Podatek od usługi z art. 100 ust. 1 pkt 4 (np II) rozlicza nabywca: ustaw P_18 na 1.",
		checkServiceFlag,
	},
	{
		"eu_service.buyer", Warning, LawRequires, "art. 100(1)(4) of the VAT Act",
		"A service of art. 100(1)(4) (np II) is for a taxpayer of another EU state: give KodUE and NrVatUE of the buyer, or choose another rate.",
		"Usługa z art. 100 ust. 1 pkt 4 (np II) jest dla podatnika z innego państwa UE: podaj KodUE i NrVatUE nabywcy albo wybierz inną stawkę.",
		checkServiceBuyer,
	},
	{
		"outside.flag", Info, LikelyMistake, "art. 106e(1)(18) of the VAT Act",
		"Something is sold to a foreign business outside Poland (np I) without the mark of reverse charge: set P_18 to 1 if the buyer owes the tax.",
		"Jest sprzedaż poza Polską (np I) dla zagranicznej firmy bez oznaczenia odwrotnego obciążenia: ustaw P_18 na 1, jeśli podatek rozlicza nabywca.",
		checkOutsideFlag,
	},
	{
		"intra_eu.buyer", Warning, LawRequires, "art. 42(1)(1) of the VAT Act",
		"The zero rate for an intra-EU supply needs the buyer's VAT number in another EU state: give KodUE and NrVatUE of the buyer.",
		"Stawka 0% przy wewnątrzwspólnotowej dostawie wymaga numeru VAT nabywcy z innego państwa UE: podaj KodUE i NrVatUE nabywcy.",
		checkIntraEUBuyer,
	},
	{
		"export.buyer", Warning, LikelyMistake, "art. 2(8) of the VAT Act: export leaves the European Union",
		"The buyer of an export has an EU VAT number: check whether the goods leave the European Union.",
		"Nabywca w eksporcie ma numer VAT UE: sprawdź, czy towar opuszcza Unię Europejską.",
		checkExportBuyer,
	},
	{
		"triangular.buyer", Warning, LawRequires, "art. 106e(1)(23) and art. 136 of the VAT Act",
		"The simplified triangular procedure needs the last buyer's VAT number in another EU state: give KodUE and NrVatUE of the buyer.",
		"Uproszczona procedura trójstronna wymaga numeru VAT ostatniego nabywcy z innego państwa UE: podaj KodUE i NrVatUE nabywcy.",
		checkTriangularBuyer,
	},
	{
		"triangular.rate", Info, LikelyMistake, "art. 136 of the VAT Act; information sheet on FA(3), P_23",
		"P_23 marks triangular trade by the second taxpayer, whose supply lies outside Poland, and nothing here does (np I): check the mark and the rates.",
		"P_23 oznacza dostawę drugiego podatnika w procedurze trójstronnej, opodatkowaną poza Polską, a takiej sprzedaży (np I) tu nie ma: sprawdź oznaczenie i stawki.",
		checkTriangularRate,
	},
	{
		"procedure.triangular", Info, LikelyMistake, "regulation on the VAT register (JPK_VAT), § 10(4): TT_D",
		"TT_D marks a supply of the second taxpayer in triangular trade and P_23 says there is none: check both.",
		"TT_D oznacza dostawę drugiego podatnika w procedurze trójstronnej, a P_23 jej zaprzecza: sprawdź oba oznaczenia.",
		checkTriangularMark,
	},
	{
		"procedure.import", Info, LikelyMistake, "regulation on the VAT register (JPK_VAT), § 10(4): I_42 and I_63",
		"{procedure} marks an intra-EU supply after import and the line has another rate than 0 WDT: check both.",
		"{procedure} oznacza wewnątrzwspólnotową dostawę po imporcie, a wiersz ma stawkę inną niż 0 WDT: sprawdź oba pola.",
		checkImportMark,
	},
	{
		"oss.procedure", Info, Advice, "regulation on the VAT register (JPK_VAT), § 10(4): WSTO_EE",
		"The line has a foreign rate under the one-stop shop and no procedure: WSTO_EE would mark it.",
		"Wiersz ma zagraniczną stawkę w procedurze OSS, ale nie ma procedury: właściwe jest oznaczenie WSTO_EE.",
		checkOSSProcedure,
	},
	{
		"oss.rate", Warning, LikelyMistake, "rates of the EU states, none of which is above 27%",
		"No EU state has a VAT rate of {found}%: write the rate of the buyer's country in percent.",
		"Żadne państwo UE nie ma stawki VAT {found}%: wpisz stawkę kraju nabywcy w procentach.",
		checkOSSRate,
	},
	{
		"oss.buyer", Warning, LikelyMistake, "art. 130a and following of the VAT Act: sales to consumers",
		"The one-stop shop is for sales to consumers and the buyer has a tax number: check rate and buyer.",
		"Procedura OSS dotyczy sprzedaży konsumentom, a nabywca ma numer podatkowy: sprawdź stawkę i nabywcę.",
		checkOSSBuyer,
	},
	{
		"oss.tax", Warning, LikelyMistake, "information sheet on FA(3), P_14_5",
		"The foreign tax of the lines adds up to {expected} and P_14_5 says {found}: correct whichever is wrong.",
		"Zagraniczny podatek z wierszy daje razem {expected}, a P_14_5 wynosi {found}: popraw to, co błędne.",
		checkOSSTax,
	},
}

// unlessCorrected is an error, or a warning on a correction by difference: an
// amount there can belong to a sale whose kind the correction takes back.
func (d *Document) unlessCorrected() Severity {
	if d.Correction() && !d.paired {
		return Warning
	}
	return Error
}

func checkExemptionMissing(d *Document, fs *Findings) {
	z := &d.fa.Adnotacje.Zwolnienie
	based := z.P_19A != "" || z.P_19B != "" || z.P_19C != ""
	if d.hasRate(exempt) && (!bool(z.P_19) || !based) {
		fs.addAs(d.unlessCorrected(), Path("Fa", "Adnotacje", "Zwolnienie"))
	}
}

// checkExemptionUnused: simplified invoices and corrections need not show the
// rates that the annotation is about.
func checkExemptionUnused(d *Document, fs *Findings) {
	if bool(d.fa.Adnotacje.Zwolnienie.P_19) && d.kind(fa3.KindVAT, fa3.KindZAL, fa3.KindROZ) && !d.hasRate(exempt) {
		fs.Add(Path("Fa", "Adnotacje", "Zwolnienie", "P_19"))
	}
}

func checkExemptionProvision(d *Document, fs *Findings) {
	z := &d.fa.Adnotacje.Zwolnienie
	for _, basis := range [...]struct{ name, text string }{{"P_19A", z.P_19A}, {"P_19B", z.P_19B}, {"P_19C", z.P_19C}} {
		if basis.text != "" && digitCount(basis.text) == 0 {
			fs.Add(Path("Fa", "Adnotacje", "Zwolnienie", basis.name))
		}
	}
}

func checkExemptionDirective(d *Document, fs *Findings) {
	text := d.fa.Adnotacje.Zwolnienie.P_19A
	if strings.Contains(text, "2006/112") || contains(text, "dyrektyw") || contains(text, "directive") {
		fs.Add(Path("Fa", "Adnotacje", "Zwolnienie", "P_19A"))
	}
}

func checkChargeFlag(d *Document, fs *Findings) {
	if d.hasRate(reverseCharge) && d.fa.Adnotacje.P_18 != fa3.Yes {
		fs.addAs(d.unlessCorrected(), Path("Fa", "Adnotacje", "P_18"))
	}
}

// checkChargeBuyer judges the identifier. An address abroad alone proves
// nothing: foreign firms can be registered in Poland.
func checkChargeBuyer(d *Document, fs *Findings) {
	id := &d.Invoice.Podmiot2.DaneIdentyfikacyjne
	if d.hasRate(reverseCharge) && id.NIP == "" && (id.NrVatUE != "" || id.NrID != "" || bool(id.BrakID)) {
		fs.addAs(d.unlessCorrected(), Path("Podmiot2", "DaneIdentyfikacyjne"))
	}
}

func checkChargeUnused(d *Document, fs *Findings) {
	if d.fa.Adnotacje.P_18 != fa3.Yes || !d.kind(fa3.KindVAT, fa3.KindZAL, fa3.KindROZ) {
		return
	}
	if !d.hasRate(reverseCharge) && !d.hasRate(outside) && !d.hasRate(euService) {
		fs.Add(Path("Fa", "Adnotacje", "P_18"))
	}
}

func checkCashMethod(d *Document, fs *Findings) {
	if d.fa.Adnotacje.P_16 != fa3.Yes || d.Correction() || d.kind(fa3.KindUPR) {
		return
	}
	for b := range buckets {
		untaxed := b == zeroIntraEU || b == zeroExport || b == reverseCharge
		if d.hasRate(b) != untaxed && d.hasRate(b) {
			return
		}
	}
	if d.hasRate(zeroIntraEU) || d.hasRate(zeroExport) || d.hasRate(reverseCharge) {
		fs.Add(Path("Fa", "Adnotacje", "P_16"))
	}
}
