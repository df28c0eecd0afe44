package ksef

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// KeyUsage says what a public key of the ministry encrypts.
type KeyUsage string

// The usages of public keys.
const (
	KeyForToken   KeyUsage = "KsefTokenEncryption"
	KeyForSession KeyUsage = "SymmetricKeyEncryption"
)

// PublicKeyCertificate is one entry of the ministry's list of public keys.
type PublicKeyCertificate struct {
	// Certificate is the parsed X.509 certificate.
	Certificate *x509.Certificate
	// CertificateID and PublicKeyID are the Base64 SHA-256 of the certificate
	// and of its SubjectPublicKeyInfo, compared with the certificate itself.
	CertificateID string
	PublicKeyID   string
	ValidFrom     time.Time
	ValidTo       time.Time
	Usage         []KeyUsage
}

// SecurityService reads the public keys of the system. It needs no login.
type SecurityService struct{ client *Client }

type wirePublicKey struct {
	Certificate   []byte     `json:"certificate"`
	CertificateID string     `json:"certificateId"`
	PublicKeyID   string     `json:"publicKeyId"`
	ValidFrom     wireTime   `json:"validFrom"`
	ValidTo       wireTime   `json:"validTo"`
	Usage         []KeyUsage `json:"usage"`
}

// PublicKeyCertificates lists the public keys with which tokens and session
// keys are encrypted. An entry whose identifiers do not belong to its
// certificate means that the list was tampered with: the whole list is refused
// with ErrHashMismatch.
//
// Needs no login; group anonymous.
//
//ksef:op GET /security/public-key-certificates
func (s *SecurityService) PublicKeyCertificates(ctx context.Context) ([]PublicKeyCertificate, error) {
	const op = "read public keys"
	var wire []wirePublicKey
	err := s.client.json(ctx, call{op: op, class: httpx.Read, group: GroupAnonymous, method: "GET", path: "/security/public-key-certificates"}, &wire)
	if err != nil {
		return nil, err
	}
	var list []PublicKeyCertificate
	for i := range wire {
		key, err := wire[i].public()
		if err != nil {
			return nil, &Error{Op: op, Err: err}
		}
		list = append(list, key)
	}
	return list, nil
}

func (w *wirePublicKey) public() (PublicKeyCertificate, error) {
	cert, err := x509.ParseCertificate(w.Certificate)
	if err != nil {
		return PublicKeyCertificate{}, fmt.Errorf("certificate of a public key: %w", ErrProtocol)
	}
	key := PublicKeyCertificate{
		Certificate:   cert,
		CertificateID: hashBase64(cert.Raw),
		PublicKeyID:   hashBase64(cert.RawSubjectPublicKeyInfo),
		ValidFrom:     w.ValidFrom.Time,
		ValidTo:       w.ValidTo.Time,
		Usage:         w.Usage,
	}
	if differs(w.CertificateID, key.CertificateID) || differs(w.PublicKeyID, key.PublicKeyID) {
		return PublicKeyCertificate{}, fmt.Errorf("identifier of a public key: %w", ErrHashMismatch)
	}
	if key.ValidFrom.IsZero() {
		key.ValidFrom = cert.NotBefore
	}
	if key.ValidTo.IsZero() {
		key.ValidTo = cert.NotAfter
	}
	return key, nil
}

// differs lets older servers leave an identifier out.
func differs(given, computed string) bool { return given != "" && given != computed }

func hashBase64(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// publicKey is a key chosen for use.
type publicKey struct {
	id      string
	key     *rsa.PublicKey
	validTo time.Time
}

// choose takes the newest key that is valid now and serves the usage. Only RSA
// is used: for elliptic curves no encryption is specified.
func choose(list []PublicKeyCertificate, usage KeyUsage, now time.Time) (publicKey, error) {
	var best *PublicKeyCertificate
	for i, k := range list {
		if !slices.Contains(k.Usage, usage) || now.Before(k.ValidFrom) || !now.Before(k.ValidTo) {
			continue
		}
		if best == nil || k.ValidFrom.After(best.ValidFrom) {
			best = &list[i]
		}
	}
	if best == nil {
		return publicKey{}, errNoKey
	}
	key, ok := best.Certificate.PublicKey.(*rsa.PublicKey)
	if !ok || key.N.BitLen() < 2048 {
		return publicKey{}, errKeyKind
	}
	return publicKey{id: best.PublicKeyID, key: key, validTo: best.ValidTo}, nil
}

var (
	errNoKey   = errors.New("no public key is valid now for this use")
	errKeyKind = errors.New("public key is not RSA of at least 2048 bits")
)

// Times of the key cache: the list is read again daily, shortly before a key
// ends, and when the server no longer knows a key.
const (
	keysMaxAge    = 24 * time.Hour
	keysEarly     = time.Hour
	keysRetryPace = time.Minute
)

// keyring caches the list of public keys.
type keyring struct {
	client *Client
	fetch  flight[[]PublicKeyCertificate]

	mu      sync.Mutex
	list    []PublicKeyCertificate
	fetched time.Time // the list is of this time
	tried   time.Time // last attempt to read it, successful or not
}

// get returns a key for the usage. refused names a key that the server does
// not accept any more: unless the list is newer than that, it is read again.
func (r *keyring) get(ctx context.Context, usage KeyUsage, refused string) (publicKey, error) {
	now := r.client.now()
	list, stale := r.cached(now)
	key, err := choose(list, usage, now)
	usable := err == nil && key.id != refused
	if usable && !stale && now.Add(keysEarly).Before(key.validTo) {
		return key, nil
	}
	if usable && r.justTried(now) {
		return key, nil // the list was just asked for; there is nothing better
	}
	list, err = r.fetch.do(ctx, r.load)
	switch {
	case err != nil && usable:
		return key, nil // still valid: a failing list is no reason to stop
	case err != nil:
		return publicKey{}, err
	}
	key, err = choose(list, usage, now)
	if err != nil {
		return publicKey{}, &Error{Op: "choose public key", Err: err}
	}
	return key, nil
}

// withKey encrypts with a key of the ministry and uses the result. When the
// server no longer knows the key, it is done once more with a fresh one.
func (c *Client) withKey(ctx context.Context, usage KeyUsage, use func(publicKey) error) error {
	return c.withOtherKey(ctx, usage, "", use)
}

// withOtherKey is withKey where a key is known to be refused: the list is read
// again unless it has another one.
func (c *Client) withOtherKey(ctx context.Context, usage KeyUsage, refused string, use func(publicKey) error) error {
	for attempt := 1; ; attempt++ {
		key, err := c.keys.get(ctx, usage, refused)
		if err != nil {
			return err
		}
		err = use(key)
		if attempt == 2 || !errors.Is(err, ErrUnknownKey) {
			return err
		}
		refused = key.id
	}
}

func (r *keyring) cached(now time.Time) (list []PublicKeyCertificate, stale bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.list, now.Sub(r.fetched) >= keysMaxAge
}

func (r *keyring) justTried(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Sub(r.tried) < keysRetryPace
}

func (r *keyring) load(ctx context.Context) ([]PublicKeyCertificate, error) {
	list, err := r.client.Security.PublicKeyCertificates(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried = r.client.now()
	if err != nil {
		return nil, err
	}
	r.list, r.fetched = list, r.tried
	return list, nil
}
