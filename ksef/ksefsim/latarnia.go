package ksefsim

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Outage is a message of the availability service (Latarnia).
type Outage struct {
	// Category is FAILURE, TOTAL_FAILURE or MAINTENANCE.
	Category string
	// Title and Text are for people.
	Title, Text string
	// Start is when it begins, now when zero; End is when it ends, open when zero.
	Start, End time.Time
}

// Categories of outages, which are the states of the system during them.
const (
	OutageFailure      = "FAILURE"
	OutageTotalFailure = "TOTAL_FAILURE"
	OutageMaintenance  = "MAINTENANCE"
)

const available = "AVAILABLE"

// outageAnnounced is one message.
type outageAnnounced struct {
	Event     int       `json:"event"`
	Category  string    `json:"category"`
	Type      string    `json:"type"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end,omitzero"`
	Published time.Time `json:"published"`
	ID        string    `json:"id"`
}

func (*outageAnnounced) kind() string { return "outage" }

func (e *outageAnnounced) apply(st *state) error {
	st.outages = append(st.outages, e)
	return nil
}

// ErrOutage says that an outage is of no known category or does not exist.
var ErrOutage = errors.New("ksefsim: unknown outage")

// Announce publishes an outage: the beginning of a failure or planned
// maintenance. It returns the number of the event, for EndOutage. The API goes on
// to work: combine it with Inject.
func (s *Server) Announce(o Outage) (event int, err error) {
	kind := map[string]string{
		OutageFailure: "FAILURE_START", OutageTotalFailure: "FAILURE_START", OutageMaintenance: "MAINTENANCE_ANNOUNCEMENT",
	}[o.Category]
	if kind == "" {
		return 0, ErrOutage
	}
	now := s.cfg.instant()
	if o.Start.IsZero() {
		o.Start = now
	}
	st := s.state
	st.mu.Lock()
	event = len(st.outages) + 1
	err = st.commit(&outageAnnounced{
		event, o.Category, kind, o.Title, o.Text, o.Start.UTC(), o.End.UTC(), now, fmt.Sprintf("%d-%s", event, o.Category),
	})
	st.mu.Unlock()
	return event, errors.Join(err, st.flush())
}

// EndOutage announces that a failure has ended now.
func (s *Server) EndOutage(event int) error {
	now := s.cfg.instant()
	st := s.state
	st.mu.Lock()
	err := ErrOutage
	for _, o := range st.outages {
		if o.Event == event && o.Type != "FAILURE_END" {
			end := *o
			end.Type, end.End, end.Published, end.ID = "FAILURE_END", now, now, o.ID+"-END"
			err = st.commit(&end)
			break
		}
	}
	st.mu.Unlock()
	return errors.Join(err, st.flush())
}

// during reports whether an outage runs at an instant.
func (o *outageAnnounced) during(now time.Time) bool {
	return !now.Before(o.Start) && (o.End.IsZero() || now.Before(o.End))
}

// outageMessage is a message in an answer.
type outageMessage struct {
	ID        string `json:"id"`
	Event     int    `json:"eventId"`
	Category  string `json:"category"`
	Type      string `json:"type"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Start     stamp  `json:"start"`
	End       *stamp `json:"end"`
	Version   int    `json:"version"`
	Published stamp  `json:"published"`
}

func (o *outageAnnounced) message() outageMessage {
	return outageMessage{
		o.ID, o.Event, o.Category, o.Type, o.Title, o.Text, stamp(o.Start), optional[stamp](o.End), 1, stamp(o.Published),
	}
}

// availability is the state of the system and the messages about it.
func (st *state) availability(now time.Time) (status string, messages []outageMessage) {
	ended := make(map[int]bool)
	for _, o := range st.outages {
		ended[o.Event] = ended[o.Event] || o.Type == "FAILURE_END"
	}
	rank := map[string]int{available: 0, OutageMaintenance: 1, OutageFailure: 2, OutageTotalFailure: 3}
	status = available
	for _, o := range st.outages {
		if ended[o.Event] || !o.during(now) {
			continue
		}
		messages = append(messages, o.message())
		if rank[o.Category] > rank[status] {
			status = o.Category
		}
	}
	return status, messages
}

// Latarnia is the availability service by itself, as at an address of its own:
// /status and /messages, everything else is blocked. The server has it below
// /latarnia as well.
func (s *Server) Latarnia() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.serveLatarnia(w, r, r.URL.Path)
	})
}

const latarniaPrefix = "/latarnia"

func (s *Server) serveLatarnia(w http.ResponseWriter, r *http.Request, path string) {
	now := s.cfg.instant()
	s.state.mu.RLock()
	status, running := s.state.availability(now)
	all := make([]outageMessage, len(s.state.outages))
	for i, o := range s.state.outages {
		all[i] = o.message()
	}
	s.state.mu.RUnlock()
	var body any
	switch {
	case r.Method != http.MethodGet:
	case strings.TrimSuffix(path, "/") == "/status":
		body = map[string]any{"status": status, "messages": running}
	case strings.TrimSuffix(path, "/") == "/messages":
		body = all
	}
	answer := &reply{status: http.StatusOK, body: body}
	if body == nil {
		answer = &reply{status: http.StatusForbidden, body: map[string]any{"title": "Request blocked", "status": http.StatusForbidden}}
	}
	if err := answer.write(w, r); err != nil {
		s.cfg.Logger.DebugContext(r.Context(), "ksefsim: answer not written", "operation", "latarnia", "error", err)
	}
}
