-- Routing: who takes how much, offers, business hours, and the history of who had what.

-- How the waiting conversations of a group find an agent, as JSON.
ALTER TABLE skill_group ADD COLUMN assign TEXT NOT NULL DEFAULT '{"kind":"pick"}';

-- Limits by channel, and skills with levels, as JSON.
ALTER TABLE agent ADD COLUMN capacities TEXT NOT NULL DEFAULT '[]';
ALTER TABLE agent ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';

-- Its calendar; none: always open.
ALTER TABLE inbox ADD COLUMN hours BLOB;

-- To whom it is offered, and when the clock has something to do: an offer ends, or it wakes.
ALTER TABLE conversation ADD COLUMN offered BLOB;
ALTER TABLE conversation ADD COLUMN due_at INTEGER;
CREATE INDEX conversation_due ON conversation (tenant, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX conversation_offered ON conversation (tenant, offered) WHERE offered IS NOT NULL;
-- What counts as load, and what was left out of hours.
CREATE INDEX conversation_held ON conversation (tenant, agent) WHERE handler = 'agent';
CREATE INDEX conversation_left ON conversation (tenant, grp, inbox)
    WHERE handler = 'none' AND status = 'open';

CREATE TABLE business_hours (
    -- Calendars: when somebody is there and when promises run.
    tenant INTEGER NOT NULL,
    id     BLOB NOT NULL,
    rev    INTEGER NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE assignment (
    -- Who was offered a conversation or had it, and what came of it.
    tenant       INTEGER NOT NULL,
    id           BLOB NOT NULL,
    conversation BLOB NOT NULL,
    contact      BLOB NOT NULL,
    grp          BLOB NOT NULL,
    agent        BLOB NOT NULL,
    reason       TEXT NOT NULL,   -- auto, manual, transfer, takeover, reopen
    why          TEXT NOT NULL,   -- JSON array of reasons
    offered_at   INTEGER,
    accepted_at  INTEGER,
    ended_at     INTEGER,
    outcome      TEXT,   -- declined, timed_out, withdrawn, ended
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, id)
) STRICT;

CREATE INDEX assignment_open ON assignment (tenant, conversation) WHERE ended_at IS NULL;
CREATE INDEX assignment_by_conversation ON assignment (tenant, conversation, id);
CREATE INDEX assignment_by_agent ON assignment (tenant, agent, accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX assignment_by_contact ON assignment (tenant, contact, accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX assignment_by_group ON assignment (tenant, grp, accepted_at) WHERE accepted_at IS NOT NULL;
