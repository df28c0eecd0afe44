package ksefsim

import (
	"slices"

	"github.com/faktupro/faktupro-go/pl"
)

// inContext refuses an operation in a context of a type that it is not for.
func (c *call) inContext(types ...string) error {
	if slices.Contains(types, c.context.Type) {
		return nil
	}
	return forbidden(reasonContext, map[string]any{"contextIdentifierType": c.context.Type})
}

// template is a right of the calling context, to be given for several
// permissions.
func (s *Server) template(c *call, f family, subject identifier, description string) grant {
	return grant{
		Family: f, Grantor: c.context, Context: c.context, Subject: subject,
		Author: c.subject, Description: description, At: c.now,
	}
}

// each makes a right of a template for every permission.
func (s *Server) each(t grant, scopes ...string) []grant {
	list := make([]grant, 0, len(scopes))
	for _, scope := range scopes {
		g := t
		g.ID, g.Scope = s.chance.uuid(), scope
		list = append(list, g)
	}
	return list
}

// toItself is how giving a right to the context's own NIP ends.
func toItself(c *call, subject identifier) outcome {
	if subject.Type == typeNIP && subject.Value == string(c.context.nip()) {
		return outcome{Code: permissionRelation}
	}
	return outcome{}
}

// grantPersons answers POST /permissions/persons/grants.
func (s *Server) grantPersons(c *call) (*reply, error) {
	var body struct {
		SubjectIdentifier *identifier  `json:"subjectIdentifier"`
		Permissions       []string     `json:"permissions"`
		Description       string       `json:"description"`
		SubjectDetails    *detailsBody `json:"subjectDetails"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	subject := k.party("subjectIdentifier", body.SubjectIdentifier, typeNIP, typePESEL, typeFingerprint)
	k.require("permissions", len(body.Permissions) > 0)
	scopes := k.set("permissions", body.Permissions, tokenPermissions()...)
	k.description(body.Description)
	who := body.SubjectDetails.read(&k, subject, personByID, personByFpID, personByFpNoID)
	if err := k.err(); err != nil {
		return nil, err
	}
	t := s.template(c, familyPerson, subject, body.Description)
	t.Details = who
	return s.changeRights(c, &permissionAsked{Grants: s.each(t, scopes...)}, func(st *state) outcome {
		switch {
		case c.context.Type != typeNIP && c.context.Type != typeInternalID:
			return outcome{Code: permissionType}
		case slices.Contains(scopes, enforcement) && !st.registry.enforces(c.context.Value):
			return outcome{Code: permissionRole}
		}
		return toItself(c, subject)
	})
}

// entityPermission is one permission given to a company.
type entityPermission struct {
	Type        string `json:"type"`
	CanDelegate bool   `json:"canDelegate"`
}

// grantEntities answers POST /permissions/entities/grants.
func (s *Server) grantEntities(c *call) (*reply, error) {
	var body struct {
		SubjectIdentifier *identifier        `json:"subjectIdentifier"`
		Permissions       []entityPermission `json:"permissions"`
		Description       string             `json:"description"`
		SubjectDetails    *companyBody       `json:"subjectDetails"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	subject := k.party("subjectIdentifier", body.SubjectIdentifier, typeNIP)
	k.require("permissions", len(body.Permissions) > 0)
	words := make([]string, len(body.Permissions))
	for i, p := range body.Permissions {
		words[i] = p.Type
	}
	scopes := k.set("permissions", words, invoicePermissions()...)
	k.description(body.Description)
	who := body.SubjectDetails.read(&k)
	if err := k.err(); err != nil {
		return nil, err
	}
	t := s.template(c, familyEntity, subject, body.Description)
	t.Details = who
	grants := s.each(t, scopes...)
	for i := range grants {
		grants[i].Delegates = body.Permissions[i].CanDelegate
	}
	return s.changeRights(c, &permissionAsked{Grants: grants}, func(*state) outcome {
		if c.context.Type != typeNIP && c.context.Type != typeInternalID {
			return outcome{Code: permissionType}
		}
		return toItself(c, subject)
	})
}

// grantAuthorization answers POST /permissions/authorizations/grants.
func (s *Server) grantAuthorization(c *call) (*reply, error) {
	var body struct {
		SubjectIdentifier *identifier  `json:"subjectIdentifier"`
		Permission        string       `json:"permission"`
		Description       string       `json:"description"`
		SubjectDetails    *companyBody `json:"subjectDetails"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	subject := k.party("subjectIdentifier", body.SubjectIdentifier, typeNIP, typePeppolID)
	scope := k.one("permission", body.Permission, authorizations()...)
	k.description(body.Description)
	who := body.SubjectDetails.read(&k)
	if err := k.err(); err != nil {
		return nil, err
	}
	if err := c.inContext(typeNIP); err != nil {
		return nil, err
	}
	t := s.template(c, familyAuthorization, subject, body.Description)
	t.Details, t.Context = who, subject
	return s.changeRights(c, &permissionAsked{Grants: s.each(t, scope)}, func(*state) outcome {
		if (scope == pefInvoicing) != (subject.Type == typePeppolID) {
			return outcome{Code: permissionType}
		}
		return toItself(c, subject)
	})
}

// grantIndirect answers POST /permissions/indirect/grants.
func (s *Server) grantIndirect(c *call) (*reply, error) {
	var body struct {
		SubjectIdentifier *identifier  `json:"subjectIdentifier"`
		TargetIdentifier  *identifier  `json:"targetIdentifier"`
		Permissions       []string     `json:"permissions"`
		Description       string       `json:"description"`
		SubjectDetails    *detailsBody `json:"subjectDetails"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	subject := k.party("subjectIdentifier", body.SubjectIdentifier, typeNIP, typePESEL, typeFingerprint)
	target := k.maybeParty("targetIdentifier", body.TargetIdentifier, typeNIP, typeInternalID, typeAllPartners)
	k.require("permissions", len(body.Permissions) > 0)
	scopes := k.set("permissions", body.Permissions, invoicePermissions()...)
	k.description(body.Description)
	who := body.SubjectDetails.read(&k, subject, personByID, personByFpID, personByFpNoID)
	if err := k.err(); err != nil {
		return nil, err
	}
	if err := c.inContext(typeNIP); err != nil {
		return nil, err
	}
	if target != nil && target.Type == typeAllPartners {
		target = nil
	}
	t := s.template(c, familyIndirect, subject, body.Description)
	t.Details, t.Target = who, target
	return s.changeRights(c, &permissionAsked{Grants: s.each(t, scopes...)}, func(st *state) outcome {
		if target != nil && !st.trusted(*target, c.context) {
			return outcome{Code: permissionUnfit}
		}
		return toItself(c, subject)
	})
}

// trusted reports whether a client gave a company a right to be passed on.
func (st *state) trusted(client, company identifier) bool {
	return slices.ContainsFunc(st.rights.holding[client], func(g *grant) bool {
		return g.Family == familyEntity && g.Delegates && g.Subject == company
	})
}

// grantSubunit answers POST /permissions/subunits/grants.
func (s *Server) grantSubunit(c *call) (*reply, error) {
	var body struct {
		SubjectIdentifier *identifier  `json:"subjectIdentifier"`
		ContextIdentifier *identifier  `json:"contextIdentifier"`
		SubunitName       string       `json:"subunitName"`
		Description       string       `json:"description"`
		SubjectDetails    *detailsBody `json:"subjectDetails"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	subject := k.party("subjectIdentifier", body.SubjectIdentifier, typeNIP, typePESEL, typeFingerprint)
	unit := k.party("contextIdentifier", body.ContextIdentifier, typeInternalID, typeNIP)
	if unit.Type == typeInternalID {
		k.check(!unit.wellFormed() || pl.InternalID(unit.Value).Valid(), "'contextIdentifier.value' has an invalid check digit.")
		k.require("subunitName", body.SubunitName != "")
	}
	if body.SubunitName != "" {
		k.length("subunitName", body.SubunitName, 5, 256)
	}
	k.description(body.Description)
	who := body.SubjectDetails.read(&k, subject, personByID, personByFpID, personByFpNoID)
	if err := k.err(); err != nil {
		return nil, err
	}
	if err := c.inContext(typeNIP); err != nil {
		return nil, err
	}
	t := s.template(c, familySubunit, subject, body.Description)
	t.Details, t.Context, t.Name = who, unit, body.SubunitName
	return s.changeRights(c, &permissionAsked{Grants: s.each(t, credentialsManage)}, func(st *state) outcome {
		return st.judgeUnit(c.context, unit)
	})
}

// judgeUnit says whether a context may appoint an administrator of a unit: one
// of its own internal identifiers, or a member of the group that it heads.
func (st *state) judgeUnit(context, unit identifier) outcome {
	switch {
	case unit.Type == typeInternalID && unit.nip() != context.nip():
		return outcome{Code: permissionUnfit}
	case unit.Type == typeInternalID:
		return outcome{}
	case !st.registry.has(context.Value, roleJST, roleGroup):
		return outcome{Code: permissionRole}
	case st.registry.parents[unit.Value] != context.Value:
		return outcome{Code: permissionUnfit}
	}
	return outcome{}
}

// grantEUAdmin answers POST /permissions/eu-entities/administration/grants.
func (s *Server) grantEUAdmin(c *call) (*reply, error) {
	var body struct {
		SubjectIdentifier *identifier  `json:"subjectIdentifier"`
		ContextIdentifier *identifier  `json:"contextIdentifier"`
		Description       string       `json:"description"`
		EUEntityName      string       `json:"euEntityName"`
		SubjectDetails    *detailsBody `json:"subjectDetails"`
		EUEntityDetails   *entityCard  `json:"euEntityDetails"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	subject := k.party("subjectIdentifier", body.SubjectIdentifier, typeFingerprint)
	entity := k.party("contextIdentifier", body.ContextIdentifier, typeNIPVATUE)
	k.description(body.Description)
	k.length("euEntityName", body.EUEntityName, 5, 256)
	who := body.SubjectDetails.read(&k, subject, personByFpID, personByFpNoID, entityByFp)
	if k.require("euEntityDetails", body.EUEntityDetails != nil) {
		body.EUEntityDetails.check(&k, "euEntityDetails")
	}
	if err := k.err(); err != nil {
		return nil, err
	}
	if err := c.inContext(typeNIP); err != nil {
		return nil, err
	}
	t := s.template(c, familyEUAdmin, subject, body.Description)
	t.Details, t.Context, t.Name, t.EU = who, entity, body.EUEntityName, body.EUEntityDetails
	grants := s.each(t, vatUEManage, invoiceWrite, invoiceRead, introspection)
	return s.changeRights(c, &permissionAsked{Grants: grants}, func(*state) outcome {
		if entity.nip() != c.context.nip() {
			return outcome{Code: permissionUnfit}
		}
		return outcome{}
	})
}

// grantEU answers POST /permissions/eu-entities/grants.
func (s *Server) grantEU(c *call) (*reply, error) {
	var body struct {
		SubjectIdentifier *identifier  `json:"subjectIdentifier"`
		Permissions       []string     `json:"permissions"`
		Description       string       `json:"description"`
		SubjectDetails    *detailsBody `json:"subjectDetails"`
	}
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	subject := k.party("subjectIdentifier", body.SubjectIdentifier, typeFingerprint)
	k.require("permissions", len(body.Permissions) > 0)
	scopes := k.set("permissions", body.Permissions, invoicePermissions()...)
	k.description(body.Description)
	who := body.SubjectDetails.read(&k, subject, personByFpID, personByFpNoID, entityByFp)
	if err := k.err(); err != nil {
		return nil, err
	}
	if err := c.inContext(typeNIPVATUE); err != nil {
		return nil, err
	}
	t := s.template(c, familyEU, subject, body.Description)
	t.Details = who
	return s.changeRights(c, &permissionAsked{Grants: s.each(t, scopes...)}, func(*state) outcome { return outcome{} })
}
