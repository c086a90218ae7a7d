-- Which rows stand in which stream, and their newest changes: what a snapshot is made of.

CREATE TABLE live_row (
    -- A row that is in a stream. Its content stands in change (stream, seq).
    stream INTEGER NOT NULL REFERENCES stream (id),
    ent    TEXT NOT NULL,
    id     TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    rev    INTEGER NOT NULL,
    PRIMARY KEY (stream, ent, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX live_row_by_seq ON live_row (stream, seq);

-- When the act was done, ms; 0 for changes from before this column.
ALTER TABLE change ADD COLUMN at INTEGER NOT NULL DEFAULT 0;

-- Sum of the checksums of the live rows, as a signed number of 64 bits.
ALTER TABLE stream_ctr ADD COLUMN chk INTEGER NOT NULL DEFAULT 0;

INSERT INTO live_row (stream, ent, id, seq, rev)
SELECT c.stream, c.ent, c.id, c.seq, c.rev FROM change c
WHERE c.body IS NOT NULL AND c.seq = (
    SELECT max(later.seq) FROM change later
    WHERE later.stream = c.stream AND later.ent = c.ent AND later.id = c.id);
