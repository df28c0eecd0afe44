package ksefsim

import (
	"strings"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/ksef/fa3/validate"
	"github.com/faktupro/faktupro-go/pl"
)

// judgeRR reads an FA_RR (1) document, the invoice that a buyer of farm produce
// issues for the farmer.
func judgeRR(xml []byte) (facts, outcome) {
	verdict := judgeSchema(xml, validate.FARR)
	const invoice, seller, buys = "FakturaRR/", "Podmiot1/DaneIdentyfikacyjne/", "Podmiot2/DaneIdentyfikacyjne/"
	v := pathValues(xml, []string{
		invoice + "P_4B", invoice + "P_4C", invoice + "P_11_1", invoice + "P_11_2", invoice + "P_12_1", invoice + "KodWaluty", invoice + "RodzajFaktury",
		seller + "NIP", seller + "Nazwa", buys + "NIP", buys + "Nazwa",
	})
	out := facts{
		Seller: pl.NIP(v[seller+"NIP"]), SellerName: v[seller+"Nazwa"], Number: shorten(v[invoice+"P_4C"]), Kind: v[invoice+"RodzajFaktury"],
		Buyer: buyerFacts{typeNIP, v[buys+"NIP"], v[buys+"Nazwa"]},
		Net:   v[invoice+"P_11_1"], VAT: v[invoice+"P_11_2"], Gross: v[invoice+"P_12_1"], Currency: v[invoice+"KodWaluty"],
	}
	if verdict.Code != 0 {
		return facts{Number: out.Number}, verdict
	}
	out.Issued, _ = pl.ParseDate(v[invoice+"P_4B"]) // a date, says the schema
	out.party(v[seller+"NIP"])
	out.party(v[buys+"NIP"])
	return out, outcome{}
}

// pathValues reads the text of elements below the root by their paths.
func pathValues(xml []byte, paths []string) map[string]string {
	wanted := make(map[string]bool, len(paths))
	for _, p := range paths {
		wanted[p] = true
	}
	values := make(map[string]string, len(paths))
	scan := xmlscan.New(xml, xmlscan.Config{})
	var open []string
	for {
		kind, err := scan.Next()
		if err != nil || kind == xmlscan.EOF {
			return values
		}
		switch kind {
		case xmlscan.Start:
			open = append(open, string(scan.Local()))
		case xmlscan.End:
			open = open[:len(open)-1]
		case xmlscan.Text:
			if len(open) < 2 {
				continue
			}
			if path := strings.Join(open[1:], "/"); wanted[path] {
				values[path] += string(scan.AppendText(nil))
			}
		}
	}
}
