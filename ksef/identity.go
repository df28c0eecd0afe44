package ksef

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// identity tells one login from another: a login may be used by everybody who
// could have made it.
type identity struct {
	context ContextID
	// proof names what was logged in with, without giving it away; "" if it
	// has no name.
	proof   string
	subject SubjectType
	policy  IPPolicy
}

func (x XAdESCredential) identity() identity {
	id := identity{x.Context, "", x.Subject, x.Policy}
	if x.Certificate != nil {
		id.proof = digest("certificate", x.Certificate.Raw)
	}
	return id
}

func (x ExternalCredential) identity() identity {
	id := identity{x.Context, "", x.Subject, x.Policy}
	if x.Name != "" {
		id.proof = digest("external", []byte(x.Name))
	}
	return id
}

func (t TokenCredential) identity() identity {
	return identity{t.Context, digest("token", []byte(t.Token.Reveal())), "", t.Policy}
}

func digest(kind string, b []byte) string {
	sum := sha256.Sum256(append([]byte(kind+"\n"), b...))
	return hex.EncodeToString(sum[:])
}

// key names the login in a store, "" for one that cannot be shared. It does not
// show who logs in.
func (id identity) key(env Environment) string {
	if id.proof == "" {
		return ""
	}
	subject := id.subject
	if subject == "" {
		subject = BySubject
	}
	text, err := json.Marshal([]any{env.API, id.context, id.proof, subject, id.policy})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return "login-" + hex.EncodeToString(sum[:20])
}
