package ksef

import (
	"context"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"time"
)

// What an issued certificate must not differ in, for errors.Is.
var (
	// ErrNoQuota: the subject has reached a limit of requests or certificates.
	// Revoke a certificate that is not needed any more.
	ErrNoQuota = errors.New("limit of certificates reached")
	// ErrWrongCertificate: KSeF issued something else than what was asked for.
	// Do not use it, and revoke it.
	ErrWrongCertificate = errors.New("certificate is not the one that was asked for")
)

// CertificateOrder asks for a KSeF certificate.
type CertificateOrder struct {
	// Name is for people: 5 to 100 letters, digits, blanks, dashes, underscores.
	// Choose one that is not in use: a request whose answer was lost is found by
	// it.
	Name string
	Type CertificateType
	// Signer is the key that the certificate will be for, RSA of 2048 bits or
	// P-256. It stays where it is, in a hardware module for example; it signs
	// the request once. Make a new key for every certificate.
	Signer crypto.Signer
	// ValidFrom is when the certificate is issued if zero.
	ValidFrom time.Time
}

const opCertificate = "get certificate"

// CertificateRequest is a request that KSeF has taken.
type CertificateRequest struct {
	account   *Account
	order     CertificateOrder
	reference string
	serial    CertificateSerial // known already after a lost answer
	data      EnrollmentData
}

// RequestCertificate asks KSeF for a certificate: it looks whether one may be
// asked for, reads whom it will name, makes the request with the order's key and
// sends it. Keep [CertificateRequest.Reference] and call Await.
//
// When the answer to the request is lost, the certificate is looked for by its
// name and key, because requests are counted.
func (a *Account) RequestCertificate(ctx context.Context, order CertificateOrder) (*CertificateRequest, error) {
	if order.Signer == nil || !enrollable(order.Signer.Public()) {
		return nil, invalid(opCertificate, "key must be RSA of 2048 bits or on the curve P-256")
	}
	quota, err := a.Certificates.Limits(ctx)
	if err != nil {
		return nil, err
	}
	if !quota.CanRequest {
		return nil, &Error{Op: opCertificate, Err: ErrNoQuota}
	}
	r := &CertificateRequest{account: a, order: order}
	if err := r.identify(ctx); err != nil {
		return nil, err
	}
	csr, err := r.data.CSR(order.Signer)
	if err != nil {
		return nil, err
	}
	sent, err := a.Certificates.Enroll(ctx, EnrollRequest{Name: order.Name, Type: order.Type, CSR: csr, ValidFrom: order.ValidFrom})
	if errors.Is(err, ErrOutcomeUnknown) {
		return r.find(ctx, err)
	}
	if err != nil {
		return nil, err
	}
	r.reference = sent.Reference
	return r, nil
}

// ResumeCertificate goes on with a request of an earlier process.
func (a *Account) ResumeCertificate(ctx context.Context, reference string, order CertificateOrder) (*CertificateRequest, error) {
	if _, plain := param(reference); !plain || order.Signer == nil {
		return nil, invalid(opCertificate, "reference or key is missing")
	}
	r := &CertificateRequest{account: a, order: order, reference: reference}
	if err := r.identify(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Reference is the number of the request, kept by KSeF for 30 days; "" when the
// certificate was found after a lost answer.
func (r *CertificateRequest) Reference() string { return r.reference }

func (r *CertificateRequest) identify(ctx context.Context) error {
	data, err := r.account.Certificates.EnrollmentData(ctx)
	if err != nil {
		return err
	}
	r.data = *data
	return nil
}

// findTries is how often a certificate is looked for after a lost answer.
const findTries = 4

func (r *CertificateRequest) find(ctx context.Context, lost error) (*CertificateRequest, error) {
	for try := range findTries {
		if try > 0 {
			if err := sleep(ctx, time.Second<<try); err != nil {
				return nil, lost
			}
		}
		for info, err := range r.account.Certificates.Query(ctx, CertificateFilter{Name: r.order.Name, Type: r.order.Type, State: CertificateActive}) {
			if err != nil {
				break
			}
			if list, err := r.account.Certificates.Retrieve(ctx, info.Serial); err == nil && len(list) == 1 && sameKey(list[0].Certificate, r.order.Signer.Public()) {
				r.serial = info.Serial
				return r, nil
			}
		}
	}
	return nil, lost
}

// Await waits until the certificate is issued, downloads it and verifies that it
// is for the key, the subject and the use that were asked for
// (ErrWrongCertificate). A refusal is a [*StatusError].
func (r *CertificateRequest) Await(ctx context.Context) (*KSeFCertificate, error) {
	if r.serial == "" {
		status, err := r.account.WaitEnrollment(ctx, r.reference)
		if err == nil {
			err = status.Err()
		}
		if err != nil {
			return nil, err
		}
		r.serial = status.Serial
	}
	list, err := r.account.Certificates.Retrieve(ctx, r.serial)
	if err != nil {
		return nil, err
	}
	if len(list) != 1 || list[0].Serial != r.serial {
		return nil, &Error{Op: opCertificate, Err: ErrProtocol}
	}
	if err := r.check(list[0]); err != nil {
		return nil, &Error{Op: opCertificate, Err: fmt.Errorf("%w: %w", ErrWrongCertificate, err)}
	}
	return &list[0], nil
}

var (
	errOtherKey     = errors.New("it is for another key")
	errOtherSubject = errors.New("it names somebody else")
	errOtherType    = errors.New("it is for another use")
	errOtherTime    = errors.New("it is not valid in the time asked for")
)

func (r *CertificateRequest) check(got KSeFCertificate) error {
	usage, known := usageType(got.Certificate)
	switch cert := got.Certificate; {
	case !sameKey(cert, r.order.Signer.Public()):
		return errOtherKey
	case !r.data.named(cert):
		return errOtherSubject
	case got.Type != r.order.Type, !known, usage != r.order.Type:
		return errOtherType
	case !cert.NotAfter.After(r.account.client.now()), cert.NotAfter.Before(r.order.ValidFrom):
		return errOtherTime
	}
	return nil
}

// named reports whether a certificate names exactly whom the data name.
func (d EnrollmentData) named(cert *x509.Certificate) bool {
	want := map[string]string{
		"2.5.4.3": d.CommonName, "2.5.4.4": d.Surname, "2.5.4.42": d.GivenName, "2.5.4.10": d.OrganizationName,
		"2.5.4.97": d.OrganizationIdentifier, "2.5.4.6": d.CountryName, "2.5.4.5": d.SerialNumber, "2.5.4.45": d.UniqueIdentifier,
	}
	for _, a := range cert.Subject.Names {
		expected, asked := want[a.Type.String()]
		if !asked || expected != attributeText(a) {
			return false
		}
		delete(want, a.Type.String())
	}
	for _, missing := range want {
		if missing != "" {
			return false
		}
	}
	return true
}

func attributeText(a pkix.AttributeTypeAndValue) string {
	text, _ := a.Value.(string)
	return text
}
