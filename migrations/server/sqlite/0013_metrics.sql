-- The numbers of the service. No act: they follow from what is kept already, and are in no log.

CREATE TABLE metric_state (
    -- How far they go: up to which act, and how many states of cells there have been.
    tenant             INTEGER NOT NULL PRIMARY KEY,
    acts               INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    as_of              INTEGER NOT NULL,
    utc_offset_minutes INTEGER NOT NULL   -- of the clock by which cells begin; it never changes
) STRICT;

CREATE TABLE metric_case (
    -- What a conversation or ticket adds to the cells now, and to which.
    tenant    INTEGER NOT NULL,
    kind      TEXT NOT NULL,      -- conversation, ticket
    id        BLOB NOT NULL,
    number    INTEGER NOT NULL,
    grp       BLOB NOT NULL,
    agent     BLOB,
    channel   TEXT,
    line      TEXT,
    category  TEXT,
    intent    TEXT,
    opened_at INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,   -- the last moment at which something of it counts
    standing  INTEGER NOT NULL,   -- 1 while it is in queue or backlog
    late_at   INTEGER,            -- when it becomes late by the clock alone
    share     BLOB NOT NULL,
    PRIMARY KEY (tenant, kind, id)
) STRICT;
CREATE INDEX metric_case_opened ON metric_case (tenant, opened_at);
CREATE INDEX metric_case_last ON metric_case (tenant, last_at);
CREATE INDEX metric_case_standing ON metric_case (tenant, opened_at) WHERE standing = 1;
CREATE INDEX metric_case_late ON metric_case (tenant, late_at) WHERE late_at IS NOT NULL;

CREATE TABLE metric_cell (
    -- Sums of a group over a minute, an hour, a day or a month: of all of it (dim is empty) or of
    -- one agent, channel, line, category or intent.
    tenant  INTEGER NOT NULL,
    grp     BLOB NOT NULL,
    grain   TEXT NOT NULL,
    dim     TEXT NOT NULL,
    at      INTEGER NOT NULL,
    value   TEXT NOT NULL,
    version INTEGER NOT NULL,
    cell    BLOB NOT NULL,
    PRIMARY KEY (tenant, grp, grain, dim, at, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX metric_cell_version ON metric_cell (tenant, grp, version);
CREATE INDEX metric_cell_age ON metric_cell (tenant, grain, at) WHERE grain IN ('minute', 'hour');
