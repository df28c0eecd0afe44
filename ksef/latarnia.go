package ksef

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// LatarniaService tells whether KSeF is available, from the ministry's public
// service of that name (Latarnia). It needs no login. Ask every few minutes at
// most, and take an error for "unknown", never for a failure of KSeF: whether
// an invoice may be issued in an emergency mode hangs on the announcement.
type LatarniaService struct{ client *Client }

// Availability is the state of KSeF. States that are added later are kept as
// they come.
type Availability string

// The states.
const (
	Available        Availability = "AVAILABLE"
	UnderMaintenance Availability = "MAINTENANCE"   // planned: invoices in mode "offline (unavailability)"
	InFailure        Availability = "FAILURE"       // invoices in emergency mode
	InTotalFailure   Availability = "TOTAL_FAILURE" // no duty to send at all
)

// AnnouncementType tells what an announcement announces.
type AnnouncementType string

// The types.
const (
	FailureStart         AnnouncementType = "FAILURE_START"
	FailureEnd           AnnouncementType = "FAILURE_END"
	MaintenanceAnnounced AnnouncementType = "MAINTENANCE_ANNOUNCEMENT"
)

// Announcement is a message about the availability of KSeF.
type Announcement struct {
	ID        string           `json:"id"`
	EventID   int64            `json:"eventId"`  // beginning and end of one event share it
	Category  Availability     `json:"category"` // UnderMaintenance, InFailure or InTotalFailure
	Type      AnnouncementType `json:"type"`
	Title     string           `json:"title"` // in Polish
	Text      string           `json:"text"`  // in Polish
	Start     time.Time        `json:"start"`
	End       time.Time        `json:"end"` // zero if not known
	Version   int              `json:"version"`
	Published time.Time        `json:"published"`
}

// UnmarshalJSON reads a message of the service.
func (a *Announcement) UnmarshalJSON(data []byte) error {
	type fields Announcement
	w := struct {
		*fields
		Start     wireTime `json:"start"`
		End       wireTime `json:"end"`
		Published wireTime `json:"published"`
	}{fields: (*fields)(a)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	a.Start, a.End, a.Published = w.Start.Time, w.End.Time, w.Published.Time
	return nil
}

// AvailabilityStatus is the state of KSeF with the messages that explain it.
type AvailabilityStatus struct {
	Status   Availability   `json:"status"`
	Messages []Announcement `json:"messages"`
}

// Status reads the state of KSeF.
func (s *LatarniaService) Status(ctx context.Context) (*AvailabilityStatus, error) {
	k, err := s.call("get availability", "/status")
	if err != nil {
		return nil, err
	}
	status, err := ask[AvailabilityStatus](ctx, s.client, k)
	if err == nil && status.Status == "" {
		return nil, &Error{Op: k.op, Status: http.StatusOK, Err: ErrProtocol}
	}
	return status, err
}

// Messages reads all announcements that are published.
func (s *LatarniaService) Messages(ctx context.Context) ([]Announcement, error) {
	k, err := s.call("list availability messages", "/messages")
	if err != nil {
		return nil, err
	}
	list, err := ask[[]Announcement](ctx, s.client, k)
	if err != nil {
		return nil, err
	}
	return *list, nil
}

func (s *LatarniaService) call(op, path string) (call, error) {
	env := s.client.env
	u, err := url.Parse(env.Latarnia)
	switch {
	case env.Latarnia == "":
		return call{}, invalid(op, "environment has no availability service")
	case err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !env.AllowHTTP:
		return call{}, invalid(op, "address of the availability service must be https://host")
	}
	return call{op: op, class: httpx.Read, method: "GET", url: strings.TrimRight(env.Latarnia, "/") + path}, nil
}
