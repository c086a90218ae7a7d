-- Alert rules, alerts, what they are read from, and how people are told of them.

CREATE TABLE alert_rule (
    -- A condition that is watched.
    tenant INTEGER NOT NULL,
    id     BLOB NOT NULL,
    rev    INTEGER NOT NULL,   -- its edition
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_watch (
    -- What is kept of a rule between two looks.
    tenant INTEGER NOT NULL,
    rule   BLOB NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
    -- One incident. Columns are what queries ask for; body is the whole.
    tenant   INTEGER NOT NULL,
    id       BLOB NOT NULL,
    is_open  INTEGER NOT NULL,
    fired_at INTEGER NOT NULL,
    rings_at INTEGER,          -- when its clock has something to tell
    rev      INTEGER NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_rings ON alert (tenant, rings_at) WHERE rings_at IS NOT NULL;
CREATE INDEX alert_open ON alert (tenant, fired_at) WHERE is_open = 1;
CREATE INDEX alert_over ON alert (tenant, fired_at) WHERE is_open = 0;

CREATE TABLE alert_minute (
    -- What was counted in a minute. No act: it is in no log.
    tenant INTEGER NOT NULL,
    at     INTEGER NOT NULL,   -- its start
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_outbox (
    -- Telling one person one step of an alert one way: once.
    tenant  INTEGER NOT NULL,
    alert   BLOB NOT NULL,
    step    INTEGER NOT NULL,
    agent   BLOB NOT NULL,     -- whom; empty for a system
    channel TEXT NOT NULL,
    state   TEXT NOT NULL,     -- pending, sent, dead, cancelled
    next_at INTEGER NOT NULL,  -- not before; while it is being sent, when it is given up
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, alert, step, agent, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_outbox_due ON alert_outbox (tenant, next_at) WHERE state = 'pending';
CREATE INDEX alert_outbox_by_time ON alert_outbox (tenant, at);

CREATE TABLE alert_channel (
    -- How a way out of the server is set up. The secret stands in the body, sealed.
    tenant  INTEGER NOT NULL,
    channel TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, channel)
) STRICT, WITHOUT ROWID;

-- How much is open, asked every few seconds.
CREATE INDEX ticket_backlog ON ticket (tenant, grp) WHERE state IN ('new', 'open', 'on_hold');

-- What was before this version is not counted.
INSERT INTO counter (tenant, name, n) SELECT tenant, 'alert_read', n FROM audit_head;
INSERT INTO counter (tenant, name, n)
    SELECT tenant, 'alert_opened', n FROM counter WHERE name = 'conversation';
