package ksefsim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/internal/money"
	"github.com/faktupro/faktupro-go/pl"
)

// mostCollections is in how many collective identifiers of one context an
// invoice may be.
const mostCollections = 132

// collective is a collective identifier: one number for the payment of many
// invoices of one seller.
type collective struct{ collectiveMade }

// collectedInvoice is an invoice in a collective identifier.
type collectedInvoice struct {
	Number      pl.KSeFNumber `json:"ksefNumber"`
	Payment     *payment      `json:"payment,omitempty"`
	Description string        `json:"description,omitempty"`
}

type payment struct {
	Amount   json.Number `json:"amount"`
	Currency string      `json:"currency"`
}

// collectives are all collective identifiers.
type collectives struct {
	all      []*collective
	byNumber map[string]*collective
	of       map[pl.KSeFNumber][]*collective
}

func newCollectives() collectives {
	return collectives{byNumber: make(map[string]*collective), of: make(map[pl.KSeFNumber][]*collective)}
}

// collectiveMade says that a collective identifier exists.
type collectiveMade struct {
	Number   string             `json:"number"`
	Context  identifier         `json:"context"`
	Seller   pl.NIP             `json:"seller"`
	At       time.Time          `json:"at"`
	Invoices []collectedInvoice `json:"invoices"`
}

func (*collectiveMade) kind() string { return "collective" }

func (e *collectiveMade) apply(st *state) error {
	c := &collective{*e}
	st.collectives.all = append(st.collectives.all, c)
	st.collectives.byNumber[c.Number] = c
	for _, inv := range e.Invoices {
		st.collectives.of[inv.Number] = append(st.collectives.of[inv.Number], c)
	}
	return nil
}

// visible reports whether a context may see a collective identifier: it made it
// or is the seller on its invoices.
func (c *collective) visible(context identifier) bool {
	return c.Context == context || context.Type == typeNIP && context.nip() == c.Seller
}

// collective mints {nip}-IZ{yyyymm}-{12 hex}-{crc}.
func (n *numbers) collective(seller pl.NIP, now time.Time) string {
	body := fmt.Sprintf("%s-IZ%s-%012X", seller, now.In(pl.Warsaw()).Format("200601"), n.scramble())
	return fmt.Sprintf("%s-%02X", body, pl.CRC8(body))
}

// createCollective answers POST /collective-identifiers.
func (s *Server) createCollective(c *call) (*reply, error) {
	var body struct {
		Invoices []collectedInvoice `json:"invoices"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	k.require("invoices", len(body.Invoices) > 0)
	seen := make(map[pl.KSeFNumber]bool)
	for i := range body.Invoices {
		inv := &body.Invoices[i]
		inv.check(&k, fmt.Sprintf("invoices[%d]", i))
		k.check(!seen[inv.Number], "'invoices' must not contain the same invoice more than once.")
		seen[inv.Number] = true
	}
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	most := maxCollected
	if l := st.limits.context(c.context).CollectiveIdentifier; l != nil {
		most = l.MaxInvoices
	}
	k.check(len(body.Invoices) <= most, "'invoices' must contain no more than %d items.", most)
	if err := k.err(); err != nil {
		return nil, err
	}
	seller, err := st.collectable(c, body.Invoices)
	if err != nil {
		return nil, err
	}
	e := &collectiveMade{st.numbers.collective(seller, c.now), c.context, seller, c.now, body.Invoices}
	if err := st.commit(e); err != nil {
		return nil, err
	}
	return created(map[string]string{"collectiveIdentifierNumber": e.Number}), nil
}

func (inv *collectedInvoice) check(k *checker, name string) {
	number, valid := readNumber(string(inv.Number))
	k.check(valid, "'%s.ksefNumber' is not in the correct format.", name)
	inv.Number = number
	if inv.Description != "" {
		k.length(name+".description", inv.Description, 1, 512)
	}
	if p := inv.Payment; p != nil {
		amount, err := money.Parse(string(p.Amount), 16, 2)
		k.check(err == nil && amount.Sign() != 0, "'%s.payment.amount' is not in the correct format.", name)
		k.check(len(p.Currency) == 3, "The value '%s' is not valid for '%s.payment.currency'.", clip(p.Currency), name)
	}
}

// collectable returns the one seller of invoices that may be put together.
func (st *state) collectable(c *call, invoices []collectedInvoice) (seller pl.NIP, err error) {
	for _, in := range invoices {
		inv, known := st.byNumber[in.Number]
		if !known || !inv.concerns(c.context) || seller != "" && inv.Facts.Seller != seller {
			return "", refusef(codeCollective, "Faktura o numerze KSeF %s nie może zostać przypisana do Identyfikatora Zbiorczego.", in.Number)
		}
		seller = inv.Facts.Seller
		used := 0
		for _, other := range st.collectives.of[in.Number] {
			if other.Context == c.context {
				used++
			}
		}
		if used >= mostCollections {
			return "", refusef(codeCollectiveFull, "Faktura o numerze KSeF %s jest już przypisana do maksymalnej liczby Identyfikatorów Zbiorczych.", in.Number)
		}
	}
	return seller, nil
}

// collectiveFilter is what POST /collective-identifiers/query asks for.
type collectiveFilter struct {
	Number    string `json:"collectiveIdentifierNumber"`
	From      string `json:"dateCreatedFrom"`
	To        string `json:"dateCreatedTo"`
	CountFrom *int   `json:"invoiceCountFrom"`
	CountTo   *int   `json:"invoiceCountTo"`
	Mine      *bool  `json:"createdInCurrentContext"`
	created   span
}

func (f *collectiveFilter) check() error {
	var k checker
	k.require("dateCreatedFrom", f.From != "")
	k.require("dateCreatedTo", f.To != "")
	f.created = span{k.instant("dateCreatedFrom", f.From), k.instant("dateCreatedTo", f.To)}
	k.check(!f.created.to.Before(f.created.from), "'dateCreatedTo' must be greater than or equal to 'dateCreatedFrom'.")
	k.check(f.created.to.Sub(f.created.from) <= longestRange, "The range of 'dateCreatedFrom' and 'dateCreatedTo' must not exceed 100 days.")
	return k.err()
}

func (f *collectiveFilter) matches(c *collective, context identifier) bool {
	n := len(c.Invoices)
	return c.visible(context) && f.created.holds(c.At) && (f.Number == "" || f.Number == c.Number) &&
		(f.CountFrom == nil || n >= *f.CountFrom) && (f.CountTo == nil || n <= *f.CountTo) &&
		(f.Mine == nil || *f.Mine == (c.Context == context))
}

// queryCollective answers POST /collective-identifiers/query, the newest first.
func (s *Server) queryCollective(c *call) (*reply, error) {
	var f collectiveFilter
	if err := c.readJSON(&f); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	page, err := s.page(c, "collective "+jsonText(f), 10, 200)
	if err != nil {
		return nil, err
	}
	type item struct {
		Number  string `json:"collectiveIdentifierNumber"`
		Created stamp  `json:"dateCreated"`
		Count   int    `json:"invoiceCount"`
		Mine    bool   `json:"createdInCurrentContext"`
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	all, list := s.state.collectives.all, []item{}
	next := page.descend(len(all), func(i int) bool {
		if !f.matches(all[i], c.context) {
			return false
		}
		list = append(list, item{all[i].Number, stamp(all[i].At), len(all[i].Invoices), all[i].Context == c.context})
		return true
	})
	return s.collectivePage(page, next, "collectiveIdentifiers", list)
}

func (s *Server) collectivePage(page page, next int, name string, list any) (*reply, error) {
	body := map[string]any{name: list}
	if token := s.continuation(page, next); token != "" {
		body["continuationToken"] = token
	}
	return ok(body), nil
}

// collectiveByNumber answers GET /collective-identifiers/ksef/{ksefNumber}.
func (s *Server) collectiveByNumber(c *call) (*reply, error) {
	number, err := c.ksefNumber()
	if err != nil {
		return nil, err
	}
	page, err := s.page(c, "collected "+string(number), 10, 200)
	if err != nil {
		return nil, err
	}
	type item struct {
		Number  string `json:"collectiveIdentifierNumber"`
		Mine    bool   `json:"createdInCurrentContext"`
		Created stamp  `json:"dateCreated"`
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	all, list := s.state.collectives.of[number], []item{}
	next := page.descend(len(all), func(i int) bool {
		if !all[i].visible(c.context) {
			return false
		}
		list = append(list, item{all[i].Number, all[i].Context == c.context, stamp(all[i].At)})
		return true
	})
	return s.collectivePage(page, next, "collectiveIdentifiers", list)
}

// collected answers POST /collective-identifiers/invoices.
func (s *Server) collected(c *call) (*reply, error) {
	var body struct {
		Numbers []string `json:"collectiveIdentifierNumbers"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	if k.require("collectiveIdentifierNumbers", len(body.Numbers) > 0) {
		k.check(len(body.Numbers) <= 10, "'collectiveIdentifierNumbers' must contain no more than 10 items.")
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.listCollected(c, body.Numbers)
}

// collectedOf answers GET /collective-identifiers/{number}/invoices, which level
// 2.8 no longer has.
func (s *Server) collectedOf(c *call) (*reply, error) {
	return s.listCollected(c, []string{c.request.PathValue("collectiveIdentifierNumber")})
}

// collectedItem is an invoice in a list of a collective identifier. What is paid
// is hidden from a context that neither made it nor is on the invoice.
type collectedItem struct {
	Collective string `json:"collectiveIdentifierNumber,omitempty"`
	collectedInvoice
	Hidden bool `json:"detailsHidden"`
}

func (s *Server) listCollected(c *call, numbers []string) (*reply, error) {
	page, err := s.page(c, "of "+strings.Join(numbers, " "), 10, 500)
	if err != nil {
		return nil, err
	}
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	var all []collectedItem
	for _, number := range numbers {
		if iz, known := st.collectives.byNumber[number]; known && iz.visible(c.context) {
			all = append(all, st.show(iz, c, s.cfg.Level)...)
		}
	}
	list := []collectedItem{}
	next := page.ascend(len(all), func(i int) bool {
		list = append(list, all[i])
		return true
	})
	return s.collectivePage(page, next, "invoices", list)
}

// show lists the invoices of a collective identifier, the highest number first.
func (st *state) show(iz *collective, c *call, level Level) []collectedItem {
	var list []collectedItem
	for _, in := range iz.Invoices {
		inv, known := st.byNumber[in.Number]
		item := collectedItem{Collective: iz.Number, collectedInvoice: in}
		if level.before(Level28) {
			item.Collective = ""
		}
		if iz.Context != c.context && !(known && inv.concerns(c.context)) {
			item.Payment, item.Description, item.Hidden = nil, "", in.Payment != nil || in.Description != ""
		}
		list = append(list, item)
	}
	slices.SortFunc(list, func(a, b collectedItem) int { return strings.Compare(string(b.Number), string(a.Number)) })
	return list
}
