-- Offers, and calendars of business hours.

CREATE TABLE offer (
  -- Conversations that are offered to somebody at this moment, pending operations applied. Derived
  -- with the line of the conversation.
  conversation_id BLOB PRIMARY KEY REFERENCES conversation_body (id) ON DELETE CASCADE,
  agent BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_by_agent ON offer (agent, expires_at);

CREATE TABLE business_hours (
  -- Calendars as the server last sent them.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
