package faktupro

import (
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Transport is one transport of the goods (Transport). Exactly one of Mode and
// OtherMode, and exactly one of Load and OtherLoad, is given.
type Transport struct {
	Mode          TransportMode
	OtherMode     string // description of a mode without a code, at most 50 characters
	Carrier       Carrier
	OrderNumber   string // number of the transport order (NrZleceniaTransportu)
	Load          LoadKind
	OtherLoad     string    // description of a load without a code, at most 50 characters
	PackagingUnit string    // JednostkaOpakowania
	Start         time.Time // instant the transport starts (DataGodzRozpTransportu)
	End           time.Time // instant it ends (DataGodzZakTransportu)
	From          Address   // WysylkaZ
	Via           []Address // at most 20 (WysylkaPrzez)
	To            Address   // WysylkaDo
}

// Carrier is who transports the goods (Przewoznik). Exactly one of NIP, EUVAT,
// ForeignID and NoTaxID identifies it.
type Carrier struct {
	NIP       pl.NIP
	EUVAT     pl.VATUE
	ForeignID ForeignID
	NoTaxID   bool
	Name      string
	Address   Address
}

// TransportMode is a mode of transport (RodzajTransportu).
type TransportMode string

// The modes FA(3) has codes for.
const (
	TransportSea       TransportMode = "sea"
	TransportRail      TransportMode = "rail"
	TransportRoad      TransportMode = "road"
	TransportAir       TransportMode = "air"
	TransportPost      TransportMode = "post"
	TransportFixed     TransportMode = "fixed-installation" // pipes and lines
	TransportWaterways TransportMode = "inland-waterway"
)

var transportModes = wordTable[TransportMode]{
	{TransportSea, "1"},
	{TransportRail, "2"},
	{TransportRoad, "3"},
	{TransportAir, "4"},
	{TransportPost, "5"},
	{TransportFixed, "7"}, // the list has no 6
	{TransportWaterways, "8"},
}

// LoadKind is a kind of load or packaging (OpisLadunku).
type LoadKind string

// The kinds of load FA(3) has codes for.
const (
	LoadChurn      LoadKind = "churn"
	LoadBarrel     LoadKind = "barrel"
	LoadCylinder   LoadKind = "cylinder"
	LoadCarton     LoadKind = "carton"
	LoadCanister   LoadKind = "canister"
	LoadCrate      LoadKind = "crate"
	LoadContainer  LoadKind = "shipping-container"
	LoadBasket     LoadKind = "basket"
	LoadPunnet     LoadKind = "punnet"
	LoadCollective LoadKind = "collective-packaging"
	LoadParcel     LoadKind = "parcel"
	LoadPacket     LoadKind = "packet"
	LoadPallet     LoadKind = "pallet"
	LoadReceptacle LoadKind = "receptacle"
	LoadBulkSolid  LoadKind = "bulk-solid"
	LoadBulkLiquid LoadKind = "bulk-liquid"
	LoadBox        LoadKind = "box"
	LoadTin        LoadKind = "tin"
	LoadChest      LoadKind = "chest"
	LoadSack       LoadKind = "sack"
)

var loadKinds = wordTable[LoadKind]{
	{LoadChurn, "1"},
	{LoadBarrel, "2"},
	{LoadCylinder, "3"},
	{LoadCarton, "4"},
	{LoadCanister, "5"},
	{LoadCrate, "6"},
	{LoadContainer, "7"},
	{LoadBasket, "8"},
	{LoadPunnet, "9"},
	{LoadCollective, "10"},
	{LoadParcel, "11"},
	{LoadPacket, "12"},
	{LoadPallet, "13"},
	{LoadReceptacle, "14"},
	{LoadBulkSolid, "15"},
	{LoadBulkLiquid, "16"},
	{LoadBox, "17"},
	{LoadTin, "18"},
	{LoadChest, "19"},
	{LoadSack, "20"},
}
