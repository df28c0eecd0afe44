package faktupro

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/faktupro/faktupro-go/pl"
)

// wordTable pairs the words of our JSON with the codes of FA(3).
type wordTable[S ~string] []struct {
	word S
	code string
}

// words are the words in the order of the table.
func (t wordTable[S]) words() []S {
	words := make([]S, len(t))
	for i := range t {
		words[i] = t[i].word
	}
	return words
}

// code is the FA(3) code of a word, "" when the table does not have it.
func (t wordTable[S]) code(word S) string {
	for i := range t {
		if t[i].word == word {
			return t[i].code
		}
	}
	return ""
}

// word is the word of an FA(3) code, "" when the table does not have it.
func (t wordTable[S]) word(code string) S {
	for i := range t {
		if t[i].code == code {
			return t[i].word
		}
	}
	return ""
}

var sellerStatuses = wordTable[SellerStatus]{
	{SellerInLiquidation, "1"},
	{SellerInRestructuring, "2"},
	{SellerInBankruptcy, "3"},
	{SellerInSuccession, "4"},
}

var roles = wordTable[Role]{
	{RoleFactor, "1"},
	{RoleRecipient, "2"},
	{RoleOriginalEntity, "3"},
	{RoleAdditionalBuyer, "4"},
	{RoleIssuer, "5"},
	{RolePayer, "6"},
	{RoleLocalGovernmentIssuer, "7"},
	{RoleLocalGovernmentRecipient, "8"},
	{RoleVATGroupIssuer, "9"},
	{RoleVATGroupRecipient, "10"},
	{RoleEmployee, "11"},
}

var paymentMethods = wordTable[PaymentMethod]{
	{PayCash, "1"},
	{PayCard, "2"},
	{PayVoucher, "3"},
	{PayCheque, "4"},
	{PayCredit, "5"},
	{PayTransfer, "6"},
	{PayMobile, "7"},
}

var bankOwnAccounts = wordTable[BankOwnAccount]{
	{BankReceivables, "1"},
	{BankCollection, "2"},
	{BankBusiness, "3"},
}

// checkCode tells which problem an identifier has.
func checkCode(format, checksum string) func(error) string {
	return func(err error) string {
		if errors.Is(err, pl.ErrChecksum) {
			return checksum
		}
		return format
	}
}

// Forms of single texts, as the FA(3) schema has them.
const (
	swiftForm  = `^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$`
	ksefIDForm = `^[0-9]{3}[a-zA-Z0-9]{10}$`
	ksefForm   = `^([1-9](\d[1-9]|[1-9]\d)\d{7}|M\d{9}|[A-Z]{3}\d{7})-(20[2-9]\d|2[1-9]\d{2}|[3-9]\d{3})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])-[0-9A-F]{6}-?[0-9A-F]{6}-[0-9A-F]{2}$`
	linkForm   = `^https?://([a-zA-Z0-9][a-zA-Z0-9-]*\.)+[a-zA-Z]{2,}(:[0-9]{1,5})?(/[^\s?#]*)?` +
		`\?([^#\s]*&)?IPKSeF=[0-9]{3}[a-zA-Z0-9]{10}(&[^#\s]*)?(#.*)?$`
)

var (
	swiftPattern      = regexp.MustCompile(swiftForm)
	ksefIDPattern     = regexp.MustCompile(ksefIDForm)
	ksefNumberPattern = regexp.MustCompile(ksefForm)
	linkPattern       = regexp.MustCompile(linkForm)
)

func isSWIFT(s string) bool       { return swiftPattern.MatchString(s) }
func isKSeFID(s string) bool      { return ksefIDPattern.MatchString(s) }
func isPaymentLink(s string) bool { return linkPattern.MatchString(s) }

// hasAtSign reports whether there is something on both sides of an at sign,
// which is all FA(3) asks of an e-mail address.
func hasAtSign(s string) bool {
	s = collapse(s)
	return len(s) > 2 && strings.Contains(s[1:len(s)-1], "@")
}

// nearest lists the three names most like a misspelt one, the best first.
func nearest(name string, names []string) string {
	const shown = 3
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(editDistance(name, a), editDistance(name, b))
	})
	return strings.Join(names[:min(shown, len(names))], ", ")
}

// editDistance is the number of letters to add, drop or change; case does not
// count. Only the first letters of long names are compared.
func editDistance(a, b string) int {
	a, b = strings.ToLower(a[:min(len(a), longestName)]), strings.ToLower(b[:min(len(b), longestName)])
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
