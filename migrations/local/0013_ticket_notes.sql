-- Notes in tickets that name the agent.

CREATE TABLE ticket_mention (
  -- Tickets with a note that names the agent at this desk, which they have not looked at yet.
  ticket BLOB PRIMARY KEY REFERENCES ticket_body (id) ON DELETE CASCADE,
  at     INTEGER NOT NULL
) STRICT;
