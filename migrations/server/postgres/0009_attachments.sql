-- Pictures and files.

CREATE TABLE attachment (
    -- One that was uploaded. It belongs to nobody's conversation until a message carries it; what
    -- none does is thrown away after a day.
    tenant  BIGINT NOT NULL,
    id      BYTEA NOT NULL,
    contact BYTEA,   -- the customer who uploaded it
    agent   BYTEA,   -- or the agent
    message BYTEA,   -- the message that carries it
    canned  BYTEA,   -- or the canned reply
    at      BIGINT NOT NULL,
    bytes   BIGINT NOT NULL,
    digest  BYTEA NOT NULL,  -- of what was uploaded, keyed: the same again is no other
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX attachment_loose ON attachment (tenant, at) WHERE message IS NULL AND canned IS NULL;
CREATE INDEX attachment_of_message ON attachment (tenant, message) WHERE message IS NOT NULL;

CREATE TABLE attachment_part (
    -- Its bytes, and those of its small picture. They never change; a recall takes them away.
    tenant     BIGINT NOT NULL,
    attachment BYTEA NOT NULL,
    part       TEXT NOT NULL,
    bytes      BYTEA NOT NULL,
    PRIMARY KEY (tenant, attachment, part)
);
