package fa3

import (
	"strconv"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
	"github.com/faktupro/faktupro-go/pl"
)

// The functions of this file append one element to b, given its start tag and
// its value. The zero value stands for an absent element.

func closeTag(b []byte, open string) []byte {
	b = append(b, "</"...)
	return append(b, open[1:]...)
}

func appendText(b []byte, open, s string) []byte {
	if s == "" {
		return b
	}
	return appendCell(b, open, s)
}

// appendCell writes the element even when it is empty.
func appendCell(b []byte, open, s string) []byte {
	b = append(b, open...)
	b = xmlscan.AppendText(b, s)
	return closeTag(b, open)
}

// appendFlag gets the whole element.
func appendFlag(b []byte, element string, v Flag) []byte {
	if !v {
		return b
	}
	return append(b, element...)
}

func appendYesNo(b []byte, open string, v YesNo) []byte {
	return appendNatural(b, open, int64(v))
}

func appendNatural(b []byte, open string, n int64) []byte {
	if n == 0 {
		return b
	}
	b = append(b, open...)
	b = strconv.AppendInt(b, n, 10)
	return closeTag(b, open)
}

func appendDate(b []byte, open string, d pl.Date) []byte {
	if d.IsZero() {
		return b
	}
	b = append(b, open...)
	b = appendDigits(b, d.Year, 4)
	b = append(b, '-')
	b = appendDigits(b, int(d.Month), 2)
	b = append(b, '-')
	b = appendDigits(b, d.Day, 2)
	return closeTag(b, open)
}

func appendDigits(b []byte, n, width int) []byte {
	for unit := [...]int{1, 10, 100, 1000}[width-1]; unit > 0; unit /= 10 {
		b = append(b, byte('0'+n/unit%10))
	}
	return b
}

// appendAttr writes an attribute; open ends with its opening quote.
func appendAttr(b []byte, open, s string) []byte {
	b = append(b, open...)
	b = xmlscan.AppendAttr(b, s)
	return append(b, '"')
}
