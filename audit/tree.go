package audit

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// leafHash is tlog.RecordHash in one pass over a reused buffer.
func leafHash(scratch *[]byte, data []byte) tlog.Hash {
	*scratch = append(append((*scratch)[:0], 0), data...)
	return sha256.Sum256(*scratch)
}

// peaks holds the roots of the perfect subtrees that a tree of a size consists
// of: at[i] is that of 2^i leaves, present when bit i of the size is set. It is
// enough to append leaves and to tell the root, and cheap to copy and discard.
type peaks struct {
	size uint64
	at   [64]tlog.Hash
}

func (p *peaks) append(h tlog.Hash) {
	i := 0
	for ; p.size>>i&1 == 1; i++ {
		h = tlog.NodeHash(p.at[i], h)
	}
	p.at[i] = h
	p.size++
}

// root is the RFC 6962 tree hash.
func (p *peaks) root() tlog.Hash {
	if p.size == 0 {
		return sha256.Sum256(nil)
	}
	var h tlog.Hash
	found := false
	for i := range p.at {
		switch {
		case p.size>>i&1 == 0:
		case found:
			h = tlog.NodeHash(p.at[i], h)
		default:
			h, found = p.at[i], true
		}
	}
	return h
}

// A tile is 256 consecutive leaves, as in the C2SP tile format.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// tree keeps what proofs need in a quarter of a byte per entry: the hashes of
// whole tiles and of what stands above them. The hashes inside a whole tile are
// computed again from its entries when a proof asks for them.
type tree struct {
	peaks
	upper [][]tlog.Hash // upper[i][n] is the node n of level tileHeight+i
	leafs []tlog.Hash   // of the last, partial tile
}

func (t *tree) append(h tlog.Hash) {
	t.peaks.append(h)
	t.leafs = append(t.leafs, h)
	if len(t.leafs) < tileWidth {
		return
	}
	t.push(0, subtree(t.leafs))
	t.leafs = t.leafs[:0]
}

func (t *tree) push(level int, h tlog.Hash) {
	if level == len(t.upper) {
		t.upper = append(t.upper, nil)
	}
	row := append(t.upper[level], h)
	t.upper[level] = row
	if n := len(row); n%2 == 0 {
		t.push(level+1, tlog.NodeHash(row[n-2], row[n-1]))
	}
}

// subtree is the root over a power of two of leaves.
func subtree(leafs []tlog.Hash) tlog.Hash {
	if len(leafs) == 1 {
		return leafs[0]
	}
	half := len(leafs) / 2
	return tlog.NodeHash(subtree(leafs[:half]), subtree(leafs[half:]))
}

// node returns a node of the tree. tile gives the leaves of a whole tile.
func (t *tree) node(level int, n uint64, tile func(n uint64) ([]tlog.Hash, error)) (tlog.Hash, error) {
	if level >= tileHeight {
		return t.upper[level-tileHeight][n], nil
	}
	first := n << level
	leafs := t.leafs
	if whole := t.size / tileWidth; first/tileWidth < whole {
		var err error
		if leafs, err = tile(first / tileWidth); err != nil {
			return tlog.Hash{}, err
		}
	}
	at := first % tileWidth
	return subtree(leafs[at : at+1<<level]), nil
}
