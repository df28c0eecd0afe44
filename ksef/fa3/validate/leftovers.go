package validate

// leftover is a name from another version or another idea of the invoice.
type leftover struct {
	instead string // the name or value that exists; empty when there is no single one
	en, pl  string
}

// leftovers are names that people and programs write although FA(3) does not
// have them: from older structures, and as one might expect them.
var leftovers = map[string]leftover{
	"PrefiksBufor":                   {"", "Delete it.", "Usuń go."},
	"PelnyNumer":                     {"", "Delete it; NIP and Nazwa say enough.", "Usuń go; wystarczą NIP i Nazwa."},
	"ImiePierwsze":                   {"Nazwa", "Write first and last name into Nazwa.", "Wpisz imię i nazwisko do elementu Nazwa."},
	"Nazwisko":                       {"Nazwa", "Write first and last name into Nazwa.", "Wpisz imię i nazwisko do elementu Nazwa."},
	"Imie":                           {"Nazwa", "Write first and last name into Nazwa.", "Wpisz imię i nazwisko do elementu Nazwa."},
	"DaneIdentyfikacyjne/PelnaNazwa": {"Nazwa", "Write the full name into Nazwa.", "Wpisz pełną nazwę do elementu Nazwa."},
	"Wojewodztwo":                    {"", "Write the address into AdresL1 and AdresL2; the region is not needed.", "Wpisz adres do AdresL1 i AdresL2; województwo nie jest potrzebne."},
	"Powiat":                         {"", "Write the address into AdresL1 and AdresL2; the district is not needed.", "Wpisz adres do AdresL1 i AdresL2; powiat nie jest potrzebny."},
	"Gmina":                          {"", "Write the address into AdresL1 and AdresL2; the municipality is not needed.", "Wpisz adres do AdresL1 i AdresL2; gmina nie jest potrzebna."},
	"Poczta":                         {"AdresL2", "Write postal code and town into AdresL2.", "Wpisz kod pocztowy i miejscowość do AdresL2."},
	"UdzialPodmiotu3":                {"Udzial", "The share of an additional buyer is Udzial.", "Udział dodatkowego nabywcy podaje element Udzial."},
	"UdzialProcentowy":               {"Udzial", "The share of an additional buyer is Udzial.", "Udział dodatkowego nabywcy podaje element Udzial."},
	"FaKorygowana":                   {"DaneFaKorygowanej", "The corrected invoice is DaneFaKorygowanej.", "Fakturę korygowaną podaje element DaneFaKorygowanej."},
	"PESEL":                          {"NrID", "A person without NIP is given by NrID or BrakID.", "Osobę bez NIP podaje się przez NrID lub BrakID."},
	"NazwaHandlowa":                  {"Nazwa", "Write the trade name into Nazwa.", "Wpisz nazwę handlową do elementu Nazwa."},
	"Ulica":                          {"AdresL1", "Write street and house number into AdresL1.", "Wpisz ulicę i numer domu do AdresL1."},
	"NrDomu":                         {"AdresL1", "Write street and house number into AdresL1.", "Wpisz ulicę i numer domu do AdresL1."},
	"NrLokalu":                       {"AdresL1", "Write street, house and flat number into AdresL1.", "Wpisz ulicę, numer domu i lokalu do AdresL1."},
	"Miejscowosc":                    {"AdresL2", "Write postal code and town into AdresL2.", "Wpisz kod pocztowy i miejscowość do AdresL2."},
	"KodPocztowy":                    {"AdresL2", "Write postal code and town into AdresL2.", "Wpisz kod pocztowy i miejscowość do AdresL2."},
	"AdresPol":                       {"KodKraju", "Write KodKraju, AdresL1 and AdresL2 directly into Adres.", "Wpisz KodKraju, AdresL1 i AdresL2 bezpośrednio do elementu Adres."},
	"AdresZagr":                      {"KodKraju", "Write KodKraju, AdresL1 and AdresL2 directly into Adres.", "Wpisz KodKraju, AdresL1 i AdresL2 bezpośrednio do elementu Adres."},
	"DaneRejestrowe":                 {"Rejestry", "Court and statistical numbers belong in Stopka/Rejestry.", "Numery KRS i REGON należą do Stopka/Rejestry."},
	"P_13_6":                         {"", "Use P_13_6_1 (0% domestic), P_13_6_2 (intra-EU supply) or P_13_6_3 (export).", "Użyj P_13_6_1 (0% kraj), P_13_6_2 (WDT) lub P_13_6_3 (eksport)."},
	"P_14_6":                         {"", "Sales at 0% have no VAT amount: delete it.", "Sprzedaż ze stawką 0% nie ma kwoty podatku: usuń go."},
	"P_14_7":                         {"", "Exempt sales have no VAT amount: delete it.", "Sprzedaż zwolniona nie ma kwoty podatku: usuń go."},
	"FaWiersze":                      {"FaWiersz", "Write the lines FaWiersz directly into Fa.", "Wpisz wiersze FaWiersz bezpośrednio do elementu Fa."},
	"LiczbaWierszyFaktury":           {"", "FA(3) does not count the lines: delete it.", "FA(3) nie podaje liczby wierszy: usuń go."},
	"WartoscWierszyFaktury1":         {"", "FA(3) does not sum up the lines there: delete it.", "FA(3) nie podaje tam sumy wierszy: usuń go."},
	"StawkaPodatku":                  {"P_12", "The VAT rate of a line is P_12.", "Stawkę podatku wiersza podaje się w P_12."},
	"GTU_12":                         {"GTU", "Write <GTU>GTU_12</GTU> into the line.", "Wpisz do wiersza <GTU>GTU_12</GTU>."},
	"NrRachunku":                     {"NrRB", "The account number is RachunekBankowy/NrRB.", "Numer rachunku to RachunekBankowy/NrRB."},
	"NumerRachunku":                  {"NrRB", "The account number is RachunekBankowy/NrRB.", "Numer rachunku to RachunekBankowy/NrRB."},
	"TerminyPlatnosci":               {"TerminPlatnosci", "Use TerminPlatnosci once for each due date.", "Użyj TerminPlatnosci osobno dla każdego terminu."},
	"ZaplataCzesc":                   {"ZaplataCzesciowa", "Use ZaplataCzesciowa.", "Użyj ZaplataCzesciowa."},
	"RolaPodmiotu3":                  {"Rola", "The role of a third party is Rola.", "Rolę podmiotu trzeciego podaje element Rola."},
}
