package faktupro

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/pl"
)

// parties judges seller, buyer and third parties.
func (v *validator) parties() {
	inv := v.inv
	v.buyer(&inv.Buyer)
	if inv.Buyer.NIP != "" && inv.Buyer.NIP == inv.Seller.NIP {
		v.addAt("/buyer/nip", codeSameNIP)
	}
	if inv.Authorised.NIP != "" && inv.Authorised.NIP == inv.Seller.NIP {
		v.addAt("/authorised/nip", codeAuthorisedSameNIP)
	}
	for i := range inv.ThirdParties {
		v.thirdParty(pointer("thirdParties", i), &inv.ThirdParties[i])
	}
	v.shares()
	v.units()
	v.factor()
}

func (v *validator) buyer(b *Buyer) {
	switch count(b.NIP != "", b.EUVAT != pl.VATUE{}, b.ForeignID != ForeignID{}, b.NoTaxID) {
	case 0:
		if buyerObject.given(b) { // a buyer that is missing as a whole is reported once
			v.addAt("/buyer", codeBuyerIDMissing)
		}
	case 1:
	default:
		v.addAt("/buyer", codePartyIDSeveral)
	}
	v.foreignNumbers("/buyer", b.EUVAT, b.ForeignID, b.Address.Country)
}

// foreignNumbers judges the tax numbers of other countries. A Polish NIP among
// them hides the invoice from its buyer: KSeF looks at the element NIP only.
func (v *validator) foreignNumbers(path string, eu pl.VATUE, id ForeignID, country string) {
	switch {
	case eu == pl.VATUE{}:
	case eu.Country == "PL":
		v.addAt(path+"/euVat", codeEUVATPolish)
	case pl.NIP(eu.Number).Valid():
		v.addAt(path+"/euVat", codeEUVATLooksPolish)
	case country != "" && !samePlace(eu.Country, country):
		v.addAt(path+"/euVat", codeEUVATCountry)
	}
	_, err := pl.ParseNIP(id.Number)
	switch prefixed := strings.HasPrefix(strings.ToUpper(id.Number), "PL"); {
	case id.Number == "" || err != nil:
	case prefixed || id.Country == "" || id.Country == "PL":
		v.addAt(path+"/foreignId/number", codeForeignIDPolish)
	default:
		v.addAt(path+"/foreignId/number", codeForeignIDLooksPolish)
	}
}

// samePlace reports whether a VAT prefix belongs to the country of an address.
func samePlace(prefix, country string) bool {
	switch prefix {
	case "EL":
		return country == "GR"
	case "XI":
		return country == "GB" || country == "XI"
	}
	return prefix == country
}

func (v *validator) thirdParty(path string, t *ThirdParty) {
	v.thirdPartyID(path, t)
	switch {
	case t.Role == "" && t.OtherRole == "":
		v.addAt(path, codeRoleMissing)
	case t.Role != "" && t.OtherRole != "":
		v.addAt(path+"/otherRole", codeRoleTwice)
	}
	if t.Share.given && t.Role != RoleAdditionalBuyer {
		v.addAt(path+"/share", codeShareRole)
	}
	if t.Role == RoleIssuer && v.inv.SelfBilling {
		v.addAt(path+"/role", codeSelfBillingIssuer)
	}
	if t.Role == RoleEmployee && (!t.NoTaxID || t.Name == "") {
		v.addAt(path, codeEmployeeParty)
	}
}

func (v *validator) thirdPartyID(path string, t *ThirdParty) {
	switch count(t.NIP != "", t.InternalID != "", t.EUVAT != pl.VATUE{}, t.ForeignID != ForeignID{}, t.NoTaxID) {
	case 0:
		v.addAt(path, codePartyIDMissing)
	case 1:
	default:
		v.addAt(path, codePartyIDSeveral)
	}
	v.foreignNumbers(path, t.EUVAT, t.ForeignID, t.Address.Country)
}

// shares judges the shares of additional buyers: what they leave is the main
// buyer's.
func (v *validator) shares() {
	with, without := 0, 0
	sum := decimal.Zero
	for i := range v.inv.ThirdParties {
		t := &v.inv.ThirdParties[i]
		switch {
		case t.Role != RoleAdditionalBuyer:
		case t.Share.given:
			with++
			sum = sum.Add(t.Share.number)
		default:
			without++
		}
	}
	if with > 0 && without > 0 {
		v.addAt("/thirdParties", codeSharePartial)
	}
	if sum.GreaterThanOrEqual(hundred) {
		v.addAt("/thirdParties", codeShareSum)
	}
}

// units judges the marks JST and GV against the parties they announce: without
// a NIP or internal identifier the unit cannot see its invoice in KSeF.
func (v *validator) units() {
	b := &v.inv.Buyer
	local, localSeen := v.visible(RoleLocalGovernmentRecipient)
	member, memberSeen := v.visible(RoleVATGroupRecipient)
	switch {
	case b.LocalGovernment && !localSeen:
		v.addAt("/buyer/localGovernment", codeLocalGovernmentParty)
	case local && !b.LocalGovernment:
		v.addAt("/buyer/localGovernment", codeLocalGovernmentFlag)
	}
	switch {
	case b.VATGroup && !memberSeen:
		v.addAt("/buyer/vatGroup", codeVATGroupParty)
	case member && !b.VATGroup:
		v.addAt("/buyer/vatGroup", codeVATGroupFlag)
	}
}

// visible reports whether there is a party with the role, and whether KSeF can
// show it the invoice.
func (v *validator) visible(role Role) (present, seen bool) {
	for i := range v.inv.ThirdParties {
		if t := &v.inv.ThirdParties[i]; t.Role == role {
			present = true
			seen = seen || t.NIP != "" || t.InternalID != ""
		}
	}
	return present, seen
}

// factor judges the factor's accounts against the factor.
func (v *validator) factor() {
	present := slices.ContainsFunc(v.inv.ThirdParties, func(t ThirdParty) bool { return t.Role == RoleFactor })
	if present != (len(v.inv.Payment.FactorAccounts) > 0) {
		v.addAt("/payment/factorAccounts", codeFactorParty)
	}
}
