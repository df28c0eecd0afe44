package ksef

import (
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// LoginsService lists and ends logins (sesje uwierzytelnienia).
type LoginsService struct{ account *Account }

// LoginInfo is one login of the list.
type LoginInfo struct {
	AuthStatus
	Reference string
	// Current marks the login of the account itself.
	Current bool
}

// List gives the logins that are in force, the newest first.
//
// Needs no permission; group other.
//
//ksef:op GET /auth/sessions
func (s *LoginsService) List(ctx context.Context) iter.Seq2[*LoginInfo, error] {
	k := call{op: "list logins", class: httpx.Read, group: GroupOther, method: "GET", path: "/auth/sessions"}
	return pages(ctx, s.account, k, 100, func(w *wireLogins) ([]*LoginInfo, string, error) {
		var list []*LoginInfo
		for i := range w.Items {
			item := &w.Items[i]
			list = append(list, &LoginInfo{*item.public(), item.ReferenceNumber, item.IsCurrent})
		}
		return list, w.ContinuationToken, nil
	})
}

// End ends one login: its refresh token dies at once, its access tokens serve
// until they end by themselves.
//
// Needs no permission; group other.
//
//ksef:op DELETE /auth/sessions/{referenceNumber}
func (s *LoginsService) End(ctx context.Context, reference string) error {
	const op = "end login"
	p, err := path(op, "/auth/sessions/", reference)
	if err != nil {
		return err
	}
	_, err = s.account.do(ctx, call{op: op, class: httpx.Read, group: GroupOther, method: "DELETE", path: p})
	return err
}

// EndCurrent ends the login to which the token belongs, an access or a refresh
// token. [Account.Logout] does this for an account.
//
// Needs an access or refresh token; group other.
//
//ksef:op DELETE /auth/sessions/current
func (s *AuthService) EndCurrent(ctx context.Context, token Secret) error {
	_, err := s.client.do(ctx, call{op: "log out", class: httpx.Read, group: GroupOther, method: "DELETE", path: "/auth/sessions/current", token: token})
	return err
}

// Logout ends the login at KSeF and closes the account: later calls return
// ErrLoggedOut. It may be called again after a failure. A shared login ends for
// the other processes too; they log in anew when they need to. A program that
// only stops using a shared login drops the Account instead.
func (a *Account) Logout(ctx context.Context) error {
	a.mu.Lock()
	a.loggedOut = true
	g := a.grant
	a.mu.Unlock()
	a.client.dropShared(ctx, a.credential, g)
	err := a.client.Auth.EndCurrent(ctx, g.refresh.Value)
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusUnauthorized {
		return nil // it had ended before
	}
	return err
}
