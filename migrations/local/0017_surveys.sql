-- What customers said of the service.

CREATE TABLE survey (
  -- Questions for a mark as the server last sent them. What is asked for stands beside the body.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  conversation_id BLOB NOT NULL,
  agent_id BLOB,
  faq_id TEXT,
  asked_at INTEGER NOT NULL,
  score INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX survey_by_conversation ON survey (conversation_id, asked_at);
CREATE INDEX survey_by_agent ON survey (agent_id, asked_at);
CREATE INDEX survey_by_faq ON survey (faq_id, asked_at) WHERE faq_id IS NOT NULL;
