package ksef

import (
	"fmt"
	"net/url"
	"strings"
)

// Environment is one KSeF system: where it lives and what it lets in.
type Environment struct {
	// Name is "test", "demo", "production" or what Custom was given.
	Name string
	// API is the base address of the API with its version: ".../v2".
	API string
	// QR is the base address of the verification links printed on invoices.
	QR string
	// Latarnia is the base address of the availability service, "" if none.
	Latarnia string
	// SelfSigned tells that logins with self-signed certificates are accepted.
	SelfSigned bool
	// AllowHTTP permits an API address without TLS. Only Custom sets it; it is
	// meant for a simulator on the same machine.
	AllowHTTP bool
}

// Test is the environment for development (TE): self-signed certificates,
// data shared by all integrators, no legal effect.
func Test() Environment {
	return Environment{
		Name:       "test",
		API:        "https://api-test.ksef.mf.gov.pl/v2",
		QR:         "https://qr-test.ksef.mf.gov.pl",
		Latarnia:   "https://api-latarnia-test.ksef.mf.gov.pl",
		SelfSigned: true,
	}
}

// Demo is the pre-production environment (TR): certificates as in production,
// no legal effect. It has no availability service of its own.
func Demo() Environment {
	return Environment{
		Name: "demo",
		API:  "https://api-demo.ksef.mf.gov.pl/v2",
		QR:   "https://qr-demo.ksef.mf.gov.pl",
	}
}

// Production is the real KSeF (PRD): what it accepts is an invoice by law.
func Production() Environment {
	return Environment{
		Name:     "production",
		API:      "https://api.ksef.mf.gov.pl/v2",
		QR:       "https://qr.ksef.mf.gov.pl",
		Latarnia: "https://api-latarnia.ksef.mf.gov.pl",
	}
}

// Custom is a system at another address, such as a simulator. The API is
// expected under base + "/v2", the availability service under
// base + "/latarnia". An http base is accepted as it is.
func Custom(base string) Environment {
	base = strings.TrimRight(base, "/")
	return Environment{
		Name:       "custom",
		API:        base + "/v2",
		QR:         base,
		Latarnia:   base + "/latarnia",
		SelfSigned: true,
		AllowHTTP:  true,
	}
}

// check refuses addresses that would send tokens in the clear or to a place
// that the address does not show plainly.
func (e Environment) check() (*url.URL, error) {
	u, err := url.Parse(e.API)
	switch {
	case e.API == "":
		return nil, fmt.Errorf("ksef: environment without an API address: use Test, Demo, Production or Custom: %w", ErrInvalidArgument)
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("ksef: environment %s: API must be scheme://host/path: %w", e.Name, ErrInvalidArgument)
	case u.Scheme == "https", u.Scheme == "http" && e.AllowHTTP:
		return u, nil
	}
	return nil, fmt.Errorf("ksef: environment %s: API must be https: %w", e.Name, ErrInvalidArgument)
}
