-- Reports of the numbers by mail.

CREATE TABLE report (
    -- One for each person and period, with what it says. No act: it is in no log.
    tenant INTEGER NOT NULL,
    id     BLOB NOT NULL,     -- what is to be sent in alert_outbox goes by it
    agent  BLOB NOT NULL,     -- whose
    span   TEXT NOT NULL,     -- day, week; asked for one out of turn
    until  INTEGER NOT NULL,  -- end of its period; of one out of turn, when it was asked for
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, agent, span, until)
) STRICT, WITHOUT ROWID;
