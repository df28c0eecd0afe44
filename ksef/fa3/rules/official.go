package rules

import (
	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/pl"
)

// checkRateOfficial accepts the rate for the supply and, because an invoice can
// come first, the rate for the issue date.
func checkRateOfficial(d *Document, fs *Findings) {
	if d.cfg.Rate == nil || !d.foreign() {
		return
	}
	known := map[pl.Date]num{}
	official := func(day pl.Date) num {
		if !day.Valid() {
			return num{}
		}
		v, asked := known[day]
		if !asked {
			v.Decimal, v.ok = d.cfg.Rate(d.fa.KodWaluty, day)
			known[day] = v
		}
		return v
	}
	rates := d.rates()
	for i := range rates {
		e := &rates[i]
		if e.field == "KursWalutyZK" {
			continue // the rate of another invoice
		}
		supply, issue := official(d.supplyDay(e)), official(d.fa.P_1)
		if fits(e.value.Decimal, supply) || fits(e.value.Decimal, issue) || !supply.ok && !issue.ok {
			continue
		}
		if !supply.ok {
			supply = issue
		}
		fs.Add(e.path(), "found", e.value.String(), "expected", supply.String())
	}
}

func fits(found decimal.Decimal, official num) bool {
	return official.ok && found.Equal(official.Decimal)
}

// supplyDay is the day of the supply or payment that an exchange rate is for.
func (d *Document) supplyDay(e *exchange) pl.Date {
	switch e.element {
	case "FaWiersz":
		if day := d.fa.FaWiersz[e.index].P_6A; day.Valid() {
			return day
		}
	case "ZaliczkaCzesciowa":
		return d.fa.ZaliczkaCzesciowa[e.index].P_6Z
	}
	if d.fa.OkresFa != nil {
		return d.fa.OkresFa.P_6_Do
	}
	return d.fa.P_6
}
