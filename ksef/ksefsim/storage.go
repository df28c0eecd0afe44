package ksefsim

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// storagePrefix is where the store of downloads is served, beside the API.
const storagePrefix = "/storage/"

// linkLife is how long a link for downloading is good.
const linkLife = 3 * 24 * time.Hour

// link is an address that works without a token until it expires.
type link struct {
	url     string
	expires time.Time
}

// linkTime is the form of times in links.
const linkTime = "2006-01-02T15:04:05Z"

// baseURL is the address that links begin with.
func (s *Server) baseURL(r *http.Request) string {
	if s.cfg.BaseURL != "" {
		return strings.TrimSuffix(s.cfg.BaseURL, "/")
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Rights that a link gives.
const (
	rightRead  = "r"
	rightWrite = "w"
)

// link makes a link for reading a confirmation.
func (s *Server) link(c *call, path string) link {
	return s.signLink(c, path, rightRead, c.now.Add(linkLife))
}

// signLink makes a link to a path below the store. It looks like those of the
// blob store behind KSeF: validity, rights and signature in the query.
func (s *Server) signLink(c *call, path, rights string, until time.Time) link {
	expires := until.Truncate(time.Second)
	q := url.Values{
		"sv": {"2025-01-05"}, "sr": {"b"}, "sp": {rights},
		"st": {c.now.Add(-linkSkew).Format(linkTime)},
		"se": {expires.Format(linkTime)},
	}
	q.Set("sig", s.linkSignature(path, q))
	return link{url: s.baseURL(c.request) + path + "?" + q.Encode(), expires: expires}
}

// linkSkew is how long before it was made a link is good already.
const linkSkew = 5 * time.Minute

func (s *Server) linkSignature(path string, q url.Values) string {
	text := strings.Join([]string{"link", path, q.Get("sv"), q.Get("sr"), q.Get("sp"), q.Get("st"), q.Get("se")}, "\n")
	return base64.StdEncoding.EncodeToString(s.signer.mac(text))
}

// invoiceUPOPath is where the confirmation of an invoice is stored.
func invoiceUPOPath(inv *invoice) string {
	return fmt.Sprintf("%s01/%s/invoice-upo/upo_%s.xml", storagePrefix, inv.Session, inv.settled.Number)
}

// pageUPOPath is where a page of the confirmation of a session is stored.
func pageUPOPath(se *session, page int) string {
	return fmt.Sprintf("%s01/%s/session-upo/upo_%02d.xml", storagePrefix, strings.ToLower(se.Reference), page)
}

// storageError is the body of a refusal by the store, which speaks XML.
type storageError struct {
	XMLName xml.Name `xml:"Error"`
	Code    string   `xml:"Code"`
	Message string   `xml:"Message"`
}

func refuseStorage(w http.ResponseWriter, status int, code, message string) {
	body, err := xml.Marshal(storageError{Code: code, Message: message})
	if err != nil {
		body = nil // text always has a form
	}
	w.Header().Set("Content-Type", typeXML)
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), body...)) // the client has gone: nobody to tell
}

// serveStorage serves links. It refuses requests that carry a token: a link is a
// secret of its own and the store must not see the tokens of the API.
func (s *Server) serveStorage(w http.ResponseWriter, r *http.Request) {
	now, q := s.cfg.instant(), r.URL.Query()
	fault := s.faults.next(storageOperation(r))
	if fault.before(s, &call{request: r, operation: storageOperation(r), now: now, client: clientAddr(r)}, w) {
		return
	}
	if fault != nil {
		w = silent{w}
		defer func() { panic(http.ErrAbortHandler) }()
	}
	expires, err := time.Parse(linkTime, q.Get("se"))
	signed := hmac.Equal([]byte(q.Get("sig")), []byte(s.linkSignature(r.URL.Path, q)))
	begins, _ := time.Parse(linkTime, q.Get("st")) // signed
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	writes := r.Method == http.MethodPut
	switch {
	case !reads && !writes:
		refuseStorage(w, http.StatusMethodNotAllowed, "UnsupportedHttpVerb", "The resource doesn't support the HTTP verb.")
	case r.Header.Get("Authorization") != "":
		refuseStorage(w, http.StatusForbidden, "AuthenticationFailed", "A signed link takes no Authorization header.")
	case !signed || err != nil || !now.Before(expires) || s.dials.linksVoid(begins):
		refuseStorage(w, http.StatusForbidden, "AuthenticationFailed", "The link is not valid or has expired.")
	case writes != (q.Get("sp") == rightWrite):
		refuseStorage(w, http.StatusForbidden, "AuthorizationPermissionMismatch", "The link does not allow this operation.")
	case writes:
		s.storePart(w, r)
	default:
		s.serveBlob(w, r, now)
	}
}

// serveBlob serves what a valid link names.
func (s *Server) serveBlob(w http.ResponseWriter, r *http.Request, now time.Time) {
	if reference, n, is := partIn(r.URL.Path, "invoice-part"); is {
		s.serveExport(w, r, reference, n, now)
		return
	}
	doc, err := s.blob(r.URL.Path)
	if err == nil {
		err = s.state.flush()
	}
	if err != nil {
		s.storageFault(w, r, err)
		return
	}
	if doc == nil {
		refuseStorage(w, http.StatusNotFound, "BlobNotFound", "The specified blob does not exist.")
		return
	}
	if err := document(doc).write(w, r); err != nil {
		s.cfg.Logger.DebugContext(r.Context(), "ksefsim: answer not written", "operation", "storage", "error", err)
	}
}

func (s *Server) storageFault(w http.ResponseWriter, r *http.Request, err error) {
	s.cfg.Logger.ErrorContext(r.Context(), "ksefsim: internal fault", "operation", "storage", "error", err)
	refuseStorage(w, http.StatusInternalServerError, "InternalError", "The server encountered an internal error.")
}

// serveExport serves a part of an export.
func (s *Server) serveExport(w http.ResponseWriter, r *http.Request, reference string, n int, now time.Time) {
	body, part, err := s.exportPart(r.Context(), reference, n, now)
	switch {
	case err != nil:
		s.storageFault(w, r, err)
		return
	case body == nil:
		refuseStorage(w, http.StatusNotFound, "BlobNotFound", "The specified blob does not exist.")
		return
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Length", strconv.FormatInt(part.EncryptedSize, 10))
	h.Set("X-Ms-Meta-Hash", part.EncryptedSHA256.String())
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	if _, err := io.Copy(w, body); err != nil {
		s.cfg.Logger.DebugContext(r.Context(), "ksefsim: answer not written", "operation", "storage", "error", err)
	}
}

// partIn reads the reference number and the ordinal number in a path of a kind.
func partIn(path, kind string) (reference string, n int, is bool) {
	parts := strings.Split(strings.TrimPrefix(path, storagePrefix), "/")
	if len(parts) != 4 || parts[2] != kind {
		return "", 0, false
	}
	n, err := strconv.Atoi(parts[3])
	return parts[1], n, err == nil
}

// storePart takes an upload of a part of a batch. What is in it is compared with
// what was declared when the session is closed.
func (s *Server) storePart(w http.ResponseWriter, r *http.Request) {
	reference, n, _ := partIn(r.URL.Path, "batch-parts")
	reference = strings.ToUpper(reference)
	switch {
	case r.Header.Get(blobTypeHeader) != blobType:
		refuseStorage(w, http.StatusBadRequest, "MissingRequiredHeader", "An HTTP header that's mandatory for this request is not specified: "+blobTypeHeader+".")
		return
	case r.ContentLength < 0:
		refuseStorage(w, http.StatusLengthRequired, "MissingContentLengthHeader", "The Content-Length header was not specified.")
		return
	case !s.takesParts(reference):
		refuseStorage(w, http.StatusConflict, "BlobImmutableDueToPolicy", "The package is not accepted any more.")
		return
	}
	size, hash, err := s.blobs.save(partBlob(reference, n), r.Body, maxSealedPart)
	if errors.Is(err, errTooLarge) {
		refuseStorage(w, http.StatusRequestEntityTooLarge, "RequestBodyTooLarge", "The request body is too large.")
		return
	}
	if err == nil {
		err = s.enterPart(&partStored{Session: reference, Ordinal: n, Size: size, Hash: hash})
	}
	if err != nil {
		s.storageFault(w, r, err)
		return
	}
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusCreated)
}

// takesParts reports whether a session still waits for its package.
func (s *Server) takesParts(reference string) bool {
	if err := s.state.catchUp(s.cfg.instant()); err != nil {
		return false
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	se, known := s.state.session[reference]
	return known && se.status().Code == statusAccepted
}

// enterPart notes a part durably.
func (s *Server) enterPart(e *partStored) error {
	s.state.mu.Lock()
	err := s.state.commit(e)
	s.state.mu.Unlock()
	return errors.Join(err, s.state.flush())
}

// blob finds what is stored under a path, nil when there is nothing.
func (s *Server) blob(path string) ([]byte, error) {
	s.state.mu.RLock()
	job := s.state.blobJob(path)
	s.state.mu.RUnlock()
	if job.session == nil {
		return nil, nil
	}
	return s.makeUPO(job)
}

// blobJob finds the confirmation with a path.
func (st *state) blobJob(path string) upoJob {
	parts := strings.Split(strings.TrimPrefix(path, storagePrefix), "/")
	if len(parts) != 4 {
		return upoJob{}
	}
	name := strings.TrimSuffix(strings.TrimPrefix(parts[3], "upo_"), ".xml")
	if inv, known := st.byNumber[pl.KSeFNumber(name)]; known && invoiceUPOPath(inv) == path {
		return inv.session.invoiceJob(inv)
	}
	se, known := st.session[strings.ToUpper(parts[1])]
	page, err := strconv.Atoi(name)
	if !known || err != nil || page < 0 || page >= len(se.pages) || pageUPOPath(se, page) != path {
		return upoJob{}
	}
	return se.pageJob(page)
}

// silent swallows an answer that is to be lost.
type silent struct{ http.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (silent) WriteHeader(int) {}

// Write implements http.ResponseWriter.
func (silent) Write(p []byte) (int, error) { return len(p), nil }
