-- Cells of all groups together, for the room of the numbers: a tenth of the rows to decipher where
-- there are ten groups. They are kept beside the cells in the transaction that writes those, and
-- filled when a store of a former build is opened.
CREATE TABLE metric_total (
  grain TEXT NOT NULL,
  at INTEGER NOT NULL,
  cell BLOB NOT NULL,
  PRIMARY KEY (grain, at)
) STRICT, WITHOUT ROWID;
