-- Tickets: work that may cross departments, their types, and the conversations that they are about.

CREATE TABLE ticket_type (
    -- A type of tickets: its form, its departments and its promises.
    tenant INTEGER NOT NULL,
    id     BLOB NOT NULL,
    rev    INTEGER NOT NULL,   -- its version
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE ticket (
    -- One ticket with its history. It stands in the stream of the department that has it, and in
    -- those of the departments that expect it back.
    tenant   INTEGER NOT NULL,
    id       BLOB NOT NULL,
    number   INTEGER NOT NULL,
    type     BLOB NOT NULL,
    grp      BLOB NOT NULL,   -- the department that has it
    state    TEXT NOT NULL,
    assignee BLOB,
    contact  BLOB,
    rings_at INTEGER,           -- when its clock has something to tell next
    rev      INTEGER NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, number)
) STRICT;

CREATE INDEX ticket_by_clock ON ticket (tenant, rings_at) WHERE rings_at IS NOT NULL;

CREATE INDEX ticket_by_contact ON ticket (tenant, contact);

CREATE TABLE ticket_conversation (
    -- Which conversations a ticket is about.
    tenant       INTEGER NOT NULL,
    conversation BLOB NOT NULL,
    ticket       BLOB NOT NULL,
    PRIMARY KEY (tenant, conversation, ticket)
) STRICT;
