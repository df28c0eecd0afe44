package pack

import (
	"bytes"
	"fmt"
	"iter"
	"math/rand/v2"
)

// invoices makes documents that look like FA(3) invoices of a wholesaler:
// markup of the schema, names and numbers that differ, about 5 kB each. They
// serve for their statistics, not for their meaning.
type invoices struct {
	random *rand.Rand
	buf    bytes.Buffer
}

func newInvoices(seed uint64) *invoices {
	return &invoices{random: rand.New(rand.NewPCG(seed, 1))}
}

var (
	firstWords = []string{"Hurtownia", "Zakład", "Przedsiębiorstwo", "Serwis", "Spółdzielnia", "Pracownia", "Ośrodek", "Drukarnia"}
	lastWords  = []string{"Jodła", "Bursztyn", "Wisła", "Śnieżka", "Północ", "Zachód", "Łąka", "Gżegżółka", "Mewa", "Żuraw"}
	goods      = []string{
		"Papier ksero A4 80 g", "Toner czarny", "Śruba M8x40 ocynk", "Usługa transportowa", "Kabel YDYp 3x1,5", "Farba biała 10 l",
		"Wynajem rusztowania", "Płyta OSB 12 mm", "Przegląd okresowy", "Zawór kulowy 1/2 cala", "Rękawice robocze", "Filtr oleju",
	}
	streets = []string{"Polna", "Leśna", "Słoneczna", "Krótka", "Szkolna", "Ogrodowa", "Lipowa", "Kościuszki"}
	towns   = []string{"Warszawa", "Kraków", "Łódź", "Gdańsk", "Poznań", "Wrocław", "Białystok", "Rzeszów"}
)

func (v *invoices) pick(words []string) string { return words[v.random.IntN(len(words))] }

// next returns the invoice; it is valid until the next call.
func (v *invoices) next(number int) []byte {
	b := &v.buf
	b.Reset()
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"><Naglowek><KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza><WariantFormularza>3</WariantFormularza>`)
	fmt.Fprintf(b, "<DataWytworzeniaFa>2026-11-%02dT%02d:%02d:%02dZ</DataWytworzeniaFa><SystemInfo>FaktuPro</SystemInfo></Naglowek>",
		1+v.random.IntN(28), v.random.IntN(24), v.random.IntN(60), v.random.IntN(60))
	v.party("Podmiot1", "5265877635", "Hurtownia Przykład sp. z o.o.")
	v.party("Podmiot2", fmt.Sprintf("%010d", v.random.IntN(9_999_999_999)), v.pick(firstWords)+" "+v.pick(lastWords))
	fmt.Fprintf(b, "<Fa><KodWaluty>PLN</KodWaluty><P_1>2026-11-%02d</P_1><P_2>FV/%06d/11/2026</P_2><P_13_1>%d.%02d</P_13_1><P_14_1>%d.%02d</P_14_1><P_15>%d.%02d</P_15>",
		1+v.random.IntN(28), number, v.random.IntN(90000), v.random.IntN(100), v.random.IntN(20000), v.random.IntN(100), v.random.IntN(110000), v.random.IntN(100))
	b.WriteString("<Adnotacje><P_16>2</P_16><P_17>2</P_17><P_18>2</P_18><P_18A>2</P_18A><Zwolnienie><P_19N>1</P_19N></Zwolnienie><NoweSrodkiTransportu><P_22N>1</P_22N></NoweSrodkiTransportu><P_23>2</P_23><PMarzy><P_PMarzyN>1</P_PMarzyN></PMarzy></Adnotacje><RodzajFaktury>VAT</RodzajFaktury>")
	for line := range 10 + v.random.IntN(13) {
		fmt.Fprintf(b, "<FaWiersz><NrWierszaFa>%d</NrWierszaFa><UU_ID>%08x-%04x</UU_ID><P_7>%s %d</P_7><P_8A>szt.</P_8A><P_8B>%d</P_8B><P_9A>%d.%02d</P_9A><P_11>%d.%02d</P_11><P_12>23</P_12></FaWiersz>",
			line+1, v.random.Uint32(), v.random.IntN(1<<16), v.pick(goods), v.random.IntN(900), 1+v.random.IntN(99), v.random.IntN(900), v.random.IntN(100), v.random.IntN(9000), v.random.IntN(100))
	}
	fmt.Fprintf(b, "<Platnosc><TerminPlatnosci><Termin>2026-12-%02d</Termin></TerminPlatnosci><FormaPlatnosci>6</FormaPlatnosci><RachunekBankowy><NrRB>%026d</NrRB></RachunekBankowy></Platnosc></Fa></Faktura>\n",
		1+v.random.IntN(28), v.random.Uint64())
	return b.Bytes()
}

func (v *invoices) party(element, nip, name string) {
	fmt.Fprintf(&v.buf, "<%s><DaneIdentyfikacyjne><NIP>%s</NIP><Nazwa>%s</Nazwa></DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>ul. %s %d</AdresL1><AdresL2>%02d-%03d %s</AdresL2></Adres><DaneKontaktowe><Email>biuro%d@example.com</Email><Telefon>%09d</Telefon></DaneKontaktowe></%s>",
		element, nip, name, v.pick(streets), 1+v.random.IntN(200), v.random.IntN(100), v.random.IntN(1000), v.pick(towns), v.random.IntN(1000), v.random.IntN(999_999_999), element)
}

// source yields n invoices without keeping any.
func (v *invoices) source(n int) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for i := range n {
			if !yield(Document{Name: invoiceName(i), Content: v.next(i)}, nil) {
				return
			}
		}
	}
}

func invoiceName(i int) string { return fmt.Sprintf("FV-%06d-11-2026.xml", i) }
