-- What agents and customers say about which entry answers which question.

CREATE TABLE pick (
    -- One pick. The question is named by the customer's message; its text stands there alone.
    tenant       BIGINT NOT NULL,
    n            BIGINT NOT NULL,
    conversation BYTEA NOT NULL,
    message      BYTEA NOT NULL,
    faq          TEXT NOT NULL,
    version      BIGINT NOT NULL,
    kind         TEXT NOT NULL,      -- JSON: what was done, and how much of an answer was kept
    weight       BIGINT NOT NULL,   -- -1000 to 1000
    agent        BYTEA,               -- either an agent
    contact      BYTEA,               -- or a customer
    at           BIGINT NOT NULL,
    PRIMARY KEY (tenant, n),
    CHECK ((agent IS NULL) <> (contact IS NULL)),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id),
    FOREIGN KEY (tenant, message) REFERENCES message (tenant, id),
    FOREIGN KEY (tenant, faq, version) REFERENCES faq_version (tenant, faq, version)
);

CREATE INDEX pick_by_message ON pick (tenant, message);

CREATE TRIGGER pick_no_update BEFORE UPDATE ON pick
    FOR EACH ROW EXECUTE FUNCTION refuse('picks are immutable');

CREATE TABLE learned_ruling (
    -- A lead's last word on whether a text is a wording of an entry. key is the text without what
    -- makes no difference.
    tenant BIGINT NOT NULL,
    faq    TEXT NOT NULL,
    key    TEXT NOT NULL,
    ruling TEXT NOT NULL,
    agent  BYTEA NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (tenant, faq, key)
);

CREATE TABLE learning_run (
    -- What came of each run of learning.
    tenant BIGINT NOT NULL,
    n      BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    last_pick BIGINT NOT NULL,   -- up to this pick it had read
    report TEXT NOT NULL,   -- JSON: counts, no texts
    PRIMARY KEY (tenant, n)
);
