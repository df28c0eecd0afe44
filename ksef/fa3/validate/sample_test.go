package validate

import (
	"fmt"
	"strings"
)

// sampleText is an ordinary invoice, laid out so that edits and positions are
// easy to follow. All parties are invented.
const sampleText = `<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">
  <Naglowek>
    <KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
    <WariantFormularza>3</WariantFormularza>
    <DataWytworzeniaFa>2026-02-03T08:15:30Z</DataWytworzeniaFa>
  </Naglowek>
  <Podmiot1>
    <DaneIdentyfikacyjne>
      <NIP>5265877635</NIP>
      <Nazwa>Tartak Bukowina sp. z o.o.</Nazwa>
    </DaneIdentyfikacyjne>
    <Adres>
      <KodKraju>PL</KodKraju>
      <AdresL1>ul. Leśna 4</AdresL1>
      <AdresL2>34-480 Jabłonka</AdresL2>
    </Adres>
  </Podmiot1>
  <Podmiot2>
    <DaneIdentyfikacyjne>
      <NIP>9512120077</NIP>
      <Nazwa>Stolarnia Dłuto Jan Żmuda</Nazwa>
    </DaneIdentyfikacyjne>
    <Adres>
      <KodKraju>PL</KodKraju>
      <AdresL1>Rynek 8, 34-700 Rabka-Zdrój</AdresL1>
    </Adres>
    <JST>2</JST>
    <GV>2</GV>
  </Podmiot2>
  <Fa>
    <KodWaluty>PLN</KodWaluty>
    <P_1>2026-02-03</P_1>
    <P_2>FV/17/02/2026</P_2>
    <P_6>2026-02-02</P_6>
    <P_13_1>1234.50</P_13_1>
    <P_14_1>283.94</P_14_1>
    <P_15>1518.44</P_15>
    <Adnotacje>
      <P_16>2</P_16>
      <P_17>2</P_17>
      <P_18>2</P_18>
      <P_18A>2</P_18A>
      <Zwolnienie>
        <P_19N>1</P_19N>
      </Zwolnienie>
      <NoweSrodkiTransportu>
        <P_22N>1</P_22N>
      </NoweSrodkiTransportu>
      <P_23>2</P_23>
      <PMarzy>
        <P_PMarzyN>1</P_PMarzyN>
      </PMarzy>
    </Adnotacje>
    <RodzajFaktury>VAT</RodzajFaktury>
    <FaWiersz>
      <NrWierszaFa>1</NrWierszaFa>
      <P_7>Deska dębowa</P_7>
      <P_8A>m2</P_8A>
      <P_8B>10</P_8B>
      <P_9A>100</P_9A>
      <P_11>1000</P_11>
      <P_12>23</P_12>
    </FaWiersz>
    <FaWiersz>
      <NrWierszaFa>2</NrWierszaFa>
      <P_7>Transport</P_7>
      <P_8A>usł.</P_8A>
      <P_8B>1</P_8B>
      <P_9A>234.50</P_9A>
      <P_11>234.50</P_11>
      <P_12>23</P_12>
    </FaWiersz>
    <Platnosc>
      <TerminPlatnosci>
        <Termin>2026-02-17</Termin>
      </TerminPlatnosci>
      <FormaPlatnosci>6</FormaPlatnosci>
      <RachunekBankowy>
        <NrRB>51999000000000000012345678</NrRB>
      </RachunekBankowy>
    </Platnosc>
  </Fa>
</Faktura>
`

// edited is the sample with one place changed, which must exist.
func edited(old, replacement string) string {
	if !strings.Contains(sampleText, old) {
		panic("the sample does not contain " + old)
	}
	return strings.Replace(sampleText, old, replacement, 1)
}

// compactSample is the sample with so many lines and no white space in between,
// as programs write it.
func compactSample(lines int) []byte {
	head, rest, _ := strings.Cut(sampleText, "    <FaWiersz>")
	_, tail, _ := strings.Cut(rest, "    <Platnosc>")
	var b strings.Builder
	b.WriteString(head)
	for i := range lines {
		fmt.Fprintf(&b, "<FaWiersz><NrWierszaFa>%d</NrWierszaFa><P_7>Deska dębowa strugana nr %d</P_7><P_8A>m2</P_8A><P_8B>10</P_8B>"+
			"<P_9A>100.00</P_9A><P_11>1000.00</P_11><P_12>23</P_12></FaWiersz>", i+1, i+1)
	}
	b.WriteString("<Platnosc>" + tail)
	var out []byte
	for line := range strings.Lines(b.String()) {
		out = append(out, strings.TrimSpace(line)...)
	}
	return out
}
