package ksef

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/faktupro/faktupro-go/ksef/pack"
	"github.com/faktupro/faktupro-go/pl"
)

// metadataIndex reads _metadata.json as far as it is needed and finds the entry
// of a file by its number or, failing that, by its hash.
type metadataIndex struct {
	dec     *json.Decoder
	begun   bool
	ended   bool
	limit   int
	count   int
	waiting map[pl.KSeFNumber]*InvoiceMetadata // read and not taken yet
	taken   map[pl.KSeFNumber]bool
}

func newMetadataIndex(r io.Reader, limit int) *metadataIndex {
	return &metadataIndex{
		dec: json.NewDecoder(r), limit: limit,
		waiting: map[pl.KSeFNumber]*InvoiceMetadata{}, taken: map[pl.KSeFNumber]bool{},
	}
}

var (
	errMetadata   = fmt.Errorf("metadata of the package: %w", ErrProtocol)
	errNoEntry    = fmt.Errorf("invoice without its metadata: %w", ErrProtocol)
	errManyRecord = fmt.Errorf("metadata of more invoices than a package may have: %w", ErrProtocol)
)

// take gives the metadata of a file, once.
func (x *metadataIndex) take(number pl.KSeFNumber, sum pack.Hash) (*InvoiceMetadata, error) {
	for {
		if m := x.waiting[number]; m != nil {
			return x.remove(m), nil
		}
		m, err := x.next()
		if err != nil {
			return nil, err
		}
		if m == nil {
			return x.byHash(sum)
		}
		x.waiting[m.KSeFNumber] = m
	}
}

func (x *metadataIndex) byHash(sum pack.Hash) (*InvoiceMetadata, error) {
	for _, m := range x.waiting {
		if string(m.InvoiceHash) == string(sum[:]) {
			return x.remove(m), nil
		}
	}
	return nil, errNoEntry
}

func (x *metadataIndex) remove(m *InvoiceMetadata) *InvoiceMetadata {
	delete(x.waiting, m.KSeFNumber)
	x.taken[m.KSeFNumber] = true
	return m
}

// rest gives what nobody took.
func (x *metadataIndex) rest() iter.Seq2[*InvoiceMetadata, error] {
	return func(yield func(*InvoiceMetadata, error) bool) {
		for _, m := range x.waiting {
			if !yield(m, nil) {
				return
			}
		}
		for {
			m, err := x.next()
			if m == nil && err == nil {
				return
			}
			if m != nil {
				x.taken[m.KSeFNumber] = true
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// next reads an entry that was not seen before; nil at the end.
func (x *metadataIndex) next() (*InvoiceMetadata, error) {
	if err := x.begin(); err != nil {
		return nil, err
	}
	for !x.ended {
		if !x.dec.More() {
			x.ended = true
			return nil, x.finish()
		}
		if x.count++; x.count > x.limit {
			return nil, errManyRecord
		}
		m := new(InvoiceMetadata)
		if err := x.dec.Decode(m); err != nil {
			return nil, metadataError(err)
		}
		if m.KSeFNumber == "" || len(m.InvoiceHash) != 32 {
			return nil, errMetadata
		}
		if !x.taken[m.KSeFNumber] && x.waiting[m.KSeFNumber] == nil {
			return m, nil
		}
	}
	return nil, nil
}

// begin goes to the list, past members that are not known here.
func (x *metadataIndex) begin() error {
	if x.begun {
		return nil
	}
	x.begun = true
	if !x.delim('{') {
		return errMetadata
	}
	for x.dec.More() {
		name, err := x.dec.Token()
		if err != nil {
			return metadataError(err)
		}
		if name == "invoices" {
			if !x.delim('[') {
				return errMetadata
			}
			return nil
		}
		if err := x.skip(); err != nil {
			return err
		}
	}
	return errMetadata
}

// finish reads what follows the list: a file that breaks off is not a whole one.
func (x *metadataIndex) finish() error {
	if !x.delim(']') {
		return errMetadata
	}
	for x.dec.More() {
		if _, err := x.dec.Token(); err != nil {
			return metadataError(err)
		}
		if err := x.skip(); err != nil {
			return err
		}
	}
	if !x.delim('}') {
		return errMetadata
	}
	return nil
}

func (x *metadataIndex) skip() error {
	var ignored json.RawMessage
	if err := x.dec.Decode(&ignored); err != nil {
		return metadataError(err)
	}
	return nil
}

func (x *metadataIndex) delim(want json.Delim) bool {
	t, err := x.dec.Token()
	return err == nil && t == want
}

// metadataError keeps the cause where it is the archive's, and never quotes the
// file.
func metadataError(err error) error {
	for _, cause := range []error{pack.ErrArchive, pack.ErrTruncated, pack.ErrPackageTooLarge, pack.ErrRatio} {
		if errors.Is(err, cause) {
			return err
		}
	}
	return errMetadata
}

// openPart opens a file without its name in the error.
func openPart(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, storeFailed(opReadExport, err)
	}
	return f, nil
}
