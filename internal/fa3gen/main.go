// Command fa3gen keeps the Go form of KSeF's invoice schema. It is run by
// go generate and never needed by users of the module.
//
//	fa3gen facts -xsd 'schemat_FA(3)_v1-0E.xsd' -schema schema.txt
//	fa3gen code -schema schema.txt -earlier validate/tables/fa2.txt -dir .
//
// "facts" reads the Ministry's XSD, which is not part of the repository, and
// writes our own table of facts, keeping what is written there by hand. "code"
// turns that table into the model, encoder and decoder in files named *_gen.go;
// the decoder reads documents of the earlier version too. The tables of the
// other document types, in ksef/fa3/validate/tables, are made in the same way
// and only validated with.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/faktupro/faktupro-go/internal/xsd/facts"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fa3gen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("give a mode: facts or code")
	}
	flags := flag.NewFlagSet("fa3gen "+args[0], flag.ContinueOnError)
	table := flags.String("schema", "schema.txt", "table of facts")
	earlier := flags.String("earlier", "validate/tables/fa2.txt", "code: table of facts of the version before, which is read into the same model")
	xsd := flags.String("xsd", "", "facts: the official schema to derive them from")
	dir := flags.String("dir", ".", "code: where the generated files go")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "facts":
		return writeFacts(*xsd, *table)
	case "code":
		return writeCode(*table, *earlier, *dir)
	}
	return fmt.Errorf("unknown mode %q", args[0])
}

func writeFacts(xsd, table string) error {
	text, err := os.ReadFile(table)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	fresh, err := deriveFacts(xsd, text)
	if err != nil {
		return err
	}
	return os.WriteFile(table, fresh, 0o644)
}

// deriveFacts reads an XSD and keeps from an older table what is written by hand.
func deriveFacts(xsd string, table []byte) ([]byte, error) {
	fresh, err := ReadXSD(xsd)
	if err != nil {
		return nil, err
	}
	if len(table) > 0 {
		old, err := facts.Parse(table)
		if err != nil {
			return nil, err
		}
		Merge(fresh, old)
	}
	return facts.Format(fresh), nil
}

func writeCode(table, earlier, dir string) error {
	text, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	before, err := os.ReadFile(earlier)
	if err != nil {
		return err
	}
	files, err := generate(text, before)
	if err != nil {
		return err
	}
	for name, source := range files {
		if err := os.WriteFile(filepath.Join(dir, name), source, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate turns a table of facts and that of the version before into files of
// Go source.
func generate(table, earlier []byte) (map[string][]byte, error) {
	schema, err := facts.Parse(table)
	if err != nil {
		return nil, err
	}
	before, err := facts.Parse(earlier)
	if err != nil {
		return nil, err
	}
	g, err := newGenerator(schema, before)
	if err != nil {
		return nil, err
	}
	return g.files()
}
