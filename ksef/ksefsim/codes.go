package ksefsim

// Exception codes of answers with status 400.
const (
	codeDocument         = 9101
	codeNoSignature      = 9102
	codeManySignatures   = 9103
	codeSignature        = 9105
	codeUnreadable       = 21001
	codeChallenge        = 21111
	codeCertificate      = 21115
	codeSubjectContext   = 21117
	codeInvoiceLimit     = 21155
	codeNoInvoice        = 21164
	codeInvoiceNotReady  = 21165
	codeCorrected        = 21166
	codeNotCorrectable   = 21167
	codeNoSession        = 21173
	codeNoUPO            = 21178
	codeSessionStatus    = 21180
	codeEncoding         = 21217
	codeUnauthorized     = 21301
	codeNoLogin          = 21304
	codeSchema           = 21401
	codeFileSize         = 21402
	codeFileHash         = 21403
	codeValidation       = 21405
	codeIdentityConflict = 21406
	codeContinuation     = 21418
	codePublicKey        = 21470
	codePartSize         = 21157
	codePartCount        = 21161
	codeNoExport         = 21175
	codeExportRole       = 21181
	codeExportLimit      = 21182
	codeBeyondData       = 21183
	codeSessionAway      = 21184
	codePartMissing      = 21205
	codeUploadLate       = 21208
	codeDeceased         = 21308
	codeNoCSRData        = 25001
	codeNoEnrolment      = 25002
	codeCSRData          = 25003
	codeCSR              = 25004
	codeEnrolmentUnknown = 25005
	codeEnrolmentLimit   = 25006
	codeCertificateLimit = 25007
	codeNoCertificate    = 25008
	codeCertificateState = 25009
	codeCSRKey           = 25010
	codeCSRAlgorithm     = 25011
	codeTokenRights      = 26001
	codeTokenContext     = 26002
	codeExists           = 30001
	codeCollective       = 71001
	codeCollectiveFull   = 71002
)

// exceptionText is the description that goes with an exception code. Clients
// compare these words, so they are part of the contract.
func exceptionText(code int) string {
	switch code {
	case codeDocument:
		return "Nieprawidłowy dokument."
	case codeNoSignature:
		return "Brak podpisu."
	case codeManySignatures:
		return "Przekroczona liczba dozwolonych podpisów."
	case codeSignature:
		return "Nieprawidłowy podpis."
	case codeUnreadable:
		return "Nieczytelna treść."
	case codeChallenge:
		return "Nieprawidłowe wyzwanie autoryzacyjne."
	case codeCertificate:
		return "Nieprawidłowy certyfikat."
	case codeSubjectContext:
		return "Nieprawidłowy identyfikator podmiotu dla wskazanego typu kontekstu."
	case codeInvoiceLimit:
		return "Przekroczono dozwoloną liczbę faktur w sesji."
	case codeNoInvoice:
		return "Faktura o podanym identyfikatorze nie istnieje."
	case codeInvoiceNotReady:
		return "Faktura o podanym numerze KSeF nie jest jeszcze dostępna."
	case codeCorrected:
		return "Korekta techniczna niedostępna."
	case codeNotCorrectable:
		return "Status faktury nie pozwala na korektę techniczną."
	case codeNoSession:
		return "Brak sesji o wskazanym numerze referencyjnym."
	case codeNoUPO:
		return "Nie znaleziono UPO dla podanych kryteriów."
	case codeSessionStatus:
		return "Status sesji nie pozwala na wykonanie operacji."
	case codeEncoding:
		return "Nieprawidłowe kodowanie znaków."
	case codeUnauthorized:
		return "Brak autoryzacji."
	case codeNoLogin:
		return "Brak uwierzytelnienia."
	case codeSchema:
		return "Dokument nie jest zgodny ze schemą (xsd)."
	case codeFileSize:
		return "Nieprawidłowy rozmiar pliku."
	case codeFileHash:
		return "Nieprawidłowy skrót pliku."
	case codeValidation:
		return "Błąd walidacji danych wejściowych."
	case codeIdentityConflict:
		return "Konflikt podpisu i typu uwierzytelnienia."
	case codeContinuation:
		return "Przekazany token kontynuacji ma nieprawidłowy format."
	case codePublicKey:
		return "Przesłany identyfikator klucza jest nieznany lub wskazuje na wycofany klucz."
	}
	return rarerText(code)
}

// rarerText continues exceptionText.
func rarerText(code int) string {
	switch code {
	case codePartSize:
		return "Nieprawidłowy rozmiar części pakietu."
	case codePartCount:
		return "Przekroczono dozwoloną liczbę części pakietów."
	case codeNoExport:
		return "Wynik zapytania o podanym identyfikatorze nie istnieje."
	case codeExportRole:
		return "Nieprawidłowe żądanie eksportu faktur."
	case codeExportLimit:
		return "Osiągnięto limit trwających eksportów."
	case codeBeyondData:
		return "Zakres filtrowania wykracza poza dostępny zakres danych."
	case codeSessionAway:
		return "Sesja jest chwilowo niedostępna. Otwórz nową sesję."
	case codePartMissing:
		return "Pakiet nie może być pusty."
	case codeUploadLate:
		return "Czas oczekiwania na requesty upload lub finish został przekroczony."
	case codeDeceased:
		return "Próba wykorzystania metod autoryzacyjnych osoby zmarłej."
	case codeNoCSRData:
		return "Brak możliwości pobrania danych do CSR dla wykorzystanego sposobu uwierzytelnienia."
	case codeNoEnrolment:
		return "Brak możliwości złożenia wniosku certyfikacyjnego dla wykorzystanego sposobu uwierzytelnienia."
	case codeCSRData:
		return "Dane w CSR nie zgadzają się z danymi w użytym wektorze uwierzytelniającym."
	case codeCSR:
		return "Niepoprawny format CSR lub niepoprawny podpis CSR."
	case codeEnrolmentUnknown:
		return "Wniosek certyfikacyjny o podanym numerze referencyjnym nie istnieje."
	case codeEnrolmentLimit:
		return "Osiągnięto limit możliwych do złożenia wniosków certyfikacyjnych."
	case codeCertificateLimit:
		return "Osiągnięto limit dopuszczalnej liczby posiadanych certyfikatów."
	case codeNoCertificate:
		return "Certyfikat o podanym numerze seryjnym nie istnieje."
	case codeCertificateState:
		return "Nie można odwołać wskazanego certyfikatu, ponieważ jest już odwołany, zablokowany lub nieważny."
	case codeCSRKey:
		return "Nieprawidłowy typ lub długość klucza."
	case codeCSRAlgorithm:
		return "Nieprawidłowy algorytm podpisu CSR."
	case codeTokenRights:
		return "Nie można nadać tokenowi uprawnień których nie posiadasz."
	case codeTokenContext:
		return "Nie można wygenerować tokena dla obecnego typu kontekstu."
	case codeExists:
		return "Podmiot lub uprawnienie już istnieje."
	case codeCollective:
		return "Faktura nie może zostać przypisana do Identyfikatora Zbiorczego."
	case codeCollectiveFull:
		return "Faktura jest już przypisana do maksymalnej liczby Identyfikatorów Zbiorczych."
	}
	return "Nieznany błąd."
}
