package faktupro

import "github.com/faktupro/faktupro-go/ksef/fa3"

// annotation maps NoweSrodkiTransportu: the vehicles, or the denial that there
// are any.
func (n *NewTransport) annotation() fa3.NoweSrodkiTransportu {
	if len(n.Vehicles) == 0 {
		return fa3.NoweSrodkiTransportu{P_22N: true}
	}
	m := fa3.NoweSrodkiTransportu{P_22: true, P_42_5: fa3.YesIf(n.VAT22)}
	for i := range n.Vehicles {
		m.NowySrodekTransportu = append(m.NowySrodekTransportu, n.Vehicles[i].entry())
	}
	return m
}

func (v *Vehicle) entry() fa3.NowySrodekTransportu {
	return fa3.NowySrodekTransportu{
		P_22A:          v.FirstUse,
		P_NrWierszaNST: int64(v.Line),
		P_22BMK:        collapse(v.Make),
		P_22BMD:        collapse(v.Model),
		P_22BK:         collapse(v.Colour),
		P_22BNR:        collapse(v.Registration),
		P_22BRP:        collapse(v.YearBuilt),
		P_22B:          collapse(v.Land.Mileage),
		P_22B1:         collapse(v.Land.VIN),
		P_22B2:         collapse(v.Land.Body),
		P_22B3:         collapse(v.Land.Chassis),
		P_22B4:         collapse(v.Land.Frame),
		P_22BT:         collapse(v.Land.Type),
		P_22C:          collapse(v.Vessel.Hours),
		P_22C1:         collapse(v.Vessel.Hull),
		P_22D:          collapse(v.Aircraft.Hours),
		P_22D1:         collapse(v.Aircraft.Serial),
	}
}

func readNewTransport(m *fa3.NoweSrodkiTransportu) NewTransport {
	n := NewTransport{VAT22: m.P_42_5 == fa3.Yes}
	for i := range m.NowySrodekTransportu {
		n.Vehicles = append(n.Vehicles, readVehicle(&m.NowySrodekTransportu[i]))
	}
	return n
}

func readVehicle(m *fa3.NowySrodekTransportu) Vehicle {
	return Vehicle{
		Line:         int(m.P_NrWierszaNST),
		FirstUse:     m.P_22A,
		Make:         m.P_22BMK,
		Model:        m.P_22BMD,
		Colour:       m.P_22BK,
		Registration: m.P_22BNR,
		YearBuilt:    m.P_22BRP,
		Land: LandVehicle{
			Mileage: m.P_22B, VIN: m.P_22B1, Body: m.P_22B2, Chassis: m.P_22B3, Frame: m.P_22B4, Type: m.P_22BT,
		},
		Vessel:   Vessel{Hours: m.P_22C, Hull: m.P_22C1},
		Aircraft: Aircraft{Hours: m.P_22D, Serial: m.P_22D1},
	}
}
