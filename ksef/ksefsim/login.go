package ksefsim

import (
	"errors"
	"time"
)

// errUnknownReference says that an event is about something that never was.
var errUnknownReference = errors.New("unknown reference number")

// loginRetention is how long the status of a login can be asked for.
const loginRetention = 7 * 24 * time.Hour

// Methods of login, the codes of methodInfo.
const (
	methodToken     = "token.ksef"
	methodSeal      = "xades.qualified-seal"
	methodSignature = "xades.qualified-signature"
	methodPeppol    = "xades.peppol-signature"
	methodInternal  = "xades.ksef-certificate"
)

// methodInfo describes a method of login.
type methodInfo struct {
	Category    string `json:"category"`
	Code        string `json:"code"`
	DisplayName string `json:"displayName"`
}

// describeMethod returns the deprecated name of a method and its description.
func describeMethod(code string) (string, methodInfo) {
	switch code {
	case methodToken:
		return "Token", methodInfo{"Token", code, "Token KSeF"}
	case methodSeal:
		return "QualifiedSeal", methodInfo{"XadesSignature", code, "Pieczęć kwalifikowana"}
	case methodInternal:
		return "InternalCertificate", methodInfo{"XadesSignature", code, "Certyfikat KSeF"}
	case methodPeppol:
		return "PeppolSignature", methodInfo{"XadesSignature", code, "Podpis dostawcy usług Peppol"}
	}
	return "QualifiedSignature", methodInfo{"XadesSignature", methodSignature, "Podpis kwalifikowany"}
}

// person is what a certificate tells about its holder.
type person struct {
	CommonName     string `json:"commonName,omitempty"`
	Country        string `json:"countryName,omitempty"`
	GivenName      string `json:"givenName,omitempty"`
	Surname        string `json:"surname,omitempty"`
	SerialNumber   string `json:"serialNumber,omitempty"`
	UniqueID       string `json:"uniqueIdentifier,omitempty"`
	Organization   string `json:"organizationName,omitempty"`
	OrganizationID string `json:"organizationIdentifier,omitempty"`
}

// login is one authentication, from its start to the end of its refresh token.
type login struct {
	loginStarted
	settled      bool
	redeemed     time.Time
	refreshed    time.Time
	refreshUntil time.Time
	revoked      time.Time
	polls        int
}

// status is the outcome as it is told now.
func (l *login) status() outcome {
	switch {
	case !l.revoked.IsZero():
		return outcome{Code: loginEnded, Details: []string{detailRevoked}}
	case !l.settled:
		return outcome{Code: statusAccepted}
	}
	return l.Outcome
}

// group is the key under which logins are listed: who in which context.
func loginGroup(context, subject identifier) string { return context.key() + " " + subject.key() }

// mayEnter is the outcome of a login whose credential is good: the context is not
// blocked, the holder lives, and at least one permission in the context is
// there, or a role that stands for one.
func (st *state) mayEnter(e *loginStarted) outcome {
	who := e.Subject
	if t, known := st.tokens[e.Token]; known {
		who = t.author
	}
	switch {
	case st.registry.blocked[e.Context]:
		return outcome{Code: loginBlocked, Details: []string{detailBlocked}}
	case st.registry.deceased(who):
		return outcome{Code: loginDeceased, Details: []string{detailDeceased}}
	}
	permissions, roles := st.permissions(&login{loginStarted: *e})
	if len(permissions)+len(roles) == 0 {
		return outcome{Code: loginNoPermission, Details: []string{detailNoPermission}}
	}
	return outcome{Code: statusDone}
}

// settleLogin makes the outcome of a login known.
func (st *state) settleLogin(reference string) error {
	if st.logins[reference].settled {
		return nil
	}
	return st.commit(&loginSettled{Reference: reference})
}

// loginStarted says that a request to log in was accepted. The outcome is
// decided already and told when it is due.
type loginStarted struct {
	Reference    string     `json:"reference"`
	Challenge    string     `json:"challenge"`
	At           time.Time  `json:"at"`
	Due          time.Time  `json:"due"`
	Context      identifier `json:"context"`
	Subject      identifier `json:"subject"`
	Person       person     `json:"person"`
	Method       string     `json:"method"`
	Policy       *ipPolicy  `json:"policy,omitempty"`
	DocumentHash []byte     `json:"documentHash,omitempty"` // SHA-256 of the signed document as received
	Token        string     `json:"token,omitempty"`        // reference of the KSeF token that logged in
	Certificate  string     `json:"certificate,omitempty"`  // serial number of the KSeF certificate that logged in
	Outcome      outcome    `json:"outcome"`
}

func (*loginStarted) kind() string { return "login" }

func (e *loginStarted) apply(st *state) error {
	l := &login{loginStarted: *e, polls: st.pace.polls}
	if t, known := st.tokens[e.Token]; known {
		l.Subject, t.used = t.author, e.At
	}
	st.markUse(e)
	st.noteProvider(e)
	delete(st.challenges, e.Challenge)
	st.logins[e.Reference] = l
	group := loginGroup(l.Context, l.Subject)
	st.logged[group] = append(st.logged[group], l)
	if !st.pace.stepped() {
		reference := e.Reference
		st.agenda.add(e.Due, func(st *state, _ time.Time) error { return st.settleLogin(reference) })
	}
	return nil
}

// loginSettled says that the outcome of a login is known.
type loginSettled struct {
	Reference string `json:"reference"`
}

func (*loginSettled) kind() string { return "login-settled" }

func (e *loginSettled) apply(st *state) error {
	l, known := st.logins[e.Reference]
	if !known {
		return errUnknownReference
	}
	l.settled = true
	return nil
}

// loginUsed says that tokens were given out: a pair once, then access tokens.
type loginUsed struct {
	Reference    string    `json:"reference"`
	At           time.Time `json:"at"`
	RefreshUntil time.Time `json:"refreshUntil,omitzero"` // set by the first use
}

func (*loginUsed) kind() string { return "login-used" }

func (e *loginUsed) apply(st *state) error {
	l, known := st.logins[e.Reference]
	if !known {
		return errUnknownReference
	}
	if l.redeemed.IsZero() {
		l.redeemed, l.refreshUntil = e.At, e.RefreshUntil
	} else {
		l.refreshed = e.At
	}
	return nil
}

// loginRevoked says that a login was ended by its owner.
type loginRevoked struct {
	Reference string    `json:"reference"`
	At        time.Time `json:"at"`
}

func (*loginRevoked) kind() string { return "login-revoked" }

func (e *loginRevoked) apply(st *state) error {
	l, known := st.logins[e.Reference]
	if !known {
		return errUnknownReference
	}
	l.revoked = e.At
	return nil
}
