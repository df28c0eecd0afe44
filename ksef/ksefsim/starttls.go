package ksefsim

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"
)

// Start serves on a free port of the loopback interface and returns the address,
// as "http://127.0.0.1:40123", and what stops serving. It panics when the
// machine has no such port, as net/http/httptest does.
func (s *Server) Start() (baseURL string, stop func()) {
	listener := loopback()
	return "http://" + listener.Addr().String(), s.serveOn(listener)
}

// StartTLS is Start over TLS. Roots trusts the certificate that it shows, which
// is for 127.0.0.1, ::1 and localhost.
func (s *Server) StartTLS() (baseURL string, roots *x509.CertPool, stop func(), err error) {
	cert, err := s.serverCertificate()
	if err != nil {
		return "", nil, nil, err
	}
	roots = x509.NewCertPool()
	roots.AddCert(s.authorities().qualified.cert)
	listener := loopback()
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	return "https://" + listener.Addr().String(), roots, s.serveOn(tls.NewListener(listener, config)), nil
}

func loopback() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("ksefsim: no port on the loopback interface: %v", err))
	}
	return listener
}

func (s *Server) serveOn(listener net.Listener) (stop func()) {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // always http.ErrServerClosed after Close
	}()
	return func() {
		_ = server.Close()
		<-done
	}
}

// serverCertificate makes a certificate for the loopback interface, valid as long
// as its issuer: a clock of tests may be years away from that of TLS.
func (s *Server) serverCertificate() (tls.Certificate, error) {
	key, err := newECKey(s.chance)
	if err != nil {
		return tls.Certificate{}, err
	}
	issuer := s.authorities().qualified
	der, err := issuer.issue(&x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(newSerial(s.chance)),
		Subject:      pkix.Name{CommonName: "localhost"},
		NotBefore:    issuer.cert.NotBefore,
		NotAfter:     issuer.cert.NotAfter,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}, key.Public(), s.chance)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
