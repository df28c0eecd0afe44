package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/ksef"
	"github.com/faktupro/faktupro-go/ksef/upo"
	"github.com/faktupro/faktupro-go/ksef/xades"
	"github.com/faktupro/faktupro-go/pl"
)

// openKSeF returns the way to the configured system and whose signature on a
// receipt is believed there.
func (a *app) openKSeF(opt appOptions) (invoicing.Connector, upo.Trust, error) {
	if a.cfg.KSeF.Sandbox() {
		return a.openSandbox(opt)
	}
	env, err := a.cfg.KSeF.environment()
	if err != nil {
		return nil, upo.Trust{}, err
	}
	trusted, err := readCertificates(a.cfg.KSeF.UPOTrustFile)
	if err != nil {
		return nil, upo.Trust{}, fmt.Errorf("FAKTUPRO_KSEF_UPO_TRUST_FILE: %w", err)
	}
	client, err := ksef.New(ksef.Config{Environment: env, Logger: opt.logger, Now: opt.now})
	if err != nil {
		return nil, upo.Trust{}, err
	}
	own, err := a.cfg.KSeF.credential()
	if err != nil {
		return nil, upo.Trust{}, err
	}
	return invoicing.NewLogins(client, own), upo.Trust{Certificates: trusted}, nil
}

// openSandbox starts the simulator on a free loopback port. Its state is kept
// in the data directory, so that it outlives the process as the real one does.
func (a *app) openSandbox(opt appOptions) (invoicing.Connector, upo.Trust, error) {
	sim, err := startSandbox("127.0.0.1:0", filepath.Join(a.cfg.DataDir, "sandbox"), opt.now)
	if err != nil {
		return nil, upo.Trust{}, err
	}
	a.sandbox = sim
	a.closers = append(a.closers, sim.Close)
	client, err := ksef.New(ksef.Config{
		Environment: ksef.Custom(sim.URL), Logger: opt.logger, Now: opt.now,
		Poll: ksef.PollConfig{Interval: 20 * time.Millisecond, MaxInterval: time.Second},
	})
	if err != nil {
		return nil, upo.Trust{}, err
	}
	return invoicing.NewLogins(client, selfSigned(opt.now)),
		upo.Trust{Certificates: []*x509.Certificate{sim.UPOCertificate()}}, nil
}

// selfSigned makes a seal for whoever asks: the sandbox, like the TEST
// environment, lets in any taxpayer with a self-signed certificate.
func selfSigned(now func() time.Time) invoicing.CredentialFunc {
	return func(_ context.Context, seller pl.NIP) (ksef.Credential, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		cert, err := xades.SelfSigned(xades.Subject{NIP: seller, Organization: "FaktuPro sandbox"}, key, now())
		if err != nil {
			return nil, err
		}
		return ksef.XAdES(ksef.NIPContext(seller), key, cert), nil
	}
}

// errNoCredential is permanent: no repetition helps, only configuration does.
var errNoCredential = errors.New("no KSeF credential is configured for this seller: FAKTUPRO_KSEF_NIP names another taxpayer")

// credential reads the configured login. It serves the configured taxpayer only.
func (k KSeFConfig) credential() (invoicing.CredentialFunc, error) {
	owner, err := pl.ParseNIP(k.NIP)
	if err != nil {
		return nil, err
	}
	cred, err := k.read(ksef.NIPContext(owner))
	if err != nil {
		return nil, err
	}
	return func(_ context.Context, seller pl.NIP) (ksef.Credential, error) {
		if seller != owner {
			return nil, errNoCredential
		}
		return cred, nil
	}, nil
}

func (k KSeFConfig) read(id ksef.ContextID) (ksef.Credential, error) {
	if k.CertificateFile == "" {
		token, err := readSecret(k.TokenFile)
		if err != nil {
			return nil, fmt.Errorf("FAKTUPRO_KSEF_TOKEN_FILE: %w", err)
		}
		return ksef.Token(id, ksef.NewSecret(string(bytes.TrimSpace(token)))), nil
	}
	key, err := readSecret(k.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("FAKTUPRO_KSEF_KEY_FILE: %w", err)
	}
	cert, err := os.ReadFile(k.CertificateFile)
	if err != nil {
		return nil, fmt.Errorf("FAKTUPRO_KSEF_CERTIFICATE_FILE: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("FAKTUPRO_KSEF_CERTIFICATE_FILE and FAKTUPRO_KSEF_KEY_FILE: %w", err)
	}
	signer, ok := pair.PrivateKey.(crypto.Signer)
	if !ok {
		return nil, errors.New("FAKTUPRO_KSEF_KEY_FILE: the key cannot sign")
	}
	return ksef.XAdES(id, signer, pair.Leaf), nil
}

// readCertificates reads every certificate of a PEM file.
func readCertificates(path string) ([]*x509.Certificate, error) {
	rest, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var certs []*x509.Certificate
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, errors.New("no certificate in the file: PEM is expected")
	}
	return certs, nil
}
