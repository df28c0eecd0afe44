package ksef

import "encoding/json"

// The decoders of what stands in lists. Each reads the beginning in all the
// forms that the API has for instants.

// UnmarshalJSON reads a permission of the API.
func (p *GrantedPermission) UnmarshalJSON(data []byte) error {
	type fields GrantedPermission
	w := struct {
		*fields
		Start wireTime `json:"startDate"`
	}{fields: (*fields)(p)}
	err := json.Unmarshal(data, &w)
	p.Start = w.Start.Time
	return err
}

// UnmarshalJSON reads a permission of the API.
func (p *SubunitPermission) UnmarshalJSON(data []byte) error {
	type fields SubunitPermission
	w := struct {
		*fields
		Start wireTime `json:"startDate"`
	}{fields: (*fields)(p)}
	err := json.Unmarshal(data, &w)
	p.Start = w.Start.Time
	return err
}

// UnmarshalJSON reads a permission of the API.
func (p *ReceivedPermission) UnmarshalJSON(data []byte) error {
	type fields ReceivedPermission
	w := struct {
		*fields
		Start wireTime `json:"startDate"`
	}{fields: (*fields)(p)}
	err := json.Unmarshal(data, &w)
	p.Start = w.Start.Time
	return err
}

// UnmarshalJSON reads a role of the API.
func (r *EntityRole) UnmarshalJSON(data []byte) error {
	type fields EntityRole
	w := struct {
		*fields
		Start wireTime `json:"startDate"`
	}{fields: (*fields)(r)}
	err := json.Unmarshal(data, &w)
	r.Start = w.Start.Time
	return err
}

// UnmarshalJSON reads a role of the API.
func (r *SubordinateRole) UnmarshalJSON(data []byte) error {
	type fields SubordinateRole
	w := struct {
		*fields
		Start wireTime `json:"startDate"`
	}{fields: (*fields)(r)}
	err := json.Unmarshal(data, &w)
	r.Start = w.Start.Time
	return err
}

// UnmarshalJSON reads a authorisation of the API.
func (a *Authorization) UnmarshalJSON(data []byte) error {
	type fields Authorization
	w := struct {
		*fields
		Start wireTime `json:"startDate"`
	}{fields: (*fields)(a)}
	err := json.Unmarshal(data, &w)
	a.Start = w.Start.Time
	return err
}

// UnmarshalJSON reads a permission of the API.
func (p *EUPermission) UnmarshalJSON(data []byte) error {
	type fields EUPermission
	w := struct {
		*fields
		Start wireTime `json:"startDate"`
	}{fields: (*fields)(p)}
	err := json.Unmarshal(data, &w)
	p.Start = w.Start.Time
	return err
}
