-- Edits that others changed meanwhile, the summary as it is being written, and what waits for what.

CREATE TABLE conflict (
  -- A field on which this desk's edit and somebody else's did not agree. Theirs stands at the server;
  -- this desk's is kept here until the agent has decided. One for each field: a later edit of the
  -- field takes the place of the one before and keeps what that one had seen.
  conversation_id BLOB NOT NULL,
  field TEXT NOT NULL,
  op_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (conversation_id, field)
) STRICT;

CREATE TABLE summary_draft (
  -- A summary being written: what it was made from, at which revision, and the text so far; none
  -- before the first key.
  conversation_id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  base TEXT NOT NULL,
  text TEXT,
  at INTEGER NOT NULL
) STRICT;

-- The operation that this one makes sense after only.
ALTER TABLE outbox ADD COLUMN after_op BLOB;
-- Whether a field of the conversation is in conflict.
ALTER TABLE conversation ADD COLUMN conflict INTEGER NOT NULL DEFAULT 0;
