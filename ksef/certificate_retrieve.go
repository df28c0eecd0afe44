package ksef

import (
	"context"
	"crypto/x509"
	"fmt"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// KSeFCertificate is a certificate that KSeF issued.
type KSeFCertificate struct {
	Certificate *x509.Certificate
	Name        string
	Serial      CertificateSerial
	Type        CertificateType
}

type wireRetrieve struct {
	Serials []CertificateSerial `json:"certificateSerialNumbers"`
}

type wireCertificate struct {
	Certificate             []byte            `json:"certificate"`
	CertificateName         string            `json:"certificateName"`
	CertificateSerialNumber CertificateSerial `json:"certificateSerialNumber"`
	CertificateType         CertificateType   `json:"certificateType"`
}

type wireRetrieved struct {
	Certificates []wireCertificate `json:"certificates"`
}

// Retrieve downloads up to 10 certificates by their serial numbers. One that
// does not have the serial number it was asked for by is refused with
// ErrHashMismatch.
//
// Needs no permission; group other.
//
//ksef:op POST /certificates/retrieve
func (s *CertificatesService) Retrieve(ctx context.Context, serials ...CertificateSerial) ([]KSeFCertificate, error) {
	const op = "retrieve certificates"
	c := checker{op: op}
	c.count("certificateSerialNumbers", len(serials), 1, 10, "serial number")
	for i, serial := range serials {
		c.serial(index("certificateSerialNumbers", i), serial)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	k, err := call{op: op, class: httpx.Read, group: GroupOther, method: "POST", path: "/certificates/retrieve"}.with(wireRetrieve{serials})
	if err != nil {
		return nil, err
	}
	w, err := ask[wireRetrieved](ctx, s.account, k)
	if err != nil {
		return nil, err
	}
	list := make([]KSeFCertificate, 0, len(w.Certificates))
	for _, item := range w.Certificates {
		cert, err := item.public()
		if err != nil {
			return nil, &Error{Op: op, Err: err}
		}
		list = append(list, cert)
	}
	return list, nil
}

func (w wireCertificate) public() (KSeFCertificate, error) {
	cert, err := x509.ParseCertificate(w.Certificate)
	if err != nil {
		return KSeFCertificate{}, fmt.Errorf("certificate unreadable: %w", ErrProtocol)
	}
	if SerialOf(cert) != w.CertificateSerialNumber {
		return KSeFCertificate{}, fmt.Errorf("serial number of the certificate: %w", ErrHashMismatch)
	}
	return KSeFCertificate{cert, w.CertificateName, w.CertificateSerialNumber, w.CertificateType}, nil
}

// SerialOf is the serial number of a certificate as KSeF writes it.
func SerialOf(cert *x509.Certificate) CertificateSerial {
	return CertificateSerial(fmt.Sprintf("%016X", cert.SerialNumber))
}

// RevocationReason is why a certificate is revoked.
type RevocationReason string

// The reasons.
const (
	RevokedUnspecified   RevocationReason = "Unspecified"
	RevokedSuperseded    RevocationReason = "Superseded"
	RevokedKeyCompromise RevocationReason = "KeyCompromise"
)

type wireRevocation struct {
	Reason RevocationReason `json:"revocationReason,omitempty"`
}

// Revoke ends a certificate for good; the reason may be "". A certificate that
// is not active any more is CodeCertificateNotActive.
//
// Needs no permission; group other.
//
//ksef:op POST /certificates/{certificateSerialNumber}/revoke
func (s *CertificatesService) Revoke(ctx context.Context, serial CertificateSerial, reason RevocationReason) error {
	const op = "revoke certificate"
	c := checker{op: op}
	c.serial("certificateSerialNumber", serial)
	if reason != "" {
		oneOf(&c, "revocationReason", reason, RevokedUnspecified, RevokedSuperseded, RevokedKeyCompromise)
	}
	if err := c.err(); err != nil {
		return err
	}
	k := call{op: op, class: httpx.Once, group: GroupOther, method: "POST", path: "/certificates/" + string(serial) + "/revoke"}
	return effect(ctx, s.account, k, wireRevocation{reason})
}
