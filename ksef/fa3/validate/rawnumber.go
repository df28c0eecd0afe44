package validate

import "github.com/faktupro/faktupro-go/internal/xmlscan"

// rawNumber is the number of the invoice (Faktura/Fa/P_2) with all its white
// space, "" when there is none. It reads no further than there.
func rawNumber(doc []byte) string {
	s := xmlscan.New(doc, xmlscan.Config{})
	inside := false // Fa
	for {
		kind, err := s.Next()
		switch {
		case err != nil, kind == xmlscan.EOF:
			return ""
		case kind == xmlscan.Start && s.Depth() == 2:
			inside = string(s.Local()) == "Fa"
		case kind == xmlscan.Start && s.Depth() == 3 && inside && string(s.Local()) == "P_2":
			return textOf(s)
		}
	}
}

// textOf is the text right behind the current start tag.
func textOf(s *xmlscan.Scanner) string {
	if kind, err := s.Next(); err != nil || kind != xmlscan.Text {
		return ""
	}
	return string(s.Text())
}
