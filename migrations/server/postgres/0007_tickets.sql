-- Tickets: work that may cross departments, their types, and the conversations that they are about.

CREATE TABLE ticket_type (
    -- A type of tickets: its form, its departments and its promises.
    tenant BIGINT NOT NULL,
    id     BYTEA NOT NULL,
    rev    BIGINT NOT NULL,   -- its version
    body   TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE ticket (
    -- One ticket with its history. It stands in the stream of the department that has it, and in
    -- those of the departments that expect it back.
    tenant   BIGINT NOT NULL,
    id       BYTEA NOT NULL,
    number   BIGINT NOT NULL,
    type     BYTEA NOT NULL,
    grp      BYTEA NOT NULL,   -- the department that has it
    state    TEXT NOT NULL,
    assignee BYTEA,
    contact  BYTEA,
    rings_at BIGINT,           -- when its clock has something to tell next
    rev      BIGINT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, number)
);

CREATE INDEX ticket_by_clock ON ticket (tenant, rings_at) WHERE rings_at IS NOT NULL;

CREATE INDEX ticket_by_contact ON ticket (tenant, contact);

CREATE TABLE ticket_conversation (
    -- Which conversations a ticket is about.
    tenant       BIGINT NOT NULL,
    conversation BYTEA NOT NULL,
    ticket       BYTEA NOT NULL,
    PRIMARY KEY (tenant, conversation, ticket)
);
