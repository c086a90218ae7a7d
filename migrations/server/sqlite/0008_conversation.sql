-- Canned replies and macros, and messages that were taken back.

CREATE TABLE canned (
    -- A canned reply or macro as it is now. What desktops see of its use is counted in body, and
    -- follows used from far.
    tenant  INTEGER NOT NULL,
    id      BLOB NOT NULL,
    grp     BLOB,   -- the skill group that finds it; none: everybody
    used    INTEGER NOT NULL DEFAULT 0,
    rev     INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

-- A chat page is told of all that was taken back, whenever it comes.
CREATE INDEX message_recalled ON message (tenant, contact, contact_seq) WHERE delivery = 'recalled';
