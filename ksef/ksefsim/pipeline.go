package ksefsim

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// finding is what looking at one invoice found: facts, and a verdict when it is
// rejected whatever other invoices there are. The XML is kept otherwise.
type finding struct {
	facts   facts
	verdict outcome
	xml     []byte
}

// digest is a SHA-256, in JSON the 44 characters of its Base64.
type digest [sha256.Size]byte

func sumOf(data []byte) digest { return sha256.Sum256(data) }

// String is the Base64 form.
func (d digest) String() string { return base64.StdEncoding.EncodeToString(d[:]) }

// MarshalText implements encoding.TextMarshaler.
func (d digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *digest) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(text) != 44 || len(raw) != len(d) {
		return errDigest
	}
	copy(d[:], raw)
	return nil
}

var errDigest = errors.New("not a SHA-256 hash of 44 Base64 characters")

func rejected(code int, details ...string) outcome { return outcome{Code: code, Details: details} }

// judge decrypts an invoice and checks it as far as it can be checked without
// knowing the others: the key, the cipher, the declarations, the form of the
// document, then what it says.
func (s *Server) judge(se *session, in *sent, now time.Time) finding {
	if se.block == nil {
		return finding{verdict: rejected(invoiceSessionError)}
	}
	xml, ok := decrypt(se.block, se.IV, in.EncryptedInvoiceContent)
	if !ok {
		return finding{verdict: rejected(invoiceDecryption)}
	}
	if v := checkDeclared(in, xml); v.Code != 0 {
		return finding{verdict: v}
	}
	return s.judgeDocument(se, xml, in.corrects, now)
}

// judgeDocument checks a document, the same for both kinds of sessions.
func (s *Server) judgeDocument(se *session, xml []byte, corrects *digest, now time.Time) finding {
	limits := s.sessionLimits(se)
	if most := limits.MaxInvoiceWithAttachmentSizeInMB; len(xml) > max(most, limits.MaxInvoiceSizeInMB)*megabyte {
		return finding{verdict: rejected(invoiceFile, fmt.Sprintf("Rozmiar faktury z załącznikiem przekracza %d MB.", most))}
	}
	f, verdict := se.form.judge(xml)
	if verdict.Code == 0 {
		verdict = s.judgeFacts(se, corrects, &f, xml, now, limits)
	}
	if verdict.Code != 0 {
		return finding{facts: f, verdict: verdict}
	}
	return finding{facts: f, xml: xml}
}

// decrypt undoes AES-256-CBC with PKCS #7 padding. There is no initialisation
// vector in front of the ciphertext.
func decrypt(block cipher.Block, iv, ciphertext []byte) ([]byte, bool) {
	n := len(ciphertext)
	if n == 0 || n%aes.BlockSize != 0 {
		return nil, false
	}
	plain := make([]byte, n)
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, ciphertext)
	pad := int(plain[n-1])
	if pad == 0 || pad > aes.BlockSize {
		return nil, false
	}
	for _, b := range plain[n-pad:] {
		if int(b) != pad {
			return nil, false
		}
	}
	return plain[: n-pad : n-pad], true
}

// checkDeclared compares the decrypted document with what was declared.
func checkDeclared(in *sent, xml []byte) outcome {
	switch {
	case int64(len(xml)) != in.InvoiceSize:
		return rejected(invoiceFile, fmt.Sprintf("Rozmiar faktury (%d) nie zgadza się z zadeklarowanym (%d).", len(xml), in.InvoiceSize))
	case sumOf(xml) != in.hash:
		return rejected(invoiceFile, "Skrót faktury nie zgadza się z zadeklarowanym.")
	}
	return outcome{}
}

// judgeFacts checks what a well-formed document says against the session, the
// day and the limits.
func (s *Server) judgeFacts(se *session, corrects *digest, f *facts, xml []byte, now time.Time, limits sessionLimits) outcome {
	today := pl.DateOf(now)
	consent, may := s.mayDo(se, f, now)
	switch {
	case !f.Annex && len(xml) > limits.MaxInvoiceSizeInMB*megabyte:
		return rejected(invoiceFile, fmt.Sprintf("Rozmiar faktury przekracza %d MB.", limits.MaxInvoiceSizeInMB))
	case f.Annex && se.Batch == nil && corrects == nil:
		return rejected(invoiceAttachment, "Faktury z załącznikiem można przesyłać wyłącznie w sesji wsadowej.")
	case f.Annex && !consent:
		return rejected(invoiceAttachment, "Brak zgody na przesyłanie faktur z załącznikiem.")
	case f.Issued.After(today):
		return rejected(invoiceSemantics, fmt.Sprintf("Data wystawienia faktury (P_1: %s) nie może być późniejsza niż data przyjęcia faktury w KSeF (%s).", f.Issued, today))
	case se.Strict && f.Wrong:
		return rejected(invoiceSemantics, "Nieprawidłowa suma kontrolna identyfikatora podmiotu.")
	case !may:
		return rejected(invoicePermission, "Kontekst uwierzytelnienia nie uprawnia do wystawienia faktury w imieniu sprzedawcy wskazanego w Podmiot1.")
	}
	return s.judgeFurther(xml)
}

// mayDo asks whether the context of a session may send attachments and may issue
// the invoice.
func (s *Server) mayDo(se *session, f *facts, now time.Time) (consent, may bool) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	return s.state.registry.mayAttach(string(f.Seller), now), s.state.mayIssue(se.Context, f)
}

// judgeFurther asks the judge of the configuration.
func (s *Server) judgeFurther(xml []byte) outcome {
	if s.cfg.Judge == nil {
		return outcome{}
	}
	if problems := s.cfg.Judge(xml); len(problems) > 0 {
		return rejected(invoiceSemantics, problems...)
	}
	return outcome{}
}
