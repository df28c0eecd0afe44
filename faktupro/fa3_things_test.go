package faktupro

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// fleet supplies one new means of transport of each kind.
func fleet() *Invoice {
	inv := newCar()
	inv.NewTransport.VAT22 = true
	for range 2 {
		inv.Lines = append(inv.Lines, inv.Lines[0])
	}
	inv.Lines[1].Number = 20
	inv.NewTransport.Vehicles = []Vehicle{
		{
			Line: 1, FirstUse: day("2026-01-05"), Make: "Polon", Model: "M1", Colour: "czerwony", Registration: "KR 1", YearBuilt: "2026",
			Land: LandVehicle{Mileage: "12 km", Chassis: "C-1", Type: "osobowy"},
		},
		{Line: 20, FirstUse: day("2026-01-06"), Vessel: Vessel{Hours: "40", Hull: "H-1"}},
		{Line: 3, FirstUse: day("2026-01-07"), Aircraft: Aircraft{Hours: "10", Serial: "S-1"}},
	}
	return inv
}

// shippedInFull has everything that can be said of a transport.
func shippedInFull() *Invoice {
	inv := shipped()
	place := Address{Country: "PL", Line1: "ul. Celna 1", Line2: "30-001 Kraków", GLN: "5901234567890"}
	t := &inv.Terms.Transports[0]
	t.OrderNumber, t.PackagingUnit = "ZT/7", "paleta EUR"
	t.Start = time.Date(2026, 2, 13, 6, 30, 0, 500_000_000, time.FixedZone("", 3600))
	t.From, t.Via, t.To = place, []Address{place, place}, place
	inv.Terms.Transports = append(inv.Terms.Transports, Transport{
		OtherMode: "kurier rowerowy", OtherLoad: "koperta",
		Carrier: Carrier{ForeignID: ForeignID{Country: "UA", Number: "12345"}, Address: place},
	})
	inv.Terms.AgreedRate, inv.Terms.AgreedCurrency, inv.Terms.Intermediary = d("4.251100"), "EUR", true
	inv.Terms.Contracts = []Reference{{Number: "U/1"}, {Date: day("1990-01-01")}, {}}
	inv.Terms.Batches, inv.Terms.DeliveryTerms = []string{"P1", "P2"}, "DAP Kraków"
	return inv
}

// represented is sold by a tax representative.
func represented() *Invoice {
	inv := bailiff()
	inv.Authorised.Role = AuthorisedRepresentative
	inv.Authorised.MailingAddress = inv.Buyer.Address
	inv.Authorised.Contacts = []Contact{{Email: "biuro@example.com"}, {Phone: "+48 12 555 00 00"}, {}}
	inv.Authorised.EORI = "PL7012233446"
	return inv
}

// overpaid has more deductions than there is to pay.
func overpaid() *Invoice {
	inv := withDeposit()
	inv.Settlement.Deductions[0].Amount = d("3400.00")
	return inv
}

// ownSums says other sums than its lists.
func ownSums() *Invoice {
	inv := withDeposit()
	inv.Settlement.ChargesSum, inv.Settlement.ToSettle = d("11.00"), d("5.00")
	return inv
}

// attachedInFull has every part of an attachment.
func attachedInFull() *Invoice {
	inv := attached()
	b := &inv.Attachment.Blocks[0]
	b.Heading, b.Paragraphs = "Rozliczenie zużycia", []string{"Pierwszy akapit.", "Drugi."}
	t := &b.Tables[0]
	t.Metadata, t.Description = []KeyValue{{"Okres", "styczeń"}}, "Odczyty"
	t.Columns = nil
	for _, kind := range columnTypes {
		t.Columns = append(t.Columns, Column{Type: kind})
	}
	t.Columns[0].Name = "Data"
	t.Rows = [][]string{{""}, {"", "a", ""}, {"1", "2", "3", "4", "5", "6"}}
	b.Tables = append(b.Tables, Table{Columns: t.Columns[:1], Rows: [][]string{{"x"}}})
	inv.Attachment.Blocks = append(inv.Attachment.Blocks, AttachmentBlock{Metadata: []KeyValue{{"a", "b"}}})
	return inv
}

// thingInvoices are invoices with the parts that few have.
var thingInvoices = map[string]func() *Invoice{
	"fleet": fleet, "transport": shippedInFull, "representative": represented, "deposit": withDeposit,
	"overpaid": overpaid, "own sums": ownSums, "attachment": attachedInFull,
}

// TestThingsRoundTrip takes them to XML and back.
func TestThingsRoundTrip(t *testing.T) {
	t.Parallel()
	for name, build := range thingInvoices {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv := build()
			xml, err := EncodeFA3(inv, noon(inv.IssueDate))
			if err != nil {
				t.Fatalf("EncodeFA3: %v", err)
			}
			document, err := fa3.Unmarshal(xml)
			if err != nil {
				t.Fatalf("fa3.Unmarshal: %v", err)
			}
			back, err := FromFA3(document)
			if err != nil {
				t.Fatalf("FromFA3: %v", err)
			}
			if diff := cmp.Diff(throughFA3(t, inv), back, cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0)); diff != "" {
				t.Errorf("the invoice changed (-sent +read):\n%s", diff)
			}
			asJSON, err := EncodeInvoice(inv)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(inv, mustDecode(t, asJSON), cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0)); diff != "" {
				t.Errorf("JSON changed the invoice (-sent +read):\n%s", diff)
			}
		})
	}
}

// TestReadInstant: without a zone an instant is Polish time, in summer and in
// winter.
func TestReadInstant(t *testing.T) {
	t.Parallel()
	for text, want := range map[fa3.DateTime]string{
		"2026-02-13T06:30:00Z":           "2026-02-13T06:30:00Z",
		"2026-02-13T06:30:00+01:00":      "2026-02-13T05:30:00Z",
		"2026-02-13T06:30:00":            "2026-02-13T05:30:00Z",
		"2026-07-13T06:30:00":            "2026-07-13T04:30:00Z",
		"2026-02-13T24:00:00":            "2026-02-13T23:00:00Z",
		"2026-02-13T06:30:00.125-05:00":  "2026-02-13T11:30:00.125Z",
		"2026-02-13T06:30:00.1000000000": "2026-02-13T05:30:00.1Z",
		"":                               "",
		"13.02.2026 6:30":                "",
	} {
		instant := readInstant(text)
		if got := instantText(instant); string(got) != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}

// TestReadSettlement: what follows from the lists is left out of the invoice,
// what does not is kept, and what the document leaves out is computed.
func TestReadSettlement(t *testing.T) {
	t.Parallel()
	charges := []fa3.Obciazenia{{Kwota: "10", Powod: "kaucja"}, {Kwota: "5.50", Powod: "poczta"}}
	deductions := []fa3.Odliczenia{{Kwota: "300", Powod: "saldo"}}
	tests := []struct {
		name     string
		document fa3.Rozliczenie
		said     Settlement // without lists
		written  fa3.Rozliczenie
	}{
		{
			"right sums",
			fa3.Rozliczenie{Obciazenia: charges, SumaObciazen: "15.5", DoZaplaty: "138.50"},
			Settlement{},
			fa3.Rozliczenie{SumaObciazen: "15.50", DoZaplaty: "138.50"},
		},
		{
			"nothing computed",
			fa3.Rozliczenie{Obciazenia: charges, Odliczenia: deductions},
			Settlement{},
			fa3.Rozliczenie{SumaObciazen: "15.50", SumaOdliczen: "300.00", DoRozliczenia: "161.50"},
		},
		{
			"negative result, as some write it",
			fa3.Rozliczenie{Obciazenia: charges, Odliczenia: deductions, DoRozliczenia: "-161.50"},
			Settlement{ToSettle: d("-161.50")},
			fa3.Rozliczenie{SumaObciazen: "15.50", SumaOdliczen: "300.00", DoRozliczenia: "-161.50"},
		},
		{
			"to pay although overpaid",
			fa3.Rozliczenie{Odliczenia: deductions, SumaOdliczen: "299", DoZaplaty: "0"},
			Settlement{DeductionsSum: d("299"), ToPay: d("0")},
			fa3.Rozliczenie{SumaOdliczen: "299.00", DoZaplaty: "0.00"},
		},
		{
			"result alone",
			fa3.Rozliczenie{DoZaplaty: "123.00"},
			Settlement{ToPay: d("123.00")},
			fa3.Rozliczenie{DoZaplaty: "123.00"},
		},
		{
			"sum alone",
			fa3.Rozliczenie{SumaObciazen: "0"},
			Settlement{ChargesSum: d("0")},
			fa3.Rozliczenie{SumaObciazen: "0.00", DoZaplaty: "123.00"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := readSettlement(&tt.document, d("123.00"))
			lists := s
			lists.Charges, lists.Deductions = nil, nil
			if diff := cmp.Diff(tt.said, lists); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			written := s.balance(d("123.00"))
			if len(written.Obciazenia) != len(tt.document.Obciazenia) || len(written.Odliczenia) != len(tt.document.Odliczenia) {
				t.Errorf("lists changed: %+v", written)
			}
			written.Obciazenia, written.Odliczenia = nil, nil
			if diff := cmp.Diff(tt.written, *written); diff != "" {
				t.Errorf("written (-want +got):\n%s", diff)
			}
		})
	}
}

// TestThingTables: our words are those of the schema.
func TestThingTables(t *testing.T) {
	t.Parallel()
	for i := range 30 {
		code := fmt.Sprint(i)
		if (transportModes.word(code) != "") != fa3.TRodzajTransportu(code).Valid() ||
			(loadKinds.word(code) != "") != fa3.TLadunek(code).Valid() ||
			(authorisedRoles.word(code) != "") != fa3.TRolaPodmiotuUpowaznionego(code).Valid() {
			t.Errorf("code %s is in one list only", code)
		}
	}
	for _, c := range columnTypes {
		if !fa3.KolTyp(c).Valid() {
			t.Errorf("column type %s", c)
		}
	}
	for _, p := range strings.Fields(euPrefixes) {
		if !fa3.TKodyKrajowUE(p).Valid() {
			t.Errorf("prefix %s", p)
		}
	}
}

// TestAbsentThings: what is not there is not written, but vehicles are denied.
func TestAbsentThings(t *testing.T) {
	t.Parallel()
	var inv Invoice
	if inv.Authorised.party() != nil || inv.Attachment.attachment() != nil || inv.Settlement.balance(d("1")) != nil || inv.Terms.conditions() != nil {
		t.Error("something is written that is not there")
	}
	if got := inv.NewTransport.annotation(); !cmp.Equal(got, fa3.NoweSrodkiTransportu{P_22N: true}) {
		t.Errorf("vehicles are not denied: %+v", got)
	}
	if got := readNewTransport(&fa3.NoweSrodkiTransportu{P_22N: true, P_42_5: fa3.No}); got.VAT22 || got.Vehicles != nil {
		t.Errorf("vehicles read from a denial: %+v", got)
	}
}

// TestEUPrefixIsShown: where a rate demands it, in lines, in the order or in
// stated totals.
func TestEUPrefixIsShown(t *testing.T) {
	t.Parallel()
	for name, inv := range map[string]*Invoice{
		"line":         {Lines: []Line{{VATRate: VAT0IntraEU}}},
		"order":        {Order: Order{Lines: []OrderLine{{VATRate: VATEUService}}}},
		"stated total": {StatedTotals: StatedTotals{Rates: []StatedRate{{Rate: VAT0IntraEU, Net: d("-1.00")}}}},
		"triangular":   {Triangular: true},
	} {
		if inv.seller().PrefiksPodatnika != "PL" {
			t.Errorf("%s: no prefix", name)
		}
	}
	none := Invoice{StatedTotals: StatedTotals{Rates: []StatedRate{{Rate: VAT0IntraEU, Net: d("0.00")}}}}
	if none.seller().PrefiksPodatnika != "" {
		t.Error("a prefix for a total of nothing")
	}
}
