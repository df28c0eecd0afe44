package ksefsim

import (
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Kinds of reference numbers, as seen in numbers of the real system.
const (
	kindChallenge = "CR"
	kindLogin     = "AU"
	kindToken     = "EC"
	kindOnline    = "SO"
	kindInvoice   = "EE"
	kindUPO       = "EU"
	kindBatch     = "SB"

	kindExport     = "EH" // exports and, as seen, enrolments of certificates
	kindPermission = "EG"
)

// numbers mints reference numbers and KSeF numbers. It belongs to the state and
// is guarded by its lock. Every number takes one step of the counter, which the
// journal keeps, so none is given twice in the life of a directory.
type numbers struct {
	base    uint64 // where the scrambled counter starts, drawn at birth
	counter uint64
	millis  int64 // last millisecond used
	within  int64 // numbers minted in it
}

const (
	scrambleBits = 40
	scrambleStep = 0x9E3779B97F // odd, hence a permutation of 40 bits
)

// scramble is the next of 2^40 different values that do not look like a row.
func (n *numbers) scramble() uint64 {
	n.counter++
	return (n.base + n.counter*scrambleStep) & (1<<scrambleBits - 1)
}

// reference mints {yyyymmdd}-{kind}-{10 hex}-{10 hex}-{crc}: day and time in
// UTC, the time in milliseconds shifted by 12 bits that count within one.
func (n *numbers) reference(kind string, now time.Time) string {
	now = now.UTC()
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	millis := now.Sub(midnight).Milliseconds()
	if at := now.UnixMilli(); at != n.millis {
		n.millis, n.within = at, 0
	} else {
		n.within++
	}
	body := fmt.Sprintf("%s-%s-%010X-%010X", now.Format("20060102"), kind, millis<<12|n.within&0xFFF, n.scramble())
	return fmt.Sprintf("%s-%02X", body, pl.CRC8(body))
}

// ksef mints the KSeF number of an invoice accepted at an instant. The day in it
// is the day in Warsaw: the contract is silent, legal days are Polish.
func (n *numbers) ksef(seller pl.NIP, accepted time.Time) pl.KSeFNumber {
	unique := [6]byte{0: 0x01}
	for v, i := n.scramble(), 5; i > 0; i-- {
		unique[i] = byte(v)
		v >>= 8
	}
	return pl.NewKSeFNumber(seller, pl.DateOf(accepted), unique)
}
