-- Alerts, and the rules that they come from, on the desks of those who lead.

CREATE TABLE alert_rule (
  -- Rules as the server last sent them.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE alert (
  -- Alerts as the server last sent them. What is asked for stands beside the body.
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  fired_at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX alert_by_time ON alert (is_open, fired_at);
