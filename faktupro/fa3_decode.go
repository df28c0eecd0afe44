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
	// /Faktura/Fa/FaWiersz[2]/P_11Vat; at most 100. They hold no values.
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
// element of it back, be it an element that Invoice does not have, or a total
// that does not follow from the lines. The header (Naglowek), the spelling of
// numbers, white space that FA(3) ignores and totals of zero do not count.
//
// The invoice is not judged: documents of others may well break rules that
// Validate knows.
func FromFA3(f *fa3.Faktura) (*Invoice, error) {
	inv := readInvoice(f)
	var r report
	totals := inv.totals(&r) // what cannot be added up differs below
	lost := missing(f, inv.document(&totals, firstCreated))
	if len(lost) > 0 {
		return nil, &UnmodelledError{Elements: lost}
	}
	return inv, nil
}

// readInvoice reads all that an Invoice has room for.
func readInvoice(f *fa3.Faktura) *Invoice {
	fa := &f.Fa
	inv := &Invoice{
		Kind:           KindVAT,
		Number:         fa.P_2,
		IssueDate:      fa.P_1,
		IssuePlace:     fa.P_1M,
		SupplyDate:     fa.P_6,
		Currency:       string(fa.KodWaluty),
		Pricing:        PricingNet,
		Seller:         readSeller(&f.Podmiot1),
		Buyer:          readBuyer(&f.Podmiot2),
		Payment:        readPayment(fa.Platnosc),
		Terms:          readTerms(fa.WarunkiTransakcji),
		ToReceipt:      bool(fa.FP),
		RelatedParties: bool(fa.TP),
		WarehouseNotes: fa.WZ,
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
	inv.readLines(fa.FaWiersz)
	inv.readFooter(f.Stopka)
	if inv.needsEUPrefix() { // shown without being asked for
		inv.Seller.EUPrefix = false
	}
	return inv
}

func (inv *Invoice) readMarks(a *fa3.Adnotacje) {
	inv.CashMethod = a.P_16 == fa3.Yes
	inv.SelfBilling = a.P_17 == fa3.Yes
	inv.ReverseCharge = a.P_18 == fa3.Yes
	inv.SplitPayment = a.P_18A == fa3.Yes
	inv.Triangular = a.P_23 == fa3.Yes
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

// readLines reads the lines and, from them, whether prices are gross and which
// exchange rate is common to all.
func (inv *Invoice) readLines(lines []fa3.FaWiersz) {
	if len(lines) == 0 {
		return
	}
	inv.Lines = make([]Line, len(lines))
	gross := false
	common := lines[0].KursWaluty
	for i := range lines {
		w := &lines[i]
		gross = gross || w.P_9A == "" && w.P_11 == "" && (w.P_9B != "" || w.P_11A != "")
		if w.KursWaluty != common {
			common = ""
		}
	}
	if gross {
		inv.Pricing = PricingGross
	}
	inv.ExchangeRate = readDecimal(common)
	for i := range lines {
		inv.Lines[i] = readLine(&lines[i], gross)
		if common == "" {
			inv.Lines[i].ExchangeRate = readDecimal(lines[i].KursWaluty)
		}
	}
}

func readLine(w *fa3.FaWiersz, gross bool) Line {
	rate, _ := rateOfCode(collapse(string(w.P_12)))
	l := Line{
		ID:         w.UU_ID,
		Name:       w.P_7,
		Quantity:   readDecimal(w.P_8B),
		Unit:       w.P_8A,
		UnitPrice:  readDecimal(w.P_9A),
		Discount:   Discount{PerUnit: readDecimal(w.P_10)},
		VATRate:    rate,
		GTU:        GTU(w.GTU),
		Procedure:  Procedure(w.Procedura),
		Annex15:    bool(w.P_12_Zal_15),
		PKWiU:      w.PKWiU,
		CN:         w.CN,
		PKOB:       w.PKOB,
		GTIN:       w.GTIN,
		Index:      w.Indeks,
		SupplyDate: w.P_6A,
		Excise:     readDecimal(w.KwotaAkcyzy),
	}
	amount := readDecimal(w.P_11)
	if gross {
		l.UnitPrice, amount = readDecimal(w.P_9B), readDecimal(w.P_11A)
	}
	// The value on the invoice holds; it is kept where it is not the product.
	if product, ok := l.product(); amount.given && (!ok || !product.Equal(amount.number)) {
		l.Amount = amount
	}
	return l
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
