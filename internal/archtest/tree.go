package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Tree is the source of a module.
type Tree struct {
	module string
	fset   *token.FileSet
	files  []*file
}

// file is one parsed Go file.
type file struct {
	name      string // relative to the root, with slashes
	pkg       string // directory, relative to the root; "." for the root
	ast       *ast.File
	lines     int
	test      bool // *_test.go
	generated bool // *_gen.go
	imports   []edge
}

// edge is one import.
type edge struct {
	path  string // import path
	local string // directory inside the module; "" for an outside package
	pos   token.Pos
}

// Load reads and parses the module below root.
func Load(root fs.FS, module string) (*Tree, error) {
	t := &Tree{module: module, fset: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skipDir(root, name)
		case path.Ext(name) == ".go":
			return t.add(root, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("archtest: load: %w", err)
	}
	return t, nil
}

// skipDir leaves out what the go command leaves out.
func skipDir(root fs.FS, name string) error {
	base := path.Base(name)
	if name == "." {
		return nil
	}
	if base == "testdata" || base == "vendor" || base[0] == '.' || base[0] == '_' {
		return fs.SkipDir
	}
	if _, err := fs.Stat(root, path.Join(name, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

func (t *Tree) add(root fs.FS, name string) error {
	src, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(t.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f := &file{
		name:      name,
		pkg:       path.Dir(name),
		ast:       parsed,
		lines:     strings.Count(string(src), "\n"),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: strings.HasSuffix(name, "_gen.go"),
	}
	for _, spec := range parsed.Imports {
		f.imports = append(f.imports, t.edge(spec))
	}
	t.files = append(t.files, f)
	return nil
}

func (t *Tree) edge(spec *ast.ImportSpec) edge {
	importPath, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
	e := edge{path: importPath, pos: spec.Pos()}
	if importPath == t.module {
		e.local = "."
	} else if inside, ok := strings.CutPrefix(importPath, t.module+"/"); ok {
		e.local = inside
	}
	return e
}

// violation reports something at a place in the source.
func (t *Tree) violation(pos token.Pos, format string, args ...any) Violation {
	return Violation{Pos: t.fset.Position(pos), Message: fmt.Sprintf(format, args...)}
}

// within reports whether pkg is dir or lies below it.
func within(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }

// withinAny reports whether pkg is one of dirs or lies below one.
func withinAny(pkg string, dirs []string) bool {
	for _, dir := range dirs {
		if within(pkg, dir) {
			return true
		}
	}
	return false
}

// top is the top-level directory of a package.
func top(pkg string) string {
	first, _, _ := strings.Cut(pkg, "/")
	return first
}
