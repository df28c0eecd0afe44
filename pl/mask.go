package pl

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// mask hides all but the last keep characters. A value that is not one of the
// identifier's own form is hidden whole: it may be anything, even a name typed
// into the wrong field.
func mask(s string, valid bool, keep int) string {
	if s == "" {
		return ""
	}
	if !valid || len(s) <= keep {
		return "***"
	}
	return strings.Repeat("*", len(s)-keep) + s[len(s)-keep:]
}

// maskNIP hides the NIP that an identifier starts with and keeps the rest.
func maskNIP(s string, valid bool) string {
	if !valid || len(s) <= nipLen {
		return mask(s, false, 0)
	}
	return mask(s[:nipLen], true, 3) + s[nipLen:]
}

// printMasked writes a masked value for any verb, with the quotes of %q.
func printMasked(f fmt.State, verb rune, masked string) {
	if verb == 'q' {
		masked = `"` + masked + `"`
	}
	_, _ = io.WriteString(f, masked)
}

// LogValue masks the number in logs: the last three digits stay.
func (n NIP) LogValue() slog.Value { return slog.StringValue(mask(string(n), n.Valid(), 3)) }

// LogValue masks the number in logs: the last three digits stay.
func (r REGON) LogValue() slog.Value { return slog.StringValue(mask(string(r), r.Valid(), 3)) }

// LogValue masks the number in logs: the last three digits stay.
func (k KRS) LogValue() slog.Value { return slog.StringValue(mask(string(k), k.Valid(), 3)) }

// LogValue masks the number in logs: the last two digits stay.
func (p PESEL) LogValue() slog.Value { return slog.StringValue(p.masked()) }

// Format prints the number masked for every verb; string(p) is the full value.
func (p PESEL) Format(f fmt.State, verb rune) { printMasked(f, verb, p.masked()) }

func (p PESEL) masked() string { return mask(string(p), p.Valid(), 2) }

// LogValue masks the account in logs: the last four digits stay.
func (n NRB) LogValue() slog.Value { return slog.StringValue(n.masked()) }

// Format prints the account masked for every verb; string(n) is the full value.
func (n NRB) Format(f fmt.State, verb rune) { printMasked(f, verb, n.masked()) }

func (n NRB) masked() string { return mask(string(n), n.Valid(), 4) }

// LogValue masks the account in logs: the last four characters stay.
func (i IBAN) LogValue() slog.Value { return slog.StringValue(i.masked()) }

// Format prints the account masked for every verb; string(i) is the full value.
func (i IBAN) Format(f fmt.State, verb rune) { printMasked(f, verb, i.masked()) }

func (i IBAN) masked() string { return mask(string(i), i.Valid(), 4) }

// LogValue masks the number in logs: the country and the last three characters
// stay.
func (v VATUE) LogValue() slog.Value {
	masked := mask(v.Number, v.Valid(), 3)
	if !v.Valid() {
		return slog.StringValue(masked)
	}
	return slog.StringValue(v.Country + masked)
}

// LogValue masks the NIP inside in logs; the rest stays.
func (id InternalID) LogValue() slog.Value { return slog.StringValue(maskNIP(string(id), id.Valid())) }

// LogValue masks the NIP inside in logs; date, unique part and checksum stay,
// so that the number can still be searched for.
func (k KSeFNumber) LogValue() slog.Value { return slog.StringValue(maskNIP(string(k), k.Valid())) }
