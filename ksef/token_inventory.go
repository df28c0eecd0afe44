package ksef

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// TokenLoginEnds is the last day on which KSeF tokens log in, as the Ministry of
// Finance announced it; afterwards certificates and signatures do. Tokens have
// no other end of their own.
func TokenLoginEnds() pl.Date { return pl.NewDate(2026, time.December, 31) }

// tokenLoginEnd is the first instant after that day, in Poland.
func tokenLoginEnd() time.Time { return TokenLoginEnds().AddDays(1).Start() }

// TokenInventory is what KSeF knows about the tokens that the login may see, and
// what is to be done.
type TokenInventory struct {
	Tokens []TokenHealth
	// LoginEnds is when tokens stop to log in.
	LoginEnds time.Time
	Alarms    []Alarm
}

// TokenHealth is one token.
type TokenHealth struct {
	*KSeFToken
	// Usable tells that the token logs in now, Until until when.
	Usable bool
	Until  time.Time
}

// TokenInventoryConfig says what an inventory of tokens looks at.
type TokenInventoryConfig struct {
	// InUse are the references of the tokens with which this installation logs
	// in: the part of a token before the first "|".
	InUse []string
	// Idle is after how long without use a token is reported, 90 days if zero:
	// what nobody uses should be revoked.
	Idle time.Duration
	// Lead is how long before the end of logins with tokens it is reported, 90
	// days if zero.
	Lead time.Duration
}

const tokenLead = 90 * 24 * time.Hour

// TokenInventory lists tokens and judges them.
func (a *Account) TokenInventory(ctx context.Context, cfg TokenInventoryConfig) (*TokenInventory, error) {
	var tokens []*KSeFToken
	for t, err := range a.Tokens.List(ctx, TokenFilter{}) {
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
	return judgeTokens(tokens, cfg, a.client.now()), nil
}

func judgeTokens(tokens []*KSeFToken, cfg TokenInventoryConfig, now time.Time) *TokenInventory {
	if cfg.Idle <= 0 {
		cfg.Idle = tokenLead
	}
	if cfg.Lead <= 0 {
		cfg.Lead = tokenLead
	}
	v := &TokenInventory{LoginEnds: tokenLoginEnd()}
	for _, t := range tokens {
		h := TokenHealth{KSeFToken: t, Usable: t.State == TokenActive && now.Before(v.LoginEnds)}
		if t.State == TokenActive || t.State == TokenPending {
			h.Until = v.LoginEnds
		}
		v.Tokens = append(v.Tokens, h)
		v.judge(h, slices.Contains(cfg.InUse, t.Reference), cfg.Idle, now)
	}
	if left := v.LoginEnds.Sub(now); left <= cfg.Lead && v.matters(cfg) {
		v.Alarms = append(v.Alarms, Alarm{
			Kind: AlarmTokenEnds, Urgent: left <= urgentWithin, Due: v.LoginEnds,
			English: fmt.Sprintf("logging in with KSeF tokens ends with %s: get a KSeF certificate of type Authentication and log in with it", TokenLoginEnds()),
			Polish:  fmt.Sprintf("logowanie tokenem KSeF kończy się z dniem %s: pobierz certyfikat KSeF typu Authentication i loguj się nim", TokenLoginEnds()),
		})
	}
	return v
}

// matters reports whether somebody would notice that tokens end.
func (v *TokenInventory) matters(cfg TokenInventoryConfig) bool {
	return len(cfg.InUse) > 0 || slices.ContainsFunc(v.Tokens, func(h TokenHealth) bool { return h.State == TokenActive })
}

func (v *TokenInventory) judge(h TokenHealth, used bool, idle time.Duration, now time.Time) {
	alarm := Alarm{Token: h.Reference, Urgent: used}
	last := h.LastUsed
	if last.IsZero() {
		last = h.Created
	}
	switch {
	case h.State == TokenFailed:
		alarm.Kind = AlarmTokenFailed
		alarm.English = fmt.Sprintf("token %s never became active: make another", h.Reference)
		alarm.Polish = fmt.Sprintf("token %s nie został aktywowany: utwórz nowy", h.Reference)
	case used && (h.State == TokenRevoked || h.State == TokenRevoking):
		alarm.Kind = AlarmTokenOff
		alarm.English = fmt.Sprintf("token %s is in use here and revoked: log in another way", h.Reference)
		alarm.Polish = fmt.Sprintf("token %s jest tu używany, a został unieważniony: zaloguj się inaczej", h.Reference)
	case h.State == TokenActive && !used && !last.IsZero() && now.Sub(last) > idle:
		alarm.Kind = AlarmTokenUnused
		alarm.English = fmt.Sprintf("token %s has not been used for %d days: revoke it if nobody needs it", h.Reference, int(now.Sub(last)/(24*time.Hour)))
		alarm.Polish = fmt.Sprintf("token %s nie był używany od %d dni: unieważnij go, jeśli nie jest potrzebny", h.Reference, int(now.Sub(last)/(24*time.Hour)))
	default:
		return
	}
	v.Alarms = append(v.Alarms, alarm)
}
