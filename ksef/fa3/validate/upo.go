package validate

import (
	"strings"

	"github.com/faktupro/faktupro-go/internal/xsd"
)

// signatureSpace is the namespace of XML signatures.
const signatureSpace = "http://www.w3.org/2000/09/xmldsig#"

// forgiveUPO lets pass what every UPO has and its schema does not know: the
// signature at its end, and what the test and demo environments put behind the
// name of the Ministry.
func forgiveUPO(x *xsd.Violation) bool {
	switch {
	case x.Parent == nil || x.Parent.Name != "Potwierdzenie":
		return false
	case x.Kind == xsd.Namespace:
		return x.Space == signatureSpace && x.Found == "Signature" && x.Complete
	case x.Kind == xsd.Fixed && x.Decl.Name == "NazwaPodmiotuPrzyjmujacego":
		return strings.HasPrefix(x.Value, x.Fixed+" - ")
	}
	return false
}
