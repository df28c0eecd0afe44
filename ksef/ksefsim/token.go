package ksefsim

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Statuses of a KSeF token. Only an active one logs in.
const (
	tokenStatusPending  = "Pending"
	tokenStatusActive   = "Active"
	tokenStatusRevoking = "Revoking"
	tokenStatusRevoked  = "Revoked"
)

// token is a KSeF token. Its text is shown once; only the hash is kept.
type token struct {
	reference   string
	hash        []byte // SHA-256 of the whole text
	context     identifier
	author      identifier
	permissions []string
	status      string
	description string
	created     time.Time
	used        time.Time // last login
	polls       int
}

// ErrToken says that a token or a permission for one is not known.
var ErrToken = errors.New("ksefsim: unknown token or permission")

// AddToken makes an active KSeF token for the context of a NIP, as its owner
// would with POST /tokens, and returns its text: what a client is configured
// with. Without permissions named it carries InvoiceRead and InvoiceWrite. It
// returns "" when a permission does not exist, the NIP has not the form of one
// or the state cannot be stored.
func (s *Server) AddToken(nip pl.NIP, permissions ...string) string {
	if len(permissions) == 0 {
		permissions = []string{invoiceRead, invoiceWrite}
	}
	known := tokenPermissions()
	if !isNIP(string(nip)) || slices.ContainsFunc(permissions, func(p string) bool { return !slices.Contains(known, p) }) {
		return ""
	}
	text, err := s.addToken(identifier{typeNIP, string(nip)}, permissions)
	if err != nil {
		return ""
	}
	return text
}

func (s *Server) addToken(context identifier, permissions []string) (string, error) {
	now := s.cfg.instant()
	secret := s.chance.hex(32)
	st := s.state
	st.mu.Lock()
	reference := st.numbers.reference(kindToken, now)
	text := reference + "|" + tokenContext(context) + "|" + secret
	hash := sha256.Sum256([]byte(text))
	err := st.commit(&tokenAdded{
		Reference:   reference,
		Hash:        hash[:],
		Context:     context,
		Author:      context,
		Permissions: slices.Clone(permissions),
		Status:      tokenStatusActive,
		Description: "Token testowy",
		At:          now,
	})
	st.mu.Unlock()
	return text, errors.Join(err, st.flush())
}

// tokenContext is the context inside the text of a token, as "nip-1234563218".
func tokenContext(id identifier) string {
	return strings.ToLower(id.Type[:1]) + id.Type[1:] + "-" + id.Value
}

// RevokeToken revokes a token by its text: it logs nobody in any more and logins
// made with it get no new access tokens. An unknown token is ErrToken.
func (s *Server) RevokeToken(text string) error {
	reference, _, _ := strings.Cut(text, "|")
	return s.changeToken(reference, tokenStatusRevoked)
}

func (s *Server) changeToken(reference, status string) error {
	st := s.state
	st.mu.Lock()
	err := fmt.Errorf("%w", ErrToken)
	if _, known := st.tokens[reference]; known {
		err = st.commit(&tokenChanged{Reference: reference, Status: status})
	}
	st.mu.Unlock()
	return errors.Join(err, st.flush())
}

// tokenAdded says that a token exists.
type tokenAdded struct {
	Reference   string     `json:"reference"`
	Hash        []byte     `json:"hash"`
	Context     identifier `json:"context"`
	Author      identifier `json:"author"`
	Permissions []string   `json:"permissions"`
	Status      string     `json:"status"`
	Description string     `json:"description,omitempty"`
	At          time.Time  `json:"at"`
	Due         time.Time  `json:"due,omitzero"` // when a pending one becomes active
}

func (*tokenAdded) kind() string { return "token" }

func (e *tokenAdded) apply(st *state) error {
	t := &token{
		reference:   e.Reference,
		hash:        e.Hash,
		context:     e.Context,
		author:      e.Author,
		permissions: e.Permissions,
		status:      e.Status,
		description: cmp.Or(e.Description, "Token KSeF"),
		created:     e.At,
		polls:       st.pace.polls,
	}
	st.tokens[e.Reference] = t
	st.tokensIn[e.Context] = append(st.tokensIn[e.Context], t)
	st.await(t, e.Due)
	return nil
}

// await settles a token by time when its status is not a lasting one.
func (st *state) await(t *token, due time.Time) {
	if due.IsZero() || st.pace.stepped() || t.status != tokenStatusPending && t.status != tokenStatusRevoking {
		return
	}
	st.agenda.add(due, func(st *state, _ time.Time) error { return st.settleToken(t) })
}

// tokenChanged says that a token has another status.
type tokenChanged struct {
	Reference string    `json:"reference"`
	Status    string    `json:"status"`
	Due       time.Time `json:"due,omitzero"` // when one being revoked is revoked
}

func (*tokenChanged) kind() string { return "token-status" }

func (e *tokenChanged) apply(st *state) error {
	t, known := st.tokens[e.Reference]
	if !known {
		return errUnknownReference
	}
	t.status, t.polls = e.Status, st.pace.polls
	st.await(t, e.Due)
	return nil
}
