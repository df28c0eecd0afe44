package faktupro

import "strings"

// The lists of codes that FA(3) accepts, in alphabetical order. Countries:
// Greece is GR here (EL is its VAT prefix), Kosovo XK, Northern Ireland XI.
// Currencies: those of ISO 4217 at the time the schema was made, precious
// metals included; SLE, VED and ZWG are not among them.
const (
	countryCodes = "" +
		" AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH" +
		" BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM" +
		" CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ" +
		" FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK" +
		" HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM" +
		" KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH" +
		" MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO" +
		" NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU" +
		" RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD" +
		" TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG" +
		" VI VN VU WF WS XC XI XK XL YE YT ZA ZM ZW"
	currencyCodes = "" +
		" AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND" +
		" BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU" +
		" CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GGP" +
		" GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS IMP INR IQD IRR ISK" +
		" JEP JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL" +
		" LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN" +
		" NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR" +
		" SBD SCR SDG SEK SGD SHP SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND" +
		" TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VES VND VUV WST XAF" +
		" XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XUA XXX YER ZAR" +
		" ZMW ZWL"

	// euPrefixes are the prefixes of EU VAT numbers: Greece is EL, Northern
	// Ireland XI.
	euPrefixes = "" +
		" AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO" +
		" SE SI SK XI"
)

// hasCode reports whether a list of codes, all of one length and separated by
// blanks, holds the code.
func hasCode(codes, code string) bool {
	if code == "" || strings.IndexByte(code, ' ') >= 0 {
		return false
	}
	i := strings.Index(codes, " "+code)
	return i >= 0 && (i+1+len(code) == len(codes) || codes[i+1+len(code)] == ' ')
}
