package ksefsim

import (
	"sync"
	"time"

	"github.com/faktupro/faktupro-go/pl"
)

// state is everything the simulator knows. It changes only through events
// (commit), which the journal keeps, so that replaying them rebuilds it. The
// lock is held for map look-ups and small changes, never for cryptography,
// parsing or I/O.
type state struct {
	mu sync.RWMutex

	born       *born
	rotations  []*keysChanged
	generation uint64 // processes that have used this state

	numbers numbers
	agenda  agenda

	challenges     map[string]time.Time // by text, when issued
	challengeQueue []string             // in order of issue, to forget the old ones

	logins   map[string]*login       // by reference
	logged   map[string][]*login     // by who in which context, oldest first
	tokens   map[string]*token       // by reference
	tokensIn map[identifier][]*token // by context, oldest first
	session  map[string]*session     // by reference
	opened   map[identifier][]*session

	accepted  []*invoice
	concerned map[string][]*invoice // accepted ones by everybody on them
	unshelved []*invoice            // accepted ones whose storage is held up
	mark      time.Time             // the highest high-water mark told
	leftovers []*session            // batch sessions that ended with their parts in the store
	hold      hold
	outages   []*outageAnnounced
	exports   map[string]*export // by reference
	byNumber  map[pl.KSeFNumber]*invoice
	original  map[duplicateKey]*invoice
	byHash    map[correctionKey]*invoice // latest of its bytes, an accepted one before others
	corrected map[correctionKey]*invoice // accepted technical corrections by what they replace

	registry    registry
	rights      rights
	operations  map[string]*permissionOperation // by reference
	vault       vault
	limits      limitBook
	collectives collectives
	providers   []provider // Peppol service providers in order of registration

	pace    pace
	journal *journal // nil in memory
}

func newState(cfg Config) *state {
	return &state{
		challenges:  make(map[string]time.Time),
		logins:      make(map[string]*login),
		logged:      make(map[string][]*login),
		tokens:      make(map[string]*token),
		session:     make(map[string]*session),
		opened:      make(map[identifier][]*session),
		concerned:   make(map[string][]*invoice),
		exports:     make(map[string]*export),
		byNumber:    make(map[pl.KSeFNumber]*invoice),
		original:    make(map[duplicateKey]*invoice),
		byHash:      make(map[correctionKey]*invoice),
		corrected:   make(map[correctionKey]*invoice),
		tokensIn:    make(map[identifier][]*token),
		registry:    newRegistry(),
		rights:      newRights(),
		operations:  make(map[string]*permissionOperation),
		vault:       newVault(),
		limits:      newLimitBook(cfg.Level),
		collectives: newCollectives(),
		pace:        pace{delay: cfg.ProcessingDelay, polls: cfg.ProcessingPolls, storage: cfg.StorageDelay},
	}
}

// commit makes an event happen and hands it to the journal. The caller holds
// the lock; the event must not be changed afterwards.
func (st *state) commit(e event) error {
	if err := e.apply(st); err != nil {
		return err
	}
	if st.journal != nil {
		st.journal.add(entry{Kind: e.kind(), Counter: st.numbers.counter, Event: e})
	}
	return nil
}

// flush waits until everything committed so far is on disk.
func (st *state) flush() error {
	if st.journal == nil {
		return nil
	}
	return st.journal.flush()
}

// pace says how long results take.
type pace struct {
	delay   time.Duration
	polls   int
	storage time.Duration // from a KSeF number to the store that keeps invoices
}

// due is when the result of something begun now is due. In steps it never comes
// by time.
func (p pace) due(now time.Time) time.Time { return now.Add(p.delay) }

// stepped reports whether results come by polling instead of by time.
func (p pace) stepped() bool { return p.polls > 0 }
