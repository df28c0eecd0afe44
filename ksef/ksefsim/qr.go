package ksefsim

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"html/template"
	"math/big"
	"net/http"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Where the pages behind the two codes on invoices are served.
const (
	codeOnePrefix = "/invoice/"
	codeTwoPrefix = "/certificate/"
)

// verdictLine is one line on a page of verification.
type verdictLine struct {
	Good bool
	Text string
}

// verdictPage is what a page of verification says.
type verdictPage struct {
	Title string
	Lines []verdictLine
}

func (p *verdictPage) add(good bool, yes, no string) bool {
	text := yes
	if !good {
		text = no
	}
	p.Lines = append(p.Lines, verdictLine{good, text})
	return good
}

func (p *verdictPage) good() bool {
	for _, l := range p.Lines {
		if !l.Good {
			return false
		}
	}
	return true
}

var verdictTemplate = template.Must(template.New("verdict").Parse(`<!DOCTYPE html>
<html lang="pl"><head><meta charset="utf-8"><title>{{.Title}}</title></head><body><h1>{{.Title}}</h1><ul>
{{range .Lines}}<li class="{{if .Good}}ok{{else}}error{{end}}">{{.Text}}</li>
{{end}}</ul></body></html>
`))

// servePage writes a page of verification: 200 when everything on it is good,
// 404 otherwise.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, p *verdictPage) {
	status := http.StatusOK
	if !p.good() {
		status = http.StatusNotFound
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := verdictTemplate.Execute(w, p); err != nil {
		s.cfg.Logger.DebugContext(r.Context(), "ksefsim: answer not written", "operation", "verification", "error", err)
	}
}

// serveCodeOne answers the link in the first code of an invoice:
// /invoice/{nip}/{DD-MM-YYYY}/{hash}.
func (s *Server) serveCodeOne(w http.ResponseWriter, r *http.Request) {
	p := &verdictPage{Title: "Weryfikacja faktury w KSeF"}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, codeOnePrefix), "/")
	hash, ok := digest{}, len(parts) == 3
	if ok {
		hash, ok = linkHash(parts[2])
	}
	if !p.add(ok, "Kod ma prawidłową budowę", "Kod ma nieprawidłową budowę") {
		s.servePage(w, r, p)
		return
	}
	day, err := time.Parse("02-01-2006", parts[1])
	now := s.cfg.instant()
	st := s.state
	st.mu.RLock()
	inv := st.byLink(pl.NIP(parts[0]), hash)
	if inv != nil && (err != nil || inv.Facts.Issued != pl.NewDate(day.Year(), day.Month(), day.Day()) || !inv.found(now)) {
		inv = nil
	}
	st.mu.RUnlock()
	if p.add(inv != nil, "Faktura znajduje się w KSeF", "Faktura nie została znaleziona w KSeF") {
		p.add(true, "Numer KSeF: "+string(inv.settled.Number), "")
	}
	s.servePage(w, r, p)
}

// byLink finds an accepted invoice of a seller by its hash; that of an invoice
// that was replaced by a technical correction leads to the correction.
func (st *state) byLink(seller pl.NIP, hash digest) *invoice {
	for _, inv := range st.concerned[string(seller)] {
		if inv.Facts.Seller == seller && (inv.Hash == hash || inv.Corrects != nil && *inv.Corrects == hash) {
			return inv
		}
	}
	return nil
}

// linkHash reads a hash in a link: Base64 for URLs without padding. The bits
// that its last digit has too many are not looked at.
func linkHash(text string) (d digest, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != len(d) {
		return d, false
	}
	return digest(raw), true
}

// serveCodeTwo answers the link in the second code of an offline invoice:
// /certificate/{contextType}/{context}/{nip}/{serial}/{hash}/{signature}.
func (s *Server) serveCodeTwo(w http.ResponseWriter, r *http.Request) {
	p := &verdictPage{Title: "Weryfikacja certyfikatu wystawcy faktury"}
	raw := r.URL.EscapedPath()
	parts := strings.Split(strings.TrimPrefix(raw, codeTwoPrefix), "/")
	if !p.add(len(parts) == 6, "Kod ma prawidłową budowę", "Kod ma nieprawidłową budowę") {
		s.servePage(w, r, p)
		return
	}
	unescaped := strings.Split(strings.TrimPrefix(r.URL.Path, codeTwoPrefix), "/")
	context, known := contextOf(unescaped[0], unescaped[1])
	known = known && context.Type == unescaped[0] && isNIP(unescaped[2])
	_, hashed := linkHash(parts[4])
	p.add(known && hashed, "Dane w kodzie są prawidłowe", "Dane w kodzie są nieprawidłowe")
	signed := s.host(r) + raw[:strings.LastIndexByte(raw, '/')]
	s.judgeCode(p, context, pl.NIP(unescaped[2]), parts[3], signed, parts[5])
	s.servePage(w, r, p)
}

// host is the name under which the pages are reached, as the signed text begins.
func (s *Server) host(r *http.Request) string {
	_, host, _ := strings.Cut(s.baseURL(r), "://")
	return host
}

// judgeCode checks the certificate, the signature and the rights behind a code.
func (s *Server) judgeCode(p *verdictPage, context identifier, seller pl.NIP, serial, signed, signature string) {
	now := s.cfg.instant()
	st := s.state
	st.mu.RLock()
	defer st.mu.RUnlock()
	cert, found := st.vault.bySerial[serial]
	if !p.add(found && cert.Type == certificateOffline, "Certyfikat istnieje", "Certyfikat nie istnieje") {
		return
	}
	p.add(cert.status(now) == certificateActive, "Certyfikat jest aktywny", "Certyfikat nie jest aktywny")
	p.add(verifyLink(cert.DER, signed, signature), "Podpis wystawcy jest prawidłowy", "Podpis wystawcy jest nieprawidłowy")
	permissions, _ := st.permissionsOf(cert.Subject, context)
	f := &facts{Seller: seller, SelfInvoicing: true, Buyer: buyerFacts{Type: typeNIP, Value: string(context.nip())}}
	p.add(allowed(writers(), permissions) && st.mayIssue(context, f),
		"Wystawca posiada uprawnienia do wystawienia faktury", "Wystawca nie posiada uprawnień do wystawienia faktury")
}

// verifyLink checks the signature of a link: RSA-PSS with a salt of 32 bytes, or
// ECDSA as r||s or in ASN.1, over the SHA-256 of the text.
func verifyLink(der []byte, signed, signature string) bool {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(signed))
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPSS(key, crypto.SHA256, sum[:], raw, &rsa.PSSOptions{SaltLength: 32}) == nil
	case *ecdsa.PublicKey:
		if len(raw) == 64 {
			r, s := new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:])
			return ecdsa.Verify(key, sum[:], r, s)
		}
		return ecdsa.VerifyASN1(key, sum[:], raw)
	}
	return false
}
