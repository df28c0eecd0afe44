package qr

import (
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Code is a CodeI or a CodeII.
type Code interface {
	Link() (string, error)
	code()
}

func (CodeI) code()  {}
func (CodeII) code() {}

// Parse reads a link of one of the official environments. A link to any other
// host is an *Error with RuleBase: it may look like a verification page and be
// none. Link of the result is the text that was read.
func Parse(link string) (Code, error) {
	for _, base := range []string{Production, Demo, Test} {
		if rest, ok := strings.CutPrefix(link, base+"/"); ok {
			return parse(base, rest)
		}
	}
	return nil, fail(RuleBase)
}

// ParseAt reads a link of one environment, such as a simulator's.
func ParseAt(base, link string) (Code, error) {
	if err := checkBase(base); err != nil {
		return nil, err
	}
	rest, ok := strings.CutPrefix(link, base+"/")
	if !ok {
		return nil, fail(RuleBase)
	}
	return parse(base, rest)
}

func parse(base, rest string) (Code, error) {
	if len(base)+1+len(rest) > MaxLink {
		return nil, fail(RuleLink)
	}
	parts := strings.Split(rest, "/")
	switch {
	case parts[0] == "invoice" && len(parts) == 4:
		return parseI(base, parts[1:])
	case parts[0] == "certificate" && len(parts) == 7:
		return parseII(base, parts[1:])
	}
	return nil, fail(RuleLink)
}

func parseI(base string, parts []string) (Code, error) {
	day, err := time.Parse("02-01-2006", parts[1])
	if err != nil {
		return nil, fail(RuleDate)
	}
	hash, err := parseHash(parts[2])
	if err != nil {
		return nil, err
	}
	c := CodeI{Base: base, Seller: pl.NIP(parts[0]), Issued: pl.NewDate(day.Date()), Hash: hash}
	if err := c.check(); err != nil {
		return nil, err
	}
	return c, nil
}

func parseII(base string, parts []string) (Code, error) {
	hash, err := parseHash(parts[4])
	if err != nil {
		return nil, err
	}
	signature, ok := decode(parts[5])
	if !ok {
		return nil, fail(RuleSignature)
	}
	c := CodeII{
		Base:    base,
		Context: Context{ContextType(parts[0]), parts[1]},
		Seller:  pl.NIP(parts[2]), Serial: parts[3], Hash: hash, Signature: signature,
	}
	if _, err := c.Link(); err != nil {
		return nil, err
	}
	return c, nil
}
