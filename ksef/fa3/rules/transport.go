package rules

import (
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// transportRules are the rules about transport.
var transportRules = []Rule{
	{
		"transport.order", Warning, LikelyMistake, "DataGodzRozpTransportu and DataGodzZakTransportu",
		"The transport ends before it begins: swap the two times.",
		"Transport kończy się przed rozpoczęciem: zamień czasy.",
		checkTransportOrder,
	},
	{
		"transport.places", Info, LikelyMistake, "WysylkaZ and WysylkaDo",
		"The goods are sent from and to the same address: check both.",
		"Towar jest wysyłany z tego samego adresu, na który jedzie: sprawdź oba.",
		checkTransportPlaces,
	},
	{
		"transport.long", Info, LikelyMistake, "DataGodzRozpTransportu and DataGodzZakTransportu",
		"The transport takes more than a year: check the years.",
		"Transport trwa ponad rok: sprawdź lata w datach.",
		checkTransportLong,
	},
}

// eachTransport reports the transports that are bad.
func (d *Document) eachTransport(fs *Findings, field string, bad func(*fa3.Transport) bool) {
	if d.fa.WarunkiTransakcji == nil {
		return
	}
	for i := range d.fa.WarunkiTransakcji.Transport {
		if bad(&d.fa.WarunkiTransakcji.Transport[i]) {
			fs.Add(Path("Fa", "WarunkiTransakcji", "Transport", i, field))
		}
	}
}

// duration is the time a transport takes, 0 when it does not say.
func duration(t *fa3.Transport) time.Duration {
	start, errStart := t.DataGodzRozpTransportu.Time()
	end, errEnd := t.DataGodzZakTransportu.Time()
	if errStart != nil || errEnd != nil {
		return 0
	}
	return end.Sub(start)
}

func checkTransportOrder(d *Document, fs *Findings) {
	d.eachTransport(fs, "DataGodzZakTransportu", func(t *fa3.Transport) bool { return duration(t) < 0 })
}

func checkTransportLong(d *Document, fs *Findings) {
	d.eachTransport(fs, "DataGodzZakTransportu", func(t *fa3.Transport) bool { return duration(t) > year*24*time.Hour })
}

func checkTransportPlaces(d *Document, fs *Findings) {
	d.eachTransport(fs, "WysylkaDo", func(t *fa3.Transport) bool {
		return t.WysylkaZ != nil && t.WysylkaDo != nil && *t.WysylkaZ == *t.WysylkaDo
	})
}
