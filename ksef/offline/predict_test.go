package offline_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/internal/refdata"
	"github.com/faktupro/faktupro-go/ksef/offline"
	"github.com/faktupro/faktupro-go/pl"
)

func TestPredict(t *testing.T) {
	t.Parallel()
	tests := []struct {
		issued, received string
		sentOffline      bool
		want             offline.Prediction
	}{
		{"2026-02-03", "2026-02-03 12:00", false, offline.Prediction{Certain: true}},
		{"2026-02-03", "2026-02-03 23:59:59", false, offline.Prediction{Certain: true}},
		{"2026-02-03", "2026-02-03 12:00", true, offline.Prediction{Offline: true, Certain: true}},
		{"2026-02-03", "2026-02-04 12:00", false, offline.Prediction{Offline: true, Certain: true}},
		{"2025-04-16", "2026-02-01 01:40", false, offline.Prediction{Offline: true, Certain: true}},
		// In UTC it is still the day before: until one o'clock in winter, two in summer.
		{"2026-02-03", "2026-02-04 00:59:59", false, offline.Prediction{Offline: true}},
		{"2026-02-03", "2026-02-04 01:00", false, offline.Prediction{Offline: true, Certain: true}},
		{"2026-07-03", "2026-07-04 01:59:59", false, offline.Prediction{Offline: true}},
		{"2026-07-03", "2026-07-04 02:00", false, offline.Prediction{Offline: true, Certain: true}},
		{"2026-02-04", "2026-02-04 00:30", false, offline.Prediction{}}, // in UTC of tomorrow
		{"2026-02-04", "2026-02-04 00:30", true, offline.Prediction{Offline: true}},
		{"2026-02-03", "2026-02-04 00:30", true, offline.Prediction{Offline: true, Certain: true}},
	}
	for _, tt := range tests {
		got, err := offline.Predict(day(t, tt.issued), at(t, tt.received), tt.sentOffline)
		if err != nil || got != tt.want {
			t.Errorf("issued %s, received %s: %+v, %v; want %+v", tt.issued, tt.received, got, err, tt.want)
		}
	}
	for _, d := range []pl.Date{day(t, "2026-02-05"), {}} {
		if _, err := offline.Predict(d, at(t, "2026-02-04 12:00"), true); !errors.Is(err, offline.ErrFuture) {
			t.Errorf("issued %v: %v", d, err)
		}
	}
}

func TestReferencePredictions(t *testing.T) {
	t.Parallel()
	var v struct {
		OfflineModeAuto []struct {
			Issued      pl.Date `json:"P_1"`
			OfflineMode bool

			SessionType, InvoicingMode, AcceptedAtLocal, SessionOpenedAtLocal string
		}
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &v); err != nil {
		t.Fatal(err)
	}
	for _, e := range v.OfflineModeAuto {
		when := e.AcceptedAtLocal
		if e.SessionType == "batch" {
			when = e.SessionOpenedAtLocal
		}
		received, err := time.ParseInLocation("2006-01-02T15:04:05", when, pl.Warsaw())
		if err != nil {
			t.Fatal(err)
		}
		got, err := offline.Predict(e.Issued, received, e.OfflineMode)
		if err != nil || got.Offline != (e.InvoicingMode == "Offline") {
			t.Errorf("%+v: %+v, %v", e, got, err)
		}
	}
	if len(v.OfflineModeAuto) == 0 {
		t.Error("no vectors found: has the file changed its form?")
	}
}
