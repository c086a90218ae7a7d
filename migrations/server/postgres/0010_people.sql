-- Customers who turned out to be one, and whispers of leads.

-- Who the customer turned out to be: the root over the one who began the conversation. Often that one.
ALTER TABLE conversation ADD COLUMN person BYTEA;
UPDATE conversation SET person = contact;
CREATE INDEX conversation_by_person ON conversation (tenant, person, number);

CREATE TABLE whisper (
    -- A word between a lead and the agent at a conversation. It is no message: nothing that reads
    -- what was said to customers reads this table.
    tenant       BIGINT NOT NULL,
    id           BYTEA NOT NULL,
    conversation BYTEA NOT NULL,
    agent        BYTEA NOT NULL,   -- the agent at the conversation
    at           BIGINT NOT NULL,
    rev          BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id)
);

CREATE INDEX whisper_by_conversation ON whisper (tenant, conversation, at);
