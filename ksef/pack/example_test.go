package pack_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/faktupro/faktupro-go/ksef/pack"
)

func invoices() fstest.MapFS {
	return fstest.MapFS{
		"FV-1.xml": {Data: []byte("<Faktura>1</Faktura>")},
		"FV-2.xml": {Data: []byte("<Faktura>2</Faktura>")},
	}
}

// A directory of invoices becomes the parts of a batch session.
func ExampleBuild() {
	dir, err := os.MkdirTemp("", "batch")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	key, err := pack.NewKey(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	store := pack.NewDir(filepath.Join(dir, "package"))
	m, err := pack.Build(context.Background(), key, pack.Files(invoices(), "*.xml"), store, pack.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Compression, len(m.Parts), "part")
	for _, d := range m.Documents {
		fmt.Println(d.Name, d.Size)
	}
	// Before the upload, also after a restart of the program:
	fmt.Println(m.VerifyPart(context.Background(), store, 1))
	// Output:
	// Zip 1 part
	// FV-1.xml 20
	// FV-2.xml 20
	// <nil>
}

// Every part and every invoice is checked before it is handed out.
func ExampleOpen() {
	ctx := context.Background()
	key, _ := pack.NewKey(nil)
	var store pack.Memory
	m, err := pack.Build(ctx, key, pack.Files(invoices(), ""), &store, pack.Config{Compression: pack.TarGz})
	if err != nil {
		fmt.Println(err)
		return
	}
	archive, err := pack.Open(ctx, key, m.Sealed, &store, pack.OpenConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer archive.Close()
	for entry, err := range archive.Entries(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(entry.Name, string(entry.Content))
	}
	// Output:
	// FV-1.xml <Faktura>1</Faktura>
	// FV-2.xml <Faktura>2</Faktura>
}

// A refused document is named, and the reason is typed.
func ExampleDocumentError() {
	key, _ := pack.NewKey(nil)
	docs := func(yield func(pack.Document, error) bool) {
		for range 2 {
			if !yield(pack.Document{Name: "FV-1.xml", Body: strings.NewReader("<Faktura/>")}, nil) {
				return
			}
		}
	}
	_, err := pack.Build(context.Background(), key, docs, new(pack.Memory), pack.Config{})
	if refused, ok := errors.AsType[*pack.DocumentError](err); ok {
		fmt.Println(refused.Number, refused.Name, errors.Is(err, pack.ErrDuplicateName))
	}
	// Output: 2 FV-1.xml true
}
