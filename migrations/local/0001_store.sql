-- The desktop's cache of what its agent may see, what waits to be sent, and what it did itself.
-- Ids of rows are UUIDs as 16 bytes; words are the serde names of the domain; bodies are JSON.

CREATE TABLE meta (
  -- Single values: the generation of the server's data, the next operation number, the last time in step.
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  -- The one account of this store, with this installation's key. The token is empty while signed out.
  one INTEGER PRIMARY KEY CHECK (one = 1),
  server TEXT NOT NULL,
  organisation TEXT NOT NULL,
  agent TEXT NOT NULL,
  device BLOB NOT NULL,
  device_key BLOB NOT NULL,
  session TEXT,
  token TEXT
) STRICT;

CREATE TABLE setting (
  -- Settings of this installation.
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stream (
  -- Streams that the agent may see, and the last change of each that is committed here.
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  cursor INTEGER NOT NULL DEFAULT 0 CHECK (cursor >= 0),
  -- Its last change when it was granted: what was there already is no news to the agent.
  first_head INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE row_stream (
  -- Through which streams a row is visible. A row of the server without one does not exist here.
  kind TEXT NOT NULL,
  id ANY NOT NULL,
  stream INTEGER NOT NULL,
  PRIMARY KEY (kind, id, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation_body (
  -- A conversation as the server last sent it, and with the pending operations applied where that differs.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  server TEXT NOT NULL,
  local TEXT
) STRICT;

CREATE TABLE conversation (
  -- What lists show of a conversation, pending operations applied. Always derived from the body,
  -- the messages and the outbox, in the transaction that changes one of them.
  id BLOB PRIMARY KEY REFERENCES conversation_body (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  channel TEXT NOT NULL,
  contact_id BLOB NOT NULL,
  group_id BLOB NOT NULL,
  status TEXT NOT NULL,
  handler TEXT NOT NULL,
  agent BLOB,
  priority INTEGER NOT NULL,
  category TEXT NOT NULL,
  waiting_since INTEGER,
  first_reply_at INTEGER,
  last_customer_at INTEGER,
  last_message_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  agent_read_seq INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  pending INTEGER NOT NULL,
  last_author TEXT,
  last_agent BLOB,
  last_text TEXT
) STRICT;
CREATE INDEX conversation_by_place ON conversation (status, handler, agent);
CREATE INDEX conversation_by_contact ON conversation (contact_id);

CREATE TABLE message (
  -- Messages of the server (seq from 1, place 0) and of this desk while they wait or are refused (seq 0, place from 1).
  id BLOB PRIMARY KEY,
  conversation_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  place INTEGER NOT NULL DEFAULT 0,
  author TEXT NOT NULL,
  is_text INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX message_in_order ON message (conversation_id, seq, place, author, is_text);

CREATE TABLE contact (
  -- Customers. The name stands beside the body for lists.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  name TEXT NOT NULL,
  tier TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE agent (
  -- Colleagues and oneself, as the server last sent them; local holds one's own pending presence.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  server TEXT NOT NULL,
  local TEXT
) STRICT;

CREATE TABLE skill_group (
  -- Skill groups.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE faq (
  -- Published knowledge of the agent's business lines.
  id TEXT PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE outbox (
  -- Operations of this desk. queued: to be sent, numbered n without gaps. refused: waits for the agent.
  -- done: answered, kept until the feed brings its effect, so that the screen does not jump back.
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  n INTEGER NOT NULL,
  op_id BLOB NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'refused', 'done')),
  code TEXT,
  conversation_id BLOB,
  message_id BLOB,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  CHECK ((state = 'refused') = (code IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX outbox_queue ON outbox (n) WHERE state = 'queued';
CREATE INDEX outbox_by_conversation ON outbox (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX outbox_by_message ON outbox (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE draft (
  -- What is being written, one text per conversation.
  conversation_id BLOB PRIMARY KEY,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  -- What this desk did, chained; each entry is written in the transaction of its act.
  n INTEGER PRIMARY KEY,
  entry TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit records are not changed'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit records are not removed'); END;

CREATE TABLE index_todo (
  -- Rows that the search index has not caught up with; a row touched again gets a new number.
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  id ANY NOT NULL,
  UNIQUE (kind, id)
) STRICT;
