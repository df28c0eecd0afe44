// Package store keeps invoices, series, the queue and API keys in a SQL
// database. It implements the storage ports of package invoicing on bun, for
// SQLite; the SQL is kept within what PostgreSQL understands too.
//
// The host brings the database handle and therewith the driver:
//
//	sqldb, err := sql.Open("sqlite", store.SQLiteDSN("data/faktupro.db"))
//	sqldb.SetMaxOpenConns(1)
//	st, err := store.Open(bun.NewDB(sqldb, sqlitedialect.New()), store.Config{})
//	err = st.Migrate(ctx)
//
// # SQLite
//
// Give the writing handle exactly one connection and the settings of
// [SQLiteDSN]; several writing connections would only wait for each other. A
// second, read-only handle in Config.Reader lets reads go on while a
// transaction commits. Several processes may share the file.
//
// # What is where
//
// Tables are named faktupro_…. Instants are stored as microseconds since 1970
// in UTC, amounts and dates as text, hashes in hexadecimal. The XML of an
// invoice and its receipt are stored byte for byte as sent and received.
//
// # In the host's transaction
//
// [Store.Within] lets an invoice be issued in a transaction of the host, next to
// the host's own rows. Until that transaction ends, use nothing but what Within
// returns: on a handle with one connection every other call waits for ever.
//
// # Audit events
//
// An event is written to a table in the transaction of the change it describes
// and moved to the audit log by a [Relay], in order and exactly once.
package store
