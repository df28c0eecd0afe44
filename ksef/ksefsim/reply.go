package ksefsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Media types of answers.
const (
	typeJSON    = "application/json; charset=utf-8"
	typeProblem = "application/problem+json"
	typeXML     = "application/xml"
)

// warningHeader carries technical notices beside a success.
const warningHeader = "X-System-Warning"

// reply is an answer before it is written.
type reply struct {
	status      int
	body        any    // encoded as JSON unless nil
	raw         []byte // sent as it is when body is nil
	contentType string // default typeJSON
	header      http.Header
}

func ok(body any) *reply       { return &reply{status: http.StatusOK, body: body} }
func created(body any) *reply  { return &reply{status: http.StatusCreated, body: body} }
func accepted(body any) *reply { return &reply{status: http.StatusAccepted, body: body} }
func noContent() *reply        { return &reply{status: http.StatusNoContent} }

// document is an XML document with its hash beside it.
func document(xml []byte) *reply {
	return &reply{
		status: http.StatusOK, raw: xml, contentType: typeXML,
		header: http.Header{"X-Ms-Meta-Hash": {digest64(xml)}},
	}
}

// write sends the answer.
func (r *reply) write(w http.ResponseWriter, request *http.Request) error {
	raw := r.raw
	if r.body != nil {
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r.body); err != nil {
			return fmt.Errorf("ksefsim: encode answer: %w", err)
		}
		raw = bytes.TrimSuffix(buf.Bytes(), []byte{'\n'})
	}
	h := w.Header()
	for name, values := range r.header {
		h[name] = values
	}
	r.describe(h, len(raw))
	if warning := request.Header.Get("X-Test-System-Warning"); warning != "" && r.status < 300 {
		h.Set(warningHeader, foldASCII(warning))
	}
	w.WriteHeader(r.status)
	_, err := w.Write(raw)
	if r.status == http.StatusNoContent {
		return nil // nothing may follow such a header
	}
	return err
}

func (r *reply) describe(h http.Header, size int) {
	if r.status == http.StatusNoContent {
		return
	}
	contentType := r.contentType
	if contentType == "" {
		contentType = typeJSON
	}
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(size))
}

// stamp is an instant as KSeF writes it: UTC, seven fractional digits and an
// explicit offset.
type stamp time.Time

const stampLayout = "2006-01-02T15:04:05.0000000-07:00"

// AppendText implements encoding.TextAppender.
func (s stamp) AppendText(dst []byte) ([]byte, error) {
	return time.Time(s).UTC().AppendFormat(dst, stampLayout), nil
}

// MarshalText implements encoding.TextMarshaler.
func (s stamp) MarshalText() ([]byte, error) { return s.AppendText(nil) }

// microStamp is an instant with six fractional digits: the store that keeps
// invoices for good counts in microseconds.
type microStamp time.Time

// MarshalText implements encoding.TextMarshaler.
func (s microStamp) MarshalText() ([]byte, error) {
	return time.Time(s).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000000-07:00"), nil
}

// localStamp is an instant as older error bodies write it: UTC without saying so.
type localStamp time.Time

// MarshalText implements encoding.TextMarshaler.
func (s localStamp) MarshalText() ([]byte, error) {
	return time.Time(s).UTC().AppendFormat(nil, "2006-01-02T15:04:05.0000000"), nil
}

// optional is a pointer to the value unless the instant is unset.
func optional[T stamp | microStamp](t time.Time) *T {
	if t.IsZero() {
		return nil
	}
	v := T(t)
	return &v
}

// foldASCII makes a text fit for a header the way KSeF does: letters lose their
// marks, other characters their place.
func foldASCII(s string) string {
	letters := []rune("ąaćcęełlńnóośsźzżzĄAĆCĘEŁLŃNÓOŚSŹZŻZ")
	return strings.Map(func(r rune) rune {
		for i := 0; i < len(letters); i += 2 {
			if letters[i] == r {
				return letters[i+1]
			}
		}
		if r > unicode.MaxASCII || r < ' ' || r == 0x7F {
			return '?'
		}
		return r
	}, s)
}
