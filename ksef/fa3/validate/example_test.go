package validate_test

import (
	"fmt"

	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
)

func Example() {
	doc := []byte(`<?xml version="1.0" encoding="UTF-8"?>
<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/">
  <Naglowek>
    <KodFormularza kodSystemowy="FA (3)" wersjaSchemy="1-0E">FA</KodFormularza>
    <WariantFormularza>3</WariantFormularza>
    <DataWytworzeniaFa>2026-02-03 08:15</DataWytworzeniaFa>
  </Naglowek>
  <Podmiot1>
    <DaneIdentyfikacyjne>
      <NIP>526-587-76-35</NIP>
      <Nazwa>Tartak Bukowina</Nazwa>
    </DaneIdentyfikacyjne>
  </Podmiot1>
</Faktura>`)
	report := validate.Document(doc, validate.Config{Layers: []validate.Layer{validate.XML, validate.Schema}, Max: 3})
	fmt.Println(report.Kind, report.Valid())
	for _, p := range report.Problems {
		fmt.Printf("%d:%d %s\n", p.Line, p.Column, p.EN)
	}
	// Output:
	// FA(3) false
	// 6:5 DataWytworzeniaFa (instant at which the XML was produced) has the value "2026-02-03 08:15", but must be a date and time such as 2026-02-01T10:30:00Z. Probably 2026-02-03T08:15:00Z is meant.
	// 10:7 NIP (Polish tax number NIP) must be a NIP of ten digits, without dashes, spaces or the prefix PL, and cannot begin with 0.
	// 13:3 Podmiot1 lacks the required element Adres (address): add it here.
}

func ExampleValid() {
	fmt.Println(validate.Valid([]byte("<Faktura/>"), validate.Config{}))
	// Output: false
}
