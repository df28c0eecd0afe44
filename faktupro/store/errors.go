package store

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotMigrated: the database does not hold the tables of this package.
var ErrNotMigrated = errors.New("the tables do not exist yet: call Store.Migrate before the first use")

// wrap names the operation that failed. It costs nothing before something
// fails, so every use of the database ends with it.
func wrap(op string, err error) error {
	if tableMissing(err) {
		return fmt.Errorf("%s: %w: %w", op, ErrNotMigrated, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// undefinedTable is the SQLSTATE with which PostgreSQL misses a table.
const undefinedTable = "42P01"

// tableMissing reports the error of a database that misses one of our tables.
// SQLite tells it in words only, and the drivers for PostgreSQL agree on no
// type; their words depend on the language of the server, the code does not.
func tableMissing(err error) bool {
	text := err.Error()
	if !strings.Contains(text, "faktupro_") {
		return false // a table of the host
	}
	if strings.Contains(text, "no such table") || strings.Contains(text, undefinedTable) {
		return true
	}
	state, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err)
	return ok && state.SQLState() == undefinedTable
}
