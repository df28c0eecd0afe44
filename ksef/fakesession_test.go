package ksef

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

func (f *fake) open(w http.ResponseWriter, r *http.Request) {
	if !f.allowed(w, r) {
		return
	}
	var body struct {
		FormCode   map[string]string `json:"formCode"`
		Encryption struct {
			EncryptedSymmetricKey []byte `json:"encryptedSymmetricKey"`
			InitializationVector  []byte `json:"initializationVector"`
			PublicKeyID           string `json:"publicKeyId"`
		} `json:"encryption"`
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	key := f.keyByID(body.Encryption.PublicKeyID)
	if key == nil {
		w.WriteHeader(400)
		_, _ = io.WriteString(w, problem(21470))
		return
	}
	plain, err := rsa.DecryptOAEP(sha256.New(), nil, key.key, body.Encryption.EncryptedSymmetricKey, nil)
	if err != nil || len(plain) != 32 || len(body.Encryption.InitializationVector) != 16 {
		f.t.Errorf("session key: %v", err)
	}
	if body.FormCode["systemCode"] != "FA (3)" || r.Header.Get("X-KSeF-Feature") != "upo-v4-3" {
		f.t.Errorf("form code %v, feature %q", body.FormCode, r.Header.Get("X-KSeF-Feature"))
	}
	f.mu.Lock()
	f.key, f.iv, f.closed = plain, body.Encryption.InitializationVector, false
	f.mu.Unlock()
	reply(w, 201, map[string]any{"referenceNumber": testSession, "validUntil": f.now().Add(12 * time.Hour)})
}

func (f *fake) send(w http.ResponseWriter, r *http.Request) {
	if !f.allowed(w, r) {
		return
	}
	var body struct {
		InvoiceHash             []byte `json:"invoiceHash"`
		InvoiceSize             int    `json:"invoiceSize"`
		EncryptedInvoiceHash    []byte `json:"encryptedInvoiceHash"`
		EncryptedInvoiceSize    int    `json:"encryptedInvoiceSize"`
		EncryptedInvoiceContent []byte `json:"encryptedInvoiceContent"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		f.t.Errorf("send body: %v", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := sha256.Sum256(body.EncryptedInvoiceContent)
	xml := decrypt(f.key, f.iv, body.EncryptedInvoiceContent)
	plain := sha256.Sum256(xml)
	if string(sum[:]) != string(body.EncryptedInvoiceHash) || body.EncryptedInvoiceSize != len(body.EncryptedInvoiceContent) ||
		string(plain[:]) != string(body.InvoiceHash) || body.InvoiceSize != len(xml) {
		f.t.Error("declared hashes or sizes differ from the content")
	}
	if f.closed {
		w.WriteHeader(400)
		_, _ = io.WriteString(w, problem(21180))
		return
	}
	f.invoices = append(f.invoices, xml)
	reply(w, 202, map[string]any{"referenceNumber": testInvoice})
}

// decrypt undoes AES-256-CBC with PKCS #7, written apart from the client's code.
func decrypt(key, iv, data []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil || len(data) == 0 || len(data)%16 != 0 {
		return nil
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	pad := int(out[len(out)-1])
	if pad < 1 || pad > 16 || strings.Trim(string(out[len(out)-pad:]), string(rune(pad))) != "" {
		return nil
	}
	return out[:len(out)-pad]
}

func (f *fake) close(w http.ResponseWriter, r *http.Request) {
	if !f.allowed(w, r) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		w.WriteHeader(400)
		_, _ = io.WriteString(w, problem(21180))
		return
	}
	f.closed = true
	w.WriteHeader(204)
}

func (f *fake) sessionStatus(w http.ResponseWriter, r *http.Request) {
	if !f.allowed(w, r) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	code := 100
	if f.closed {
		code = 200
	}
	reply(w, 200, map[string]any{"status": map[string]any{"code": code, "description": "opis"}, "dateCreated": f.now(), "dateUpdated": f.now(), "invoiceCount": len(f.invoices)})
}

func (f *fake) invoiceStatus(w http.ResponseWriter, r *http.Request) {
	if !f.allowed(w, r) {
		return
	}
	reply(w, 200, invoiceJSON(1, 200, "5265877635-20250826-0100001AF629-AF", []byte("xml")))
}

func invoiceJSON(ordinal, code int, number string, xml []byte) map[string]any {
	sum := sha256.Sum256(xml)
	return map[string]any{
		"ordinalNumber": ordinal, "referenceNumber": testInvoice, "invoiceHash": sum[:], "ksefNumber": number,
		"invoicingDate": "2026-11-22T08:54:00.1234567+00:00", "status": map[string]any{"code": code, "description": "opis"},
	}
}

func (f *fake) upo(w http.ResponseWriter, r *http.Request) {
	if !f.allowed(w, r) {
		return
	}
	const doc = "<Potwierdzenie/>"
	sum := sha256.Sum256([]byte(doc))
	w.Header().Set("x-ms-meta-hash", base64.StdEncoding.EncodeToString(sum[:]))
	w.Header().Set("Content-Type", "application/xml")
	_, _ = io.WriteString(w, doc)
}
