-- Quality scoring.

CREATE TABLE qa_form (
    -- Scoring forms; body is the whole.
    tenant INTEGER NOT NULL,
    id     BLOB NOT NULL,
    rev    INTEGER NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE qa_rule (
    -- Sampling rules; body is the whole.
    tenant INTEGER NOT NULL,
    id     BLOB NOT NULL,
    rev    INTEGER NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE qa_review (
    -- Sampled conversations, each once; body is the whole.
    tenant       INTEGER NOT NULL,
    id           BLOB NOT NULL,
    conversation BLOB NOT NULL,
    rev          INTEGER NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, conversation),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id)
) STRICT;

CREATE TABLE qa_calibration (
    -- What further reviewers found, for a review.
    tenant INTEGER NOT NULL,
    id     BLOB NOT NULL,    -- that of the review
    rev    INTEGER NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, id) REFERENCES qa_review (tenant, id)
) STRICT;

-- What ended, and what was marked, before this version is not sampled.
INSERT INTO counter (tenant, name, n) SELECT tenant, 'quality_ends', n FROM audit_head;
INSERT INTO counter (tenant, name, n) SELECT tenant, 'quality_marks', n FROM audit_head;
