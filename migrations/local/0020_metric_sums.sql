-- How many conversations were opened, of all groups together. Which questions are asked most, and at
-- which hours, is read off very many cells; most look at all groups at once.

CREATE TABLE metric_opened_sum (
  -- The sum of metric_cell.opened over groups, of all hours and of all questions.
  grain TEXT NOT NULL,
  dim TEXT NOT NULL,
  at INTEGER NOT NULL,
  value TEXT NOT NULL,
  opened INTEGER NOT NULL,
  PRIMARY KEY (grain, dim, at, value)
) STRICT, WITHOUT ROWID;

INSERT INTO metric_opened_sum (grain, dim, at, value, opened)
SELECT grain, dim, at, value, sum(opened) FROM metric_cell
WHERE dim = 'intent' OR grain = 'hour'
GROUP BY grain, dim, at, value;

CREATE TRIGGER metric_cell_comes AFTER INSERT ON metric_cell
WHEN NEW.dim = 'intent' OR NEW.grain = 'hour'
BEGIN
  INSERT INTO metric_opened_sum (grain, dim, at, value, opened)
  VALUES (NEW.grain, NEW.dim, NEW.at, NEW.value, NEW.opened)
  ON CONFLICT (grain, dim, at, value) DO UPDATE SET opened = opened + excluded.opened;
END;

CREATE TRIGGER metric_cell_changes AFTER UPDATE OF opened ON metric_cell
WHEN (NEW.dim = 'intent' OR NEW.grain = 'hour') AND NEW.opened <> OLD.opened
BEGIN
  INSERT INTO metric_opened_sum (grain, dim, at, value, opened)
  VALUES (NEW.grain, NEW.dim, NEW.at, NEW.value, NEW.opened - OLD.opened)
  ON CONFLICT (grain, dim, at, value) DO UPDATE SET opened = opened + excluded.opened;
END;

CREATE TRIGGER metric_cell_goes AFTER DELETE ON metric_cell
WHEN OLD.dim = 'intent' OR OLD.grain = 'hour'
BEGIN
  UPDATE metric_opened_sum SET opened = opened - OLD.opened
  WHERE grain = OLD.grain AND dim = OLD.dim AND at = OLD.at AND value = OLD.value;
  DELETE FROM metric_opened_sum
  WHERE grain = OLD.grain AND dim = OLD.dim AND at = OLD.at AND value = OLD.value AND opened = 0;
END;
