package ksefsim

// Profile is the environment that a simulator plays.
type Profile string

// The environments of KSeF.
const (
	ProfileTest       Profile = "TEST" // self-signed certificates, test data, lenient check digits; the default
	ProfileDemo       Profile = "DEMO" // certificates of known issuers only, no test data
	ProfileProduction Profile = "PRD"  // as DEMO, and check digits on invoices are judged
)

// Level is the version of the API that a simulator speaks.
type Level string

// The levels of the API that differ for a client.
const (
	Level26 Level = "2.6" // before collective identifiers
	Level27 Level = "2.7" // collective identifiers with GET of their invoices; ranges of three months
	Level28 Level = "2.8" // groups of limits for closing, ranges of 100 days, exports tell their compression; the default
)

// before reports whether a level is older than another.
func (l Level) before(other Level) bool { return l < other } // the texts are in the order of the versions

// testing reports whether the profile is the test environment.
func (p Profile) testing() bool { return p == ProfileTest }

// issuer is what tokens of the environment name as issuer and audience.
func (p Profile) issuer() string {
	switch p {
	case ProfileDemo:
		return "ksef-api-tr"
	case ProfileProduction:
		return "ksef-api-prd"
	}
	return "ksef-api-te"
}
