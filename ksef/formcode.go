package ksef

import (
	"encoding/json"
	"fmt"
	"strings"
)

// FormCode names the structure of the invoices of a session (kod formularza):
// system code, schema version and value, separated by "|".
type FormCode string

// The structures that KSeF accepts. FA(2) only exists in the test environment.
const (
	FormFA2    FormCode = "FA (2)|1-0E|FA"
	FormFA3    FormCode = "FA (3)|1-0E|FA"
	FormPEF3   FormCode = "PEF (3)|2-1|PEF"
	FormPEFKOR FormCode = "PEF_KOR (3)|2-1|PEF"
	FormFARR   FormCode = "FA_RR (1)|1-1E|FA_RR"
)

// SystemCode is the first part, such as "FA (3)" (with the space).
func (f FormCode) SystemCode() string { return f.part(0) }

// SchemaVersion is the second part, such as "1-0E".
func (f FormCode) SchemaVersion() string { return f.part(1) }

// Value is the third part, such as "FA".
func (f FormCode) Value() string { return f.part(2) }

func (f FormCode) part(i int) string {
	parts := strings.Split(string(f), "|")
	if len(parts) != 3 {
		return ""
	}
	return parts[i]
}

// Valid reports whether all three parts are there.
func (f FormCode) Valid() bool {
	return f.SystemCode() != "" && f.SchemaVersion() != "" && f.Value() != ""
}

type wireFormCode struct {
	SystemCode    string `json:"systemCode"`
	SchemaVersion string `json:"schemaVersion"`
	Value         string `json:"value"`
}

// MarshalJSON writes the object that the API expects.
func (f FormCode) MarshalJSON() ([]byte, error) {
	if !f.Valid() {
		return nil, fmt.Errorf("ksef: form code must be \"system code|schema version|value\": %w", ErrInvalidArgument)
	}
	return json.Marshal(wireFormCode{f.SystemCode(), f.SchemaVersion(), f.Value()})
}

func (w wireFormCode) public() FormCode {
	return FormCode(w.SystemCode + "|" + w.SchemaVersion + "|" + w.Value)
}
