package ksefsim

import (
	"crypto/aes"
	"slices"
	"strings"
)

// openRequest is the body of POST /sessions/online.
type openRequest struct {
	FormCode   *formCode       `json:"formCode"`
	Encryption *encryptionBody `json:"encryption"`
}

// encryptionBody tells the client's key for a session or an export, wrapped with
// one of KSeF.
type encryptionBody struct {
	EncryptedSymmetricKey []byte `json:"encryptedSymmetricKey"`
	InitializationVector  []byte `json:"initializationVector"`
	PublicKeyID           string `json:"publicKeyId"`
}

// openResponse answers POST /sessions/online.
type openResponse struct {
	ReferenceNumber string `json:"referenceNumber"`
	ValidUntil      stamp  `json:"validUntil"`
}

// checkOpening faults what does not open a session.
func (s *Server) checkOpening(k *checker, c *call, o *openRequest) {
	if k.require("formCode", o.FormCode != nil) {
		f, known := findForm(*o.FormCode)
		k.check(known && f.offered(s.cfg.Profile), "Wskazany kod formularza nie jest wspierany.")
	}
	o.Encryption.check(k)
}

// check faults what cannot decrypt.
func (e *encryptionBody) check(k *checker) {
	if !k.require("encryption", e != nil) {
		return
	}
	k.require("encryption.encryptedSymmetricKey", len(e.EncryptedSymmetricKey) > 0)
	n := len(e.InitializationVector)
	k.check(n == aes.BlockSize, "Długość 'initializationVector' musi wynosić %d bajtów. Przekazano %d.", aes.BlockSize, n)
	k.check(e.PublicKeyID == "" || len(e.PublicKeyID) == 44, "'publicKeyId' must be 44 characters in length.")
}

// symmetric unwraps the client's key, nil when it does not unwrap to one. Only
// an unknown key of KSeF is refused at once.
func (s *Server) symmetric(e *encryptionBody) ([]byte, error) {
	key, known := s.ring().find(usageSymmetric, e.PublicKeyID)
	if !known {
		return nil, refusef(codePublicKey, "Klucz o identyfikatorze %s nie jest wspierany.", e.PublicKeyID)
	}
	plain, err := key.unwrap(e.EncryptedSymmetricKey)
	if err != nil || len(plain) != 32 {
		return nil, nil
	}
	return plain, nil
}

// openOnline answers POST /sessions/online. A symmetric key that cannot be
// unwrapped does not fail here but turns the session to 415 later.
func (s *Server) openOnline(c *call) (*reply, error) {
	var body openRequest
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	var k checker
	s.checkOpening(&k, c, &body)
	if err := k.err(); err != nil {
		return nil, err
	}
	e, err := s.opening(c, &body)
	if err != nil {
		return nil, err
	}
	if err := s.enterSession(c, e, kindOnline); err != nil {
		return nil, err
	}
	return created(openResponse{e.Reference, stamp(e.ValidUntil)}), nil
}

// opening is the session that a request wants.
func (s *Server) opening(c *call, body *openRequest) (*sessionOpened, error) {
	if !allowed(batchWriters(), c.permissions) { // PefInvoiceWrite is for other forms
		return nil, lacking(c, batchWriters())
	}
	symmetric, err := s.symmetric(body.Encryption)
	if err != nil {
		return nil, err
	}
	e := &sessionOpened{
		Login:      c.bearer.Login,
		Context:    c.context,
		Form:       *body.FormCode,
		Key:        symmetric,
		IV:         body.Encryption.InitializationVector,
		UPOVersion: upoV43,
		Strict:     c.feature("subject-identifier-validation") || s.cfg.Profile == ProfileProduction,
		At:         c.now,
		Due:        s.state.pace.due(c.now),
		ValidUntil: c.now.Add(sessionLife),
	}
	if c.feature("upo-v4-2") {
		e.UPOVersion = upoV42
	}
	return e, nil
}

func (s *Server) enterSession(c *call, e *sessionOpened, kind string) error {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	if _, known := st.logins[e.Login]; !known {
		return unauthorized("the login of the token is unknown")
	}
	e.Reference = st.numbers.reference(kind, c.now)
	if err := st.commit(e); err != nil {
		return err
	}
	return st.advance(c.now)
}

// feature reports whether a request asks for a feature in X-KSeF-Feature.
func (c *call) feature(name string) bool {
	return slices.ContainsFunc(c.request.Header.Values("X-KSeF-Feature"), func(line string) bool {
		return slices.ContainsFunc(strings.Split(line, ","), func(word string) bool {
			return strings.EqualFold(strings.TrimSpace(word), name)
		})
	})
}

// sendRequest is the body of POST /sessions/online/{ref}/invoices.
type sendRequest struct {
	InvoiceHash             string `json:"invoiceHash"`
	InvoiceSize             int64  `json:"invoiceSize"`
	EncryptedInvoiceHash    string `json:"encryptedInvoiceHash"`
	EncryptedInvoiceSize    int64  `json:"encryptedInvoiceSize"`
	EncryptedInvoiceContent []byte `json:"encryptedInvoiceContent"`
	OfflineMode             bool   `json:"offlineMode"`
	HashOfCorrectedInvoice  string `json:"hashOfCorrectedInvoice"`
}

// sendResponse answers POST /sessions/online/{ref}/invoices.
type sendResponse struct {
	ReferenceNumber string `json:"referenceNumber"`
}

// sent is a sendRequest whose form is right.
type sent struct {
	sendRequest
	hash, encryptedHash digest
	corrects            *digest // nil for an invoice that replaces none
}

func (r *sendRequest) check() (*sent, error) {
	var k checker
	out := &sent{sendRequest: *r}
	k.hash("invoiceHash", r.InvoiceHash, &out.hash)
	k.hash("encryptedInvoiceHash", r.EncryptedInvoiceHash, &out.encryptedHash)
	k.check(r.InvoiceSize >= 1, "'invoiceSize' must be greater than or equal to '1'.")
	k.check(r.EncryptedInvoiceSize >= 1, "'encryptedInvoiceSize' must be greater than or equal to '1'.")
	k.require("encryptedInvoiceContent", len(r.EncryptedInvoiceContent) > 0)
	if r.HashOfCorrectedInvoice != "" {
		out.corrects = new(digest)
		k.hash("hashOfCorrectedInvoice", r.HashOfCorrectedInvoice, out.corrects)
		k.check(r.OfflineMode, "'offlineMode' must be equal to 'true' when 'hashOfCorrectedInvoice' is set.")
	}
	return out, k.err()
}

// hash reads a property that holds a hash.
func (k *checker) hash(name, text string, to *digest) {
	if k.require(name, text != "") {
		k.check(to.UnmarshalText([]byte(text)) == nil, "'%s' must be a SHA-256 hash of 44 Base64 characters.", name)
	}
}

// sendInvoice answers POST /sessions/online/{ref}/invoices. What is wrong with
// the invoice itself is told later, by its status.
func (s *Server) sendInvoice(c *call) (*reply, error) {
	var body sendRequest
	if err := c.readJSON(&body); err != nil {
		return nil, err
	}
	in, err := body.check()
	if err != nil {
		return nil, err
	}
	se, err := s.sessionForSending(c, in)
	if err != nil {
		return nil, err
	}
	if err := in.checkContent(); err != nil {
		return nil, err
	}
	verdict := s.judge(se, in, c.now)
	return s.receive(c, se, in, verdict)
}

// sessionForSending finds the session and checks that it takes the invoice.
func (s *Server) sessionForSending(c *call, in *sent) (*session, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	se, err := s.state.findOnline(c)
	if err != nil {
		return nil, err
	}
	return se, s.state.takes(se, in)
}

// takes refuses an invoice that a session cannot take.
func (st *state) takes(se *session, in *sent) error {
	if code := se.status().Code; code != statusAccepted {
		return refusef(codeSessionStatus, "Status sesji %d uniemożliwia wysyłkę faktur.", code)
	}
	if most := st.limits.session(se.Context, false).MaxInvoices; len(se.invoices) >= most {
		return refusef(codeInvoiceLimit, "Sesja o numerze referencyjnym %s osiągnęła dozwolony limit liczby faktur %d.", se.Reference, most)
	}
	if in.corrects == nil {
		return nil
	}
	return st.correctable(correctionKey{se.Context, *in.corrects})
}

// correctable refuses a technical correction of an invoice that was accepted,
// was corrected, never came or lacked permission.
func (st *state) correctable(key correctionKey) error {
	original, known := st.byHash[key]
	if _, done := st.corrected[key]; done {
		return refuse(codeCorrected, "Faktura posiada już przetworzoną prawidłowo korektę techniczną.")
	}
	if !known {
		return refuse(codeValidation, "Nie znaleziono faktury o skrócie wskazanym w 'hashOfCorrectedInvoice'.")
	}
	switch original.settled.Outcome.Code {
	case statusDone:
		return refuse(codeNotCorrectable, "Nie można wysłać korekty technicznej do prawidłowo przetworzonej faktury.")
	case invoicePermission:
		return refuse(codeNotCorrectable, "Nie można wysłać korekty technicznej do faktury odrzuconej z powodu uprawnień.")
	}
	return nil
}

// checkContent compares the ciphertext with what was declared.
func (in *sent) checkContent() error {
	if int64(len(in.EncryptedInvoiceContent)) != in.EncryptedInvoiceSize {
		return refuse(codeFileSize, "Długość treści nie zgadza się z rozmiarem pliku.")
	}
	if sumOf(in.EncryptedInvoiceContent) != in.encryptedHash {
		return refuse(codeFileHash, "Skrót treści nie zgadza się ze skrótem pliku.")
	}
	return nil
}

// receive enters the judged invoice into its session. Meanwhile the session may
// have been closed or filled by somebody else.
func (s *Server) receive(c *call, se *session, in *sent, found finding) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	if err := st.takes(se, in); err != nil {
		return nil, err
	}
	e := &invoiceReceived{
		Session:   se.Reference,
		Reference: st.numbers.reference(kindInvoice, c.now),
		At:        c.now,
		Due:       st.pace.due(c.now),
		Hash:      in.hash,
		Offline:   in.OfflineMode,
		Corrects:  in.corrects,
		Verdict:   found.verdict,
		Facts:     found.facts,
		XML:       found.xml,
	}
	if err := st.commit(e); err != nil {
		return nil, err
	}
	if err := st.advance(c.now); err != nil {
		return nil, err
	}
	return accepted(sendResponse{e.Reference}), nil
}

// findOnline finds an interactive session for the holder of a token.
func (st *state) findOnline(c *call) (*session, error) {
	se, err := st.findSession(c, detailNotFoundSending)
	if err == nil && se.Batch != nil {
		return nil, refusef(codeNoSession, detailNotFoundSending, se.Reference)
	}
	return se, err
}

// closeOnline answers POST /sessions/online/{ref}/close.
func (s *Server) closeOnline(c *call) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	se, err := st.findOnline(c)
	if err != nil {
		return nil, err
	}
	if code := se.status().Code; code != statusAccepted {
		return nil, refusef(codeSessionStatus, "Status sesji %d uniemożliwia jej zamknięcie.", code)
	}
	if err := st.closeSession(se, c.now); err != nil {
		return nil, err
	}
	if err := st.advance(c.now); err != nil {
		return nil, err
	}
	return noContent(), nil
}
