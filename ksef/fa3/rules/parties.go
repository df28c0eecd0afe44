package rules

import (
	"strings"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// partyRules are the rules about seller, buyer and how parties go together.
var partyRules = []Rule{
	{
		"buyer.name", Error, LawRequires, "art. 106e(1)(3) of the VAT Act; only simplified invoices may leave it out (art. 106e(5)(3))",
		"The buyer's name is missing: fill in Nazwa of Podmiot2.",
		"Brakuje nazwy nabywcy: uzupełnij Nazwa w elemencie Podmiot2.",
		checkBuyerName,
	},
	{
		"buyer.address", Error, LawRequires, "art. 106e(1)(3) of the VAT Act; only simplified invoices may leave it out (art. 106e(5)(3))",
		"The buyer's address is missing: fill in Adres of Podmiot2.",
		"Brakuje adresu nabywcy: uzupełnij Adres w elemencie Podmiot2.",
		checkBuyerAddress,
	},
	{
		"parties.same_nip", Warning, LikelyMistake, "seller and buyer are different taxpayers",
		"Seller and buyer have the same NIP: check the buyer's number.",
		"Sprzedawca i nabywca mają ten sam NIP: sprawdź numer nabywcy.",
		checkSameNIP,
	},
	{
		"parties.repeated", Warning, LikelyMistake, "each third party is named once for each role",
		"The same party with the same role is already listed above: remove one of the two.",
		"Ten sam podmiot w tej samej roli jest już wymieniony wyżej: usuń jeden z nich.",
		checkRepeatedParty,
	},
	{
		"parties.buyer_again", Warning, LikelyMistake, "information sheet on FA(3), role 4 of Podmiot3",
		"The additional buyer is the buyer of Podmiot2: remove it, or correct its number.",
		"Dodatkowy nabywca to ten sam podmiot co w Podmiot2: usuń go albo popraw jego numer.",
		checkBuyerAgain,
	},
	{
		"authorised.same_nip", Warning, LikelyMistake, "information sheet on FA(3), PodmiotUpowazniony",
		"The authorised body has the NIP of the seller: name the enforcement authority, bailiff or tax representative, or remove the element.",
		"Podmiot upoważniony ma NIP sprzedawcy: wskaż organ egzekucyjny, komornika lub przedstawiciela podatkowego albo usuń ten element.",
		checkAuthorised,
	},
	{
		"seller.prefix", Warning, LawRequires, "information sheet on FA(3), PrefiksPodatnika; art. 97(10) and art. 136 of the VAT Act",
		"An intra-EU supply, a service for a taxpayer of another EU state or triangular trade needs the seller's EU prefix: write PL in PrefiksPodatnika.",
		"Wewnątrzwspólnotowa dostawa, usługa dla podatnika z innego państwa UE lub procedura trójstronna wymaga prefiksu sprzedawcy: wpisz PL w polu PrefiksPodatnika.",
		checkSellerPrefix,
	},
	{
		"seller.prefix_unused", Info, Advice, "information sheet on FA(3), PrefiksPodatnika",
		"PrefiksPodatnika is meant for intra-EU supplies, services of art. 100(1)(4) and triangular trade, and there is none here: leave it out.",
		"Pole PrefiksPodatnika służy wewnątrzwspólnotowym dostawom, usługom z art. 100 ust. 1 pkt 4 i procedurze trójstronnej, a tu ich nie ma: pomiń je.",
		checkSellerPrefixUnused,
	},
	{
		"local_government.party", Error, LawRequires, "information sheet on FA(3), JST",
		"JST is 1 but the unit is missing: add a Podmiot3 with role 8 and its NIP or internal identifier, or set JST to 2.",
		"Pole JST ma wartość 1, ale brakuje jednostki: dodaj Podmiot3 z rolą 8 i jego NIP lub identyfikatorem wewnętrznym albo ustaw JST na 2.",
		checkUnitParty,
	},
	{
		"local_government.flag", Warning, LikelyMistake, "information sheet on FA(3), JST",
		"A third party is a recipient unit of local government: set JST of the buyer to 1.",
		"Wśród podmiotów trzecich jest jednostka samorządu jako odbiorca: ustaw JST nabywcy na 1.",
		checkUnitFlag,
	},
	{
		"vat_group.party", Error, LawRequires, "information sheet on FA(3), GV",
		"GV is 1 but the member is missing: add a Podmiot3 with role 10 and its NIP or internal identifier, or set GV to 2.",
		"Pole GV ma wartość 1, ale brakuje członka grupy: dodaj Podmiot3 z rolą 10 i jego NIP lub identyfikatorem wewnętrznym albo ustaw GV na 2.",
		checkMemberParty,
	},
	{
		"vat_group.flag", Warning, LikelyMistake, "information sheet on FA(3), GV",
		"A third party is a member of a VAT group as recipient: set GV of the buyer to 1.",
		"Wśród podmiotów trzecich jest członek grupy VAT jako odbiorca: ustaw GV nabywcy na 1.",
		checkMemberFlag,
	},
	{
		"self_billing.buyer", Warning, LikelyMistake, "art. 106d of the VAT Act",
		"The invoice is issued by the buyer, who has no tax number here: identify the buyer, or set P_17 to 2.",
		"Fakturę wystawia nabywca, który nie ma tu numeru podatkowego: podaj jego identyfikator albo ustaw P_17 na 2.",
		checkSelfBillingBuyer,
	},
}

func checkBuyerName(d *Document, fs *Findings) {
	b := &d.Invoice.Podmiot2
	if b.DaneIdentyfikacyjne.Nazwa == "" && d.fullBuyer() {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne"))
	}
}

func checkBuyerAddress(d *Document, fs *Findings) {
	if d.Invoice.Podmiot2.Adres == nil && d.fullBuyer() {
		fs.Add(Path("Podmiot2"))
	}
}

// fullBuyer reports whether the invoice must name the buyer in full. A
// correction without name and address can be that of a simplified invoice.
func (d *Document) fullBuyer() bool {
	b := &d.Invoice.Podmiot2
	switch d.fa.RodzajFaktury {
	case fa3.KindUPR:
		return false
	case fa3.KindKOR:
		return b.DaneIdentyfikacyjne.Nazwa != "" || b.Adres != nil
	}
	return true
}

func checkSameNIP(d *Document, fs *Findings) {
	nip := d.Invoice.Podmiot2.DaneIdentyfikacyjne.NIP
	if nip != "" && nip == d.Invoice.Podmiot1.DaneIdentyfikacyjne.NIP {
		fs.Add(Path("Podmiot2", "DaneIdentyfikacyjne", "NIP"))
	}
}

func checkRepeatedParty(d *Document, fs *Findings) {
	type key struct {
		id   fa3.TPodmiot3
		role fa3.TRolaPodmiotu3
		text string
	}
	var before seen[key]
	for i := range d.Invoice.Podmiot3 {
		t := &d.Invoice.Podmiot3[i]
		k := key{t.DaneIdentyfikacyjne, t.Rola, t.OpisRoli}
		if k.id.NIP+k.id.IDWew+k.id.NrVatUE+k.id.NrID != "" {
			k.id.Nazwa = "" // the identifier tells who it is, however the name is written
		}
		if before.add(k) {
			fs.Add(Path("Podmiot3", i))
		}
	}
}

func checkBuyerAgain(d *Document, fs *Findings) {
	b := d.Invoice.Podmiot2.DaneIdentyfikacyjne
	for i := range d.Invoice.Podmiot3 {
		t := &d.Invoice.Podmiot3[i]
		id := t.DaneIdentyfikacyjne
		same := id.NIP != "" && id.NIP == b.NIP || id.NrVatUE != "" && id.NrVatUE == b.NrVatUE && id.KodUE == b.KodUE
		if t.Rola == fa3.RoleAdditionalBuyer && same {
			fs.Add(Path("Podmiot3", i, "DaneIdentyfikacyjne"))
		}
	}
}

func checkAuthorised(d *Document, fs *Findings) {
	a := d.Invoice.PodmiotUpowazniony
	if a != nil && a.DaneIdentyfikacyjne.NIP != "" && a.DaneIdentyfikacyjne.NIP == d.Invoice.Podmiot1.DaneIdentyfikacyjne.NIP {
		fs.Add(Path("PodmiotUpowazniony", "DaneIdentyfikacyjne", "NIP"))
	}
}

// needsPrefix reports whether the seller's EU prefix belongs on the invoice.
func (d *Document) needsPrefix() bool {
	return d.hasRate(zeroIntraEU) || d.hasRate(euService) || d.fa.Adnotacje.P_23 == fa3.Yes
}

func checkSellerPrefix(d *Document, fs *Findings) {
	if d.Invoice.Podmiot1.PrefiksPodatnika == "" && d.needsPrefix() {
		fs.Add(Path("Podmiot1"))
	}
}

func checkSellerPrefixUnused(d *Document, fs *Findings) {
	if d.Invoice.Podmiot1.PrefiksPodatnika != "" && !d.Correction() && !d.needsPrefix() {
		fs.Add(Path("Podmiot1", "PrefiksPodatnika"))
	}
}

func checkUnitParty(d *Document, fs *Findings) {
	if _, seen := d.role(fa3.RoleLocalUnitRecipient); d.Invoice.Podmiot2.JST == fa3.Yes && !seen {
		fs.Add(Path("Podmiot2", "JST"))
	}
}

func checkUnitFlag(d *Document, fs *Findings) {
	if first, _ := d.role(fa3.RoleLocalUnitRecipient); d.Invoice.Podmiot2.JST == fa3.No && first >= 0 {
		fs.Add(Path("Podmiot2", "JST"))
	}
}

func checkMemberParty(d *Document, fs *Findings) {
	if _, seen := d.role(fa3.RoleVATGroupRecipient); d.Invoice.Podmiot2.GV == fa3.Yes && !seen {
		fs.Add(Path("Podmiot2", "GV"))
	}
}

func checkMemberFlag(d *Document, fs *Findings) {
	if first, _ := d.role(fa3.RoleVATGroupRecipient); d.Invoice.Podmiot2.GV == fa3.No && first >= 0 {
		fs.Add(Path("Podmiot2", "GV"))
	}
}

func checkSelfBillingBuyer(d *Document, fs *Findings) {
	if d.fa.Adnotacje.P_17 == fa3.Yes && d.Invoice.Podmiot2.DaneIdentyfikacyjne.BrakID {
		fs.Add(Path("Fa", "Adnotacje", "P_17"))
	}
}

// contains is strings.Contains for a text of any case.
func contains(text, part string) bool { return strings.Contains(strings.ToLower(text), part) }
