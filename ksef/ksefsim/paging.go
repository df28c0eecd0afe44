package ksefsim

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// page is one page of a list: its size and where it begins. Lists only grow at
// their end, so a position stays true while new elements arrive.
type page struct {
	list  string // which list and which query: a token fits no other
	size  int
	start int // position to go on from; -1 for the first page
}

// pageToken is the content of a continuation token.
type pageToken struct {
	List  string `json:"list"`
	Start int    `json:"start"`
	MAC   []byte `json:"mac"`
}

// continuationHeader is the request header that brings a token back.
const continuationHeader = "X-Continuation-Token"

// page reads the size and the continuation token of a request.
func (s *Server) page(c *call, list string, low, high int) (page, error) {
	var k checker
	p := page{list: list, size: k.pageSize(c.request.URL.Query(), low, high), start: -1}
	if err := k.err(); err != nil {
		return p, err
	}
	text := strings.TrimSpace(c.request.Header.Get(continuationHeader))
	if text == "" {
		return p, nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return p, refuse(codeContinuation)
	}
	var tokens []pageToken
	if json.Unmarshal(raw, &tokens) != nil || len(tokens) != 1 || tokens[0].Start < 0 {
		return p, refuse(codeContinuation)
	}
	p.start = tokens[0].Start
	if tokens[0].List != list || s.continuation(p, p.start) != text {
		return p, refuse(codeContinuation)
	}
	return p, nil
}

// continuation is the token for the page that begins at next, "" when there is
// none (next is negative).
func (s *Server) continuation(p page, next int) string {
	if next < 0 {
		return ""
	}
	t := pageToken{List: p.list, Start: next}
	t.MAC = s.signer.mac("page " + jsonText(t))
	return base64.StdEncoding.EncodeToString([]byte(jsonText([]pageToken{t})))
}

// ascend shows elements from the beginning of a list of n to take, which says
// whether it put the element on the page. It returns where the next page
// begins, -1 after the last.
func (p page) ascend(n int, take func(i int) bool) int {
	for i, room := max(p.start, 0), p.size; i < n; i++ {
		if room == 0 {
			return i
		}
		if take(i) {
			room--
		}
	}
	return -1
}

// descend is ascend from the end of the list.
func (p page) descend(n int, take func(i int) bool) int {
	i := n - 1
	if p.start >= 0 {
		i = min(p.start, i)
	}
	for room := p.size; i >= 0; i-- {
		if room == 0 {
			return i
		}
		if take(i) {
			room--
		}
	}
	return -1
}
