package rules

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// paymentRules are the rules about how and what is paid.
var paymentRules = []Rule{
	{
		"payment.parts_sum", Warning, LikelyMistake, "information sheet on FA(3), ZnacznikZaplatyCzesciowej",
		"The payments add up to {found}, which is not less than the {expected} due, though the mark says paid in part: correct the amounts, or set the mark to 2.",
		"Wpłaty dają razem {found}, czyli nie mniej niż należne {expected}, choć oznaczono zapłatę częściową: popraw kwoty albo ustaw znacznik na 2.",
		checkPartsSum,
	},
	{
		"payment.parts_total", Warning, LikelyMistake, "information sheet on FA(3), ZnacznikZaplatyCzesciowej",
		"The payments add up to {found} and {expected} is due, though the mark says paid in full: correct the amounts, or set the mark to 1.",
		"Wpłaty dają razem {found}, a należne jest {expected}, choć oznaczono zapłatę całości: popraw kwoty albo ustaw znacznik na 1.",
		checkPartsTotal,
	},
	{
		"payment.part_positive", Warning, LikelyMistake, "KwotaZaplatyCzesciowej",
		"A payment is not greater than zero: write the amount paid.",
		"Wpłata nie jest większa od zera: wpisz zapłaconą kwotę.",
		checkPartPositive,
	},
	{
		"payment.method_missing", Info, Advice, "information sheet on FA(3), FormaPlatnosci",
		"The invoice is paid and does not say how: give FormaPlatnosci.",
		"Faktura jest zapłacona, ale nie podano jak: uzupełnij FormaPlatnosci.",
		checkMethodMissing,
	},
	{
		"payment.account_missing", Info, Advice, "information sheet on FA(3), RachunekBankowy",
		"Payment by transfer is asked for but no account is given: add it to RachunekBankowy.",
		"Wskazano zapłatę przelewem, ale nie podano rachunku: dodaj go w RachunekBankowy.",
		checkAccountMissing,
	},
	{
		"payment.paid_and_due", Info, LikelyMistake, "Zaplacono and TerminPlatnosci",
		"The invoice is marked as paid, and a term that begins only after the payment is given: check both.",
		"Fakturę oznaczono jako zapłaconą, a podano termin późniejszy niż zapłata: sprawdź oba.",
		checkPaidAndDue,
	},
	{
		"payment.other_known", Info, LikelyMistake, "information sheet on FA(3), FormaPlatnosci",
		"The form of payment described here is one of the list: set FormaPlatnosci to {form} instead, so that programs understand it.",
		"Opisana tu forma płatności jest na liście: ustaw zamiast niej FormaPlatnosci na {form}, aby rozumiały ją programy.",
		checkOtherKnown,
	},
	{
		"early_discount.paid", Info, LikelyMistake, "Skonto and Zaplacono",
		"A discount for early payment is offered on an invoice that is paid: remove it, or reduce the amounts.",
		"Skonto zaproponowano na fakturze już zapłaconej: usuń je albo obniż kwoty.",
		checkSkontoPaid,
	},
	{
		"early_discount.size", Info, LikelyMistake, "information sheet on FA(3), WysokoscSkonta",
		"The size of the discount for early payment holds no number: write a percentage or an amount.",
		"Wysokość skonta nie zawiera liczby: wpisz procent albo kwotę.",
		checkSkontoSize,
	},
	{
		"payment_link.id", Info, LikelyMistake, "information sheet on FA(3), IPKSeF and LinkDoPlatnosci",
		"IPKSeF differs from the identifier inside the payment link: make them the same.",
		"IPKSeF różni się od identyfikatora w linku do płatności: ujednolić je.",
		checkLinkID,
	},
	{
		"payment_link.insecure", Info, Advice, "payment pages use https",
		"The payment link is not encrypted: use https.",
		"Link do płatności nie jest szyfrowany: użyj https.",
		checkLinkInsecure,
	},
}

// paid adds up the part payments; ok is false when there are none or one is no
// number.
func (d *Document) paid() (sum decimal.Decimal, n int, ok bool) {
	if d.fa.Platnosc == nil {
		return zero, 0, false
	}
	parts := d.fa.Platnosc.ZaplataCzesciowa
	for i := range parts {
		p := parse(parts[i].KwotaZaplatyCzesciowej)
		if !p.ok {
			return zero, 0, false
		}
		sum = sum.Add(p.Decimal)
	}
	return sum, len(parts), len(parts) > 0 && d.gross.ok
}

// due is the amount to pay: what the extra settlement says, otherwise P_15.
func (d *Document) due() decimal.Decimal {
	if r := d.fa.Rozliczenie; r != nil {
		if to := parse(r.DoZaplaty); to.ok {
			return to.Decimal
		}
	}
	return d.gross.Decimal
}

func checkPartsSum(d *Document, fs *Findings) {
	sum, _, ok := d.paid()
	if !ok || d.fa.Platnosc.ZnacznikZaplatyCzesciowej != fa3.Yes || d.Correction() {
		return
	}
	if sum.GreaterThanOrEqual(d.due()) && sum.GreaterThanOrEqual(d.gross.Decimal) {
		fs.Add(Path("Fa", "Platnosc", "ZnacznikZaplatyCzesciowej"), "found", show(sum), "expected", show(d.due()))
	}
}

func checkPartsTotal(d *Document, fs *Findings) {
	sum, n, ok := d.paid()
	if !ok || d.fa.Platnosc.ZnacznikZaplatyCzesciowej != fa3.No || d.Correction() {
		return
	}
	if !near(sum, d.due(), n) && !near(sum, d.gross.Decimal, n) {
		fs.Add(Path("Fa", "Platnosc", "ZnacznikZaplatyCzesciowej"), "found", show(sum), "expected", show(d.due()))
	}
}

func checkPartPositive(d *Document, fs *Findings) {
	if d.fa.Platnosc == nil || d.Correction() {
		return
	}
	for i := range d.fa.Platnosc.ZaplataCzesciowa {
		if p := parse(d.fa.Platnosc.ZaplataCzesciowa[i].KwotaZaplatyCzesciowej); p.ok && p.Sign() <= 0 {
			fs.Add(Path("Fa", "Platnosc", "ZaplataCzesciowa", i, "KwotaZaplatyCzesciowej"))
		}
	}
}

func checkMethodMissing(d *Document, fs *Findings) {
	if p := d.fa.Platnosc; p != nil && bool(p.Zaplacono) && p.FormaPlatnosci == "" && !bool(p.PlatnoscInna) {
		fs.Add(Path("Fa", "Platnosc"))
	}
}

func checkAccountMissing(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if p == nil || p.FormaPlatnosci != fa3.PaymentTransfer || bool(p.Zaplacono) || !d.gross.positive() ||
		p.ZnacznikZaplatyCzesciowej == fa3.No {
		return
	}
	if len(p.RachunekBankowy)+len(p.RachunekBankowyFaktora) == 0 && p.LinkDoPlatnosci == "" {
		fs.Add(Path("Fa", "Platnosc", "FormaPlatnosci"))
	}
}

func checkPaidAndDue(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if p == nil || !bool(p.Zaplacono) {
		return
	}
	for i := range p.TerminPlatnosci {
		if days(p.TerminPlatnosci[i].Termin, p.DataZaplaty) > 0 && days(p.DataZaplaty, d.fa.P_1) < 0 {
			fs.Add(Path("Fa", "Platnosc", "TerminPlatnosci", i, "Termin"))
		}
	}
}

// knownForms are Polish and English words for the forms of the list.
var knownForms = map[string]fa3.TFormaPlatnosci{
	"gotówka": fa3.PaymentCash, "gotowka": fa3.PaymentCash, "cash": fa3.PaymentCash,
	"karta": fa3.PaymentCard, "karta płatnicza": fa3.PaymentCard, "card": fa3.PaymentCard,
	"bon": fa3.PaymentVoucher, "voucher": fa3.PaymentVoucher,
	"czek": fa3.PaymentCheque, "cheque": fa3.PaymentCheque,
	"kredyt": fa3.PaymentCredit, "credit": fa3.PaymentCredit,
	"przelew": fa3.PaymentTransfer, "przelew bankowy": fa3.PaymentTransfer, "transfer": fa3.PaymentTransfer,
	"blik": fa3.PaymentMobile, "mobilna": fa3.PaymentMobile, "płatność mobilna": fa3.PaymentMobile,
}

// longestForm bounds what is looked up.
const longestForm = 24

func checkOtherKnown(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if p == nil || p.OpisPlatnosci == "" || len(p.OpisPlatnosci) > longestForm {
		return
	}
	if form, ok := knownForms[strings.ToLower(p.OpisPlatnosci)]; ok {
		fs.Add(Path("Fa", "Platnosc", "OpisPlatnosci"), "form", string(form))
	}
}

func checkSkontoPaid(d *Document, fs *Findings) {
	if p := d.fa.Platnosc; p != nil && p.Skonto != nil && bool(p.Zaplacono) {
		fs.Add(Path("Fa", "Platnosc", "Skonto"))
	}
}

func checkSkontoSize(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if p != nil && p.Skonto != nil && p.Skonto.WysokoscSkonta != "" && digitCount(p.Skonto.WysokoscSkonta) == 0 {
		fs.Add(Path("Fa", "Platnosc", "Skonto", "WysokoscSkonta"))
	}
}

// idLength is the length of a payment identifier.
const idLength = 13

func checkLinkID(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if p == nil || p.IPKSeF == "" || p.LinkDoPlatnosci == "" {
		return
	}
	_, id, found := strings.Cut(p.LinkDoPlatnosci, "IPKSeF=")
	if found && (len(id) < idLength || id[:idLength] != p.IPKSeF) {
		fs.Add(Path("Fa", "Platnosc", "IPKSeF"))
	}
}

func checkLinkInsecure(d *Document, fs *Findings) {
	if p := d.fa.Platnosc; p != nil && strings.HasPrefix(p.LinkDoPlatnosci, "http:") {
		fs.Add(Path("Fa", "Platnosc", "LinkDoPlatnosci"))
	}
}
