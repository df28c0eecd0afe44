package faktupro

// kindRules are the rules about what each kind of invoice must and must not
// hold.
var kindRules = []CodeInfo{
	{
		codeCorrectionMissing, SeverityError,
		"The invoice is a correction but does not say what it corrects: give in correction the number, the issue date and the KSeF number of the corrected invoice.",
		"Faktura jest korektą, ale nie wskazuje, co koryguje: podaj w polu correction numer, datę wystawienia i numer KSeF korygowanej faktury.",
	},
	{
		codeCorrectionForeign, SeverityError,
		"This kind of invoice corrects nothing: remove correction, or set kind to KOR, KOR_ZAL or KOR_ROZ.",
		"Faktura tego rodzaju niczego nie koryguje: usuń correction albo ustaw kind na KOR, KOR_ZAL lub KOR_ROZ.",
	},
	{
		codeAdvanceForeign, SeverityError,
		"Only an advance invoice has the field advance: remove it, or set kind to ZAL or KOR_ZAL.",
		"Pole advance ma tylko faktura zaliczkowa: usuń je albo ustaw kind na ZAL lub KOR_ZAL.",
	},
	{
		codePrepaymentsUnusual, SeverityWarning,
		"Payments received before the supply belong on an advance invoice or a settlement: remove prepayments, or check kind.",
		"Wpłaty otrzymane przed dostawą podaje się na fakturze zaliczkowej lub rozliczeniowej: usuń prepayments albo sprawdź kind.",
	},
	{
		codeOrderMissing, SeverityError,
		"An advance invoice shows what was ordered: give order with its lines.",
		"Faktura zaliczkowa zawiera dane zamówienia: podaj order wraz z wierszami.",
	},
	{
		codeOrderMissingCorrection, SeverityWarning,
		"The correction of an advance invoice shows the order as it is after the correction: give order with its lines.",
		"Korekta faktury zaliczkowej pokazuje zamówienie po korekcie: podaj order wraz z wierszami.",
	},
	{
		codeOrderUnusual, SeverityWarning,
		"Only an advance invoice shows the order it was paid for: remove order, or set kind to ZAL (references to orders belong in terms).",
		"Zamówienie pokazuje tylko faktura zaliczkowa: usuń order albo ustaw kind na ZAL (odwołania do zamówień podaje się w terms).",
	},
	{
		codeAdvancesMissing, SeverityError,
		"A settlement says which advances it settles: give advanceInvoices, or prepayments when no advance invoice was issued.",
		"Faktura rozliczeniowa wskazuje rozliczane zaliczki: podaj advanceInvoices, a jeśli nie wystawiono faktur zaliczkowych – prepayments.",
	},
	{
		codeAdvancesMissingCorrected, SeverityWarning,
		"The correction of a settlement repeats which advances were settled: give advanceInvoices.",
		"Korekta faktury rozliczeniowej powtarza rozliczone zaliczki: podaj advanceInvoices.",
	},
	{
		codeAdvancesUnusual, SeverityWarning,
		"Advance invoices are settled by a settlement, and are not taken off here: set kind to ROZ, or remove advanceInvoices.",
		"Faktury zaliczkowe rozlicza faktura rozliczeniowa, a tutaj nie są odejmowane: ustaw kind na ROZ albo usuń advanceInvoices.",
	},
	{
		codeLinesOnAdvance, SeverityWarning,
		"On an advance invoice the goods stand in order, and lines do not count: move the lines to order.",
		"Na fakturze zaliczkowej towary podaje się w zamówieniu, a wiersze lines się nie liczą: przenieś wiersze do order.",
	},
	{
		codeLinesMissingCorrection, SeverityWarning,
		"The correction changes amounts without showing which goods or services they belong to: add lines, or give correction.period for a collective discount.",
		"Korekta zmienia kwoty, ale nie pokazuje, jakich towarów lub usług dotyczą: dodaj lines albo podaj correction.period przy korekcie zbiorczej.",
	},
	{
		codeLineBeforeKind, SeverityError,
		"Only a correction shows lines as they were before: remove before, or set kind to the kind of a correction.",
		"Stan przed korektą pokazuje tylko faktura korygująca: usuń before albo ustaw kind na rodzaj korekty.",
	},
	{
		codeBuyerIncomplete, SeverityWarning,
		"The correction lacks the buyer's name or address: give both, unless the corrected invoice is a simplified one without them.",
		"Na korekcie brakuje nazwy lub adresu nabywcy: podaj oba, chyba że korygowana faktura jest uproszczona i ich nie zawiera.",
	},
	{
		codeSimplifiedLimit, SeverityWarning,
		"A simplified invoice may not exceed 450 PLN or 100 EUR with VAT: set kind to VAT and give all the particulars.",
		"Faktura uproszczona nie może przekraczać 450 zł ani 100 euro brutto: ustaw kind na VAT i podaj wszystkie dane.",
	},
	{
		codeSimplifiedBuyer, SeverityWarning,
		"A simplified invoice leaves out the buyer's name, so it needs the buyer's tax number: give nip of the buyer.",
		"Faktura uproszczona pomija nazwę nabywcy, więc musi zawierać jego numer: podaj nip nabywcy.",
	},
	{
		codeSimplifiedExcluded, SeverityWarning,
		"An intra-EU supply or a distance sale must not be documented by a simplified invoice (art. 106e(6)): set kind to VAT.",
		"Wewnątrzwspólnotowej dostawy ani sprzedaży na odległość nie dokumentuje się fakturą uproszczoną (art. 106e ust. 6): ustaw kind na VAT.",
	},
}

// correctionRules are the rules about corrections.
var correctionRules = []CodeInfo{
	{
		codeCorrectedDate, SeverityWarning,
		"The corrected invoice is dated later than its correction: check both dates.",
		"Korygowana faktura ma datę późniejszą niż korekta: sprawdź obie daty.",
	},
	{
		codeCorrectedTwice, SeverityWarning,
		"The same invoice is corrected twice here: name it once.",
		"Ta sama faktura jest tu korygowana dwa razy: wskaż ją raz.",
	},
	{
		codeCorrectedSelf, SeverityWarning,
		"The correction has the number of the invoice it corrects: check both numbers, a correction has one of its own.",
		"Korekta ma numer faktury, którą koryguje: sprawdź oba numery, korekta ma własny numer.",
	},
	{
		codeCorrectedKSeF, SeverityWarning,
		"An invoice of this date was usually issued in KSeF: give its ksefNumber, unless it really was issued outside KSeF.",
		"Fakturę z taką datą wystawiano zwykle w KSeF: podaj jej ksefNumber, chyba że naprawdę wystawiono ją poza KSeF.",
	},
	{
		codeKSeFNumberChecksum, SeverityWarning,
		"The last two characters of the KSeF number do not fit the rest, so at least one is mistyped: copy the number again from KSeF or from the confirmation of receipt (UPO).",
		"Dwa ostatnie znaki numeru KSeF nie pasują do pozostałych, więc co najmniej jeden jest pomylony: skopiuj numer ponownie z KSeF albo z UPO.",
	},
	{
		codeKSeFNumberSeller, SeverityWarning,
		"The KSeF number belongs to an invoice of another seller, as its first ten digits show: check it, unless the seller took that business over.",
		"Numer KSeF należy do faktury innego sprzedawcy, co widać po pierwszych dziesięciu cyfrach: sprawdź go, chyba że sprzedawca przejął tę firmę.",
	},
	{
		codeKSeFNumberDate, SeverityWarning,
		"KSeF gave this number before the issue date of the invoice, so one of them belongs to another invoice: check both.",
		"KSeF nadał ten numer przed datą wystawienia faktury, więc jedno z nich należy do innej faktury: sprawdź oba.",
	},
	{
		codeRightNumber, SeverityWarning,
		"rightNumber replaces the wrong number of one corrected invoice: name just that invoice, with its wrong number, and another right one.",
		"rightNumber zastępuje błędny numer jednej korygowanej faktury: wskaż tylko tę fakturę z jej błędnym numerem i podaj inny, właściwy numer.",
	},
	{
		codeCorrectionPeriod, SeverityWarning,
		"Only an ordinary correction (KOR) covers a period of sales: remove period, or check kind.",
		"Okresu sprzedaży dotyczy tylko zwykła korekta (KOR): usuń period albo sprawdź kind.",
	},
	{
		codeEarlierSellerNIP, SeverityError,
		"A wrong NIP of the seller cannot be corrected this way: correct the invoice to zero and issue a new one, and give here the seller's own nip.",
		"Błędnego NIP sprzedawcy nie poprawia się w ten sposób: skoryguj fakturę do zera i wystaw nową, a tutaj podaj ten sam nip sprzedawcy.",
	},
	{
		codeEarlierSellerSame, SeverityWarning,
		"The seller's earlier data are the same as the present ones: write them as they were on the corrected invoice, or remove seller.",
		"Wcześniejsze dane sprzedawcy są takie same jak obecne: wpisz dane z korygowanej faktury albo usuń seller.",
	},
	{
		codeEarlierBuyerNIP, SeverityError,
		"A wrong NIP of the buyer cannot be corrected this way: correct the invoice to zero and issue a new one, and give here the buyer's present nip.",
		"Błędnego NIP nabywcy nie poprawia się w ten sposób: skoryguj fakturę do zera i wystaw nową, a tutaj podaj obecny nip nabywcy.",
	},
	{
		codeEarlierBuyerKey, SeverityWarning,
		"The key does not tell which buyer these earlier data belong to: give the same key here and on that buyer (or additional buyer), each its own.",
		"Pole key nie wskazuje, którego nabywcy dotyczą te wcześniejsze dane: podaj ten sam key tutaj i u tego nabywcy (lub dodatkowego nabywcy), każdemu inny.",
	},
	{
		codeEarlierBuyerSame, SeverityWarning,
		"The buyer's earlier data are the same as the present ones: write them as they were on the corrected invoice, or remove them.",
		"Wcześniejsze dane nabywcy są takie same jak obecne: wpisz dane z korygowanej faktury albo je usuń.",
	},
	{
		codeEarlierBuyerID, SeverityError,
		"Nothing says who the earlier buyer was for tax: give nip, euVat or foreignId, or set noTaxId to true.",
		"Nie podano identyfikatora podatkowego z wcześniejszych danych nabywcy: podaj nip, euVat lub foreignId albo ustaw noTaxId na true.",
	},
	{
		codeAmountBeforeKind, SeverityError,
		"Only the correction of an advance invoice or of a settlement has an amount before it: remove amountBefore, or check kind.",
		"Kwotę sprzed korekty ma tylko korekta faktury zaliczkowej lub rozliczeniowej: usuń amountBefore albo sprawdź kind.",
	},
	{
		codeAmountBeforeMissing, SeverityError,
		"The payment, or what remained to be paid, changes: give in amountBefore how much it was before the correction.",
		"Zmienia się zapłata albo kwota pozostała do zapłaty: podaj w amountBefore jej wysokość przed korektą.",
	},
	{
		codeRateBeforeKind, SeverityWarning,
		"Only the correction of an advance invoice shows the earlier exchange rate: remove exchangeRateBefore, or check kind.",
		"Wcześniejszy kurs waluty podaje tylko korekta faktury zaliczkowej: usuń exchangeRateBefore albo sprawdź kind.",
	},
	{
		codeRateBeforeAlone, SeverityError,
		"The earlier exchange rate stands beside the earlier amount: give amountBefore too.",
		"Wcześniejszy kurs podaje się obok wcześniejszej kwoty: podaj także amountBefore.",
	},
	{
		codeCorrectsNothing, SeverityWarning,
		"The correction changes neither amounts nor data: check lines and totals, or whether it is needed at all.",
		"Korekta nie zmienia ani kwot, ani danych: sprawdź wiersze i sumy albo to, czy w ogóle jest potrzebna.",
	},
	{
		codeLineBeforeAlone, SeverityWarning,
		"The line before the correction has no line after it: add it with the same number (or id), with quantity 0 when nothing is left.",
		"Wiersz sprzed korekty nie ma wiersza po korekcie: dodaj go z tym samym number (lub id), z ilością 0, jeśli nic nie zostaje.",
	},
	{
		codePolishNumber, SeverityError,
		"A Polish number stands in the field for foreign VAT numbers: move the ten digits to the field nip.",
		"W polu na zagraniczny numer VAT podano polski numer: przenieś dziesięć cyfr do pola nip.",
	},
}
