package qr

import (
	"net/url"
	"slices"
	"strings"
)

// The addresses of the official environments, with which every link begins.
const (
	Test       = "https://qr-test.ksef.mf.gov.pl"
	Demo       = "https://qr-demo.ksef.mf.gov.pl"
	Production = "https://qr.ksef.mf.gov.pl"
)

// MaxLink is the longest link in bytes that is made or read; one with a
// signature of RSA 4096 and the longest context has less than 900.
const MaxLink = 1024

// maxBase leaves room for the rest of the link.
const maxBase = 100

// Official reports whether the base is one of the official environments. A link
// to anywhere else says nothing, whatever page it opens.
func Official(base string) bool { return slices.Contains([]string{Test, Demo, Production}, base) }

// checkBase accepts scheme, host and port alone. An http base is for a simulator
// on the same machine.
func checkBase(base string) error {
	u, err := url.Parse(base)
	if err != nil || len(base) > maxBase || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fail(RuleBase)
	}
	if base != u.Scheme+"://"+u.Host { // a path, a user, a query, capitals in the scheme
		return fail(RuleBase)
	}
	return nil
}

// withoutScheme is what a signature covers of the base.
func withoutScheme(link string) string {
	_, rest, _ := strings.Cut(link, "://")
	return rest
}
