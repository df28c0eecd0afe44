package access_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/faktupro/faktupro-go/access"
)

func Example() {
	ctx := context.Background()
	keys, err := access.NewAuthenticator(access.NewMemoryStore(), access.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	secret, rec, err := keys.Issue(ctx, access.Grant{Label: "shop", Scopes: access.Scopes{access.ScopeInvoicesWrite}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("issued", secret) // never the text; Reveal shows it

	caller, err := keys.Authenticate(ctx, secret.Reveal())
	fmt.Println(caller.Label, caller.Has(access.ScopeInvoicesWrite), caller.Has(access.ScopeAuditRead), err)

	if err := keys.Revoke(ctx, rec.ID, "laptop stolen"); err != nil {
		fmt.Println(err)
	}
	_, err = keys.Authenticate(ctx, secret.Reveal())
	fmt.Println(err, errors.Is(err, access.ErrUnauthenticated))
	// Output:
	// issued [redacted]
	// shop true false <nil>
	// access: not authenticated true
}

func ExampleParse() {
	_, err := access.Parse("fp_live_6UebxCZd_CQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJyg_aaaaaa")
	fmt.Println(err)
	// Output: access: mistyped API key
}
