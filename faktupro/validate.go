package faktupro

import (
	"strings"
	"time"
	"unicode"

	"github.com/faktupro/faktupro-go/pl"
)

// ValidateOptions tell Validate what it cannot know.
type ValidateOptions struct {
	// Now decides what lies in the future, by the day in Warsaw. The zero time
	// leaves the rules about today out.
	Now time.Time
	// Draft allows Number and IssueDate to be missing: they are given when the
	// invoice is issued.
	Draft bool
}

// Validate judges the invoice by the FA(3) schema, by what KSeF refuses, and by
// the rules of VAT law that software can know, and returns everything it finds.
// Only errors forbid issuing the invoice: see Problems.Err.
//
// KSeF itself checks little beyond the schema; these rules are there so that
// the buyer, the accountant and the tax office find nothing.
func (inv *Invoice) Validate(opt ValidateOptions) Problems {
	v := &validator{inv: inv, opt: opt}
	v.run()
	return v.problems.sorted()
}

// DecodeAndValidate is DecodeInvoice and Validate in one: a typing mistake in
// one field does not hide the problems of the others. The invoice is nil when
// the text could not be read in full; it is not nil, though it must not be
// issued, when only Validate found errors.
func DecodeAndValidate(data []byte, opt ValidateOptions) (*Invoice, Problems) {
	inv, unread := decodeInvoice(data)
	if unread.Err() == nil {
		return inv, inv.Validate(opt)
	}
	for _, p := range unread {
		if unreadable[p.Code] {
			return nil, unread
		}
	}
	v := &validator{inv: inv, opt: opt, incomplete: true}
	v.run()
	all, lost := unread, lostPlaces(unread)
	for i, p := range v.problems {
		if !consequence(p, lost, i >= v.single) {
			all = append(all, p)
		}
	}
	return nil, all.sorted()
}

// unreadable are the problems after which nothing more can be said.
var unreadable = map[string]bool{
	codeJSONSyntax: true, codeJSONEncoding: true, codeJSONSize: true, codeJSONDepth: true,
}

// lostPlace is the path of a value that could not be read. A property with a
// misspelt name counts as the one it was likely meant to be.
type lostPlace struct {
	path     string
	misspelt bool
}

func lostPlaces(unread Problems) []lostPlace {
	var lost []lostPlace
	for _, u := range unread {
		switch u.Code {
		case codeJSONDuplicate:
		case codeJSONUnknownField:
			if path, ok := meant(u.Path); ok {
				lost = append(lost, lostPlace{path, true})
			}
		default:
			lost = append(lost, lostPlace{u.Path, false})
		}
	}
	return lost
}

// consequence reports whether a problem only arises because some value could not
// be read: one at its place, below it, or, for rules about several values,
// beside it.
func consequence(p Problem, lost []lostPlace, several bool) bool {
	for _, l := range lost {
		if l.misspelt && !several && p.Code != codeRequired {
			continue // what is judged there was given besides
		}
		beside := parent(l.path) != "" && parent(l.path) == parent(p.Path)
		below := p.Path != "" && strings.HasPrefix(l.path, p.Path+"/")
		if l.path == p.Path || below || several && beside {
			return true
		}
	}
	return false
}

// parent is the path of the object that a path leads into.
func parent(path string) string { return path[:max(0, strings.LastIndexByte(path, '/'))] }

// validator judges one invoice.
type validator struct {
	report
	inv        *Invoice
	opt        ValidateOptions
	incomplete bool   // some values could not be read
	totals     Totals // valid when summed
	summed     bool
	partless   bool         // a part is missing without which nothing adds up
	numbers    map[int]bool // numbers of the lines; see lineExists
	single     int          // number of problems that are about one value alone
}

func (v *validator) run() {
	invoiceObject.check(&v.report, v.inv)
	v.required()
	v.single = len(v.problems)
	v.header()
	v.dates()
	v.parts()
	v.parties()
	v.lines()
	v.advance()
	v.sums()
	v.correction()
	v.settlement()
	v.stated()
	v.simplified()
	v.taxMarks()
	v.procedures()
	v.splitPayment()
	v.exchange()
	v.vehicles()
	v.payment()
	v.balance()
	v.terms()
	v.attachment()
}

// header judges number, date of issue and descriptions.
func (v *validator) header() {
	if v.inv.Number == "" && !v.opt.Draft {
		v.addAt("/number", codeRequired, "field", "number")
	}
	if oddSpaces(v.inv.Number) {
		v.addAt("/number", codeNumberSpaces)
	}
	if v.inv.IssueDate.IsZero() && !v.opt.Draft {
		v.addAt("/issueDate", codeRequired, "field", "issueDate")
	}
	for i, d := range v.inv.Descriptions {
		if d.Line > 0 && !v.lineExists(d.Line) {
			v.addAt(pointer("descriptions", i, "line"), codeDescriptionLine)
		}
	}
}

// oddSpaces reports whether a number has blanks that KSeF would change, or that
// nobody can see: it compares numbers with white space collapsed, so two
// different numbers could become one.
func oddSpaces(s string) bool {
	for _, r := range s {
		if r != ' ' && unicode.In(r, unicode.White_Space, unicode.Cf) {
			return true
		}
	}
	return !collapsed(s)
}

// dates judges the dates of the invoice against each other and against today.
func (v *validator) dates() {
	inv := v.inv
	if !v.opt.Now.IsZero() && !inv.IssueDate.IsZero() {
		switch today := pl.DateOf(v.opt.Now); {
		case inv.IssueDate.After(today):
			v.addAt("/issueDate", codeIssueDateFuture)
		case inv.IssueDate.Before(today):
			v.addAt("/issueDate", codeIssueDatePast)
		}
	}
	period := inv.SupplyPeriod
	if period.From.After(period.To) && !period.To.IsZero() {
		v.addAt("/supplyPeriod", codePeriodOrder)
	}
	if inv.SupplyDate.IsZero() {
		return
	}
	if period != (Period{}) {
		v.addAt("/supplyDate", codeSupplyAndPeriod)
	}
	for i := range inv.Lines {
		if !inv.Lines[i].SupplyDate.IsZero() {
			v.addAt("/supplyDate", codeSupplyDateTwice)
			return
		}
	}
}

// count is how many of the conditions hold.
func count(conditions ...bool) int {
	n := 0
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}
