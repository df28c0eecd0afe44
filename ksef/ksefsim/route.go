package ksefsim

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// operation is one operation of the API.
type operation struct {
	pattern string // method and path below /v2
	admits  admission
	anyOf   []string // permissions, any of which suffices
	handle  func(*call) (*reply, error)
}

// operations is the table of what the simulator serves.
func (s *Server) operations() []operation {
	return []operation{
		{"POST /auth/challenge", admitAll, nil, s.issueChallenge},
		{"POST /auth/xades-signature", admitAll, nil, s.loginWithSignature},
		{"POST /auth/ksef-token", admitAll, nil, s.loginWithToken},
		{"GET /auth/{referenceNumber}", admitOperation, nil, s.loginStatus},
		{"POST /auth/token/redeem", admitOperation, nil, s.redeem},
		{"POST /auth/token/refresh", admitRefresh, nil, s.refresh},
		{"GET /auth/sessions", admitAccess, nil, s.listLogins},
		{"DELETE /auth/sessions/current", admitAccessOrRefresh, nil, s.revokeCurrent},
		{"DELETE /auth/sessions/{referenceNumber}", admitAccess, nil, s.revokeLogin},

		{"GET /security/public-key-certificates", admitAll, nil, s.listPublicKeys},

		{"GET /limits/context", admitAccess, nil, s.contextLimits},
		{"GET /limits/subject", admitAccess, nil, s.subjectLimits},
		{"GET /rate-limits", admitAccess, nil, s.rateLimits},

		{"POST /sessions/online", admitAccess, writers(), s.openOnline},
		{"POST /sessions/online/{referenceNumber}/invoices", admitAccess, writers(), s.sendInvoice},
		{"POST /sessions/online/{referenceNumber}/close", admitAccess, writers(), s.closeOnline},

		{"GET /sessions", admitAccess, listers(), s.listSessions},
		{"GET /sessions/{referenceNumber}", admitAccess, followers(), s.sessionStatus},
		{"GET /sessions/{referenceNumber}/invoices", admitAccess, followers(), s.sessionInvoices},
		{"GET /sessions/{referenceNumber}/invoices/failed", admitAccess, followers(), s.failedInvoices},
		{"GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}", admitAccess, followers(), s.invoiceStatus},
		{"GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo", admitAccess, followers(), s.upoByReference},
		{"GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo", admitAccess, followers(), s.upoByNumber},
		{"GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}", admitAccess, followers(), s.sessionUPO},

		{"GET /invoices/ksef/{ksefNumber}", admitAccess, []string{invoiceRead}, s.downloadInvoice},
	}
}

// newMux routes paths below the prefix.
func (s *Server) newMux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, op := range s.operations() {
		mux.HandleFunc(op.pattern, func(w http.ResponseWriter, r *http.Request) { s.perform(op, w, r) })
	}
	return mux
}

// serve sends a request to the API or to the store of downloads.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, storagePrefix) {
		s.serveStorage(w, r)
		return
	}
	below, found := belowPrefix(r.URL.Path)
	if !found {
		http.NotFound(w, r)
		return
	}
	inner := new(http.Request)
	*inner = *r
	inner.URL = &url.URL{Path: below, RawQuery: r.URL.RawQuery}
	s.mux.ServeHTTP(w, inner)
}

// belowPrefix strips the version prefix and one trailing slash. A path that the
// router would answer with a redirection is refused: KSeF never redirects.
func belowPrefix(p string) (string, bool) {
	rest, found := strings.CutPrefix(p, "/api")
	if !found {
		rest = p
	}
	rest, found = strings.CutPrefix(rest, "/v2/")
	if !found {
		return "", false
	}
	rest = "/" + strings.TrimSuffix(rest, "/")
	return rest, rest == path.Clean(rest)
}

// perform serves one operation. Nothing is answered before everything that the
// answer could have seen is on disk.
func (s *Server) perform(op operation, w http.ResponseWriter, r *http.Request) {
	c := &call{request: r, operation: op.pattern, now: s.cfg.instant(), client: clientAddr(r)}
	answer, err := s.answer(op, c)
	if err != nil {
		answer = s.problemReply(c, err)
	}
	if err := s.state.flush(); err != nil {
		answer = s.problemReply(c, err)
	}
	s.cfg.Logger.DebugContext(r.Context(), "ksefsim: served", "operation", op.pattern, "status", answer.status)
	if err := answer.write(w, r); err != nil {
		s.cfg.Logger.DebugContext(r.Context(), "ksefsim: answer not written", "operation", op.pattern, "error", err)
	}
}

func (s *Server) answer(op operation, c *call) (*reply, error) {
	if err := s.state.catchUp(c.now); err != nil {
		return nil, err
	}
	if err := s.admit(c, op.admits, op.anyOf); err != nil {
		return nil, err
	}
	return op.handle(c)
}
