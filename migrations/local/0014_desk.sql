-- What a line shows of routing, sources of messages, one's own settings, and what other systems said.

-- Where it came from, when it wakes, and who gave it back because they were gone.
ALTER TABLE conversation ADD COLUMN inbox_id BLOB;
ALTER TABLE conversation ADD COLUMN snoozed_until INTEGER;
ALTER TABLE conversation ADD COLUMN returned_from BLOB;
ALTER TABLE conversation ADD COLUMN returned_at INTEGER;
UPDATE conversation SET (inbox_id, snoozed_until) = (
  SELECT unhex(replace(coalesce(b.local, b.server) ->> '$.inbox_id', '-', '')),
    coalesce(b.local, b.server) ->> '$.routing.snoozed_until'
  FROM conversation_body b WHERE b.id = conversation.id);
CREATE INDEX conversation_returned ON conversation (returned_from, returned_at)
  WHERE returned_from IS NOT NULL;

ALTER TABLE offer ADD COLUMN offered_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE inbox (
  -- Sources of messages as the server last sent them.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE agent_settings (
  -- What the agent at this desk set for themselves, as the server last sent it.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE facts (
  -- What other systems last said about the customer of a conversation, masked. It goes with that.
  conversation_id BLOB PRIMARY KEY REFERENCES conversation_body (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX facts_by_age ON facts (at);
