package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/faktupro/faktupro-go/faktupro"
)

// security names the one scheme of the API.
const securityScheme = "apiKey"

// openAPIConfig is the framework without what we do not want: its
// documentation pages load scripts from elsewhere, its schema links change the
// bodies.
func openAPIConfig() huma.Config {
	cfg := huma.DefaultConfig("FaktuPro", Version)
	cfg.CreateHooks = nil
	cfg.DocsPath, cfg.SchemasPath, cfg.OpenAPIPath = "", "", ""
	cfg.RejectUnknownQueryParameters = true
	cfg.Transformers = []huma.Transformer{transform}
	cfg.Info.Description = "Polish invoices: validated, numbered, sent to KSeF, their receipts verified and kept. " +
		"Every answer that is not a success is application/problem+json with a stable code."
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		securityScheme: {Type: "http", Scheme: "bearer", Description: "API key: Authorization: Bearer fp_live_..."},
	}
	return cfg
}

// invoiceSchema is the name under which the invoice's own schema is published.
const invoiceSchema = "Invoice"

// publish completes the document with what the framework cannot know and
// serves it. The document does not change while the process runs.
func (s *server) publish(mux *http.ServeMux) error {
	doc := s.huma.OpenAPI()
	if err := describeInvoice(doc); err != nil {
		return err
	}
	problem := doc.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			describeErrors(op, problem)
			describeBody(op)
		}
	}
	delete(doc.Components.Schemas.Map(), "ErrorModel")
	delete(doc.Components.Schemas.Map(), "ErrorDetail")
	body, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("api: OpenAPI document: %w", err)
	}
	mux.HandleFunc("GET /openapi.json", static("application/vnd.oai.openapi+json;version=3.1", body))
	mux.HandleFunc("GET /schemas/invoice.json", static("application/schema+json", faktupro.Schema()))
	return nil
}

// static serves bytes that do not change while the process runs.
func static(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body) // the client is gone: nobody is left to tell
	}
}

// describeInvoice puts the domain's own JSON Schema into the components, so
// that the API and the library can never disagree.
func describeInvoice(doc *huma.OpenAPI) error {
	var members map[string]any
	if err := json.Unmarshal(faktupro.Schema(), &members); err != nil {
		return fmt.Errorf("api: invoice schema: %w", err)
	}
	// Definitions move to the components, where references can reach them.
	defs, _ := members["$defs"].(map[string]any)
	delete(members, "$defs")
	delete(members, "$schema")
	delete(members, "$id")
	schemas := doc.Components.Schemas.Map()
	for name, def := range defs {
		schemas[invoiceSchema+name] = &huma.Schema{Extensions: relink(def).(map[string]any)}
	}
	schemas[invoiceSchema] = &huma.Schema{Extensions: relink(members).(map[string]any)}
	return nil
}

// relink points references at the components.
func relink(v any) any {
	switch n := v.(type) {
	case map[string]any:
		for k, child := range n {
			if ref, ok := child.(string); ok && k == "$ref" && len(ref) > len("#/$defs/") {
				n[k] = "#/components/schemas/" + invoiceSchema + ref[len("#/$defs/"):]
				continue
			}
			n[k] = relink(child)
		}
	case []any:
		for i := range n {
			n[i] = relink(n[i])
		}
	}
	return v
}

// describeErrors replaces the framework's error shape by ours.
func describeErrors(op *huma.Operation, problem *huma.Schema) {
	if op == nil {
		return
	}
	for _, r := range op.Responses {
		if m, ok := r.Content["application/problem+json"]; ok {
			m.Schema = problem
		}
	}
}

// describeBody names the schema of the one body the API takes: the invoice.
// The operations read the raw bytes, because the domain's own decoder says more
// about a fault than a schema validator can.
func describeBody(op *huma.Operation) {
	if op == nil || op.RequestBody == nil {
		return
	}
	op.RequestBody.Required = true
	op.RequestBody.Content = map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/" + invoiceSchema}},
	}
}
