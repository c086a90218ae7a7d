-- Quality scoring.

CREATE TABLE qa_form (
    -- Scoring forms; body is the whole.
    tenant BIGINT NOT NULL,
    id     BYTEA NOT NULL,
    rev    BIGINT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE qa_rule (
    -- Sampling rules; body is the whole.
    tenant BIGINT NOT NULL,
    id     BYTEA NOT NULL,
    rev    BIGINT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE qa_review (
    -- Sampled conversations, each once; body is the whole.
    tenant       BIGINT NOT NULL,
    id           BYTEA NOT NULL,
    conversation BYTEA NOT NULL,
    rev          BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, conversation),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id)
);

CREATE TABLE qa_calibration (
    -- What further reviewers found, for a review.
    tenant BIGINT NOT NULL,
    id     BYTEA NOT NULL,    -- that of the review
    rev    BIGINT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, id) REFERENCES qa_review (tenant, id)
);

-- What ended, and what was marked, before this version is not sampled.
INSERT INTO counter (tenant, name, n) SELECT tenant, 'quality_ends', n FROM audit_head;
INSERT INTO counter (tenant, name, n) SELECT tenant, 'quality_marks', n FROM audit_head;
