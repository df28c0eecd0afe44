package faktupro

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// TestEveryRuleIsTested: each rule of the catalogue speaks in one of the tables
// of tests.
func TestEveryRuleIsTested(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{codeTooManyProblems: true, codeTooManyWarnings: true, codeJSONSize: true} // tested apart
	note := func(ps Problems) {
		for _, p := range ps {
			seen[p.Code] = true
		}
	}
	for _, tt := range slices.Concat(badTexts, badKindTexts) {
		_, err := DecodeInvoice([]byte(tt.json))
		note(problemsOf(t, err))
	}
	for _, tt := range rules {
		inv := mustDecode(t, Sample())
		tt.edit(inv)
		note(inv.Validate(ValidateOptions{Now: ruleNow}))
	}
	for _, tt := range ruleCases() {
		inv := tt.base()
		tt.edit(inv)
		note(inv.Validate(ValidateOptions{Now: noon(inv.IssueDate)}))
	}
	for _, tt := range badPatterns {
		note(problemsOf(t, tt.pattern.Validate()))
	}
	inv := mustDecode(t, Sample())
	for len(inv.Lines) < 9000 {
		inv.Lines = append(inv.Lines, inv.Lines[1])
	}
	for _, created := range []time.Time{{}, ruleNow} {
		_, err := EncodeFA3(inv, created)
		note(problemsOf(t, err))
	}
	for _, row := range Catalogue() {
		if !seen[row.Code] {
			t.Errorf("no test makes rule %s speak", row.Code)
		}
	}
}

// TestCatalogue: codes are unique and well formed, messages say what is wrong
// and what to do, and both languages have the same placeholders.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)?$`)
	placeholder := regexp.MustCompile(`\{[a-z]+(:4)?\}`)
	seen := map[string]bool{}
	polish := 0
	for _, row := range Catalogue() {
		if seen[row.Code] || !code.MatchString(row.Code) {
			t.Errorf("code %q is repeated or malformed", row.Code)
		}
		seen[row.Code] = true
		for _, message := range []string{row.EN, row.PL} {
			if len(message) < 30 || !strings.HasSuffix(message, ".") || !strings.Contains(message, ": ") {
				t.Errorf("%s: message does not say what is wrong and, after a colon, what to do: %q", row.Code, message)
			}
		}
		if strings.ContainsFunc(row.PL, func(r rune) bool { return r > unicode.MaxASCII }) {
			polish++
		}
		if row.EN == row.PL {
			t.Errorf("%s: both messages are the same: %q", row.Code, row.PL)
		}
		en, pl := placeholder.FindAllString(row.EN, -1), placeholder.FindAllString(row.PL, -1)
		slices.Sort(en)
		slices.Sort(pl)
		if diff := cmp.Diff(en, pl); diff != "" {
			t.Errorf("%s: placeholders differ (-en +pl):\n%s", row.Code, diff)
		}
	}
	if polish < len(catalogue)*4/5 { // short sentences may do without ą, ę, ł …
		t.Errorf("only %d of %d Polish messages have Polish letters", polish, len(catalogue))
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	list := Problems{
		newProblem("/lines/10/name", codeRequired, "field", "name"),
		newProblem("/lines/2/name", codeRequired, "field", "name"),
		newProblem("/lines/2/name", codeRequired, "field", "name"),
		newProblem("/lines/2", codeLineUnitMissing),
		newProblem("", codeTotalDigits),
		newProblem("/buyer", codeBuyerIDMissing),
		newProblem("/lines/2/name", codeTextEmpty),
	}.sorted()
	want := []string{
		"total.digits", "/buyer buyer.id_missing", "/lines/2 line.unit_missing",
		"/lines/2/name required", "/lines/2/name text.empty", "/lines/10/name required",
	}
	if diff := cmp.Diff(want, places(list)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if got := places(list.Warnings()); !cmp.Equal(got, []string{"/lines/2 line.unit_missing"}) {
		t.Errorf("warnings: %v", got)
	}
	text := "faktupro: invoice refused, 5 error(s): " + list[0].EN + " (total.digits); /buyer (buyer.id_missing), /lines/2/name (required), …"
	if got := list.Err().Error(); got != text {
		t.Errorf("error text:\n%s\nwant\n%s", got, text)
	}
	one := Problems{newProblem("/seller/nip", codeNIPChecksum)}.Err().Error()
	if want := "faktupro: invoice refused, 1 error(s): /seller/nip: The check digit of the NIP is wrong"; !strings.HasPrefix(one, want) || !strings.HasSuffix(one, "(nip.checksum)") {
		t.Errorf("error text:\n%s\nwant\n%s …", one, want)
	}
	if err := list.Warnings().Err(); err != nil {
		t.Errorf("warnings alone are an error: %v", err)
	}
	if got := list[1].String(); !strings.HasPrefix(got, "/buyer: Nothing says") || !strings.HasSuffix(got, "(buyer.id_missing)") {
		t.Errorf("String: %q", got)
	}
}

// TestProblemsHoldNoValues: whatever is wrong, messages and errors do not
// repeat the data of the parties.
func TestProblemsHoldNoValues(t *testing.T) {
	t.Parallel()
	const secret = "Zdradzony-Nazwisko-9876543211"
	inv := mustDecode(t, Sample())
	inv.Seller.NIP, inv.Buyer.NIP = secret, secret
	inv.Buyer.Address.Country, inv.Kind, inv.Currency = secret, secret, secret
	inv.Seller.Contacts[0].Email, inv.Seller.Contacts[0].Phone = secret, secret
	inv.Payment.Accounts[0].Number, inv.Payment.Link = secret+secret, secret
	inv.Lines[0].VATRate, inv.Lines[0].GTU = secret, secret
	problems := inv.Validate(ValidateOptions{Now: ruleNow})
	if len(problems) < 9 {
		t.Fatalf("only %d problems", len(problems))
	}
	_, err := DecodeInvoice([]byte(`{"issueDate": "` + secret + `", "lines": [{"quantity": "` + secret + `"}], "seller": "` + secret + `"}`))
	problems = append(problems, problemsOf(t, err)...)
	for _, p := range problems {
		if strings.Contains(p.String()+p.PL+p.Path, secret) {
			t.Errorf("%s repeats a value: %v", p.Code, p)
		}
	}
	if strings.Contains(problems.Err().Error()+err.Error(), secret) {
		t.Error("the error text repeats a value")
	}
}
