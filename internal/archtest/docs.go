package archtest

import (
	"go/ast"
	"go/token"
)

// checkDocs looks at packages that others can import: not internal ones, not
// programs, not tests.
func checkDocs(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		if f.test || within(f.pkg, "internal") || f.ast.Name.Name == "main" {
			continue
		}
		for _, decl := range f.ast.Decls {
			for _, id := range undocumented(decl) {
				found = append(found, t.violation(id.Pos(), "%s.%s is exported and has no comment", f.ast.Name.Name, id.Name))
			}
		}
	}
	return append(found, checkPackageComments(t)...)
}

// checkPackageComments looks at every package, internal ones and programs too.
func checkPackageComments(t *Tree) []Violation {
	documented := map[string]bool{}
	first := map[string]*file{}
	for _, f := range t.files {
		if f.test {
			continue
		}
		if first[f.pkg] == nil {
			first[f.pkg] = f
		}
		documented[f.pkg] = documented[f.pkg] || f.ast.Doc.Text() != ""
	}
	var found []Violation
	for _, f := range t.files {
		if first[f.pkg] == f && !documented[f.pkg] {
			found = append(found, t.violation(f.ast.Package, "package %s has no package comment", f.pkg))
		}
	}
	return found
}

// undocumented lists the exported names of a declaration without a comment.
func undocumented(decl ast.Decl) []*ast.Ident {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Name.IsExported() && exportedReceiver(decl) && decl.Doc.Text() == "" {
			return []*ast.Ident{decl.Name}
		}
	case *ast.GenDecl:
		return undocumentedSpecs(decl)
	}
	return nil
}

// undocumentedSpecs: a comment on a group speaks for its constants and
// variables, but not for its types.
func undocumentedSpecs(decl *ast.GenDecl) []*ast.Ident {
	var found []*ast.Ident
	group := decl.Doc.Text() != ""
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			alone := group && decl.Lparen == token.NoPos
			if spec.Name.IsExported() && !alone && spec.Doc.Text() == "" && spec.Comment.Text() == "" {
				found = append(found, spec.Name)
			}
		case *ast.ValueSpec:
			if group || spec.Doc.Text() != "" || spec.Comment.Text() != "" {
				continue
			}
			for _, name := range spec.Names {
				if name.IsExported() {
					found = append(found, name)
				}
			}
		}
	}
	return found
}

// exportedReceiver reports whether fn is a function, or a method that users of
// the package can see.
func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return true
	}
	typ := fn.Recv.List[0].Type
	for {
		switch inner := typ.(type) {
		case *ast.StarExpr:
			typ = inner.X
		case *ast.IndexExpr:
			typ = inner.X
		case *ast.IndexListExpr:
			typ = inner.X
		case *ast.Ident:
			return inner.IsExported()
		default:
			return true
		}
	}
}
