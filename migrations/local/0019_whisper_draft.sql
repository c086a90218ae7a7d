CREATE TABLE whisper_draft (
  -- A whisper being written, one text per conversation: for the agent or the leads alone.
  conversation_id BLOB PRIMARY KEY,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
