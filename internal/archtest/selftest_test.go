package archtest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/internal/archtest"
)

// house builds a module from file names and sources. The word MODULE in a
// source stands for the module path.
func house(t *testing.T, sources map[string]string) *archtest.Tree {
	t.Helper()
	files := fstest.MapFS{}
	for name, source := range sources {
		files[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(source, "MODULE", "example.com/house"))}
	}
	tree, err := archtest.Load(files, "example.com/house")
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// places are the rules and files of the violations, as "layers audit/log.go".
func places(violations []archtest.Violation) []string {
	var all []string
	for _, v := range violations {
		all = append(all, v.Rule+" "+v.Pos.Filename)
	}
	return all
}

// file is the source of a documented package with imports.
func file(pkg string, imports ...string) string {
	source := "// Package " + pkg + " is a sample.\npackage " + pkg + "\n"
	for _, path := range imports {
		source += "import _ \"" + path + "\"\n"
	}
	return source
}

func TestCleanHouse(t *testing.T) {
	t.Parallel()
	tree := house(t, map[string]string{
		"pl/nip.go":                      file("pl", "strings", "time"),
		"pl/nip_test.go":                 file("pl", "testing", "MODULE/internal/refdata"),
		"internal/refdata/refdata.go":    file("refdata", "testing"),
		"crypto/openpgp/key.go":          file("openpgp", "MODULE/crypto", "MODULE/pl"),
		"crypto/crypto.go":               file("crypto"),
		"access/accesstest/suite.go":     file("accesstest", "testing", "MODULE/access"),
		"access/access.go":               file("access"),
		"audit/log.go":                   file("audit", "MODULE/access", "MODULE/crypto"),
		"ksef/client.go":                 file("ksef", "MODULE/ksef/xades", "net/http"),
		"ksef/client_test.go":            file("ksef_test", "MODULE/ksef/ksefsim"),
		"ksef/xades/sign.go":             file("xades", "MODULE/internal/refdata"),
		"ksef/ksefsim/sim.go":            file("ksefsim", "MODULE/ksef/xades"),
		"ksef/ksefsim/sim_test.go":       file("ksefsim_test", "MODULE/ksef"),
		"backup/s3/s3.go":                file("s3", "github.com/minio/minio-go/v7", "MODULE/crypto"),
		"vatlist/flatfile/flatfile.go":   file("flatfile", "github.com/bodgit/sevenzip"),
		"faktupro/invoice.go":            file("faktupro", "MODULE/ksef/fa3", "MODULE/pl"),
		"faktupro/store/store.go":        file("store", "MODULE/faktupro", "MODULE/audit", "database/sql"),
		"faktupro/store/store_test.go":   file("store_test", "modernc.org/sqlite"),
		"gateway/main.go":                file("main", "MODULE/gateway/api", "github.com/spf13/cobra", "modernc.org/sqlite"),
		"gateway/api/api.go":             file("api", "MODULE/faktupro/store", "github.com/danielgtaylor/huma/v2"),
		"examples/issue/main.go":         file("main", "MODULE/faktupro/invoicing"),
		"gateway/testdata/broken.go":     "package util; func init() {",
		"tools/go.mod":                   "module example.com/tools",
		"tools/main.go":                  "package util",
		".hidden/x.go":                   "package util",
		"ksef/fa3/model_gen.go":          file("fa3") + strings.Repeat("// x\n", 700),
		"ksef/fa3/decimal_test.go":       file("fa3") + "var x float64\n",
		"faktupro/store/migrations/1.go": file("migrations") + "func f() float64 { return 0 }\n",
	})
	if violations := archtest.Check(tree); len(violations) > 0 {
		t.Errorf("violations in a clean house: %v", violations)
	}
}

// TestDetects gives one broken house per promise. Every one must be found, at
// its place, and nothing else.
func TestDetects(t *testing.T) {
	t.Parallel()
	long := "func long() {\n" + strings.Repeat("\tprintln()\n", 90) + "}\n"
	tests := []struct {
		name    string
		sources map[string]string
		want    string // place
		says    string // part of the message
	}{
		{"upwards", map[string]string{"audit/log.go": file("audit", "MODULE/ksef")}, "layers audit/log.go", "higher layer"},
		{"upwards from the bottom", map[string]string{"internal/httpx/x.go": file("httpx", "MODULE/audit")}, "layers internal/httpx/x.go", "higher layer"},
		{"upwards in a test", map[string]string{"pl/x_test.go": file("pl", "MODULE/ksef")}, "layers pl/x_test.go", "higher layer"},
		{"sideways at the bottom", map[string]string{"pl/x.go": file("pl", "MODULE/internal/money")}, "layers pl/x.go", "same layer"},
		{"leaf to leaf", map[string]string{"gus/gus.go": file("gus", "MODULE/vatlist")}, "layers gus/gus.go", "leaves do not know each other"},
		{"leaf to part of a leaf", map[string]string{"ai/redact/x.go": file("redact", "MODULE/ksef/fa3")}, "layers ai/redact/x.go", "leaves do not know each other"},
		{"domain to service", map[string]string{"ksef/x.go": file("ksef", "MODULE/faktupro/store")}, "layers ksef/x.go", "higher layer"},
		{"gateway imported", map[string]string{"examples/x.go": file("examples", "MODULE/gateway/api")}, "layers examples/x.go", "nothing imports the gateway"},
		{"gateway imported in a test", map[string]string{"ksef/x_test.go": file("ksef", "MODULE/gateway")}, "layers ksef/x_test.go", "nothing imports the gateway"},
		{"no room", map[string]string{"helper/x.go": file("helper")}, "layers helper/x.go", "give it one"},
		{"name alike", map[string]string{"plain/x.go": file("plain")}, "layers plain/x.go", "give it one"},
		{"module root", map[string]string{"x.go": file("house")}, "layers x.go", "give it one"},
		{"import of no room", map[string]string{"ksef/x.go": file("ksef", "MODULE/helper")}, "layers ksef/x.go", "in no room"},

		{"huma", map[string]string{"ksef/x.go": file("ksef", "github.com/danielgtaylor/huma/v2")}, "bans ksef/x.go", "only gateway"},
		{"Prometheus", map[string]string{"audit/x.go": file("audit", "github.com/prometheus/client_golang/prometheus")}, "bans audit/x.go", "only gateway"},
		{"OpenTelemetry", map[string]string{"audit/x.go": file("audit", "go.opentelemetry.io/otel/sdk/trace")}, "bans audit/x.go", "only gateway"},
		{"cobra", map[string]string{"examples/x.go": file("examples", "github.com/spf13/cobra")}, "bans examples/x.go", "only gateway"},
		{"SQL driver", map[string]string{"faktupro/store/x.go": file("store", "modernc.org/sqlite")}, "bans faktupro/store/x.go", "only gateway"},
		{"bun driver", map[string]string{"faktupro/store/x.go": file("store", "github.com/uptrace/bun/driver/pgdriver")}, "bans faktupro/store/x.go", "only gateway"},
		{"minio", map[string]string{"backup/dir/x.go": file("dir", "github.com/minio/minio-go/v7")}, "bans backup/dir/x.go", "only backup/s3"},
		{"sevenzip", map[string]string{"vatlist/x.go": file("vatlist", "github.com/bodgit/sevenzip")}, "bans vatlist/x.go", "only vatlist/flatfile"},
		{"cgo in a test", map[string]string{"pl/x_test.go": file("pl", "C")}, "bans pl/x_test.go", "nobody may"},
		{"testing", map[string]string{"ksef/ksefsim/x.go": file("ksefsim", "testing")}, "bans ksef/ksefsim/x.go", "only tests"},

		{"domain with files", map[string]string{"faktupro/x.go": file("faktupro", "os")}, "purity faktupro/x.go", "pure values"},
		{"simulator with client", map[string]string{"ksef/ksefsim/x.go": file("ksefsim", "MODULE/ksef")}, "purity ksef/ksefsim/x.go", "from the contract"},
		{"client with simulator", map[string]string{"ksef/x.go": file("ksef", "MODULE/ksef/ksefsim")}, "purity ksef/x.go", "does not carry"},

		{"init", map[string]string{"pl/x.go": file("pl") + "func init() {}\n"}, "init pl/x.go", "init function"},
		{"vague name", map[string]string{"internal/util/x.go": file("util")}, "names internal/util/x.go", "package util"},
		{"float type", map[string]string{"internal/money/x.go": file("money") + "type rate float64\n"}, "float internal/money/x.go", "uses float64"},
		{"float parsing", map[string]string{"faktupro/x.go": file("faktupro") + "var _ = strconv.ParseFloat\n"}, "float faktupro/x.go", "uses ParseFloat"},
		{"float decimal", map[string]string{"ksef/fa3/x.go": file("fa3") + "var d = decimal.NewFromFloat(1)\n"}, "float ksef/fa3/x.go", "uses NewFromFloat"},
		{"long file", map[string]string{"pl/x.go": file("pl") + strings.Repeat("\n", 600)}, "size pl/x.go", "lines"},
		{"long test", map[string]string{"pl/x_test.go": file("pl") + strings.Repeat("\n", 600)}, "size pl/x_test.go", "lines"},
		{"long function", map[string]string{"pl/x.go": file("pl") + long}, "size pl/x.go", "long has 92 lines"},
		{"unfinished", map[string]string{"pl/x.go": file("pl") + "// TO" + "DO: more\n"}, "unfinished pl/x.go", "open an issue"},

		{"function", map[string]string{"pl/x.go": file("pl") + "func F() {}\n"}, "docs pl/x.go", "pl.F"},
		{"method", map[string]string{"pl/x.go": file("pl") + "// T is.\ntype T[K any] int\nfunc (*T[K]) M() {}\n"}, "docs pl/x.go", "pl.M"},
		{"type", map[string]string{"pl/x.go": file("pl") + "type T int\n"}, "docs pl/x.go", "pl.T"},
		{"type in a group", map[string]string{"pl/x.go": file("pl") + "// Both.\ntype (\n\tT int\n)\n"}, "docs pl/x.go", "pl.T"},
		{"constant", map[string]string{"pl/x.go": file("pl") + "const C = 1\n"}, "docs pl/x.go", "pl.C"},
		{"variable in a group", map[string]string{"pl/x.go": file("pl") + "var (\n\tV int // V is.\n\tW int\n)\n"}, "docs pl/x.go", "pl.W"},
		{"package", map[string]string{"internal/money/x.go": "package money\n"}, "docs internal/money/x.go", "no package comment"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			violations := archtest.Check(house(t, tt.sources))
			if diff := cmp.Diff([]string{tt.want}, places(violations)); diff != "" {
				t.Fatalf("violations (-want +got):\n%s%v", diff, violations)
			}
			if !strings.Contains(violations[0].String(), tt.says) {
				t.Errorf("message %q does not say %q", violations[0], tt.says)
			}
		})
	}
}

// TestDocumentedForms are the ways to document that the rule accepts.
func TestDocumentedForms(t *testing.T) {
	t.Parallel()
	tree := house(t, map[string]string{
		"pl/x.go": file("pl") + `
// Kinds of something.
const (
	A = iota
	B
)

type (
	// T is one.
	T int
	U int // U is another.
)

type hidden int

func (hidden) Exported() {}

func lower() {}
`,
		"internal/money/y.go": file("money") + "func F() {}\n",
		"examples/z/main.go":  file("main") + "func F() {}\n",
	})
	if violations := archtest.Check(tree); len(violations) > 0 {
		t.Errorf("violations: %v", violations)
	}
}

func TestLoadRefusesBrokenSource(t *testing.T) {
	t.Parallel()
	_, err := archtest.Load(fstest.MapFS{"pl/x.go": {Data: []byte("package pl\nfunc {")}}, "example.com/house")
	if err == nil || !strings.Contains(err.Error(), "pl/x.go:2") {
		t.Errorf("Load of broken source: %v", err)
	}
}
