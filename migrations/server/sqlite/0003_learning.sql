-- What agents and customers say about which entry answers which question.

CREATE TABLE pick (
    -- One pick. The question is named by the customer's message; its text stands there alone.
    tenant       INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    conversation BLOB NOT NULL,
    message      BLOB NOT NULL,
    faq          TEXT NOT NULL,
    version      INTEGER NOT NULL,
    kind         TEXT NOT NULL,      -- JSON: what was done, and how much of an answer was kept
    weight       INTEGER NOT NULL,   -- -1000 to 1000
    agent        BLOB,               -- either an agent
    contact      BLOB,               -- or a customer
    at           INTEGER NOT NULL,
    PRIMARY KEY (tenant, n),
    CHECK ((agent IS NULL) <> (contact IS NULL)),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id),
    FOREIGN KEY (tenant, message) REFERENCES message (tenant, id),
    FOREIGN KEY (tenant, faq, version) REFERENCES faq_version (tenant, faq, version)
) STRICT;

CREATE INDEX pick_by_message ON pick (tenant, message);

CREATE TRIGGER pick_no_update BEFORE UPDATE ON pick
BEGIN SELECT RAISE(ABORT, 'picks are immutable'); END;

CREATE TABLE learned_ruling (
    -- A lead's last word on whether a text is a wording of an entry. key is the text without what
    -- makes no difference.
    tenant INTEGER NOT NULL,
    faq    TEXT NOT NULL,
    key    TEXT NOT NULL,
    ruling TEXT NOT NULL,
    agent  BLOB NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (tenant, faq, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE learning_run (
    -- What came of each run of learning.
    tenant INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    last_pick INTEGER NOT NULL,   -- up to this pick it had read
    report TEXT NOT NULL,   -- JSON: counts, no texts
    PRIMARY KEY (tenant, n)
) STRICT;
