package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/faktupro/faktupro-go/ksef/fa3/rules"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
)

// maxDocument bounds what is read from one file; no document of KSeF comes near.
const maxDocument = 64<<20 + 1

// fa3Validate is one run of fa3 validate.
type fa3Validate struct {
	*cli
	layers, languages, disable []string
	received, test             bool
	max                        int

	cfg                    validate.Config
	valid, invalid, unread int
}

func (c *cli) fa3ValidateCommand() *cobra.Command {
	v := &fa3Validate{cli: c}
	cmd := &cobra.Command{
		Use:   "validate PATH...",
		Short: "Judge documents as KSeF does, and their meaning beyond that",
		Long: "Judges FA(3) documents, also FA(2), FA_RR(1) and UPO, by three layers: xml (the file), schema (elements and\n" +
			"values) and semantic (amounts, dates, annotations). A folder stands for the .xml files in it, - for\n" +
			"standard input. Exit code 0: all are valid; 1: at least one is not; 3: a file could not be read.",
		Args: wrongUse(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return v.run(args) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&v.layers, "layer", []string{"xml", "schema", "semantic"}, "layers to apply")
	f.StringSliceVar(&v.languages, "lang", []string{"en"}, "language of the messages: en, pl or both")
	f.StringSliceVar(&v.disable, "disable", nil, "rules of the layer semantic to leave out; see fa3 rules")
	f.BoolVar(&v.received, "received", false, "the documents come from KSeF: forgive what it accepted before it had a rule")
	f.BoolVar(&v.test, "test", false, "for a test environment of KSeF, which accepts wrong check digits")
	f.IntVar(&v.max, "max", validate.DefaultMax, "problems to list for one document")
	return cmd
}

// layerNames are the layers in the order in which they are applied.
var layerNames = []string{string(validate.XML), string(validate.Schema), string(validate.Semantic)}

// configure turns the flags into a configuration.
func (v *fa3Validate) configure() error {
	v.cfg = validate.Config{Max: v.max, Received: v.received, Rules: rules.Config{Disable: v.disable, Test: v.test, Now: v.now()}}
	for _, l := range v.layers {
		if !slices.Contains(layerNames, l) {
			return usage(fmt.Errorf("--layer %s: use some of %s", l, strings.Join(layerNames, ",")))
		}
		v.cfg.Layers = append(v.cfg.Layers, validate.Layer(l))
	}
	for _, l := range v.languages {
		if l != "en" && l != "pl" {
			return usage(fmt.Errorf("--lang %s: use en, pl or en,pl", l))
		}
	}
	switch {
	case len(v.layers) == 0:
		return usage(fmt.Errorf("--layer needs some of %s", strings.Join(layerNames, ",")))
	case len(v.languages) == 0:
		return usage(errors.New("--lang needs en, pl or en,pl"))
	case v.max < 1:
		return usage(errors.New("--max needs a number from 1 on"))
	}
	if err := v.cfg.Rules.Validate(); err != nil {
		return usage(err)
	}
	return nil
}

func (v *fa3Validate) run(paths []string) error {
	if err := v.configure(); err != nil {
		return err
	}
	files := v.documentsIn(paths)
	if len(files)+v.unread == 0 {
		return usage(errors.New("there is no .xml file in the given folders"))
	}
	for _, file := range files {
		if err := v.file(file); err != nil {
			return err
		}
	}
	if all := v.valid + v.invalid + v.unread; !v.json && all > 1 {
		fmt.Fprintf(v.out, "%d documents: %d valid, %d not valid, %d not read\n", all, v.valid, v.invalid, v.unread)
	}
	switch {
	case v.unread > 0:
		return fmt.Errorf("%d files could not be read", v.unread)
	case v.invalid > 0:
		return no(errors.New("not every document is valid"))
	}
	return nil
}

// documentsIn lists the files, and those ending in .xml in the folders. What
// cannot be looked into is told and does not end the run.
func (v *fa3Validate) documentsIn(paths []string) []string {
	var files []string
	for _, path := range paths {
		if path == "-" {
			files = append(files, path)
			continue
		}
		// The function passes errors on by itself.
		_ = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				v.missed(name, err)
			case !entry.IsDir() && (name == path || strings.EqualFold(filepath.Ext(name), ".xml")):
				files = append(files, name)
			}
			return nil
		})
	}
	return files
}

// missed tells of a file that could not be read.
func (v *fa3Validate) missed(name string, err error) {
	v.unread++
	if v.json {
		_ = json.NewEncoder(v.out).Encode(verdict{File: name, Problems: []spokenFault{}, Error: err.Error()})
	}
	fmt.Fprintf(v.err, "faktupro: %s\n", printable(err.Error()))
}

// file judges one document. A file that cannot be read does not end the run.
func (v *fa3Validate) file(name string) error {
	doc, err := readUpTo(name, maxDocument+1) // one byte too many is for the layer xml to refuse
	if err != nil {
		v.missed(name, err)
		return nil
	}
	report := validate.Document(doc, v.cfg)
	if report.Valid() {
		v.valid++
	} else {
		v.invalid++
	}
	if v.json {
		return json.NewEncoder(v.out).Encode(v.verdict(name, report))
	}
	return v.explain(name, doc, report)
}

// verdict is one line of fa3 validate --json.
type verdict struct {
	File      string        `json:"file"`
	Kind      validate.Kind `json:"kind"`
	Valid     bool          `json:"valid"`
	Problems  []spokenFault `json:"problems"`
	Truncated bool          `json:"truncated,omitempty"`
	Error     string        `json:"error,omitempty"` // why the file could not be read
}

// spokenFault is a problem with its message in the languages asked for.
type spokenFault struct {
	Layer     validate.Layer    `json:"layer"`
	Code      validate.Code     `json:"code"`
	Severity  validate.Severity `json:"severity"`
	Path      string            `json:"path"`
	Line      int               `json:"line"`
	Column    int               `json:"column"`
	Message   string            `json:"message"`
	Messages  map[string]string `json:"messages,omitempty"` // when several languages are asked for
	Expected  []string          `json:"expected,omitempty"`
	Nearest   string            `json:"nearest,omitempty"`
	Reference string            `json:"reference,omitempty"`
}

func (v *fa3Validate) verdict(name string, report *validate.Report) verdict {
	out := verdict{File: name, Kind: report.Kind, Valid: report.Valid(), Problems: []spokenFault{}, Truncated: report.Truncated}
	for _, p := range report.Problems {
		said := spokenFault{
			Layer: p.Layer, Code: p.Code, Severity: p.Severity, Path: p.Path, Line: p.Line, Column: p.Column,
			Message: v.messages(p)[0], Expected: p.Expected, Nearest: p.Nearest, Reference: p.Reference,
		}
		if len(v.languages) > 1 {
			said.Messages = map[string]string{"en": p.EN, "pl": p.PL}
		}
		out.Problems = append(out.Problems, said)
	}
	return out
}

// messages are the texts of a problem in the languages asked for.
func (v *fa3Validate) messages(p validate.Problem) []string {
	said := make([]string, len(v.languages))
	for i, language := range v.languages {
		said[i] = p.EN
		if language == "pl" {
			said[i] = p.PL
		}
	}
	return said
}
