-- The engine's settings of the organisation.

CREATE TABLE engine_settings (
  -- Versions as the server sent them; the highest one counts.
  version INTEGER PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;
