package faktupro

import "github.com/faktupro/faktupro-go/pl"

// Payment says how and when the invoice is, or was, paid (Platnosc).
type Payment struct {
	// PaidDate is the day the whole amount was paid (Zaplacono, DataZaplaty).
	PaidDate pl.Date
	// Parts are payments already made in part, at most 100, instead of
	// PaidDate. When they reach the total the invoice is marked as paid.
	Parts []PartPayment
	// Due are the terms of payment, at most 100.
	Due []Due
	// Method is the form of payment; OtherMethod describes one without a code.
	Method      PaymentMethod
	OtherMethod string
	// Accounts are where to pay, at most 100; FactorAccounts are the factor's,
	// at most 20.
	Accounts       []BankAccount
	FactorAccounts []BankAccount
	// EarlyPayment is a discount for paying early (Skonto).
	EarlyPayment EarlyPayment
	// Link is an address where the invoice can be paid (LinkDoPlatnosci); its
	// query must carry IPKSeF.
	Link string
	// KSeFID identifies the payment in KSeF (IPKSeF): 3 digits and 10 letters
	// or digits.
	KSeFID string
}

// PaymentMethod is a form of payment (FormaPlatnosci).
type PaymentMethod string

// The forms of payment FA(3) has codes for.
const (
	PayCash     PaymentMethod = "cash"
	PayCard     PaymentMethod = "card"
	PayVoucher  PaymentMethod = "voucher"
	PayCheque   PaymentMethod = "cheque"
	PayCredit   PaymentMethod = "credit"
	PayTransfer PaymentMethod = "transfer"
	PayMobile   PaymentMethod = "mobile"
)

// PartPayment is one payment of a part of the total (ZaplataCzesciowa).
type PartPayment struct {
	Amount      Decimal
	Date        pl.Date
	Method      PaymentMethod
	OtherMethod string
}

// Due is one term of payment (TerminPlatnosci): a day, or a period counted from
// an event, or both.
type Due struct {
	Date pl.Date
	// Count, Unit and Event describe a term such as 14 days from delivery;
	// they come all together or not at all.
	Count int
	Unit  string // unit of time, at most 50 characters
	Event string // what the period counts from
}

// BankAccount is an account to pay to (RachunekBankowy).
type BankAccount struct {
	// Number is an NRB, IBAN or another account number (NrRB), 10 to 34
	// characters. Blanks and dashes that group it are dropped when it is read
	// from JSON or FA(3): the same account number, written compactly.
	Number      string
	SWIFT       string // BIC of the bank
	BankName    string
	Description string
	BankOwn     BankOwnAccount
}

// BankOwnAccount is the kind of a bank's own account (RachunekWlasnyBanku).
type BankOwnAccount string

// The kinds of a bank's own account.
const (
	BankReceivables BankOwnAccount = "receivables" // settles receivables the bank bought
	BankCollection  BankOwnAccount = "collection"  // the bank collects and passes on
	BankBusiness    BankOwnAccount = "business"    // the bank's own business
)

// EarlyPayment is a discount for paying early (Skonto): both fields or none.
type EarlyPayment struct {
	Condition string // when it applies
	Discount  string // how much it is
}
