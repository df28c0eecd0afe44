package faktupro

import "github.com/faktupro/faktupro-go/ksef/fa3"

// annotation maps PMarzy: the scheme, or the denial that there is one.
func (m MarginScheme) annotation() fa3.PMarzy {
	p := fa3.PMarzy{
		P_PMarzy_2:   m == MarginTravelAgency,
		P_PMarzy_3_1: m == MarginSecondHand,
		P_PMarzy_3_2: m == MarginWorksOfArt,
		P_PMarzy_3_3: m == MarginCollectables,
	}
	p.P_PMarzy = p.P_PMarzy_2 || p.P_PMarzy_3_1 || p.P_PMarzy_3_2 || p.P_PMarzy_3_3
	p.P_PMarzyN = !p.P_PMarzy
	return p
}

func readMargin(p *fa3.PMarzy) MarginScheme {
	switch {
	case bool(p.P_PMarzy_2):
		return MarginTravelAgency
	case bool(p.P_PMarzy_3_1):
		return MarginSecondHand
	case bool(p.P_PMarzy_3_2):
		return MarginWorksOfArt
	case bool(p.P_PMarzy_3_3):
		return MarginCollectables
	}
	return ""
}
