package archtest

import (
	"slices"
	"strings"
)

// ban keeps outside packages in a few rooms. Tests are free, except where
// everywhere is set.
type ban struct {
	what       string
	paths      []string // import paths: these and everything below
	only       []string // directories that may import them; none = nobody
	everywhere bool     // tests as well
}

var bans = []ban{
	{what: "huma", paths: []string{"github.com/danielgtaylor/huma"}, only: []string{"gateway"}},
	{what: "Prometheus", paths: []string{"github.com/prometheus"}, only: []string{"gateway"}},
	{what: "the OpenTelemetry SDK", only: []string{"gateway"}, paths: []string{
		"go.opentelemetry.io/otel/sdk", "go.opentelemetry.io/otel/exporters", "go.opentelemetry.io/contrib",
	}},
	{what: "cobra", paths: []string{"github.com/spf13"}, only: []string{"gateway"}},
	// An example is a program like the gateway: the host that brings the driver.
	{what: "an SQL driver", only: []string{"gateway", "examples"}, paths: []string{
		"modernc.org/sqlite", "github.com/mattn/go-sqlite3", "github.com/ncruces/go-sqlite3", "github.com/glebarez",
		"github.com/uptrace/bun/driver", "github.com/lib/pq", "github.com/jackc/pgx", "github.com/go-sql-driver/mysql",
	}},
	{what: "minio", paths: []string{"github.com/minio"}, only: []string{"backup/s3"}},
	{what: "sevenzip", paths: []string{"github.com/bodgit/sevenzip"}, only: []string{"vatlist/flatfile"}},
	{what: "cgo", paths: []string{"C"}, everywhere: true},
}

func checkBans(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		for _, e := range f.imports {
			for _, b := range bans {
				if b.forbids(f, e) {
					found = append(found, t.violation(e.pos, "%s imports %s (%s): %s", f.pkg, b.what, e.path, b.advice()))
				}
			}
		}
	}
	return append(found, checkTesting(t)...)
}

func (b ban) forbids(f *file, e edge) bool {
	return withinAny(e.path, b.paths) && !withinAny(f.pkg, b.only) && (b.everywhere || !f.test)
}

func (b ban) advice() string {
	if len(b.only) == 0 {
		return "nobody may"
	}
	return "only " + strings.Join(b.only, ", ") + " may, and tests"
}

// checkTesting keeps the flags of package testing out of programs: only tests,
// internal helpers and packages named …test may import it. Simulators run in
// programs.
func checkTesting(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		if f.test || within(f.pkg, "internal") || strings.HasSuffix(f.ast.Name.Name, "test") {
			continue
		}
		for _, e := range f.imports {
			if e.path == "testing" {
				found = append(found, t.violation(e.pos, "%s imports testing: only tests and packages named …test may", f.pkg))
			}
		}
	}
	return found
}

// promise is what one package, without those below it, does not import.
type promise struct {
	pkg    string
	never  []string // import paths, or directories of this module; exactly these
	reason string
}

var promises = []promise{
	{
		pkg:    "faktupro",
		never:  []string{"os", "os/exec", "net", "net/http", "database/sql", "log", "github.com/uptrace/bun"},
		reason: "the domain is pure values, without input and output",
	},
	{
		pkg:    "ksef/ksefsim",
		never:  []string{"ksef"},
		reason: "the simulator is written from the contract, not from the client it tests",
	},
	{
		pkg:    "ksef",
		never:  []string{"ksef/ksefsim"},
		reason: "the client does not carry the simulator along",
	},
}

func checkPurity(t *Tree) []Violation {
	var found []Violation
	for _, f := range t.files {
		for _, p := range promises {
			if f.test || f.pkg != p.pkg {
				continue
			}
			for _, e := range f.imports {
				if slices.Contains(p.never, e.path) || slices.Contains(p.never, e.local) {
					found = append(found, t.violation(e.pos, "%s imports %s: %s", f.pkg, e.path, p.reason))
				}
			}
		}
	}
	return found
}
