package offline

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Prediction is how KSeF will mark an invoice (invoicingMode).
type Prediction struct {
	Offline bool
	// Certain is false in the hours in which the days in Warsaw and in UTC
	// differ and lead to different answers: by which of them KSeF compares is
	// nowhere stated, Warsaw is the legal reading and the one taken here.
	Certain bool
}

// Predict tells how KSeF will mark an invoice with this date of issue (P_1). Sent
// as offline it is offline. Sent as online it is offline as well when the date of
// issue is before the day on which KSeF receives it: the arrival in an online
// session, the opening of a batch session, however long the upload takes (such an
// invoice counts as offline24, art. 106nda(16)). The error is ErrFuture when the
// date of issue is after that day, which KSeF refuses.
func Predict(issued pl.Date, received time.Time, sentOffline bool) (Prediction, error) {
	day := pl.DateOf(received)
	y, m, d := received.UTC().Date()
	utc := pl.NewDate(y, m, d)
	if issued.After(day) || !issued.Valid() {
		return Prediction{}, fmt.Errorf("offline: predict the mode: %w", ErrFuture)
	}
	offline := sentOffline || issued.Before(day)
	offlineUTC := sentOffline || issued.Before(utc)
	return Prediction{Offline: offline, Certain: offline == offlineUTC && !issued.After(utc)}, nil
}
