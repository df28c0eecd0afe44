package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/faktupro/faktupro-go/access"
	"github.com/faktupro/faktupro-go/audit"
	"github.com/faktupro/faktupro-go/faktupro/invoicing"
)

// needs is the security of an operation: the scheme and the scope.
func needs(scope access.Scope) []map[string][]string {
	return []map[string][]string{{securityScheme: {string(scope)}}}
}

// authorize checks the key and the scope that the operation declares. An
// operation without a declaration is refused: forgetting to declare must not
// open a door. Open operations declare an empty requirement.
func (s *server) authorize(ctx huma.Context, next func(huma.Context)) {
	security := ctx.Operation().Security
	if len(security) == 1 && len(security[0]) == 0 {
		next(ctx)
		return
	}
	principal, err := s.Keys.Authenticate(ctx.Context(), bearer(ctx.Header("Authorization")))
	if errors.Is(err, access.ErrUnauthenticated) {
		s.deny(ctx.Context(), err)
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="faktupro"`)
		refuse(ctx, http.StatusUnauthorized)
		return
	}
	if err != nil { // the store could not be asked: closed, and not the caller's fault
		s.Logger.Error("authenticate", "requestId", RequestID(ctx.Context()), "error", err)
		refuse(ctx, http.StatusServiceUnavailable)
		return
	}
	if !allowed(principal, security) {
		s.Denied(ctx.Context(), principal.KeyID, "scope")
		refuse(ctx, http.StatusForbidden)
		return
	}
	actor := audit.Actor{Kind: audit.ActorAPIKey, ID: principal.KeyID}
	next(huma.WithContext(ctx, invoicing.WithActor(ctx.Context(), actor, RequestID(ctx.Context()))))
}

// bearer returns the credential of an Authorization header, or "". The scheme
// is case-insensitive (RFC 9110, 11.1).
func bearer(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// deny reports a refused key with the reason that the caller is not told.
func (s *server) deny(ctx context.Context, err error) {
	if d, ok := errors.AsType[*access.Denied](err); ok {
		s.Denied(ctx, d.KeyID, string(d.Reason))
		return
	}
	s.Denied(ctx, "", "")
}

func allowed(p access.Principal, security []map[string][]string) bool {
	if len(security) != 1 {
		return false
	}
	scopes := security[0][securityScheme]
	for _, scope := range scopes {
		if !p.Has(access.Scope(scope)) {
			return false
		}
	}
	return len(scopes) > 0
}

// refuse answers before the operation starts, without reading the body.
func refuse(ctx huma.Context, status int) {
	p := problemFor(status).locate(ctx.URL().Path, RequestID(ctx.Context()))
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(status)
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p) // the client is gone: nobody is left to tell
}
