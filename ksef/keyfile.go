package ksef

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"software.sslmate.com/src/go-pkcs12"
)

// KeyFile is a private key with its certificate, read from a file.
type KeyFile struct {
	Signer      crypto.Signer
	Certificate *x509.Certificate
	// Chain are the other certificates of the file, in its order, unchecked.
	Chain []*x509.Certificate
}

// Credential logs in to the context with the key.
func (k *KeyFile) Credential(id ContextID) Credential { return XAdES(id, k.Signer, k.Certificate) }

// maxKeyFile bounds a file with a key; real ones have a few kilobytes.
const maxKeyFile = 1 << 20

// ReadPKCS12 reads a PKCS #12 file (.p12, .pfx) with modern or legacy
// encryption, as issuers of qualified seals and browsers make them. The
// certificate is the one that belongs to the key, wherever it stands. A wrong
// password is ErrWrongPassword, anything else ErrInvalidArgument.
func ReadPKCS12(file []byte, password Secret) (*KeyFile, error) {
	const op = "read PKCS #12 file"
	switch {
	case len(file) > maxKeyFile:
		return nil, invalid(op, "file is larger than 1 MB: it is no key file")
	case len(file) < 2 || file[0] != 0x30:
		return nil, invalid(op, "file is no PKCS #12 file: export key and certificate as .p12 or .pfx")
	case file[1] == 0x80:
		return nil, invalid(op, "file is in BER: import it into a browser and export it again")
	}
	key, cert, others, err := pkcs12.DecodeChain(file, password.Reveal())
	if err != nil {
		return nil, pkcs12Error(op, err)
	}
	return match(op, key, append([]*x509.Certificate{cert}, others...))
}

func pkcs12Error(op string, err error) error {
	if errors.Is(err, pkcs12.ErrIncorrectPassword) || errors.Is(err, pkcs12.ErrDecryption) {
		return &Error{Op: op, Err: ErrWrongPassword}
	}
	if _, ok := errors.AsType[pkcs12.NotImplementedError](err); ok {
		return invalid(op, "file is protected in a way not known here: export it again with AES")
	}
	return invalid(op, "file is damaged, or has no private key with its certificate")
}

// ReadPEM reads a certificate and its private key as KSeF and OpenSSL write
// them: PEM or DER, the key in PKCS #8 (encrypted or not), PKCS #1 or SEC 1.
// The password may be empty for a key without encryption. A wrong password is
// ErrWrongPassword, anything else ErrInvalidArgument.
func ReadPEM(certificate, key []byte, password Secret) (*KeyFile, error) {
	const op = "read key and certificate"
	if len(certificate) > maxKeyFile || len(key) > maxKeyFile {
		return nil, invalid(op, "file is larger than 1 MB: it is no key file")
	}
	certs, err := x509.ParseCertificates(unwrapPEM(certificate, "CERTIFICATE"))
	if err != nil || len(certs) == 0 {
		return nil, invalid(op, "certificate is unreadable: give an X.509 certificate in PEM or DER")
	}
	block, _ := pem.Decode(key)
	if block != nil && block.Headers["DEK-Info"] != "" {
		return nil, invalid(op, "key is encrypted in an outdated way: convert it with openssl pkcs8 -topk8")
	}
	parsed, err := parseKey(unwrapPEM(key, "PRIVATE KEY"), password.Reveal())
	switch {
	case errors.Is(err, ErrWrongPassword):
		return nil, &Error{Op: op, Err: err}
	case err != nil:
		return nil, invalid(op, err.Error())
	}
	return match(op, parsed, certs)
}

// unwrapPEM joins the blocks of a kind, or takes DER as it is.
func unwrapPEM(data []byte, kind string) []byte {
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		return data
	}
	var der []byte
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			return der
		}
		if strings.HasSuffix(block.Type, kind) {
			der = append(der, block.Bytes...)
		}
		data = rest
	}
}

// parseKey reads DER. Its errors hold nothing of the key.
func parseKey(der []byte, password string) (any, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	plain, err := decryptPKCS8(der, password)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return nil, ErrWrongPassword // padding that was right by chance
	}
	return key, nil
}

// match finds the certificate of the key.
func match(op string, key any, certs []*x509.Certificate) (*KeyFile, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, invalid(op, fmt.Sprintf("key of the kind %T cannot sign", key))
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok {
		return nil, invalid(op, "key cannot be compared with a certificate")
	}
	k := &KeyFile{Signer: signer}
	for _, cert := range certs {
		if k.Certificate == nil && public.Equal(cert.PublicKey) {
			k.Certificate = cert
		} else {
			k.Chain = append(k.Chain, cert)
		}
	}
	if k.Certificate == nil {
		return nil, invalid(op, "none of the certificates belongs to the key")
	}
	return k, nil
}
