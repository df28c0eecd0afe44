package ksef

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

var inventoryDay = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func listed(serial CertificateSerial, state CertificateState, left time.Duration) *CertificateInfo {
	return &CertificateInfo{Serial: serial, Type: CertificateAuthentication, State: state, Subject: NIPIdentifier("5265877635"), ValidTo: inventoryDay.Add(left)}
}

func kinds(alarms []Alarm) []AlarmKind {
	var list []AlarmKind
	for _, a := range alarms {
		list = append(list, a.Kind)
	}
	return list
}

// certificateFile is a certificate as an installation holds it.
func certificateFile(serial int64, issuer string, left time.Duration) *x509.Certificate {
	return &x509.Certificate{SerialNumber: big.NewInt(serial), Issuer: pkix.Name{CommonName: issuer}, KeyUsage: x509.KeyUsageDigitalSignature, NotAfter: inventoryDay.Add(left)}
}

func TestCertificateInventoryJudges(t *testing.T) {
	const one, two = CertificateSerial("0000000000000001"), CertificateSerial("0000000000000002")
	ours := []*x509.Certificate{certificateFile(1, "TI CCK KSeF", 400*day)}
	qualified := func(left time.Duration) []*x509.Certificate {
		return []*x509.Certificate{certificateFile(77, "Kwalifikowany wystawca", left)}
	}
	for _, c := range []struct {
		name     string
		list     []*CertificateInfo
		inUse    []*x509.Certificate
		need     []CertificateType
		full     bool // no more certificates may be asked for
		alarms   []AlarmKind
		urgent   bool
		renewals int
	}{
		{"nothing", nil, nil, nil, false, nil, false, 0},
		{"good", []*CertificateInfo{listed(one, CertificateActive, 400*day)}, ours, []CertificateType{CertificateAuthentication}, false, nil, false, 1},
		{"ends in a month", []*CertificateInfo{listed(one, CertificateActive, 29*day)}, ours, nil, false, []AlarmKind{AlarmExpiring}, false, 1},
		{"ends in a week", []*CertificateInfo{listed(one, CertificateActive, 6*day)}, ours, nil, false, []AlarmKind{AlarmExpiring}, true, 1},
		{"ends and nobody uses it", []*CertificateInfo{listed(two, CertificateActive, 6*day)}, nil, nil, false, []AlarmKind{AlarmExpiring}, false, 1},
		{
			"renewed already",
			[]*CertificateInfo{listed(one, CertificateActive, 6*day), listed(two, CertificateActive, 700*day)},
			ours, nil, false, nil, false, 1,
		},
		{
			"the successor is revoked",
			[]*CertificateInfo{listed(one, CertificateActive, 6*day), listed(two, CertificateRevoked, 700*day)},
			ours, nil, false,
			[]AlarmKind{AlarmExpiring},
			true, 1,
		},
		{"no room for another", []*CertificateInfo{listed(one, CertificateActive, 400*day)}, ours, nil, true, []AlarmKind{AlarmNoQuota}, false, 1},
		{"revoked in use", []*CertificateInfo{listed(one, CertificateRevoked, 400*day)}, ours, nil, false, []AlarmKind{AlarmRevoked}, true, 0},
		{"being revoked in use", []*CertificateInfo{listed(one, CertificateBlocked, 400*day)}, ours, nil, false, []AlarmKind{AlarmRevoked}, true, 0},
		{"revoked and forgotten", []*CertificateInfo{listed(two, CertificateRevoked, 400*day)}, nil, nil, false, nil, false, 0},
		{"expired in use", []*CertificateInfo{listed(one, CertificateActive, -day)}, ours, nil, false, []AlarmKind{AlarmExpired}, true, 0},
		{"unknown to KSeF", []*CertificateInfo{listed(two, CertificateActive, 400*day)}, ours, nil, false, []AlarmKind{AlarmUnknown}, true, 1},
		{"none of the type", []*CertificateInfo{listed(one, CertificateActive, 400*day)}, ours, []CertificateType{CertificateOffline}, false, []AlarmKind{AlarmMissing}, true, 1},
		{"qualified, good", nil, qualified(400 * day), nil, false, nil, false, 0},
		{"qualified, ends", nil, qualified(3 * day), nil, false, []AlarmKind{AlarmExpiring}, true, 0},
		{"qualified, expired", nil, qualified(-day), nil, false, []AlarmKind{AlarmExpired}, true, 0},
	} {
		v := &CertificateInventory{Certificates: c.list, Quota: CertificateQuota{CanRequest: !c.full}}
		v.judge(InventoryConfig{InUse: c.inUse, Need: c.need}, inventoryDay)
		if got := kinds(v.Alarms); !slices.Equal(got, c.alarms) || len(v.Renewals) != c.renewals {
			t.Errorf("%s: %v and %d renewals, want %v and %d", c.name, got, len(v.Renewals), c.alarms, c.renewals)
		}
		for _, a := range v.Alarms {
			if a.Urgent != c.urgent || a.English == "" || a.Polish == "" || strings.Contains(a.English+a.Polish, "%!") {
				t.Errorf("%s: %+v", c.name, a)
			}
		}
	}
}

func TestTokenInventoryJudges(t *testing.T) {
	const one = "20260101-EC-2F67776000-97273B191A-65"
	made := func(state TokenState, used time.Duration) *KSeFToken {
		return &KSeFToken{Reference: one, State: state, Created: inventoryDay.Add(-300 * day), LastUsed: inventoryDay.Add(-used)}
	}
	for _, c := range []struct {
		name   string
		token  *KSeFToken
		inUse  bool
		now    time.Time
		usable bool
		alarms []AlarmKind
	}{
		{"in use, the end is near", made(TokenActive, day), true, inventoryDay, true, []AlarmKind{AlarmTokenEnds}},
		{"in use, the end is far", made(TokenActive, day), true, inventoryDay.AddDate(0, -6, 0), true, nil},
		{"the last minute", made(TokenActive, day), true, tokenLoginEnd().Add(-time.Minute), true, []AlarmKind{AlarmTokenEnds}},
		{"past the end", made(TokenActive, day), true, tokenLoginEnd(), false, []AlarmKind{AlarmTokenEnds}},
		{"idle", made(TokenActive, 100*day), false, inventoryDay.AddDate(0, -2, 0).Add(61 * day), true, []AlarmKind{AlarmTokenUnused, AlarmTokenEnds}},
		{"revoked and used here", made(TokenRevoked, day), true, inventoryDay.AddDate(0, -6, 0), false, []AlarmKind{AlarmTokenOff}},
		{"revoked and forgotten", made(TokenRevoked, day), false, inventoryDay, false, nil},
		{"failed", made(TokenFailed, day), false, inventoryDay, false, []AlarmKind{AlarmTokenFailed}},
		{"pending", made(TokenPending, day), false, inventoryDay, false, nil},
	} {
		cfg := TokenInventoryConfig{}
		if c.inUse {
			cfg.InUse = []string{one}
		}
		v := judgeTokens([]*KSeFToken{c.token}, cfg, c.now)
		if got := kinds(v.Alarms); !slices.Equal(got, c.alarms) || v.Tokens[0].Usable != c.usable {
			t.Errorf("%s: %v, usable %v", c.name, got, v.Tokens[0].Usable)
		}
		for _, a := range v.Alarms {
			if a.English == "" || a.Polish == "" || strings.Contains(a.English+a.Polish, "%!") {
				t.Errorf("%s: %+v", c.name, a)
			}
		}
	}
}
