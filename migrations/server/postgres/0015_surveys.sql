-- Marks that customers give after a conversation.

-- Whether and how the customers of an inbox are asked, as JSON; empty: as by default, not at all.
ALTER TABLE inbox ADD COLUMN survey TEXT NOT NULL DEFAULT '';

CREATE TABLE survey_due (
    -- Ends of conversations of which it is to be judged whether the customer is asked.
    tenant       BIGINT NOT NULL,
    conversation BYTEA NOT NULL,
    resolved_at  BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    PRIMARY KEY (tenant, conversation),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id)
);

CREATE INDEX survey_due_at ON survey_due (tenant, due_at);

CREATE TABLE survey (
    -- Questions that were put to customers, one for an end of a conversation. Columns are what
    -- queries ask for; body is the whole.
    tenant       BIGINT NOT NULL,
    id           BYTEA NOT NULL,
    conversation BYTEA NOT NULL,
    contact      BYTEA NOT NULL,    -- the customer as they came
    person       BYTEA NOT NULL,    -- who that turned out to be
    resolved_at  BIGINT NOT NULL,
    asked_at     BIGINT NOT NULL,
    rings_at     BIGINT,          -- when it reminds
    rev          BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, conversation, resolved_at),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id)
);

CREATE INDEX survey_by_contact ON survey (tenant, contact, asked_at);
CREATE INDEX survey_by_person ON survey (tenant, person, asked_at);
CREATE INDEX survey_rings ON survey (tenant, rings_at) WHERE rings_at IS NOT NULL;

CREATE TABLE survey_opt_out (
    -- Customers who do not want to be asked.
    tenant  BIGINT NOT NULL,
    contact BYTEA NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (tenant, contact)
);

-- What ended before this version is not asked about.
INSERT INTO counter (tenant, name, n) SELECT tenant, 'survey_read', n FROM audit_head;
