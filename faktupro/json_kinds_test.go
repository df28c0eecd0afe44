package faktupro

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/faktupro/faktupro-go/pl"
)

// badKindTexts are texts with wrong values where only some kinds of invoice have
// any.
var badKindTexts = []badText{
	{"kind as number", `{"kind": 1}`, []string{"/kind json.type"}},
	{"correction as list", `{"correction": []}`, []string{"/correction json.type"}},
	{"corrected invoice as string", `{"correction": {"invoices": ["FV/1"]}}`, []string{"/correction/invoices/0 json.type"}},
	{"one corrected invoice", `{"correction": {"invoices": {"number": "FV/1"}}}`, []string{"/correction/invoices json.type"}},
	{"KSeF number as null", `{"correction": {"invoices": [{"ksefNumber": null}]}}`, []string{"/correction/invoices/0/ksefNumber json.null"}},
	{"KSeF number empty", `{"advanceInvoices": [{"ksefNumber": ""}]}`, []string{"/advanceInvoices/0/ksefNumber text.empty"}},
	{"amount before as word", `{"correction": {"amountBefore": "tysiąc"}}`, []string{"/correction/amountBefore decimal.format"}},
	{"effect as number", `{"correction": {"effect": 1}}`, []string{"/correction/effect json.type"}},
	{"unknown field of an earlier buyer", `{"correction": {"buyers": [{"regon": "1"}]}}`, []string{"/correction/buyers/0/regon json.unknown_field"}},
	{"advance with a comma", `{"advance": "1230,00"}`, []string{"/advance decimal.format"}},
	{"prepayment without list", `{"prepayments": {"amount": 1}}`, []string{"/prepayments json.type"}},
	{"day of a prepayment", `{"prepayments": [{"date": "2026-13-01"}]}`, []string{"/prepayments/0/date date.format"}},
	{"order as lines", `{"order": [{"name": "a"}]}`, []string{"/order json.type"}},
	{"pricing of an order", `{"order": {"pricing": "net"}}`, []string{"/order/pricing json.unknown_field"}},
	{"discount of an order line", `{"order": {"lines": [{"discount": {"percent": 5}}]}}`, []string{"/order/lines/0/discount json.unknown_field"}},
	{"rate of an order line", `{"order": {"lines": [{"vatRate": {}}]}}`, []string{"/order/lines/0/vatRate json.type"}},
	{"stated rates as object", `{"statedTotals": {"rates": {"23": 100}}}`, []string{"/statedTotals/rates json.type"}},
	{"more rates than there are", `{"statedTotals": {"rates": [` + strings.Repeat(`{},`, len(rates)) + `{}]}}`, []string{"/statedTotals/rates list.too_long"}},
	{"margin as flag", `{"margin": true}`, []string{"/margin json.type"}},
	{"before as number", `{"lines": [{"before": 1}]}`, []string{"/lines/0/before json.type"}},
	{"number of a line as string", `{"lines": [{"number": "1"}]}`, []string{"/lines/0/number json.type"}},
	{"number of a line zero", `{"lines": [{"number": 0}]}`, []string{"/lines/0/number number.range"}},
	{"number of a line too large", `{"lines": [{"number": 1000000000}]}`, []string{"/lines/0/number number.range"}},
	{"counterpart as amount", `{"lines": [{"counterpart": "123.00"}]}`, []string{"/lines/0/counterpart json.type"}},
	{"vehicle without list", `{"newTransport": {"vehicles": {"vin": "1"}}}`, []string{"/newTransport/vehicles json.type"}},
	{"mileage as number", `{"newTransport": {"vehicles": [{"land": {"mileage": 12}}]}}`, []string{"/newTransport/vehicles/0/land/mileage json.type"}},
	{"role of the authorised party", `{"authorised": {"role": 2}}`, []string{"/authorised/role json.type"}},
	{"day instead of an instant", `{"terms": {"transports": [{"start": "2026-02-13"}]}}`, []string{"/terms/transports/0/start instant.format"}},
	{"instant without zone", `{"terms": {"transports": [{"start": "2026-02-13T06:30:00"}]}}`, []string{"/terms/transports/0/start instant.format"}},
	{"instant as number", `{"terms": {"transports": [{"end": 1770000000}]}}`, []string{"/terms/transports/0/end json.type"}},
	{"too many places on the way", `{"terms": {"transports": [{"via": [` + strings.Repeat(`{},`, 20) + `{}]}]}}`, []string{"/terms/transports/0/via list.too_long"}},
	{"charges as amount", `{"settlement": {"charges": "10.00"}}`, []string{"/settlement/charges json.type"}},
	{"charge without object", `{"settlement": {"charges": ["10.00"]}}`, []string{"/settlement/charges/0 json.type"}},
	{"attachment as list", `{"attachment": [{}]}`, []string{"/attachment json.type"}},
	{"row as object", `{"attachment": {"blocks": [{"tables": [{"rows": [{"a": "b"}]}]}]}}`, []string{"/attachment/blocks/0/tables/0/rows/0 json.type"}},
	{"cell as number", `{"attachment": {"blocks": [{"tables": [{"rows": [["a", 12.50]]}]}]}}`, []string{"/attachment/blocks/0/tables/0/rows/0/1 json.type"}},
	{"cell as null", `{"attachment": {"blocks": [{"tables": [{"rows": [[null]]}]}]}}`, []string{"/attachment/blocks/0/tables/0/rows/0/0 json.null"}},
	{"too many cells", `{"attachment": {"blocks": [{"tables": [{"rows": [[` + strings.Repeat(`"",`, 20) + `""]]}]}]}}`, []string{"/attachment/blocks/0/tables/0/rows/0 list.too_long"}},
	{"empty paragraph", `{"attachment": {"blocks": [{"paragraphs": [""]}]}}`, []string{"/attachment/blocks/0/paragraphs/0 text.empty"}},
	{"empty key", `{"attachment": {"blocks": [{"metadata": [{"key": "", "value": "x"}]}]}}`, []string{"/attachment/blocks/0/metadata/0/key text.empty"}},
}

// everyPart is an invoice text with a value in every part that only some kinds
// of invoice have; no real invoice has them all.
const everyPart = `{
	"kind": "KOR_ZAL", "advance": "230.00", "exchangeRate": "4.2511",
	"authorised": {"role": "bailiff", "nip": "7012233446", "name": "K", "address": {"country": "PL", "line1": "a"}, "contacts": [{"email": "a@b"}], "eori": "X"},
	"correction": {
		"reason": "cena", "effect": "other-date",
		"invoices": [{"number": "Z/1", "issueDate": "2026-01-20", "ksefNumber": "1234563218-20260228-0A1B2C3D4E5F-7A"}],
		"period": "styczeń", "rightNumber": "Z/2",
		"seller": {"euPrefix": "PL", "nip": "1234563218", "name": "S", "address": {"country": "PL", "line1": "b"}},
		"buyers": [{"euVat": "DE123456789", "name": "B", "key": "N1"}, {"noTaxId": true}, {"foreignId": {"country": "UA", "number": "5"}}],
		"amountBefore": "1000.00", "exchangeRateBefore": "4.1"
	},
	"prepayments": [{"date": "2026-02-01", "amount": "230.00", "exchangeRate": "4.3"}],
	"order": {"value": "2460.00", "lines": [{
		"number": 7, "id": "a", "name": "Regał", "quantity": "4", "unit": "szt.", "unitPrice": "500", "amount": "2000.00", "vat": "460.00",
		"vatRate": 23, "ossRate": "19", "gtu": "GTU_07", "procedure": "IED", "annex15": true, "pkwiu": "1", "cn": "2", "pkob": "3", "gtin": "4",
		"index": "5", "excise": "6.00", "before": true
	}]},
	"advanceInvoices": [{"ksefNumber": "1234563218-20260228-0A1B2C3D4E5F-7A", "rates": [{"rate": "23", "net": "1", "vat": "0.23", "vatPLN": "1.00"}]}, {"number": "Z/9"}],
	"lines": [{"number": 3, "vat": "1.00", "ossRate": "7", "counterpart": {"unitPrice": "1.23", "amount": "2.46"}, "before": true}],
	"statedTotals": {"rates": [{"rate": "margin", "net": "1.00"}], "gross": "1.00"},
	"margin": "collectors-items", "exciseRefund": true,
	"newTransport": {"vat22": true, "vehicles": [
		{"line": 1, "firstUse": "2026-01-05", "make": "a", "model": "b", "colour": "c", "registration": "d", "yearBuilt": "2026",
			"land": {"mileage": "1", "vin": "2", "body": "3", "chassis": "4", "frame": "5", "type": "6"}},
		{"line": 2, "firstUse": "2026-01-05", "vessel": {"hours": "1", "hull": "2"}},
		{"line": 3, "firstUse": "2026-01-05", "aircraft": {"hours": "1", "serial": "2"}}
	]},
	"settlement": {"charges": [{"amount": "1.00", "reason": "a"}], "deductions": [{"amount": 2, "reason": "b"}], "chargesSum": "1", "deductionsSum": "2", "toPay": "3", "toSettle": "4"},
	"terms": {"agreedRate": "4.2", "agreedCurrency": "EUR", "intermediary": true, "transports": [{
		"mode": "inland-waterway", "otherMode": "x", "load": "bulk-liquid", "otherLoad": "y", "orderNumber": "1", "packagingUnit": "2",
		"carrier": {"euVat": "DE123456789", "name": "C", "address": {"country": "DE", "line1": "c"}},
		"start": "2026-02-13T06:30:00+01:00", "end": "2026-02-14T06:30:00.25Z",
		"from": {"country": "PL", "line1": "d"}, "via": [{"country": "PL", "line1": "e"}], "to": {"country": "DE", "line1": "f"}
	}]},
	"attachment": {"blocks": [{"heading": "h", "metadata": [{"key": "k", "value": "v"}], "paragraphs": ["p"], "tables": [{
		"metadata": [{"key": "k", "value": "v"}], "description": "d", "columns": [{"type": "date"}, {"type": "txt", "name": "n"}],
		"rows": [["", "x"], [""]], "sums": ["", "1"]
	}]}]}
}`

// TestDecodeEveryPart: every property of every part is read, and written again
// as it was.
func TestDecodeEveryPart(t *testing.T) {
	t.Parallel()
	inv := mustDecode(t, []byte(everyPart))
	out, err := EncodeInvoice(inv)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"start":"2026-02-13T05:30:00Z"`, `"end":"2026-02-14T06:30:00.25Z"`, `"rows":[["","x"],[""]]`,
		`"euVat":"DE123456789"`, `"effect":"other-date"`, `"exchangeRateBefore":"4.1"`, `"vehicles":[{"line":1,`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	if diff := cmp.Diff(inv, mustDecode(t, out), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the invoice changed (-read +again):\n%s", diff)
	}
	x := &inv.Correction
	if x.Seller.EUPrefix != "PL" || !x.Buyers[1].NoTaxID || x.Buyers[0].EUVAT != (pl.VATUE{Country: "DE", Number: "123456789"}) {
		t.Errorf("correction: %+v", x)
	}
	if start := inv.Terms.Transports[0].Start; !start.Equal(time.Date(2026, 2, 13, 5, 30, 0, 0, time.UTC)) || start.Location() != time.UTC {
		t.Errorf("start of the transport: %v", start)
	}
	// Nothing is left at its zero value but what other tests cover.
	for _, name := range []string{"authorised", "correction", "order", "advanceInvoices", "statedTotals", "newTransport", "settlement", "attachment"} {
		if !strings.Contains(string(out), `"`+name+`":`) {
			t.Errorf("%s was not written", name)
		}
	}
}

// TestEveryNewPropertyIsUsed: the text above uses every property of the objects
// that only some kinds of invoice have.
func TestEveryNewPropertyIsUsed(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{
		authorisedObject.names(), correctionObject.names(), correctedInvoiceObject.names(), earlierSellerObject.names(),
		earlierBuyerObject.names(), prepaymentObject.names(), orderObject.names(), orderLineObject.names(),
		advanceInvoiceObject.names(), statedRateObject.names(), statedTotalsObject.names(), newTransportObject.names(),
		vehicleObject.names(), landVehicleObject.names(), vesselObject.names(), aircraftObject.names(), settlementObject.names(),
		chargeObject.names(), carrierObject.names(), transportObject.names(), attachmentObject.names(),
		attachmentBlockObject.names(), tableObject.names(), columnObject.names(), keyValueObject.names(), counterpartObject.names(),
	} {
		for _, name := range names {
			if name != "mailingAddress" && !strings.Contains(everyPart, `"`+name+`":`) {
				t.Errorf("property %s is not in the text", name)
			}
		}
	}
}

// TestDecodeLists: the longest lists are read, one element more is refused, and
// the time does not explode.
func TestDecodeLists(t *testing.T) {
	t.Parallel()
	row := `["` + strings.Repeat(`","`, 9) + `"]`
	table := `{"columns": [{"type": "txt"}], "rows": [` + strings.Repeat(row+",", MaxAttachmentEntries-1) + row + `]}`
	lists := []struct {
		path, before, element, after string
		max                          int
	}{
		{"/correction/invoices", `{"correction": {"invoices": [`, `{"number": "FV/1", "issueDate": "2026-01-01"}`, `]}}`, MaxCorrectedInvoices},
		{"/correction/buyers", `{"correction": {"buyers": [`, `{"noTaxId": true}`, `]}}`, MaxEarlierBuyers},
		{"/prepayments", `{"prepayments": [`, `{"amount": 1}`, `]}`, MaxPrepayments},
		{"/order/lines", `{"order": {"lines": [`, `{"name": "a", "vatRate": 23}`, `]}}`, MaxOrderLines},
		{"/advanceInvoices", `{"advanceInvoices": [`, `{"number": "Z/1"}`, `]}`, MaxAdvanceInvoices},
		{"/newTransport/vehicles", `{"newTransport": {"vehicles": [`, `{"line": 1}`, `]}}`, MaxVehicles},
		{"/terms/transports", `{"terms": {"transports": [`, `{"mode": "sea"}`, `]}}`, 20},
		{"/settlement/charges", `{"settlement": {"charges": [`, `{"amount": 1}`, `]}}`, 100},
		{"/attachment/blocks", `{"attachment": {"blocks": [`, `{"heading": "a"}`, `]}}`, MaxAttachmentBlocks},
		{"/attachment/blocks/0/tables", `{"attachment": {"blocks": [{"tables": [`, `{"description": "a"}`, `]}]}}`, MaxAttachmentEntries},
		{"/attachment/blocks/0/tables/0/rows", `{"attachment": {"blocks": [{"tables": [{"rows": [`, row, `]}]}]}}`, MaxAttachmentEntries},
	}
	for _, l := range lists {
		for n, want := range map[int][]string{l.max: nil, l.max + 1: {l.path + " list.too_long"}} {
			text := l.before + strings.Repeat(l.element+",", n-1) + l.element + l.after
			_, err := DecodeInvoice([]byte(text))
			if diff := cmp.Diff(want, places(problemsOf(t, err))); diff != "" {
				t.Errorf("%s with %d (-want +got):\n%s", l.path, n, diff)
			}
		}
	}
	// Tables that are each within bounds may outgrow the text.
	_, err := DecodeInvoice([]byte(`{"attachment": {"blocks": [{"tables": [` + strings.Repeat(table+",", 999) + table + `]}]}}`))
	if got := places(problemsOf(t, err)); !cmp.Equal(got, []string{codeJSONSize}) {
		t.Errorf("problems %v, want %s", got, codeJSONSize)
	}
}

// TestValidateLong: as much as an invoice can hold is judged in one go.
func TestValidateLong(t *testing.T) {
	t.Parallel()
	inv := corrected()
	for i := range MaxCorrectedInvoices {
		inv.Correction.Invoices = append(inv.Correction.Invoices, CorrectedInvoice{Number: fmt.Sprint("FV/", i), IssueDate: day("2026-01-20")})
	}
	inv.Correction.Invoices = inv.Correction.Invoices[1:]
	inv.Lines = nil
	for i := range MaxLines / 2 {
		l := Line{Number: i + 1, ID: fmt.Sprint(i), Name: "Stojak", Quantity: d("2"), Unit: "szt.", UnitPrice: d("318.50"), VATRate: VAT23, Before: true}
		after := l
		after.Before, after.UnitPrice = false, d("300.00")
		inv.Lines = append(inv.Lines, l, after)
	}
	if problems := inv.Validate(ValidateOptions{Now: ruleNow}); len(problems) > 0 {
		t.Errorf("a long correction has problems: %v", problems[0])
	}
	ordered := advance()
	for len(ordered.Order.Lines) < MaxOrderLines {
		ordered.Order.Lines = append(ordered.Order.Lines, ordered.Order.Lines[0])
	}
	if problems := ordered.Validate(ValidateOptions{Now: ruleNow}); len(problems) > 0 {
		t.Errorf("a long order has problems: %v", problems[0])
	}
}

// TestDecodeAndValidateNearMisses: a misspelt name is one problem, not two: what
// was meant is not reported as missing, nor is what would follow from it.
func TestDecodeAndValidateNearMisses(t *testing.T) {
	t.Parallel()
	order := `"kind": "ZAL", "advance": "100.00", "order": {"lines": [{"name": "a", "quantity": 1, "unitPrice": 100, "vatRate": 23}]}, "buyer": {`
	tests := []struct {
		name string
		edit func(string) string
		want []string
	}{
		{"case", replace(`"vatRate": "23"`, `"VATRate": "23"`), []string{"/lines/1/VATRate json.unknown_field"}},
		{"letters swapped", replace(`"quantity": "2"`, `"quantiyt": "2"`), []string{"/lines/1/quantiyt json.unknown_field"}},
		{"underscore", replace(`"unitPrice": "318.50"`, `"unit_price": "318.50"`), []string{"/lines/1/unit_price json.unknown_field"}},
		{"whole part", replace(`"seller": {`, `"seler": {`), []string{"/seler json.unknown_field"}},
		{"list", replace(`"lines": [`, `"line": [`), []string{"/line json.unknown_field"}},
		{"something else", replace(`"nip": "1234563218"`, `"taxNumber": "1234563218"`), []string{"/seller/nip required", "/seller/taxNumber json.unknown_field"}},
		{"kept twice over", replace(`"nip": "1234563218"`, `"nip": "1234563219", "nipp": "x"`), []string{"/seller/nip nip.checksum", "/seller/nipp json.unknown_field"}},
		{"part of a kind", func(s string) string {
			return replace(`"order": {"lines"`, `"ordr": {"lines"`)(replace(`"buyer": {`, order)(s))
		}, []string{"/ordr json.unknown_field"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := DecodeAndValidate([]byte(tt.edit(string(Sample()))), ValidateOptions{Now: ruleNow})
			if diff := cmp.Diff(tt.want, places(problems.Errors())); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

// TestProblemOrder: problems come in the order of the document.
func TestProblemOrder(t *testing.T) {
	t.Parallel()
	list := Problems{
		newProblem("/attachment/blocks/0", codeRequired),
		newProblem("/payment/method", codeRequired),
		newProblem("/lines/10/vatRate", codeRequired),
		newProblem("/lines/2/vatRate", codeRequired),
		newProblem("/lines/2/name", codeRequired),
		newProblem("/lines/2", codeRequired),
		newProblem("/unknown", codeJSONUnknownField),
		newProblem("/another", codeJSONUnknownField),
		newProblem("/buyer/zip", codeJSONUnknownField),
		newProblem("/buyer/vatGroup", codeRequired),
		newProblem("/buyer/nip", codeRequired),
		newProblem("/correction/buyers/1/key", codeRequired),
		newProblem("/correction/invoices/20/number", codeRequired),
		newProblem("/number", codeRequired),
		newProblem("/terms/transports/0/via/0/line1", codeRequired),
		newProblem("", codeTotalDigits),
	}.sorted()
	want := []string{
		"", "/number", "/buyer/nip", "/buyer/vatGroup", "/buyer/zip", "/correction/invoices/20/number", "/correction/buyers/1/key",
		"/lines/2", "/lines/2/name", "/lines/2/vatRate", "/lines/10/vatRate", "/payment/method", "/terms/transports/0/via/0/line1",
		"/attachment/blocks/0", "/another", "/unknown",
	}
	var got []string
	for _, p := range list {
		got = append(got, p.Path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
