//go:build !linux

package audit

import "os"

// syncData makes a file durable. Sync asks for what the system knows best; on
// darwin it passes the cache of the drive too.
func syncData(f *os.File) error { return f.Sync() }
