package faktupro

// headerRules are the rules about number and dates.
var headerRules = []CodeInfo{
	{
		codeNumberSpaces, SeverityError,
		"The invoice number has spaces at its ends, several in a row, or blanks of another kind, visible or not: write single ordinary spaces only inside it.",
		"Numer faktury ma odstępy na początku lub końcu, kilka odstępów z rzędu albo nietypowe lub niewidoczne odstępy: używaj tylko pojedynczych zwykłych spacji wewnątrz numeru.",
	},
	{
		codeIssueDateFuture, SeverityError,
		"The issue date lies in the future, which KSeF refuses: write today's date or an earlier one.",
		"Data wystawienia jest z przyszłości, a KSeF takich faktur nie przyjmuje: wpisz datę dzisiejszą lub wcześniejszą.",
	},
	{
		codeIssueDatePast, SeverityWarning,
		"The issue date lies before today, so KSeF will mark the invoice as issued offline: write today's date unless it really was issued offline.",
		"Data wystawienia jest wcześniejsza niż dzisiejsza, więc KSeF oznaczy fakturę jako wystawioną offline: wpisz dzisiejszą datę, chyba że fakturę naprawdę wystawiono offline.",
	},
	{
		codePeriodOrder, SeverityError,
		"The period ends before it begins: swap the two dates.",
		"Okres kończy się przed swoim początkiem: zamień daty.",
	},
	{
		codeSupplyDateTwice, SeverityError,
		"The date of supply is given twice: give either one for the whole invoice or one on each line.",
		"Datę dostawy podano dwukrotnie: podaj albo jedną dla całej faktury, albo osobną w każdym wierszu.",
	},
	{
		codeSupplyAndPeriod, SeverityError,
		"Both a date of supply and a period are given: keep one of them.",
		"Podano i datę dostawy, i okres: zostaw jedno z nich.",
	},
	{
		codePaidAfterIssue, SeverityWarning,
		"The payment date lies after the issue date: check both dates.",
		"Data zapłaty jest późniejsza niż data wystawienia: sprawdź obie daty.",
	},
	{
		codeDueBeforeIssue, SeverityWarning,
		"The due date lies before the issue date: check both dates.",
		"Termin płatności przypada przed datą wystawienia: sprawdź obie daty.",
	},
	{
		codeDocumentTime, SeverityError,
		"FA(3) documents can be made from 2025-09-01 to 2050-01-01: set the computer's clock.",
		"Dokumenty FA(3) można tworzyć od 2025-09-01 do 2050-01-01: ustaw zegar komputera.",
	},
	{
		codeDocumentSize, SeverityError,
		"The invoice as FA(3) is larger than the 1,000,000 bytes KSeF accepts, or 3,000,000 with an attachment: split it into several invoices.",
		"Faktura w postaci FA(3) przekracza 1 000 000 bajtów przyjmowanych przez KSeF (z załącznikiem 3 000 000): podziel ją na kilka.",
	},
}

// partyRules are the rules about parties.
var partyRules = []CodeInfo{
	{
		codeBuyerIDMissing, SeverityError,
		"Nothing says who the buyer is for tax: give nip, euVat or foreignId, or set noTaxId to true for a consumer.",
		"Nie podano identyfikatora podatkowego nabywcy: podaj nip, euVat lub foreignId albo ustaw noTaxId na true dla konsumenta.",
	},
	{
		codePartyIDMissing, SeverityError,
		"Nothing identifies the party: give nip, internalId, euVat or foreignId, or set noTaxId to true.",
		"Nie podano identyfikatora podmiotu: podaj nip, internalId, euVat lub foreignId albo ustaw noTaxId na true.",
	},
	{
		codePartyIDSeveral, SeverityError,
		"The party is identified in several ways: keep only one of nip, internalId, euVat, foreignId and noTaxId.",
		"Podmiot zidentyfikowano na kilka sposobów: zostaw tylko jedno z pól nip, internalId, euVat, foreignId i noTaxId.",
	},
	{
		codeEUVATCountry, SeverityWarning,
		"The prefix of the VAT number does not fit the country of the address: check both (Greece is EL and GR, Northern Ireland XI and GB).",
		"Prefiks numeru VAT nie pasuje do kraju w adresie: sprawdź oba (Grecja to EL i GR, Irlandia Północna to XI i GB).",
	},
	{
		codeSameNIP, SeverityWarning,
		"Seller and buyer have the same NIP: check the buyer's number.",
		"Sprzedawca i nabywca mają ten sam NIP: sprawdź numer nabywcy.",
	},
	{
		codeLocalGovernmentParty, SeverityError,
		"localGovernment is set but the unit is missing: add to thirdParties a party with role local-government-recipient and its nip or internalId.",
		"Ustawiono localGovernment, ale brakuje jednostki: dodaj do thirdParties podmiot z rolą local-government-recipient oraz jego nip lub internalId.",
	},
	{
		codeLocalGovernmentFlag, SeverityWarning,
		"A third party is a recipient unit of local government: set localGovernment of the buyer to true.",
		"Wśród podmiotów trzecich jest jednostka samorządu jako odbiorca: ustaw localGovernment nabywcy na true.",
	},
	{
		codeVATGroupParty, SeverityError,
		"vatGroup is set but the member is missing: add to thirdParties a party with role vat-group-recipient and its nip or internalId.",
		"Ustawiono vatGroup, ale brakuje członka grupy: dodaj do thirdParties podmiot z rolą vat-group-recipient oraz jego nip lub internalId.",
	},
	{
		codeVATGroupFlag, SeverityWarning,
		"A third party is a member of a VAT group as recipient: set vatGroup of the buyer to true.",
		"Wśród podmiotów trzecich jest członek grupy VAT jako odbiorca: ustaw vatGroup nabywcy na true.",
	},
	{
		codeRoleMissing, SeverityError,
		"Nothing says what the party does: give role, or describe it in otherRole.",
		"Nie podano roli podmiotu: podaj role albo opisz ją w otherRole.",
	},
	{
		codeRoleTwice, SeverityError,
		"Both role and otherRole are given: keep one of them.",
		"Podano i role, i otherRole: zostaw jedno z nich.",
	},
	{
		codeShareRole, SeverityError,
		"Only an additional buyer has a share: remove share, or set role to additional-buyer.",
		"Udział ma tylko dodatkowy nabywca: usuń share albo ustaw role na additional-buyer.",
	},
	{
		codeShareSum, SeverityWarning,
		"The shares of the additional buyers leave nothing for the main buyer: they should add up to less than 100.",
		"Udziały dodatkowych nabywców nie zostawiają nic głównemu nabywcy: ich suma powinna być mniejsza niż 100.",
	},
	{
		codeSharePartial, SeverityWarning,
		"Some additional buyers have a share and others do not: give a share to all of them or to none.",
		"Część dodatkowych nabywców ma udział, a część nie: podaj udział wszystkim albo żadnemu.",
	},
	{
		codeSelfBillingIssuer, SeverityError,
		"On a self-billed invoice the buyer is the issuer: remove the third party with role issuer.",
		"Przy samofakturowaniu fakturę wystawia nabywca: usuń podmiot trzeci z rolą issuer.",
	},
	{
		codeEmployeeParty, SeverityError,
		"An employee is named without a tax number: give the name and set noTaxId to true.",
		"Pracownika podaje się bez numeru podatkowego: wpisz imię i nazwisko w polu name oraz ustaw noTaxId na true.",
	},
	{
		codeFactorParty, SeverityWarning,
		"Factor accounts are given without a third party with role factor, or the other way round: give both.",
		"Podano rachunki faktora bez podmiotu trzeciego z rolą factor albo odwrotnie: podaj jedno i drugie.",
	},
}

// paymentRules are the rules about payment.
var paymentRules = []CodeInfo{
	{
		codePaidTwice, SeverityError,
		"Both paidDate and parts are given: write paidDate for one payment of the whole, parts for payments in part.",
		"Podano i paidDate, i parts: użyj paidDate przy jednej zapłacie całości, a parts przy płatnościach częściowych.",
	},
	{
		codePartsSum, SeverityWarning,
		"The parts paid add up to more than the total: check their amounts.",
		"Wpłaty częściowe przekraczają sumę faktury: sprawdź ich kwoty.",
	},
	{
		codeMethodTwice, SeverityError,
		"Both method and otherMethod are given: keep one of them.",
		"Podano i method, i otherMethod: zostaw jedno z nich.",
	},
	{
		codeMethodMissing, SeverityWarning,
		"The form of payment is missing: give method, for example transfer.",
		"Brakuje formy płatności: podaj method, np. transfer (przelew).",
	},
	{
		codeAccountMissing, SeverityWarning,
		"Payment by transfer is asked for but no account is given: add the account number to accounts.",
		"Wskazano zapłatę przelewem, ale nie podano rachunku: dodaj numer rachunku w polu accounts.",
	},
	{
		codeDueIncomplete, SeverityError,
		"A described term needs count, unit and event together: complete it, or give only a date.",
		"Opisany termin wymaga razem count, unit i event: uzupełnij go albo podaj samą datę.",
	},
	{
		codeDueEmpty, SeverityError,
		"The term of payment is empty: give a date, or count, unit and event.",
		"Termin płatności jest pusty: podaj datę albo count, unit i event.",
	},
	{
		codeLinkID, SeverityWarning,
		"ksefId differs from the identifier inside link: make them the same.",
		"ksefId różni się od identyfikatora w polu link: ujednolić je.",
	},
}

// patternRules are the rules about number patterns.
var patternRules = []CodeInfo{
	{
		codePatternSyntax, SeverityError,
		"The pattern has an unknown placeholder or a stray brace: use {n}, {n:4}, {yyyy}, {yy}, {mm} and {dd}.",
		"Wzorzec zawiera nieznany symbol albo zbłąkany nawias: używaj {n}, {n:4}, {yyyy}, {yy}, {mm} i {dd}.",
	},
	{
		codePatternNumber, SeverityError,
		"The pattern must hold the running number exactly once: write {n}, or {n:4} for leading zeros.",
		"Wzorzec musi zawierać numer kolejny dokładnie raz: wpisz {n} albo {n:4}, jeśli mają być zera wiodące.",
	},
	{
		codePatternDate, SeverityError,
		"The pattern holds a month without a year or a day without a month, so numbers would repeat: add {yyyy} or {mm}.",
		"Wzorzec zawiera miesiąc bez roku albo dzień bez miesiąca, więc numery by się powtarzały: dodaj {yyyy} lub {mm}.",
	},
	{
		codePatternText, SeverityError,
		"The pattern gives numbers longer than 256 characters, or with forbidden characters or odd spaces: shorten it and use single spaces inside only.",
		"Wzorzec daje numery dłuższe niż 256 znaków albo z niedozwolonymi znakami lub odstępami: skróć go i używaj tylko pojedynczych spacji wewnątrz.",
	},
}
