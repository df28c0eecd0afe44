package ksefsim

import (
	"net/netip"
	"slices"
	"strings"
)

// ipPolicy says from which addresses the tokens of a login may be used.
type ipPolicy struct {
	Addresses []string `json:"ip4Addresses,omitempty"`
	Ranges    []string `json:"ip4Ranges,omitempty"`
	Masks     []string `json:"ip4Masks,omitempty"`
}

// mostPolicyItems is how many addresses, ranges and masks a policy may have.
const mostPolicyItems = 10

// check faults what is not IPv4 in the plain decimal forms of the contract.
func (p *ipPolicy) check(k *checker) {
	for _, group := range []struct {
		name  string
		items []string
		valid func(string) bool
	}{
		{"ip4Addresses", p.Addresses, isIPv4},
		{"ip4Ranges", p.Ranges, isIPv4Range},
		{"ip4Masks", p.Masks, isIPv4Mask},
	} {
		k.check(len(group.items) <= mostPolicyItems, "'%s' must contain no more than %d items.", group.name, mostPolicyItems)
		for _, item := range group.items {
			k.check(group.valid(item), "'%s' is not in the correct format.", group.name)
		}
	}
}

// allows reports whether a client may use a token. An empty policy allows all.
func (p *ipPolicy) allows(client netip.Addr) bool {
	if p == nil || len(p.Addresses)+len(p.Ranges)+len(p.Masks) == 0 {
		return true
	}
	return slices.ContainsFunc(p.Addresses, func(s string) bool { return parseIPv4(s) == client }) ||
		slices.ContainsFunc(p.Ranges, func(s string) bool { return inRange(s, client) }) ||
		slices.ContainsFunc(p.Masks, func(s string) bool { return inMask(s, client) })
}

// parseIPv4 is the zero Addr for anything but a dotted quad without leading
// zeros.
func parseIPv4(s string) netip.Addr {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return netip.Addr{}
	}
	return a
}

func isIPv4(s string) bool { return parseIPv4(s).IsValid() }

func isIPv4Range(s string) bool {
	from, to, cut := strings.Cut(s, "-")
	return cut && isIPv4(from) && isIPv4(to)
}

func isIPv4Mask(s string) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && p.Addr().Is4()
}

func inRange(s string, client netip.Addr) bool {
	from, to, _ := strings.Cut(s, "-")
	low, high := parseIPv4(from), parseIPv4(to)
	return client.Is4() && low.Compare(client) <= 0 && client.Compare(high) <= 0
}

func inMask(s string, client netip.Addr) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && p.Contains(client)
}
