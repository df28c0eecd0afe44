package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"

	"github.com/faktupro/faktupro-go/faktupro/invoicing"
	"github.com/faktupro/faktupro-go/pl"
)

// jobRow is an entry of the outbox.
type jobRow struct {
	bun.BaseModel `bun:"table:faktupro_outbox,alias:o"`

	Kind       string `bun:"kind,pk"`
	Subject    string `bun:"subject,pk"`
	Seller     string `bun:"seller"`
	DueAt      int64  `bun:"due_at"`
	Failures   int64  `bun:"failures"`
	LastError  string `bun:"last_error"`
	Worker     string `bun:"worker"`
	Instance   string `bun:"instance"`
	Fence      string `bun:"fence"`
	LeaseUntil int64  `bun:"lease_until"`
}

func (row *jobRow) job() invoicing.Job {
	return invoicing.Job{
		Kind: row.Kind, Subject: row.Subject, Seller: pl.NIP(row.Seller), Due: instant(row.DueAt),
		Failures: int(row.Failures), LastError: row.LastError,
		Fence: row.Fence, LeaseUntil: instant(row.LeaseUntil),
	}
}

// Enqueue implements invoicing.Queue.
func (t transaction) Enqueue(ctx context.Context, j invoicing.Job) error {
	row := &jobRow{
		Kind: j.Kind, Subject: j.Subject, Seller: string(j.Seller), DueAt: micros(j.Due),
		Failures: int64(j.Failures), LastError: cleanText(j.LastError),
	}
	q := t.db.NewInsert().Model(row).On("CONFLICT (kind, subject) DO UPDATE")
	for _, column := range []string{
		"seller", "due_at", "failures", "last_error", "worker", "instance", "fence", "lease_until",
	} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	if _, err := q.Exec(ctx); err != nil {
		return wrap("enqueue", err)
	}
	return nil
}

// Claim implements invoicing.Queue.
func (t transaction) Claim(ctx context.Context, c invoicing.Claim) ([]invoicing.Job, error) {
	seller, err := t.nextSeller(ctx, c)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("claim", err)
	}
	var rows []jobRow
	candidates := t.claimable(c).Column("subject").Where("o.seller = ?", seller).
		OrderExpr("o.due_at, o.subject").Limit(int64(max(1, c.Limit)))
	if t.db.Dialect().Name() == dialect.PG {
		candidates = candidates.For("UPDATE SKIP LOCKED")
	}
	err = t.db.NewUpdate().Model((*jobRow)(nil)).
		Set("worker = ?", c.Worker).Set("instance = ?", c.Instance).
		Set("fence = ?", c.Fence).Set("lease_until = ?", micros(c.Until)).
		Where("kind = ?", c.Kind).Where("subject IN (?)", candidates).
		Returning("*").Scan(ctx, &rows)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, wrap("claim", err)
	}
	return sortedJobs(rows), nil
}

// nextSeller is the seller whose claimable job has waited longest.
func (t transaction) nextSeller(ctx context.Context, c invoicing.Claim) (seller string, err error) {
	err = t.claimable(c).Column("seller").OrderExpr("o.due_at, o.subject").Limit(1).Scan(ctx, &seller)
	return seller, err
}

// claimable selects the jobs that c may lease.
func (t transaction) claimable(c invoicing.Claim) *bun.SelectQuery {
	now, last := micros(c.Now), lastBelieved(c.Now)
	q := t.db.NewSelect().Model((*jobRow)(nil)).
		Where("o.kind = ?", c.Kind).
		Where("(o.lease_until <= ? OR o.lease_until > ? OR (o.worker = ? AND o.instance <> ?))", now, last, c.Worker, c.Instance).
		Where("NOT EXISTS (SELECT 1 FROM faktupro_holds AS h WHERE h.seller = o.seller AND h.not_before > ? AND h.not_before <= ?)", now, last)
	if c.Subject != "" {
		return q.Where("o.subject = ?", c.Subject)
	}
	return q.Where("(o.due_at <= ? OR o.due_at > ?)", now, last)
}

// lastBelieved is the latest instant in the queue that is believed; what is
// later was written while a clock was wrong.
func lastBelieved(now time.Time) int64 { return micros(now.Add(invoicing.MaxAhead)) }

func sortedJobs(rows []jobRow) []invoicing.Job {
	slices.SortFunc(rows, func(a, b jobRow) int {
		return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.Subject, b.Subject))
	})
	jobs := make([]invoicing.Job, len(rows))
	for i := range rows {
		jobs[i] = rows[i].job()
	}
	return jobs
}

// Extend implements invoicing.Queue.
func (t transaction) Extend(ctx context.Context, j invoicing.Job, until time.Time) error {
	return fenced(ctx, "extend lease", t.ownJob(j).Set("lease_until = ?", micros(until)))
}

// Release implements invoicing.Queue.
func (t transaction) Release(ctx context.Context, j invoicing.Job) error {
	return fenced(ctx, "release job", t.ownJob(j).
		Set("lease_until = 0").Set("worker = ''").Set("instance = ''").Set("fence = ''").
		Set("due_at = ?", micros(j.Due)).Set("failures = ?", j.Failures).
		Set("last_error = ?", cleanText(j.LastError)))
}

// Complete implements invoicing.Queue.
func (t transaction) Complete(ctx context.Context, j invoicing.Job) error {
	return fenced(ctx, "complete job", t.db.NewDelete().Model((*jobRow)(nil)).
		Where("kind = ?", j.Kind).Where("subject = ?", j.Subject).Where("fence = ?", j.Fence))
}

// ownJob starts an update of a job that succeeds only under its fence.
func (t transaction) ownJob(j invoicing.Job) *bun.UpdateQuery {
	return t.db.NewUpdate().Model((*jobRow)(nil)).
		Where("kind = ?", j.Kind).Where("subject = ?", j.Subject).Where("fence = ?", j.Fence)
}

type execer interface {
	Exec(ctx context.Context, dest ...any) (sql.Result, error)
}

// fenced runs a statement that must change exactly the job it is about.
func fenced(ctx context.Context, op string, q execer) error {
	ok, err := changed(q.Exec(ctx))
	if err != nil {
		return wrap(op, err)
	}
	if !ok {
		return fmt.Errorf("%s: %w", op, invoicing.ErrLeaseLost)
	}
	return nil
}

// Hold implements invoicing.Queue.
func (t transaction) Hold(ctx context.Context, seller pl.NIP, now, until time.Time) error {
	_, err := t.db.NewRaw(`
		INSERT INTO faktupro_holds AS h (seller, not_before) VALUES (?, ?)
		ON CONFLICT (seller) DO UPDATE
		SET not_before = CASE WHEN EXCLUDED.not_before > h.not_before OR h.not_before > ?
			THEN EXCLUDED.not_before ELSE h.not_before END`,
		string(seller), micros(until), lastBelieved(now)).Exec(ctx)
	if err != nil {
		return wrap("hold seller", err)
	}
	return nil
}

// NextDue implements invoicing.Reader.
func (r reader) NextDue(ctx context.Context, kind string, now time.Time) (time.Time, error) {
	var next sql.NullInt64
	last := lastBelieved(now)
	err := r.db.NewRaw(`
		SELECT MIN(CASE
			WHEN j.held > j.due AND j.held > j.leased THEN j.held
			WHEN j.leased > j.due THEN j.leased
			ELSE j.due END)
		FROM (
			SELECT
				CASE WHEN o.due_at > ? THEN ? ELSE o.due_at END AS due,
				CASE WHEN o.lease_until > ? THEN 0 ELSE o.lease_until END AS leased,
				CASE WHEN h.not_before > ? THEN 0 ELSE h.not_before END AS held
			FROM faktupro_outbox AS o LEFT JOIN faktupro_holds AS h ON h.seller = o.seller
			WHERE o.kind = ?
		) AS j`, last, micros(now), last, last, kind).Scan(ctx, &next)
	if err != nil {
		return time.Time{}, wrap("next due job", err)
	}
	return instant(next.Int64), nil
}
