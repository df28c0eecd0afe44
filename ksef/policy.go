package ksef

import (
	"net/netip"
	"strings"
)

// IPPolicy limits the addresses from which the access tokens of a login may be
// used later (polityka autoryzacji). KSeF knows IPv4 only. The zero policy sets
// no limit.
type IPPolicy struct {
	// Addresses are single addresses, "203.0.113.7", at most 10.
	Addresses []string
	// Ranges are pairs of addresses joined by a dash,
	// "198.51.100.1-198.51.100.20", at most 10.
	Ranges []string
	// Masks are networks, "192.0.2.0/24", at most 10.
	Masks []string
}

// IsZero reports whether the policy sets no limit.
func (p IPPolicy) IsZero() bool {
	return len(p.Addresses)+len(p.Ranges)+len(p.Masks) == 0
}

const maxPolicyItems = 10

// check judges the policy, which is within allowedIps of the field.
func (p IPPolicy) check(c *checker, field string) {
	kinds := []struct {
		name   string
		items  []string
		ok     func(string) bool
		remedy string
	}{
		{"ip4Addresses", p.Addresses, isIP4, "write a dotted IPv4 address"},
		{"ip4Ranges", p.Ranges, ipRange, "write two rising IPv4 addresses joined by a dash"},
		{"ip4Masks", p.Masks, ipMask, "write an IPv4 network such as 192.0.2.0/24"},
	}
	for _, k := range kinds {
		at := field + ".allowedIps." + k.name
		c.count(at, len(k.items), 0, maxPolicyItems, "item")
		for i, item := range k.items {
			c.need(k.ok(item), index(at, i), RulePattern, k.remedy)
		}
	}
}

func isIP4(s string) bool {
	_, ok := ip4(s)
	return ok
}

func ipMask(s string) bool {
	net, err := netip.ParsePrefix(s)
	return err == nil && net.Addr().Is4()
}

func ip4(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && a.Is4()
}

func ipRange(s string) bool {
	first, last, ok := strings.Cut(s, "-")
	a, okA := ip4(first)
	b, okB := ip4(last)
	return ok && okA && okB && !b.Less(a)
}

type wirePolicy struct {
	AllowedIPs wireAllowedIPs `json:"allowedIps"`
}

type wireAllowedIPs struct {
	IP4Addresses []string `json:"ip4Addresses,omitempty"`
	IP4Ranges    []string `json:"ip4Ranges,omitempty"`
	IP4Masks     []string `json:"ip4Masks,omitempty"`
}

func (p IPPolicy) wire() *wirePolicy {
	if p.IsZero() {
		return nil
	}
	return &wirePolicy{wireAllowedIPs{p.Addresses, p.Ranges, p.Masks}}
}
