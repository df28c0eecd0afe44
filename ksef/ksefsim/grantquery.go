package ksefsim

import (
	"cmp"
	"slices"
	"strings"
)

// States of a right, by which rights are filtered.
const (
	grantActive   = "Active"
	grantInactive = "Inactive"
)

// grantItem is a right in a list. Lists leave out what they do not have.
type grantItem struct {
	ID          string      `json:"id"`
	Context     *identifier `json:"contextIdentifier,omitempty"`
	Authorized  *identifier `json:"authorizedIdentifier,omitempty"`
	Target      *author     `json:"targetIdentifier,omitempty"`
	Unit        *identifier `json:"subunitIdentifier,omitempty"`
	Author      *author     `json:"authorIdentifier,omitempty"`
	Scope       string      `json:"permissionScope"`
	Description string      `json:"description"`
	Person      *details    `json:"subjectPersonDetails,omitempty"`
	Entity      *details    `json:"subjectEntityDetails,omitempty"`
	UnitName    string      `json:"subunitName,omitempty"`
	State       string      `json:"permissionState,omitempty"`
	Start       stamp       `json:"startDate"`
	CanDelegate *bool       `json:"canDelegate,omitempty"`
}

// author is who gave a right, or for whom it holds; the system itself and all
// partners have no value.
type author struct {
	Type  string `json:"type"`
	Value string `json:"value,omitempty"`
}

// item is what all lists say about a right.
func (st *state) item(g *grant) grantItem {
	state := grantActive
	if !st.activeGrant(g) {
		state = grantInactive
	}
	delegates := g.Delegates
	i := grantItem{
		ID: g.ID, Scope: g.Scope, Description: g.Description, Start: stamp(g.At),
		Authorized: &identifier{g.Subject.Type, g.Subject.Value}, Author: &author{g.Author.Type, g.Author.Value},
		Person: g.Details.person(), Entity: g.Details.entity(), State: state, CanDelegate: &delegates,
	}
	if c := g.Context; c.Type == typeNIP || c.Type == typeInternalID {
		i.Context = &c
	}
	return i
}

// target shows for whom a right that was passed on holds.
func (i grantItem) target(g *grant) grantItem {
	if g.Family == familyIndirect {
		i.Context = nil
		i.Target = &author{Type: typeAllPartners}
		if g.Target != nil {
			i.Target = &author{g.Target.Type, g.Target.Value}
		}
	}
	return i
}

// sortGrants puts rights in the order of lists: the newest first, then by
// identifier.
func sortGrants(list []*grant) []*grant {
	slices.SortFunc(list, func(a, b *grant) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID))
	})
	return list
}

// grantFilter is what the bodies of queries have in common.
type grantFilter struct {
	Author     *identifier `json:"authorIdentifier"`
	Authorized *identifier `json:"authorizedIdentifier"`
	Context    *identifier `json:"contextIdentifier"`
	Target     *identifier `json:"targetIdentifier"`
	Types      []string    `json:"permissionTypes"`
	State      string      `json:"permissionState"`
	QueryType  string      `json:"queryType"`
}

// Types of the query for rights of persons.
const (
	inCurrentContext      = "PermissionsInCurrentContext"
	grantedInThisContext  = "PermissionsGrantedInCurrentContext"
	authorizationGranted  = "Granted"
	authorizationReceived = "Received"
)

func (f *grantFilter) matches(st *state, g *grant) bool {
	i := st.item(g).target(g)
	fits := func(want *identifier, have identifier) bool { return want == nil || *want == have }
	return fits(f.Author, g.Author) && fits(f.Authorized, g.Subject) && fits(f.Context, g.Context) &&
		(f.Target == nil || i.Target != nil && *f.Target == identifier(*i.Target)) &&
		(len(f.Types) == 0 || slices.Contains(f.Types, g.Scope)) && (f.State == "" || f.State == i.State)
}

// listGrants answers a query: the rights that collect finds, those that keep
// wants, as show shows them.
func (s *Server) listGrants(c *call, name string, collect func(st *state) []*grant, show func(st *state, g *grant) any) (*reply, error) {
	sheet, err := c.sheetOf(100)
	if err != nil {
		return nil, err
	}
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	found, more := cut(sortGrants(collect(st)), sheet)
	list := make([]any, len(found))
	for i, g := range found {
		list[i] = show(st, g)
	}
	return ok(map[string]any{name: list, "hasMore": more}), nil
}

// pick copies the grants that are wanted, for a list that is sorted afterwards.
func pick(list []*grant, wanted func(*grant) bool) []*grant {
	var out []*grant
	for _, g := range list {
		if wanted(g) && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// queryPersonal answers POST /permissions/query/personal/grants: the rights of
// whoever asks, in the current context.
func (s *Server) queryPersonal(c *call) (*reply, error) {
	var f grantFilter
	if err := c.readJSON(&f); err != nil {
		return nil, err
	}
	var k checker
	f.Author, f.Authorized = nil, nil
	f.Context = k.maybeParty("contextIdentifier", f.Context, typeNIP, typeInternalID)
	f.Target = k.maybeParty("targetIdentifier", f.Target, typeNIP, typeAllPartners, typeInternalID)
	f.Types = k.set("permissionTypes", f.Types, append(tokenPermissions(), vatUEManage)...)
	f.State = k.maybeOne("permissionState", f.State, grantActive, grantInactive)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.listGrants(c, "permissions", func(st *state) []*grant {
		who := st.registry.aliases(c.subject)
		mine := func(g *grant) bool {
			return g.Family != familyAuthorization && slices.Contains(who, g.Subject) && f.matches(st, g)
		}
		all := slices.Concat(st.rights.holding[c.context], st.rights.given[c.context])
		for _, id := range who {
			for _, g := range st.rights.received[id] {
				if g.Family == familyIndirect && g.Target != nil && *g.Target == c.context {
					all = append(all, g)
				}
			}
		}
		list := pick(all, mine)
		if st.owns(who, c.context) { // what other companies gave to this one
			list = append(list, pick(st.rights.received[c.context], func(g *grant) bool {
				return g.Family == familyEntity && f.matches(st, g) && !slices.Contains(list, g)
			})...)
		}
		return list
	}, func(st *state, g *grant) any {
		i := st.item(g).target(g)
		i.Author = nil
		return i
	})
}

// queryPersons answers POST /permissions/query/persons/grants.
func (s *Server) queryPersons(c *call) (*reply, error) {
	var f grantFilter
	if err := c.readJSON(&f); err != nil {
		return nil, err
	}
	var k checker
	f.Author = k.maybeParty("authorIdentifier", f.Author, typeNIP, typePESEL, typeFingerprint, typeSystem)
	f.Authorized = k.maybeParty("authorizedIdentifier", f.Authorized, typeNIP, typePESEL, typeFingerprint)
	f.Context = k.maybeParty("contextIdentifier", f.Context, typeNIP, typeInternalID)
	f.Target = k.maybeParty("targetIdentifier", f.Target, typeNIP, typeAllPartners, typeInternalID)
	f.Types = k.set("permissionTypes", f.Types, tokenPermissions()...)
	f.State = k.maybeOne("permissionState", f.State, grantActive, grantInactive)
	f.QueryType = k.one("queryType", f.QueryType, inCurrentContext, grantedInThisContext)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.listGrants(c, "permissions", func(st *state) []*grant {
		return st.personGrants(c, &f)
	}, func(st *state, g *grant) any { return st.item(g).target(g) })
}

// personGrants are the rights that hold in the current context or that whoever
// asks gave in it.
func (st *state) personGrants(c *call, f *grantFilter) []*grant {
	who := st.registry.aliases(c.subject)
	listed := func(g *grant) bool {
		switch g.Family {
		case familyPerson, familyEntity, familySubunit:
			return f.QueryType == grantedInThisContext || g.Context == c.context
		case familyIndirect:
			return g.Grantor == c.context
		}
		return false
	}
	all := slices.Concat(st.rights.holding[c.context], st.rights.given[c.context])
	return pick(all, func(g *grant) bool {
		if f.QueryType == grantedInThisContext && (g.Grantor != c.context || !slices.Contains(who, g.Author)) {
			return false
		}
		return listed(g) && f.matches(st, g)
	})
}

// querySubunits answers POST /permissions/query/subunits/grants.
func (s *Server) querySubunits(c *call) (*reply, error) {
	var body struct {
		Unit *identifier `json:"subunitIdentifier"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	unit := k.maybeParty("subunitIdentifier", body.Unit, typeInternalID, typeNIP)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.listGrants(c, "permissions", func(st *state) []*grant {
		return pick(st.rights.given[c.context], func(g *grant) bool {
			return g.Family == familySubunit && (unit == nil || *unit == g.Context)
		})
	}, func(st *state, g *grant) any {
		i := st.item(g)
		unit := g.Context
		i.Unit, i.UnitName, i.Context, i.State, i.CanDelegate = &unit, g.Name, nil, "", nil
		return struct {
			grantItem
			Entity *details `json:"subjectEntityDetails,omitempty"` // this list knows persons only
		}{grantItem: i}
	})
}

// queryEntities answers POST /permissions/query/entities/grants: what other
// companies gave to this one.
func (s *Server) queryEntities(c *call) (*reply, error) {
	var body struct {
		Context *identifier `json:"contextIdentifier"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	from := k.maybeParty("contextIdentifier", body.Context, typeNIP, typeInternalID)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.listGrants(c, "permissions", func(st *state) []*grant {
		return pick(st.rights.received[c.context], func(g *grant) bool {
			return g.Family == familyEntity && (from == nil || *from == g.Context)
		})
	}, func(st *state, g *grant) any {
		i := st.item(g)
		return grantItem{ID: i.ID, Context: i.Context, Scope: i.Scope, Description: i.Description, Start: i.Start, CanDelegate: i.CanDelegate}
	})
}
