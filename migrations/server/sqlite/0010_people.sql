-- Customers who turned out to be one, and whispers of leads.

-- Who the customer turned out to be: the root over the one who began the conversation. Often that one.
ALTER TABLE conversation ADD COLUMN person BLOB;
UPDATE conversation SET person = contact;
CREATE INDEX conversation_by_person ON conversation (tenant, person, number);

CREATE TABLE whisper (
    -- A word between a lead and the agent at a conversation. It is no message: nothing that reads
    -- what was said to customers reads this table.
    tenant       INTEGER NOT NULL,
    id           BLOB NOT NULL,
    conversation BLOB NOT NULL,
    agent        BLOB NOT NULL,   -- the agent at the conversation
    at           INTEGER NOT NULL,
    rev          INTEGER NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id)
) STRICT;

CREATE INDEX whisper_by_conversation ON whisper (tenant, conversation, at);
