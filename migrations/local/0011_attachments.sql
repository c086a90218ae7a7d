-- Pictures and files.

CREATE TABLE file (
  -- One that the agent chose, that waits to be sent, or that was fetched from the server.
  id BLOB PRIMARY KEY,
  conversation_id BLOB,
  message_id BLOB,            -- the message of this desk that sends it
  state TEXT NOT NULL,        -- staged: beside the reply; outgoing: to be uploaded; sent: at the server
  place INTEGER NOT NULL,     -- the order in which they were chosen
  used_at INTEGER NOT NULL,
  n_bytes INTEGER NOT NULL,   -- of what of it is here
  body TEXT NOT NULL
) STRICT;
CREATE INDEX file_by_conversation ON file (conversation_id);
CREATE INDEX file_by_message ON file (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX file_by_use ON file (used_at) WHERE state = 'sent';

CREATE TABLE file_part (
  -- Bytes of it that are here.
  file_id BLOB NOT NULL REFERENCES file (id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (file_id, part)
) STRICT;
