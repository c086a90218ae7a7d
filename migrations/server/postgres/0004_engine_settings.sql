-- The engine's settings: what an administrator sets of synonyms, words and the target.

CREATE TABLE engine_settings (
    -- One immutable version of the settings; the highest one counts.
    tenant  BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    author  BYTEA,   -- none where the server measured a new curve
    body    TEXT NOT NULL,
    PRIMARY KEY (tenant, version)
);

CREATE TRIGGER engine_settings_no_update BEFORE UPDATE ON engine_settings
    FOR EACH ROW EXECUTE FUNCTION refuse('versions are immutable');

CREATE TRIGGER engine_settings_no_delete BEFORE DELETE ON engine_settings
    FOR EACH ROW EXECUTE FUNCTION refuse('versions are immutable');
