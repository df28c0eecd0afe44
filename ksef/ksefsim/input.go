package ksefsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Limits of request bodies. The largest valid request sends an invoice of
// 3,000,000 bytes in Base64.
const (
	maxBody = 8 << 20
	maxXML  = 1 << 20 // a signed login document
)

// readBody reads a request body of at most limit bytes.
func (c *call) readBody(limit int64) ([]byte, error) {
	if c.request.ContentLength > limit {
		return nil, tooLarge()
	}
	var buf bytes.Buffer
	if n := c.request.ContentLength; n > 0 {
		buf.Grow(int(n) + bytes.MinRead)
	}
	_, err := buf.ReadFrom(http.MaxBytesReader(nil, c.request.Body, limit))
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return nil, tooLarge()
	}
	if err != nil {
		return nil, refuse(codeValidation, "Nie udało się odczytać treści żądania.")
	}
	return buf.Bytes(), nil
}

var bom = []byte("\xEF\xBB\xBF")

// readJSON reads a request body into v as leniently as KSeF does: property names
// in any case, unknown members ignored, null as absent, a byte order mark.
func (c *call) readJSON(v any) error {
	raw, err := c.readBody(maxBody)
	if err != nil {
		return err
	}
	return decodeJSON(raw, v)
}

func decodeJSON(raw []byte, v any) error {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, bom))
	if len(raw) == 0 || raw[0] != '{' {
		return refuse(codeValidation, "Treść żądania musi być obiektem JSON.")
	}
	err := json.Unmarshal(raw, v)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong) && wrong.Field != "":
		return refusef(codeValidation, "Nieprawidłowa wartość pola '%s'.", clip(wrong.Field))
	}
	return refuse(codeValidation, "Treść żądania nie jest poprawnym dokumentem JSON.")
}

// checker collects the faults of an input; they are answered together.
type checker struct{ faults []string }

func (k *checker) fault(format string, args ...any) {
	k.faults = append(k.faults, fmt.Sprintf(format, args...))
}

func (k *checker) check(good bool, format string, args ...any) {
	if !good {
		k.fault(format, args...)
	}
}

// require faults an absent property and reports whether it is there.
func (k *checker) require(name string, present bool) bool {
	k.check(present, "'%s' must not be empty.", name)
	return present
}

func (k *checker) err() error {
	if len(k.faults) == 0 {
		return nil
	}
	return refuse(codeValidation, k.faults...)
}

// canonical finds value among the allowed ones in any case.
func canonical(value string, allowed ...string) (string, bool) {
	for _, a := range allowed {
		if strings.EqualFold(a, value) {
			return a, true
		}
	}
	return "", false
}

// pageSize reads the parameter of that name.
func (k *checker) pageSize(q url.Values, low, high int) int {
	text := q.Get("pageSize")
	if text == "" {
		return low
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		k.fault("The value '%s' is not valid for 'pageSize'.", clip(text))
		return low
	}
	k.check(low <= n && n <= high, "'pageSize' must be between %d and %d. You entered %d.", low, high, n)
	return n
}

// instantParam reads an optional date-time parameter. Without an offset it is
// Polish time.
func (k *checker) instantParam(q url.Values, name string) time.Time {
	text := q.Get(name)
	if text == "" {
		return time.Time{}
	}
	// A plus sign that nobody escaped arrives as a blank.
	text = strings.ReplaceAll(text, " ", "+")
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t.UTC()
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, pl.Warsaw()); err == nil {
			return t.UTC()
		}
	}
	k.fault("The value '%s' is not valid for '%s'.", clip(text), name)
	return time.Time{}
}

// clip keeps what a client sent from growing the answer.
func clip(s string) string {
	const most = 64
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
