-- Notes, canned replies, and what lists are filtered by.

CREATE TABLE canned (
  -- Canned replies and macros as the server last sent them.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE own_canned (
  -- Canned replies of the agent at this desk. They are nowhere else.
  id BLOB PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE note_draft (
  -- A note being written, one text per conversation: never mixed with what the customer is to read.
  conversation_id BLOB PRIMARY KEY,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE mention (
  -- Notes that name the agent at this desk and were not looked at yet.
  message_id BLOB PRIMARY KEY,
  conversation_id BLOB NOT NULL
) STRICT;
CREATE INDEX mention_by_conversation ON mention (conversation_id);

-- Tags as a JSON list, and how many notes name the agent.
ALTER TABLE conversation ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE conversation ADD COLUMN mentions INTEGER NOT NULL DEFAULT 0;
UPDATE conversation SET tags = coalesce(
  (SELECT json_extract(coalesce(b.local, b.server), '$.properties.tags')
   FROM conversation_body b WHERE b.id = conversation.id), '[]');
