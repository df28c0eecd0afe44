package ksefsim

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// observation is what the tests saw of one operation.
type observation struct {
	success  bool
	statuses map[int]bool // of HTTP
	codes    map[int]bool // exceptions of answers 400
	outcomes map[int]bool // statuses of what was asked for
}

// observed is what all tests of the package saw, by operation.
var observed = struct {
	sync.Mutex
	byOperation map[string]*observation
}{byOperation: make(map[string]*observation)}

// templates are the patterns of all operations of all levels.
var templates = sync.OnceValue(func() []string {
	var list []string
	for _, level := range []Level{Level26, Level27, Level28} {
		s := &Server{cfg: Config{Profile: ProfileTest, Level: level}}
		for _, op := range s.operations() {
			if !slices.Contains(list, op.pattern) {
				list = append(list, op.pattern)
			}
		}
	}
	return list
})

// observe notes an answer.
func observe(method, path string, a *answer) {
	below, found := belowPrefix(path)
	if !found {
		return
	}
	best, literal := "", -1
	for _, pattern := range templates() {
		m, template, _ := strings.Cut(pattern, " ")
		if n := matchTemplate(template, below); m == method && n > literal {
			best, literal = pattern, n
		}
	}
	if best == "" {
		return
	}
	observed.Lock()
	defer observed.Unlock()
	o := observed.byOperation[best]
	if o == nil {
		o = &observation{statuses: make(map[int]bool), codes: make(map[int]bool), outcomes: make(map[int]bool)}
		observed.byOperation[best] = o
	}
	o.statuses[a.status] = true
	o.success = o.success || a.status < 300
	if a.status == http.StatusBadRequest && json.Valid(a.body) {
		for _, code := range a.codes() {
			o.codes[code] = true
		}
	}
	var body struct {
		Status *struct {
			Code int `json:"code"`
		} `json:"status"`
	}
	if a.status == http.StatusOK && json.Unmarshal(a.body, &body) == nil && body.Status != nil {
		o.outcomes[body.Status.Code] = true
	}
}

func sortedKeys(set map[int]bool) string {
	var list []int
	for n := range set {
		list = append(list, n)
	}
	slices.Sort(list)
	return strings.Trim(fmt.Sprint(list), "[]")
}

// TestMain shows, with -v, what the tests saw of every operation, and when all
// of them ran makes sure that none was left out.
func TestMain(m *testing.M) {
	code := m.Run()
	passed := code == 0
	complete := passed && flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.fuzz").Value.String() == "" && !testing.Short()
	if testing.Verbose() {
		fmt.Printf("%-72s %-7s %-28s %-40s %s\n", "operation", "success", "HTTP", "exceptions", "outcomes")
	}
	for _, pattern := range templates() {
		o := cmp.Or(observed.byOperation[pattern], new(observation))
		if testing.Verbose() {
			fmt.Printf("%-72s %-7t %-28s %-40s %s\n", pattern, o.success, sortedKeys(o.statuses), sortedKeys(o.codes), sortedKeys(o.outcomes))
		}
		if complete && (!o.success || needsRefusal(pattern) && len(o.codes) == 0) {
			fmt.Printf("FAIL: %s: success seen: %t, refusals seen: %s\n", pattern, o.success, sortedKeys(o.codes))
			code = 1
		}
	}
	os.Exit(code)
}

// needsRefusal reports whether an operation can refuse its input.
func needsRefusal(pattern string) bool {
	method, path, _ := strings.Cut(pattern, " ")
	switch pattern {
	case "POST /auth/challenge", "DELETE /auth/sessions/current", "POST /testdata/rate-limits/production":
		return false
	}
	return method == "POST" || strings.Contains(path, "{")
}

// TestAdmission: operations refuse whoever has no token and whoever lacks the
// permissions, and say which.
func TestAdmission(t *testing.T) {
	t.Parallel()
	for _, level := range []Level{Level27, Level28} {
		h := newHarness(t, Config{Level: level})
		for _, op := range h.operations() {
			method, pattern, _ := strings.Cut(op.pattern, " ")
			if op.admits != admitAll {
				h.do(request{method: method, path: "/v2" + pattern}).want(http.StatusUnauthorized)
			}
			if len(op.anyOf) == 0 {
				continue
			}
			nobody := h.signer.issue(claims{Type: tokenAccess, ContextType: typeNIP, ContextValue: string(seller), Permissions: `[]`}, noon, accessLife)
			a := h.do(request{method: method, path: "/v2" + pattern, token: nobody.Token, body: []byte("{}")}).want(http.StatusForbidden)
			if got := fmt.Sprint(a.at("security.requiredAnyOfPermissions")); got != fmt.Sprint(op.anyOf) || a.text("reasonCode") != reasonPermissions {
				t.Errorf("%s: %s", op.pattern, a.body)
			}
		}
	}
}
