package ksef

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// sessionKey is the symmetric key of one session: AES-256 in CBC mode with one
// initialisation vector for all documents of the session, which is how KSeF
// defines it. It is never used for a second session.
type sessionKey struct {
	key   [32]byte
	iv    [aes.BlockSize]byte
	block cipher.Block
}

func newSessionKey(random io.Reader) (*sessionKey, error) {
	k := new(sessionKey)
	if _, err := io.ReadFull(random, k.key[:]); err != nil {
		return nil, fmt.Errorf("random source: %w", err)
	}
	if _, err := io.ReadFull(random, k.iv[:]); err != nil {
		return nil, fmt.Errorf("random source: %w", err)
	}
	block, err := aes.NewCipher(k.key[:])
	k.block = block
	return k, err
}

// wrap encrypts the key for the owner of the public key.
func (k *sessionKey) wrap(random io.Reader, pub publicKey) (EncryptionInfo, error) {
	wrapped, err := encryptOAEP(random, pub.key, k.key[:])
	if err != nil {
		return EncryptionInfo{}, err
	}
	return EncryptionInfo{
		EncryptedSymmetricKey: wrapped,
		InitializationVector:  k.iv[:],
		PublicKeyID:           pub.id,
	}, nil
}

// WrapKey encrypts a symmetric key for the ministry, for calls of the low layer;
// OpenOnline does it by itself. When KSeF refuses the result with ErrUnknownKey,
// wrap again with its PublicKeyID in refused; else that is "".
func (c *Client) WrapKey(ctx context.Context, key [32]byte, iv [16]byte, refused string) (EncryptionInfo, error) {
	pub, err := c.keys.get(ctx, KeyForSession, refused)
	if err != nil {
		return EncryptionInfo{}, err
	}
	info, err := (&sessionKey{key: key, iv: iv}).wrap(c.random, pub)
	if err != nil {
		return EncryptionInfo{}, &Error{Op: "wrap key", Err: err}
	}
	return info, nil
}

// encryptOAEP uses SHA-256 for the label and for the mask, and no label.
func encryptOAEP(random io.Reader, pub *rsa.PublicKey, msg []byte) ([]byte, error) {
	out, err := rsa.EncryptOAEP(sha256.New(), random, pub, msg, nil)
	if err != nil {
		return nil, errors.New("encryption with the public key failed")
	}
	return out, nil
}

// cipherLen is the size of n bytes encrypted: PKCS #7 padding always adds
// between one byte and one block, and the vector is not part of the text.
func cipherLen(n int) int { return (n/aes.BlockSize + 1) * aes.BlockSize }

// encryptChunk is a multiple of the cipher's block and of the three bytes that
// Base64 encodes at a time, and small enough to stay in the cache.
const encryptChunk = 12 << 10

// encrypt calls emit with the ciphertext of plain, piece by piece. Every piece
// but the last is encryptChunk bytes; emit must not keep it.
func (k *sessionKey) encrypt(plain []byte, emit func([]byte)) {
	cbc := cipher.NewCBCEncrypter(k.block, k.iv[:])
	scratch := make([]byte, min(cipherLen(len(plain)), encryptChunk))
	for len(plain) >= encryptChunk {
		cbc.CryptBlocks(scratch, plain[:encryptChunk])
		emit(scratch)
		plain = plain[encryptChunk:]
	}
	last := scratch[:cipherLen(len(plain))]
	n := copy(last, plain)
	pad := byte(len(last) - n)
	for i := n; i < len(last); i++ {
		last[i] = pad
	}
	cbc.CryptBlocks(last, last)
	emit(last)
}

// payload is the body of a send request: the invoice is encrypted, hashed and
// encoded in one pass over it, into one allocation.
func (k *sessionKey) payload(xml []byte, opt SendOptions) []byte {
	size := cipherLen(len(xml))
	body := make([]byte, 0, base64.StdEncoding.EncodedLen(size)+512)
	body = append(body, `{"encryptedInvoiceContent":"`...)
	sum := sha256.New()
	k.encrypt(xml, func(piece []byte) {
		_, _ = sum.Write(piece)
		body = base64.StdEncoding.AppendEncode(body, piece)
	})
	plain := sha256.Sum256(xml)
	var scratch [sha256.Size]byte
	return appendSendFields(body, plain[:], len(xml), sum.Sum(scratch[:0]), size, opt)
}

func appendSendFields(body, plain []byte, plainSize int, sum []byte, size int, opt SendOptions) []byte {
	body = append(body, `","encryptedInvoiceHash":"`...)
	body = base64.StdEncoding.AppendEncode(body, sum)
	body = append(body, `","encryptedInvoiceSize":`...)
	body = strconv.AppendInt(body, int64(size), 10)
	body = append(body, `,"invoiceHash":"`...)
	body = base64.StdEncoding.AppendEncode(body, plain)
	body = append(body, `","invoiceSize":`...)
	body = strconv.AppendInt(body, int64(plainSize), 10)
	body = append(body, `,"offlineMode":`...)
	body = strconv.AppendBool(body, opt.Offline)
	if opt.CorrectedHash != nil {
		body = append(body, `,"hashOfCorrectedInvoice":"`...)
		body = base64.StdEncoding.AppendEncode(body, opt.CorrectedHash[:])
		body = append(body, '"')
	}
	return append(body, '}')
}
