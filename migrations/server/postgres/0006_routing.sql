-- Routing: who takes how much, offers, business hours, and the history of who had what.

-- How the waiting conversations of a group find an agent, as JSON.
ALTER TABLE skill_group ADD COLUMN assign TEXT NOT NULL DEFAULT '{"kind":"pick"}';

-- Limits by channel, and skills with levels, as JSON.
ALTER TABLE agent ADD COLUMN capacities TEXT NOT NULL DEFAULT '[]';
ALTER TABLE agent ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';

-- Its calendar; none: always open.
ALTER TABLE inbox ADD COLUMN hours BYTEA;

-- To whom it is offered, and when the clock has something to do: an offer ends, or it wakes.
ALTER TABLE conversation ADD COLUMN offered BYTEA;
ALTER TABLE conversation ADD COLUMN due_at BIGINT;
CREATE INDEX conversation_due ON conversation (tenant, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX conversation_offered ON conversation (tenant, offered) WHERE offered IS NOT NULL;
-- What counts as load, and what was left out of hours.
CREATE INDEX conversation_held ON conversation (tenant, agent) WHERE handler = 'agent';
CREATE INDEX conversation_left ON conversation (tenant, grp, inbox)
    WHERE handler = 'none' AND status = 'open';

CREATE TABLE business_hours (
    -- Calendars: when somebody is there and when promises run.
    tenant BIGINT NOT NULL,
    id     BYTEA NOT NULL,
    rev    BIGINT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE assignment (
    -- Who was offered a conversation or had it, and what came of it.
    tenant       BIGINT NOT NULL,
    id           BYTEA NOT NULL,
    conversation BYTEA NOT NULL,
    contact      BYTEA NOT NULL,
    grp          BYTEA NOT NULL,
    agent        BYTEA NOT NULL,
    reason       TEXT NOT NULL,   -- auto, manual, transfer, takeover, reopen
    why          TEXT NOT NULL,   -- JSON array of reasons
    offered_at   BIGINT,
    accepted_at  BIGINT,
    ended_at     BIGINT,
    outcome      TEXT,   -- declined, timed_out, withdrawn, ended
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, id)
);

CREATE INDEX assignment_open ON assignment (tenant, conversation) WHERE ended_at IS NULL;
CREATE INDEX assignment_by_conversation ON assignment (tenant, conversation, id);
CREATE INDEX assignment_by_agent ON assignment (tenant, agent, accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX assignment_by_contact ON assignment (tenant, contact, accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX assignment_by_group ON assignment (tenant, grp, accepted_at) WHERE accepted_at IS NOT NULL;
