package faktupro

// textRules are the rules about the JSON text.
var textRules = []CodeInfo{
	{
		codeJSONSyntax, SeverityError,
		"The text is not valid JSON here: look for a missing comma, quotation mark or bracket at this line and column.",
		"Tekst nie jest tu poprawnym JSON-em: sprawdź we wskazanym wierszu i kolumnie, czy nie brakuje przecinka, cudzysłowu lub nawiasu.",
	},
	{
		codeJSONEncoding, SeverityError,
		"The text is not UTF-8: save it as UTF-8 without a byte order mark.",
		"Tekst nie jest zapisany w UTF-8: zapisz go w UTF-8 bez znacznika BOM.",
	},
	{
		codeJSONSize, SeverityError,
		"The text is longer than {max} bytes: split the invoice into several.",
		"Tekst jest dłuższy niż {max} bajtów: podziel fakturę na kilka.",
	},
	{
		codeJSONDepth, SeverityError,
		"The text is nested more than {max} levels deep: an invoice needs at most 8, remove the extra levels.",
		"Tekst ma ponad {max} poziomów zagnieżdżenia: faktura wymaga najwyżej 8, usuń zbędne poziomy.",
	},
	{
		codeJSONTrailing, SeverityError,
		"There is more text after the invoice: send one invoice at a time and nothing after it.",
		"Za fakturą jest jeszcze inny tekst: przesyłaj jedną fakturę naraz i nic po niej.",
	},
	{
		codeJSONDuplicate, SeverityError,
		"The same field is given twice: keep one of them.",
		"To samo pole podano dwa razy: zostaw jedno z nich.",
	},
	{
		codeJSONUnknownField, SeverityError,
		"An invoice has no such field: remove it or correct its name (similar names: {names}).",
		"Faktura nie ma takiego pola: usuń je albo popraw nazwę (podobne nazwy: {names}).",
	},
	{
		codeJSONType, SeverityError,
		"The value has the wrong type: write a JSON value of type {want}.",
		"Wartość ma niewłaściwy typ: wpisz wartość JSON typu {want}.",
	},
	{
		codeJSONNull, SeverityError,
		"null is not accepted: leave the field out when there is no value.",
		"Wartość null nie jest przyjmowana: pomiń pole, jeśli nie ma wartości.",
	},
	{
		codeTooManyProblems, SeverityError,
		"More than {max} problems were found: correct these first, then check the invoice again.",
		"Znaleziono ponad {max} problemów: popraw najpierw te, a potem sprawdź fakturę ponownie.",
	},
	{
		codeTooManyWarnings, SeverityWarning,
		"There are more than {max} warnings; the rest are not listed: deal with these first, then check the invoice again.",
		"Jest ponad {max} ostrzeżeń, pozostałych nie pokazano: rozpatrz najpierw te, a potem sprawdź fakturę ponownie.",
	},
}

// valueRules are the rules about single values.
var valueRules = []CodeInfo{
	{
		codeRequired, SeverityError,
		"The field {field} is missing: fill it in.",
		"Brakuje pola {field}: uzupełnij je.",
	},
	{
		codeTextEmpty, SeverityError,
		"The text is empty or blank: write something, or leave the field out.",
		"Tekst jest pusty: wpisz treść albo pomiń pole.",
	},
	{
		codeTextTooLong, SeverityError,
		"The text is longer than {max} characters: shorten it.",
		"Tekst jest dłuższy niż {max} znaków: skróć go.",
	},
	{
		codeTextTooShort, SeverityError,
		"The text is shorter than {min} characters: write it in full.",
		"Tekst jest krótszy niż {min} znaków: wpisz go w całości.",
	},
	{
		codeTextCharacters, SeverityError,
		"The text holds control characters or others that KSeF refuses: remove them, for example by typing the text again.",
		"Tekst zawiera znaki sterujące lub inne, których KSeF nie przyjmuje: usuń je, na przykład wpisując tekst ponownie.",
	},
	{
		codeValueUnknown, SeverityError,
		"The value is not on the list: write one of {values}.",
		"Wartości nie ma na liście: wpisz jedną z: {values}.",
	},
	{
		codeListTooLong, SeverityError,
		"The list has more than {max} elements: split the invoice into several.",
		"Lista ma więcej niż {max} elementów: podziel fakturę na kilka.",
	},
	{
		codeWholeRange, SeverityError,
		"The number is out of range: write a whole number from {min} to {max}.",
		"Liczba jest poza zakresem: wpisz liczbę całkowitą od {min} do {max}.",
	},
	{
		codeDecimalFormat, SeverityError,
		"This is not a plain number: write digits with a decimal point, such as 1234.50, without spaces, commas or an exponent.",
		"To nie jest zwykła liczba: wpisz cyfry z kropką dziesiętną, np. 1234.50, bez odstępów, przecinków i wykładnika.",
	},
	{
		codeDecimalDigits, SeverityError,
		"The number has too many digits: write at most {whole} before and {fraction} after the decimal point.",
		"Liczba ma za dużo cyfr: wpisz najwyżej {whole} przed kropką i {fraction} po kropce dziesiętnej.",
	},
	{
		codeDecimalPositive, SeverityError,
		"The number must be greater than zero: correct it or leave the field out.",
		"Liczba musi być większa od zera: popraw ją albo pomiń pole.",
	},
	{
		codeDecimalNegative, SeverityError,
		"The number must not be negative: write it without the minus sign.",
		"Liczba nie może być ujemna: wpisz ją bez znaku minus.",
	},
	{
		codeDecimalTooLarge, SeverityError,
		"The number must not be greater than {max}: correct it.",
		"Liczba nie może być większa niż {max}: popraw ją.",
	},
	{
		codeDateFormat, SeverityError,
		"This is not a day of the calendar: write it as year-month-day, such as 2026-02-28.",
		"To nie jest data z kalendarza: wpisz ją jako rok-miesiąc-dzień, np. 2026-02-28.",
	},
	{
		codeDateRange, SeverityError,
		"The date is out of range: it must lie from {first} to {last}.",
		"Data jest poza zakresem: musi przypadać od {first} do {last}.",
	},
	{
		codeInstantFormat, SeverityError,
		"This is no date with time: write it with its time zone, for example 2026-02-28T14:30:00+01:00.",
		"To nie jest data z godziną: wpisz ją wraz ze strefą czasową, np. 2026-02-28T14:30:00+01:00.",
	},
	{
		codeInstantRange, SeverityError,
		"The date and time are out of range: they must lie from {first} to {last}.",
		"Data i godzina są poza zakresem: muszą przypadać od {first} do {last}.",
	},
	{
		codeCountryUnknown, SeverityError,
		"There is no such country code: write two capital letters such as PL, DE or GR (Greece).",
		"Nie ma takiego kodu kraju: wpisz dwie wielkie litery, np. PL, DE lub GR (Grecja).",
	},
	{
		codeCurrencyUnknown, SeverityError,
		"There is no such currency code: write three capital letters such as PLN or EUR.",
		"Nie ma takiego kodu waluty: wpisz trzy wielkie litery, np. PLN lub EUR.",
	},
	{
		codeEmailFormat, SeverityError,
		"This is not an e-mail address: write it with an @, such as office@example.com.",
		"To nie jest adres e-mail: wpisz go ze znakiem @, np. biuro@example.com.",
	},
	{
		codeSWIFTFormat, SeverityError,
		"This is not a SWIFT code: write 8 or 11 capital letters and digits, as on the bank's document.",
		"To nie jest kod SWIFT: wpisz 8 lub 11 wielkich liter i cyfr, jak na dokumencie banku.",
	},
	{
		codePaymentLinkFormat, SeverityError,
		"This is not a payment link: write an http or https address whose query holds IPKSeF= and 13 characters.",
		"To nie jest link do płatności: wpisz adres http lub https, który w zapytaniu zawiera IPKSeF= i 13 znaków.",
	},
	{
		codeKSeFIDFormat, SeverityError,
		"This is not a KSeF payment identifier: write 3 digits and 10 letters or digits.",
		"To nie jest identyfikator płatności KSeF (IPKSeF): wpisz 3 cyfry i 10 liter lub cyfr.",
	},
}

// identifierRules are the rules about identifiers.
var identifierRules = []CodeInfo{
	{
		codeNIPFormat, SeverityError,
		"This is not a NIP: write ten digits, without spaces, dashes or a country prefix.",
		"To nie jest NIP: wpisz dziesięć cyfr bez odstępów, kresek i prefiksu kraju.",
	},
	{
		codeNIPChecksum, SeverityError,
		"The check digit of the NIP is wrong, so at least one digit is mistyped: compare the number with the register (Wykaz podatników VAT).",
		"Cyfra kontrolna numeru NIP jest błędna, więc co najmniej jedna cyfra jest pomylona: porównaj numer z Wykazem podatników VAT.",
	},
	{
		codeREGONFormat, SeverityError,
		"This is not a REGON: write 9 or 14 digits.",
		"To nie jest REGON: wpisz 9 lub 14 cyfr.",
	},
	{
		codeREGONChecksum, SeverityWarning,
		"The check digit of the REGON is wrong: compare the number with the REGON register.",
		"Cyfra kontrolna numeru REGON jest błędna: porównaj numer z rejestrem REGON.",
	},
	{
		codeKRSFormat, SeverityError,
		"This is not a KRS number: write ten digits, with the leading zeros.",
		"To nie jest numer KRS: wpisz dziesięć cyfr razem z zerami na początku.",
	},
	{
		codeInternalIDFormat, SeverityError,
		"This is not an internal KSeF identifier: write the NIP of the company, a dash and five digits, as shown in KSeF.",
		"To nie jest identyfikator wewnętrzny KSeF: wpisz NIP podmiotu, kreskę i pięć cyfr, tak jak pokazuje KSeF.",
	},
	{
		codeInternalIDChecksum, SeverityError,
		"The last digit of the internal KSeF identifier is wrong: compare it with the identifier shown in KSeF.",
		"Ostatnia cyfra identyfikatora wewnętrznego KSeF jest błędna: porównaj go z identyfikatorem widocznym w KSeF.",
	},
	{
		codeKSeFNumberFormat, SeverityError,
		"This is not a KSeF number: copy it from KSeF or from the confirmation of receipt (UPO), for example 1234563218-20260228-0A1B2C3D4E5F-7A.",
		"To nie jest numer KSeF: skopiuj go z KSeF albo z UPO, np. 1234563218-20260228-0A1B2C3D4E5F-7A.",
	},
	{
		codeEUVATFormat, SeverityError,
		"This is not a VAT number of an EU state: write the country prefix (Greece is EL) and the number, such as DE123456789.",
		"To nie jest numer VAT UE: wpisz prefiks kraju (Grecja to EL) i numer, np. DE123456789.",
	},
	{
		codeEUVATPolish, SeverityError,
		"A Polish number stands in the field for foreign VAT numbers, so KSeF would hide the invoice from the buyer: move the ten digits to the field nip.",
		"W polu na zagraniczny numer VAT podano polski numer, przez co KSeF nie udostępniłby faktury nabywcy: przenieś dziesięć cyfr do pola nip.",
	},
	{
		codeEUVATLooksPolish, SeverityWarning,
		"The number also is a correct Polish NIP: if the buyer is Polish, move it to the field nip, or KSeF will hide the invoice from the buyer.",
		"Numer jest zarazem poprawnym polskim numerem NIP: jeśli nabywca jest polski, przenieś go do pola nip, bo inaczej KSeF nie udostępni mu faktury.",
	},
	{
		codeForeignIDPolish, SeverityError,
		"A Polish NIP stands in the field for foreign tax numbers, so KSeF would hide the invoice from the buyer: move the ten digits to the field nip.",
		"W polu na zagraniczny numer podano polski NIP, przez co KSeF nie udostępniłby faktury nabywcy: przenieś dziesięć cyfr do pola nip.",
	},
	{
		codeForeignIDLooksPolish, SeverityWarning,
		"The number also is a correct Polish NIP: if the party is Polish, move it to the field nip, or KSeF will hide the invoice from it.",
		"Numer jest zarazem poprawnym polskim numerem NIP: jeśli podmiot jest polski, przenieś go do pola nip, bo inaczej KSeF nie udostępni mu faktury.",
	},
	{
		codeAccountFormat, SeverityError,
		"The account number holds characters other than letters and digits: write it without spaces and dashes.",
		"Numer rachunku zawiera znaki inne niż litery i cyfry: wpisz go bez odstępów i kresek.",
	},
	{
		codeAccountChecksum, SeverityError,
		"The check digits of the Polish account number are wrong, so no bank would accept the transfer: compare the 26 digits with the bank's document.",
		"Cyfry kontrolne polskiego numeru rachunku są błędne, więc żaden bank nie przyjmie przelewu: porównaj 26 cyfr z dokumentem banku.",
	},
	{
		codeAccountIBAN, SeverityWarning,
		"The check digits of the IBAN are wrong: compare the number with the bank's document.",
		"Cyfry kontrolne numeru IBAN są błędne: porównaj numer z dokumentem banku.",
	},
}
