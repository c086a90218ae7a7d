-- Canned replies and macros, and messages that were taken back.

CREATE TABLE canned (
    -- A canned reply or macro as it is now. What desktops see of its use is counted in body, and
    -- follows used from far.
    tenant  BIGINT NOT NULL,
    id      BYTEA NOT NULL,
    grp     BYTEA,   -- the skill group that finds it; none: everybody
    used    BIGINT NOT NULL DEFAULT 0,
    rev     BIGINT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- A chat page is told of all that was taken back, whenever it comes.
CREATE INDEX message_recalled ON message (tenant, contact, contact_seq) WHERE delivery = 'recalled';
