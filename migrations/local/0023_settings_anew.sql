-- A former build left out of the agent's settings what it did not know and kept the revision, so that
-- nothing tells of the lack: whatever stream brings them is fetched anew. Until then they stay as they
-- are, for a desk that has no server now.
UPDATE stream SET is_suspect = 1
WHERE id IN (SELECT stream FROM row_stream WHERE kind = 'agent_settings');
