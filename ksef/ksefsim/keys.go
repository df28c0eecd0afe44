package ksefsim

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"
)

// Usages of a public key.
const (
	usageToken     = "KsefTokenEncryption"
	usageSymmetric = "SymmetricKeyEncryption"
)

// Keys are the private keys of a simulator. Making them takes longer than
// anything else New does, so a test suite that starts many simulators may make
// them once and share them through Config.Keys.
type Keys struct {
	token     *rsa.PrivateKey
	symmetric *rsa.PrivateKey
	upo       *ecdsa.PrivateKey
}

// NewKeys makes keys from random; nil means the system's randomness.
func NewKeys(random io.Reader) (*Keys, error) {
	if random == nil {
		random = rand.Reader
	}
	token, err := newRSAKey(random)
	if err != nil {
		return nil, err
	}
	symmetric, err := newRSAKey(random)
	if err != nil {
		return nil, err
	}
	upo, err := newECKey(random)
	if err != nil {
		return nil, err
	}
	return &Keys{token: token, symmetric: symmetric, upo: upo}, nil
}

// credential is a private key with its self-signed certificate, as stored.
type credential struct {
	Key         []byte `json:"key"`         // PKCS #8
	Certificate []byte `json:"certificate"` // DER
}

// certificateLife is how long the simulator's certificates are valid.
const certificateLife = 2 * 365 * 24 * time.Hour

// certify makes a credential of a key.
func certify(key crypto.Signer, name string, usage x509.KeyUsage, random *entropy, now time.Time) (credential, error) {
	serial := new(big.Int).SetBytes(random.bytes(8))
	serial.SetBit(serial, 63, 0).SetBit(serial, 62, 1) // positive, and always of eight bytes
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Country: []string{"PL"}, Organization: []string{"FaktuPro"}, CommonName: "KSeF simulator: " + name},
		NotBefore:    now.Add(-24 * time.Hour).Truncate(time.Second),
		NotAfter:     now.Add(certificateLife).Truncate(time.Second),
		KeyUsage:     usage,
	}
	signer := key
	if ec, ok := key.(*ecdsa.PrivateKey); ok {
		signer = steadySigner{ec}
	}
	der, err := x509.CreateCertificate(random, template, template, key.Public(), signer)
	if err != nil {
		return credential{}, fmt.Errorf("ksefsim: make certificate: %w", err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return credential{}, fmt.Errorf("ksefsim: store key: %w", err)
	}
	return credential{Key: pkcs8, Certificate: der}, nil
}

// load reads a credential back.
func (c credential) load() (crypto.Signer, *x509.Certificate, error) {
	key, err := x509.ParsePKCS8PrivateKey(c.Key)
	if err != nil {
		return nil, nil, fmt.Errorf("ksefsim: read key: %w", err)
	}
	cert, err := x509.ParseCertificate(c.Certificate)
	if err != nil {
		return nil, nil, fmt.Errorf("ksefsim: read certificate: %w", err)
	}
	return key.(crypto.Signer), cert, nil // every key of PKCS #8 that can be in a certificate signs
}

// publicKey is one published key with its certificate.
type publicKey struct {
	usage       string
	key         *rsa.PrivateKey
	certificate *x509.Certificate
	id          string // publicKeyId: Base64 SHA-256 of SubjectPublicKeyInfo
}

// keyring holds the keys of a running simulator. It does not change: a rotation
// makes another.
type keyring struct {
	published []publicKey // the newest of a usage first
	upo       steadySigner
	upoCert   *x509.Certificate
}

var errKeyKind = errors.New("ksefsim: stored key of another kind")

// ring is the keyring of the moment.
func (s *Server) ring() *keyring { return s.keys.Load() }

// loadKeys makes the keyring of the state. The caller holds the lock.
func (s *Server) loadKeys() error {
	ring, err := newKeyring(s.state.born, s.state.rotations)
	if err != nil {
		return err
	}
	s.keys.Store(ring)
	return nil
}

func newKeyring(b *born, rotations []*keysChanged) (*keyring, error) {
	ring := new(keyring)
	pairs := []*keysChanged{{Token: b.Token, Symmetric: b.Symmetric}}
	for _, r := range rotations {
		if r.Emergency {
			pairs = nil
		}
		pairs = append([]*keysChanged{r}, pairs...)
	}
	for _, pair := range pairs {
		for _, c := range []struct {
			usage string
			credential
		}{{usageToken, pair.Token}, {usageSymmetric, pair.Symmetric}} {
			signer, cert, err := c.load()
			if err != nil {
				return nil, err
			}
			key, ok := signer.(*rsa.PrivateKey)
			if !ok {
				return nil, errKeyKind
			}
			ring.published = append(ring.published, publicKey{c.usage, key, cert, digest64(cert.RawSubjectPublicKeyInfo)})
		}
	}
	signer, cert, err := b.UPO.load()
	if err != nil {
		return nil, err
	}
	key, ok := signer.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errKeyKind
	}
	ring.upo, ring.upoCert = steadySigner{key}, cert
	return ring, nil
}

// keysChanged says that KSeF has new keys. The old ones stay beside them, but in
// an emergency.
type keysChanged struct {
	Token     credential `json:"token"`
	Symmetric credential `json:"symmetric"`
	Emergency bool       `json:"emergency,omitempty"`
}

func (*keysChanged) kind() string { return "keys" }

func (e *keysChanged) apply(st *state) error {
	st.rotations = append(st.rotations, e)
	return nil
}

// RotateKeys gives the simulator new keys, as KSeF does: in a planned rotation
// the old ones are published beside the new for a while, in an emergency they
// are gone at once, so that what names them is refused with exception 21470.
// Nil keys are made. With the keys in use already it certifies them anew: the
// same publicKeyId under another certificateId.
func (s *Server) RotateKeys(next *Keys, emergency bool) error {
	if next == nil {
		var err error
		if next, err = NewKeys(s.chance); err != nil {
			return err
		}
	}
	var all born
	if err := next.certify(&all, s.chance, s.cfg.instant()); err != nil {
		return err
	}
	st := s.state
	st.mu.Lock()
	err := st.commit(&keysChanged{Token: all.Token, Symmetric: all.Symmetric, Emergency: emergency})
	if err == nil {
		err = s.loadKeys()
	}
	st.mu.Unlock()
	return errors.Join(err, st.flush())
}

// find returns the key for a usage: the one with the given id or, without an id,
// the first, as KSeF guesses for clients that do not say.
func (r *keyring) find(usage, id string) (*publicKey, bool) {
	for i := range r.published {
		if k := &r.published[i]; k.usage == usage && (id == "" || k.id == id) {
			return k, true
		}
	}
	return nil, false
}

// unwrap decrypts with RSA-OAEP, SHA-256 for the hash and for MGF1.
func (k *publicKey) unwrap(ciphertext []byte) ([]byte, error) {
	return rsa.DecryptOAEP(sha256.New(), nil, k.key, ciphertext, nil)
}

// digest64 is the Base64 SHA-256 of data, the form of every hash in the API.
func digest64(data []byte) string {
	return sumOf(data).String()
}

// publicKeyCertificate is one element of the list of public keys.
type publicKeyCertificate struct {
	Certificate   []byte   `json:"certificate"`
	CertificateID string   `json:"certificateId"`
	PublicKeyID   string   `json:"publicKeyId"`
	ValidFrom     stamp    `json:"validFrom"`
	ValidTo       stamp    `json:"validTo"`
	Usage         []string `json:"usage"`
}

// listPublicKeys answers GET /security/public-key-certificates.
func (s *Server) listPublicKeys(*call) (*reply, error) {
	ring := s.ring()
	list := make([]publicKeyCertificate, 0, len(ring.published))
	for i := range ring.published {
		k := &ring.published[i]
		list = append(list, publicKeyCertificate{
			Certificate:   k.certificate.Raw,
			CertificateID: digest64(k.certificate.Raw),
			PublicKeyID:   k.id,
			ValidFrom:     stamp(k.certificate.NotBefore),
			ValidTo:       stamp(k.certificate.NotAfter),
			Usage:         []string{k.usage},
		})
	}
	return ok(list), nil
}
