package ksef

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// ErrSealed: sealed bytes do not open. They were sealed with another key, or
// changed.
var ErrSealed = errors.New("sealed data do not open with this key")

// KeySealer returns a Sealer with a key of 32 random bytes: AES-256-GCM with a
// random nonce each time, good for some billions of seals. The error wraps ErrInvalidArgument.
func KeySealer(key []byte) (Sealer, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("ksef: key of a sealer has %d bytes instead of 32: %w", len(key), ErrInvalidArgument)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("ksef: key of a sealer: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("ksef: key of a sealer: %w", err)
	}
	return keySealer{aead}, nil
}

type keySealer struct{ aead cipher.AEAD }

func (s keySealer) Seal(_ context.Context, plain []byte) ([]byte, error) {
	return s.aead.Seal(nil, nil, plain, nil), nil
}

func (s keySealer) Open(_ context.Context, sealed []byte) ([]byte, error) {
	plain, err := s.aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
