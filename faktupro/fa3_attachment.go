package faktupro

import "github.com/faktupro/faktupro-go/ksef/fa3"

// attachment maps Zalacznik; nil when there is none.
func (a *Attachment) attachment() *fa3.Zalacznik {
	if len(a.Blocks) == 0 {
		return nil
	}
	m := &fa3.Zalacznik{BlokDanych: make([]fa3.BlokDanych, len(a.Blocks))}
	for i := range a.Blocks {
		m.BlokDanych[i] = a.Blocks[i].block()
	}
	return m
}

func (b *AttachmentBlock) block() fa3.BlokDanych {
	m := fa3.BlokDanych{ZNaglowek: collapse(b.Heading)}
	for _, kv := range b.Metadata {
		m.MetaDane = append(m.MetaDane, fa3.MetaDane{ZKlucz: collapse(kv.Key), ZWartosc: collapse(kv.Value)})
	}
	if len(b.Paragraphs) > 0 {
		m.Tekst = &fa3.Tekst{Akapit: collapseAll(b.Paragraphs)}
	}
	for i := range b.Tables {
		m.Tabela = append(m.Tabela, b.Tables[i].table())
	}
	return m
}

func (t *Table) table() fa3.Tabela {
	m := fa3.Tabela{Opis: collapse(t.Description)}
	for _, kv := range t.Metadata {
		m.TMetaDane = append(m.TMetaDane, fa3.TMetaDane{TKlucz: collapse(kv.Key), TWartosc: collapse(kv.Value)})
	}
	for _, c := range t.Columns {
		m.TNaglowek.Kol = append(m.TNaglowek.Kol, fa3.Kol{Typ: fa3.KolTyp(c.Type), NKom: collapse(c.Name)})
	}
	for _, row := range t.Rows {
		m.Wiersz = append(m.Wiersz, fa3.Wiersz{WKom: collapseAll(row)})
	}
	if len(t.Sums) > 0 {
		m.Suma = &fa3.Suma{SKom: collapseAll(t.Sums)}
	}
	return m
}

func readAttachment(m *fa3.Zalacznik) Attachment {
	if m == nil {
		return Attachment{}
	}
	var a Attachment
	for i := range m.BlokDanych {
		a.Blocks = append(a.Blocks, readBlock(&m.BlokDanych[i]))
	}
	return a
}

func readBlock(m *fa3.BlokDanych) AttachmentBlock {
	b := AttachmentBlock{Heading: m.ZNaglowek}
	for _, kv := range m.MetaDane {
		b.Metadata = append(b.Metadata, KeyValue{Key: kv.ZKlucz, Value: kv.ZWartosc})
	}
	if m.Tekst != nil {
		b.Paragraphs = m.Tekst.Akapit
	}
	for i := range m.Tabela {
		b.Tables = append(b.Tables, readTable(&m.Tabela[i]))
	}
	return b
}

func readTable(m *fa3.Tabela) Table {
	t := Table{Description: m.Opis}
	for _, kv := range m.TMetaDane {
		t.Metadata = append(t.Metadata, KeyValue{Key: kv.TKlucz, Value: kv.TWartosc})
	}
	for _, c := range m.TNaglowek.Kol {
		t.Columns = append(t.Columns, Column{Type: ColumnType(c.Typ), Name: c.NKom})
	}
	for _, row := range m.Wiersz {
		t.Rows = append(t.Rows, row.WKom)
	}
	if m.Suma != nil {
		t.Sums = m.Suma.SKom
	}
	return t
}
