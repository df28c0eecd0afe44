package xades

// Namespaces of the signature vocabulary.
const (
	nsDS    = "http://www.w3.org/2000/09/xmldsig#"
	nsXAdES = "http://uri.etsi.org/01903/v1.3.2#"
	nsEC    = "http://www.w3.org/2001/10/xml-exc-c14n#"
	nsXF2   = "http://www.w3.org/2002/06/xmldsig-filter2"
	nsXML   = "http://www.w3.org/XML/1998/namespace"
)

// typeSignedProperties is the Type of the reference that covers the signed
// properties (ETSI TS 101 903, 6.3.1).
const typeSignedProperties = "http://uri.etsi.org/01903#SignedProperties"

// Transforms that are not canonicalisations.
const (
	transformEnveloped = nsDS + "enveloped-signature"
	transformBase64    = nsDS + "base64"
	transformXPath     = "http://www.w3.org/TR/1999/REC-xpath-19991116"
	transformFilter2   = nsXF2
)

// Identifiers that Sign gives to its elements, the ones of the official client.
const (
	idSignature        = "Signature"
	idSignedProperties = "SignedProperties"
)

// Limits on input. A login document is a few kilobytes; the largest receipt,
// 10,000 documents on a page, stays under 8 MiB.
const (
	// DefaultMaxSize bounds a document in bytes when the options say nothing.
	DefaultMaxSize = 16 << 20

	maxReferences   = 6 // document, properties, KeyInfo and something to spare
	maxTransforms   = 4
	maxCertificates = 10
	maxCertificate  = 64 << 10 // bytes of DER
	maxNamespaces   = 64       // declarations in scope of one element
)
