package main

import "github.com/faktupro/faktupro-go/internal/xsd/facts"

// Merge copies what is written by hand from an older table into fresh facts:
// meanings, names of constants, "as" and the distribution over files.
func Merge(fresh, old *facts.Schema) {
	fresh.Files = old.Files
	for _, t := range fresh.Types {
		if was := old.Type(t.Name); was != nil {
			mergeType(t, was)
		}
	}
	meanings := map[string]string{}
	for _, t := range old.Structs {
		meanings[t.Name] = t.Gloss
		collectMeanings(meanings, t.Name, t.Items)
	}
	collectMeanings(meanings, "", []facts.Item{{Element: old.Root}})
	for _, t := range fresh.Structs {
		t.Gloss = meanings[t.Name]
		applyMeanings(meanings, t.Name, t.Items)
	}
	applyMeanings(meanings, "", []facts.Item{{Element: fresh.Root}})
}

func mergeType(t, was *facts.Type) {
	t.Gloss, t.As = was.Gloss, was.As
	for i := range t.Values {
		for _, v := range was.Values {
			if v.Value == t.Values[i].Value {
				t.Values[i] = v
			}
		}
	}
}

func collectMeanings(meanings map[string]string, path string, items []facts.Item) {
	facts.Each(items, func(e *facts.Element) {
		here := path + "/" + e.Name
		meanings[here] = e.Gloss
		for _, a := range e.Attrs {
			meanings[here+"/@"+a.Name] = a.Gloss
		}
		collectMeanings(meanings, here, e.Items)
	})
}

func applyMeanings(meanings map[string]string, path string, items []facts.Item) {
	facts.Each(items, func(e *facts.Element) {
		here := path + "/" + e.Name
		e.Gloss = meanings[here]
		for _, a := range e.Attrs {
			a.Gloss = meanings[here+"/@"+a.Name]
		}
		applyMeanings(meanings, here, e.Items)
	})
}
