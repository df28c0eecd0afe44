package faktupro

import "github.com/shopspring/decimal"

// VATRate is a VAT rate, or the reason why there is none, as written in JSON.
type VATRate string

// The rates of FA(3). The 22, 7 and 3 percent rates serve invoices about older
// periods; 4 and 3 percent are the flat rates of taxi drivers.
const (
	VAT23            VATRate = "23"
	VAT22            VATRate = "22"
	VAT8             VATRate = "8"
	VAT7             VATRate = "7"
	VAT5             VATRate = "5"
	VAT4             VATRate = "4"
	VAT3             VATRate = "3"
	VAT0Domestic     VATRate = "0-domestic"     // zero rate within Poland
	VAT0IntraEU      VATRate = "0-intra-eu"     // intra-EU supply of goods (WDT)
	VAT0Export       VATRate = "0-export"       // export of goods
	VATExempt        VATRate = "exempt"         // exempt from VAT (zw)
	VATReverseCharge VATRate = "reverse-charge" // domestic reverse charge (oo)
	VATOutsidePoland VATRate = "outside-poland" // supply outside Poland (np I)
	VATEUService     VATRate = "eu-service"     // service of art. 100(1)(4) to an EU business (np II)
	VATOSS           VATRate = "oss"            // VAT of another EU state under the One Stop Shop, at the line's OSSRate
	VATMargin        VATRate = "margin"         // margin scheme: no VAT is shown, the value is the whole price
)

// RateInfo is one row of the table of VAT rates.
type RateInfo struct {
	Rate     VATRate
	Percent  int    // the rate in percent; 0 where no VAT is charged
	Taxed    bool   // VAT is computed and shown, at Percent
	Code     string // the code in FA(3), element P_12
	NetField string // the FA(3) total of net values, such as P_13_1
	VATField string // the FA(3) total of VAT, such as P_14_1; "" when none
	EN       string // name in English
	PL       string // name in Polish
}

// rates holds every rate once, in the order in which totals are shown. In FA(3)
// 23 and 22 percent, 8 and 7 percent, and 4 and 3 percent share a total.
var rates = [...]RateInfo{
	{VAT23, 23, true, "23", "P_13_1", "P_14_1", "23%", "23%"},
	{VAT22, 22, true, "22", "P_13_1", "P_14_1", "22%", "22%"},
	{VAT8, 8, true, "8", "P_13_2", "P_14_2", "8%", "8%"},
	{VAT7, 7, true, "7", "P_13_2", "P_14_2", "7%", "7%"},
	{VAT5, 5, true, "5", "P_13_3", "P_14_3", "5%", "5%"},
	{VAT4, 4, true, "4", "P_13_4", "P_14_4", "4% (taxi)", "4% (taksówki)"},
	{VAT3, 3, true, "3", "P_13_4", "P_14_4", "3% (taxi)", "3% (taksówki)"},
	{VATOSS, 0, false, "", "P_13_5", "P_14_5", "OSS", "procedura OSS"},
	{VAT0Domestic, 0, false, "0 KR", "P_13_6_1", "", "0% domestic", "0% krajowe"},
	{VAT0IntraEU, 0, false, "0 WDT", "P_13_6_2", "", "0% intra-EU supply", "0% wewnątrzwspólnotowa dostawa towarów"},
	{VAT0Export, 0, false, "0 EX", "P_13_6_3", "", "0% export", "0% eksport"},
	{VATExempt, 0, false, "zw", "P_13_7", "", "exempt", "zwolnione"},
	{VATOutsidePoland, 0, false, "np I", "P_13_8", "", "outside Poland", "poza terytorium kraju"},
	{VATEUService, 0, false, "np II", "P_13_9", "", "service to an EU business", "usługa z art. 100 ust. 1 pkt 4 ustawy"},
	{VATReverseCharge, 0, false, "oo", "P_13_10", "", "domestic reverse charge", "odwrotne obciążenie krajowe"},
	{VATMargin, 0, false, "", "P_13_11", "", "margin scheme", "procedura marży"},
}

// Rates is the table of VAT rates in the order in which totals are shown.
func Rates() []RateInfo { return append([]RateInfo(nil), rates[:]...) }

// Info is the row of the rate in the table of rates; false when r is none.
func (r VATRate) Info() (RateInfo, bool) {
	i := r.index()
	if i < 0 {
		return RateInfo{}, false
	}
	return rates[i], true
}

// index is the position of the rate in the table, -1 when it is not there.
func (r VATRate) index() int {
	for i := range rates {
		if rates[i].Rate == r {
			return i
		}
	}
	return -1
}

// showsVAT reports whether supplies at the rate show VAT, be it foreign.
func (r VATRate) showsVAT() bool {
	i := r.index()
	return i >= 0 && rates[i].VATField != ""
}

// code is the code of the rate in FA(3), "" when it has none.
func (r VATRate) code() string {
	i := r.index()
	if i < 0 {
		return ""
	}
	return rates[i].Code
}

// percent is the rate as a number to compute with.
func (r *RateInfo) percent() decimal.Decimal { return decimal.NewFromInt(int64(r.Percent)) }

// rateOfCode is the rate with the given P_12 code.
func rateOfCode(code string) (VATRate, bool) {
	for i := range rates {
		if rates[i].Code == code && code != "" {
			return rates[i].Rate, true
		}
	}
	return "", false
}
