package ksef

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"time"
)

// AlarmKind names what is wrong with a credential.
type AlarmKind string

// The alarms about certificates and tokens.
const (
	AlarmExpired     AlarmKind = "expired"        // it has ended
	AlarmExpiring    AlarmKind = "expiring"       // it ends within the lead time
	AlarmRevoked     AlarmKind = "revoked"        // revoked, or being revoked
	AlarmUnknown     AlarmKind = "unknown"        // in use here and not known to KSeF
	AlarmMissing     AlarmKind = "missing"        // none of a type is active
	AlarmNoQuota     AlarmKind = "no_quota"       // renewal will be refused
	AlarmTokenFailed AlarmKind = "token_failed"   // never became active
	AlarmTokenEnds   AlarmKind = "token_login"    // the end of logins with tokens
	AlarmTokenUnused AlarmKind = "token_idle"     // active and not used for long
	AlarmTokenOff    AlarmKind = "token_inactive" // in use here and revoked
)

// Alarm is something to do about a certificate or a token, in both languages.
type Alarm struct {
	Kind AlarmKind
	// Urgent tells that logging in or issuing offline fails now, or within a
	// week.
	Urgent bool
	// Serial is that of the certificate, Token the reference of the token.
	Serial CertificateSerial
	Token  string
	// Due is when it has to be done, zero for now.
	Due             time.Time
	English, Polish string
}

// InventoryConfig says what an inventory looks at. The zero InventoryConfig
// warns 30 days ahead.
type InventoryConfig struct {
	// Lead is how long before its end a certificate is to be renewed.
	Lead time.Duration
	// InUse are the certificates with which this installation logs in and signs:
	// of these, revocation and end are urgent.
	InUse []*x509.Certificate
	// Need are the types of which one has to be active.
	Need []CertificateType
}

const (
	inventoryLead = 30 * 24 * time.Hour
	urgentWithin  = 7 * 24 * time.Hour
)

// CertificateInventory is what KSeF knows about the subject's certificates and
// what is to be done.
type CertificateInventory struct {
	Certificates []*CertificateInfo
	Quota        CertificateQuota
	Alarms       []Alarm
	// Renewals are the certificates to be renewed, the first to end first.
	Renewals []Renewal
}

// Renewal is a certificate that ends and has no successor.
type Renewal struct {
	Serial  CertificateSerial
	Type    CertificateType
	Name    string
	Due     time.Time // the lead time before its end
	Expires time.Time
}

// CertificateInventory lists the certificates of the subject and judges them.
// Ask once a day; revocation of a certificate in use shows here first.
func (a *Account) CertificateInventory(ctx context.Context, cfg InventoryConfig) (*CertificateInventory, error) {
	quota, err := a.Certificates.Limits(ctx)
	if err != nil {
		return nil, err
	}
	v := &CertificateInventory{Quota: *quota}
	for info, err := range a.Certificates.Query(ctx, CertificateFilter{}) {
		if err != nil {
			return nil, err
		}
		v.Certificates = append(v.Certificates, info)
	}
	v.judge(cfg, a.client.now())
	return v, nil
}

// judge fills alarms and renewals from the list. A certificate in use that its
// issuer is not KSeF (a qualified one) is judged by its end alone.
func (v *CertificateInventory) judge(cfg InventoryConfig, now time.Time) {
	if cfg.Lead <= 0 {
		cfg.Lead = inventoryLead
	}
	used := map[CertificateSerial]bool{}
	for _, cert := range cfg.InUse {
		used[SerialOf(cert)] = true
	}
	for _, c := range v.Certificates {
		v.judgeOne(c, used[c.Serial], cfg.Lead, now)
		delete(used, c.Serial)
	}
	for _, cert := range cfg.InUse {
		if used[SerialOf(cert)] {
			v.judgeForeign(cert, cfg.Lead, now)
		}
	}
	for _, t := range cfg.Need {
		v.judgeNeed(t, now)
	}
	slices.SortStableFunc(v.Renewals, func(a, b Renewal) int { return a.Expires.Compare(b.Expires) })
	if len(v.Renewals) > 0 && !v.Quota.CanRequest {
		v.Alarms = append(v.Alarms, Alarm{
			Kind: AlarmNoQuota, Due: v.Renewals[0].Expires,
			English: "KSeF will not issue another certificate: revoke one that is not needed any more before renewing",
			Polish:  "KSeF nie wyda kolejnego certyfikatu: przed odnowieniem unieważnij certyfikat, który nie jest już potrzebny",
		})
	}
}

func (c *CertificateInfo) active(now time.Time) bool {
	return c.State == CertificateActive && c.ValidTo.After(now)
}

// judgeOne: what nobody uses here may end or be revoked quietly.
func (v *CertificateInventory) judgeOne(c *CertificateInfo, used bool, lead time.Duration, now time.Time) {
	alarm := Alarm{Serial: c.Serial, Urgent: used}
	switch {
	case c.State == CertificateRevoked, c.State == CertificateBlocked:
		alarm = revoked(alarm)
	case !c.active(now):
		alarm = expired(alarm)
	case v.succeeded(c):
		return
	default:
		v.Renewals = append(v.Renewals, Renewal{c.Serial, c.Type, c.Name, c.ValidTo.Add(-lead), c.ValidTo})
		if c.ValidTo.Sub(now) <= lead {
			v.Alarms = append(v.Alarms, expiring(alarm, c.ValidTo, now))
		}
		return
	}
	if used {
		v.Alarms = append(v.Alarms, alarm)
	}
}

func revoked(a Alarm) Alarm {
	a.Kind = AlarmRevoked
	a.English = fmt.Sprintf("certificate %s is revoked and serves for nothing any more: replace it", a.Serial)
	a.Polish = fmt.Sprintf("certyfikat %s jest unieważniony i nie działa: zastąp go nowym", a.Serial)
	return a
}

func expired(a Alarm) Alarm {
	a.Kind = AlarmExpired
	a.English = fmt.Sprintf("certificate %s has expired: replace it", a.Serial)
	a.Polish = fmt.Sprintf("certyfikat %s stracił ważność: zastąp go nowym", a.Serial)
	return a
}

func expiring(a Alarm, end, now time.Time) Alarm {
	days := int(end.Sub(now) / (24 * time.Hour))
	a.Kind, a.Due = AlarmExpiring, end
	a.Urgent = a.Urgent && end.Sub(now) <= urgentWithin
	a.English = fmt.Sprintf("certificate %s ends in %d days: get a new one while the old one still logs in", a.Serial, days)
	a.Polish = fmt.Sprintf("certyfikat %s straci ważność za %d dni: pobierz nowy, dopóki stary pozwala się zalogować", a.Serial, days)
	return a
}

// succeeded reports whether an active certificate of the same type and subject
// ends later.
func (v *CertificateInventory) succeeded(c *CertificateInfo) bool {
	return slices.ContainsFunc(v.Certificates, func(other *CertificateInfo) bool {
		return other.Type == c.Type && other.Subject == c.Subject && other.State == CertificateActive && other.ValidTo.After(c.ValidTo)
	})
}

func (v *CertificateInventory) judgeForeign(cert *x509.Certificate, lead time.Duration, now time.Time) {
	alarm := Alarm{Serial: SerialOf(cert), Urgent: true}
	_, issuedByKSeF := CertificateTypeOf(cert)
	switch {
	case issuedByKSeF:
		alarm.Kind = AlarmUnknown
		alarm.English = fmt.Sprintf("certificate %s is in use here and KSeF does not list it for this subject: check who is logged in, and replace it", alarm.Serial)
		alarm.Polish = fmt.Sprintf("certyfikat %s jest tu używany, a KSeF nie wykazuje go dla tego podmiotu: sprawdź, kto jest zalogowany, i zastąp go", alarm.Serial)
	case !cert.NotAfter.After(now):
		alarm = expired(alarm)
	case cert.NotAfter.Sub(now) <= lead:
		alarm = expiring(alarm, cert.NotAfter, now)
	default:
		return
	}
	v.Alarms = append(v.Alarms, alarm)
}

func (v *CertificateInventory) judgeNeed(t CertificateType, now time.Time) {
	if slices.ContainsFunc(v.Certificates, func(c *CertificateInfo) bool { return c.Type == t && c.active(now) }) {
		return
	}
	v.Alarms = append(v.Alarms, Alarm{
		Kind: AlarmMissing, Urgent: true,
		English: fmt.Sprintf("there is no active KSeF certificate of type %s: get one", t),
		Polish:  fmt.Sprintf("nie ma aktywnego certyfikatu KSeF typu %s: pobierz go", t),
	})
}
