package faktupro

// advanceRules are the rules about advances and their settlement.
var advanceRules = []CodeInfo{
	{
		codeAdvanceMissing, SeverityError,
		"The payment is missing: give advance, the amount received with VAT (on a correction by how much it changes, 0 when it does not), or prepayments.",
		"Brakuje kwoty zapłaty: podaj advance, czyli otrzymaną kwotę z VAT (na korekcie – o ile się zmienia, 0 gdy bez zmian), albo prepayments.",
	},
	{
		codeAdvanceNotPositive, SeverityError,
		"An advance invoice documents a payment received: give an amount greater than zero, or issue a correction (KOR_ZAL) for a payment given back.",
		"Faktura zaliczkowa dokumentuje otrzymaną zapłatę: podaj kwotę większą od zera albo wystaw korektę (KOR_ZAL), jeśli zapłatę zwrócono.",
	},
	{
		codeAdvanceSum, SeverityWarning,
		"The payments do not add up to advance: check their amounts, or leave advance out to have it computed.",
		"Wpłaty nie sumują się do advance: sprawdź ich kwoty albo pomiń advance, a zostanie obliczone.",
	},
	{
		codeAdvanceStated, SeverityError,
		"The total due of an advance invoice is the payment itself (on a correction its change): leave statedTotals.gross out, or correct advance.",
		"Sumą należności faktury zaliczkowej jest sama zapłata (na korekcie – jej zmiana): pomiń statedTotals.gross albo popraw advance.",
	},
	{
		codeAdvanceAboveOrder, SeverityWarning,
		"The payment is greater than the value of the order: check the payment and the lines of the order.",
		"Zapłata jest większa niż wartość zamówienia: sprawdź zapłatę i wiersze zamówienia.",
	},
	{
		codePrepaymentsAbove, SeverityWarning,
		"The payments received before the supply are greater than the total of the invoice: check them, or name the advance invoices they belong to.",
		"Wpłaty otrzymane przed dostawą przekraczają sumę faktury: sprawdź je albo wskaż faktury zaliczkowe, których dotyczą.",
	},
	{
		codeOrderIntraEU, SeverityWarning,
		"An advance for an intra-EU supply of goods is not documented by an advance invoice: check vatRate of the line.",
		"Zaliczki na wewnątrzwspólnotową dostawę towarów nie dokumentuje się fakturą zaliczkową: sprawdź stawkę vatRate wiersza.",
	},
	{
		codeOrderValue, SeverityWarning,
		"The value of the order differs from the sum of its lines with VAT: check it, or leave value out to have it computed.",
		"Wartość zamówienia różni się od sumy jego wierszy z VAT: sprawdź ją albo pomiń value, a zostanie obliczona.",
	},
	{
		codeOrderVAT, SeverityWarning,
		"The VAT of the line differs from its net value times the rate: check it, or leave vat out to have it computed.",
		"VAT wiersza różni się od wartości netto pomnożonej przez stawkę: sprawdź go albo pomiń vat, a zostanie obliczony.",
	},
	{
		codeAdvanceInvoiceID, SeverityError,
		"An advance invoice is named in exactly one way: give ksefNumber, or number when it was issued outside KSeF.",
		"Fakturę zaliczkową wskazuje się w dokładnie jeden sposób: podaj ksefNumber albo number, jeśli wystawiono ją poza KSeF.",
	},
	{
		codeAdvanceInvoiceTwice, SeverityError,
		"The same advance invoice is settled twice: name it once.",
		"Ta sama faktura zaliczkowa jest rozliczana dwa razy: wskaż ją raz.",
	},
	{
		codeAdvanceRatesMissing, SeverityError,
		"What remains cannot be computed without the amounts of this advance invoice: give its rates, or statedTotals for the whole invoice.",
		"Bez kwot tej faktury zaliczkowej nie można obliczyć pozostałej należności: podaj jej rates albo statedTotals całej faktury.",
	},
	{
		codeSettlementExceeds, SeverityError,
		"The advances are greater than the value of the supply, so nothing remains to be settled: check their amounts, and correct the advance invoices when a payment is given back.",
		"Zaliczki przekraczają wartość dostawy, więc nie ma czego rozliczać: sprawdź ich kwoty, a przy zwrocie wpłaty skoryguj faktury zaliczkowe.",
	},
	{
		codeSettlementRate, SeverityWarning,
		"The advances at one VAT rate are greater than the lines at that rate: check vatRate of the lines and rates of the advance invoices.",
		"Zaliczki przy jednej stawce VAT przekraczają wiersze tej stawki: sprawdź vatRate wierszy i rates faktur zaliczkowych.",
	},
}

// statedRules are the rules about totals that the invoice says.
var statedRules = []CodeInfo{
	{
		codeStatedTotalsNeeded, SeverityError,
		"The total cannot be computed from what the invoice says: give statedTotals with gross and, where VAT is shown, rates.",
		"Sumy nie można obliczyć z danych faktury: podaj statedTotals z kwotą gross, a jeśli wykazujesz VAT – także rates.",
	},
	{
		codeStatedTotalsSum, SeverityWarning,
		"gross differs from the sum of the rates: check the amounts, or leave gross out to have it computed.",
		"gross różni się od sumy stawek: sprawdź kwoty albo pomiń gross, a zostanie obliczone.",
	},
	{
		codeStatedTotalsDiffer, SeverityWarning,
		"The totals differ from what the lines add up to by more than rounding can make: check them, or leave statedTotals out to have them computed.",
		"Sumy różnią się od sumy wierszy bardziej, niż wynika to z zaokrągleń: sprawdź je albo pomiń statedTotals, a zostaną obliczone.",
	},
	{
		codeRatesTwice, SeverityError,
		"There is an entry for this rate, or one that shares its total, already (23 and 22, 8 and 7, 4 and 3 percent are one): add the amounts up in one entry.",
		"Jest już pozycja dla tej stawki albo stawki o wspólnej sumie (23 i 22, 8 i 7, 4 i 3 procent są razem): zsumuj kwoty w jednej pozycji.",
	},
	{
		codeRatesVATUntaxed, SeverityError,
		"No VAT is shown at this rate: remove vat, or correct rate.",
		"Przy tej stawce nie wykazuje się VAT: usuń vat albo popraw rate.",
	},
	{
		codeRatesVAT, SeverityWarning,
		"The VAT is not the net value times the rate: check both amounts.",
		"VAT nie jest iloczynem wartości netto i stawki: sprawdź obie kwoty.",
	},
	{
		codeRatesPLNMissing, SeverityError,
		"VAT on an invoice in a foreign currency is also shown in PLN: give vatPLN.",
		"Na fakturze w walucie obcej VAT wykazuje się także w złotych: podaj vatPLN.",
	},
	{
		codeRatesPLNUnused, SeverityWarning,
		"VAT is shown in PLN beside VAT in a foreign currency only: remove vatPLN, or correct currency or rate.",
		"VAT w złotych podaje się tylko obok VAT w walucie obcej: usuń vatPLN albo popraw currency lub rate.",
	},
}
