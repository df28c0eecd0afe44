package ksefsim

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// Server is a simulated KSeF, an http.Handler that serves the API below /v2 and
// /api/v2 and the downloads it links to below /storage.
type Server struct {
	cfg    Config
	state  *state
	keys   atomic.Pointer[keyring]
	signer signer
	chance *entropy
	mux    *http.ServeMux
	meter  meter
	blobs  *blobs
	dials  dials
	faults faults
	built  []*export // packages in memory, oldest first; under the lock of dials

	wrapping sync.Mutex // one call of Use at a time
	handler  atomic.Pointer[http.Handler]
}

// New makes a simulator or, when Config.Dir holds the state of one, continues
// it. It makes keys where there are none, which takes some tenths of a second.
// The error is ErrDir when stored state cannot be used, ErrLocked when another
// simulator uses Config.Dir, or one of Config.Random.
func New(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg.withDefaults(), meter: meter{counts: make(map[rateKey]*count)}}
	s.state = newState(s.cfg)
	s.dials.cfg = &s.cfg
	if err := s.restore(); err != nil {
		return nil, err
	}
	if err := s.begin(); err != nil {
		_ = s.Close()
		return nil, err
	}
	s.mux = s.newMux()
	var h http.Handler = http.HandlerFunc(s.serve)
	s.handler.Store(&h)
	return s, nil
}

// restore replays the stored state, if any.
func (s *Server) restore() error {
	if s.cfg.Dir == "" {
		s.blobs = &blobs{mem: make(map[string][]byte)}
		return nil
	}
	j, err := openJournal(s.cfg.Dir, func(kind string, counter uint64, event json.RawMessage) error {
		return s.state.replay(kind, counter, event)
	})
	if err != nil {
		return err
	}
	s.state.journal = j
	if s.blobs, err = newBlobs(s.cfg.Dir); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// begin gives birth to a new simulator or wakes a stored one.
func (s *Server) begin() error {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	var err error
	if s.chance, err = newEntropy(s.cfg.Random, st.generation); err != nil {
		return err
	}
	if st.born == nil {
		if err := s.giveBirth(); err != nil {
			return err
		}
	}
	if err := st.commit(&started{Generation: st.generation + 1}); err != nil {
		return err
	}
	if st.vault.ksef == nil { // newborn, or older than certificates
		e, err := s.makeAuthorities()
		if err != nil {
			return err
		}
		if err := st.commit(e); err != nil {
			return err
		}
	}
	s.signer = signer{st.born.Secret, s.cfg.Profile.issuer()}
	if err := s.loadKeys(); err != nil {
		return err
	}
	// A new process holds nothing back.
	return errors.Join(st.storeHeld(s.cfg.instant()), st.flush())
}

// giveBirth makes what a simulator keeps for life.
func (s *Server) giveBirth() error {
	keys := s.cfg.Keys
	if keys == nil {
		var err error
		if keys, err = NewKeys(s.chance); err != nil {
			return err
		}
	}
	e := &born{Version: stateVersion, Base: s.chance.uint64(), Secret: s.chance.bytes(32)}
	if err := keys.certify(e, s.chance, s.cfg.instant()); err != nil {
		return err
	}
	return s.state.commit(e)
}

// certify makes the credentials of a newborn simulator.
func (k *Keys) certify(e *born, random *entropy, now time.Time) (err error) {
	const encipher = x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment
	if e.Token, err = certify(k.token, "tokens", encipher, random, now); err != nil {
		return err
	}
	if e.Symmetric, err = certify(k.symmetric, "symmetric keys", encipher, random, now); err != nil {
		return err
	}
	e.UPO, err = certify(k.upo, "confirmations", x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment, random, now)
	return err
}

// Close writes what is not on disk yet and lets go of Config.Dir, which the end
// of the process does too. In memory it does nothing. The server must not be used afterwards.
func (s *Server) Close() error {
	if s.state.journal == nil {
		return nil
	}
	return s.state.journal.close()
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*s.handler.Load()).ServeHTTP(w, r)
}

// Use wraps the handler, to inject faults or to watch: mw gets the handler so
// far and returns the one to use from now on, so the latest is the outermost.
// Requests already being served are not affected.
func (s *Server) Use(mw func(http.Handler) http.Handler) {
	s.wrapping.Lock()
	defer s.wrapping.Unlock()
	h := mw(*s.handler.Load())
	s.handler.Store(&h)
}

// UPOCertificate is the certificate under which confirmations (UPO) are signed.
func (s *Server) UPOCertificate() *x509.Certificate { return s.ring().upoCert }

// AcceptedInvoice is an invoice that got a KSeF number.
type AcceptedInvoice struct {
	KSeFNumber      pl.KSeFNumber
	Seller          pl.NIP
	Number          string   // P_2, the seller's own number
	Kind            string   // RodzajFaktury, as VAT or KOR
	Hash            [32]byte // SHA-256 of XML
	XML             []byte   // the bytes as sent; not to be changed
	Session         string   // reference number of the session
	Reference       string   // reference number of the invoice
	AcquisitionDate time.Time
}

// Accepted lists the invoices that the simulated state holds, in the order in
// which they were accepted.
func (s *Server) Accepted() []AcceptedInvoice {
	// A journal that cannot be written shows in the next answer.
	_ = errors.Join(s.state.catchUp(s.cfg.instant()), s.state.flush())
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	list := make([]AcceptedInvoice, len(s.state.accepted))
	for i, inv := range s.state.accepted {
		list[i] = AcceptedInvoice{
			KSeFNumber:      inv.settled.Number,
			Seller:          inv.Facts.Seller,
			Number:          inv.Facts.Number,
			Kind:            inv.Facts.Kind,
			Hash:            inv.Hash,
			XML:             inv.XML,
			Session:         inv.Session,
			Reference:       inv.Reference,
			AcquisitionDate: inv.settled.At,
		}
	}
	return list
}
