package faktupro

import (
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// UnmodelledError says that an FA(3) document holds what an Invoice cannot: it
// would be lost or changed. Nothing is dropped silently.
type UnmodelledError struct {
	// Elements are the XPaths of what would be lost, in document order, such as
	// /Faktura/Fa/FaWiersz[2]/P_12; at most 100. They hold no values.
	Elements []string
}

// Error names the first elements.
func (e *UnmodelledError) Error() string {
	const shown = 5
	list := strings.Join(e.Elements[:min(len(e.Elements), shown)], ", ")
	if len(e.Elements) > shown {
		list += ", …"
	}
	return "faktupro: the FA(3) document holds what an invoice of this version cannot express; read it with package ksef/fa3: " + list
}

// FromFA3 reads an invoice from an FA(3) document. The invoice says the same as
// the document: the error is an *UnmodelledError when FA3 would not give every
// element of it back, or would add one that the document does not have. The
// header (Naglowek), the spelling of numbers, white space that FA(3) ignores,
// blanks and dashes in account numbers and totals of zero do not count, and what
// follows from the rest may be added: totals that add up to the total due, values
// of lines, the seller's prefix. Totals that do not follow are kept in
// StatedTotals.
//
// The invoice is not judged: documents of others may well break rules that
// Validate knows.
func FromFA3(f *fa3.Faktura) (*Invoice, error) {
	inv, totals := readInvoice(f)
	lost := missing(f, inv.document(&totals, firstCreated))
	if len(lost) > 0 {
		return nil, &UnmodelledError{Elements: lost}
	}
	return inv, nil
}

// readInvoice reads all that an Invoice has room for, and its totals.
func readInvoice(f *fa3.Faktura) (*Invoice, Totals) {
	fa := &f.Fa
	inv := &Invoice{
		Kind:           Kind(fa.RodzajFaktury),
		Number:         fa.P_2,
		IssueDate:      fa.P_1,
		IssuePlace:     fa.P_1M,
		SupplyDate:     fa.P_6,
		Currency:       string(fa.KodWaluty),
		Pricing:        PricingNet,
		Seller:         readSeller(&f.Podmiot1),
		Buyer:          readBuyer(&f.Podmiot2),
		Authorised:     readAuthorised(f.PodmiotUpowazniony),
		Payment:        readPayment(fa.Platnosc),
		Terms:          readTerms(fa.WarunkiTransakcji),
		ToReceipt:      bool(fa.FP),
		RelatedParties: bool(fa.TP),
		ExciseRefund:   bool(fa.ZwrotAkcyzy),
		WarehouseNotes: fa.WZ,
		Attachment:     readAttachment(f.Zalacznik),
	}
	if fa.OkresFa != nil {
		inv.SupplyPeriod = Period{From: fa.OkresFa.P_6_Od, To: fa.OkresFa.P_6_Do}
	}
	for i := range f.Podmiot3 {
		inv.ThirdParties = append(inv.ThirdParties, readThirdParty(&f.Podmiot3[i]))
	}
	for _, d := range fa.DodatkowyOpis {
		inv.Descriptions = append(inv.Descriptions, Description{Line: int(d.NrWiersza), Key: d.Klucz, Value: d.Wartosc})
	}
	inv.readMarks(&fa.Adnotacje)
	inv.Correction = readCorrection(fa)
	inv.readAdvances(fa)
	inv.Order = readOrder(fa.Zamowienie)
	inv.readFooter(f.Stopka)
	inv.readLines(fa)
	totals := inv.readTotals(fa)
	inv.Settlement = readSettlement(fa.Rozliczenie, totals.Gross)
	if inv.needsEUPrefix() { // shown without being asked for
		inv.Seller.EUPrefix = false
	}
	return inv, totals
}

func (inv *Invoice) readMarks(a *fa3.Adnotacje) {
	inv.CashMethod = a.P_16 == fa3.Yes
	inv.SelfBilling = a.P_17 == fa3.Yes
	inv.ReverseCharge = a.P_18 == fa3.Yes
	inv.SplitPayment = a.P_18A == fa3.Yes
	inv.Triangular = a.P_23 == fa3.Yes
	inv.Margin = readMargin(&a.PMarzy)
	inv.NewTransport = readNewTransport(&a.NoweSrodkiTransportu)
	inv.Exemption = Exemption{Act: a.Zwolnienie.P_19A, Directive: a.Zwolnienie.P_19B, Other: a.Zwolnienie.P_19C}
}

func (inv *Invoice) readFooter(s *fa3.Stopka) {
	if s == nil {
		return
	}
	for _, i := range s.Informacje {
		inv.Notes = append(inv.Notes, i.StopkaFaktury)
	}
	for _, r := range s.Rejestry {
		inv.Registers = append(inv.Registers, Register{
			FullName: r.PelnaNazwa, KRS: pl.KRS(r.KRS), REGON: pl.REGON(r.REGON), BDO: r.BDO,
		})
	}
}

// readDecimal reads a number with the decimals it is written with.
func readDecimal(d fa3.Decimal) Decimal {
	if d == "" {
		return Decimal{}
	}
	if plain, err := ParseDecimal(string(d)); err == nil {
		return plain
	}
	number, err := d.Value()
	if err != nil {
		return Decimal{}
	}
	return exact(number)
}

// readPercent reads a percentage, which FA(3) lets people write in many ways:
// +1.0, .5, 100.0000000.
func readPercent(d fa3.Decimal) Decimal {
	number, err := d.Value()
	if err != nil {
		return Decimal{}
	}
	return exact(number)
}
