-- Tickets, their types, and the operations that wait to be done with them.

CREATE TABLE ticket_type (
  -- A type of tickets as the server last sent it.
  id   BLOB PRIMARY KEY,
  rev  INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE ticket_body (
  -- A ticket as the server last sent it, and with the waiting operations applied. One that was made
  -- here and has not reached the server has no first one.
  id     BLOB PRIMARY KEY,
  rev    INTEGER NOT NULL,
  server TEXT,
  local  TEXT
) STRICT;

CREATE TABLE ticket (
  -- What lists show of a ticket: derived from its body.
  id         BLOB PRIMARY KEY REFERENCES ticket_body (id) ON DELETE CASCADE,
  number     INTEGER NOT NULL,   -- 0 until the server has it
  type       BLOB NOT NULL,
  state      TEXT NOT NULL,
  unfinished INTEGER NOT NULL,
  priority   INTEGER NOT NULL,
  grp        BLOB NOT NULL,      -- the department that has it
  assignee   BLOB,
  contact    BLOB,
  due_key    INTEGER NOT NULL,   -- what is due first comes first; what is paused, last
  breached   INTEGER NOT NULL,
  warn_at    INTEGER,            -- from then on it is due soon
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  pending    INTEGER NOT NULL,
  refused    INTEGER NOT NULL,
  title      TEXT NOT NULL,
  customer   TEXT NOT NULL,
  card       TEXT NOT NULL       -- the rest of what a card shows, as JSON
) STRICT;

CREATE INDEX ticket_by_due ON ticket (state, due_key, number);

CREATE INDEX ticket_by_priority ON ticket (state, priority DESC, due_key, number);

CREATE INDEX ticket_by_update ON ticket (state, updated_at DESC);

CREATE INDEX ticket_by_work ON ticket (unfinished, grp, assignee, breached, due_key);

CREATE INDEX ticket_by_contact ON ticket (contact) WHERE contact IS NOT NULL;

CREATE TABLE ticket_conversation (
  -- Which conversations a ticket is about.
  conversation BLOB NOT NULL,
  ticket       BLOB NOT NULL REFERENCES ticket_body (id) ON DELETE CASCADE,
  PRIMARY KEY (conversation, ticket)
) STRICT, WITHOUT ROWID;

CREATE INDEX ticket_conversation_by_ticket ON ticket_conversation (ticket);

CREATE TABLE ticket_waiting (
  -- Which departments expect a ticket back.
  ticket BLOB NOT NULL REFERENCES ticket_body (id) ON DELETE CASCADE,
  grp    BLOB NOT NULL,
  PRIMARY KEY (ticket, grp)
) STRICT, WITHOUT ROWID;

-- The ticket that an operation is about.
ALTER TABLE outbox ADD COLUMN ticket_id BLOB;

CREATE INDEX outbox_by_ticket ON outbox (ticket_id) WHERE ticket_id IS NOT NULL;
