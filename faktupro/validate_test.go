package faktupro

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/faktupro/faktupro-go/pl"
)

// ruleNow is the instant at which the rules are tested: the issue date of the
// sample.
var ruleNow = time.Date(2026, 2, 16, 12, 0, 0, 0, time.UTC)

func d(s string) Decimal { return MustDecimal(s) }

func day(s string) pl.Date {
	parsed, err := pl.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return parsed
}

var (
	german = Buyer{
		EUVAT: pl.VATUE{Country: "DE", Number: "123456789"}, Name: "Möbelhaus Süd GmbH",
		Address: Address{Country: "DE", Line1: "Lindenstraße 9"},
	}
	unitOfCity = ThirdParty{Role: RoleLocalGovernmentRecipient, NIP: "7819988770", Name: "Szkoła"}
	member     = ThirdParty{Role: RoleVATGroupRecipient, NIP: "6577788994", Name: "Członek"}
	coBuyer    = ThirdParty{Role: RoleAdditionalBuyer, NoTaxID: true, Name: "Anna Druga", Share: d("40")}
)

// rules change the published sample, which has no problems, so that a rule
// speaks; want lists everything that then is to be said.
var rules = []struct {
	name string
	edit func(*Invoice)
	want []string
}{
	{"nothing wrong", func(*Invoice) {}, nil},

	// Required values.
	{"empty invoice", func(inv *Invoice) { *inv = Invoice{} }, []string{
		"/number required", "/issueDate required", "/seller required", "/buyer required", "/lines required",
	}},
	{"no name of seller", func(inv *Invoice) { inv.Seller.Name = "" }, []string{"/seller/name required"}},
	{"no address of buyer", func(inv *Invoice) { inv.Buyer.Address = Address{} }, []string{"/buyer/address required"}},
	{"half an address", func(inv *Invoice) { inv.Buyer.MailingAddress.Line2 = "x" }, []string{"/buyer/mailingAddress/country required", "/buyer/mailingAddress/line1 required"}},
	{"empty line", func(inv *Invoice) { inv.Lines[2] = Line{} }, []string{"/lines/2 line.value_missing", "/lines/2/name required", "/lines/2/vatRate required"}},

	// Texts.
	{"name too long", func(inv *Invoice) { inv.Lines[0].Name = strings.Repeat("ż", 513) }, []string{"/lines/0/name text.too_long"}},
	{"name just fits", func(inv *Invoice) { inv.Lines[0].Name = strings.Repeat("ż", 511) + "🪵" }, nil},
	{"length counts collapsed text", func(inv *Invoice) { inv.Lines[0].Name = " " + strings.Repeat("a \t\n", 256) }, nil},
	{"blank text", func(inv *Invoice) { inv.IssuePlace = " \t " }, []string{"/issuePlace text.empty"}},
	{"control character", func(inv *Invoice) { inv.Lines[0].Name = "a\x07b" }, []string{"/lines/0/name text.characters"}},
	{"discouraged character", func(inv *Invoice) { inv.Lines[0].Name = "a\u0086b" }, []string{"/lines/0/name text.characters"}},
	{"next line is allowed", func(inv *Invoice) { inv.Lines[0].Name = "a\u0085b" }, nil},
	{"non-character", func(inv *Invoice) { inv.Notes[0] = "a\U0001FFFE" }, []string{"/notes/0 text.characters"}},
	{"not UTF-8", func(inv *Invoice) { inv.Buyer.Name = "a\xffb" }, []string{"/buyer/name text.characters"}},
	{"note keeps blanks", func(inv *Invoice) { inv.Notes[0] = strings.Repeat(" ", 3501) }, []string{"/notes/0 text.too_long"}},
	{"account too short", func(inv *Invoice) { inv.Payment.Accounts[0].Number = "123456789" }, []string{"/payment/accounts/0/number text.too_short"}},
	{"empty element", func(inv *Invoice) { inv.WarehouseNotes = []string{"WZ/1", ""} }, []string{"/warehouseNotes/1 text.empty"}},

	// Words and codes.
	{"unknown kind", func(inv *Invoice) { inv.Kind = "VAT_RR" }, []string{"/kind value.unknown"}},
	{"unknown pricing", func(inv *Invoice) { inv.Pricing = "brutto" }, []string{"/pricing value.unknown"}},
	{"unknown GTU", func(inv *Invoice) { inv.Lines[1].GTU = "GTU_14" }, []string{"/lines/1/gtu value.unknown"}},
	{"unknown rate", func(inv *Invoice) { inv.Lines[1].VATRate = "24" }, []string{"/lines/1/vatRate vat_rate.unknown"}},
	{"code of FA(3) as rate", func(inv *Invoice) { inv.Lines[1].VATRate = "zw" }, []string{"/lines/1/vatRate vat_rate.official_code"}},
	{"Greek prefix as country", func(inv *Invoice) { inv.Buyer.Address.Country = "EL" }, []string{"/buyer/address/country country.unknown"}},
	{"two countries", func(inv *Invoice) { inv.Buyer.Address.Country = "PL PT" }, []string{"/buyer/address/country country.unknown"}},
	{"unknown currency", func(inv *Invoice) { inv.Currency = "ZWG"; inv.ExchangeRate = d("1") }, []string{"/currency currency.unknown"}},
	{"e-mail without at", func(inv *Invoice) { inv.Seller.Contacts[0].Email = "example.com" }, []string{"/seller/contacts/0/email email.format"}},
	{"e-mail ends with at", func(inv *Invoice) { inv.Seller.Contacts[0].Email = "office@" }, []string{"/seller/contacts/0/email email.format"}},
	{"SWIFT", func(inv *Invoice) { inv.Payment.Accounts[0].SWIFT = "PKOPPLP1X" }, []string{"/payment/accounts/0/swift swift.format"}},
	{"payment link", func(inv *Invoice) { inv.Payment.Link = "https://example.com/pay?id=1" }, []string{"/payment/link payment_link.format"}},
	{"payment identifier", func(inv *Invoice) { inv.Payment.KSeFID = "12AbCdEf01234" }, []string{"/payment/ksefId payment_id.format"}},

	// Numbers.
	{"amount with three decimals", func(inv *Invoice) { inv.Lines[1].Amount = d("637.000") }, []string{"/lines/1/amount decimal.digits"}},
	{"price too large", func(inv *Invoice) { inv.Lines[1].UnitPrice = d("123456789012345") }, []string{"/lines/1/unitPrice decimal.digits"}},
	{"rate of exchange zero", func(inv *Invoice) { inv.Currency = "EUR"; inv.ExchangeRate = d("0") }, []string{"/exchangeRate decimal.not_positive"}},
	{"negative discount", func(inv *Invoice) { inv.Lines[1].Discount.PerUnit = d("-1") }, []string{"/lines/1/discount/perUnit decimal.negative"}},
	{"discount over 100 percent", func(inv *Invoice) { inv.Lines[0].Discount.Percent = d("100.01") }, []string{
		"/lines total.rate_negative", "/lines/0/discount discount.too_large", "/lines/0/discount/percent decimal.too_large",
	}},
	{"line number out of range", func(inv *Invoice) { inv.Descriptions = []Description{{Line: -1, Key: "a", Value: "b"}} }, []string{"/descriptions/0/line number.range"}},
	{"line that does not exist", func(inv *Invoice) { inv.Descriptions = []Description{{Line: 4, Key: "a", Value: "b"}} }, []string{"/descriptions/0/line description.line"}},

	// Identifiers.
	{"NIP mistyped", func(inv *Invoice) { inv.Seller.NIP = "1234563219" }, []string{"/seller/nip nip.checksum"}},
	{"NIP with letters", func(inv *Invoice) { inv.Buyer.NIP = "525301234X" }, []string{"/buyer/nip nip.format"}},
	{"NIP with other digits", func(inv *Invoice) { inv.Buyer.NIP = "525301234٩" }, []string{"/buyer/nip nip.format"}},
	{"NIP with prefix", func(inv *Invoice) { inv.Buyer.NIP = "PL5253012349" }, []string{"/buyer/nip nip.format"}},
	{"REGON mistyped", func(inv *Invoice) { inv.Registers[0].REGON = "365123459" }, []string{"/registers/0/regon regon.checksum"}},
	{"REGON too short", func(inv *Invoice) { inv.Registers[0].REGON = "3651234" }, []string{"/registers/0/regon regon.format"}},
	{"KRS too short", func(inv *Invoice) { inv.Registers[0].KRS = "76543" }, []string{"/registers/0/krs krs.format"}},
	{"internal identifier", func(inv *Invoice) {
		inv.ThirdParties = []ThirdParty{{Role: RolePayer, InternalID: "1234563218-1"}}
	}, []string{"/thirdParties/0/internalId internal_id.format"}},
	{"internal identifier mistyped", func(inv *Invoice) {
		inv.ThirdParties = []ThirdParty{{Role: RolePayer, InternalID: "1234563218-00001"}}
	}, []string{"/thirdParties/0/internalId internal_id.checksum"}},
	{"VAT number of no state", func(inv *Invoice) {
		inv.Buyer = german
		inv.Buyer.EUVAT.Number = "1"
	}, []string{"/buyer/euVat eu_vat.format"}},
	{"Polish number as EU number", func(inv *Invoice) {
		inv.Buyer.NIP, inv.Buyer.EUVAT = "", pl.VATUE{Country: "PL", Number: "5253012349"}
	}, []string{"/buyer/euVat eu_vat.polish"}},
	{"Slovak number that fits a NIP", func(inv *Invoice) {
		inv.Buyer.NIP, inv.Buyer.EUVAT = "", pl.VATUE{Country: "SK", Number: "5253012349"}
	}, []string{"/buyer/euVat eu_vat.looks_polish"}},
	{"EU number from elsewhere", func(inv *Invoice) { inv.Buyer = german; inv.Buyer.Address.Country = "AT" }, []string{"/buyer/euVat eu_vat.country"}},
	{"Polish number as foreign number", func(inv *Invoice) {
		inv.Buyer.NIP, inv.Buyer.ForeignID = "", ForeignID{Number: "525-301-23-49"}
	}, []string{"/buyer/foreignId/number foreign_id.polish"}},
	{"American number that fits a NIP", func(inv *Invoice) {
		inv.Buyer.NIP, inv.Buyer.ForeignID = "", ForeignID{Country: "US", Number: "5253012349"}
	}, []string{"/buyer/foreignId/number foreign_id.looks_polish"}},
	{"Polish account mistyped", func(inv *Invoice) { inv.Payment.Accounts[0].Number = "38999900010000000012345679" }, []string{"/payment/accounts/0/number account.checksum"}},
	{"Polish IBAN mistyped", func(inv *Invoice) { inv.Payment.Accounts[0].Number = "PL39999900010000000012345678" }, []string{"/payment/accounts/0/number account.checksum"}},
	{"foreign IBAN mistyped", func(inv *Invoice) { inv.Payment.Accounts[0].Number = "DE83370400440123456789" }, []string{"/payment/accounts/0/number account.iban"}},
	{"account with blanks", func(inv *Invoice) { inv.Payment.Accounts[0].Number = "38 9999 0001 0000 0000 1234 5678" }, []string{"/payment/accounts/0/number account.format"}},

	// Number and dates.
	{"number ends with a blank", func(inv *Invoice) { inv.Number = "FV/1 " }, []string{"/number number.spaces"}},
	{"number with two blanks", func(inv *Invoice) { inv.Number = "FV  1" }, []string{"/number number.spaces"}},
	{"number with a hard blank", func(inv *Invoice) { inv.Number = "FV\u00a01" }, []string{"/number number.spaces"}},
	{"number with an invisible blank", func(inv *Invoice) { inv.Number = "FV\u200b1" }, []string{"/number number.spaces"}},
	{"number with a blank inside", func(inv *Invoice) { inv.Number = "FV 1" }, nil},
	{"tomorrow", func(inv *Invoice) { inv.IssueDate = day("2026-02-17") }, []string{"/issueDate issue_date.future"}},
	{"yesterday", func(inv *Invoice) { inv.IssueDate = day("2026-02-15") }, []string{"/issueDate issue_date.past"}},
	{"before 2006", func(inv *Invoice) { inv.IssueDate = day("2005-12-31") }, []string{"/issueDate date.range", "/issueDate issue_date.past"}},
	{"no such day", func(inv *Invoice) { inv.IssueDate = pl.NewDate(2026, 2, 0) }, []string{"/issueDate date.format", "/issueDate issue_date.past"}},
	{"period backwards", func(inv *Invoice) {
		inv.SupplyDate = pl.Date{}
		inv.SupplyPeriod = Period{day("2026-01-31"), day("2026-01-01")}
	}, []string{"/supplyPeriod period.order"}},
	{"half a period", func(inv *Invoice) {
		inv.SupplyDate = pl.Date{}
		inv.SupplyPeriod = Period{From: day("2026-01-31")}
	}, []string{"/supplyPeriod/to required"}},
	{"date and period", func(inv *Invoice) { inv.SupplyPeriod = Period{day("2026-01-01"), day("2026-01-31")} }, []string{"/supplyDate supply_date.and_period"}},
	{"date twice", func(inv *Invoice) { inv.Lines[1].SupplyDate = day("2026-02-13") }, []string{"/supplyDate supply_date.twice"}},
	{"paid later", func(inv *Invoice) { inv.Payment.PaidDate = day("2026-02-20") }, []string{"/payment/paidDate paid_date.after_issue"}},
	{"due earlier", func(inv *Invoice) { inv.Payment.Due[0].Date = day("2026-02-15") }, []string{"/payment/due/0/date due_date.before_issue"}},

	// Parties.
	{"buyer without number", func(inv *Invoice) { inv.Buyer.NIP = "" }, []string{"/buyer buyer.id_missing"}},
	{"buyer with two numbers", func(inv *Invoice) { inv.Buyer.NoTaxID = true }, []string{"/buyer party.id_several"}},
	{"same NIP", func(inv *Invoice) { inv.Buyer.NIP = inv.Seller.NIP }, []string{"/buyer/nip parties.same_nip"}},
	{"third party without anything", func(inv *Invoice) { inv.ThirdParties = []ThirdParty{{}} }, []string{"/thirdParties/0 party.id_missing", "/thirdParties/0 role.missing"}},
	{"third party with two roles", func(inv *Invoice) {
		inv.ThirdParties = []ThirdParty{{Role: RolePayer, OtherRole: "x", NoTaxID: true, NIP: "7012233446"}}
	}, []string{"/thirdParties/0 party.id_several", "/thirdParties/0/otherRole role.twice"}},
	{"unit missing", func(inv *Invoice) { inv.Buyer.LocalGovernment = true }, []string{"/buyer/localGovernment local_government.party"}},
	{"unit that KSeF cannot find", func(inv *Invoice) {
		inv.Buyer.LocalGovernment = true
		inv.ThirdParties = []ThirdParty{{Role: RoleLocalGovernmentRecipient, NoTaxID: true, Name: "Szkoła"}}
	}, []string{"/buyer/localGovernment local_government.party"}},
	{"unit without mark", func(inv *Invoice) { inv.ThirdParties = []ThirdParty{unitOfCity} }, []string{"/buyer/localGovernment local_government.flag"}},
	{"member missing", func(inv *Invoice) { inv.Buyer.VATGroup = true }, []string{"/buyer/vatGroup vat_group.party"}},
	{"member without mark", func(inv *Invoice) { inv.ThirdParties = []ThirdParty{member} }, []string{"/buyer/vatGroup vat_group.flag"}},
	{"share of another role", func(inv *Invoice) {
		inv.ThirdParties = []ThirdParty{{Role: RolePayer, NIP: "7012233446", Share: d("10")}}
	}, []string{"/thirdParties/0/share share.role"}},
	{"shares of 100", func(inv *Invoice) {
		other := coBuyer
		other.Share = d("60")
		inv.ThirdParties = []ThirdParty{coBuyer, other}
	}, []string{"/thirdParties share.sum"}},
	{"some shares", func(inv *Invoice) {
		other := coBuyer
		other.Share = Decimal{}
		inv.ThirdParties = []ThirdParty{coBuyer, other}
	}, []string{"/thirdParties share.partial"}},
	{"issuer of a self-billed invoice", func(inv *Invoice) {
		inv.SelfBilling = true
		inv.ThirdParties = []ThirdParty{{Role: RoleIssuer, NIP: "7012233446"}}
	}, []string{"/thirdParties/0/role self_billing.issuer"}},
	{"employee with number", func(inv *Invoice) {
		inv.ThirdParties = []ThirdParty{{Role: RoleEmployee, NIP: "7012233446", Name: "Jan"}}
	}, []string{"/thirdParties/0 employee.party"}},
	{"factor without account", func(inv *Invoice) {
		inv.ThirdParties = []ThirdParty{{Role: RoleFactor, NIP: "7012233446"}}
	}, []string{"/payment/factorAccounts factor.party"}},

	// Lines and totals.
	{"no price", func(inv *Invoice) { inv.Lines[1].UnitPrice = Decimal{} }, []string{"/lines/1 line.value_missing"}},
	{"no unit", func(inv *Invoice) { inv.Lines[1].Unit = "" }, []string{"/lines/1/unit line.unit_missing"}},
	{"amount of its own", func(inv *Invoice) { inv.Lines[1].Amount = d("637.02") }, []string{"/lines/1/amount line.amount_differs"}},
	{"amount rounded", func(inv *Invoice) { inv.Lines[1].Amount = d("637.01") }, nil},
	{"negative quantity", func(inv *Invoice) { inv.Lines[2].Quantity = d("-1") }, []string{"/lines/2/quantity line.negative_quantity"}},
	{"two discounts", func(inv *Invoice) { inv.Lines[0].Discount.PerUnit = d("1") }, []string{"/lines/0/discount discount.one"}},
	{"discount on nothing", func(inv *Invoice) {
		inv.Lines[0].Quantity, inv.Lines[0].Amount = Decimal{}, d("10.00")
	}, []string{"/lines/0 line.price_missing", "/lines/0/discount discount.price"}},
	{"discount above the price", func(inv *Invoice) { inv.Lines[1].Discount.PerUnit = d("318.51") }, []string{"/lines/1/discount discount.too_large"}},
	{"negative total", func(inv *Invoice) { inv.Lines[0].UnitPrice = d("-64.90") }, []string{"/lines total.negative", "/lines/0/discount discount.too_large"}},
	{"negative rate", func(inv *Invoice) {
		inv.Lines[1].Amount, inv.Lines[1].Quantity, inv.Lines[1].UnitPrice = d("-100.00"), Decimal{}, Decimal{}
	}, []string{"/lines total.rate_negative", "/lines/1 line.price_missing"}},
	{"line out of bounds", func(inv *Invoice) {
		inv.Lines[1].Quantity, inv.Lines[1].UnitPrice = d("9999999999999999"), d("99999999999999")
	}, []string{"/lines/1 total.digits"}},
	{"total out of bounds", func(inv *Invoice) {
		inv.Lines[1].Amount, inv.Lines[1].Quantity, inv.Lines[1].UnitPrice = d("9999999999999999.99"), Decimal{}, Decimal{}
	}, []string{"total.digits", "/lines/1 line.price_missing"}},
	{"too many lines", func(inv *Invoice) { inv.Lines = make([]Line, MaxLines+1) }, []string{"/lines list.too_long"}},

	// Tax marks and currency.
	{"exempt without basis", func(inv *Invoice) { inv.Lines[2].VATRate = VATExempt }, []string{"/exemption exemption.missing"}},
	{"two bases", func(inv *Invoice) {
		inv.Lines[2].VATRate = VATExempt
		inv.Exemption = Exemption{Act: "a", Other: "b"}
	}, []string{"/exemption exemption.one"}},
	{"basis without exempt line", func(inv *Invoice) { inv.Exemption.Act = "art. 43" }, []string{"/exemption exemption.unused"}},
	{"domestic reverse charge unmarked", func(inv *Invoice) { inv.Lines[2].VATRate = VATReverseCharge }, []string{"/reverseCharge reverse_charge.flag"}},
	{"domestic reverse charge abroad", func(inv *Invoice) {
		inv.Lines[2].VATRate, inv.ReverseCharge = VATReverseCharge, true
		inv.Buyer = german
	}, []string{"/buyer reverse_charge.buyer"}},
	{"domestic reverse charge, foreign address", func(inv *Invoice) {
		inv.Lines[2].VATRate, inv.ReverseCharge = VATReverseCharge, true
		inv.Buyer.Address.Country = "DE"
	}, []string{"/buyer reverse_charge.buyer"}},
	{"reverse charge of nothing", func(inv *Invoice) { inv.ReverseCharge = true }, []string{"/reverseCharge reverse_charge.unused"}},
	{"EU service unmarked", func(inv *Invoice) { inv.Lines[2].VATRate = VATEUService; inv.Buyer = german }, []string{"/reverseCharge eu_service.flag"}},
	{"EU service for a Polish buyer", func(inv *Invoice) { inv.Lines[2].VATRate, inv.ReverseCharge = VATEUService, true }, []string{"/buyer eu_service.buyer"}},
	{"outside Poland needs no mark", func(inv *Invoice) { inv.Lines[2].VATRate = VATOutsidePoland; inv.Buyer = german }, nil},
	{"intra-EU to a Polish buyer", func(inv *Invoice) { inv.Lines[2].VATRate = VAT0IntraEU }, []string{"/buyer intra_eu.buyer"}},
	{"export into the EU", func(inv *Invoice) { inv.Lines[2].VATRate = VAT0Export; inv.Buyer = german }, []string{"/buyer/euVat export.buyer"}},
	{"triangular to a Polish buyer", func(inv *Invoice) { inv.Triangular = true }, []string{"/buyer triangular.buyer"}},
	{"split payment of little", func(inv *Invoice) { inv.SplitPayment, inv.Lines[1].Annex15 = true, true }, []string{"/splitPayment split_payment.amount"}},
	{"split payment of anything", func(inv *Invoice) {
		inv.SplitPayment, inv.Lines[1].Quantity = true, d("200")
	}, []string{"/splitPayment split_payment.lines"}},
	{"split payment forgotten", func(inv *Invoice) {
		inv.Lines[1].Annex15, inv.Lines[1].Quantity = true, d("200")
	}, []string{"/splitPayment split_payment.missing"}},
	{"split payment of a consumer", func(inv *Invoice) {
		inv.Lines[1].Annex15, inv.Lines[1].Quantity = true, d("200")
		inv.Buyer.NIP, inv.Buyer.NoTaxID = "", true
	}, nil},
	{"no exchange rate", func(inv *Invoice) { inv.Currency = "EUR" }, []string{"/exchangeRate exchange_rate.missing"}},
	{"exchange rate on some lines", func(inv *Invoice) {
		inv.Currency, inv.Lines[0].ExchangeRate = "EUR", d("4.20")
	}, []string{"/exchangeRate exchange_rate.missing"}},
	{"exchange rate in PLN", func(inv *Invoice) { inv.ExchangeRate = d("4.20") }, []string{"/exchangeRate exchange_rate.in_pln"}},
	{"exchange rate of a line in PLN", func(inv *Invoice) { inv.Lines[1].ExchangeRate = d("4.20") }, []string{"/lines/1/exchangeRate exchange_rate.in_pln"}},

	// Payment.
	{"paid twice", func(inv *Invoice) {
		inv.Payment.PaidDate = day("2026-02-16")
		inv.Payment.Parts = []PartPayment{{Amount: d("1.00"), Date: day("2026-02-16")}}
	}, []string{"/payment/paidDate payment.paid_twice"}},
	{"paid too much", func(inv *Invoice) {
		inv.Payment.Parts = []PartPayment{{Amount: d("5000.00"), Date: day("2026-02-16")}}
	}, []string{"/payment/parts payment.parts_sum"}},
	{"two methods", func(inv *Invoice) { inv.Payment.OtherMethod = "x" }, []string{"/payment/otherMethod payment.method_twice"}},
	{"two methods of a part", func(inv *Invoice) {
		inv.Payment.Parts = []PartPayment{{Amount: d("1.00"), Date: day("2026-02-16"), Method: PayCash, OtherMethod: "x"}}
	}, []string{"/payment/parts/0/otherMethod payment.method_twice"}},
	{"no method", func(inv *Invoice) { inv.Payment.Method = "" }, []string{"/payment/method payment.method_missing"}},
	{"transfer to nowhere", func(inv *Invoice) { inv.Payment.Accounts = nil }, []string{"/payment/accounts payment.account_missing"}},
	{"half a term", func(inv *Invoice) { inv.Payment.Due[0].Unit = "dni" }, []string{"/payment/due/0 due.incomplete"}},
	{"empty term", func(inv *Invoice) { inv.Payment.Due[0] = Due{} }, []string{"/payment/due/0 due.empty"}},
	{"half an early payment", func(inv *Invoice) { inv.Payment.EarlyPayment.Discount = "2%" }, []string{"/payment/earlyPayment/condition required"}},
	{"link to another payment", func(inv *Invoice) {
		inv.Payment.Link, inv.Payment.KSeFID = "https://example.com/?IPKSeF=123AbCdEf0123", "123AbCdEf0124"
	}, []string{"/payment/ksefId payment_link.id"}},

	// Several at once.
	{"several", func(inv *Invoice) {
		inv.Number = ""
		inv.Seller.NIP = "1111111112"
		inv.Lines[0].VATRate = "19"
		inv.Lines[2].UnitPrice = Decimal{}
		inv.Payment.Method = "gold"
	}, []string{
		"/number required", "/seller/nip nip.checksum",
		"/lines/0/vatRate vat_rate.unknown", "/lines/2 line.value_missing", "/payment/method value.unknown",
	}},
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, tt := range rules {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inv := mustDecode(t, Sample())
			tt.edit(inv)
			problems := inv.Validate(ValidateOptions{Now: ruleNow})
			if tt.name == "too many lines" { // say nothing of each empty line
				problems = problems.Errors()[:1]
			}
			if diff := cmp.Diff(tt.want, places(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			for _, p := range problems {
				if strings.ContainsAny(p.EN+p.PL, "{}") || p.EN == "" || p.PL == "" {
					t.Errorf("message of %s is not complete: %q %q", p.Code, p.EN, p.PL)
				}
			}
		})
	}
}

func TestValidateDraft(t *testing.T) {
	t.Parallel()
	inv := mustDecode(t, Sample())
	inv.Number, inv.IssueDate = "", pl.Date{}
	if got := inv.Validate(ValidateOptions{Now: ruleNow, Draft: true}); len(got) > 0 {
		t.Errorf("a draft has problems: %v", got)
	}
	want := []string{"/number required", "/issueDate required"}
	if got := places(inv.Validate(ValidateOptions{Now: ruleNow})); !cmp.Equal(got, want) {
		t.Errorf("problems %v, want %v", got, want)
	}
}

// TestValidateDayInWarsaw: half past eleven at night in UTC is the next day in
// Poland.
func TestValidateDayInWarsaw(t *testing.T) {
	t.Parallel()
	inv := mustDecode(t, Sample())
	for now, want := range map[time.Time]string{
		time.Date(2026, 2, 15, 22, 59, 59, 0, time.UTC): codeIssueDateFuture,
		time.Date(2026, 2, 15, 23, 0, 0, 0, time.UTC):   "",
		time.Date(2026, 2, 16, 22, 59, 59, 0, time.UTC): "",
		time.Date(2026, 2, 16, 23, 0, 0, 0, time.UTC):   codeIssueDatePast,
		{}: "",
	} {
		got := inv.Validate(ValidateOptions{Now: now})
		if want == "" && len(got) > 0 || want != "" && !got.Has(want) {
			t.Errorf("at %v: %v, want %q", now, got, want)
		}
	}
}

func TestEncodeFA3Refuses(t *testing.T) {
	t.Parallel()
	big := mustDecode(t, Sample())
	for len(big.Lines) < 9000 {
		big.Lines = append(big.Lines, big.Lines[1])
	}
	bad := mustDecode(t, Sample())
	bad.Seller.NIP = ""
	tests := []struct {
		name    string
		inv     *Invoice
		created time.Time
		want    []string
	}{
		{"invalid", bad, ruleNow, []string{"/seller/nip required"}},
		{"too large", big, ruleNow, []string{codeDocumentSize}},
		{"issued in the future", mustDecode(t, Sample()), ruleNow.AddDate(0, 0, -1), []string{"/issueDate issue_date.future"}},
		{"clock not set", mustDecode(t, Sample()), time.Time{}, []string{codeDocumentTime}},
		{"clock far ahead", mustDecode(t, Sample()), time.Date(2051, 1, 1, 0, 0, 0, 0, time.UTC), []string{codeDocumentTime}},
	}
	for _, tt := range tests {
		xml, err := EncodeFA3(tt.inv, tt.created)
		if xml != nil || !cmp.Equal(places(problemsOf(t, err).Errors()), tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}
