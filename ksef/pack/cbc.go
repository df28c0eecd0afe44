package pack

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
)

// EncryptedSize is the size of n bytes after encryption: padding always adds
// between one byte and one block, and the vector is not part of the text.
func EncryptedSize(n int64) int64 { return (n/aes.BlockSize + 1) * aes.BlockSize }

// Encrypt encrypts one piece that is in memory: a part, or an invoice of an
// online session.
func (k Key) Encrypt(plain []byte) []byte {
	s := sealer{cbc: k.encrypter(), out: make([]byte, 0, EncryptedSize(int64(len(plain))))}
	s.write(plain)
	s.close()
	return s.out
}

// Decrypt undoes Encrypt. Whatever is wrong, the error is ErrDecrypt alone: it
// does not help to guess the content.
func (k Key) Decrypt(sealed []byte) ([]byte, error) {
	if k.secret == nil || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, ErrDecrypt
	}
	plain := make([]byte, len(sealed))
	k.decrypter(k.secret.iv[:]).CryptBlocks(plain, sealed)
	pad, ok := padding(plain[len(plain)-aes.BlockSize:])
	if !ok {
		return nil, ErrDecrypt
	}
	return plain[:len(plain)-pad], nil
}

func (k Key) encrypter() cipher.BlockMode {
	return cipher.NewCBCEncrypter(k.secret.block, k.secret.iv[:])
}

func (k Key) decrypter(iv []byte) cipher.BlockMode {
	return cipher.NewCBCDecrypter(k.secret.block, iv)
}

// padding checks the PKCS #7 padding of the last block in constant time.
func padding(last []byte) (n int, ok bool) {
	pad := int(last[aes.BlockSize-1])
	good := subtle.ConstantTimeLessOrEq(1, pad) & subtle.ConstantTimeLessOrEq(pad, aes.BlockSize)
	for i, b := range last {
		inside := subtle.ConstantTimeLessOrEq(aes.BlockSize-i, pad)
		same := subtle.ConstantTimeByteEq(b, byte(pad))
		good &= subtle.ConstantTimeSelect(inside, same, 1)
	}
	return pad, good == 1
}

// sealer appends ciphertext to out. Between writes it holds back less than a
// block.
type sealer struct {
	cbc  cipher.BlockMode
	rest [aes.BlockSize]byte
	held int
	out  []byte
}

func (s *sealer) write(p []byte) {
	if s.held > 0 {
		n := copy(s.rest[s.held:], p)
		s.held, p = s.held+n, p[n:]
		if s.held < aes.BlockSize {
			return
		}
		s.crypt(s.rest[:])
	}
	whole := len(p) &^ (aes.BlockSize - 1)
	s.crypt(p[:whole])
	s.held = copy(s.rest[:], p[whole:])
}

func (s *sealer) crypt(blocks []byte) {
	start := len(s.out)
	s.out = append(s.out, blocks...)
	s.cbc.CryptBlocks(s.out[start:], s.out[start:])
}

// close pads.
func (s *sealer) close() {
	pad := byte(aes.BlockSize - s.held)
	for i := s.held; i < aes.BlockSize; i++ {
		s.rest[i] = pad
	}
	s.crypt(s.rest[:])
	s.held = 0
}
