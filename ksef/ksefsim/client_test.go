package ksefsim

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/ksef/fa3"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// ---- logging in

type challenge struct {
	Challenge   string `json:"challenge"`
	TimestampMs int64  `json:"timestampMs"`
}

func (h *harness) challenge() challenge {
	h.Helper()
	return decode[challenge](h.post("/v2/auth/challenge", "", nil).want(http.StatusOK))
}

// seal makes a seal certificate of a company.
func (h *harness) seal(nip pl.NIP, key crypto.Signer) *x509.Certificate {
	h.Helper()
	cert, err := xades.SelfSigned(xades.Subject{Organization: "Tartak Borowy sp. z o.o.", NIP: nip}, key, h.clock.Now())
	if err != nil {
		h.Fatal(err)
	}
	return cert
}

// loginDocument is an unsigned login document.
func loginDocument(namespace, challenge, context string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><AuthTokenRequest xmlns="` + namespace + `"><Challenge>` + challenge +
		`</Challenge><ContextIdentifier>` + context + `</ContextIdentifier><SubjectIdentifierType>certificateSubject</SubjectIdentifierType></AuthTokenRequest>`
}

func nipContext(nip pl.NIP) string { return "<Nip>" + string(nip) + "</Nip>" }

// signed signs a document as people do, a minute in the past.
func (h *harness) signed(doc string, key crypto.Signer, cert *x509.Certificate) []byte {
	h.Helper()
	out, err := xades.Sign([]byte(doc), key, cert, xades.Options{SigningTime: h.clock.Now().Add(-time.Minute)})
	if err != nil {
		h.Fatal(err)
	}
	return out
}

// started is the answer to a login request.
type startedLogin struct {
	Reference string `json:"referenceNumber"`
	Token     struct {
		Token string `json:"token"`
	} `json:"authenticationToken"`
}

func (h *harness) startLogin(doc []byte) startedLogin {
	h.Helper()
	return decode[startedLogin](h.post("/v2/auth/xades-signature", "", doc).want(http.StatusAccepted))
}

// startSeal begins the login of a company in its own context.
func (h *harness) startSeal(nip pl.NIP) startedLogin {
	h.Helper()
	doc := loginDocument(authNamespace21, h.challenge().Challenge, nipContext(nip))
	return h.startLogin(h.signed(doc, ecKey(), h.seal(nip, ecKey())))
}

// pair are the tokens of a login.
type pair struct {
	Access struct {
		Token string `json:"token"`
	} `json:"accessToken"`
	Refresh struct {
		Token string `json:"token"`
	} `json:"refreshToken"`
}

func (h *harness) redeemed(l startedLogin) pair {
	h.Helper()
	return decode[pair](h.post("/v2/auth/token/redeem", l.Token.Token, nil).want(http.StatusOK))
}

// owner logs a company in and returns its access token.
func (h *harness) owner(nip pl.NIP) string {
	h.Helper()
	l := h.startSeal(nip)
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	return h.redeemed(l).Access.Token
}

// publicKey fetches the public key for a usage.
func (h *harness) publicKey(usage string) (*rsa.PublicKey, string) {
	h.Helper()
	var list []struct {
		Certificate []byte   `json:"certificate"`
		PublicKeyID string   `json:"publicKeyId"`
		Usage       []string `json:"usage"`
	}
	a := h.get("/v2/security/public-key-certificates", "").want(http.StatusOK)
	if err := json.Unmarshal(a.body, &list); err != nil {
		h.Fatal(err)
	}
	for _, k := range list {
		if k.Usage[0] == usage {
			cert := must(x509.ParseCertificate(k.Certificate))
			return cert.PublicKey.(*rsa.PublicKey), k.PublicKeyID
		}
	}
	h.Fatalf("no public key for %s", usage)
	return nil, ""
}

func wrap(pub *rsa.PublicKey, plain []byte) []byte {
	return must(rsa.EncryptOAEP(sha256.New(), rand.Reader, pub, plain, nil))
}

// tokenBody is the body of a login with a KSeF token.
func (h *harness) tokenBody(token string, ch challenge, context pl.NIP) map[string]any {
	h.Helper()
	pub, id := h.publicKey(usageToken)
	return map[string]any{
		"challenge":         ch.Challenge,
		"contextIdentifier": map[string]string{"type": "Nip", "value": string(context)},
		"encryptedToken":    wrap(pub, fmt.Appendf(nil, "%s|%d", token, ch.TimestampMs)),
		"publicKeyId":       id,
	}
}

// tokenUser logs in with a new KSeF token and returns its access token.
func (h *harness) tokenUser(nip pl.NIP, permissions ...string) string {
	h.Helper()
	token := h.AddToken(nip, permissions...)
	l := decode[startedLogin](h.post("/v2/auth/ksef-token", "", h.tokenBody(token, h.challenge(), nip)).want(http.StatusAccepted))
	h.get("/v2/auth/"+l.Reference, l.Token.Token).statusIs(200)
	return h.redeemed(l).Access.Token
}

// ---- sending

// envelope is the symmetric key of a session on the client's side.
type envelope struct {
	key, iv []byte
}

func newEnvelope() envelope {
	e := envelope{make([]byte, 32), make([]byte, 16)}
	_, _ = rand.Read(e.key)
	_, _ = rand.Read(e.iv)
	return e
}

func (e envelope) encrypt(plain []byte) []byte {
	block := must(aes.NewCipher(e.key))
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	padded := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, e.iv).CryptBlocks(padded, padded)
	return padded
}

// openBody is the body that opens a session.
func (h *harness) openBody(e envelope) map[string]any {
	h.Helper()
	pub, id := h.publicKey(usageSymmetric)
	return map[string]any{
		"formCode":   map[string]string{"systemCode": "FA (3)", "schemaVersion": "1-0E", "value": "FA"},
		"encryption": map[string]any{"encryptedSymmetricKey": wrap(pub, e.key), "initializationVector": e.iv, "publicKeyId": id},
	}
}

// client is an open session with its key.
type client struct {
	*harness
	envelope
	token, session string
}

func (h *harness) open(token string) *client {
	h.Helper()
	e := newEnvelope()
	a := h.post("/v2/sessions/online", token, h.openBody(e)).want(http.StatusCreated)
	return &client{h, e, token, a.text("referenceNumber")}
}

// sendBody is the body that sends a document.
func (c *client) sendBody(xml []byte) map[string]any {
	ciphertext := c.encrypt(xml)
	plain, encrypted := sha256.Sum256(xml), sha256.Sum256(ciphertext)
	return map[string]any{
		"invoiceHash":             plain[:],
		"invoiceSize":             len(xml),
		"encryptedInvoiceHash":    encrypted[:],
		"encryptedInvoiceSize":    len(ciphertext),
		"encryptedInvoiceContent": ciphertext,
		"offlineMode":             false,
	}
}

func (c *client) path(parts ...string) string {
	return "/v2/sessions/" + strings.Join(append([]string{c.session}, parts...), "/")
}

func (c *client) postInvoice(body map[string]any) *answer {
	c.Helper()
	return c.post("/v2/sessions/online/"+c.session+"/invoices", c.token, body)
}

// send sends a document and returns the reference number of the invoice.
func (c *client) send(xml []byte) string {
	c.Helper()
	return c.postInvoice(c.sendBody(xml)).want(http.StatusAccepted).text("referenceNumber")
}

// invoice asks for the status of an invoice.
func (c *client) invoice(reference string) *answer {
	c.Helper()
	return c.get(c.path("invoices", reference), c.token)
}

func (c *client) status() *answer {
	c.Helper()
	return c.get(c.path(), c.token)
}

func (c *client) close() {
	c.Helper()
	c.post("/v2/sessions/online/"+c.session+"/close", c.token, nil).want(http.StatusNoContent)
}

// document makes an ordinary invoice of the seller, changed as wanted.
func invoiceXML(number string, change ...func(*fa3.Faktura)) []byte {
	f := &fa3.Faktura{
		Naglowek: fa3.TNaglowek{DataWytworzeniaFa: "2026-07-15T11:59:00Z", SystemInfo: "FaktuPro"},
		Podmiot1: fa3.Podmiot1{
			DaneIdentyfikacyjne: fa3.TPodmiot1{NIP: string(seller), Nazwa: "Tartak Borowy sp. z o.o."},
			Adres:               fa3.TAdres{KodKraju: "PL", AdresL1: "ul. Leśna 4", AdresL2: "16-300 Augustów"},
		},
		Podmiot2: fa3.Podmiot2{
			DaneIdentyfikacyjne: fa3.TPodmiot2{NIP: string(shopper), Nazwa: "Stolarnia Żuraw"},
			JST:                 fa3.No, GV: fa3.No,
		},
		Fa: fa3.Fa{
			KodWaluty: "PLN", P_1: pl.DateOf(noon), P_2: number,
			P_13_1: "100.00", P_14_1: "23.00", P_15: "123.00",
			Adnotacje: fa3.Adnotacje{
				P_16: fa3.No, P_17: fa3.No, P_18: fa3.No, P_18A: fa3.No, P_23: fa3.No,
				Zwolnienie:           fa3.Zwolnienie{P_19N: true},
				NoweSrodkiTransportu: fa3.NoweSrodkiTransportu{P_22N: true},
				PMarzy:               fa3.PMarzy{P_PMarzyN: true},
			},
			RodzajFaktury: fa3.KindVAT,
			FaWiersz:      []fa3.FaWiersz{{NrWierszaFa: 1, P_7: "Deska sosnowa", P_8A: "m3", P_8B: "1", P_9A: "100.00", P_11: "100.00", P_12: fa3.Rate23}},
		},
	}
	for _, c := range change {
		c(f)
	}
	return f.AppendXML(nil)
}

func hash64(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.StdEncoding.EncodeToString(sum[:])
}
