package faktupro

// MarginScheme is a scheme that taxes the margin instead of the price (procedura
// marży, PMarzy). Its lines have the rate VATMargin.
type MarginScheme string

// The margin schemes of art. 119 and 120 of the VAT Act.
const (
	MarginTravelAgency MarginScheme = "travel-agency"    // travel agents (P_PMarzy_2)
	MarginSecondHand   MarginScheme = "second-hand"      // second-hand goods (P_PMarzy_3_1)
	MarginWorksOfArt   MarginScheme = "works-of-art"     // works of art (P_PMarzy_3_2)
	MarginCollectables MarginScheme = "collectors-items" // collectors' items and antiques (P_PMarzy_3_3)
)

var marginSchemes = []MarginScheme{MarginTravelAgency, MarginSecondHand, MarginWorksOfArt, MarginCollectables}
