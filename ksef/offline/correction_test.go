package offline_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/offline"
)

func TestCompareXML(t *testing.T) {
	t.Parallel()
	content := func(path string) offline.Change { return offline.Change{Path: path, Class: offline.ClassContent} }
	locked := func(path string) offline.Change {
		return offline.Change{Path: path, Class: offline.ClassContent, Protected: true}
	}
	tests := []struct {
		name, from, to string
		want           []offline.Change
	}{
		{"nothing", "<P_2>", "<P_2>", nil},
		{"layout", "<Fa>", "\n  <Fa>\n", nil},
		{"comment", "<Fa>", "<Fa><!-- x -->", nil},
		{"order of different elements", "<KodWaluty>PLN</KodWaluty><P_1>2026-02-03</P_1>", "<P_1>2026-02-03</P_1><KodWaluty>PLN</KodWaluty>", nil},
		{"time of making", "2026-02-03T08:15:30Z", "2026-02-05T08:15:30Z", []offline.Change{{Path: "/Faktura/Naglowek/DataWytworzeniaFa", Class: offline.ClassTechnical}}},
		{"program", "<SystemInfo>FaktuPro</SystemInfo>", "", []offline.Change{{Path: "/Faktura/Naglowek/SystemInfo", Class: offline.ClassTechnical, Removed: true}}},
		{"attribute", `wersjaSchemy="1-0E"`, `wersjaSchemy="1-1E"`, []offline.Change{{Path: "/Faktura/Naglowek/KodFormularza@wersjaSchemy", Class: offline.ClassTechnical}}},
		{"namespace", "2025/06/25/13775", "2023/06/29/12648", []offline.Change{{Path: "/Faktura@xmlns", Class: offline.ClassTechnical}}},
		{"zeros", "<P_15>403.50</P_15>", "<P_15>403.5</P_15>", []offline.Change{{Path: "/Faktura/Fa/P_15", Class: offline.ClassSpelling}}},
		{"dashes in a NIP", "<NIP>1234563218</NIP>", "<NIP>123-456-32-18</NIP>", []offline.Change{{Path: "/Faktura/Podmiot1/DaneIdentyfikacyjne/NIP", Class: offline.ClassSpelling}}},
		{"white space", "Rynek 12/3", "Rynek  12/3 ", []offline.Change{{Path: "/Faktura/Podmiot2/Adres/AdresL1", Class: offline.ClassSpelling}}},
		{"dash in the number", "FV/17/02/2026", "FV/17/02-2026", []offline.Change{locked("/Faktura/Fa/P_2")}},
		{"zero in the number", "FV/17/02/2026", "FV/017/02/2026", []offline.Change{locked("/Faktura/Fa/P_2")}},
		{"amount", "<P_15>403.50</P_15>", "<P_15>403.51</P_15>", []offline.Change{locked("/Faktura/Fa/P_15")}},
		{"no amount", "<P_15>403.50</P_15>", "<P_15>403,50</P_15>", []offline.Change{locked("/Faktura/Fa/P_15")}},
		{"NIP", "<NIP>9876543210</NIP>", "<NIP>9876543219</NIP>", []offline.Change{locked("/Faktura/Podmiot2/DaneIdentyfikacyjne/NIP")}},
		{"name", "Kłos", "Klos", []offline.Change{content("/Faktura/Podmiot2/DaneIdentyfikacyjne/Nazwa")}},
		{"line", "<P_11>75.00</P_11>", "<P_11>57.00</P_11>", []offline.Change{locked("/Faktura/Fa/FaWiersz[2]/P_11")}},
		{"name of goods", "typ 451", "typ 415", []offline.Change{content("/Faktura/Fa/FaWiersz[2]/P_7")}},
		{"added mark", "<P_23>2</P_23>", "<P_23>2</P_23><P_24>x</P_24>", []offline.Change{{Path: "/Faktura/Fa/Adnotacje/P_24", Class: offline.ClassContent, Added: true}}},
	}
	for _, tt := range tests {
		got, err := offline.CompareXML(sample(t), with(t, tt.from, tt.to))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	before, err := fa3.Unmarshal(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	after, err := fa3.Unmarshal(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	after.Fa.FaWiersz = after.Fa.FaWiersz[:1]
	after.Fa.P_15 = "123.00"
	changes, err := offline.Compare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for _, c := range changes {
		paths[c.Path] = true
		if c.Class != offline.ClassContent {
			t.Errorf("%+v", c)
		}
	}
	for _, want := range []string{"/Faktura/Fa/P_15", "/Faktura/Fa/FaWiersz[2]/P_11", "/Faktura/Fa/FaWiersz[3]/NrWierszaFa"} {
		if !paths[want] {
			t.Errorf("%s is not named: %v", want, changes)
		}
	}
	if paths["/Faktura/Fa/FaWiersz[1]/P_11"] {
		t.Error("the first line did not change")
	}
	huge := &fa3.Faktura{Stopka: &fa3.Stopka{Informacje: []fa3.Informacje{{StopkaFaktury: strings.Repeat("x", 4_000_000)}}}}
	for _, pair := range [][2]*fa3.Faktura{{huge, after}, {after, huge}} {
		if _, err := offline.Compare(pair[0], pair[1]); !errors.Is(err, offline.ErrDocument) || !errors.Is(err, fa3.ErrSize) {
			t.Errorf("a document too large: %v", err)
		}
	}
	if same, err := offline.Compare(before, before); err != nil || len(same) > 0 {
		t.Errorf("%v, %v", same, err)
	}
}

func TestCompareHostile(t *testing.T) {
	t.Parallel()
	good := sample(t)
	for name, doc := range map[string]string{
		"no XML":     "x",
		"entity":     `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`,
		"large":      "<a>" + strings.Repeat(" ", 3_000_000) + "</a>",
		"many":       "<a>" + strings.Repeat("<b/>", 300_000) + "</a>",
		"long names": "<a>" + strings.Repeat("<"+strings.Repeat("n", 1000)+"><b/>", 3) + "</a>",
	} {
		for _, pair := range [][2][]byte{{good, []byte(doc)}, {[]byte(doc), good}} {
			if changes, err := offline.CompareXML(pair[0], pair[1]); !errors.Is(err, offline.ErrDocument) || changes != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func FuzzCompareXML(f *testing.F) {
	doc := sample(f)
	f.Add(doc, bytes.Replace(doc, []byte("403.50"), []byte("403.5"), 1))
	f.Add([]byte("<a><b x='1'/><b>t</b>u</a>"), []byte("<a><b/>u</a>"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		there, err := offline.CompareXML(a, b)
		back, err2 := offline.CompareXML(b, a)
		if (err == nil) != (err2 == nil) || len(there) != len(back) {
			t.Fatalf("%v, %v, %v, %v", there, err, back, err2)
		}
		if err != nil && !errors.Is(err, offline.ErrDocument) {
			t.Fatal(err)
		}
		count := func(list []offline.Change) (added, removed int) {
			for _, c := range list {
				if c.Path == "" || c.Added && c.Removed {
					t.Fatalf("%+v", c)
				}
				if c.Added {
					added++
				}
				if c.Removed {
					removed++
				}
			}
			return added, removed
		}
		added, removed := count(there)
		addedBack, removedBack := count(back)
		if added != removedBack || removed != addedBack {
			t.Fatalf("%v but %v", there, back)
		}
		if same, err := offline.CompareXML(a, a); err == nil && len(same) > 0 {
			t.Fatalf("a document differs from itself: %v", same)
		}
	})
}

func TestCorrected(t *testing.T) {
	t.Parallel()
	base := sample(t)
	tests := []struct {
		name     string
		status   int
		from, to string
		faults   []string
		want     error
		places   []string // of a ContentError
	}{
		{"the program was repaired", 430, "2026-02-03T08:15:30Z", "2026-02-05T08:15:30Z", nil, nil, nil},
		{"zeros", 450, "<P_9A>37.50</P_9A>", "<P_9A>37.500</P_9A>", nil, nil, nil},
		{"nothing", 450, "<P_2>", "<P_2>", nil, offline.ErrDocument, nil},
		{"still broken", 430, "<P_23>2</P_23>", "<P_24>2</P_24>", nil, offline.ErrDocument, nil},
		{"not XML any more", 430, "</Faktura>", "", nil, offline.ErrDocument, nil},
		{"amount", 450, "403.50", "403.51", nil, offline.ErrContent, []string{"/Faktura/Fa/P_15"}},
		{"amount named as fault", 450, "403.50", "403.51", []string{"/Faktura/Fa/P_15"}, offline.ErrContent, []string{"/Faktura/Fa/P_15"}},
		{"name", 450, "typ 451", "typ 415", nil, offline.ErrContent, []string{"/Faktura/Fa/FaWiersz[2]/P_7"}},
		{"name of the wrong line as fault", 450, "typ 451", "typ 415", []string{"/Faktura/Fa/FaWiersz/P_7"}, offline.ErrContent, []string{"/Faktura/Fa/FaWiersz[2]/P_7"}},
		{"name named as fault", 430, "typ 451", "typ 415", []string{"/Faktura/Fa/FaWiersz[2]/P_7"}, nil, nil},
		{"line named as fault", 430, "typ 450", "typ 405", []string{"/Faktura/Fa/FaWiersz"}, nil, nil},
		{"everything named as fault", 430, "typ 451", "typ 415", []string{"/Faktura/Fa", "/Faktura"}, offline.ErrContent, []string{"/Faktura/Fa/FaWiersz[2]/P_7"}},
		{"number", 450, "FV/17/02/2026", "FV/18/02/2026", []string{"/Faktura/Fa/P_2"}, offline.ErrContent, []string{"/Faktura/Fa/P_2"}},
		{"number of a duplicate", 440, "FV/17/02/2026", "FV/18/02/2026", nil, nil, nil},
		{"amount of a duplicate", 440, "403.50", "403.51", nil, offline.ErrContent, []string{"/Faktura/Fa/P_15"}},
		{"date of a duplicate", 440, "<P_1>2026-02-03</P_1>", "<P_1>2026-02-05</P_1>", nil, offline.ErrContent, []string{"/Faktura/Fa/P_1"}},
	}
	for _, tt := range tests {
		corrected := with(t, tt.from, tt.to)
		before := rejected(t, tt.status)
		before.CodeII = "of the old document"
		got, err := before.Corrected(offline.Correction{Rejected: base, Corrected: corrected, Faults: tt.faults})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			continue
		}
		if err != nil {
			checkPlaces(t, tt.name, err, tt.places)
			if diff := cmp.Diff(before, got); diff != "" {
				t.Errorf("%s: refused and changed:\n%s", tt.name, diff)
			}
			continue
		}
		if got.State != offline.StateIssued || got.Corrects != before.Hash || got.Hash == before.Hash || got.CodeII != "" {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func checkPlaces(t *testing.T, name string, err error, want []string) {
	t.Helper()
	var places []string
	if e, ok := errors.AsType[*offline.ContentError](err); ok {
		for _, c := range e.Changes {
			places = append(places, c.Path)
			if !strings.Contains(err.Error(), c.Path) {
				t.Errorf("%s: %v does not name %s", name, err, c.Path)
			}
		}
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestCorrectedTwice: the first correction is rejected as well; the second still
// names the document with which the invoice was issued.
func TestCorrectedTwice(t *testing.T) {
	t.Parallel()
	first := with(t, "2026-02-03T08:15:30Z", "2026-02-05T08:15:30Z")
	second := with(t, "2026-02-03T08:15:30Z", "2026-02-06T08:15:30Z")
	d, err := rejected(t, 430).Corrected(offline.Correction{Rejected: sample(t), Corrected: first})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Sent(offline.Batch, at(t, "2026-02-05 12:00")); !errors.Is(err, offline.ErrOrder) {
		t.Errorf("technical correction in a package: %v", err)
	}
	d, how, err := d.Sent(offline.Online, at(t, "2026-02-05 12:00"))
	if err != nil || how.Corrected != issued(t).Hash || !how.OfflineMode {
		t.Fatalf("%+v, %v", how, err)
	}
	if d, err = d.Answered(offline.Answer{Status: 430}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Corrected(offline.Correction{Rejected: sample(t), Corrected: second}); !errors.Is(err, offline.ErrDocument) {
		t.Errorf("the first document was not the last to be rejected: %v", err)
	}
	if d, err = d.Corrected(offline.Correction{Rejected: first, Corrected: second}); err != nil {
		t.Fatal(err)
	}
	_, how, err = d.Sent(offline.Online, at(t, "2026-02-06 12:00"))
	if err != nil || how.Corrected != issued(t).Hash {
		t.Errorf("%+v, %v", how, err)
	}
}
