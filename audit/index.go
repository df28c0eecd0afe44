package audit

import "hash/maphash"

// index finds entries by event ID. It keeps a hash of the ID instead of the ID
// itself, about 20 bytes an entry; whoever asks compares the entry.
type index struct {
	seed  maphash.Seed
	first map[uint64]uint64   // hash of the ID to sequence number
	more  map[uint64][]uint64 // further entries whose IDs hash alike
}

func newIndex() *index {
	return &index{seed: maphash.MakeSeed(), first: map[uint64]uint64{}, more: map[uint64][]uint64{}}
}

func (x *index) add(hash, seq uint64) {
	if _, taken := x.first[hash]; taken {
		x.more[hash] = append(x.more[hash], seq)
		return
	}
	x.first[hash] = seq
}

// candidates returns the entries that may have the ID.
func (x *index) candidates(hash uint64) []uint64 {
	seq, ok := x.first[hash]
	if !ok {
		return nil
	}
	return append([]uint64{seq}, x.more[hash]...)
}
