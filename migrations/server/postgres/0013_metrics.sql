-- The numbers of the service. No act: they follow from what is kept already, and are in no log.

CREATE TABLE metric_state (
    -- How far they go: up to which act, and how many states of cells there have been.
    tenant             BIGINT NOT NULL PRIMARY KEY,
    acts               BIGINT NOT NULL,
    version            BIGINT NOT NULL,
    as_of              BIGINT NOT NULL,
    utc_offset_minutes BIGINT NOT NULL   -- of the clock by which cells begin; it never changes
);

CREATE TABLE metric_case (
    -- What a conversation or ticket adds to the cells now, and to which.
    tenant    BIGINT NOT NULL,
    kind      TEXT NOT NULL,      -- conversation, ticket
    id        BYTEA NOT NULL,
    number    BIGINT NOT NULL,
    grp       BYTEA NOT NULL,
    agent     BYTEA,
    channel   TEXT,
    line      TEXT,
    category  TEXT,
    intent    TEXT,
    opened_at BIGINT NOT NULL,
    last_at   BIGINT NOT NULL,   -- the last moment at which something of it counts
    standing  BIGINT NOT NULL,   -- 1 while it is in queue or backlog
    late_at   BIGINT,            -- when it becomes late by the clock alone
    share     BYTEA NOT NULL,
    PRIMARY KEY (tenant, kind, id)
);
CREATE INDEX metric_case_opened ON metric_case (tenant, opened_at);
CREATE INDEX metric_case_last ON metric_case (tenant, last_at);
CREATE INDEX metric_case_standing ON metric_case (tenant, opened_at) WHERE standing = 1;
CREATE INDEX metric_case_late ON metric_case (tenant, late_at) WHERE late_at IS NOT NULL;

CREATE TABLE metric_cell (
    -- Sums of a group over a minute, an hour, a day or a month: of all of it (dim is empty) or of
    -- one agent, channel, line, category or intent.
    tenant  BIGINT NOT NULL,
    grp     BYTEA NOT NULL,
    grain   TEXT NOT NULL,
    dim     TEXT NOT NULL,
    at      BIGINT NOT NULL,
    value   TEXT NOT NULL,
    version BIGINT NOT NULL,
    cell    BYTEA NOT NULL,
    PRIMARY KEY (tenant, grp, grain, dim, at, value)
);
CREATE INDEX metric_cell_version ON metric_cell (tenant, grp, version);
CREATE INDEX metric_cell_age ON metric_cell (tenant, grain, at) WHERE grain IN ('minute', 'hour');
