package audit

import (
	"context"
	"encoding/hex"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// TestTree compares every root and every node with package tlog.
func TestTree(t *testing.T) {
	const n = 1300
	var (
		tr      tree
		stored  []tlog.Hash
		leafs   []tlog.Hash
		scratch []byte
	)
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			list[i] = stored[x]
		}
		return list, nil
	})
	tile := func(n uint64) ([]tlog.Hash, error) { return leafs[n*tileWidth : (n+1)*tileWidth], nil }
	for i := range int64(n) {
		want, err := tlog.TreeHash(i, reader)
		if err != nil {
			t.Fatal(err)
		}
		if got := tr.root(); got != want {
			t.Fatalf("root of %d entries is %v, want %v", i, got, want)
		}
		data := []byte(fmt.Sprint("entry ", i))
		hashes, err := tlog.StoredHashes(i, data, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
		leafs = append(leafs, leafHash(&scratch, data))
		tr.append(leafs[i])
	}
	for x := range stored {
		level, k := tlog.SplitStoredHashIndex(int64(x))
		got, err := tr.node(level, uint64(k), tile)
		if err != nil || got != stored[x] {
			t.Fatalf("node %d of level %d is %v, %v; want %v", k, level, got, err, stored[x])
		}
	}
}

// TestTreeVectors holds the tree hashes of RFC 6962 for the empty tree and of
// well-known small inputs.
func TestTreeVectors(t *testing.T) {
	inputs := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	var p peaks
	var scratch []byte
	for i, want := range roots {
		root := p.root()
		if got := hex.EncodeToString(root[:]); got != want {
			t.Errorf("root of %d entries is %s, want %s", i, got, want)
		}
		if i < len(inputs) {
			data, err := hex.DecodeString(inputs[i])
			if err != nil {
				t.Fatal(err)
			}
			p.append(leafHash(&scratch, data))
		}
	}
}

// TestIndexCollision finds both of two events whose IDs hash alike.
func TestIndexCollision(t *testing.T) {
	l := testOpen(t, Config{Store: NewMemoryStore()})
	mustAppend(t, l, testEvent("a"), testEvent("b"), testEvent("c"))
	same := pending{id: "c", hash: 42}
	l.index.add(42, 0)
	l.index.add(42, 1)
	l.index.add(42, 2)
	if seq, found, err := l.lookup(context.Background(), same); seq != 2 || !found || err != nil {
		t.Errorf("lookup = %d, %v, %v; want 2", seq, found, err)
	}
	same.id = "d"
	if _, found, err := l.lookup(context.Background(), same); found || err != nil {
		t.Errorf("an ID that only hashes alike: %v, %v", found, err)
	}
}
