package ksefsim

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzOperations sends any body with any query to every operation: nothing may
// fail inside, and what is answered keeps the contract.
func FuzzOperations(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `{"permissions":[{"type":"InvoiceRead"}],"subjectIdentifier":{"type":"Nip","value":"123"}}`,
		`{"subjectType":"Subject1","dateRange":{"dateType":"Issue","from":"2026-01-01"}}`, `{"batchFile":{"fileParts":[{}]},"encryption":{}}`,
		`{"filters":{"dateRange":{}},"encryption":{"initializationVector":"AAAA"}}`, `{"rateLimits":{"other":null}}`, `{"csr":"AAAA","certificateName":"abcde"}`,
		`{"contextIdentifier":{"type":"NipVatUe","value":"x"}}`, `{"invoices":[{"ksefNumber":"x","payment":{"amount":1e999}}]}`,
		`{"subjectDetails":{"subjectDetailsType":"PersonByFingerprintWithIdentifier"},"subjectIdentifier":{"type":"Fingerprint","value":""}}`,
	} {
		f.Add(body, "pageSize=10&pageOffset=99999999999")
		f.Add(body, "status=Active&sortOrder=Desc")
	}
	h := newHarness(f, Config{})
	// Nothing that a rare body starts may fill the memory of a long run.
	var requests int
	var operations []string
	for _, op := range h.operations() {
		operations = append(operations, op.pattern)
	}
	f.Fuzz(func(t *testing.T, body, query string) {
		if requests++; requests%200 == 1 {
			h.Server = must(New(h.cfg))
		}
		for _, pattern := range operations {
			method, path, _ := strings.Cut(pattern, " ")
			path = strings.NewReplacer("{referenceNumber}", "x", "{ksefNumber}", "x", "{", "", "}", "").Replace(path)
			r, err := http.NewRequest(method, "http://ksef.test/v2"+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.RawQuery = query
			token := h.signer.issue(claims{
				Type: tokenAccess, ContextType: typeNIP, ContextValue: string(seller), Login: "x",
				Subject: jsonText(subjectClaim{SubjectIdentifier: nipOf(seller)}), Permissions: listClaim(allPermissions()),
			}, h.clock.Now(), accessLife)
			r.Header.Set("Authorization", "Bearer "+token.Token)
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code >= http.StatusInternalServerError {
				t.Fatalf("%s: %d %s", pattern, rec.Code, rec.Body)
			}
			checkContract(t, method, r.URL.Path, &answer{t: t, status: rec.Code, header: rec.Result().Header, body: rec.Body.Bytes()})
		}
	})
}

// FuzzPages asks for pages and files beside the API under any path.
func FuzzPages(f *testing.F) {
	for _, path := range []string{
		"/invoice/1234563218/15-07-2026/x", "/certificate/Nip/1234563218/1234563218/0123456789ABCDEF/x/y", "/certificate/%2F/a/b/c/d/e/f",
		"/storage/00/x/batch-parts/1?sp=w", "/storage/01/x/invoice-part/9?sp=r", "/latarnia/status", "/certificate/Nip/1/2/3/4/%",
	} {
		f.Add(path)
	}
	h := newHarness(f, Config{})
	f.Fuzz(func(t *testing.T, path string) {
		for _, method := range []string{http.MethodGet, http.MethodPut} {
			r, err := http.NewRequest(method, "http://ksef.test/"+strings.TrimPrefix(path, "/"), nil)
			if err != nil {
				return
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code >= http.StatusInternalServerError {
				t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
			}
		}
	})
}
