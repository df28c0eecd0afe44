package ksefsim

import (
	"cmp"
	"io"
	"log/slog"
	"time"
)

// Config changes how a simulator behaves. The zero value is a fast simulator
// that keeps everything in memory, on the system's clock and randomness.
type Config struct {
	// Now is the clock, not before October 2021. Times are kept in units of 100
	// nanoseconds, as KSeF writes them. Nil means time.Now.
	Now func() time.Time

	// Random is read once, for a seed of 32 bytes from which keys, secrets and
	// numbers are derived. Nil means the system's randomness.
	Random io.Reader

	// Dir is where state is kept, created when missing. One simulator at a time
	// uses it. Empty means memory.
	Dir string

	// Profile is the environment played. Empty means ProfileTest.
	Profile Profile

	// Level is the version of the API. Empty means Level28.
	Level Level

	// Keys are used for a simulator without stored state instead of making new
	// ones, which takes some tenths of a second. Nil means new keys.
	Keys *Keys

	// Judge looks at the XML of an invoice that passed the built-in checks of a
	// document; only whether it is a duplicate is still open. What it returns are
	// problems: the invoice is then rejected with status 450 and they are its
	// details. Nil means that the built-in checks decide alone.
	Judge func(xml []byte) []string

	// BaseURL is the public address, as "https://ksef.example:8443", that
	// download links start with. Empty means the address each request came to.
	BaseURL string

	// Logger gets one record for each request at level Debug and internal faults
	// at level Error; never tokens, documents or identifiers of persons. Nil
	// means silence.
	Logger *slog.Logger

	// ProcessingDelay is the time from the receipt of a login or an invoice to
	// its result: an invoice has status 100 in the first half, 150 in the
	// second. Closing a session takes as long. Zero means at once.
	ProcessingDelay time.Duration

	// ProcessingPolls, when positive, replaces the delay by steps: a login, an
	// invoice or a session answers that many status requests with a status below
	// 200 before it has its result.
	ProcessingPolls int

	// HighWaterDelay is how far the high-water mark of permanent storage stays
	// behind the present. Zero means a microsecond.
	HighWaterDelay time.Duration

	// Exports are the limits of packages and of metadata queries. Zero fields mean
	// those of KSeF.
	Exports ExportLimits

	// EnforceRateLimits refuses requests beyond the limits of their group with
	// status 429: in rolling windows of a second, a minute and an hour, for each
	// context and address.
	EnforceRateLimits bool

	// StorageDelay is the time from the assignment of the KSeF number until the
	// invoice can be downloaded (permanentStorageDate). Zero means at once.
	StorageDelay time.Duration
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Profile = cmp.Or(c.Profile, ProfileTest)
	c.Level = cmp.Or(c.Level, Level28)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// resolution is the unit in which KSeF writes times.
const resolution = 100 * time.Nanosecond

// instant is the present in UTC without what cannot be written down.
func (c Config) instant() time.Time {
	return c.Now().Round(0).UTC().Truncate(resolution)
}
