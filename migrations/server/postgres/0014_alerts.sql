-- Alert rules, alerts, what they are read from, and how people are told of them.

CREATE TABLE alert_rule (
    -- A condition that is watched.
    tenant BIGINT NOT NULL,
    id     BYTEA NOT NULL,
    rev    BIGINT NOT NULL,   -- its edition
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE alert_watch (
    -- What is kept of a rule between two looks.
    tenant BIGINT NOT NULL,
    rule   BYTEA NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, rule)
);

CREATE TABLE alert (
    -- One incident. Columns are what queries ask for; body is the whole.
    tenant   BIGINT NOT NULL,
    id       BYTEA NOT NULL,
    is_open  BIGINT NOT NULL,
    fired_at BIGINT NOT NULL,
    rings_at BIGINT,          -- when its clock has something to tell
    rev      BIGINT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX alert_rings ON alert (tenant, rings_at) WHERE rings_at IS NOT NULL;
CREATE INDEX alert_open ON alert (tenant, fired_at) WHERE is_open = 1;
CREATE INDEX alert_over ON alert (tenant, fired_at) WHERE is_open = 0;

CREATE TABLE alert_minute (
    -- What was counted in a minute. No act: it is in no log.
    tenant BIGINT NOT NULL,
    at     BIGINT NOT NULL,   -- its start
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, at)
);

CREATE TABLE alert_outbox (
    -- Telling one person one step of an alert one way: once.
    tenant  BIGINT NOT NULL,
    alert   BYTEA NOT NULL,
    step    BIGINT NOT NULL,
    agent   BYTEA NOT NULL,     -- whom; empty for a system
    channel TEXT NOT NULL,
    state   TEXT NOT NULL,     -- pending, sent, dead, cancelled
    next_at BIGINT NOT NULL,  -- not before; while it is being sent, when it is given up
    at      BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, alert, step, agent, channel)
);

CREATE INDEX alert_outbox_due ON alert_outbox (tenant, next_at) WHERE state = 'pending';
CREATE INDEX alert_outbox_by_time ON alert_outbox (tenant, at);

CREATE TABLE alert_channel (
    -- How a way out of the server is set up. The secret stands in the body, sealed.
    tenant  BIGINT NOT NULL,
    channel TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, channel)
);

-- How much is open, asked every few seconds.
CREATE INDEX ticket_backlog ON ticket (tenant, grp) WHERE state IN ('new', 'open', 'on_hold');

-- What was before this version is not counted.
INSERT INTO counter (tenant, name, n) SELECT tenant, 'alert_read', n FROM audit_head;
INSERT INTO counter (tenant, name, n)
    SELECT tenant, 'alert_opened', n FROM counter WHERE name = 'conversation';
