package faktupro

import "github.com/faktupro/faktupro-go/pl"

// Seller is the taxpayer who supplies the goods or services (Podmiot1).
type Seller struct {
	NIP            pl.NIP
	Name           string // at most 512 characters
	Address        Address
	MailingAddress Address
	Contacts       []Contact // at most 3
	EORI           string
	// EUPrefix shows the prefix PL before the NIP. It is shown without being
	// asked for when a rate or the triangular procedure demands it.
	EUPrefix bool
	Status   SellerStatus
}

// SellerStatus is a special situation of the seller (StatusInfoPodatnika).
type SellerStatus string

// The situations a seller may disclose.
const (
	SellerInLiquidation   SellerStatus = "liquidation"
	SellerInRestructuring SellerStatus = "restructuring"
	SellerInBankruptcy    SellerStatus = "bankruptcy"
	SellerInSuccession    SellerStatus = "succession" // business run after the owner's death
)

// Buyer is the customer (Podmiot2). Exactly one of NIP, EUVAT, ForeignID and
// NoTaxID identifies it.
type Buyer struct {
	NIP            pl.NIP    // Polish tax number
	EUVAT          pl.VATUE  // VAT number in another EU state
	ForeignID      ForeignID // tax number elsewhere
	NoTaxID        bool      // consumer, or a buyer without a tax number (BrakID)
	Name           string    // at most 512 characters
	Address        Address
	MailingAddress Address
	Contacts       []Contact // at most 3
	EORI           string
	CustomerNumber string // the buyer's number in the seller's books (NrKlienta)
	Key            string // links the buyer to its earlier data on a correction (IDNabywcy), at most 32 characters
	// LocalGovernment says that the invoice concerns a subordinate unit of
	// local government (JST); the unit is a ThirdParty.
	LocalGovernment bool
	// VATGroup says that the invoice concerns a member of a VAT group (GV);
	// the member is a ThirdParty.
	VATGroup bool
}

// ThirdParty is another party to the transaction (Podmiot3). Exactly one of
// NIP, InternalID, EUVAT, ForeignID and NoTaxID identifies it, and exactly one
// of Role and OtherRole says what it does.
type ThirdParty struct {
	Role           Role
	OtherRole      string // description of a role that has no code
	NIP            pl.NIP
	InternalID     pl.InternalID // unit known to KSeF by NIP and five digits
	EUVAT          pl.VATUE
	ForeignID      ForeignID
	NoTaxID        bool
	Name           string
	Address        Address
	MailingAddress Address
	Contacts       []Contact // at most 3
	EORI           string
	CustomerNumber string
	Key            string
	Share          Decimal // share of an additional buyer in percent, at most 6 decimals
}

// Role is what a ThirdParty does (Rola).
type Role string

// The roles FA(3) has codes for.
const (
	RoleFactor                   Role = "factor"
	RoleRecipient                Role = "recipient"                  // unit of the buyer that receives the supply
	RoleOriginalEntity           Role = "original-entity"            // supplier taken over or transformed
	RoleAdditionalBuyer          Role = "additional-buyer"           // one of several buyers
	RoleIssuer                   Role = "issuer"                     // issues the invoice in the seller's name
	RolePayer                    Role = "payer"                      // pays instead of the buyer
	RoleLocalGovernmentIssuer    Role = "local-government-issuer"    // unit of the selling local government
	RoleLocalGovernmentRecipient Role = "local-government-recipient" // unit of the buying local government
	RoleVATGroupIssuer           Role = "vat-group-issuer"           // member of the selling VAT group
	RoleVATGroupRecipient        Role = "vat-group-recipient"        // member of the buying VAT group
	RoleEmployee                 Role = "employee"                   // spends the employer's money
)

// ForeignID is a tax number from outside the European Union, or another
// identifier where there is none.
type ForeignID struct {
	Country string // code of the country that gave it; optional
	Number  string // at most 50 characters
}

// Address is a postal address in free lines.
type Address struct {
	Country string // ISO code, as in the country list of FA(3)
	Line1   string // at most 512 characters
	Line2   string
	GLN     string // global location number of GS1, at most 13 characters
}

// Contact is a way to reach a party.
type Contact struct {
	Email string
	Phone string // at most 16 characters
}
