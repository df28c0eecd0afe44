package offline_test

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/faktupro/faktupro-go/ksef/offline"
	"github.com/faktupro/faktupro-go/pl"
)

// A day without internet: the invoice is issued offline on the day before
// Christmas Eve and sent on the next working day.
func Example() {
	xml, _ := os.ReadFile("testdata/christmas.xml")
	issued := time.Date(2026, time.December, 23, 16, 30, 0, 0, pl.Warsaw())

	invoice, err := offline.New(offline.Issue{Mode: offline.Offline24, Document: xml, At: issued})
	if err != nil {
		fmt.Println(err)
		return
	}
	deadline, _ := invoice.Deadline(nil)
	fmt.Println("send", invoice.Number, "by", deadline.Last, deadline.Last.Weekday())

	monday := time.Date(2026, time.December, 28, 8, 0, 0, 0, pl.Warsaw())
	warnings, _ := invoice.Warnings(monday, nil)
	for _, w := range warnings {
		fmt.Println(w.EN)
	}
	invoice, how, _ := invoice.Sent(offline.Online, monday)
	fmt.Println("offlineMode", how.OfflineMode)
	invoice, _ = invoice.Answered(offline.Answer{Status: 200, Number: "1234563218-20261228-0A1B2C3D4E5F-D5"})
	fmt.Println(invoice.State, invoice.Labels())
	// Output:
	// send FV/99/12/2026 by 2026-12-28 Monday
	// The invoice must be sent to KSeF by the end of 2026-12-28 and there is no other working day left: send it now.
	// offlineMode true
	// accepted [1234563218-20261228-0A1B2C3D4E5F-D5]
}

// A failure of KSeF is announced while the term runs, which moves it.
func ExampleDeadlineFor() {
	clock := func(day, hour int) time.Time { return time.Date(2026, time.March, day, hour, 0, 0, 0, pl.Warsaw()) }
	events, err := offline.Events([]offline.Notice{
		{EventID: 12, Category: "FAILURE", Type: "FAILURE_START", Start: clock(27, 9), Published: clock(27, 10), Version: 1},
		{EventID: 12, Category: "FAILURE", Type: "FAILURE_END", Start: clock(27, 9), End: clock(28, 15), Published: clock(28, 16), Version: 1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	deadline, err := offline.DeadlineFor(offline.Offline24, pl.NewDate(2026, time.March, 26), clock(26, 17), events)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range deadline.Steps {
		fmt.Printf("%v %s %q\n", s.Last, s.Article, s.Event)
	}
	fmt.Println("before", deadline.Until().Format(time.RFC3339))
	// Output:
	// 2026-03-27 art. 106nda ""
	// 2026-04-08 art. 106nf(4) and (5), art. 106nh(3)(1) "12"
	// before 2026-04-09T00:00:00+02:00
}

func ExampleModeAt() {
	start := time.Date(2026, time.March, 10, 20, 0, 0, 0, pl.Warsaw())
	events := []offline.Event{{ID: "5", Kind: offline.Unavailable, Announced: start.AddDate(0, 0, -7), Start: start, End: start.Add(4 * time.Hour)}}
	for _, at := range []time.Time{start.Add(-time.Minute), start.Add(time.Hour)} {
		rule, _ := offline.ModeAt(events, at).Rule()
		fmt.Println(rule.Polish, rule.Article)
	}
	// Output:
	// tryb offline24 art. 106nda
	// tryb offline (niedostępność KSeF) art. 106nh
}

func ExamplePredict() {
	issued := pl.NewDate(2026, time.October, 24)
	for _, received := range []string{"2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z"} {
		t, _ := time.Parse(time.RFC3339, received)
		p, err := offline.Predict(issued, t, false)
		fmt.Println(received, "offline:", p.Offline, "certain:", p.Certain, err)
	}
	// Output:
	// 2026-10-24T21:59:59Z offline: false certain: true <nil>
	// 2026-10-24T22:00:00Z offline: true certain: false <nil>
	// 2026-10-25T12:00:00Z offline: true certain: true <nil>
}

// A rejected invoice is corrected technically; its content may not change.
func ExampleDocument_Corrected() {
	wrong, _ := os.ReadFile("testdata/christmas.xml")
	cheaper, _ := os.ReadFile("testdata/cheaper.xml")
	day := time.Date(2026, time.December, 23, 16, 30, 0, 0, pl.Warsaw())
	invoice, _ := offline.New(offline.Issue{Mode: offline.Offline24, Document: wrong, At: day})
	invoice, _, _ = invoice.Sent(offline.Online, day)
	invoice, _ = invoice.Answered(offline.Answer{Status: 450})

	_, err := invoice.Corrected(offline.Correction{Rejected: wrong, Corrected: cheaper})
	if e, ok := errors.AsType[*offline.ContentError](err); ok {
		for _, c := range e.Changes {
			fmt.Println(c.Path, "protected:", c.Protected)
		}
	}
	err = invoice.MayBeCorrected()
	if e, ok := errors.AsType[*offline.OrderError](err); ok {
		fmt.Println(e.Polish)
	}
	// Output:
	// /Faktura/Fa/P_13_1 protected: true
	// /Faktura/Fa/P_14_1 protected: true
	// /Faktura/Fa/P_15 protected: true
	// /Faktura/Fa/FaWiersz/P_9A protected: true
	// /Faktura/Fa/FaWiersz/P_11 protected: true
	// fakturę korygującą wystawia się dopiero po nadaniu numeru KSeF fakturze pierwotnej (art. 106nda ust. 12, art. 106nf ust. 11)
}

func ExampleCompareXML() {
	before, _ := os.ReadFile("testdata/faulty.xml") // dashes in the NIP
	after, _ := os.ReadFile("testdata/christmas.xml")
	changes, err := offline.CompareXML(before, after)
	for _, c := range changes {
		fmt.Println(c.Class, c.Path)
	}
	fmt.Println(err, offline.CheckChanges(changes, 430, nil))
	// Output:
	// technical /Faktura/Naglowek/DataWytworzeniaFa
	// spelling /Faktura/Podmiot1/DaneIdentyfikacyjne/NIP
	// spelling /Faktura/Fa/P_15
	// <nil> <nil>
}
