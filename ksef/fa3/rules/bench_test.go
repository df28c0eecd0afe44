package rules

import (
	"strconv"
	"testing"

	"github.com/faktupro/faktupro-go/ksef/fa3"
)

// long is an ordinary invoice with n lines.
func long(n int) *fa3.Faktura {
	f := vat()
	lines := f.Fa.FaWiersz
	f.Fa.FaWiersz = make([]fa3.FaWiersz, n)
	standard, low := 0, 0
	for i := range n {
		f.Fa.FaWiersz[i] = lines[i%2]
		f.Fa.FaWiersz[i].NrWierszaFa = int64(i + 1)
		if i%2 == 0 {
			standard++
		} else {
			low++
		}
	}
	amount := func(grosze int) fa3.Decimal {
		return fa3.Decimal(strconv.Itoa(grosze/100) + "." + strconv.Itoa(grosze/10%10) + strconv.Itoa(grosze%10))
	}
	f.Fa.P_13_1, f.Fa.P_14_1 = amount(standard*20000), amount(standard*4600)
	f.Fa.P_13_3, f.Fa.P_14_3 = amount(low*15000), amount(low*750)
	f.Fa.P_15 = amount(standard*24600 + low*15750)
	return f
}

func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{3, 100, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			f := long(n)
			b.SetBytes(int64(len(f.AppendXML(nil))))
			b.ReportAllocs()
			for b.Loop() {
				if found := Check(f, Config{}); len(found) > 0 {
					b.Fatal(found[0])
				}
			}
		})
	}
}
