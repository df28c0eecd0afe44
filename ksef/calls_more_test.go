package ksef

import (
	"context"

	"github.com/faktupro/faktupro-go/pl"
)

func credentialOperations() []operation {
	return []operation{
		{"POST /tokens", []any{&NewToken{[]Permission{PermInvoiceRead, PermInvoiceWrite}, "office system"}}, wireGeneratedToken{}, with(func(ctx context.Context, a *Account, r NewToken) (any, error) {
			t, err := a.Tokens.Generate(ctx, r)
			if err != nil {
				return nil, err
			}
			return []string{t.Reference, t.Token.Reveal()}, nil
		})},
		{"GET /tokens", nil, wireTokenList{}, without(func(ctx context.Context, a *Account) (any, error) {
			return all(a.Tokens.List(ctx, TokenFilter{[]TokenState{TokenActive}, "office", "526", IdentifierNIP}))
		})},
		{"GET /tokens/{referenceNumber}", nil, KSeFToken{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Tokens.Get(ctx, "P1")) })},
		{"DELETE /tokens/{referenceNumber}", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return done(a.Tokens.Revoke(ctx, "P1")) })},
		{"GET /certificates/limits", nil, CertificateQuota{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Certificates.Limits(ctx)) })},
		{"GET /certificates/enrollments/data", nil, EnrollmentData{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Certificates.EnrollmentData(ctx)) })},
		{"POST /certificates/enrollments", []any{&EnrollRequest{"Księgowość 1", CertificateAuthentication, []byte("csr"), sampleTime}}, Enrollment{}, with(func(ctx context.Context, a *Account, r EnrollRequest) (any, error) {
			return got(a.Certificates.Enroll(ctx, r))
		})},
		{"GET /certificates/enrollments/{referenceNumber}", nil, EnrollmentStatus{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.Certificates.EnrollmentStatus(ctx, "P1"))
		})},
		{"POST /certificates/retrieve", []any{&wireRetrieve{[]CertificateSerial{sampleSerial}}}, wireRetrieved{}, with(func(ctx context.Context, a *Account, r wireRetrieve) (any, error) {
			return got(a.Certificates.Retrieve(ctx, r.Serials...))
		})},
		{"POST /certificates/{certificateSerialNumber}/revoke", []any{&wireRevocation{RevokedSuperseded}}, nil, with(func(ctx context.Context, a *Account, r wireRevocation) (any, error) {
			return done(a.Certificates.Revoke(ctx, sampleSerial, r.Reason))
		})},
		{"POST /certificates/query", []any{&CertificateFilter{sampleSerial, "office", CertificateOffline, CertificateActive, sampleTime}}, wireCertificates{}, with(func(ctx context.Context, a *Account, r CertificateFilter) (any, error) {
			return all(a.Certificates.Query(ctx, r))
		})},
	}
}

// Three ways to describe a person.
func sampleDetails() [3]SubjectDetails {
	person := Person{"Adam", "Abacki"}
	return [3]SubjectDetails{
		{ByIdentifier: &person},
		{WithNumber: &PersonWithNumber{person, PESELIdentifier(samplePESEL)}},
		{NoNumber: &PersonWithDocument{person, pl.NewDate(1980, 2, 3), IDDocument{"passport", "AB123456", "DE"}}},
	}
}

func grantOperations() []operation {
	person := [3]Identifier{PESELIdentifier(samplePESEL), FingerprintIdentifier(samplePrint), FingerprintIdentifier(samplePrint)}
	print := FingerprintIdentifier(samplePrint)
	unit := [3]Identifier{InternalIdentifier(sampleUnit), InternalIdentifier(sampleUnit), NIPIdentifier(testNIP)}
	company := EUEntityIdentifier(testNIP, pl.VATUE{Country: "AT", Number: "U12345678"})
	invoices := []Permission{PermInvoiceRead, PermInvoiceWrite}
	entity := SubjectDetails{Entity: &EntityAddress{"Ziegel GmbH", "Wien, Ring 1"}}
	var persons, indirect, subunits, administrators, eu []any
	for i, d := range sampleDetails() {
		persons = append(persons, &PersonGrant{person[i], []Permission{PermCredentialsManage, PermIntrospection}, "accounting", d})
		indirect = append(indirect, &IndirectGrant{person[i], ptr(NIPIdentifier(testNIP)), invoices, "accounting", d})
		subunits = append(subunits, &SubunitGrant{person[i], unit[i], "administrator", "Branch 1", d})
		if i == 0 {
			d = entity
		}
		administrators = append(administrators, &EUAdministratorGrant{print, company, "administrator", "Ziegel GmbH, Wien", d, *entity.Entity})
		eu = append(eu, &EUGrant{print, invoices, "accounting", d})
	}
	return []operation{
		{"POST /permissions/persons/grants", persons, wireSent{}, with(func(ctx context.Context, a *Account, g PersonGrant) (any, error) {
			return got(a.Permissions.GrantPerson(ctx, g))
		})},
		{"POST /permissions/entities/grants", []any{&EntityGrant{NIPIdentifier(testNIP), []EntityPermission{{PermInvoiceRead, true}}, "accounting", EntityName{"Biuro Kalina"}}}, wireSent{}, with(func(ctx context.Context, a *Account, g EntityGrant) (any, error) {
			return got(a.Permissions.GrantEntity(ctx, g))
		})},
		{"POST /permissions/authorizations/grants", []any{&AuthorizationGrant{PeppolIdentifier("PPL123456"), PermPEFInvoicing, "provider", EntityName{"Dostawca Peppol"}}}, wireSent{}, with(func(ctx context.Context, a *Account, g AuthorizationGrant) (any, error) {
			return got(a.Permissions.GrantAuthorization(ctx, g))
		})},
		{"POST /permissions/indirect/grants", indirect, wireSent{}, with(func(ctx context.Context, a *Account, g IndirectGrant) (any, error) {
			return got(a.Permissions.GrantIndirect(ctx, g))
		})},
		{"POST /permissions/subunits/grants", subunits, wireSent{}, with(func(ctx context.Context, a *Account, g SubunitGrant) (any, error) {
			return got(a.Permissions.GrantSubunit(ctx, g))
		})},
		{"POST /permissions/eu-entities/administration/grants", administrators, wireSent{}, with(func(ctx context.Context, a *Account, g EUAdministratorGrant) (any, error) {
			return got(a.Permissions.GrantEUAdministrator(ctx, g))
		})},
		{"POST /permissions/eu-entities/grants", eu, wireSent{}, with(func(ctx context.Context, a *Account, g EUGrant) (any, error) {
			return got(a.Permissions.GrantEU(ctx, g))
		})},
		{"DELETE /permissions/common/grants/{permissionId}", nil, wireSent{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Permissions.Revoke(ctx, "P1")) })},
		{"DELETE /permissions/authorizations/grants/{permissionId}", nil, wireSent{}, without(func(ctx context.Context, a *Account) (any, error) {
			return got(a.Permissions.RevokeAuthorization(ctx, "P1"))
		})},
	}
}

func permissionOperations() []operation {
	nip, pesel, unit := ptr(NIPIdentifier(testNIP)), ptr(PESELIdentifier(samplePESEL)), ptr(InternalIdentifier(sampleUnit))
	return []operation{
		{"GET /permissions/operations/{referenceNumber}", nil, PermissionStatus{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Permissions.Status(ctx, "P1")) })},
		{"GET /permissions/attachments/status", nil, AttachmentStatus{}, without(func(ctx context.Context, a *Account) (any, error) { return got(a.Permissions.AttachmentStatus(ctx)) })},
		{"POST /permissions/query/personal/grants", []any{&OwnFilter{nip, unit, []Permission{PermVATUEManage}, PermissionActive}}, wirePermissions[*GrantedPermission]{}, with(func(ctx context.Context, a *Account, f OwnFilter) (any, error) {
			return all(a.Permissions.Own(ctx, f))
		})},
		{"POST /permissions/query/persons/grants", []any{&PersonFilter{pesel, ptr(*pesel), unit, nip, []Permission{PermSubunitManage}, PermissionInactive, GrantedInCurrentContext}}, wirePermissions[*GrantedPermission]{}, with(func(ctx context.Context, a *Account, f PersonFilter) (any, error) {
			return all(a.Permissions.Persons(ctx, f))
		})},
		{"POST /permissions/query/subunits/grants", []any{&SubunitFilter{unit}}, wirePermissions[*SubunitPermission]{}, with(func(ctx context.Context, a *Account, f SubunitFilter) (any, error) {
			return all(a.Permissions.Subunits(ctx, f))
		})},
		{"POST /permissions/query/entities/grants", []any{&EntityFilter{nip}}, wirePermissions[*ReceivedPermission]{}, with(func(ctx context.Context, a *Account, f EntityFilter) (any, error) {
			return all(a.Permissions.Received(ctx, f))
		})},
		{"GET /permissions/query/entities/roles", nil, wireRoles[*EntityRole]{}, without(func(ctx context.Context, a *Account) (any, error) { return all(a.Permissions.Roles(ctx)) })},
		{"POST /permissions/query/subordinate-entities/roles", []any{&SubordinateFilter{nip}}, wireRoles[*SubordinateRole]{}, with(func(ctx context.Context, a *Account, f SubordinateFilter) (any, error) {
			return all(a.Permissions.Subordinates(ctx, f))
		})},
		{"POST /permissions/query/authorizations/grants", []any{&AuthorizationFilter{nip, ptr(PeppolIdentifier("PPL123456")), AuthorizationsReceived, []Permission{PermSelfInvoicing}}}, wireAuthorizations{}, with(func(ctx context.Context, a *Account, f AuthorizationFilter) (any, error) {
			return all(a.Permissions.Authorizations(ctx, f))
		})},
		{"POST /permissions/query/eu-entities/grants", []any{&EUFilter{"ATU12345678", samplePrint, []Permission{PermIntrospection}}}, wirePermissions[*EUPermission]{}, with(func(ctx context.Context, a *Account, f EUFilter) (any, error) {
			return all(a.Permissions.EU(ctx, f))
		})},
	}
}

func testOperations() []operation {
	nip := NIPIdentifier(testNIP)
	sessions := SessionLimits{5, 10, 100_000}
	rates := RateLimits{}
	for group := range defaultLimits {
		if group != GroupAnonymous {
			rates[group] = RateLimit{1, 2, 3}
		}
	}
	rates[GroupCollective] = RateLimit{1, 2, 3}
	return []operation{
		{"POST /testdata/subject", []any{&TestSubject{testNIP, TestVATGroup, []TestSubunit{{testNIP, "member"}}, "VAT group", sampleTime}}, nil, with(func(ctx context.Context, a *Account, t TestSubject) (any, error) {
			return done(a.client.TestData.CreateSubject(ctx, t))
		})},
		{"POST /testdata/subject/remove", []any{&wireTestSubject{testNIP}}, nil, with(func(ctx context.Context, a *Account, t wireTestSubject) (any, error) {
			return done(a.client.TestData.RemoveSubject(ctx, t.NIP))
		})},
		{"POST /testdata/person", []any{&TestPerson{testNIP, samplePESEL, true, "bailiff", true, sampleTime}}, nil, with(func(ctx context.Context, a *Account, t TestPerson) (any, error) {
			return done(a.client.TestData.CreatePerson(ctx, t))
		})},
		{"POST /testdata/person/remove", []any{&wireTestNIP{testNIP}}, nil, with(func(ctx context.Context, a *Account, t wireTestNIP) (any, error) {
			return done(a.client.TestData.RemovePerson(ctx, t.NIP))
		})},
		{"POST /testdata/permissions", []any{&TestGrant{nip, PESELIdentifier(samplePESEL), []TestPermission{{PermInvoiceRead, "reading"}}}}, nil, with(func(ctx context.Context, a *Account, t TestGrant) (any, error) {
			return done(a.client.TestData.Grant(ctx, t))
		})},
		{"POST /testdata/permissions/revoke", []any{&wireTestRevocation{nip, PESELIdentifier(samplePESEL)}}, nil, with(func(ctx context.Context, a *Account, t wireTestRevocation) (any, error) {
			return done(a.client.TestData.Revoke(ctx, t.Context, t.Authorized))
		})},
		{"POST /testdata/attachment", []any{&wireTestNIP{testNIP}}, nil, with(func(ctx context.Context, a *Account, t wireTestNIP) (any, error) {
			return done(a.client.TestData.AllowAttachments(ctx, t.NIP))
		})},
		{"POST /testdata/attachment/revoke", []any{&wireTestAttachment{testNIP, pl.NewDate(2026, 12, 1)}}, nil, with(func(ctx context.Context, a *Account, t wireTestAttachment) (any, error) {
			return done(a.client.TestData.ForbidAttachments(ctx, t.NIP, t.End))
		})},
		{"POST /testdata/context/block", []any{&wireTestContext{NIPContext(testNIP)}}, nil, with(func(ctx context.Context, a *Account, t wireTestContext) (any, error) {
			return done(a.client.TestData.BlockContext(ctx, t.Context))
		})},
		{"POST /testdata/context/unblock", []any{&wireTestContext{NIPContext(testNIP)}}, nil, with(func(ctx context.Context, a *Account, t wireTestContext) (any, error) {
			return done(a.client.TestData.UnblockContext(ctx, t.Context))
		})},
		{"PUT /testdata/certificates/{serialNumber}", []any{&wireTestValidity{sampleTime}}, nil, with(func(ctx context.Context, a *Account, t wireTestValidity) (any, error) {
			return done(a.TestLimits.ShortenCertificate(ctx, sampleSerial, t.ValidTo))
		})},
		{"POST /testdata/limits/context/session", []any{&TestSessionLimits{sessions, sessions, &CollectiveLimits{500}}}, nil, with(func(ctx context.Context, a *Account, t TestSessionLimits) (any, error) {
			return done(a.TestLimits.SetSession(ctx, t))
		})},
		{"DELETE /testdata/limits/context/session", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return done(a.TestLimits.ResetSession(ctx)) })},
		{"POST /testdata/limits/subject/certificate", []any{&TestSubjectLimits{IdentifierPESEL, &EnrollmentLimits{ptr(12)}, &CertificateLimits{ptr(6)}}}, nil, with(func(ctx context.Context, a *Account, t TestSubjectLimits) (any, error) {
			return done(a.TestLimits.SetSubject(ctx, t))
		})},
		{"DELETE /testdata/limits/subject/certificate", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return done(a.TestLimits.ResetSubject(ctx)) })},
		{"POST /testdata/rate-limits", []any{&wireTestRates{rates}}, nil, with(func(ctx context.Context, a *Account, t wireTestRates) (any, error) {
			return done(a.TestLimits.SetRates(ctx, t.Rates))
		})},
		{"DELETE /testdata/rate-limits", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return done(a.TestLimits.ResetRates(ctx)) })},
		{"POST /testdata/rate-limits/production", nil, nil, without(func(ctx context.Context, a *Account) (any, error) { return done(a.TestLimits.ProductionRates(ctx)) })},
	}
}
