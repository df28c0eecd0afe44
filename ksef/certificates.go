package ksef

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
	"time"

	"github.com/faktupro/faktupro-go/internal/httpx"
)

// CertificatesService has the calls of KSeF certificates, one method each. A
// certificate belongs to the subject who logged in, whatever the context, and
// gives no permissions. All calls that change something need a login with a
// certificate or signature, not with a token.
type CertificatesService struct{ account *Account }

// CertificateType is what a KSeF certificate is for. A certificate serves for
// one of the two only.
type CertificateType string

// The types.
const (
	CertificateAuthentication CertificateType = "Authentication" // logs in
	CertificateOffline        CertificateType = "Offline"        // signs the codes on offline invoices
)

// CertificateState is the state of a KSeF certificate. States that KSeF adds
// are kept as they come.
type CertificateState string

// The states of a certificate.
const (
	CertificateActive  CertificateState = "Active"
	CertificateBlocked CertificateState = "Blocked" // being revoked
	CertificateRevoked CertificateState = "Revoked"
	CertificateExpired CertificateState = "Expired"
)

// CertificateSerial is the serial number of a KSeF certificate: 16 capital
// hexadecimal digits, leading zeros included.
type CertificateSerial string

// Valid reports whether s has the form of a serial number.
func (s CertificateSerial) Valid() bool { return plain(string(s), 16, 16, upperHex) }

func (c *checker) serial(field string, s CertificateSerial) {
	c.need(s != "", field, RuleRequired, "give the serial number")
	c.need(s.Valid(), field, RulePattern, "write 16 capital hexadecimal digits, leading zeros included")
}

// CertificateQuota tells how many certificates there may still be.
type CertificateQuota struct {
	CanRequest  bool  `json:"canRequest"`
	Enrollment  Quota `json:"enrollment"`  // requests
	Certificate Quota `json:"certificate"` // certificates in force
}

// Quota is what is left of a limit.
type Quota struct {
	Remaining int `json:"remaining"`
	Limit     int `json:"limit"`
}

// Limits reads how many certificates the subject may still ask for.
//
// Needs no permission; group other.
//
//ksef:op GET /certificates/limits
func (s *CertificatesService) Limits(ctx context.Context) (*CertificateQuota, error) {
	return ask[CertificateQuota](ctx, s.account, call{op: "get certificate limits", class: httpx.Read, group: GroupOther, method: "GET", path: "/certificates/limits"})
}

// EnrollmentData is whom a certificate will name. It has to stand in the
// request (CSR) letter by letter.
type EnrollmentData struct {
	CommonName             string `json:"commonName"`
	CountryName            string `json:"countryName"`
	GivenName              string `json:"givenName"`
	Surname                string `json:"surname"`
	SerialNumber           string `json:"serialNumber"`
	UniqueIdentifier       string `json:"uniqueIdentifier"`
	OrganizationName       string `json:"organizationName"`
	OrganizationIdentifier string `json:"organizationIdentifier"`
}

// EnrollmentData reads what a request for a certificate has to contain.
//
// Needs no permission; group other.
//
//ksef:op GET /certificates/enrollments/data
func (s *CertificatesService) EnrollmentData(ctx context.Context) (*EnrollmentData, error) {
	return ask[EnrollmentData](ctx, s.account, call{op: "get certificate request data", class: httpx.Read, group: GroupOther, method: "GET", path: "/certificates/enrollments/data"})
}

// EnrollRequest asks for a certificate.
type EnrollRequest struct {
	// Name is for people: 5 to 100 letters, digits, blanks, dashes, underscores.
	Name string          `json:"certificateName"`
	Type CertificateType `json:"certificateType"`
	// CSR is a PKCS #10 request in DER, as [EnrollmentData.CSR] makes it.
	CSR []byte `json:"csr"`
	// ValidFrom is when the certificate is issued if zero.
	ValidFrom time.Time `json:"validFrom,omitzero"`
}

// Enrollment is a request for a certificate that KSeF has taken.
type Enrollment struct {
	Reference string    `json:"referenceNumber"`
	Timestamp time.Time `json:"timestamp"`
}

// UnmarshalJSON reads an answer of the API.
func (e *Enrollment) UnmarshalJSON(data []byte) error {
	type fields Enrollment
	w := struct {
		*fields
		Timestamp wireTime `json:"timestamp"`
	}{fields: (*fields)(e)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	e.Timestamp = w.Timestamp.Time
	return nil
}

// Enroll asks for a certificate. When the outcome is unknown, look with Query
// for a certificate of the name before asking again: requests are counted.
//
// Needs no permission; group other.
//
//ksef:op POST /certificates/enrollments
func (s *CertificatesService) Enroll(ctx context.Context, request EnrollRequest) (*Enrollment, error) {
	const op = "enrol certificate"
	c := checker{op: op}
	c.text("certificateName", request.Name, 5, 100)
	c.need(certificateName(request.Name), "certificateName", RulePattern, "use letters, digits, blanks, dashes and underscores only")
	oneOf(&c, "certificateType", request.Type, CertificateAuthentication, CertificateOffline)
	c.need(len(request.CSR) > 0, "csr", RuleRequired, "give the certificate request in DER")
	if err := c.err(); err != nil {
		return nil, err
	}
	if !request.ValidFrom.IsZero() {
		request.ValidFrom = request.ValidFrom.UTC()
	}
	k, err := call{op: op, class: httpx.Once, group: GroupOther, method: "POST", path: "/certificates/enrollments"}.with(request)
	if err != nil {
		return nil, err
	}
	e, err := ask[Enrollment](ctx, s.account, k)
	if err == nil && e.Reference == "" {
		return nil, &Error{Op: op, Status: 202, Err: ErrProtocol, unknown: true}
	}
	return e, err
}

func certificateName(s string) bool {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_- ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", r)
	}
	return !strings.ContainsFunc(s, odd)
}

// Statuses of a request for a certificate, see [EnrollmentStatus].
const (
	EnrollmentAccepted = 100
	EnrollmentIssued   = 200
	EnrollmentRejected = 400 // key already certified for somebody else, or limit reached
)

var enrollmentStatuses = []statusFact{
	{EnrollmentAccepted, "accepted for processing", nil, false},
	{EnrollmentIssued, "certificate issued", nil, false},
	{EnrollmentRejected, "rejected: key certified for another subject, or limit of certificates reached", ErrRejected, false},
	{StatusUnknownError, "unknown error", ErrUnavailable, false},
	{StatusCancelledBySystem, "cancelled by the system", ErrUnavailable, true},
}

// EnrollmentStatus is the state of a request for a certificate.
type EnrollmentStatus struct {
	RequestDate time.Time `json:"requestDate"`
	Status      Status    `json:"status"`
	// Serial is the number of the certificate, once it is issued.
	Serial CertificateSerial `json:"certificateSerialNumber"`
}

// UnmarshalJSON reads a status of the API.
func (s *EnrollmentStatus) UnmarshalJSON(data []byte) error {
	type fields EnrollmentStatus
	w := struct {
		*fields
		RequestDate wireTime `json:"requestDate"`
	}{fields: (*fields)(s)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	s.RequestDate = w.RequestDate.Time
	return nil
}

// Err is nil while the request is processed and when the certificate was
// issued, else a [*StatusError].
func (s *EnrollmentStatus) Err() error {
	return statusError("enrol certificate", "", s.Status, enrollmentStatuses)
}

// EnrollmentStatus reads the state of a request. It is kept 30 days (ErrGone
// afterwards).
//
// Needs no permission; group other.
//
//ksef:op GET /certificates/enrollments/{referenceNumber}
func (s *CertificatesService) EnrollmentStatus(ctx context.Context, reference string) (*EnrollmentStatus, error) {
	const op = "get certificate enrolment status"
	p, err := path(op, "/certificates/enrollments/", reference)
	if err != nil {
		return nil, err
	}
	status, err := ask[EnrollmentStatus](ctx, s.account, call{op: op, class: httpx.Poll, group: GroupOther, method: "GET", path: p})
	if err == nil && status.Status.Code == 0 {
		return nil, &Error{Op: op, Status: 200, Err: ErrProtocol}
	}
	return status, err
}

// WaitEnrollment asks for the state of a request until it is final. Refusal is
// not an error of WaitEnrollment: see [EnrollmentStatus.Err].
func (a *Account) WaitEnrollment(ctx context.Context, reference string) (*EnrollmentStatus, error) {
	return poll(ctx, a.client.poll, "wait for certificate",
		func(ctx context.Context) (*EnrollmentStatus, error) {
			return a.Certificates.EnrollmentStatus(ctx, reference)
		},
		func(s *EnrollmentStatus) bool { return s.Status.Final() })
}

// CertificateFilter narrows a list of certificates. The zero filter takes all.
type CertificateFilter struct {
	Serial       CertificateSerial `json:"certificateSerialNumber,omitempty"`
	Name         string            `json:"name,omitempty"` // contained in it
	Type         CertificateType   `json:"type,omitempty"`
	State        CertificateState  `json:"status,omitempty"`
	ExpiresAfter time.Time         `json:"expiresAfter,omitzero"`
}

// CertificateInfo is one certificate of a list.
type CertificateInfo struct {
	Serial     CertificateSerial `json:"certificateSerialNumber"`
	Name       string            `json:"name"`
	Type       CertificateType   `json:"type"`
	CommonName string            `json:"commonName"`
	State      CertificateState  `json:"status"`
	// Subject is a Nip, Pesel or Fingerprint.
	Subject   Identifier `json:"subjectIdentifier"`
	ValidFrom time.Time  `json:"validFrom"`
	ValidTo   time.Time  `json:"validTo"`
	LastUsed  time.Time  `json:"lastUseDate"` // zero if never
	Requested time.Time  `json:"requestDate"`
}

// UnmarshalJSON reads a certificate of the API.
func (i *CertificateInfo) UnmarshalJSON(data []byte) error {
	type fields CertificateInfo
	w := struct {
		*fields
		ValidFrom wireTime `json:"validFrom"`
		ValidTo   wireTime `json:"validTo"`
		LastUsed  wireTime `json:"lastUseDate"`
		Requested wireTime `json:"requestDate"`
	}{fields: (*fields)(i)}
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	i.ValidFrom, i.ValidTo = w.ValidFrom.Time, w.ValidTo.Time
	i.LastUsed, i.Requested = w.LastUsed.Time, w.Requested.Time
	return nil
}

type wireCertificates struct {
	Certificates []*CertificateInfo `json:"certificates"`
	HasMore      bool               `json:"hasMore"`
}

// Query gives the certificates of the subject, the latest request first.
//
// Needs no permission; group other.
//
//ksef:op POST /certificates/query
func (s *CertificatesService) Query(ctx context.Context, filter CertificateFilter) iter.Seq2[*CertificateInfo, error] {
	const op = "list certificates"
	c := checker{op: op}
	if filter.Serial != "" {
		c.serial("certificateSerialNumber", filter.Serial)
	}
	if filter.Type != "" {
		oneOf(&c, "type", filter.Type, CertificateAuthentication, CertificateOffline)
	}
	if filter.State != "" {
		oneOf(&c, "status", filter.State, CertificateActive, CertificateBlocked, CertificateRevoked, CertificateExpired)
	}
	if err := c.err(); err != nil {
		return broken[*CertificateInfo](err)
	}
	if !filter.ExpiresAfter.IsZero() {
		filter.ExpiresAfter = filter.ExpiresAfter.UTC()
	}
	k, err := call{op: op, class: httpx.Read, group: GroupOther, method: "POST", path: "/certificates/query"}.with(filter)
	if err != nil {
		return broken[*CertificateInfo](err)
	}
	return numbered(ctx, s.account, k, 50, func(w *wireCertificates) ([]*CertificateInfo, bool) { return w.Certificates, w.HasMore })
}
