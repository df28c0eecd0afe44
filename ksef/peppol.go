package ksef

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// PeppolService lists the providers of Peppol services. It needs no login.
type PeppolService struct{ client *Client }

// PeppolProvider is a provider that has logged in to KSeF.
type PeppolProvider struct {
	ID      string    `json:"id"` // such as PPL123456
	Name    string    `json:"name"`
	Created time.Time `json:"dateCreated"`
}

// UnmarshalJSON reads a provider of the API.
func (p *PeppolProvider) UnmarshalJSON(data []byte) error {
	type fields PeppolProvider
	w := struct {
		*fields
		Created wireTime `json:"dateCreated"`
	}{fields: (*fields)(p)}
	err := json.Unmarshal(data, &w)
	p.Created = w.Created.Time
	return err
}

type wireProviders struct {
	Providers []*PeppolProvider `json:"peppolProviders"`
	HasMore   bool              `json:"hasMore"`
}

// Providers gives all providers.
//
// Needs no login; group anonymous.
//
//ksef:op GET /peppol/query
func (s *PeppolService) Providers(ctx context.Context) iter.Seq2[*PeppolProvider, error] {
	k := call{op: "list Peppol providers", class: httpx.Read, group: GroupAnonymous, method: "GET", path: "/peppol/query"}
	return numbered(ctx, s.client, k, 100, func(w *wireProviders) ([]*PeppolProvider, bool) { return w.Providers, w.HasMore })
}
