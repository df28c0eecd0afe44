package ksef

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// spool is the directory of the stream's exports; whoever has the lease has it.
// Its name does not tell whose they are.
func (r *syncRun) spool() string {
	if r.cfg.Spool == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(r.stream))
	return filepath.Join(r.cfg.Spool, hex.EncodeToString(sum[:8]))
}

// sweep removes packages that nobody will read: of processes that died, but for
// the export that is to be taken up again.
func (r *syncRun) sweep() error {
	if r.cfg.Spool == "" {
		return nil
	}
	entries, err := os.ReadDir(r.spool())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return storeFailed(opSync, err)
	}
	keep := ""
	if r.cp.Pending != nil && r.cfg.Sealer != nil {
		keep = spoolName(r.cp.Pending.Reference)
	}
	for _, e := range entries {
		if e.Name() == keep || !strings.HasPrefix(e.Name(), spoolPrefix) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(r.spool(), e.Name())); err != nil {
			return storeFailed(opSync, err)
		}
	}
	return nil
}

const spoolPrefix = "export-"

func spoolName(reference string) string { return spoolPrefix + strings.ToLower(reference) }
