package ksefsim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind uint8

const (
	// FaultStatus answers Fault.Status in place of doing what was asked: 429 with
	// Retry-After, 400 with the exception Fault.Code, 5xx as the system or, for
	// 502 to 504, as a page of what stands before it.
	FaultStatus FaultKind = iota
	// FaultLostAnswer does what was asked and breaks the connection before the
	// answer.
	FaultLostAnswer
	// FaultLostRequest breaks the connection and does nothing.
	FaultLostRequest
	// FaultBlocked answers as the firewall before the system: 403 with a JSON body
	// that is not of the contract.
	FaultBlocked
	// FaultBlockedPage is FaultBlocked with a page in HTML.
	FaultBlockedPage
)

// Names of the operations of the store, for Fault.Operation.
const (
	OperationUpload   = "PUT /storage"
	OperationDownload = "GET /storage"
)

// Fault is something that goes wrong with some requests. Which ones, their number
// and order decide, so the same requests meet the same faults.
type Fault struct {
	// Operation is what is concerned: method and path below /v2 with the names of
	// its parameters, as "POST /sessions/online/{referenceNumber}/invoices", or
	// OperationUpload or OperationDownload. Empty means every operation.
	Operation string

	Kind FaultKind

	Status     int           // of FaultStatus; 500 when zero
	Code       int           // exception code of status 400, as 21184
	RetryAfter time.Duration // of status 429; a second when zero

	Skip  int // requests that pass before the first fault
	Every int // every how many-th request from then on meets it; 0 and 1 mean each
	Times int // how often; 0 means without end
}

// faults are the injected faults.
type faults struct {
	mu  sync.Mutex
	all []*injected
}

type injected struct {
	Fault
	seen, hits int
}

// Inject makes requests fail until remove is called. Of several faults for one
// request the first injected wins; all of them count it.
func (s *Server) Inject(f Fault) (remove func()) {
	in := &injected{Fault: f}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.all = append(s.faults.all, in)
	return func() {
		s.faults.mu.Lock()
		defer s.faults.mu.Unlock()
		s.faults.all = slices.DeleteFunc(s.faults.all, func(other *injected) bool { return other == in })
	}
}

// next is the fault that a request of an operation meets, nil for none.
func (f *faults) next(operation string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var met *Fault
	for _, in := range f.all {
		if in.Operation != "" && in.Operation != operation {
			continue
		}
		in.seen++
		n := in.seen - in.Skip
		if n < 1 || (n-1)%max(in.Every, 1) != 0 || in.Times > 0 && in.hits >= in.Times {
			continue
		}
		in.hits++
		if met == nil {
			met = &in.Fault
		}
	}
	return met
}

// before reports whether a fault takes the place of what was asked, and answers.
func (f *Fault) before(s *Server, c *call, w http.ResponseWriter) bool {
	if f == nil {
		return false
	}
	var answer *reply
	switch f.Kind {
	case FaultLostAnswer:
		return false
	case FaultLostRequest:
		panic(http.ErrAbortHandler)
	case FaultBlocked:
		answer = &reply{status: http.StatusForbidden, body: map[string]any{
			"title": "Request blocked", "status": http.StatusForbidden, "detail": "Żądanie zostało zablokowane.",
			"security": map[string]string{"incidentId": strconv.FormatUint(s.chance.uint64(), 10), "clientIp": c.client.String()},
		}}
	case FaultBlockedPage:
		answer = htmlPage(http.StatusForbidden, "Request unsuccessful. Incapsula incident ID: "+strconv.FormatUint(s.chance.uint64(), 10))
	default:
		answer = f.status(s, c)
	}
	_ = answer.write(w, c.request) // the client has gone: nobody to tell
	return true
}

// status is the answer of FaultStatus.
func (f *Fault) status(s *Server, c *call) *reply {
	switch code := cmp.Or(f.Status, http.StatusInternalServerError); {
	case code == http.StatusBadRequest:
		return s.problemReply(c, refuse(f.Code))
	case code == http.StatusTooManyRequests:
		wait := cmp.Or(f.RetryAfter, time.Second)
		return s.problemReply(c, slowDown(int((wait+time.Second-1)/time.Second), "Przekroczono limit żądań."))
	case code > http.StatusInternalServerError:
		return htmlPage(code, http.StatusText(code))
	default:
		return s.problemReply(c, &problem{status: code, detail: "Nieznany błąd."})
	}
}

// htmlPage is an answer by something that stands before the system.
func htmlPage(status int, text string) *reply {
	return &reply{status: status, contentType: "text/html", raw: []byte("<html><head><title>" + text + "</title></head><body>" + text + "</body></html>")}
}

// storageOperation names a request to the store.
func storageOperation(r *http.Request) string {
	if r.Method == http.MethodPut {
		return OperationUpload
	}
	return OperationDownload
}
