package ksefsim

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func FuzzAuthRequest(f *testing.F) {
	good := loginDocument(authNamespace21, "20260715-CR-226FB7B000-3ACF9BE4C0-10", nipContext(seller))
	f.Add([]byte(good))
	f.Add([]byte(loginDocument(authNamespace20, "20260715-CR-226FB7B000-3ACF9BE4C0-10", "<NipVatUe>1234563218-DE123456789</NipVatUe>")))
	f.Add([]byte(strings.Replace(good, "</AuthTokenRequest>", "<AuthorizationPolicy><AllowedIps><Ip4Address>10.0.0.1</Ip4Address><Ip4Mask>10.0.0.0/8</Ip4Mask></AllowedIps></AuthorizationPolicy></AuthTokenRequest>", 1)))
	f.Add([]byte(strings.Replace(good, "<Challenge>", "<Challenge><![CDATA[ ]]>&#x20;<!-- c -->", 1)))
	f.Add([]byte("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		r, err := parseAuthRequest(doc)
		if err != nil {
			if r != nil {
				t.Error("a refused document was read")
			}
			return
		}
		if !isChallenge(r.challenge) {
			t.Errorf("challenge %q", r.challenge)
		}
		if id, valid := contextOf(r.context.Type, r.context.Value); !valid || id != r.context {
			t.Errorf("context %v", r.context)
		}
		if r.subject != byCertificateSubject && r.subject != byCertificateFingerprint {
			t.Errorf("subject %q", r.subject)
		}
		var k checker
		if r.policy != nil {
			r.policy.check(&k)
		}
		if k.faults != nil {
			t.Errorf("policy %v", r.policy)
		}
		// A second reader sees well-formed XML too.
		for dec := xml.NewDecoder(bytes.NewReader(doc)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatalf("another reader refuses: %v", err)
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"challenge":"20260715-CR-226FB7B000-3ACF9BE4C0-10","contextIdentifier":{"type":"Nip","value":"1234563218"},"encryptedToken":"AAAA"}`,
		`{"FORMCODE":{"systemcode":"FA (3)","SchemaVersion":"1-0E","value":"FA"},"encryption":{"encryptedSymmetricKey":"AA==","initializationVector":"AAAAAAAAAAAAAAAAAAAAAA=="}}`,
		`{"invoiceHash":"","invoiceSize":1e9,"encryptedInvoiceContent":null,"offlineMode":"yes"}`, "\xEF\xBB\xBF{\"a\":1}", `{"a":`, `[]`, `{"a":"\ud800"}`,
	} {
		f.Add([]byte(seed))
	}
	sim, err := New(Config{Keys: sharedKeys(), Random: seeded(1), Now: (&clock{now: noon}).Now})
	if err != nil {
		f.Fatal(err)
	}
	h := &harness{TB: f, Server: sim, clock: &clock{now: noon}, handler: sim}
	token := h.owner(seller)
	session := h.open(token).session
	f.Fuzz(func(t *testing.T, body []byte) {
		h := &harness{TB: t, Server: sim, clock: h.clock, handler: sim}
		for _, path := range []string{"/v2/auth/ksef-token", "/v2/sessions/online", "/v2/sessions/online/" + session + "/invoices"} {
			a := h.post(path, token, body) // compared with the contract as well
			switch a.status {
			case http.StatusCreated, http.StatusAccepted:
				if !json.Valid(bytes.TrimPrefix(bytes.TrimSpace(body), bom)) && !json.Valid(bytes.TrimSpace(bytes.TrimPrefix(body, bom))) {
					t.Errorf("%s took what is not JSON", path)
				}
			case http.StatusBadRequest:
				if len(a.codes()) == 0 {
					t.Errorf("%s: no code", path)
				}
			default:
				t.Errorf("%s: status %d", path, a.status)
			}
		}
	})
}

func FuzzJudgeFA3(f *testing.F) {
	good := invoiceXML("FV/1")
	f.Add(good)
	f.Add(append([]byte("\xEF\xBB\xBF"), good...))
	f.Add(bytes.Replace(good, []byte("Stolarnia"), []byte("&#x81;\u0085\U0001FFFE"), 1))
	f.Add(good[:len(good)/2])
	f.Fuzz(func(t *testing.T, doc []byte) {
		found, verdict := judgeFA3(doc)
		if verdict.Code == 0 && (!isNIP(string(found.Seller)) || found.Number == "" || found.Kind == "" || !found.Issued.Valid() || len(found.Parties) == 0) {
			t.Errorf("accepted without facts: %+v", found)
		}
		if verdict.Code != 0 && len(verdict.Details) == 0 {
			t.Error("rejected without a reason")
		}
		if len([]rune(found.Number)) > maxNumber {
			t.Error("number too long")
		}
	})
}

func FuzzReplay(f *testing.F) {
	for _, seed := range []string{
		`{"k":"born","n":0,"e":{"version":1,"base":7,"secret":"AA=="}}`,
		`{"k":"started","n":0,"e":{"generation":1}}`,
		`{"k":"challenge","n":1,"e":{"challenge":"c","at":"2026-07-15T12:00:00Z"}}`,
		`{"k":"token","n":2,"e":{"reference":"t","hash":"AA==","context":{"type":"Nip","value":"1"},"status":"Active"}}`,
		`{"k":"login","n":3,"e":{"reference":"l","challenge":"c","due":"2026-07-15T12:00:00Z","token":"t"}}` + "\n" + `{"k":"login-settled","n":3,"e":{"reference":"l"}}`,
		`{"k":"invoice","n":4,"e":{"session":"s"}}`, `{"k":"invoice","n"`,
	} {
		f.Add([]byte(seed + "\n"))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		st := newState(Config{})
		end, err := replayLines(bytes.NewReader(raw), st.replay)
		_ = st.advance(noon.AddDate(1, 0, 0))
		if err == nil && end > 0 && raw[end-1] != '\n' {
			t.Errorf("the last line ends at %d", end)
		}
	})
}
