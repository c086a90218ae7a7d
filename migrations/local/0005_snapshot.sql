-- The desk's own checksum of every stream, and how far a snapshot of a stream has come.

-- Revision of the row as this stream last brought it.
ALTER TABLE row_stream ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
-- Number of the snapshot that named the row; 0 where the feed alone brought it.
ALTER TABLE row_stream ADD COLUMN snapshot INTEGER NOT NULL DEFAULT 0;

-- Wrapping sum over the rows of the stream; none where it has to be counted anew.
ALTER TABLE stream ADD COLUMN sum INTEGER;
-- Whether the sum was not the server's: the stream has to be fetched again.
ALTER TABLE stream ADD COLUMN is_suspect INTEGER NOT NULL DEFAULT 0;
-- The snapshot that is being fetched: the change up to which it goes, its number, the change up to
-- which it is here, and its rows so far.
ALTER TABLE stream ADD COLUMN snapshot_at INTEGER;
ALTER TABLE stream ADD COLUMN snapshot_n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN snapshot_after INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN snapshot_rows INTEGER NOT NULL DEFAULT 0;

-- What is here keeps the revisions that its own tables know.
UPDATE row_stream SET rev = coalesce(
  CASE kind
    WHEN 'agent' THEN (SELECT rev FROM agent r WHERE r.id = row_stream.id)
    WHEN 'group' THEN (SELECT rev FROM skill_group r WHERE r.id = row_stream.id)
    WHEN 'contact' THEN (SELECT rev FROM contact r WHERE r.id = row_stream.id)
    WHEN 'conversation' THEN (SELECT rev FROM conversation_body r WHERE r.id = row_stream.id)
    WHEN 'message' THEN (SELECT rev FROM message r WHERE r.id = row_stream.id)
    WHEN 'faq' THEN (SELECT rev FROM faq r WHERE r.id = row_stream.id)
    WHEN 'engine_settings' THEN CAST(row_stream.id AS INTEGER)
  END, 0);
