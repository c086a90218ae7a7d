-- What complaints are usual, and which there were lately.

CREATE TABLE surge_state (
    -- What is kept of a series of complaints, and of all of them. No act: it follows from what is
    -- kept already, and is in no log.
    tenant BIGINT NOT NULL,
    kind   TEXT NOT NULL,      -- product, category, region, all; trunk for what is of no series
    value  TEXT NOT NULL,
    state  BYTEA NOT NULL,
    PRIMARY KEY (tenant, kind, value)
);

CREATE TABLE surge_case (
    -- A conversation that was counted, for as long as it is asked for what its like have said.
    tenant       BIGINT NOT NULL,
    conversation BYTEA NOT NULL,
    at           BIGINT NOT NULL,
    is_complaint BIGINT NOT NULL,
    product      TEXT NOT NULL,   -- empty while unknown, as are the next two
    category     TEXT NOT NULL,
    region       TEXT NOT NULL,
    PRIMARY KEY (tenant, conversation)
);
CREATE INDEX surge_case_complaint ON surge_case (tenant, at) WHERE is_complaint = 1;
CREATE INDEX surge_case_age ON surge_case (tenant, at) WHERE is_complaint = 0;

-- What was before this version is not counted.
INSERT INTO counter (tenant, name, n) SELECT tenant, 'surge_read', n FROM audit_head;
