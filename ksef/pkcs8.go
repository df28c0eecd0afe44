package ksef

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"hash"
)

// The structures of an encrypted private key: PKCS #8 with the second password
// based scheme of PKCS #5 (RFC 8018), which is what KSeF and OpenSSL use.
type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

type pbes2 struct {
	Derivation pkix.AlgorithmIdentifier
	Cipher     pkix.AlgorithmIdentifier
}

type pbkdf2Parameters struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

// maxIterations bounds the work that a file can ask for.
const maxIterations = 5_000_000

var (
	errKeyFormat = errors.New("private key is unreadable: give it in PKCS #8, PKCS #1 or SEC 1, as PEM or DER")
	errKeyScheme = errors.New("private key is encrypted in a way not known here: convert it with openssl pkcs8 -topk8 -v2 aes256")
)

// decryptPKCS8 returns the DER of the key. There is no checksum: a wrong
// password shows in the padding.
func decryptPKCS8(der []byte, password string) ([]byte, error) {
	var outer encryptedKey
	if rest, err := asn1.Unmarshal(der, &outer); err != nil || len(rest) > 0 {
		return nil, errKeyFormat
	}
	var scheme pbes2
	if outer.Algorithm.Algorithm.String() != "1.2.840.113549.1.5.13" || unmarshal(outer.Algorithm, &scheme) != nil {
		return nil, errKeyScheme
	}
	newCipher, size := blockCipher(scheme.Cipher.Algorithm)
	var iv []byte
	if newCipher == nil || unmarshal(scheme.Cipher, &iv) != nil {
		return nil, errKeyScheme
	}
	key, err := deriveKey(scheme.Derivation, password, size)
	if err != nil {
		return nil, err
	}
	block, err := newCipher(key)
	if err != nil || len(iv) != block.BlockSize() || len(outer.Data) == 0 || len(outer.Data)%block.BlockSize() != 0 {
		return nil, errKeyFormat
	}
	plain := make([]byte, len(outer.Data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, outer.Data)
	return unpad(plain, block.BlockSize())
}

func unmarshal(a pkix.AlgorithmIdentifier, v any) error {
	_, err := asn1.Unmarshal(a.Parameters.FullBytes, v)
	return err
}

func blockCipher(oid asn1.ObjectIdentifier) (newCipher func([]byte) (cipher.Block, error), keySize int) {
	switch oid.String() {
	case "2.16.840.1.101.3.4.1.2":
		return aes.NewCipher, 16
	case "2.16.840.1.101.3.4.1.22":
		return aes.NewCipher, 24
	case "2.16.840.1.101.3.4.1.42":
		return aes.NewCipher, 32
	case "1.2.840.113549.3.7":
		return des.NewTripleDESCipher, 24
	}
	return nil, 0
}

func deriveKey(a pkix.AlgorithmIdentifier, password string, size int) ([]byte, error) {
	var p pbkdf2Parameters
	if a.Algorithm.String() != "1.2.840.113549.1.5.12" || unmarshal(a, &p) != nil {
		return nil, errKeyScheme
	}
	newHash := randomFunction(p.PRF.Algorithm)
	if newHash == nil || p.Iterations < 1 || p.Iterations > maxIterations {
		return nil, errKeyScheme
	}
	key, err := pbkdf2.Key(newHash, password, p.Salt, p.Iterations, size)
	if err != nil {
		return nil, errKeyScheme
	}
	return key, nil
}

// randomFunction is the hash under HMAC; SHA-1 is what the standard means when
// none is named.
func randomFunction(oid asn1.ObjectIdentifier) func() hash.Hash {
	switch oid.String() {
	case "", "1.2.840.113549.2.7":
		return sha1.New
	case "1.2.840.113549.2.9":
		return sha256.New
	case "1.2.840.113549.2.10":
		return sha512.New384
	case "1.2.840.113549.2.11":
		return sha512.New
	}
	return nil
}

func unpad(plain []byte, size int) ([]byte, error) {
	n := int(plain[len(plain)-1])
	if n == 0 || n > size || n > len(plain) {
		return nil, ErrWrongPassword
	}
	for _, b := range plain[len(plain)-n:] {
		if int(b) != n {
			return nil, ErrWrongPassword
		}
	}
	return plain[:len(plain)-n], nil
}
