package xmlscan_test

import (
	"fmt"

	"github.com/faktupro/faktupro-go/internal/xmlscan"
)

func Example() {
	doc := []byte(`<order xmlns="urn:x"><item n="2">Flour &amp; salt</item></order>`)
	s := xmlscan.New(doc, xmlscan.Config{})
	for {
		kind, err := s.Next()
		if err != nil {
			fmt.Println(err)
			return
		}
		switch kind {
		case xmlscan.Start:
			fmt.Printf("%s in %s, %d attributes\n", s.Local(), s.Space(), len(s.Attrs()))
		case xmlscan.Text:
			fmt.Printf("%s\n", s.Text())
		case xmlscan.EOF:
			return
		}
	}
	// Output:
	// order in urn:x, 0 attributes
	// item in urn:x, 1 attributes
	// Flour & salt
}

func ExampleAppendText() {
	doc := append([]byte(nil), "<name>"...)
	doc = xmlscan.AppendText(doc, "Kłos & Synowie <Poznań>")
	doc = append(doc, "</name>"...)
	fmt.Println(string(doc))
	// Output: <name>Kłos &amp; Synowie &lt;Poznań&gt;</name>
}
