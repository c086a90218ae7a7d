-- Customers who turned out to be one, and whispers.

-- What two customers may have in common, as equal values of it look alike; empty where unknown.
ALTER TABLE contact ADD COLUMN phone_key TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN member_key TEXT NOT NULL DEFAULT '';
-- Whether somebody else stands for them.
ALTER TABLE contact ADD COLUMN is_merged INTEGER NOT NULL DEFAULT 0;
-- What the server last sent, where pending operations make a difference to body.
ALTER TABLE contact ADD COLUMN server TEXT;
CREATE INDEX contact_by_phone ON contact (phone_key) WHERE phone_key <> '';
CREATE INDEX contact_by_email ON contact (email_key) WHERE email_key <> '';
CREATE INDEX contact_by_member ON contact (member_key) WHERE member_key <> '';

-- The customer that an operation merges or splits.
ALTER TABLE outbox ADD COLUMN contact_id BLOB;
CREATE INDEX outbox_by_contact ON outbox (contact_id) WHERE contact_id IS NOT NULL;

CREATE TABLE whisper (
  -- Words between leads and the agent at a conversation, as far as the agent of this desk sees them.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  conversation_id BLOB NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX whisper_by_conversation ON whisper (conversation_id, at);
