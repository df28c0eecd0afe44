package faktupro

import (
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// The properties of vehicles, transports and attachments. See tables.go.

var landVehicleObject = newObject("LandVehicle",
	required("mileage", func(l *LandVehicle) *string { return &l.Mileage }, text256, "Distance driven (P_22B)."),
	optional("vin", func(l *LandVehicle) *string { return &l.VIN }, text256, "VIN (P_22B1)."),
	optional("body", func(l *LandVehicle) *string { return &l.Body }, text256, "Body number (P_22B2)."),
	optional("chassis", func(l *LandVehicle) *string { return &l.Chassis }, text256, "Chassis number (P_22B3)."),
	optional("frame", func(l *LandVehicle) *string { return &l.Frame }, text256, "Frame number (P_22B4)."),
	optional("type", func(l *LandVehicle) *string { return &l.Type }, text256, "Type (P_22BT)."),
)

var vesselObject = newObject("Vessel",
	required("hours", func(v *Vessel) *string { return &v.Hours }, text256, "Hours of use (P_22C)."),
	optional("hull", func(v *Vessel) *string { return &v.Hull }, text256, "Hull number (P_22C1)."),
)

var aircraftObject = newObject("Aircraft",
	required("hours", func(a *Aircraft) *string { return &a.Hours }, text256, "Hours of use (P_22D)."),
	optional("serial", func(a *Aircraft) *string { return &a.Serial }, text256, "Serial number (P_22D1)."),
)

var vehicleObject = newObject("Vehicle",
	required("line", func(v *Vehicle) *int { return &v.Line }, lineNumber, "Number of the line that supplies it (P_NrWierszaNST)."),
	required("firstUse", func(v *Vehicle) *pl.Date { return &v.FirstUse }, taxDate, "Day it was first allowed to be used (P_22A)."),
	optional("make", func(v *Vehicle) *string { return &v.Make }, text256, "Make (P_22BMK)."),
	optional("model", func(v *Vehicle) *string { return &v.Model }, text256, "Model (P_22BMD)."),
	optional("colour", func(v *Vehicle) *string { return &v.Colour }, text256, "Colour (P_22BK)."),
	optional("registration", func(v *Vehicle) *string { return &v.Registration }, text256, "Registration number (P_22BNR)."),
	optional("yearBuilt", func(v *Vehicle) *string { return &v.YearBuilt }, text256, "Year built (P_22BRP)."),
	optional("land", func(v *Vehicle) *LandVehicle { return &v.Land }, landVehicleObject, "A land vehicle."),
	optional("vessel", func(v *Vehicle) *Vessel { return &v.Vessel }, vesselObject, "A boat or ship."),
	optional("aircraft", func(v *Vehicle) *Aircraft { return &v.Aircraft }, aircraftObject, "An aircraft."),
)

var newTransportObject = newObject("NewTransport",
	optional("vat22", func(n *NewTransport) *bool { return &n.VAT22 }, mark{}, "The seller reports the supply on form VAT-22 (P_42_5)."),
	required("vehicles", func(n *NewTransport) *[]Vehicle { return &n.Vehicles }, list[Vehicle]{vehicleObject, MaxVehicles}, "The vehicles (NowySrodekTransportu)."),
)

var carrierObject = newObject("Carrier",
	optional("nip", func(c *Carrier) *pl.NIP { return &c.NIP }, nip, "Polish tax number (NIP)."),
	optional("euVat", func(c *Carrier) *pl.VATUE { return &c.EUVAT }, vatUE{}, "VAT number in another EU state with its prefix (KodUE, NrVatUE)."),
	optional("foreignId", func(c *Carrier) *ForeignID { return &c.ForeignID }, foreignIDObject, "Tax number from elsewhere (KodKraju, NrID)."),
	optional("noTaxId", func(c *Carrier) *bool { return &c.NoTaxID }, mark{}, "The carrier has no tax number (BrakID)."),
	optional("name", func(c *Carrier) *string { return &c.Name }, text512, "Name (Nazwa)."),
	required("address", func(c *Carrier) *Address { return &c.Address }, addressObject, "Address (AdresPrzewoznika)."),
)

var transportObject = newObject("Transport",
	optional("mode", func(t *Transport) *TransportMode { return &t.Mode }, enum[TransportMode]{transportModes.words(), codeValueUnknown}, "Mode of transport (RodzajTransportu)."),
	optional("otherMode", func(t *Transport) *string { return &t.OtherMode }, text50, "Description of a mode without a code (OpisInnegoTransportu)."),
	optional("carrier", func(t *Transport) *Carrier { return &t.Carrier }, carrierObject, "Who transports the goods (Przewoznik)."),
	optional("orderNumber", func(t *Transport) *string { return &t.OrderNumber }, text256, "Number of the transport order (NrZleceniaTransportu)."),
	optional("load", func(t *Transport) *LoadKind { return &t.Load }, enum[LoadKind]{loadKinds.words(), codeValueUnknown}, "Kind of load or packaging (OpisLadunku)."),
	optional("otherLoad", func(t *Transport) *string { return &t.OtherLoad }, text50, "Description of a load without a code (OpisInnegoLadunku)."),
	optional("packagingUnit", func(t *Transport) *string { return &t.PackagingUnit }, text256, "Packaging unit (JednostkaOpakowania)."),
	optional("start", func(t *Transport) *time.Time { return &t.Start }, instant{}, "Instant the transport starts (DataGodzRozpTransportu)."),
	optional("end", func(t *Transport) *time.Time { return &t.End }, instant{}, "Instant it ends (DataGodzZakTransportu)."),
	optional("from", func(t *Transport) *Address { return &t.From }, addressObject, "Where it starts (WysylkaZ)."),
	optional("via", func(t *Transport) *[]Address { return &t.Via }, list[Address]{addressObject, 20}, "Places on the way (WysylkaPrzez)."),
	optional("to", func(t *Transport) *Address { return &t.To }, addressObject, "Where it ends (WysylkaDo)."),
)

var keyValueObject = newObject("KeyValue",
	required("key", func(k *KeyValue) *string { return &k.Key }, text256, "Key (ZKlucz, TKlucz)."),
	required("value", func(k *KeyValue) *string { return &k.Value }, text256, "Value (ZWartosc, TWartosc)."),
)

var columnObject = newObject("Column",
	required("type", func(c *Column) *ColumnType { return &c.Type }, enum[ColumnType]{columnTypes, codeValueUnknown}, "What the column holds (Typ)."),
	optional("name", func(c *Column) *string { return &c.Name }, text256, "Head of the column (NKom)."),
)

// cells are the cells of one row; a cell may be empty.
var cells = list[string]{cell{}, MaxAttachmentColumns}

var tableObject = newObject("Table",
	optional("metadata", func(t *Table) *[]KeyValue { return &t.Metadata }, list[KeyValue]{keyValueObject, MaxAttachmentEntries}, "Facts about the table (TMetaDane)."),
	optional("description", func(t *Table) *string { return &t.Description }, text512, "Description (Opis)."),
	required("columns", func(t *Table) *[]Column { return &t.Columns }, list[Column]{columnObject, MaxAttachmentColumns}, "Columns (TNaglowek)."),
	required("rows", func(t *Table) *[][]string { return &t.Rows }, list[[]string]{cells, MaxAttachmentEntries}, "Rows of cells (Wiersz)."),
	optional("sums", func(t *Table) *[]string { return &t.Sums }, cells, "Row of sums (Suma)."),
)

var attachmentBlockObject = newObject("AttachmentBlock",
	optional("heading", func(b *AttachmentBlock) *string { return &b.Heading }, text512, "Heading (ZNaglowek)."),
	required("metadata", func(b *AttachmentBlock) *[]KeyValue { return &b.Metadata }, list[KeyValue]{keyValueObject, MaxAttachmentEntries}, "Facts about the block (MetaDane)."),
	optional("paragraphs", func(b *AttachmentBlock) *[]string { return &b.Paragraphs }, list[string]{text512, MaxAttachmentTextRows}, "Paragraphs of text (Akapit)."),
	optional("tables", func(b *AttachmentBlock) *[]Table { return &b.Tables }, list[Table]{tableObject, MaxAttachmentEntries}, "Tables (Tabela)."),
)

var attachmentObject = newObject("Attachment",
	required("blocks", func(a *Attachment) *[]AttachmentBlock { return &a.Blocks }, list[AttachmentBlock]{attachmentBlockObject, MaxAttachmentBlocks}, "Blocks of data (BlokDanych)."),
)
