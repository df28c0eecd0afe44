package ksefsim

import "slices"

// Names of permissions in the API.
const (
	invoiceRead        = "InvoiceRead"
	invoiceWrite       = "InvoiceWrite"
	credentialsRead    = "CredentialsRead"
	credentialsManage  = "CredentialsManage"
	introspection      = "Introspection"
	subunitManage      = "SubunitManage"
	enforcement        = "EnforcementOperations"
	pefInvoiceWrite    = "PefInvoiceWrite"
	vatUEManage        = "VatUeManage"
	collectiveIDManage = "CollectiveIdentifierManage"
)

// Names of authorisations to issue invoices for somebody else.
const (
	selfInvoicing     = "SelfInvoicing"
	taxRepresentative = "TaxRepresentative"
	rrInvoicing       = "RRInvoicing"
	pefInvoicing      = "PefInvoicing"
)

// ownerPermissions is what the owner of a context may do: every permission on
// invoices and administration. EnforcementOperations and PefInvoiceWrite hang on
// roles, VatUeManage belongs to contexts of EU entities.
func ownerPermissions() []string {
	return []string{
		invoiceRead, invoiceWrite, introspection,
		credentialsRead, credentialsManage, subunitManage, collectiveIDManage,
	}
}

// tokenPermissions is what a KSeF token, a person or test data may carry.
func tokenPermissions() []string {
	return append(ownerPermissions(), enforcement)
}

// allPermissions is every permission in the order in which they are listed.
func allPermissions() []string {
	return append(tokenPermissions(), vatUEManage, pefInvoiceWrite)
}

// invoicePermissions are those on invoices alone.
func invoicePermissions() []string { return []string{invoiceWrite, invoiceRead} }

// authorizations are the names of authorisations.
func authorizations() []string {
	return []string{selfInvoicing, rrInvoicing, taxRepresentative, pefInvoicing}
}

// The sets of permissions that operations ask for, any of which suffices.

func writers() []string      { return []string{invoiceWrite, pefInvoiceWrite, enforcement} }
func batchWriters() []string { return []string{invoiceWrite, enforcement} }
func listers() []string      { return []string{invoiceWrite, introspection, enforcement} }
func readers() []string      { return []string{invoiceRead} }
func collectors() []string   { return []string{invoiceRead, invoiceWrite, collectiveIDManage} }
func managers() []string     { return []string{credentialsManage} }
func overseers() []string    { return []string{credentialsManage, credentialsRead} }
func unitManagers() []string { return []string{subunitManage} }
func euManagers() []string   { return []string{vatUEManage} }

func followers() []string {
	return []string{invoiceWrite, introspection, pefInvoiceWrite, enforcement}
}
func revokers() []string { return []string{credentialsManage, vatUEManage, subunitManage} }
func unitOverseers() []string {
	return []string{credentialsManage, credentialsRead, subunitManage}
}

func authorizationOverseers() []string {
	return []string{credentialsManage, credentialsRead, pefInvoiceWrite}
}
func euOverseers() []string { return []string{credentialsManage, credentialsRead, vatUEManage} }

// allowed reports whether somebody with the present permissions may do what
// needs any of the required ones. No requirement is met by everybody.
func allowed(required, present []string) bool {
	return len(required) == 0 || slices.ContainsFunc(required, func(p string) bool { return slices.Contains(present, p) })
}
