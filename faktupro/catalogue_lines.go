package faktupro

// lineRules are the rules about lines and totals.
var lineRules = []CodeInfo{
	{
		codeLineValueMissing, SeverityError,
		"The value of the line cannot be computed: give quantity and unitPrice, or amount.",
		"Nie można obliczyć wartości wiersza: podaj quantity i unitPrice albo amount.",
	},
	{
		codeLinePriceMissing, SeverityWarning,
		"The line has an amount but not the quantity and unit price an invoice must show (art. 106e(1)(8) and (9)): give them, for example 1 and the amount.",
		"Wiersz ma kwotę, ale nie ma ilości i ceny jednostkowej, które faktura powinna zawierać (art. 106e ust. 1 pkt 8 i 9): podaj je, np. 1 i tę kwotę.",
	},
	{
		codeLineUnitMissing, SeverityWarning,
		"The line has a quantity without a unit of measure: give unit, for example szt. or h.",
		"Wiersz ma ilość bez jednostki miary: podaj unit, np. szt. lub godz.",
	},
	{
		codeLineAmount, SeverityWarning,
		"amount differs from quantity times price less discount by more than 0.01: check it, or leave it out to have it computed.",
		"amount różni się od ilości pomnożonej przez cenę po rabacie o więcej niż 0,01: sprawdź kwotę albo ją pomiń, a zostanie obliczona.",
	},
	{
		codeLineNegativeQuantity, SeverityWarning,
		"The quantity is negative: use a discount, or a correction of the earlier invoice.",
		"Ilość jest ujemna: zastosuj rabat albo wystaw korektę wcześniejszej faktury.",
	},
	{
		codeDiscountOne, SeverityError,
		"A discount is either an amount per unit or a percentage: keep one of perUnit and percent.",
		"Rabat podaje się kwotą na jednostkę albo w procentach: zostaw jedno z pól perUnit i percent.",
	},
	{
		codeDiscountPrice, SeverityError,
		"A discount needs a unit price to be taken off: give quantity and unitPrice, or remove the discount.",
		"Rabat wymaga ceny jednostkowej: podaj quantity i unitPrice albo usuń rabat.",
	},
	{
		codeDiscountTooLarge, SeverityError,
		"The discount is greater than the unit price: lower it.",
		"Rabat jest większy niż cena jednostkowa: zmniejsz go.",
	},
	{
		codeVATRateUnknown, SeverityError,
		"There is no such VAT rate: write one of {values}.",
		"Nie ma takiej stawki VAT: wpisz jedną z: {values}.",
	},
	{
		codeVATRateOfficial, SeverityError,
		"This is the rate's code in FA(3): write \"{value}\" here.",
		"To jest kod stawki z FA(3): wpisz tutaj „{value}”.",
	},
	{
		codeDescriptionLine, SeverityError,
		"The description belongs to a line that does not exist: write the number of a line of this invoice, from 1.",
		"Opis odnosi się do wiersza, którego nie ma: wpisz numer wiersza tej faktury, licząc od 1.",
	},
	{
		codeTotalNegative, SeverityError,
		"The total of this kind of invoice must not be negative: lower the discounts, or issue a correction of the earlier invoice.",
		"Suma takiej faktury nie może być ujemna: zmniejsz rabaty albo wystaw korektę wcześniejszej faktury.",
	},
	{
		codeTotalRateNegative, SeverityWarning,
		"The lines at one rate add up to less than zero: a return of earlier sales needs a correction of the earlier invoice.",
		"Wiersze jednej stawki dają razem kwotę ujemną: zwrot wcześniejszej sprzedaży wymaga korekty wcześniejszej faktury.",
	},
	{
		codeTotalDigits, SeverityError,
		"A total has more than 16 digits before the decimal point: check quantities and prices.",
		"Suma ma ponad 16 cyfr przed kropką dziesiętną: sprawdź ilości i ceny.",
	},
}

// taxRules are the rules about tax marks and currency.
var taxRules = []CodeInfo{
	{
		codeExemptionMissing, SeverityError,
		"There are exempt lines without a legal basis: name the provision in exemption, for example act with art. 43 ust. 1 pkt 18.",
		"Są wiersze zwolnione bez podstawy prawnej: podaj przepis w polu exemption, np. act o treści „art. 43 ust. 1 pkt 18”.",
	},
	{
		codeExemptionOne, SeverityError,
		"Exactly one legal basis of the exemption is allowed: keep one of act, directive and other.",
		"Dozwolona jest dokładnie jedna podstawa zwolnienia: zostaw jedno z pól act, directive i other.",
	},
	{
		codeExemptionUnused, SeverityWarning,
		"A legal basis of exemption is given but no line is exempt: remove it, or set vatRate of the exempt lines to exempt.",
		"Podano podstawę zwolnienia, a żaden wiersz nie jest zwolniony: usuń ją albo ustaw vatRate zwolnionych wierszy na exempt.",
	},
	{
		codeReverseChargeFlag, SeverityError,
		"There are lines under domestic reverse charge: set reverseCharge to true.",
		"Są wiersze objęte krajowym odwrotnym obciążeniem: ustaw reverseCharge na true.",
	},
	{
		codeReverseChargeBuyer, SeverityError,
		"Domestic reverse charge needs a Polish taxpayer as buyer: give the buyer's nip and a Polish address, or choose another vatRate.",
		"Krajowe odwrotne obciążenie wymaga polskiego podatnika jako nabywcy: podaj nip i polski adres nabywcy albo wybierz inną stawkę vatRate.",
	},
	{
		codeReverseChargeUnused, SeverityWarning,
		"reverseCharge is set but no line is taxed by the buyer: remove it, or check vatRate of the lines.",
		"Ustawiono reverseCharge, a żadnego wiersza nie rozlicza nabywca: usuń to oznaczenie albo sprawdź stawki vatRate wierszy.",
	},
	{
		codeEUServiceFlag, SeverityWarning,
		"The buyer of a service of art. 100(1)(4) accounts for the tax: set reverseCharge to true.",
		"Podatek od usługi z art. 100 ust. 1 pkt 4 rozlicza nabywca: ustaw reverseCharge na true.",
	},
	{
		codeEUServiceBuyer, SeverityWarning,
		"A service of art. 100(1)(4) is for a taxpayer of another EU state: give euVat of the buyer, or choose another vatRate.",
		"Usługa z art. 100 ust. 1 pkt 4 jest dla podatnika z innego państwa UE: podaj euVat nabywcy albo wybierz inną stawkę vatRate.",
	},
	{
		codeIntraEUBuyer, SeverityWarning,
		"The zero rate for an intra-EU supply needs the buyer's VAT number in another EU state: give euVat of the buyer.",
		"Stawka 0% przy wewnątrzwspólnotowej dostawie wymaga numeru VAT UE nabywcy z innego państwa: podaj euVat nabywcy.",
	},
	{
		codeExportBuyer, SeverityWarning,
		"The buyer of an export has an EU VAT number: check whether the goods leave the European Union.",
		"Nabywca w eksporcie ma numer VAT UE: sprawdź, czy towar opuszcza Unię Europejską.",
	},
	{
		codeTriangularBuyer, SeverityWarning,
		"The simplified triangular procedure needs the last buyer's VAT number in another EU state: give euVat of the buyer.",
		"Uproszczona procedura trójstronna wymaga numeru VAT UE ostatniego nabywcy: podaj euVat nabywcy.",
	},
	{
		codeSplitPaymentAmount, SeverityWarning,
		"Split payment is obligatory only above 15,000 PLN gross: remove splitPayment unless you want it voluntarily marked.",
		"Mechanizm podzielonej płatności jest obowiązkowy dopiero powyżej 15 000 zł brutto: usuń splitPayment, chyba że oznaczenie jest zamierzone.",
	},
	{
		codeSplitPaymentLines, SeverityWarning,
		"Split payment is marked but no line is listed in annex 15: set annex15 on the lines it concerns, or remove splitPayment.",
		"Oznaczono mechanizm podzielonej płatności, a żaden wiersz nie dotyczy załącznika nr 15: ustaw annex15 w odpowiednich wierszach albo usuń splitPayment.",
	},
	{
		codeSplitPaymentMissing, SeverityWarning,
		"The invoice is above 15,000 PLN, a line is listed in annex 15 and the buyer is a taxpayer: set splitPayment to true.",
		"Faktura przekracza 15 000 zł, zawiera wiersz z załącznika nr 15, a nabywca jest podatnikiem: ustaw splitPayment na true.",
	},
	{
		codeExchangeMissing, SeverityError,
		"VAT must also be shown in PLN: give exchangeRate, the PLN for one unit of the currency (NBP table A of the last business day before the tax point).",
		"Podatek trzeba wykazać także w złotych: podaj exchangeRate, czyli kurs jednostki waluty w PLN (tabela A NBP z ostatniego dnia roboczego przed powstaniem obowiązku podatkowego).",
	},
	{
		codeExchangeInPLN, SeverityWarning,
		"An invoice in PLN has no exchange rate: remove exchangeRate, or set currency to the foreign currency.",
		"Faktura w złotych nie ma kursu waluty: usuń exchangeRate albo ustaw currency na walutę obcą.",
	},
}
