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
	return "Nieznany błąd."
}
