package ksefsim

// statusInfo is the status of a login, a session or an invoice in an answer.
type statusInfo struct {
	Code        int               `json:"code"`
	Description string            `json:"description"`
	Details     []string          `json:"details,omitempty"`
	Extensions  map[string]string `json:"extensions,omitempty"`
}

// outcome is how something ended: a status code and what explains it. The zero
// outcome is none yet.
type outcome struct {
	Code       int               `json:"code"`
	Details    []string          `json:"details,omitempty"`
	Extensions map[string]string `json:"extensions,omitempty"`
}

func (o outcome) info(describe func(int) string) statusInfo {
	return statusInfo{Code: o.Code, Description: describe(o.Code), Details: o.Details, Extensions: o.Extensions}
}

// Statuses that belong to more than one kind of object.
const (
	statusAccepted   = 100 // accepted for processing; an open session
	statusProcessing = 150
	statusDone       = 200
)

// Statuses of a login.
const (
	loginNoPermission     = 415
	loginEnded            = 425
	loginTokenError       = 450
	loginCertificateError = 460
	loginDeceased         = 470
	loginBlocked          = 480
)

// Details of a login that failed.
const (
	detailNoPermission   = "Brak przypisanych uprawnień"
	detailRevoked        = "Uwierzytelnienie i powiązane refresh tokeny zostały unieważnione przez użytkownika"
	detailTokenUnknown   = "Nieprawidłowy token"
	detailTokenTime      = "Nieprawidłowy czas tokena"
	detailTokenRevoked   = "Token unieważniony"
	detailTokenInactive  = "Token nieaktywny"
	detailTokenEncrypted = "Nieprawidłowe szyfrowanie tokena"
	detailTokenEncoding  = "Nieprawidłowe kodowanie tokena"
	detailTokenContext   = "Token nie może być użyty w kontekście "
	detailChain          = "Niezaufany łańcuch certyfikatów"
	detailExpired        = "Nieważny certyfikat"
	detailWithdrawn      = "Certyfikat odwołany"
	detailUnfit          = "Niepoprawny certyfikat"
	detailDeceased       = "Próba wykorzystania metod autoryzacyjnych osoby zmarłej"
	detailBlocked        = "Podejrzenie incydentu bezpieczeństwa. Skontaktuj się z Ministerstwem Finansów przez formularz zgłoszeniowy."
)

func loginText(code int) string {
	switch code {
	case statusAccepted:
		return "Uwierzytelnianie w toku"
	case statusDone:
		return "Uwierzytelnianie zakończone sukcesem"
	case loginBlocked:
		return "Uwierzytelnienie zablokowane"
	case loginNoPermission, loginDeceased:
		return "Uwierzytelnianie zakończone niepowodzeniem"
	case loginEnded:
		return "Uwierzytelnienie unieważnione"
	case loginTokenError:
		return "Uwierzytelnianie zakończone niepowodzeniem z powodu błędnego tokenu"
	case loginCertificateError:
		return "Uwierzytelnianie zakończone niepowodzeniem z powodu błędu certyfikatu"
	}
	return "Nieznany błąd"
}

// Statuses of an interactive session.
const (
	sessionClosing   = 170
	sessionKeyError  = 415
	sessionCancelled = 440
	sessionNoInvoice = 445
)

// Details of a session that failed.
const (
	detailSessionKey   = "Rozszyfrowania klucza symetrycznego zakończone błędem"
	detailSessionEmpty = "Nie przesłano faktur"
	detailSessionLate  = "Przekroczono czas wysyłki"
)

func sessionText(code int) string {
	switch code {
	case statusAccepted:
		return "Sesja interaktywna otwarta"
	case sessionClosing:
		return "Sesja interaktywna zamknięta"
	case statusDone:
		return "Sesja interaktywna przetworzona pomyślnie"
	case sessionKeyError:
		return "Błąd odszyfrowania dostarczonego klucza"
	case sessionCancelled:
		return "Sesja anulowana"
	case sessionNoInvoice:
		return "Błąd weryfikacji, brak poprawnych faktur"
	}
	return "Nieznany błąd"
}

// Statuses of a batch session, besides those of an interactive one.
const (
	batchElement    = 405
	batchLimit      = 420
	batchArchive    = 430
	batchDecryption = 435
)

func batchText(code int) string {
	switch code {
	case statusAccepted:
		return "Sesja wsadowa rozpoczęta"
	case statusProcessing:
		return "Trwa przetwarzanie"
	case statusDone:
		return "Sesja wsadowa przetworzona pomyślnie"
	case batchElement:
		return "Błąd weryfikacji poprawności dostarczonych elementów paczki"
	case batchLimit:
		return "Przekroczony limit faktur w sesji"
	case batchArchive:
		return "Błąd dekompresji pierwotnego archiwum"
	case batchDecryption:
		return "Błąd odszyfrowania zaszyfrowanych części archiwum"
	}
	return sessionText(code)
}

// Statuses of an invoice.
const (
	invoiceSessionError = 405
	invoicePermission   = 410
	invoiceAttachment   = 415
	invoiceFile         = 430
	invoiceDecryption   = 435
	invoiceDuplicate    = 440
	invoiceSemantics    = 450
)

func invoiceText(code int) string {
	switch code {
	case statusAccepted:
		return "Faktura przyjęta do dalszego przetwarzania"
	case statusProcessing:
		return "Trwa przetwarzanie"
	case statusDone:
		return "Sukces"
	case invoiceSessionError:
		return "Przetwarzanie anulowane z powodu błędu sesji"
	case invoicePermission:
		return "Nieprawidłowy zakres uprawnień"
	case invoiceAttachment:
		return "Brak możliwości wysyłania faktury z załącznikiem"
	case invoiceFile:
		return "Błąd weryfikacji pliku faktury"
	case invoiceDecryption:
		return "Błąd odszyfrowania pliku"
	case invoiceDuplicate:
		return "Duplikat faktury"
	case invoiceSemantics:
		return "Błąd weryfikacji semantyki dokumentu faktury"
	}
	return "Nieznany błąd"
}
