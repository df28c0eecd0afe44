package faktupro

import "github.com/faktupro/faktupro-go/ksef/fa3"

// line maps one line, given its value.
func (inv *Invoice) line(w *fa3.FaWiersz, i int, value Decimal) {
	l := &inv.Lines[i]
	*w = fa3.FaWiersz{
		NrWierszaFa: int64(numberOf(l.Number, i)),
		UU_ID:       collapse(l.ID),
		P_6A:        l.SupplyDate,
		P_7:         collapse(l.Name),
		Indeks:      collapse(l.Index),
		GTIN:        collapse(l.GTIN),
		PKWiU:       collapse(l.PKWiU),
		CN:          collapse(l.CN),
		PKOB:        collapse(l.PKOB),
		P_8A:        collapse(l.Unit),
		P_8B:        quantityText(l.Quantity),
		P_10:        priceText(l.perUnit()),
		P_11Vat:     amountText(l.VAT),
		P_12:        fa3.TStawkaPodatku(l.VATRate.code()),
		P_12_XII:    quantityText(l.OSSRate),
		P_12_Zal_15: fa3.Flag(l.Annex15),
		KwotaAkcyzy: amountText(l.Excise),
		GTU:         fa3.TGTU(l.GTU),
		Procedura:   fa3.TOznaczenieProcedury(l.Procedure),
		KursWaluty:  quantityText(inv.lineExchangeRate(l)),
		StanPrzed:   fa3.Flag(l.Before),
	}
	own, other := priceSlots(w, inv.showsGross(l))
	*own.price, *own.amount = priceText(l.UnitPrice), amountText(value)
	*other.price, *other.amount = priceText(l.Counterpart.UnitPrice), amountText(l.Counterpart.Amount)
}

// readNumber is the number of a line, 0 when it is its position.
func readNumber(number int64, position int) int {
	if number == int64(position+1) {
		return 0
	}
	return int(number)
}

// showsGross reports whether the line shows gross amounts: under a margin scheme
// the price always is the whole price.
func (inv *Invoice) showsGross(l *Line) bool { return inv.gross() || l.VATRate == VATMargin }

// priceSlot points to unit price and value of a line on one basis.
type priceSlot struct {
	price, amount *fa3.Decimal
}

// priceSlots are the elements on the basis of the line and on the other one.
func priceSlots(w *fa3.FaWiersz, gross bool) (own, other priceSlot) {
	own, other = priceSlot{&w.P_9A, &w.P_11}, priceSlot{&w.P_9B, &w.P_11A}
	if gross {
		own, other = other, own
	}
	return own, other
}

// readLines reads the lines and, from them, whether prices are gross and which
// exchange rate is common to all.
func (inv *Invoice) readLines(fa *fa3.Fa) {
	lines := fa.FaWiersz
	if len(lines) == 0 {
		return
	}
	margin := bool(fa.Adnotacje.PMarzy.P_PMarzy) || fa.P_13_11 != ""
	inv.Lines = make([]Line, len(lines))
	for i := range lines {
		l := &inv.Lines[i]
		l.VATRate = readRate(string(lines[i].P_12), lines[i].P_12_XII)
		if l.VATRate == "" && margin && !onlyNet(&lines[i]) {
			l.VATRate = VATMargin
		}
		if l.VATRate != VATMargin && onlyGross(&lines[i]) {
			inv.Pricing = PricingGross
		}
	}
	common := commonExchangeRate(lines)
	if !inv.kind().IsAdvance() && common != "" {
		inv.ExchangeRate = readDecimal(common)
	}
	for i := range lines {
		inv.readLine(&inv.Lines[i], &lines[i], i)
		if inv.kind().IsAdvance() || common == "" {
			inv.Lines[i].ExchangeRate = readDecimal(lines[i].KursWaluty)
		}
	}
}

// commonExchangeRate is the exchange rate of all lines, "" when they differ.
func commonExchangeRate(lines []fa3.FaWiersz) fa3.Decimal {
	for i := range lines {
		if lines[i].KursWaluty != lines[0].KursWaluty {
			return ""
		}
	}
	return lines[0].KursWaluty
}

// onlyNet and onlyGross report which amounts a line shows, when it does not show
// both.
func onlyNet(w *fa3.FaWiersz) bool {
	return w.P_9B == "" && w.P_11A == "" && (w.P_9A != "" || w.P_11 != "")
}

func onlyGross(w *fa3.FaWiersz) bool {
	return w.P_9A == "" && w.P_11 == "" && (w.P_9B != "" || w.P_11A != "")
}

// readRate is the rate of a line by its code or by its foreign rate.
func readRate(code string, oss fa3.Decimal) VATRate {
	rate, known := rateOfCode(collapse(code))
	if !known && oss != "" {
		return VATOSS
	}
	return rate
}

// readLine reads one line whose rate is known.
func (inv *Invoice) readLine(l *Line, w *fa3.FaWiersz, i int) {
	own, other := priceSlots(w, inv.showsGross(l))
	*l = Line{
		Number:      readNumber(w.NrWierszaFa, i),
		ID:          w.UU_ID,
		Name:        w.P_7,
		Quantity:    readDecimal(w.P_8B),
		Unit:        w.P_8A,
		UnitPrice:   readDecimal(*own.price),
		Discount:    Discount{PerUnit: readDecimal(w.P_10)},
		VATRate:     l.VATRate,
		VAT:         readDecimal(w.P_11Vat),
		OSSRate:     readPercent(w.P_12_XII),
		Counterpart: Counterpart{UnitPrice: readDecimal(*other.price), Amount: readDecimal(*other.amount)},
		GTU:         GTU(w.GTU),
		Procedure:   Procedure(w.Procedura),
		Annex15:     bool(w.P_12_Zal_15),
		PKWiU:       w.PKWiU,
		CN:          w.CN,
		PKOB:        w.PKOB,
		GTIN:        w.GTIN,
		Index:       w.Indeks,
		SupplyDate:  w.P_6A,
		Excise:      readDecimal(w.KwotaAkcyzy),
		Before:      bool(w.StanPrzed),
	}
	// The value on the invoice holds; it is kept where it is not the product.
	amount := readDecimal(*own.amount)
	if product, ok := l.product(); amount.given && (!ok || !product.Equal(amount.number)) {
		l.Amount = amount
	}
}
