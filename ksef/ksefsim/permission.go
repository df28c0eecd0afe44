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
	collectiveIDManage = "CollectiveIdentifierManage"
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

// tokenPermissions is what a KSeF token may carry.
func tokenPermissions() []string {
	return append(ownerPermissions(), enforcement)
}

// permissions is what a login may do now; roles are for the access token. A
// token login has the permissions of its token, an owner everything.
func (st *state) permissions(l *login) (permissions, roles []string) {
	switch {
	case l.Token != "":
		return slices.Clone(st.tokens[l.Token].permissions), nil
	case l.Subject.Type == typeNIP && l.Context == l.Subject:
		return ownerPermissions(), []string{"Owner"}
	case l.Subject.Type == typePeppolID && l.Context == l.Subject:
		// A provider registers itself by its first login; what it may send
		// depends on the authorisations that taxpayers give it.
		return nil, []string{"PeppolProvider"}
	}
	return nil, nil
}

// writers may send invoices, readers of sessions may follow them.
func writers() []string { return []string{invoiceWrite, pefInvoiceWrite, enforcement} }

func followers() []string {
	return []string{invoiceWrite, introspection, pefInvoiceWrite, enforcement}
}
func listers() []string { return []string{invoiceWrite, introspection, enforcement} }

// allowed reports whether somebody with the present permissions may do what
// needs any of the required ones. No requirement is met by everybody.
func allowed(required, present []string) bool {
	return len(required) == 0 || slices.ContainsFunc(required, func(p string) bool { return slices.Contains(present, p) })
}
