package rules

import (
	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/pl"
)

// correctionRules are the rules about the contents of corrections.
var correctionRules = []Rule{
	{
		"correction.reason", Info, Advice, "art. 106j(2a) of the VAT Act: the reason may be given",
		"The correction does not say why: write the reason in PrzyczynaKorekty, the buyer will ask.",
		"Korekta nie podaje przyczyny: wpisz ją w polu PrzyczynaKorekty, nabywca o nią zapyta.",
		checkReason,
	},
	{
		"correction.type", Info, Advice, "information sheet on FA(3), TypKorekty",
		"The correction does not say in which period it takes effect: fill in TypKorekty (1, 2 or 3).",
		"Korekta nie podaje, w którym okresie działa: uzupełnij TypKorekty (1, 2 lub 3).",
		checkType,
	},
	{
		"correction.seller_nip", Error, LawRequires, "information sheet on FA(3), Podmiot1K",
		"A wrong NIP of the seller cannot be corrected: correct the old invoice to zero and issue a new one; Podmiot1K must have the NIP of Podmiot1.",
		"Błędnego NIP sprzedawcy nie można skorygować: skoryguj starą fakturę do zera i wystaw nową; Podmiot1K musi mieć NIP z Podmiot1.",
		checkSellerK,
	},
	{
		"correction.buyer_nip", Error, LawRequires, "information sheet on FA(3), Podmiot2K",
		"A wrong NIP of the buyer cannot be corrected: correct the old invoice to zero and issue a new one; Podmiot2K must have the NIP of the buyer it belongs to.",
		"Błędnego NIP nabywcy nie można skorygować: skoryguj starą fakturę do zera i wystaw nową; Podmiot2K musi mieć NIP nabywcy, którego dotyczy.",
		checkBuyerK,
	},
	{
		"correction.seller_same", Warning, LikelyMistake, "information sheet on FA(3), Podmiot1K",
		"Podmiot1K shows the seller exactly as Podmiot1 does, so nothing is corrected: write the data as they were, or remove the element.",
		"Podmiot1K pokazuje sprzedawcę dokładnie tak jak Podmiot1, więc niczego nie koryguje: wpisz dane sprzed korekty albo usuń ten element.",
		checkSellerSame,
	},
	{
		"correction.buyer_same", Warning, LikelyMistake, "information sheet on FA(3), Podmiot2K",
		"Podmiot2K shows the buyer exactly as Podmiot2 does, so nothing is corrected: write the data as they were, or remove the element.",
		"Podmiot2K pokazuje nabywcę dokładnie tak jak Podmiot2, więc niczego nie koryguje: wpisz dane sprzed korekty albo usuń ten element.",
		checkBuyerSame,
	},
	{
		"buyer_key.missing", Info, Advice, "information sheet on FA(3), IDNabywcy",
		"The corrected buyer is not tied to the buyer before the correction: give both the same IDNabywcy.",
		"Nabywcy po korekcie nie powiązano z nabywcą sprzed korekty: nadaj obu ten sam IDNabywcy.",
		checkKeyMissing,
	},
	{
		"buyer_key.unknown", Warning, LikelyMistake, "information sheet on FA(3), IDNabywcy",
		"No buyer of this invoice has the key IDNabywcy of this Podmiot2K: give both the same key.",
		"Żaden nabywca na tej fakturze nie ma klucza IDNabywcy podanego w tym Podmiot2K: nadaj obu ten sam klucz.",
		checkKeyUnknown,
	},
	{
		"correction.nothing", Warning, LikelyMistake, "art. 106j(1) of the VAT Act: a correction corrects something",
		"The correction changes neither amounts nor data: show what changes, or do not issue it.",
		"Korekta nie zmienia ani kwot, ani danych: pokaż, co się zmienia, albo jej nie wystawiaj.",
		checkNothing,
	},
	{
		"correction.exchange_kind", Warning, LawRequires, "information sheet on FA(3), KursWalutyZK",
		"KursWalutyZK is the rate before the correction of an advance invoice: remove it from this kind of invoice.",
		"KursWalutyZK to kurs sprzed korekty faktury zaliczkowej: usuń go z faktury tego rodzaju.",
		checkBeforeRate,
	},
}

func checkReason(d *Document, fs *Findings) {
	if d.Correction() && d.fa.PrzyczynaKorekty == "" {
		fs.Add(Path("Fa"))
	}
}

func checkType(d *Document, fs *Findings) {
	if d.Correction() && d.fa.TypKorekty == "" {
		fs.Add(Path("Fa"))
	}
}

func checkSellerK(d *Document, fs *Findings) {
	k := d.fa.Podmiot1K
	if k != nil && k.DaneIdentyfikacyjne.NIP != d.Invoice.Podmiot1.DaneIdentyfikacyjne.NIP {
		fs.Add(Path("Fa", "Podmiot1K", "DaneIdentyfikacyjne", "NIP"))
	}
}

// keyed are the NIPs of the buyers by IDNabywcy, and whether the key exists.
func (d *Document) keyed() map[string]string {
	keys := map[string]string{}
	if k := d.Invoice.Podmiot2.IDNabywcy; k != "" {
		keys[k] = d.Invoice.Podmiot2.DaneIdentyfikacyjne.NIP
	}
	for i := range d.Invoice.Podmiot3 {
		if k := d.Invoice.Podmiot3[i].IDNabywcy; k != "" {
			keys[k] = d.Invoice.Podmiot3[i].DaneIdentyfikacyjne.NIP
		}
	}
	return keys
}

func checkBuyerK(d *Document, fs *Findings) {
	if len(d.fa.Podmiot2K) == 0 {
		return
	}
	keys := d.keyed()
	nips := map[string]bool{d.Invoice.Podmiot2.DaneIdentyfikacyjne.NIP: true}
	for i := range d.Invoice.Podmiot3 {
		nips[d.Invoice.Podmiot3[i].DaneIdentyfikacyjne.NIP] = true
	}
	for i := range d.fa.Podmiot2K {
		k := &d.fa.Podmiot2K[i]
		nip := k.DaneIdentyfikacyjne.NIP
		own, tied := keys[k.IDNabywcy]
		if nip != "" && (tied && own != nip || !nips[nip]) {
			fs.Add(Path("Fa", "Podmiot2K", i, "DaneIdentyfikacyjne", "NIP"))
		}
	}
}

// sameAddress compares addresses that may be missing.
func sameAddress(a, b *fa3.TAdres) bool { return a == b || a != nil && b != nil && *a == *b }

func checkSellerSame(d *Document, fs *Findings) {
	k, now := d.fa.Podmiot1K, &d.Invoice.Podmiot1
	if k != nil && k.DaneIdentyfikacyjne == now.DaneIdentyfikacyjne && k.Adres == now.Adres && k.PrefiksPodatnika == now.PrefiksPodatnika {
		fs.Add(Path("Fa", "Podmiot1K"))
	}
}

func checkBuyerSame(d *Document, fs *Findings) {
	now := &d.Invoice.Podmiot2
	for i := range d.fa.Podmiot2K {
		k := &d.fa.Podmiot2K[i]
		if k.DaneIdentyfikacyjne == now.DaneIdentyfikacyjne && sameAddress(k.Adres, now.Adres) {
			fs.Add(Path("Fa", "Podmiot2K", i))
		}
	}
}

func checkKeyMissing(d *Document, fs *Findings) {
	if len(d.fa.Podmiot2K) == 0 {
		return
	}
	if d.Invoice.Podmiot2.IDNabywcy == "" && len(d.fa.Podmiot2K) == 1 && d.fa.Podmiot2K[0].IDNabywcy == "" {
		fs.Add(Path("Fa", "Podmiot2K", 0))
	}
}

func checkKeyUnknown(d *Document, fs *Findings) {
	if len(d.fa.Podmiot2K) == 0 {
		return
	}
	keys := d.keyed()
	for i := range d.fa.Podmiot2K {
		k := d.fa.Podmiot2K[i].IDNabywcy
		if _, ok := keys[k]; k != "" && !ok {
			fs.Add(Path("Fa", "Podmiot2K", i, "IDNabywcy"))
		}
	}
}

// amountsChange reports whether any amount of the correction is not zero.
func (d *Document) amountsChange() bool {
	if !d.gross.is0() {
		return true
	}
	for i := range d.totals {
		if t := &d.totals[i]; !t.net.is0() || !t.tax.is0() || !t.pln.is0() {
			return true
		}
	}
	return false
}

// checkNothing: lines can carry a change of words, so they count unless each
// one before the correction has its like after it.
func checkNothing(d *Document, fs *Findings) {
	if !d.Correction() || d.amountsChange() || d.renames() || d.fa.OkresFaKorygowanej != "" {
		return
	}
	if d.linesChange() || d.orderChanges() {
		return
	}
	fs.Add(Path("Fa"))
}

// linesChange reports whether lines differ before and after.
func (d *Document) linesChange() bool {
	balance := make(map[fa3.FaWiersz]int, len(d.fa.FaWiersz))
	for i := range d.fa.FaWiersz {
		w := d.fa.FaWiersz[i]
		step := 1
		if w.StanPrzed {
			step = -1
		}
		w.StanPrzed, w.NrWierszaFa, w.UU_ID = false, 0, ""
		balance[w] += step
	}
	return unbalanced(balance)
}

func (d *Document) orderChanges() bool {
	if d.fa.Zamowienie == nil {
		return false
	}
	balance := make(map[fa3.ZamowienieWiersz]int, len(d.fa.Zamowienie.ZamowienieWiersz))
	for i := range d.fa.Zamowienie.ZamowienieWiersz {
		w := d.fa.Zamowienie.ZamowienieWiersz[i]
		step := 1
		if w.StanPrzedZ {
			step = -1
		}
		w.StanPrzedZ, w.NrWierszaZam, w.UU_IDZ = false, 0, ""
		balance[w] += step
	}
	return unbalanced(balance)
}

func unbalanced[K comparable](balance map[K]int) bool {
	for _, n := range balance {
		if n != 0 {
			return true
		}
	}
	return false
}

func checkBeforeRate(d *Document, fs *Findings) {
	if d.fa.KursWalutyZK != "" && !d.kind(fa3.KindKOR_ZAL) {
		fs.Add(Path("Fa", "KursWalutyZK"))
	}
}

// ksefEra is the day from which nearly every invoice between taxpayers goes
// through KSeF.
var ksefEra = pl.NewDate(2026, 4, 1)
