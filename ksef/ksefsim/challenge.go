package ksefsim

import "time"

// challengeLife is how long a challenge can be used.
const challengeLife = 10 * time.Minute

// challengeResponse answers POST /auth/challenge.
type challengeResponse struct {
	Challenge   string `json:"challenge"`
	Timestamp   stamp  `json:"timestamp"`
	TimestampMs int64  `json:"timestampMs"`
	ClientIP    string `json:"clientIp"`
}

// issueChallenge answers POST /auth/challenge.
func (s *Server) issueChallenge(c *call) (*reply, error) {
	st := s.state
	st.mu.Lock()
	defer st.mu.Unlock()
	e := &challengeIssued{Challenge: st.numbers.reference(kindChallenge, c.now), At: c.now}
	if err := st.commit(e); err != nil {
		return nil, err
	}
	return ok(challengeResponse{
		Challenge:   e.Challenge,
		Timestamp:   stamp(c.now),
		TimestampMs: c.now.UnixMilli(), // truncated, not rounded
		ClientIP:    c.client.String(),
	}), nil
}

// challengeIssued says that a challenge may be used for ten minutes.
type challengeIssued struct {
	Challenge string    `json:"challenge"`
	At        time.Time `json:"at"`
}

func (*challengeIssued) kind() string { return "challenge" }

func (e *challengeIssued) apply(st *state) error {
	st.challenges[e.Challenge] = e.At
	st.challengeQueue = append(st.challengeQueue, e.Challenge)
	for len(st.challengeQueue) > 0 {
		oldest := st.challengeQueue[0]
		if issued, unused := st.challenges[oldest]; unused && e.At.Sub(issued) < challengeLife {
			break
		}
		delete(st.challenges, oldest)
		st.challengeQueue = st.challengeQueue[1:]
	}
	return nil
}

// challenge looks up when a challenge that can still be used was issued.
func (st *state) challenge(text string, now time.Time) (issued time.Time, err error) {
	issued, known := st.challenges[text]
	if !known || now.Sub(issued) >= challengeLife {
		return time.Time{}, refuse(codeChallenge)
	}
	return issued, nil
}
