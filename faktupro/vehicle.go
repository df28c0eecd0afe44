package faktupro

import "github.com/faktupro/faktupro-go/pl"

// MaxVehicles is the number of new means of transport on one invoice.
const MaxVehicles = 10_000

// NewTransport describes an intra-EU supply of new means of transport
// (NoweSrodkiTransportu, P_22). It is there when it has vehicles.
type NewTransport struct {
	// VAT22 says that the seller has to report the supply on form VAT-22
	// (P_42_5, art. 42(5) of the VAT Act).
	VAT22    bool
	Vehicles []Vehicle // at most MaxVehicles
}

// Vehicle is one new means of transport (NowySrodekTransportu): exactly one of
// Land, Vessel and Aircraft.
type Vehicle struct {
	Line         int     // number of the line that supplies it (P_NrWierszaNST)
	FirstUse     pl.Date // day it was first allowed to be used (P_22A)
	Make         string  // P_22BMK
	Model        string  // P_22BMD
	Colour       string  // P_22BK
	Registration string  // registration number (P_22BNR)
	YearBuilt    string  // P_22BRP

	Land     LandVehicle
	Vessel   Vessel
	Aircraft Aircraft
}

// LandVehicle is what identifies a motor vehicle: at most one of VIN, Body,
// Chassis and Frame.
type LandVehicle struct {
	Mileage string // distance driven (P_22B)
	VIN     string // P_22B1
	Body    string // body number (P_22B2)
	Chassis string // chassis number (P_22B3)
	Frame   string // frame number (P_22B4)
	Type    string // P_22BT
}

// Vessel is what identifies a boat or ship.
type Vessel struct {
	Hours string // hours of use (P_22C)
	Hull  string // hull number (P_22C1)
}

// Aircraft is what identifies an aircraft.
type Aircraft struct {
	Hours  string // hours of use (P_22D)
	Serial string // serial number (P_22D1)
}
