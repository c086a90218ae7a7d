-- Pictures and files.

CREATE TABLE attachment (
    -- One that was uploaded. It belongs to nobody's conversation until a message carries it; what
    -- none does is thrown away after a day.
    tenant  INTEGER NOT NULL,
    id      BLOB NOT NULL,
    contact BLOB,   -- the customer who uploaded it
    agent   BLOB,   -- or the agent
    message BLOB,   -- the message that carries it
    canned  BLOB,   -- or the canned reply
    at      INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    digest  BLOB NOT NULL,  -- of what was uploaded, keyed: the same again is no other
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX attachment_loose ON attachment (tenant, at) WHERE message IS NULL AND canned IS NULL;
CREATE INDEX attachment_of_message ON attachment (tenant, message) WHERE message IS NOT NULL;

CREATE TABLE attachment_part (
    -- Its bytes, and those of its small picture. They never change; a recall takes them away.
    tenant     INTEGER NOT NULL,
    attachment BLOB NOT NULL,
    part       TEXT NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (tenant, attachment, part)
) STRICT;
