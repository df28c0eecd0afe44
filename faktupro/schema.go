package faktupro

import (
	"bytes"
	"encoding/json"
)

// schemaID is the name of the published schema; its last part grows when the
// schema changes in a way that old invoices do not pass.
const schemaID = "urn:faktupro:schema:invoice:1"

// Schema is the JSON Schema (2020-12) of an invoice as DecodeInvoice reads it.
// It tells shapes, not tax rules: those are for Validate. Lengths in it count
// the text as written, while Validate counts it with white space collapsed.
func Schema() []byte {
	defs := &definitions{}
	root := invoiceObject.describe(defs)
	doc := schemaObject{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", schemaID},
		{"title", "Invoice"},
		{"description", "A Polish invoice as FaktuPro takes it. Amounts are decimal strings or plain JSON numbers without exponent."},
	}
	doc = append(doc, root...)
	doc = append(doc, schemaMember{"$defs", defs.objects})
	return doc.indented()
}

// schemaObject is a JSON object whose members keep their order.
type schemaObject []schemaMember

type schemaMember struct {
	Key   string
	Value any
}

// MarshalJSON writes the members in order.
func (o schemaObject) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			out = append(out, ',')
		}
		value, err := plainJSON(m.Value)
		if err != nil {
			return nil, err
		}
		e := encoder{dst: out}
		e.text(m.Key)
		e.raw(':')
		out = append(e.dst, value...)
	}
	return append(out, '}'), nil
}

// plainJSON is json.Marshal that leaves <, > and & as they are.
func plainJSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
}

// indented is the object in a form for people.
func (o schemaObject) indented() []byte {
	flat, err := o.MarshalJSON()
	if err != nil {
		panic("faktupro: schema: " + err.Error()) // the tables hold only plain values
	}
	var buf bytes.Buffer
	if err := json.Indent(&buf, flat, "", "  "); err != nil {
		panic("faktupro: schema: " + err.Error())
	}
	buf.WriteByte('\n')
	return buf.Bytes()
}

// definitions collects the objects that properties refer to.
type definitions struct {
	objects schemaObject
}

func (defs *definitions) has(name string) bool {
	for _, m := range defs.objects {
		if m.Key == name {
			return true
		}
	}
	return false
}

// schema refers to the object by name, so that it is described once.
func (o *object[T]) schema(defs *definitions) schemaObject {
	if !defs.has(o.name) {
		at := len(defs.objects)
		defs.objects = append(defs.objects, schemaMember{Key: o.name})
		defs.objects[at].Value = o.describe(defs)
	}
	return schemaObject{{"$ref", "#/$defs/" + o.name}}
}

// describe is the schema of the object itself.
func (o *object[T]) describe(defs *definitions) schemaObject {
	var properties schemaObject
	var needed []string
	for _, p := range o.properties {
		f := p.facts()
		member := p.schema(defs)
		if f.doc != "" {
			member = append(schemaObject{{"description", f.doc}}, member...)
		}
		properties = append(properties, schemaMember{f.name, member})
		if f.required {
			needed = append(needed, f.name)
		}
	}
	s := schemaObject{{"type", "object"}, {"additionalProperties", false}, {"properties", properties}}
	if needed != nil {
		s = append(s, schemaMember{"required", needed})
	}
	return s
}

func (l list[V]) schema(defs *definitions) schemaObject {
	return schemaObject{{"type", "array"}, {"maxItems", l.max}, {"items", l.of.schema(defs)}}
}
