-- Quality scoring.

CREATE TABLE qa_form (
  -- Scoring forms as the server last sent them.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE qa_rule (
  -- Sampling rules as the server last sent them.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE qa_review (
  -- Reviews as the server last sent them. What lists and sums ask for stands beside the body.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  agent_id BLOB NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL, -- when it came into that state
  scored_at INTEGER,
  tenths INTEGER, -- the score that holds
  verdict TEXT,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX qa_review_by_state ON qa_review (state, at);
CREATE INDEX qa_review_by_agent ON qa_review (agent_id, scored_at);

CREATE TABLE qa_calibration (
  -- What further reviewers found, as the server last sent it, for each review.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
