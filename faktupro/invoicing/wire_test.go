package invoicing_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
)

// wire is the line between client and simulator. It can break in every way a
// line breaks, on chosen requests.
type wire struct {
	mu     sync.Mutex
	faults []*fault
	seen   []string // method and path of every request
}

// fault happens to requests that match.
type fault struct {
	pattern *regexp.Regexp // on "POST /path"
	skip    int            // matching requests that pass first
	times   int            // how often it happens then
	act     func(w http.ResponseWriter, r *http.Request, next http.Handler)
}

// Requests of the flow.
const (
	reqOpen    = `^POST .*/sessions/online$`
	reqSend    = `^POST .*/sessions/online/[^/]+/invoices$`
	reqClose   = `^POST .*/sessions/online/[^/]+/close$`
	reqStatus  = `^GET .*/sessions/[^/]+$`
	reqList    = `^GET .*/sessions/[^/]+/invoices$`
	reqInvoice = `^GET .*/sessions/[^/]+/invoices/[^/]+$`
	reqUPO     = `^GET .*/upo$`
	reqGet     = `^GET .*/invoices/ksef/[^/]+$`
)

// on arms a fault for the first times requests that match.
func (l *wire) on(pattern string, times int, act func(http.ResponseWriter, *http.Request, http.Handler)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = append(l.faults, &fault{pattern: regexp.MustCompile(pattern), times: times, act: act})
}

func (l *wire) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := l.match(r.Method + " " + r.URL.Path); f != nil {
			f.act(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (l *wire) match(request string) *fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, request)
	for _, f := range l.faults {
		if !f.pattern.MatchString(request) || f.times == 0 {
			continue
		}
		if f.skip > 0 {
			f.skip--
			continue
		}
		f.times--
		return f
	}
	return nil
}

// count is how many requests matched.
func (l *wire) count(pattern string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	re := regexp.MustCompile(pattern)
	for _, request := range l.seen {
		if re.MatchString(request) {
			n++
		}
	}
	return n
}

// loseAnswer lets the simulator do its work and cuts the line.
func loseAnswer(_ http.ResponseWriter, r *http.Request, next http.Handler) {
	next.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// loseRequest cuts the line before the simulator hears anything.
func loseRequest(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }

// answer answers without the simulator.
func answer(status int, header, body string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		if header != "" {
			w.Header().Set("Retry-After", header)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// workThenFail lets the simulator do its work and answers with a failure.
func workThenFail(status int) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(httptest.NewRecorder(), r)
		w.WriteHeader(status)
	}
}

// rewrite lets the simulator answer and changes the body.
func rewrite(change func([]byte) []byte) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		for name, values := range rec.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(change(rec.Body.Bytes()))
	}
}
