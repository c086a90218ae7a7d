CREATE TABLE pick (
  -- What the agent at this desk said of an entry as the answer to a customer's message: the latest
  -- for each. The message's text stands with the message alone.
  message_id BLOB NOT NULL,
  faq_id TEXT NOT NULL,
  conversation_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (message_id, faq_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pick_by_conversation ON pick (conversation_id);
