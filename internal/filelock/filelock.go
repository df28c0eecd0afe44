// Package filelock lets one process claim a directory for itself, by a lock
// file in it.
//
//	release, err := filelock.Take(filepath.Join(dir, "lock"))
//	if errors.Is(err, filelock.ErrHeld) {
//		return errors.New("another process uses the directory")
//	}
//	…
//	defer release()
//
// On Windows and the usual Unix systems the kernel keeps the lock and gives it
// up when the process ends, however it ends; the file stays and means nothing.
// Elsewhere the file itself, with the suffix ".held", is the lock, and after a
// crash an operator removes it. Some network file systems know no locks.
package filelock

import (
	"errors"
	"sync"
)

// ErrHeld means that somebody else has the lock: another process, or another
// part of this one.
var ErrHeld = errors.New("the lock is held")

// Take locks the file at a path without waiting and creates it, readable by its
// owner alone, when it is missing; its directory must exist. release gives the
// lock up and calling it again changes nothing; keep it as long as the lock is
// needed. Errors are ErrHeld or those of the file system.
func Take(path string) (release func() error, err error) {
	release, err = take(path)
	if err != nil {
		return nil, err
	}
	return sync.OnceValue(release), nil
}
