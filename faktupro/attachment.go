package faktupro

// Limits of an attachment.
const (
	MaxAttachmentBlocks   = 1000 // blocks of an attachment
	MaxAttachmentEntries  = 1000 // entries of metadata, tables of a block, rows of a table
	MaxAttachmentColumns  = 20   // columns of a table
	MaxAttachmentTextRows = 10   // paragraphs of a block
)

// Attachment is the structured attachment of the invoice (Zalacznik), meant for
// invoices with complex data about quantities and prices. KSeF takes it only in
// batches and from sellers who announced it; a document with one may have
// 3,000,000 bytes instead of 1,000,000.
type Attachment struct {
	Blocks []AttachmentBlock // at most MaxAttachmentBlocks
}

// AttachmentBlock is one block of data (BlokDanych).
type AttachmentBlock struct {
	Heading    string     // at most 512 characters (ZNaglowek)
	Metadata   []KeyValue // at least one (MetaDane)
	Paragraphs []string   // at most MaxAttachmentTextRows of 512 characters (Akapit)
	Tables     []Table
}

// KeyValue is a fact as key and value, each at most 256 characters.
type KeyValue struct {
	Key   string
	Value string
}

// Table is one table (Tabela).
type Table struct {
	Metadata    []KeyValue // TMetaDane
	Description string     // at most 512 characters (Opis)
	Columns     []Column   // 1 to MaxAttachmentColumns (TNaglowek)
	Rows        [][]string // cells of at most 256 characters, no more in a row than columns (Wiersz)
	Sums        []string   // cells of the row of sums (Suma)
}

// Column is the head of one column.
type Column struct {
	Type ColumnType
	Name string // at most 256 characters, may be empty (NKom)
}

// ColumnType says what a column holds. It is informative: cells are not checked
// against it.
type ColumnType string

// The types of columns.
const (
	ColumnDate     ColumnType = "date"
	ColumnDateTime ColumnType = "datetime"
	ColumnDecimal  ColumnType = "dec"
	ColumnInteger  ColumnType = "int"
	ColumnTime     ColumnType = "time"
	ColumnText     ColumnType = "txt"
)

var columnTypes = []ColumnType{ColumnDate, ColumnDateTime, ColumnDecimal, ColumnInteger, ColumnTime, ColumnText}
