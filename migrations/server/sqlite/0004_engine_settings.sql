-- The engine's settings: what an administrator sets of synonyms, words and the target.

CREATE TABLE engine_settings (
    -- One immutable version of the settings; the highest one counts.
    tenant  INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    author  BLOB,   -- none where the server measured a new curve
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, version)
) STRICT;

CREATE TRIGGER engine_settings_no_update BEFORE UPDATE ON engine_settings
BEGIN SELECT RAISE(ABORT, 'versions are immutable'); END;

CREATE TRIGGER engine_settings_no_delete BEFORE DELETE ON engine_settings
BEGIN SELECT RAISE(ABORT, 'versions are immutable'); END;
