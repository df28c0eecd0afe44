package faktupro

import "github.com/faktupro/faktupro-go/pl"

// procedures judges the margin schemes and the One Stop Shop.
func (v *validator) procedures() {
	inv := v.inv
	switch margin := v.has(VATMargin); {
	case margin && inv.Margin == "":
		v.addAt("/margin", codeMarginSchemeMissing)
	case !margin && inv.Margin != "" && !v.effectless():
		v.addAt("/margin", codeMarginUnused)
	}
	b := &inv.Buyer
	if v.has(VATOSS) && (b.NIP != "" || b.EUVAT != pl.VATUE{}) {
		v.addAt("/buyer", codeOSSBuyer)
	}
}

// effectless reports whether the invoice corrects data rather than supplies: it
// then repeats the marks of the corrected invoice.
func (v *validator) effectless() bool {
	return v.inv.kind().IsCorrection() && v.summed && v.totals.Gross.Sign() == 0
}

// vehicles judges new means of transport and the lines that supply them.
func (v *validator) vehicles() {
	for i := range v.inv.NewTransport.Vehicles {
		x := &v.inv.NewTransport.Vehicles[i]
		path := pointer("newTransport", "vehicles", i)
		if x.Line > 0 && !v.lineExists(x.Line) {
			v.addAt(path+"/line", codeVehicleLine)
		}
		land := landVehicleObject.given(&x.Land)
		if count(land, x.Vessel != Vessel{}, x.Aircraft != Aircraft{}) != 1 {
			v.addAt(path, codeVehicleKind)
		}
		if count(x.Land.VIN != "", x.Land.Body != "", x.Land.Chassis != "", x.Land.Frame != "") > 1 {
			v.addAt(path+"/land", codeVehicleNumbers)
		}
	}
	v.vehicleRates()
}

// vehicleRates: the supply of a vehicle described this way is an intra-EU one.
func (v *validator) vehicleRates() {
	vehicles := v.inv.NewTransport.Vehicles
	if len(vehicles) == 0 {
		return
	}
	taxed := make(map[int]bool) // numbers of lines at other rates
	for i := range v.inv.Lines {
		if l := &v.inv.Lines[i]; l.VATRate != VAT0IntraEU {
			taxed[numberOf(l.Number, i)] = true
		}
	}
	for i := range vehicles {
		if taxed[vehicles[i].Line] {
			v.addAt(pointer("newTransport", "vehicles", i, "line"), codeVehicleRate)
		}
	}
}
