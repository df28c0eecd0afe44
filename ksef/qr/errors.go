package qr

// Rule names what is wrong with a link, a document, a key or a certificate. The
// values are stable.
type Rule string

// The rules.
const (
	RuleBase        Rule = "base"        // the address of the environment
	RuleLink        Rule = "link"        // length, number of parts or kind of the link
	RuleSeller      Rule = "seller"      // the seller's NIP
	RuleDate        Rule = "date"        // the date of issue
	RuleContext     Rule = "context"     // the type or value of the context
	RuleSerial      Rule = "serial"      // the serial number of the certificate
	RuleHash        Rule = "hash"        // the hash of the document
	RuleSignature   Rule = "signature"   // the signature: its form, or it does not hold
	RuleDocument    Rule = "document"    // the document cannot be read, or is another one
	RuleKey         Rule = "key"         // the key is of a kind or strength not allowed
	RuleSigner      Rule = "signer"      // the signer fails or signs in another way
	RuleCertificate Rule = "certificate" // the certificate is missing or another one
	RulePurpose     Rule = "purpose"     // the certificate is not of type Offline
	RuleValidity    Rule = "validity"    // the certificate was not valid at that time
)

// message is what a rule says to people.
type message struct{ english, polish string }

var messages = map[Rule]message{
	RuleBase: {
		"the address does not belong to a KSeF environment: do not follow the link, ask the issuer for a new invoice",
		"adres nie należy do żadnego środowiska KSeF: nie otwieraj linku, poproś wystawcę o nową fakturę",
	},
	RuleLink: {
		"this is not a KSeF verification link: scan the code again",
		"to nie jest link weryfikacyjny KSeF: zeskanuj kod ponownie",
	},
	RuleSeller: {
		"the seller's NIP is not ten digits: correct it on the invoice",
		"NIP sprzedawcy nie ma dziesięciu cyfr: popraw go na fakturze",
	},
	RuleDate: {
		"the date of issue is not a day of the calendar: correct it on the invoice",
		"data wystawienia nie jest dniem z kalendarza: popraw ją na fakturze",
	},
	RuleContext: {
		"the login context is not a valid NIP, internal identifier, NIP with EU VAT number or Peppol identifier",
		"kontekst logowania nie jest poprawnym NIP-em, identyfikatorem wewnętrznym, NIP-em z numerem VAT UE ani identyfikatorem Peppol",
	},
	RuleSerial: {
		"the serial number of the certificate is not 16 digits 0-9 A-F",
		"numer seryjny certyfikatu nie ma 16 znaków 0-9 A-F",
	},
	RuleHash: {
		"the hash of the document is unreadable: scan the code again",
		"skrót dokumentu jest nieczytelny: zeskanuj kod ponownie",
	},
	RuleSignature: {
		"the signature does not belong to this link: the code was altered or made with another key",
		"podpis nie pasuje do tego linku: kod zmieniono lub utworzono innym kluczem",
	},
	RuleDocument: {
		"the code was made for another document: compare the file with the one that the issuer sent",
		"kod utworzono dla innego dokumentu: porównaj plik z tym, który przesłał wystawca",
	},
	RuleKey: {
		"the key must be RSA of 2048 to 4096 bits or elliptic on the curve P-256",
		"klucz musi być kluczem RSA o długości od 2048 do 4096 bitów albo kluczem na krzywej P-256",
	},
	RuleSigner: {
		"the key could not sign: check the device or service that holds it",
		"nie udało się złożyć podpisu: sprawdź urządzenie lub usługę przechowującą klucz",
	},
	RuleCertificate: {
		"the certificate does not belong to this key or this code: choose the right one",
		"certyfikat nie należy do tego klucza lub kodu: wybierz właściwy",
	},
	RulePurpose: {
		"the certificate is for logging in: enrol a KSeF certificate of type Offline for signing codes",
		"certyfikat służy do logowania: pobierz certyfikat KSeF typu Offline, który podpisuje kody",
	},
	RuleValidity: {
		"the certificate was not valid at that time: use one that is, or renew it",
		"certyfikat nie był wtedy ważny: użyj ważnego certyfikatu lub go odnów",
	},
}

// Error is the error of every function of this package. It holds no value of
// the link or the document.
type Error struct {
	Rule Rule
	Err  error // the cause, often nil
}

// Error is the rule, what it says in English and the cause.
func (e *Error) Error() string {
	text := "qr: " + string(e.Rule) + ": " + e.English()
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// English says what is wrong and what to do, for people.
func (e *Error) English() string { return messages[e.Rule].english }

// Polish is English in Polish.
func (e *Error) Polish() string { return messages[e.Rule].polish }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func fail(rule Rule) error { return &Error{Rule: rule} }
