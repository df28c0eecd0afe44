CREATE TABLE IF NOT EXISTS faktupro_invoices (
    id             TEXT   NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    state          TEXT   NOT NULL,
    seller         TEXT   NOT NULL,
    kind           TEXT   NOT NULL,
    number         TEXT   NOT NULL,
    series         TEXT   NOT NULL,
    issue_date     TEXT   NOT NULL,
    currency       TEXT   NOT NULL,
    net            TEXT   NOT NULL,
    vat            TEXT   NOT NULL,
    gross          TEXT   NOT NULL,
    sha256         TEXT   NOT NULL,
    ksef_number    TEXT   NOT NULL,
    rejection      TEXT   NOT NULL,
    client_key     TEXT,
    replaces       TEXT   NOT NULL,
    replaced_by    TEXT   NOT NULL,
    attempt        BIGINT NOT NULL,
    session        TEXT   NOT NULL,
    reference      TEXT   NOT NULL,
    origin_number  TEXT   NOT NULL,
    origin_session TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    sealed_at      BIGINT NOT NULL,
    sent_at        BIGINT NOT NULL,
    accepted_at    BIGINT NOT NULL,
    settled_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);

--bun:split
CREATE UNIQUE INDEX IF NOT EXISTS faktupro_invoices_key ON faktupro_invoices (seller, client_key);

--bun:split
CREATE INDEX IF NOT EXISTS faktupro_invoices_seller ON faktupro_invoices (seller, id);

--bun:split
CREATE INDEX IF NOT EXISTS faktupro_invoices_state ON faktupro_invoices (state, id);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_documents (
    invoice_id TEXT NOT NULL PRIMARY KEY REFERENCES faktupro_invoices (id) DEFERRABLE INITIALLY DEFERRED,
    draft      TEXT NOT NULL,
    xml        {{.Bytes}}
);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_series (
    seller  TEXT   NOT NULL,
    pattern TEXT   NOT NULL,
    period  TEXT   NOT NULL,
    next    BIGINT NOT NULL,
    PRIMARY KEY (seller, pattern, period)
);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_numbers (
    seller     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    number     TEXT NOT NULL,
    invoice_id TEXT NOT NULL REFERENCES faktupro_invoices (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (seller, kind, number)
);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_transmissions (
    invoice_id     TEXT   NOT NULL REFERENCES faktupro_invoices (id) DEFERRABLE INITIALLY DEFERRED,
    seq            BIGINT NOT NULL,
    session        TEXT   NOT NULL,
    reference      TEXT   NOT NULL,
    outcome        TEXT   NOT NULL,
    code           BIGINT NOT NULL,
    reason         TEXT   NOT NULL,
    origin_number  TEXT   NOT NULL,
    origin_session TEXT   NOT NULL,
    started_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (invoice_id, seq)
);

--bun:split
CREATE INDEX IF NOT EXISTS faktupro_transmissions_session ON faktupro_transmissions (session);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_upos (
    invoice_id  TEXT      NOT NULL PRIMARY KEY REFERENCES faktupro_invoices (id) DEFERRABLE INITIALLY DEFERRED,
    ksef_number TEXT      NOT NULL,
    session     TEXT      NOT NULL,
    xml         {{.Bytes}} NOT NULL,
    sha256      TEXT      NOT NULL,
    received_at BIGINT    NOT NULL
);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_outbox (
    kind        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    seller      TEXT   NOT NULL,
    due_at      BIGINT NOT NULL,
    failures    BIGINT NOT NULL,
    last_error  TEXT   NOT NULL,
    worker      TEXT   NOT NULL,
    instance    TEXT   NOT NULL,
    fence       TEXT   NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
);

--bun:split
CREATE INDEX IF NOT EXISTS faktupro_outbox_due ON faktupro_outbox (kind, due_at);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_holds (
    seller     TEXT   NOT NULL PRIMARY KEY,
    not_before BIGINT NOT NULL
);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_audit_outbox (
    id       {{.Serial}},
    event_id TEXT NOT NULL UNIQUE,
    event    TEXT NOT NULL
);

--bun:split
CREATE TABLE IF NOT EXISTS faktupro_api_keys (
    id             TEXT   NOT NULL PRIMARY KEY,
    environment    TEXT   NOT NULL,
    label          TEXT   NOT NULL,
    scopes         TEXT   NOT NULL,
    hash           TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    revoked_at     BIGINT NOT NULL,
    revoked_reason TEXT   NOT NULL
);
