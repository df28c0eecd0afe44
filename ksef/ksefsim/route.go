package ksefsim

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// operation is one operation of the API.
type operation struct {
	pattern string // method and path below /v2
	admits  admission
	anyOf   []string // permissions, any of which suffices
	handle  func(*call) (*reply, error)
	group   string // of rate limits
}

// operations is the table of what the simulator serves.
func (s *Server) operations() []operation {
	list := slices.Concat(s.basicOperations(), s.invoiceOperations(), s.permissionOperations())
	if !s.cfg.Level.before(Level27) {
		list = append(list, s.collectiveOperations()...)
	}
	if s.cfg.Profile.testing() {
		list = append(list, s.testOperations()...)
	}
	return slices.DeleteFunc(list, func(op operation) bool {
		return strings.HasPrefix(op.pattern, "PUT /testdata/certificates/") && s.cfg.Level.before(Level27)
	})
}

// basicOperations are login, keys, limits, tokens and certificates.
func (s *Server) basicOperations() []operation {
	return []operation{
		{"POST /auth/challenge", admitAll, nil, s.issueChallenge, rateAnonymous},
		{"POST /auth/xades-signature", admitAll, nil, s.loginWithSignature, rateAnonymous},
		{"POST /auth/ksef-token", admitAll, nil, s.loginWithToken, rateAnonymous},
		{"GET /auth/{referenceNumber}", admitOperation, nil, s.loginStatus, rateAnonymous},
		{"POST /auth/token/redeem", admitOperation, nil, s.redeem, rateAnonymous},
		{"POST /auth/token/refresh", admitRefresh, nil, s.refresh, rateAnonymous},
		{"GET /auth/sessions", admitAccess, nil, s.listLogins, rateOther},
		{"DELETE /auth/sessions/current", admitAccessOrRefresh, nil, s.revokeCurrent, rateOther},
		{"DELETE /auth/sessions/{referenceNumber}", admitAccess, nil, s.revokeLogin, rateOther},

		{"GET /security/public-key-certificates", admitAll, nil, s.listPublicKeys, rateAnonymous},

		{"GET /limits/context", admitAccess, nil, s.contextLimits, rateOther},
		{"GET /limits/subject", admitAccess, nil, s.subjectLimits, rateOther},
		{"GET /rate-limits", admitAccess, nil, s.rateLimits, rateOther},

		{"POST /tokens", admitAccess, nil, s.createToken, rateOther},
		{"GET /tokens", admitAccess, nil, s.listTokens, rateOther},
		{"GET /tokens/{referenceNumber}", admitAccess, nil, s.tokenStatus, rateOther},
		{"DELETE /tokens/{referenceNumber}", admitAccess, nil, s.revokeToken, rateOther},

		{"GET /certificates/limits", admitAccess, nil, s.certificateLimits, rateOther},
		{"GET /certificates/enrollments/data", admitAccess, nil, s.enrolmentData, rateOther},
		{"POST /certificates/enrollments", admitAccess, nil, s.enrol, rateOther},
		{"GET /certificates/enrollments/{referenceNumber}", admitAccess, nil, s.enrolmentStatus, rateOther},
		{"POST /certificates/retrieve", admitAccess, nil, s.retrieveCertificates, rateOther},
		{"POST /certificates/{certificateSerialNumber}/revoke", admitAccess, nil, s.revokeCertificate, rateOther},
		{"POST /certificates/query", admitAccess, nil, s.queryCertificates, rateOther},
	}
}

// invoiceOperations are sessions and what becomes of invoices.
func (s *Server) invoiceOperations() []operation {
	return []operation{
		{"POST /sessions/online", admitAccess, writers(), s.openOnline, rateOnline},
		{"POST /sessions/online/{referenceNumber}/invoices", admitAccess, writers(), s.sendInvoice, rateSend},
		{"POST /sessions/online/{referenceNumber}/close", admitAccess, writers(), s.closeOnline, rateOnlineClose},
		{"POST /sessions/batch", admitAccess, batchWriters(), s.openBatch, rateBatch},
		{"POST /sessions/batch/{referenceNumber}/close", admitAccess, batchWriters(), s.closeBatch, rateBatchClose},

		{"GET /sessions", admitAccess, listers(), s.listSessions, rateSessions},
		{"GET /sessions/{referenceNumber}", admitAccess, followers(), s.sessionStatus, rateMisc},
		{"GET /sessions/{referenceNumber}/invoices", admitAccess, followers(), s.sessionInvoices, rateInvoices},
		{"GET /sessions/{referenceNumber}/invoices/failed", admitAccess, followers(), s.failedInvoices, rateInvoices},
		{"GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}", admitAccess, followers(), s.invoiceStatus, rateStatus},
		{"GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}/upo", admitAccess, followers(), s.upoByReference, rateMisc},
		{"GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo", admitAccess, followers(), s.upoByNumber, rateMisc},
		{"GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}", admitAccess, followers(), s.sessionUPO, rateMisc},

		{"GET /invoices/ksef/{ksefNumber}", admitAccess, readers(), s.downloadInvoice, rateDownload},
		{"POST /invoices/query/metadata", admitAccess, readers(), s.queryMetadata, rateMetadata},
		{"POST /invoices/exports", admitAccess, readers(), s.startExport, rateExport},
		{"GET /invoices/exports/{referenceNumber}", admitAccess, readers(), s.exportStatus, rateExportStatus},
	}
}

// permissionOperations are rights, roles and the list of Peppol providers.
func (s *Server) permissionOperations() []operation {
	return []operation{
		{"POST /permissions/persons/grants", admitAccess, managers(), s.grantPersons, rateOther},
		{"POST /permissions/entities/grants", admitAccess, managers(), s.grantEntities, rateOther},
		{"POST /permissions/authorizations/grants", admitAccess, managers(), s.grantAuthorization, rateOther},
		{"POST /permissions/indirect/grants", admitAccess, managers(), s.grantIndirect, rateOther},
		{"POST /permissions/subunits/grants", admitAccess, unitManagers(), s.grantSubunit, rateOther},
		{"POST /permissions/eu-entities/administration/grants", admitAccess, managers(), s.grantEUAdmin, rateOther},
		{"POST /permissions/eu-entities/grants", admitAccess, euManagers(), s.grantEU, rateOther},
		{"DELETE /permissions/common/grants/{permissionId}", admitAccess, revokers(), s.revokeGrant, rateOther},
		{"DELETE /permissions/authorizations/grants/{permissionId}", admitAccess, managers(), s.revokeAuthorization, rateOther},
		{"GET /permissions/operations/{referenceNumber}", admitAccess, nil, s.permissionStatus, rateOther},
		{"GET /permissions/attachments/status", admitAccess, overseers(), s.attachmentStatus, rateOther},
		{"POST /permissions/query/personal/grants", admitAccess, nil, s.queryPersonal, rateOther},
		{"POST /permissions/query/persons/grants", admitAccess, unitOverseers(), s.queryPersons, rateOther},
		{"POST /permissions/query/subunits/grants", admitAccess, unitOverseers(), s.querySubunits, rateOther},
		{"POST /permissions/query/entities/grants", admitAccess, overseers(), s.queryEntities, rateOther},
		{"GET /permissions/query/entities/roles", admitAccess, overseers(), s.queryRoles, rateOther},
		{"POST /permissions/query/subordinate-entities/roles", admitAccess, unitOverseers(), s.queryMembers, rateOther},
		{"POST /permissions/query/authorizations/grants", admitAccess, authorizationOverseers(), s.queryAuthorizations, rateOther},
		{"POST /permissions/query/eu-entities/grants", admitAccess, euOverseers(), s.queryEU, rateOther},

		{"GET /peppol/query", admitAll, nil, s.queryPeppol, rateAnonymous},
	}
}

// collectiveOperations came with level 2.7; later the list of invoices became a
// query.
func (s *Server) collectiveOperations() []operation {
	list := []operation{
		{"POST /collective-identifiers", admitAccess, collectors(), s.createCollective, rateCollective},
		{"POST /collective-identifiers/query", admitAccess, collectors(), s.queryCollective, rateCollective},
		{"GET /collective-identifiers/ksef/{ksefNumber}", admitAccess, collectors(), s.collectiveByNumber, rateCollective},
	}
	if s.cfg.Level.before(Level28) {
		return append(list, operation{oldCollected, admitAccess, collectors(), s.collectedOf, rateCollective})
	}
	return append(list, operation{"POST /collective-identifiers/invoices", admitAccess, collectors(), s.collected, rateCollective})
}

// oldCollected is the operation of level 2.7 that later levels replaced.
const (
	lastOfCollected = "invoices"
	oldCollected    = "GET /collective-identifiers/{collectiveIdentifierNumber}/" + lastOfCollected
)

// testOperations are on the test environment only.
func (s *Server) testOperations() []operation {
	return []operation{
		{"PUT /testdata/certificates/{serialNumber}", admitAccess, nil, s.testCertificate, rateOther},
		{"POST /testdata/subject", admitAll, nil, s.testSubject, rateAnonymous},
		{"POST /testdata/subject/remove", admitAll, nil, s.testSubjectRemove, rateAnonymous},
		{"POST /testdata/person", admitAll, nil, s.testPerson, rateAnonymous},
		{"POST /testdata/person/remove", admitAll, nil, s.testPersonRemove, rateAnonymous},
		{"POST /testdata/permissions", admitAll, nil, s.testPermissions, rateAnonymous},
		{"POST /testdata/permissions/revoke", admitAll, nil, s.testPermissionsRevoke, rateAnonymous},
		{"POST /testdata/attachment", admitAll, nil, s.testAttachment, rateAnonymous},
		{"POST /testdata/attachment/revoke", admitAll, nil, s.testAttachmentRevoke, rateAnonymous},
		{"POST /testdata/context/block", admitAll, nil, s.testBlock, rateOther},
		{"POST /testdata/context/unblock", admitAll, nil, s.testUnblock, rateOther},
		{"POST /testdata/limits/context/session", admitAccess, nil, s.testContextLimits, rateOther},
		{"DELETE /testdata/limits/context/session", admitAccess, nil, s.testContextLimitsDefault, rateOther},
		{"POST /testdata/limits/subject/certificate", admitAccess, nil, s.testSubjectLimits, rateOther},
		{"DELETE /testdata/limits/subject/certificate", admitAccess, nil, s.testSubjectLimitsDefault, rateOther},
		{"POST /testdata/rate-limits", admitAccess, nil, s.testRates, rateOther},
		{"DELETE /testdata/rate-limits", admitAccess, nil, s.testRatesDefault, rateOther},
		{"POST /testdata/rate-limits/production", admitAccess, nil, s.testRatesProduction, rateOther},
	}
}

// newMux routes paths below the prefix.
func (s *Server) newMux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, op := range s.operations() {
		pattern := op.pattern
		if pattern == oldCollected {
			// The router sees a conflict with …/ksef/{ksefNumber} where there is none.
			pattern = strings.TrimSuffix(pattern, lastOfCollected) + "{last}"
		}
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if pattern != op.pattern && r.PathValue("last") != lastOfCollected {
				http.NotFound(w, r)
				return
			}
			s.perform(op, w, r)
		})
	}
	return mux
}

// serve sends a request to the API or to the store of downloads.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, storagePrefix):
		s.serveStorage(w, r)
		return
	case strings.HasPrefix(path, latarniaPrefix+"/"):
		s.serveLatarnia(w, r, strings.TrimPrefix(path, latarniaPrefix))
		return
	case strings.HasPrefix(path, codeOnePrefix):
		s.serveCodeOne(w, r)
		return
	case strings.HasPrefix(path, codeTwoPrefix):
		s.serveCodeTwo(w, r)
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
	fault := s.faults.next(op.pattern)
	if fault.before(s, c, w) {
		return
	}
	answer, err := s.answer(op, c)
	if err != nil {
		answer = s.problemReply(c, err)
	}
	if err := s.state.flush(); err != nil {
		answer = s.problemReply(c, err)
	}
	s.cfg.Logger.DebugContext(r.Context(), "ksefsim: served", "operation", op.pattern, "status", answer.status)
	if fault != nil {
		panic(http.ErrAbortHandler) // it is done, and nobody hears of it
	}
	if warning := s.dials.warn(); warning != "" && answer.status < http.StatusMultipleChoices {
		w.Header().Set(warningHeader, foldASCII(warning))
	}
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
	if err := s.meterRequest(c, &op); err != nil {
		return nil, err
	}
	return op.handle(c)
}
