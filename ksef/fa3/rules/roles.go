package rules

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// roleRules are the rules about third parties and their roles.
var roleRules = []Rule{
	{
		"share.role", Error, LawRequires, "information sheet on FA(3), Udzial",
		"Only an additional buyer has a share: remove Udzial, or set Rola to 4.",
		"Udział ma tylko dodatkowy nabywca: usuń pole Udzial albo ustaw Rola na 4.",
		checkShareRole,
	},
	{
		"share.sum", Warning, LikelyMistake, "information sheet on FA(3), Udzial",
		"The shares of the additional buyers add up to {found}% and leave nothing for the buyer of Podmiot2: they should add up to less than 100.",
		"Udziały dodatkowych nabywców dają razem {found}% i nie zostawiają nic nabywcy z Podmiot2: ich suma powinna być mniejsza niż 100.",
		checkShareSum,
	},
	{
		"share.partial", Warning, LikelyMistake, "information sheet on FA(3), Udzial",
		"Some additional buyers have a share and this one has none: give a share to all of them or to none.",
		"Część dodatkowych nabywców ma udział, a ten nie: podaj udział wszystkim albo żadnemu.",
		checkSharePartial,
	},
	{
		"share.zero", Warning, LikelyMistake, "information sheet on FA(3), Udzial",
		"A share of zero means that this is no buyer: write the share in percent, or remove the party.",
		"Udział równy zeru oznacza, że to nie nabywca: wpisz udział w procentach albo usuń podmiot.",
		checkShareZero,
	},
	{
		"self_billing.issuer", Error, LawRequires, "information sheet on FA(3), role 5 of Podmiot3; art. 106d of the VAT Act",
		"On a self-billed invoice the buyer is the issuer: remove the third party with role 5, or set P_17 to 2.",
		"Przy samofakturowaniu fakturę wystawia nabywca: usuń podmiot trzeci z rolą 5 albo ustaw P_17 na 2.",
		checkSelfBillingIssuer,
	},
	{
		"issuer.same_nip", Warning, LikelyMistake, "information sheet on FA(3), role 5 of Podmiot3",
		"The issuer in the seller's name is the seller: remove this third party, or correct its number.",
		"Wystawcą w imieniu sprzedawcy jest sam sprzedawca: usuń ten podmiot trzeci albo popraw jego numer.",
		checkIssuerSame,
	},
	{
		"employee.party", Error, LawRequires, "information sheet on FA(3), role 11 of Podmiot3",
		"An employee is named without a tax number: set BrakID to 1 and write the person's name in Nazwa.",
		"Pracownika podaje się bez numeru podatkowego: ustaw BrakID na 1 i wpisz imię i nazwisko w polu Nazwa.",
		checkEmployee,
	},
	{
		"factor.party", Info, LikelyMistake, "information sheet on FA(3), RachunekBankowyFaktora and role 1 of Podmiot3; an official sample leaves the factor out",
		"There is a factor's account without a third party with role 1: name the factor, or move the account to RachunekBankowy.",
		"Podano rachunek faktora bez podmiotu trzeciego z rolą 1: wskaż faktora albo przenieś rachunek do RachunekBankowy.",
		checkFactorParty,
	},
	{
		"factor.account", Warning, LikelyMistake, "information sheet on FA(3), RachunekBankowyFaktora and role 1 of Podmiot3",
		"There is a factor without an account: give the account to pay to in RachunekBankowyFaktora.",
		"Wskazano faktora bez rachunku: podaj rachunek do zapłaty w RachunekBankowyFaktora.",
		checkFactorAccount,
	},
	{
		"factor.same_nip", Warning, LikelyMistake, "a factor is neither the seller nor the buyer",
		"The factor has the NIP of the seller or the buyer: correct the number or the role.",
		"Faktor ma NIP sprzedawcy lub nabywcy: popraw numer albo rolę.",
		checkFactorSame,
	},
	{
		"payer.same_nip", Info, LikelyMistake, "information sheet on FA(3), role 6 of Podmiot3",
		"The payer is the buyer, which needs no mention: remove this third party, or correct its number.",
		"Płatnikiem jest sam nabywca, czego nie trzeba zaznaczać: usuń ten podmiot trzeci albo popraw jego numer.",
		checkPayerSame,
	},
	{
		"party.nameless", Info, Advice, "information sheet on FA(3), Podmiot3",
		"The third party has neither a name nor a number: write its name.",
		"Podmiot trzeci nie ma ani nazwy, ani numeru: wpisz jego nazwę.",
		checkNameless,
	},
	{
		"role.known", Info, LikelyMistake, "information sheet on FA(3), Rola of Podmiot3",
		"The role described here is one of the list: set Rola to {role} instead of RolaInna, so that programs understand it.",
		"Opisana tu rola jest na liście: zamiast RolaInna ustaw Rola na {role}, aby rozumiały ją programy.",
		checkRoleKnown,
	},
	{
		"buyer_key.repeated", Warning, LikelyMistake, "information sheet on FA(3), IDNabywcy",
		"The key IDNabywcy is used for two buyers: give each buyer a key of its own.",
		"Klucz IDNabywcy wskazuje dwóch nabywców: nadaj każdemu nabywcy własny klucz.",
		checkBuyerKeys,
	},
}

// eachRole reports the third parties with a role that are bad.
func (d *Document) eachRole(fs *Findings, role fa3.TRolaPodmiotu3, field string, bad func(*fa3.Podmiot3) bool) {
	for i := range d.Invoice.Podmiot3 {
		if t := &d.Invoice.Podmiot3[i]; t.Rola == role && bad(t) {
			fs.Add(Path("Podmiot3", i, field))
		}
	}
}

func checkShareRole(d *Document, fs *Findings) {
	for i := range d.Invoice.Podmiot3 {
		if t := &d.Invoice.Podmiot3[i]; t.Udzial != "" && t.Rola != fa3.RoleAdditionalBuyer {
			fs.Add(Path("Podmiot3", i, "Udzial"))
		}
	}
}

// shares adds up the shares of additional buyers.
func (d *Document) shares() (sum decimal.Decimal, with, last int) {
	for i := range d.Invoice.Podmiot3 {
		t := &d.Invoice.Podmiot3[i]
		if s := parse(t.Udzial); t.Rola == fa3.RoleAdditionalBuyer && s.ok {
			sum, with, last = sum.Add(s.Decimal), with+1, i
		}
	}
	return sum, with, last
}

func checkShareSum(d *Document, fs *Findings) {
	if sum, _, last := d.shares(); sum.GreaterThanOrEqual(hundred) {
		fs.Add(Path("Podmiot3", last, "Udzial"), "found", sum.String())
	}
}

func checkSharePartial(d *Document, fs *Findings) {
	if _, with, _ := d.shares(); with > 0 {
		d.eachRole(fs, fa3.RoleAdditionalBuyer, "", func(t *fa3.Podmiot3) bool { return t.Udzial == "" })
	}
}

func checkShareZero(d *Document, fs *Findings) {
	d.eachRole(fs, fa3.RoleAdditionalBuyer, "Udzial", func(t *fa3.Podmiot3) bool {
		s := parse(t.Udzial)
		return s.ok && s.Sign() <= 0
	})
}

func checkSelfBillingIssuer(d *Document, fs *Findings) {
	if d.fa.Adnotacje.P_17 == fa3.Yes {
		d.eachRole(fs, fa3.RoleIssuer, "Rola", func(*fa3.Podmiot3) bool { return true })
	}
}

func checkIssuerSame(d *Document, fs *Findings) {
	nip := d.Invoice.Podmiot1.DaneIdentyfikacyjne.NIP
	d.eachRole(fs, fa3.RoleIssuer, "DaneIdentyfikacyjne/NIP", func(t *fa3.Podmiot3) bool {
		return nip != "" && t.DaneIdentyfikacyjne.NIP == nip
	})
}

func checkEmployee(d *Document, fs *Findings) {
	d.eachRole(fs, fa3.RoleEmployee, "DaneIdentyfikacyjne", func(t *fa3.Podmiot3) bool {
		return !bool(t.DaneIdentyfikacyjne.BrakID) || t.DaneIdentyfikacyjne.Nazwa == ""
	})
}

func checkFactorParty(d *Document, fs *Findings) {
	if p := d.fa.Platnosc; p != nil && len(p.RachunekBankowyFaktora) > 0 {
		if first, _ := d.role(fa3.RoleFactor); first < 0 {
			fs.Add(Path("Fa", "Platnosc", "RachunekBankowyFaktora", 0))
		}
	}
}

func checkFactorAccount(d *Document, fs *Findings) {
	p := d.fa.Platnosc
	if first, _ := d.role(fa3.RoleFactor); first >= 0 && (p == nil || len(p.RachunekBankowyFaktora) == 0) {
		fs.Add(Path("Podmiot3", first))
	}
}

func checkFactorSame(d *Document, fs *Findings) {
	one, two := d.Invoice.Podmiot1.DaneIdentyfikacyjne.NIP, d.Invoice.Podmiot2.DaneIdentyfikacyjne.NIP
	d.eachRole(fs, fa3.RoleFactor, "DaneIdentyfikacyjne/NIP", func(t *fa3.Podmiot3) bool {
		n := t.DaneIdentyfikacyjne.NIP
		return n != "" && (n == one || n == two)
	})
}

func checkPayerSame(d *Document, fs *Findings) {
	nip := d.Invoice.Podmiot2.DaneIdentyfikacyjne.NIP
	d.eachRole(fs, fa3.RolePayer, "DaneIdentyfikacyjne/NIP", func(t *fa3.Podmiot3) bool {
		return nip != "" && t.DaneIdentyfikacyjne.NIP == nip
	})
}

func checkNameless(d *Document, fs *Findings) {
	for i := range d.Invoice.Podmiot3 {
		t := &d.Invoice.Podmiot3[i]
		if t.Rola != fa3.RoleEmployee && bool(t.DaneIdentyfikacyjne.BrakID) && t.DaneIdentyfikacyjne.Nazwa == "" {
			fs.Add(Path("Podmiot3", i, "DaneIdentyfikacyjne"))
		}
	}
}

// knownRoles are Polish and English words for the roles of the list.
var knownRoles = map[string]fa3.TRolaPodmiotu3{
	"faktor": fa3.RoleFactor, "factor": fa3.RoleFactor,
	"odbiorca": fa3.RoleRecipient, "recipient": fa3.RoleRecipient,
	"dodatkowy nabywca": fa3.RoleAdditionalBuyer, "nabywca": fa3.RoleAdditionalBuyer,
	"wystawca": fa3.RoleIssuer, "wystawca faktury": fa3.RoleIssuer, "issuer": fa3.RoleIssuer,
	"płatnik": fa3.RolePayer, "płacący": fa3.RolePayer, "dokonujący płatności": fa3.RolePayer, "payer": fa3.RolePayer,
	"pracownik": fa3.RoleEmployee, "employee": fa3.RoleEmployee,
}

// longestRole bounds what is looked up.
const longestRole = 24

func checkRoleKnown(d *Document, fs *Findings) {
	for i := range d.Invoice.Podmiot3 {
		text := d.Invoice.Podmiot3[i].OpisRoli
		if len(text) > longestRole {
			continue
		}
		if role, ok := knownRoles[strings.ToLower(text)]; ok {
			fs.Add(Path("Podmiot3", i, "OpisRoli"), "role", string(role))
		}
	}
}

func checkBuyerKeys(d *Document, fs *Findings) {
	var before seen[string]
	if key := d.Invoice.Podmiot2.IDNabywcy; key != "" {
		before.add(key)
	}
	for i := range d.Invoice.Podmiot3 {
		if key := d.Invoice.Podmiot3[i].IDNabywcy; key != "" && before.add(key) {
			fs.Add(Path("Podmiot3", i, "IDNabywcy"))
		}
	}
}
