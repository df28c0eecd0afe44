package ksef

// The shapes of the login calls on the wire. Property names are those of the
// contract; members that the contract adds later are ignored.

type wireStatus struct {
	Code        int      `json:"code"`
	Description string   `json:"description"`
	Details     []string `json:"details"`
}

func (w wireStatus) public() Status {
	return Status{Code: w.Code, Description: clip(w.Description), Details: clipAll(w.Details)}
}

type wireChallenge struct {
	Challenge   string   `json:"challenge"`
	Timestamp   wireTime `json:"timestamp"`
	TimestampMs int64    `json:"timestampMs"`
	ClientIP    string   `json:"clientIp"`
}

type wireTokenLogin struct {
	Challenge           string      `json:"challenge"`
	ContextIdentifier   ContextID   `json:"contextIdentifier"`
	EncryptedToken      []byte      `json:"encryptedToken"`
	PublicKeyID         string      `json:"publicKeyId,omitempty"`
	AuthorizationPolicy *wirePolicy `json:"authorizationPolicy,omitempty"`
}

type wireToken struct {
	Token      string   `json:"token"`
	ValidUntil wireTime `json:"validUntil"`
}

func (w wireToken) public() TokenInfo {
	until := w.ValidUntil.Time
	if until.IsZero() {
		until, _ = jwtExpiry(w.Token)
	}
	return TokenInfo{Value: NewSecret(w.Token), ValidUntil: until}
}

type wireAuthInit struct {
	ReferenceNumber     string    `json:"referenceNumber"`
	AuthenticationToken wireToken `json:"authenticationToken"`
}

type wireTokens struct {
	AccessToken  wireToken `json:"accessToken"`
	RefreshToken wireToken `json:"refreshToken"`
}

type wireRefresh struct {
	AccessToken wireToken `json:"accessToken"`
}

type wireAuthMethod struct {
	Category    LoginCategory `json:"category"`
	Code        string        `json:"code"`
	DisplayName string        `json:"displayName"`
}

// wireAuthStatus leaves out authenticationMethod, which the contract withdraws
// in favour of authenticationMethodInfo.
type wireAuthStatus struct {
	StartDate                wireTime       `json:"startDate"`
	AuthenticationMethodInfo wireAuthMethod `json:"authenticationMethodInfo"`
	Status                   wireStatus     `json:"status"`
	IsTokenRedeemed          bool           `json:"isTokenRedeemed"`
	LastTokenRefreshDate     wireTime       `json:"lastTokenRefreshDate"`
	RefreshTokenValidUntil   wireTime       `json:"refreshTokenValidUntil"`
}

func (w *wireAuthStatus) public() *AuthStatus {
	return &AuthStatus{
		Status:                 w.Status.public(),
		StartDate:              w.StartDate.Time,
		Method:                 AuthMethod(w.AuthenticationMethodInfo),
		TokenRedeemed:          w.IsTokenRedeemed,
		LastTokenRefresh:       w.LastTokenRefreshDate.Time,
		RefreshTokenValidUntil: w.RefreshTokenValidUntil.Time,
	}
}

type wireLogin struct {
	wireAuthStatus
	ReferenceNumber string `json:"referenceNumber"`
	IsCurrent       bool   `json:"isCurrent"`
}

type wireLogins struct {
	ContinuationToken string      `json:"continuationToken"`
	Items             []wireLogin `json:"items"`
}
