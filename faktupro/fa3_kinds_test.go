package faktupro

import (
	"strings"
	"testing"
)

// TestKindsInFA3: each part of the special kinds stands in the element that is
// meant for it, and nowhere else.
func TestKindsInFA3(t *testing.T) {
	t.Parallel()
	euro := Invoice{Currency: "EUR", ExchangeRate: d("4.25")}
	tests := []struct {
		name      string
		edit      func(inv *Invoice)
		want, not []string
	}{
		{
			"exchange rate on the lines", func(inv *Invoice) { inv.Lines = []Line{worth("1", VAT23)} },
			[]string{"<KursWaluty>4.25<", "<P_14_1W>0.98<"},
			[]string{"KursWalutyZ"},
		},
		{
			"exchange rate of an advance", func(inv *Invoice) {
				inv.Kind, inv.Advance, inv.Order.Lines = KindAdvance, d("10000"), flat
			},
			[]string{"<P_14_1W>130.26<", "<P_15>10000.00</P_15><KursWalutyZ>4.25<", "<WartoscZamowienia>375150.00<", "<P_11VatZ>27333.33<"},
			[]string{"FaWiersz>", "KursWaluty>", "StanPrzedZ"},
		},
		{
			"exchange rates of payments", func(inv *Invoice) {
				inv.Kind, inv.Order.Lines, inv.ExchangeRate = KindAdvance, flat, Decimal{}
				inv.Prepayments = []Prepayment{{Date: day("2026-02-01"), Amount: d("10000"), ExchangeRate: d("4.25")}}
			},
			[]string{"<P_6Z>2026-02-01</P_6Z><P_15Z>10000.00</P_15Z><KursWalutyZW>4.25<", "<P_14_1W>130.26<"},
			[]string{"KursWalutyZ>"},
		},
		{
			"exchange rate without lines", func(inv *Invoice) { inv.Kind = KindCorrection },
			[]string{"<P_15>0.00</P_15><Adnotacje>"},
			[]string{"P_13_", "Kurs"},
		},
		{
			"exchange rate of stated VAT", func(inv *Invoice) {
				inv.Kind, inv.StatedTotals.Rates = KindCorrection, []StatedRate{{Rate: VAT23, Net: d("-100"), VAT: d("-23")}}
			},
			[]string{"<P_14_1W>-97.75<"},
			[]string{"Kurs"},
		},
		{
			"correction of an advance", func(inv *Invoice) {
				inv.Kind, inv.Advance, inv.Order.Lines = KindAdvanceCorrection, d("1"), []OrderLine{orderedBefore("1", "0.23", VAT23), ordered("1", "0.23", VAT23)}
				inv.Correction = Correction{AmountBefore: d("20000"), ExchangeRateBefore: d("4.1")}
			},
			[]string{"<P_15ZK>20000.00</P_15ZK><KursWalutyZK>4.1<", "<NrWierszaZam>1<", "<StanPrzedZ>1<", "<NrWierszaZam>2<", "<WartoscZamowienia>1.23<"},
			nil,
		},
		{
			"what is corrected", func(inv *Invoice) {
				inv.Kind, inv.Lines = KindCorrection, []Line{before(Line{Number: 7, Amount: d("1"), VATRate: VAT23}), {Number: 7, Amount: d("1"), VATRate: VAT23}}
				inv.Correction = Correction{
					Reason: "błąd", Effect: EffectOtherDate, Period: "2026", RightNumber: "A/1",
					Invoices: []CorrectedInvoice{{Number: "A", IssueDate: day("2026-01-02")}, {Number: "B", IssueDate: day("2026-01-03"), KSeFNumber: "1234563218-20260203-0A1B2C3D4E5F-2C"}},
					Seller:   EarlierSeller{NIP: "1234563218", Name: "Dawny"},
					Buyers:   []EarlierBuyer{{NoTaxID: true, Name: "Jan", Key: "K"}},
				}
			},
			[]string{
				"<PrzyczynaKorekty>błąd<", "<TypKorekty>3<", "<NrFaKorygowanej>A</NrFaKorygowanej><NrKSeFN>1</NrKSeFN>",
				"<NrKSeF>1</NrKSeF><NrKSeFFaKorygowanej>1234563218-20260203-0A1B2C3D4E5F-2C<", "<OkresFaKorygowanej>2026<", "<NrFaKorygowany>A/1<",
				"<Podmiot1K><DaneIdentyfikacyjne><NIP>1234563218</NIP><Nazwa>Dawny<", "<BrakID>1</BrakID><Nazwa>Jan</Nazwa></DaneIdentyfikacyjne><IDNabywcy>K<",
				"<NrWierszaFa>7<", "<StanPrzed>1<",
			},
			[]string{"P_13_1", "<NrWierszaFa>1<"},
		},
		{
			"settled advances", func(inv *Invoice) {
				inv.Kind, inv.Lines = KindSettlement, []Line{worth("100", VAT23)}
				inv.AdvanceInvoices = []AdvanceInvoice{
					{KSeFNumber: "1234563218-20260203-0A1B2C3D4E5F-2C", Rates: []StatedRate{{Rate: VAT23, Net: d("10"), VAT: d("2.30")}}},
					{Number: "Z/1", Rates: []StatedRate{{Rate: VAT23, Net: d("10"), VAT: d("2.30")}}},
				}
			},
			[]string{"<P_13_1>80.00<", "<P_11>100.00<", "<FakturaZaliczkowa><NrKSeFFaZaliczkowej>", "<NrKSeFZN>1</NrKSeFZN><NrFaZaliczkowej>Z/1<"},
			nil,
		},
		{
			"names only", func(inv *Invoice) {
				inv.Kind, inv.Lines, inv.StatedTotals.Gross = KindSimplified, []Line{{Name: "x", VATRate: VAT23}}, d("99")
			},
			[]string{"<P_7>x</P_7><P_12>23<", "<P_15>99.00<"},
			[]string{"P_11", "P_13"},
		},
		{
			"margin on net prices", func(inv *Invoice) {
				inv.Margin, inv.Lines = MarginSecondHand, []Line{sold("1", "1000", VATMargin), sold("1", "100", VAT23)}
			},
			[]string{"<P_13_11>1000.00<", "<P_9B>1000.00</P_9B><P_11A>1000.00</P_11A>", "<P_9A>100.00</P_9A><P_11>100.00</P_11><P_12>23<", "<P_PMarzy>1</P_PMarzy><P_PMarzy_3_1>1<"},
			[]string{"P_PMarzyN"},
		},
		{
			"OSS", func(inv *Invoice) {
				inv.Lines = []Line{{Amount: d("100"), VATRate: VATOSS, OSSRate: d("19")}}
			},
			[]string{"<P_13_5>100.00</P_13_5><P_14_5>19.00<", "<P_12_XII>19<"},
			[]string{"<P_12>", "W>"},
		},
		{
			"VAT and the other basis", func(inv *Invoice) {
				inv.Lines = []Line{{Amount: d("100"), VATRate: VAT23, VAT: d("23"), Counterpart: Counterpart{UnitPrice: d("123"), Amount: d("123")}}}
			},
			[]string{"<P_9B>123.00</P_9B><P_11>100.00</P_11><P_11A>123.00</P_11A><P_11Vat>23.00<"},
			nil,
		},
		{"excise refund", func(inv *Invoice) { inv.ExciseRefund = true }, []string{"<ZwrotAkcyzy>1<"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inv := euro
			tt.edit(&inv)
			f, err := inv.FA3(firstCreated)
			if err != nil {
				t.Fatal(err)
			}
			document := string(f.AppendXML(nil))
			for _, text := range tt.want {
				if !strings.Contains(document, text) {
					t.Errorf("no %s in\n%s", text, document)
				}
			}
			for _, text := range tt.not {
				if strings.Contains(document, text) {
					t.Errorf("%s in\n%s", text, document)
				}
			}
		})
	}
}
