-- Limits of groups, who is there, sources of messages on desktops, and what agents set for themselves.

-- Limits by channel for each agent of the group, as JSON; after how long an absent agent gives back
-- what waits for an answer, none: never.
ALTER TABLE skill_group ADD COLUMN capacities TEXT NOT NULL DEFAULT '[]';
ALTER TABLE skill_group ADD COLUMN return_after BIGINT DEFAULT 300000;

-- Since when the presence is what it is; none where nobody noted it.
ALTER TABLE agent ADD COLUMN presence_at BIGINT;

-- Revision of what desktops see of it; 0 while they were told nothing.
ALTER TABLE inbox ADD COLUMN rev BIGINT NOT NULL DEFAULT 0;

CREATE TABLE attendance (
    -- When a desk of an agent was last connected to any process. No act: it is in no log.
    tenant  BIGINT NOT NULL,
    agent   BYTEA NOT NULL,
    seen_at BIGINT NOT NULL,
    was     TEXT,   -- the presence that an agent had who went offline because nothing was heard
    PRIMARY KEY (tenant, agent)
);

CREATE TABLE agent_settings (
    -- What an agent set for themselves, as JSON.
    tenant BIGINT NOT NULL,
    agent  BYTEA NOT NULL,
    rev    BIGINT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, agent)
);
