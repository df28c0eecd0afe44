package ksefsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// filter is a metadata query over a range of days around noon.
func filter(role, dateType string, more ...map[string]any) map[string]any {
	f := map[string]any{"subjectType": role, "dateRange": map[string]any{"dateType": dateType, "from": "2026-06-01T00:00:00Z"}}
	for _, m := range more {
		for name, value := range m {
			f[name] = value
		}
	}
	return f
}

// dated is a query over another range.
func dated(dateType string, more map[string]any) map[string]any {
	r := map[string]any{"dateType": dateType, "from": "2026-06-01T00:00:00Z"}
	for name, value := range more {
		r[name] = value
	}
	return map[string]any{"subjectType": asSeller, "dateRange": r}
}

// queried are the numbers of the invoices that a query finds.
func (h *harness) queried(token, params string, f any) []string {
	h.Helper()
	var out []string
	for _, inv := range elements(h.post("/v2/invoices/query/metadata?"+params, token, f).want(200), "invoices") {
		out = append(out, inv["invoiceNumber"].(string))
	}
	return out
}

// stock sends a few invoices that differ, a second apart.
func (h *harness) stock(token string) *client {
	h.Helper()
	c := h.open(token)
	for i, change := range []func(*fa3.Faktura){
		func(*fa3.Faktura) {},
		func(f *fa3.Faktura) {
			f.Fa.KodWaluty, f.Fa.P_14_1W = "EUR", "98.90"
			f.Fa.P_1 = pl.NewDate(2026, 7, 10)
		},
		func(f *fa3.Faktura) {
			f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{KodUE: "DE", NrVatUE: "123456789", Nazwa: "Holz GmbH"}
		},
		func(f *fa3.Faktura) {
			f.Podmiot3 = []fa3.Podmiot3{{DaneIdentyfikacyjne: fa3.TPodmiot3{NIP: string(other), Nazwa: "Faktor SA"}, Rola: "1"}}
			f.Podmiot2.DaneIdentyfikacyjne = fa3.TPodmiot2{BrakID: true, Nazwa: "Jan Kowalski"}
		},
		func(f *fa3.Faktura) {
			f.Fa.RodzajFaktury = fa3.KindZAL
			f.Fa.P_13_1, f.Fa.P_14_1, f.Fa.P_15 = "1000.00", "230.00", "1230.00"
		},
	} {
		reference := c.send(invoiceXML(fmt.Sprintf("M/%d", i+1), change))
		c.invoice(reference).statusIs(200)
		h.clock.advance(time.Second)
	}
	return c
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	h.stock(token)
	for name, test := range map[string]struct {
		filter map[string]any
		want   string
	}{
		"all":           {filter(asSeller, datePermanent), "M/1 M/2 M/3 M/4 M/5"},
		"by issue":      {filter(asSeller, dateIssue), "M/2 M/1 M/3 M/4 M/5"},
		"by invoicing":  {filter(asSeller, dateInvoicing), "M/1 M/2 M/3 M/4 M/5"},
		"as buyer":      {filter(asBuyer, datePermanent), ""},
		"number":        {filter(asSeller, datePermanent, map[string]any{"invoiceNumber": "M/3"}), "M/3"},
		"seller":        {filter(asSeller, datePermanent, map[string]any{"sellerNip": string(other)}), ""},
		"buyer":         {filter(asSeller, datePermanent, map[string]any{"buyerIdentifier": map[string]any{"type": "VatUe", "value": "DE123456789"}}), "M/3"},
		"no buyer":      {filter(asSeller, datePermanent, map[string]any{"buyerIdentifier": map[string]any{"type": "none"}}), "M/4"},
		"NIP of buyer":  {filter(asSeller, datePermanent, map[string]any{"buyerIdentifier": map[string]any{"type": "Nip", "value": string(shopper)}}), "M/1 M/2 M/5"},
		"currency":      {filter(asSeller, datePermanent, map[string]any{"currencyCodes": []string{"EUR", "USD"}}), "M/2"},
		"offline":       {filter(asSeller, datePermanent, map[string]any{"invoicingMode": "Offline"}), "M/2"},
		"self":          {filter(asSeller, datePermanent, map[string]any{"isSelfInvoicing": true}), ""},
		"attachment":    {filter(asSeller, datePermanent, map[string]any{"hasAttachment": false}), "M/1 M/2 M/3 M/4 M/5"},
		"form":          {filter(asSeller, datePermanent, map[string]any{"formType": "FA_RR"}), ""},
		"types":         {filter(asSeller, datePermanent, map[string]any{"invoiceTypes": []string{"Zal", "Kor"}}), "M/5"},
		"gross":         {filter(asSeller, datePermanent, map[string]any{"amount": map[string]any{"type": "Brutto", "from": 1000}}), "M/5"},
		"VAT":           {filter(asSeller, datePermanent, map[string]any{"amount": map[string]any{"type": "Vat", "from": 98.9, "to": 98.9}}), "M/2"},
		"net":           {filter(asSeller, datePermanent, map[string]any{"amount": map[string]any{"type": "Netto", "from": -5, "to": 100}}), "M/1 M/2 M/3 M/4"},
		"until":         {dated(datePermanent, map[string]any{"to": "2026-07-15T14:00:01.5"}), "M/1 M/2"}, // Polish time
		"day of issue":  {dated(dateIssue, map[string]any{"from": "2026-07-10", "to": "2026-07-10"}), "M/2"},
		"from and to":   {dated(dateInvoicing, map[string]any{"from": "2026-07-15T12:00:01.1234567Z", "to": "2026-07-15T12:00:02.1234567Z"}), "M/2 M/3"},
		"not yet there": {dated(datePermanent, map[string]any{"from": "2026-07-15T12:00:04.9Z"}), ""},
	} {
		if got := strings.Join(h.queried(token, "", test.filter), " "); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if got := h.queried(token, "sortOrder=desc", filter(asSeller, datePermanent)); got[0] != "M/5" {
		t.Errorf("descending %v", got)
	}
	factor := h.owner(other)
	if got := h.queried(factor, "", filter(asThird, datePermanent)); !slices.Equal(got, []string{"M/4"}) {
		t.Errorf("third party %v", got)
	}
	if got := h.queried(h.owner(shopper), "", filter(asBuyer, datePermanent)); len(got) != 3 {
		t.Errorf("buyer %v", got)
	}
	euro := elements(h.post("/v2/invoices/query/metadata", token, filter(asSeller, datePermanent, map[string]any{"currencyCodes": []string{"EUR"}})).want(200), "invoices")[0]
	if euro["vatAmount"] != 98.9 || euro["grossAmount"] != 123.0 || euro["netAmount"] != 100.0 || euro["currency"] != "EUR" || euro["issueDate"] != "2026-07-10" {
		t.Errorf("metadata %v", euro)
	}
	number := euro["ksefNumber"].(string)
	if got := h.queried(token, "", filter(asSeller, datePermanent, map[string]any{"ksefNumber": number})); len(got) != 1 {
		t.Errorf("by number %v", got)
	}
}

func TestWrongQueries(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{})
	token := h.owner(seller)
	for name, f := range map[string]map[string]any{
		"no role":    {"dateRange": filter(asSeller, dateIssue)["dateRange"]},
		"role":       filter("Subject4", dateIssue),
		"no range":   {"subjectType": asSeller},
		"date type":  filter(asSeller, "x"),
		"backwards":  dated(dateIssue, map[string]any{"to": "2026-05-01T00:00:00Z"}),
		"101 days":   dated(dateIssue, map[string]any{"from": "2026-04-05T00:00:00Z"}),
		"restricted": dated(dateIssue, map[string]any{"restrictToPermanentStorageHwmDate": true}),
		"NIP":        filter(asSeller, dateIssue, map[string]any{"sellerNip": "123"}),
		"number":     filter(asSeller, dateIssue, map[string]any{"ksefNumber": "123"}),
		"currency":   filter(asSeller, dateIssue, map[string]any{"currencyCodes": []string{"EURO"}}),
		"amount":     filter(asSeller, dateIssue, map[string]any{"amount": map[string]any{"type": "x"}}),
		"type":       filter(asSeller, dateIssue, map[string]any{"invoiceTypes": []string{"x"}}),
		"time":       dated(dateIssue, map[string]any{"from": "yesterday"}),
	} {
		if codes := h.post("/v2/invoices/query/metadata", token, f).want(400).codes(); codes[0] != codeValidation {
			t.Errorf("%s: %v", name, codes)
		}
	}
	for _, params := range []string{"pageSize=5", "pageSize=251", "pageOffset=-1", "sortOrder=x"} {
		h.post("/v2/invoices/query/metadata?"+params, token, filter(asSeller, dateIssue)).refused(codeValidation)
	}
	beyond := dated(datePermanent, map[string]any{"from": "2026-07-16T00:00:00Z", "restrictToPermanentStorageHwmDate": true})
	h.post("/v2/invoices/query/metadata", token, beyond).refused(codeBeyondData)
	older := newHarness(t, Config{Level: Level27})
	days := dated(dateIssue, map[string]any{"from": "2026-04-14T22:00:00Z", "to": "2026-07-14T22:00:00Z"}) // three months in Poland
	older.post("/v2/invoices/query/metadata", older.owner(seller), days).want(200)
}

// TestWindow: one filter shows a window, and the dates lead on from it.
func TestWindow(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{Exports: ExportLimits{Window: 20}})
	token := h.owner(seller)
	c := h.open(token)
	for i := range 45 {
		c.send(invoiceXML(fmt.Sprintf("W/%d", i)))
		h.clock.advance(time.Second)
	}
	for _, order := range []string{"Asc", "Desc"} {
		seen := make(map[string]bool)
		f := dated(datePermanent, nil)
		requests := 0
		for offset := 0; requests < 20; requests++ {
			a := h.post(fmt.Sprintf("/v2/invoices/query/metadata?pageSize=10&sortOrder=%s&pageOffset=%d", order, offset), token, f).want(200)
			list := elements(a, "invoices")
			for _, inv := range list {
				seen[inv["ksefNumber"].(string)] = true
			}
			if a.at("hasMore") == false {
				break
			}
			offset++
			if a.at("isTruncated") == true {
				bound := map[string]string{"Asc": "from", "Desc": "to"}[order]
				f["dateRange"].(map[string]any)[bound] = list[len(list)-1]["permanentStorageDate"]
				offset = 0
			}
		}
		if len(seen) != 45 || requests > 6 {
			t.Errorf("%s: %d invoices in %d requests", order, len(seen), requests+1)
		}
	}
}

func TestHighWater(t *testing.T) {
	t.Parallel()
	h := newHarness(t, Config{HighWaterDelay: time.Minute})
	token := h.owner(seller)
	c := h.open(token)
	c.send(invoiceXML("H/1"))
	restricted := dated(datePermanent, map[string]any{"restrictToPermanentStorageHwmDate": true})
	a := h.post("/v2/invoices/query/metadata", token, restricted).want(200)
	if len(elements(a, "invoices")) != 0 || a.text("permanentStorageHwmDate") != "2026-07-15T11:59:00.123455+00:00" {
		t.Errorf("before the mark: %s", a.body)
	}
	if got := h.queried(token, "", dated(datePermanent, nil)); len(got) != 1 {
		t.Errorf("unrestricted %v", got)
	}
	past := h.post("/v2/invoices/query/metadata", token, dated(datePermanent, map[string]any{"to": "2026-07-01T00:00:00Z"})).want(200)
	if past.text("permanentStorageHwmDate") != "2026-07-01T00:00:00.000000+00:00" {
		t.Errorf("past range: %s", past.body)
	}
	h.clock.advance(2 * time.Minute)
	if got := h.queried(token, "", restricted); len(got) != 1 {
		t.Errorf("behind the mark %v", got)
	}
	if a := h.post("/v2/invoices/query/metadata", token, dated(dateIssue, nil)).want(200); a.at("permanentStorageHwmDate") != nil {
		t.Errorf("a mark for days of issue: %s", a.body)
	}
	h.get("/v2/invoices/ksef/x", token).want(http.StatusBadRequest)
}
