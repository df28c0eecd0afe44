package ksefsim

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"math/big"
)

const (
	rsaBits     = 2048
	rsaExponent = 65537
)

// newRSAKey makes a key whose primes come from random. The generator of
// crypto/rsa cannot be used: since Go 1.26 it takes no other randomness than the
// system's, and a seeded simulator must have the same keys every time.
func newRSAKey(random io.Reader) (*rsa.PrivateKey, error) {
	for {
		p, err := newPrime(random)
		if err != nil {
			return nil, err
		}
		q, err := newPrime(random)
		if err != nil {
			return nil, err
		}
		if key := assembleRSA(p, q); key != nil {
			return key, nil
		}
	}
}

// assembleRSA builds the key of two primes, nil when they do not make one.
func assembleRSA(p, q *big.Int) *rsa.PrivateKey {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(rsaExponent), phi)
	if d == nil || p.Cmp(q) == 0 {
		return nil
	}
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: rsaExponent},
		D:         d,
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	if key.Validate() != nil {
		return nil
	}
	return key
}

// newPrime draws a number of half the key's size with its two top bits set, so
// that the product has full size, and goes up from it to the next prime.
func newPrime(random io.Reader) (*big.Int, error) {
	raw := make([]byte, rsaBits/16)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, fmt.Errorf("ksefsim: make prime: %w", err)
	}
	raw[0] |= 0xC0
	raw[len(raw)-1] |= 1
	candidate, two := new(big.Int).SetBytes(raw), big.NewInt(2)
	// Twenty rounds after a Baillie-PSW test, as crypto/rand did.
	for !likelyPrime(candidate) || !candidate.ProbablyPrime(20) {
		candidate.Add(candidate, two)
	}
	if candidate.BitLen() != rsaBits/2 {
		return newPrime(random)
	}
	return candidate, nil
}

// likelyPrime sorts out most composites cheaply, by the small primes.
func likelyPrime(n *big.Int) bool {
	var remainder, divisor big.Int
	for p := int64(3); p < 2000; p += 2 {
		if remainder.Mod(n, divisor.SetInt64(p)).Sign() == 0 {
			return false
		}
	}
	return true
}

// newECKey makes a P-256 key from random.
func newECKey(random io.Reader) (*ecdsa.PrivateKey, error) {
	raw := make([]byte, 32)
	for {
		if _, err := io.ReadFull(random, raw); err != nil {
			return nil, fmt.Errorf("ksefsim: make key: %w", err)
		}
		// Refuses zero and numbers above the order: draw again.
		if key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw); err == nil {
			return key, nil
		}
	}
}

// steadySigner signs the same digest with the same signature every time
// (RFC 6979), whatever randomness the caller offers. A confirmation can then be
// made anew from stored facts whenever it is asked for.
type steadySigner struct{ key *ecdsa.PrivateKey }

func (s steadySigner) Public() crypto.PublicKey { return &s.key.PublicKey }

func (s steadySigner) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() == 0 {
		return nil, errors.New("ksefsim: a digest is needed, not a message")
	}
	return s.key.Sign(nil, digest, opts)
}
