package faktupro

import "github.com/faktupro/faktupro-go/pl"

// AuthorisedParty acts in the seller's place by law (PodmiotUpowazniony): the
// seller is then the debtor or the represented taxpayer.
type AuthorisedParty struct {
	Role           AuthorisedRole
	NIP            pl.NIP
	Name           string // at most 512 characters
	Address        Address
	MailingAddress Address
	Contacts       []Contact // at most 3
	EORI           string
}

// AuthorisedRole is why a party may issue the invoice (RolaPU).
type AuthorisedRole string

// The roles of an authorised party.
const (
	AuthorisedEnforcement    AuthorisedRole = "enforcement-authority" // art. 106c(1) of the VAT Act
	AuthorisedBailiff        AuthorisedRole = "bailiff"               // art. 106c(2) of the VAT Act
	AuthorisedRepresentative AuthorisedRole = "tax-representative"    // art. 18a to 18d of the VAT Act
)

var authorisedRoles = wordTable[AuthorisedRole]{
	{AuthorisedEnforcement, "1"},
	{AuthorisedBailiff, "2"},
	{AuthorisedRepresentative, "3"},
}
