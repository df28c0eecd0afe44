package ksef

import (
	"errors"
	"slices"
	"testing"
)

// TestEveryStatusHasAName compares the tables of statuses with the codes that
// the contract documents for each kind of operation.
func TestEveryStatusHasAName(t *testing.T) {
	tests := []struct {
		name  string
		table []statusFact
		codes []int
	}{
		{"login", authStatuses, []int{100, 200, 415, 425, 450, 460, 470, 480, 500, 550}},
		{"online session", onlineStatuses, []int{100, 170, 200, 415, 440, 445, 500}},
		{"batch session", batchStatuses, []int{100, 150, 200, 405, 415, 420, 430, 435, 440, 445, 500}},
		{"invoice", invoiceStatuses, []int{100, 150, 200, 405, 410, 415, 430, 435, 440, 450, 500, 550}},
		{"export", exportStatuses, []int{100, 200, 210, 415, 420, 500, 550}},
		{"permission", permissionStatuses, []int{100, 200, 400, 410, 420, 430, 440, 450, 500, 550}},
		{"certificate", enrollmentStatuses, []int{100, 200, 400, 500, 550}},
	}
	total := 0
	for _, tt := range tests {
		var codes []int
		for _, f := range tt.table {
			codes = append(codes, f.code)
			if f.meaning == "" || (f.is == nil) != (f.code <= 200) {
				t.Errorf("%s %d: %q, sentinel %v", tt.name, f.code, f.meaning, f.is)
			}
		}
		if !slices.Equal(codes, tt.codes) {
			t.Errorf("%s: %v, want %v", tt.name, codes, tt.codes)
		}
		total += len(codes)
	}
	t.Logf("%d statuses, %d error codes", total, len(codeFacts))
}

func TestStatusErrorsOfServices(t *testing.T) {
	at := func(code int) Status { return Status{Code: code} }
	tests := []struct {
		name  string
		err   error
		is    error
		retry Retry
	}{
		{"export expired", (&ExportStatus{Status: at(210)}).Err(), ErrGone, RetryLater},
		{"nothing new", (&ExportStatus{Status: at(420)}).Err(), ErrNotReady, RetryLater},
		{"export key", (&ExportStatus{Status: at(415)}).Err(), ErrRejected, RetryNever},
		{"grant without right", (&PermissionStatus{at(420)}).Err(), ErrForbidden, RetryNever},
		{"grant cancelled", (&PermissionStatus{at(550)}).Err(), ErrUnavailable, RetryLater},
		{"grant of the future", (&PermissionStatus{at(460)}).Err(), ErrRejected, RetryNever},
		{"certificate rejected", (&EnrollmentStatus{Status: at(400)}).Err(), ErrRejected, RetryNever},
		{"login revoked", (&AuthStatus{Status: at(425)}).Err(), ErrUnauthorized, RetryLogin},
	}
	for _, tt := range tests {
		s, ok := errors.AsType[*StatusError](tt.err)
		if !ok || !errors.Is(tt.err, tt.is) || s.Retry() != tt.retry {
			t.Errorf("%s: %v", tt.name, tt.err)
			continue
		}
		if _, _, duplicate := s.Duplicate(); duplicate {
			t.Errorf("%s: a duplicate", tt.name)
		}
	}
	for _, good := range []error{(&ExportStatus{Status: at(200)}).Err(), (&PermissionStatus{at(100)}).Err(), (&EnrollmentStatus{Status: at(200)}).Err()} {
		if good != nil {
			t.Error(good)
		}
	}
}
