package pack

import (
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"
	"unicode/utf8"
)

// Document is one invoice on its way into a package.
type Document struct {
	// Name of the file in the package, unique and flat: 1 to 128 characters
	// without slashes, backslashes and control characters. KSeF gives it back
	// as invoiceFileName.
	Name string
	// Content is the document; it is copied before the next is asked for.
	Content []byte
	// Body is read to its end before the next document is asked for. It counts
	// when Content is nil.
	Body io.Reader
	// Size is the size of Body when it is known, else 0. A body of another size
	// is refused: the file changed meanwhile.
	Size int64
}

// maxName is KSeF's limit of invoiceFileName, in characters.
const maxName = 128

// checkName allows what can be a file name on every system and needs no
// directory.
func checkName(name string) error {
	switch {
	case name == "", name == ".", name == "..":
		return ErrBadName
	case !utf8.ValidString(name), utf8.RuneCountInString(name) > maxName:
		return ErrBadName
	case strings.ContainsAny(name, `/\`), strings.ContainsFunc(name, isControl):
		return ErrBadName
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// Files is a source of the files in the top directory of a file system whose
// names match a pattern of [path.Match], in the order of their names; an empty
// pattern is "*.xml". What matches and is not a regular file is an error, so
// that no invoice is left out silently. Files are opened one at a time.
func Files(fsys fs.FS, pattern string) iter.Seq2[Document, error] {
	if pattern == "" {
		pattern = "*.xml"
	}
	return func(yield func(Document, error) bool) {
		names, err := matching(fsys, pattern)
		if err != nil {
			yield(Document{}, err)
			return
		}
		for _, name := range names {
			if !yieldFile(fsys, name, yield) {
				return
			}
		}
	}
}

func matching(fsys fs.FS, pattern string) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		ok, err := path.Match(pattern, e.Name())
		if err != nil {
			return nil, fmt.Errorf("%w: pattern of file names", ErrConfig)
		}
		if !ok {
			continue
		}
		if !e.Type().IsRegular() {
			return nil, ErrNotRegular
		}
		names = append(names, e.Name())
	}
	return names, nil
}

func yieldFile(fsys fs.FS, name string, yield func(Document, error) bool) bool {
	f, err := fsys.Open(name)
	if err != nil {
		return yield(Document{Name: name}, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotRegular
	}
	if err != nil {
		return yield(Document{Name: name}, err)
	}
	return yield(Document{Name: name, Body: f, Size: info.Size()}, nil)
}
