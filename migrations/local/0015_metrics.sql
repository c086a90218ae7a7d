-- The numbers of the service, as the server counted them.

CREATE TABLE metric_cell (
  -- Sums of a group over an hour, a day or a month: of all of it (dim is empty) or of one agent,
  -- channel, line, category or intent. What is asked of many cells at once stands beside the whole.
  grain TEXT NOT NULL,
  dim TEXT NOT NULL,
  at INTEGER NOT NULL,
  grp BLOB NOT NULL,
  value TEXT NOT NULL,
  opened INTEGER NOT NULL,
  queue INTEGER NOT NULL,     -- into the queue less out of it
  tickets INTEGER NOT NULL,   -- into the backlog less out of it
  cell BLOB NOT NULL,
  PRIMARY KEY (grain, dim, at, grp, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX metric_opened ON metric_cell (grain, dim, at, grp, value, opened);
CREATE INDEX metric_standing ON metric_cell (grain, dim, at, grp, value, queue, tickets)
  WHERE queue <> 0 OR tickets <> 0;

CREATE TABLE metric_group (
  -- The groups whose numbers are here, and up to which version of them.
  grp BLOB PRIMARY KEY,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE metric_stand (
  -- One row: what the server had counted when this desk heard of it last.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  as_of INTEGER NOT NULL,
  generation TEXT NOT NULL,
  utc_offset_minutes INTEGER NOT NULL
) STRICT;
