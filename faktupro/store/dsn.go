package store

import (
	"net/url"
	"path/filepath"
)

// SQLiteDSN is the data source name of the writing connection for the driver
// modernc.org/sqlite. Open it with sql.Open("sqlite", …) and call
// SetMaxOpenConns(1): several writers would only wait for each other.
//
// What it sets and why: WAL, so that readers do not block the writer;
// synchronous FULL, because NORMAL may lose the last commits when the power
// fails and with them invoice numbers already handed out; BEGIN IMMEDIATE, so
// that two processes queue up instead of failing half-way; a busy timeout of
// ten seconds; foreign keys; the defensive mode of SQLite.
func SQLiteDSN(path string) string {
	return sqliteDSN(path, url.Values{
		"_txlock": {"immediate"},
		"_pragma": append([]string{"journal_mode(WAL)"}, sqlitePragmas...),
	})
}

// SQLiteReadDSN is the data source name for a second, read-only pool on the
// same file, to be given as Config.Reader; four connections are plenty. The
// file must exist: open the writing connection and migrate first.
func SQLiteReadDSN(path string) string {
	return sqliteDSN(path, url.Values{
		"_pragma": append([]string{"query_only(1)"}, sqlitePragmas...),
	})
}

// sqlitePragmas holds for both connections.
var sqlitePragmas = []string{
	"synchronous(FULL)",
	"foreign_keys(1)",
	"journal_size_limit(67108864)",
}

// sqliteDSN writes the path as a file: URI, so that "?", "%" and "#" in it mean
// themselves.
func sqliteDSN(path string, params url.Values) string {
	params.Set("_busy_timeout", "10000")
	params.Set("_defensive", "1")
	params.Set("_dqs", "0")
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path)}
	if !filepath.IsAbs(path) {
		u = url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()}
	}
	u.RawQuery = params.Encode()
	return u.String()
}
