package ksef

import (
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/faktupro/faktupro-go/internal/refdata"
)

func unsigned(claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"HS256"}`)) + "." + enc([]byte(claims)) + "." + enc([]byte("sig"))
}

func TestJWTExpiry(t *testing.T) {
	tests := []struct {
		token string
		want  int64
	}{
		{unsigned(`{"exp":1768841054,"typ":"ContextToken"}`), 1768841054},
		{unsigned(`{"exp":1768841054.0}`), 1768841054},
		{unsigned(`{}`), 0},
		{unsigned(`{"exp":-1}`), 0},
		{unsigned(`{"exp":1e300}`), 0},
		{unsigned(`{"exp":"x"}`), 0},
		{unsigned(`[]`), 0},
		{"a.b", 0},
		{"a.%.c", 0},
		{"", 0},
	}
	for _, tt := range tests {
		got, ok := jwtExpiry(tt.token)
		if ok != (tt.want != 0) || ok && !got.Equal(time.Unix(tt.want, 0)) {
			t.Errorf("jwtExpiry(%q) = %v, %v", tt.token, got, ok)
		}
	}
}

func TestJWTExpiryOfReferenceTokens(t *testing.T) {
	var vectors struct {
		JWT []struct {
			Token  string
			Claims struct{ Exp int64 }
		}
	}
	if err := json.Unmarshal(refdata.File(t, "ksef-vectors.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors.JWT {
		if v.Token == "" {
			continue
		}
		if got, ok := jwtExpiry(v.Token); !ok || got.Unix() != v.Claims.Exp {
			t.Errorf("jwtExpiry = %v, %v, want %d", got, ok, v.Claims.Exp)
		}
	}
}

func FuzzJWTExpiry(f *testing.F) {
	f.Add(unsigned(`{"exp":1768841054}`))
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		if at, ok := jwtExpiry(token); ok && (at.Year() < 1970 || at.Year() > 2300) {
			t.Errorf("jwtExpiry(%q) = %v", token, at)
		}
	})
}
