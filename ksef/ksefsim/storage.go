package ksefsim

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/xml"
	"fmt"
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

// link makes a link to a path below the store. It looks like those of the blob
// store behind KSeF: validity, rights and signature in the query.
func (s *Server) link(c *call, path string) link {
	expires := c.now.Add(linkLife).Truncate(time.Second)
	q := url.Values{
		"sv": {"2025-01-05"}, "sr": {"b"}, "sp": {"r"},
		"st": {c.now.Add(-5 * time.Minute).Format(linkTime)},
		"se": {expires.Format(linkTime)},
	}
	q.Set("sig", s.linkSignature(path, q))
	return link{url: s.baseURL(c.request) + path + "?" + q.Encode(), expires: expires}
}

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
	expires, err := time.Parse(linkTime, q.Get("se"))
	signed := hmac.Equal([]byte(q.Get("sig")), []byte(s.linkSignature(r.URL.Path, q)))
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		refuseStorage(w, http.StatusMethodNotAllowed, "UnsupportedHttpVerb", "The resource doesn't support the HTTP verb.")
	case r.Header.Get("Authorization") != "":
		refuseStorage(w, http.StatusForbidden, "AuthenticationFailed", "A signed link takes no Authorization header.")
	case !signed || err != nil || !now.Before(expires):
		refuseStorage(w, http.StatusForbidden, "AuthenticationFailed", "The link is not valid or has expired.")
	default:
		s.serveBlob(w, r)
	}
}

// serveBlob serves the confirmation that a valid link names.
func (s *Server) serveBlob(w http.ResponseWriter, r *http.Request) {
	doc, err := s.blob(r.URL.Path)
	if err == nil {
		err = s.state.flush()
	}
	if err != nil {
		s.cfg.Logger.ErrorContext(r.Context(), "ksefsim: internal fault", "operation", "storage", "error", err)
		refuseStorage(w, http.StatusInternalServerError, "InternalError", "The server encountered an internal error.")
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
