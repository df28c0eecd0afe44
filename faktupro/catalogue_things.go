package faktupro

// lineDetailRules are the rules about numbers, VAT and second prices of lines.
var lineDetailRules = []CodeInfo{
	{
		codeLineVAT, SeverityWarning,
		"The VAT of the line differs from what its value and rate give by more than rounding can make: check it, or leave vat out.",
		"VAT wiersza różni się od wyliczonego z jego wartości i stawki bardziej, niż wynika to z zaokrągleń: sprawdź go albo pomiń vat.",
	},
	{
		codeLineVATPartial, SeverityWarning,
		"Some taxed lines have vat and this one has not, so VAT is not computed line by line: give vat on all of them or on none.",
		"Część opodatkowanych wierszy ma vat, a ten nie, więc VAT nie jest liczony wierszami: podaj vat we wszystkich albo w żadnym.",
	},
	{
		codeLineVATUntaxed, SeverityError,
		"A line at this rate shows no VAT: remove vat, or correct vatRate.",
		"Wiersz z taką stawką nie wykazuje VAT: usuń vat albo popraw vatRate.",
	},
	{
		codeLineCounterpart, SeverityWarning,
		"Net and gross value of the line do not fit its rate: check counterpart.amount, or leave counterpart out.",
		"Wartości netto i brutto wiersza nie pasują do jego stawki: sprawdź counterpart.amount albo pomiń counterpart.",
	},
	{
		codeLineNumberTwice, SeverityWarning,
		"The number belongs to another line already: number the lines from 1, or leave number out (on a correction only a line before and the line after it share one).",
		"Ten numer ma już inny wiersz: ponumeruj wiersze od 1 albo pomiń number (na korekcie wspólny numer mają tylko wiersz przed i po korekcie).",
	},
	{
		codeLineIDTwice, SeverityWarning,
		"The identifier belongs to another line already: give each line its own id (on a correction only a line before and the line after it share one).",
		"Ten identyfikator ma już inny wiersz: nadaj każdemu wierszowi własne id (na korekcie wspólne id mają tylko wiersz przed i po korekcie).",
	},
}

// procedureRules are the rules about margin schemes, OSS, new means of transport
// and the triangular procedure.
var procedureRules = []CodeInfo{
	{
		codeMarginSchemeMissing, SeverityError,
		"There are lines taxed on the margin: say in margin under which scheme, for example second-hand.",
		"Są wiersze opodatkowane marżą: podaj w polu margin, według której procedury, np. second-hand (towary używane).",
	},
	{
		codeMarginUnused, SeverityError,
		"A margin scheme is named but no line is taxed on the margin: set vatRate of those lines to margin, or remove margin.",
		"Podano procedurę marży, a żaden wiersz nie jest nią objęty: ustaw vatRate tych wierszy na margin albo usuń pole margin.",
	},
	{
		codeMarginSplitPayment, SeverityWarning,
		"An invoice under the margin scheme shows no VAT that could be split off: remove splitPayment.",
		"Faktura w procedurze marży nie wykazuje VAT, który można by wydzielić: usuń splitPayment.",
	},
	{
		codeOSSRateMissing, SeverityError,
		"The rate of the buyer's country is missing: give ossRate in percent, for example 19 for Germany.",
		"Brakuje stawki kraju nabywcy: podaj ossRate w procentach, np. 19 dla Niemiec.",
	},
	{
		codeOSSRateUnused, SeverityWarning,
		"Only a line under the One Stop Shop has a foreign rate: set vatRate to oss, or remove ossRate.",
		"Stawkę zagraniczną ma tylko wiersz w procedurze OSS: ustaw vatRate na oss albo usuń ossRate.",
	},
	{
		codeOSSProcedure, SeverityWarning,
		"Sales under the One Stop Shop are marked in the VAT register: set procedure to WSTO_EE, or IED for a platform.",
		"Sprzedaż w procedurze OSS oznacza się w ewidencji VAT: ustaw procedure na WSTO_EE, a dla platformy na IED.",
	},
	{
		codeOSSBuyer, SeverityWarning,
		"The One Stop Shop is for sales to consumers, and the buyer has a tax number: check the buyer and vatRate of the lines.",
		"Procedura OSS dotyczy sprzedaży konsumentom, a nabywca ma numer podatkowy: sprawdź nabywcę i vatRate wierszy.",
	},
	{
		codeTriangularProcedure, SeverityWarning,
		"A line is marked TT_D but the invoice is not marked as triangular: set triangular to true, or correct procedure.",
		"Wiersz ma oznaczenie TT_D, a faktury nie oznaczono jako trójstronnej: ustaw triangular na true albo popraw procedure.",
	},
	{
		codeVehicleLine, SeverityError,
		"There is no line with this number: write the number of the line that supplies the vehicle.",
		"Nie ma wiersza o tym numerze: wpisz numer wiersza, w którym jest ten pojazd.",
	},
	{
		codeVehicleRate, SeverityWarning,
		"The line of the vehicle is not an intra-EU supply: set its vatRate to 0-intra-eu, or check the number of the line.",
		"Wiersz tego pojazdu nie jest wewnątrzwspólnotową dostawą: ustaw jego vatRate na 0-intra-eu albo sprawdź numer wiersza.",
	},
	{
		codeVehicleKind, SeverityError,
		"A vehicle goes by land, water or air: give exactly one of land, vessel and aircraft.",
		"Pojazd jest lądowy, wodny albo powietrzny: podaj dokładnie jedno z pól land, vessel i aircraft.",
	},
	{
		codeVehicleNumbers, SeverityError,
		"A land vehicle is identified by one number: keep one of vin, body, chassis and frame.",
		"Pojazd lądowy identyfikuje jeden numer: zostaw jedno z pól vin, body, chassis i frame.",
	},
}

// thingRules are the rules about the authorised party, terms, transport, balance
// and attachment.
var thingRules = []CodeInfo{
	{
		codeAuthorisedSameNIP, SeverityWarning,
		"The authorised party has the seller's NIP: give the number of the authority, bailiff or representative that acts in the seller's place.",
		"Podmiot upoważniony ma NIP sprzedawcy: podaj numer organu, komornika lub przedstawiciela, który działa w jego miejsce.",
	},
	{
		codeAgreedIncomplete, SeverityError,
		"An agreed currency comes with its rate: give both agreedCurrency and agreedRate, or neither.",
		"Walutę umowną podaje się razem z kursem: podaj agreedCurrency i agreedRate albo żadnego z nich.",
	},
	{
		codeAgreedCurrency, SeverityError,
		"The agreed currency is a foreign one, never PLN: correct agreedCurrency, or remove it together with agreedRate.",
		"Waluta umowna jest walutą obcą, nigdy PLN: popraw agreedCurrency albo usuń ją razem z agreedRate.",
	},
	{
		codeAgreedInvoice, SeverityWarning,
		"An agreed rate is for invoices in PLN: remove agreedRate and agreedCurrency, or set currency to PLN.",
		"Kurs umowny dotyczy faktur w złotych: usuń agreedRate i agreedCurrency albo ustaw currency na PLN.",
	},
	{
		codeTransportMode, SeverityError,
		"A transport has exactly one mode: give mode, or describe it in otherMode.",
		"Transport ma dokładnie jeden rodzaj: podaj mode albo opisz go w otherMode.",
	},
	{
		codeTransportLoad, SeverityError,
		"A transport has exactly one kind of load: give load, or describe it in otherLoad.",
		"Transport ma dokładnie jeden rodzaj ładunku: podaj load albo opisz go w otherLoad.",
	},
	{
		codeTransportDates, SeverityError,
		"The transport ends before it starts: swap start and end.",
		"Transport kończy się przed rozpoczęciem: zamień start i end.",
	},
	{
		codeCarrierID, SeverityError,
		"Nothing says who the carrier is: give nip, euVat or foreignId, or set noTaxId to true.",
		"Nie podano identyfikatora przewoźnika: podaj nip, euVat lub foreignId albo ustaw noTaxId na true.",
	},
	{
		codeBalanceSum, SeverityWarning,
		"The sum differs from the amounts in the list: check them, or leave the sum out to have it computed.",
		"Suma różni się od kwot na liście: sprawdź je albo pomiń sumę, a zostanie obliczona.",
	},
	{
		codeBalanceResult, SeverityWarning,
		"The result is not the total due plus charges less deductions: check it, or leave toPay and toSettle out to have it computed.",
		"Wynik nie jest należnością powiększoną o obciążenia i pomniejszoną o odliczenia: sprawdź go albo pomiń toPay i toSettle, a zostanie obliczony.",
	},
	{
		codeBalanceBoth, SeverityError,
		"There is either something to pay or something to give back: keep one of toPay and toSettle.",
		"Jest albo kwota do zapłaty, albo do rozliczenia: zostaw jedno z pól toPay i toSettle.",
	},
	{
		codeAttachmentRowEmpty, SeverityError,
		"The row has no cells: write at least one, it may be empty, or remove the row.",
		"Wiersz tabeli nie ma komórek: wpisz co najmniej jedną (może być pusta) albo usuń wiersz.",
	},
	{
		codeAttachmentRowWidth, SeverityWarning,
		"The row has more cells than the table has columns: add columns, or check the row.",
		"Wiersz ma więcej komórek niż tabela kolumn: dodaj kolumny albo sprawdź wiersz.",
	},
}
