package faktupro

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guide is the decision table for developers.
func guide(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "docs", "invoices.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestGuideLinks: the guide mentions every sample, and links lead to files.
func TestGuideLinks(t *testing.T) {
	t.Parallel()
	text := guide(t)
	for _, s := range samples(t) {
		if s.name != "sample" && !strings.Contains(text, "(../faktupro/testdata/invoices/"+s.name+".json)") {
			t.Errorf("%s is not mentioned", s.name)
		}
	}
	links := regexp.MustCompile(`\[(\d*)[^\]]*\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1)
	for _, link := range links {
		path := filepath.Join("..", "docs", link[2])
		if _, err := os.Stat(path); err != nil {
			t.Errorf("link to %s: %v", link[2], err)
		}
		number, _, _ := strings.Cut(filepath.Base(path), "-")
		if link[1] != "" && link[1] != strings.TrimLeft(number, "0") {
			t.Errorf("number %s links to %s", link[1], link[2])
		}
	}
	if len(links) < 100 {
		t.Errorf("only %d links", len(links))
	}
}

// TestGuideRows: every row of a table has an example.
func TestGuideRows(t *testing.T) {
	t.Parallel()
	rows := 0
	for line := range strings.Lines(guide(t)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| You want to") {
			continue
		}
		rows++
		if cells := strings.Split(line, "|"); len(cells) != 7 || !strings.Contains(cells[3], ".json)") {
			t.Errorf("%d cells, or no example: %s", len(cells)-2, line)
		}
	}
	if rows < 60 {
		t.Errorf("only %d rows", rows)
	}
}

// TestGuideFragments: each piece of JSON in the guide, with the parties of the
// published sample, is an invoice that can be issued.
func TestGuideFragments(t *testing.T) {
	t.Parallel()
	var base map[string]json.RawMessage
	if err := json.Unmarshal(Sample(), &base); err != nil {
		t.Fatal(err)
	}
	common := map[string]json.RawMessage{
		"number": json.RawMessage(`"FV/1/2026"`), "issueDate": json.RawMessage(`"2026-05-06"`), "seller": base["seller"], "buyer": base["buyer"],
	}
	fragments := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(guide(t), -1)
	for _, f := range fragments {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(f[1]), &fields); err != nil {
			t.Errorf("%v in %s", err, f[1])
			continue
		}
		maps.Copy(fields, common)
		data, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		inv, problems := DecodeAndValidate(data, ValidateOptions{})
		if len(problems) > 0 {
			t.Errorf("%v in %s", problems, f[1])
			continue
		}
		flawless(t, inv)
	}
	if len(fragments) == 0 {
		t.Error("no fragments")
	}
}

// TestGuideNames: properties and values that the guide writes as code are in the
// schema of invoices.
func TestGuideNames(t *testing.T) {
	t.Parallel()
	schema := string(Schema())
	for _, code := range regexp.MustCompile("`([a-z][A-Za-z0-9.-]*)(?:: ([a-z]+|\"[^\"]*\"))?`").FindAllStringSubmatch(guide(t), -1) {
		words := strings.Split(code[1], ".")
		if strings.HasPrefix(code[2], `"`) {
			words = append(words, strings.Trim(code[2], `"`))
		}
		for _, word := range words {
			if !strings.Contains(schema, `"`+word+`"`) && !regexp.MustCompile(`^[0-9.]+$`).MatchString(word) {
				t.Errorf("%q in %s is no property and no value", word, code[0])
			}
		}
	}
}
