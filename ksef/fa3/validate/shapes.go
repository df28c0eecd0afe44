package validate

import "github.com/faktupro/faktupro-go/internal/xsd"

// shapes explain patterns by the name of the type, or of the element for a type
// without name.
var shapes = map[string]text{
	"TNrNIP":          {"must be a NIP of ten digits, without dashes, spaces or the prefix PL, and cannot begin with 0", "musi być numerem NIP z dziesięciu cyfr, bez kresek, odstępów i prefiksu PL; nie może zaczynać się od 0"},
	"TNip":            {"must be a NIP of ten digits, without dashes, spaces or the prefix PL", "musi być numerem NIP z dziesięciu cyfr, bez kresek, odstępów i prefiksu PL"},
	"TNIPIdWew":       {"must be a NIP, a dash and five digits", "musi składać się z numeru NIP, kreski i pięciu cyfr"},
	"TIdWewnetrzny":   {"must be a NIP, a dash and five digits", "musi składać się z numeru NIP, kreski i pięciu cyfr"},
	"TNrVatUE":        {"must be the EU VAT number without country prefix: 1 to 12 digits, capital letters, + or *, without spaces", "musi być numerem VAT UE bez prefiksu kraju: od 1 do 12 cyfr, wielkich liter, + lub *, bez odstępów"},
	"TNrKRS":          {"must have ten digits", "musi mieć dziesięć cyfr"},
	"TNrREGON":        {"must have nine or fourteen digits", "musi mieć dziewięć lub czternaście cyfr"},
	"SWIFT_Type":      {"must be a SWIFT code of 8 or 11 capital letters and digits", "musi być kodem SWIFT z 8 lub 11 wielkich liter i cyfr"},
	"TNrRB":           {"must be an account number of 10 to 32 digits and capital letters, without spaces", "musi być numerem rachunku z 10 do 32 cyfr i wielkich liter, bez odstępów"},
	"TAdresEmail":     {"must be an e-mail address with @", "musi być adresem e-mail ze znakiem @"},
	"TNumerKSeF":      {"must be a KSeF number of 35 characters: NIP, date, two parts and check sum, such as the confirmation of receipt gives it", "musi być numerem KSeF z 35 znaków: NIP, data, dwie części i suma kontrolna, tak jak podaje UPO"},
	"IPKSeF":          {"must have three digits and ten letters or digits", "musi składać się z trzech cyfr i dziesięciu liter lub cyfr"},
	"LinkDoPlatnosci": {"must be a link that begins with https:// and has IPKSeF with its 13 characters among its parameters", "musi być odnośnikiem zaczynającym się od https:// z parametrem IPKSeF o 13 znakach"},
	"NrID":            {"must have 1 to 50 letters and digits", "musi mieć od 1 do 50 liter i cyfr"},

	"NumerKSeFDokumentu":     {"must be a KSeF number", "musi być numerem KSeF"},
	"TNumerReferencyjny":     {"must be a reference number of KSeF", "musi być numerem referencyjnym KSeF"},
	"TIdZlozonyVatUE":        {"must be a NIP, a dash and an EU VAT number", "musi składać się z numeru NIP, kreski i numeru VAT UE"},
	"TIdDostawcyUslugPeppol": {"must be an identifier of a Peppol provider such as PPL000001", "musi być identyfikatorem dostawcy Peppol, np. PPL000001"},
}

// shape explains the pattern of a value; for numbers and dates the type does.
func shape(x *xsd.Violation) (text, bool) {
	if x.Kind != xsd.Pattern {
		return text{}, false
	}
	t, ok := shapes[x.Type.Name]
	if !ok {
		t, ok = shapes[x.Decl.Name]
	}
	return t, ok
}
