package xmlscan

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// errorTests are documents with the rule they break and where.
var errorTests = []struct {
	doc    string
	code   Code
	offset int
}{
	{"", CodeEmpty, 0},
	{" \n", CodeEmpty, 2},
	{"<!-- x -->", CodeEmpty, 10},
	{"x", CodeOutside, 0},
	{"<a/>x", CodeOutside, 4},
	{"<a/><b/>", CodeOutside, 4},
	{"<a/>&#32;", CodeOutside, 4},
	{"<a/><![CDATA[ ]]>", CodeOutside, 4},
	{"<a/>\x01", CodeChar, 4},
	{"<a/>\xff", CodeUTF8, 4},
	{"<a/>\xEF\xBF\xBE", CodeChar, 4},
	{"\xEF\xBB\xBF\xEF\xBB\xBF<a/>", CodeOutside, 3},
	{"<", CodeTruncated, 1},
	{"<a", CodeTruncated, 2},
	{"<a ", CodeTruncated, 3},
	{"<a b", CodeTruncated, 4},
	{"<a b=", CodeTruncated, 5},
	{"<a b='", CodeTruncated, 6},
	{"<a b=''", CodeTruncated, 7},
	{"<a /", CodeTruncated, 4},
	{"<a>", CodeTruncated, 3},
	{"<a>x", CodeTruncated, 4},
	{"<a><", CodeTruncated, 4},
	{"<a>x<", CodeTruncated, 5},
	{"<a></", CodeTruncated, 5},
	{"<a></a", CodeTruncated, 6},
	{"<a><!", CodeTruncated, 5},
	{"<a><!-- x", CodeTruncated, 9},
	{"<a><![CDATA[x", CodeTruncated, 13},
	{"<a>&am", CodeTruncated, 6},
	{"<a>&#3", CodeTruncated, 6},
	{"<a></b>", CodeMismatch, 5},
	{"<a></ab>", CodeMismatch, 5},
	{"<a></p:a>", CodeMismatch, 5},
	{"<a></a b>", CodeMarkup, 7},
	{"<a b>", CodeMarkup, 4},
	{"<a b=c>", CodeMarkup, 5},
	{"<a b='<'/>", CodeMarkup, 6},
	{"<a b='1'c='2'/>", CodeMarkup, 8},
	{"<a / >", CodeMarkup, 4},
	{"<a><!ELEMENT></a>", CodeMarkup, 3},
	{"<!ELEMENT a>", CodeMarkup, 0},
	{"< a/>", CodeName, 1},
	{"<1/>", CodeName, 1},
	{"<a:/>", CodeName, 3},
	{"<:a/>", CodeName, 1},
	{"<a:b:c/>", CodeName, 4},
	{"<a:1/>", CodeName, 3},
	{"<a 1='x'/>", CodeName, 3},
	{"<a></1>", CodeName, 5},
	{"<\u00D7/>", CodeName, 1},
	{"<a b='1' b='2'/>", CodeDuplicate, 9},
	{"<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", CodeDuplicate, 35},
	{"<a xmlns='u' xmlns='v'/>", CodeDuplicate, 13},
	{"<p:a/>", CodePrefix, 1},
	{"<a p:b=''/>", CodePrefix, 3},
	{"<a xmlns:p=''/>", CodePrefix, 3},
	{"<a xmlns:xmlns='u'/>", CodePrefix, 3},
	{"<a xmlns:xml='u'/>", CodePrefix, 3},
	{"<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", CodePrefix, 3},
	{"<a xmlns='http://www.w3.org/2000/xmlns/'/>", CodePrefix, 3},
	{"<xmlns:a xmlns:b='u'/>", CodePrefix, 1},
	{"<a>]]></a>", CodeCDATAEnd, 3},
	{"<a>&nbsp;</a>", CodeReference, 3},
	{"<a>& </a>", CodeReference, 3},
	{"<a>&#0;</a>", CodeReference, 3},
	{"<a>&#xD800;</a>", CodeReference, 3},
	{"<a>&#x110000;</a>", CodeReference, 3},
	{"<a>&#99999999999999999999;</a>", CodeReference, 3},
	{"<a>&#;</a>", CodeReference, 3},
	{"<a>&#x;</a>", CodeReference, 3},
	{"<a>&#X41;</a>", CodeReference, 3},
	{"<a>&#1a;</a>", CodeReference, 3},
	{"<a b='&lt'/>", CodeReference, 6},
	{"<a>\x00</a>", CodeChar, 3},
	{"<a>\x0B</a>", CodeChar, 3},
	{"<a b='\x1F'/>", CodeChar, 6},
	{"<a><![CDATA[\x02]]></a>", CodeChar, 12},
	{"<a><!--\x02--></a>", CodeChar, 7},
	{"<a>\xEF\xBF\xBF</a>", CodeChar, 3},
	{"<a>\xC0\x80</a>", CodeUTF8, 3},
	{"<a>\xED\xA0\x80</a>", CodeUTF8, 3},
	{"<a>\xF5\x80\x80\x80</a>", CodeUTF8, 3},
	{"<a>\xC5</a>", CodeUTF8, 3},
	{"<a b='\x80'/>", CodeUTF8, 6},
	{"<a><!-- -- --></a>", CodeComment, 10},
	{"<a><!-- x ---></a>", CodeComment, 12},
	{"<?xml version='1.0'?><?pi?><a/>", CodeInstruction, 21},
	{"<a><?pi?></a>", CodeInstruction, 3},
	{"<?xml-stylesheet href='x'?><a/>", CodeInstruction, 0},
	{" <?xml version='1.0'?><a/>", CodeDeclaration, 1},
	{"<?xml?><a/>", CodeDeclaration, 0},
	{"<?xml version='1.1'?><a/>", CodeDeclaration, 0},
	{"<?xml encoding='UTF-8'?><a/>", CodeDeclaration, 0},
	{"<?xml version='1.0' standalone='maybe'?><a/>", CodeDeclaration, 0},
	{"<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>", CodeDeclaration, 0},
	{"<?xml version='1.0'encoding='UTF-8'?><a/>", CodeDeclaration, 0},
	{"<?xml version='1.0' encoding='ISO-8859-2'?><a/>", CodeEncoding, 0},
	{"\xFF\xFE<\x00a\x00/\x00>\x00", CodeEncoding, 0},
	{"\x00<\x00a\x00/\x00>", CodeEncoding, 0},
	{"<\x00a\x00/\x00>\x00", CodeEncoding, 0},
	{"<!DOCTYPE a><a/>", CodeDoctype, 0},
	{"<a><!DOCTYPE a></a>", CodeDoctype, 3},
	{"<a>" + strings.Repeat(" ", 62) + "</a>", CodeSize, 64},
	{"<a><b><c><d/></c></b></a>", CodeDepth, 9},
	{"<a b='' c='' d=''/>", CodeAttributes, 13},
	{"<a xmlns='1' xmlns:b='2'><c xmlns='3'/></a>", CodeNamespaces, 28},
}

func TestErrors(t *testing.T) {
	t.Parallel()
	small := Config{MaxSize: 64, MaxDepth: 3, MaxAttributes: 2, MaxNamespaces: 2}
	for _, tt := range errorTests {
		s := New([]byte(tt.doc), Config{})
		if tt.code == CodeSize || tt.code == CodeDepth || tt.code == CodeAttributes || tt.code == CodeNamespaces {
			s = New([]byte(tt.doc), small)
		}
		kind, err := Start, error(nil)
		for kind != EOF && err == nil {
			kind, err = s.Next()
		}
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%q: error %v, want %s", tt.doc, err, tt.code)
			continue
		}
		if syntax.Code != tt.code || syntax.Offset != tt.offset {
			t.Errorf("%q: %s at %d, want %s at %d", tt.doc, syntax.Code, syntax.Offset, tt.code, tt.offset)
		}
		if syntax.Code.Message() == "" {
			t.Errorf("%s has no message", syntax.Code)
		}
		if _, again := s.Next(); again != err {
			t.Errorf("%q: the error did not stay: %v", tt.doc, again)
		}
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		"\xEF\xBB\xBF<a/>",
		"<?xml version='1.0'?>\n<!-- x --><a/>\n<!-- y -->\n",
		"<?xml version = \"1.0\" encoding = 'utf-8' standalone='yes' ?><a/>",
		"<a\n/>", "<a></a >", "<a b = '1'\tc=\"2\" />",
		"<a>]] ]&gt; > ' \"</a>", "<a><![CDATA[]]]]><![CDATA[>]]></a>",
		"<a xml:lang='pl'/>", "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
		"<zażółć><日本語 ĸ='1'/></zażółć>", "<_.-·/>",
		"<p:a xmlns:p='u'><p:b xmlns:p='v' p:c='1' c='1'/></p:a>",
		"<a>\U0001F600\uFFFD\u0085</a>", "<a>&#x10FFFF;&#9;&#xD7FF;</a>",
		"<a xmlns='u'><b xmlns=''/></a>",
	} {
		if err := scanAll([]byte(doc)); err != nil {
			t.Errorf("%q: %v", doc, err)
		}
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	doc := []byte("ab\nżó\r\nx\ry")
	for _, tt := range []struct{ offset, line, column int }{
		{-1, 1, 1}, {0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {5, 2, 2}, {7, 2, 3}, {9, 3, 1}, {10, 3, 2}, {11, 4, 1}, {99, 4, 2},
	} {
		line, column := Position(doc, tt.offset)
		if diff := cmp.Diff([2]int{tt.line, tt.column}, [2]int{line, column}); diff != "" {
			t.Errorf("offset %d: %s", tt.offset, diff)
		}
	}
	_, err := events("<a>\n  <ł></b>", Config{})
	if want := "xml: line 2, column 8: the end tag does not match the open element"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}
