package ksefsim

import (
	"cmp"
	"slices"
	"strings"
)

// authorizationItem is an authorisation in a list.
type authorizationItem struct {
	ID          string     `json:"id"`
	Author      identifier `json:"authorIdentifier"`
	Authorized  identifier `json:"authorizedEntityIdentifier"`
	Authorizing identifier `json:"authorizingEntityIdentifier"`
	Scope       string     `json:"authorizationScope"`
	Description string     `json:"description"`
	Entity      *details   `json:"subjectEntityDetails,omitempty"`
	Start       stamp      `json:"startDate"`
}

// queryAuthorizations answers POST /permissions/query/authorizations/grants.
func (s *Server) queryAuthorizations(c *call) (*reply, error) {
	var body struct {
		Authorizing *identifier `json:"authorizingIdentifier"`
		Authorized  *identifier `json:"authorizedIdentifier"`
		QueryType   string      `json:"queryType"`
		Types       []string    `json:"permissionTypes"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	authorizing := k.maybeParty("authorizingIdentifier", body.Authorizing, typeNIP)
	authorized := k.maybeParty("authorizedIdentifier", body.Authorized, typeNIP, typePeppolID)
	way := k.one("queryType", body.QueryType, authorizationGranted, authorizationReceived)
	scopes := k.set("permissionTypes", body.Types, authorizations()...)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.listGrants(c, "authorizationGrants", func(st *state) []*grant {
		all := st.rights.given[c.context]
		if way == authorizationReceived {
			all = st.rights.received[c.context]
		}
		return pick(all, func(g *grant) bool {
			return g.Family == familyAuthorization && (len(scopes) == 0 || slices.Contains(scopes, g.Scope)) &&
				(authorizing == nil || *authorizing == g.Grantor) && (authorized == nil || *authorized == g.Subject)
		})
	}, func(_ *state, g *grant) any {
		return authorizationItem{g.ID, g.Author, g.Subject, g.Grantor, g.Scope, g.Description, g.Details.entity(), stamp(g.At)}
	})
}

// euItem is a right in a context of an EU entity.
type euItem struct {
	ID          string      `json:"id"`
	Author      identifier  `json:"authorIdentifier"`
	VATUE       string      `json:"vatUeIdentifier"`
	Name        string      `json:"euEntityName"`
	Fingerprint string      `json:"authorizedFingerprintIdentifier"`
	Scope       string      `json:"permissionScope"`
	Description string      `json:"description"`
	Person      *details    `json:"subjectPersonDetails,omitempty"`
	Entity      *details    `json:"subjectEntityDetails,omitempty"`
	EU          *entityCard `json:"euEntityDetails,omitempty"`
	Start       stamp       `json:"startDate"`
}

// queryEU answers POST /permissions/query/eu-entities/grants. In the context of
// a NIP it lists administrators of its EU entities, in that of an EU entity
// everybody who has rights there.
func (s *Server) queryEU(c *call) (*reply, error) {
	var body struct {
		VATUE       string   `json:"vatUeIdentifier"`
		Fingerprint string   `json:"authorizedFingerprintIdentifier"`
		Types       []string `json:"permissionTypes"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	k.check(body.VATUE == "" || isForeignVAT(body.VATUE), "'vatUeIdentifier' is not in the correct format.")
	scopes := k.set("permissionTypes", body.Types, vatUEManage, invoiceWrite, invoiceRead, introspection)
	if err := k.err(); err != nil {
		return nil, err
	}
	return s.listGrants(c, "permissions", func(st *state) []*grant {
		all := st.rights.given[c.context]
		if c.context.Type == typeNIPVATUE {
			all = st.rights.holding[c.context]
		}
		return pick(all, func(g *grant) bool {
			return (g.Family == familyEUAdmin || g.Family == familyEU && c.context.Type == typeNIPVATUE) &&
				(len(scopes) == 0 || slices.Contains(scopes, g.Scope)) &&
				(body.VATUE == "" || body.VATUE == g.Context.vatUE()) &&
				strings.Contains(g.Subject.Value, strings.ToUpper(body.Fingerprint))
		})
	}, func(st *state, g *grant) any {
		name, entity := st.entityNamed(g)
		return euItem{
			g.ID, g.Author, g.Context.vatUE(), name, g.Subject.Value, g.Scope, g.Description,
			g.Details.person(), g.Details.entity(), entity, stamp(g.At),
		}
	})
}

// vatUE is the EU VAT number in a context of two parts.
func (id identifier) vatUE() string {
	_, vat, _ := strings.Cut(id.Value, "-")
	return vat
}

// entityNamed is what is known about the EU entity of a right: whoever appointed
// its administrator described it.
func (st *state) entityNamed(g *grant) (string, *entityCard) {
	for _, other := range st.rights.holding[g.Context] {
		if other.Family == familyEUAdmin {
			return other.Name, other.EU
		}
	}
	return g.Name, g.EU
}

// roleItem is a role of the current entity.
type roleItem struct {
	Parent      *identifier `json:"parentEntityIdentifier,omitempty"`
	Role        string      `json:"role"`
	Description string      `json:"description"`
	Start       stamp       `json:"startDate"`
}

// queryRoles answers GET /permissions/query/entities/roles.
func (s *Server) queryRoles(c *call) (*reply, error) {
	sheet, err := c.sheetOf(100)
	if err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	found, more := cut(s.state.registry.roles(c.context.Value), sheet)
	list := make([]roleItem, len(found))
	for i, r := range found {
		list[i] = roleItem{Role: r.role, Description: r.description, Start: stamp(r.since)}
		if r.parent != "" {
			list[i].Parent = &identifier{typeNIP, r.parent}
		}
	}
	return ok(map[string]any{"roles": list, "hasMore": more}), nil
}

// memberItem is an entity that belongs to the current one.
type memberItem struct {
	Member      identifier `json:"subordinateEntityIdentifier"`
	Role        string     `json:"role"`
	Description string     `json:"description"`
	Start       stamp      `json:"startDate"`
}

// queryMembers answers POST /permissions/query/subordinate-entities/roles.
func (s *Server) queryMembers(c *call) (*reply, error) {
	var body struct {
		Member *identifier `json:"subordinateEntityIdentifier"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	member := k.maybeParty("subordinateEntityIdentifier", body.Member, typeNIP)
	sheet := k.sheet(c.request.URL.Query(), 10, 100)
	if err := k.err(); err != nil {
		return nil, err
	}
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	found, more := cut(s.state.registry.members(c.context.Value, member), sheet)
	return ok(map[string]any{"roles": found, "hasMore": more}), nil
}

// members lists what belongs to a NIP, or the one member that is asked for.
func (r *registry) members(nip string, only *identifier) (list []memberItem) {
	for member, parent := range r.parents {
		if parent != nip || only != nil && only.Value != member {
			continue
		}
		m := r.membership(parent, member)
		list = append(list, memberItem{identifier{typeNIP, member}, m.role, m.description, stamp(m.since)})
	}
	slices.SortFunc(list, func(a, b memberItem) int { return cmp.Compare(a.Member.Value, b.Member.Value) })
	return list
}

// attachmentStatus answers GET /permissions/attachments/status.
func (s *Server) attachmentStatus(c *call) (*reply, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	nip := string(c.context.nip())
	return ok(struct {
		Allowed bool   `json:"isAttachmentAllowed"`
		Revoked *stamp `json:"revokedDate,omitempty"`
	}{s.state.registry.mayAttach(nip, c.now), optional[stamp](s.state.registry.attachments[nip].Revoked)}), nil
}
