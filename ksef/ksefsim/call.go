package ksefsim

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// call is one request while it is served.
type call struct {
	request   *http.Request
	operation string // as in the table of operations
	now       time.Time
	client    netip.Addr
	bearer    *claims // nil where no token is needed

	// What an access token says.
	context     identifier
	subject     identifier
	permissions []string
}

// path is the path that the client asked for, prefix included.
func (c *call) path() string {
	target, err := url.ParseRequestURI(c.request.RequestURI)
	if err != nil {
		return c.request.URL.Path // a handler called without a network
	}
	return target.Path
}

// clientAddr is the address a request came from.
func clientAddr(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.IPv4Unspecified() // a handler called without a network
	}
	return ap.Addr().Unmap().WithZone("")
}

// admission says which token an operation wants.
type admission uint8

const (
	admitAll       admission = iota
	admitOperation           // authenticationToken
	admitRefresh             // refreshToken
	admitAccess              // accessToken
	admitAccessOrRefresh
)

func (a admission) takes(kind string) bool {
	switch a {
	case admitOperation:
		return kind == tokenOperation
	case admitRefresh:
		return kind == tokenRefresh
	case admitAccess:
		return kind == tokenAccess
	case admitAccessOrRefresh:
		return kind == tokenAccess || kind == tokenRefresh
	}
	return false
}

// admit checks the token of a request, the address it is used from and the
// permissions in it.
func (s *Server) admit(c *call, want admission, anyOf []string) error {
	if want == admitAll {
		return nil
	}
	scheme, token, _ := strings.Cut(c.request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return unauthorized("")
	}
	bearer, err := s.signer.verify(strings.TrimSpace(token), c.now)
	if err != nil {
		return unauthorized(err.Error())
	}
	if !want.takes(bearer.Type) {
		return unauthorized("the token is of another type")
	}
	if bearer.Type == tokenAccess && !bearer.policy().allows(c.client) {
		return forbidden(reasonIP, map[string]any{"clientIp": c.client.String()})
	}
	c.bearer, c.context, c.subject, c.permissions = bearer, bearer.context(), bearer.subject(), bearer.permissions()
	if !allowed(anyOf, c.permissions) {
		return lacking(c, anyOf)
	}
	return nil
}

// lacking refuses whoever has none of the permissions.
func lacking(c *call, anyOf []string) error {
	return forbidden(reasonPermissions, map[string]any{
		"requiredAnyOfPermissions": anyOf,
		"presentPermissions":       append([]string{}, c.permissions...), // a list even when empty
	})
}
