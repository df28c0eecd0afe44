package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"time"
)

type requestKey struct{}

// request is what the layers of the handler share about one request.
type request struct {
	id     string
	status int // overrides the status that the framework chose; 0 = none
}

func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

// RequestID returns the identifier of the request being served, or "".
func RequestID(ctx context.Context) string { return requestOf(ctx).id }

// requestID takes the caller's X-Request-Id when it is short and plain, else
// makes one, and sends it back.
func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !plainToken(id) {
			id = newRequestID()
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, &request{id: id})))
	})
}

func newRequestID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails since Go 1.24: it ends the process instead
	return hex.EncodeToString(b[:])
}

// plainToken guards the log: what a caller sends must not be able to forge a line.
func plainToken(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// secureHeaders are right for an API that never serves active content.
func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// recordStatus remembers the status for the access log, and puts right one that
// the framework chose wrongly.
type recordStatus struct {
	http.ResponseWriter
	request *request
	status  int
}

func (w *recordStatus) WriteHeader(code int) {
	if w.request.status != 0 {
		code = w.request.status
	}
	if w.status == 0 {
		w.status = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *recordStatus) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *recordStatus) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// observe logs one line per request without query, body or caller's data, and
// turns a panic into a 500 that names the request.
func observe(log *slog.Logger, now func() time.Time, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recordStatus{ResponseWriter: w, request: requestOf(r.Context())}
		start := now()
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				log.Error("panic", "requestId", RequestID(r.Context()), "stack", string(debug.Stack()))
				if rec.status == 0 {
					problemFor(http.StatusInternalServerError).write(rec, r)
				}
			}
			log.Info("request", "requestId", RequestID(r.Context()), "method", r.Method, "route", r.Pattern,
				"status", rec.status, "ms", now().Sub(start).Milliseconds())
		}()
		next.ServeHTTP(rec, r)
	})
}

// unknown answers paths and methods that no operation takes. The standard
// mux would answer in plain text.
func unknown(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := r.URL.Path; path.Clean(p) != strings.TrimSuffix(p, "/") && p != "/" {
			problemFor(http.StatusNotFound).write(w, r) // the mux would redirect, in HTML
			return
		}
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		probe := &statusProbe{header: http.Header{}}
		mux.ServeHTTP(probe, r)
		if allow := probe.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
			problemFor(http.StatusMethodNotAllowed).write(w, r)
			return
		}
		problemFor(http.StatusNotFound).write(w, r)
	})
}

// readable refuses what would be misread: a query that cannot be parsed, whose
// parameters would be dropped in silence, and a body that is no plain JSON.
func readable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
			problemFor(http.StatusBadRequest).write(w, r)
			return
		}
		if r.ContentLength != 0 && (!isJSON(r.Header.Get("Content-Type")) || encoded(r)) {
			problemFor(http.StatusUnsupportedMediaType).write(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

func encoded(r *http.Request) bool {
	coding := r.Header.Get("Content-Encoding")
	return coding != "" && !strings.EqualFold(coding, "identity")
}

// statusProbe lets the mux say what it would answer, without answering.
type statusProbe struct{ header http.Header }

func (p *statusProbe) Header() http.Header         { return p.header }
func (p *statusProbe) Write(b []byte) (int, error) { return len(b), nil }
func (p *statusProbe) WriteHeader(int)             {}
