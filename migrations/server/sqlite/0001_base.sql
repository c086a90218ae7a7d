-- The server's first schema. Every row carries its tenant; ids are UUIDs of 16 bytes.

CREATE TABLE meta (
    -- Facts about the data as a whole, such as its generation.
    tenant INTEGER NOT NULL,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    -- Numbers that people say, such as the one of a conversation.
    tenant INTEGER NOT NULL,
    name   TEXT NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    -- Who did what with what result. Append-only: record n's hash covers record n - 1's.
    tenant INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    record TEXT NOT NULL,   -- canonical JSON, hashed as it stands
    hash   BLOB NOT NULL,
    PRIMARY KEY (tenant, n)
) STRICT;

CREATE TABLE audit_head (
    -- The end of the audit chain. Its row lock puts acts into one order.
    tenant INTEGER NOT NULL PRIMARY KEY,
    n      INTEGER NOT NULL,
    hash   BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TABLE stream (
    -- A visibility scope: who may see it may see every row in it.
    id     INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL,
    kind   TEXT NOT NULL,   -- config, faq, group
    ref    TEXT NOT NULL,   -- business line, id of the group, or empty
    UNIQUE (tenant, kind, ref)
) STRICT;

CREATE TABLE stream_ctr (
    -- The gap-free counter of a stream. Taken in ascending order of streams, last in a transaction.
    stream INTEGER NOT NULL PRIMARY KEY REFERENCES stream (id),
    tenant INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    floor  INTEGER NOT NULL DEFAULT 0   -- changes up to it were pruned
) STRICT;

CREATE TABLE change (
    -- One change of one row, as desktops receive it. audit_n names the act that made it and so
    -- puts the changes of all streams into one order.
    tenant  INTEGER NOT NULL,
    stream  INTEGER NOT NULL REFERENCES stream (id),
    seq     INTEGER NOT NULL,
    audit_n INTEGER NOT NULL,
    ent     TEXT NOT NULL,
    id      TEXT NOT NULL,
    rev     INTEGER NOT NULL,
    size    INTEGER NOT NULL,   -- bytes of body
    body    TEXT,               -- the row as JSON; null when it left the stream
    PRIMARY KEY (stream, seq),
    FOREIGN KEY (tenant, audit_n) REFERENCES audit (tenant, n)
) STRICT;

CREATE INDEX change_by_act ON change (tenant, audit_n);

CREATE TABLE org (
    -- The organisation; it exists once the set-up is done.
    tenant     INTEGER NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE setup_code (
    -- The one-time code of the set-up. Only its hash is kept, and only until it is used.
    tenant  INTEGER NOT NULL PRIMARY KEY,
    hash    BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE skill_group (
    -- A team with skills.
    tenant     INTEGER NOT NULL,
    id         BLOB NOT NULL,
    name       TEXT NOT NULL,
    categories TEXT NOT NULL,   -- JSON array of top categories
    rev        INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name)
) STRICT;

CREATE TABLE agent (
    -- A user account.
    tenant       INTEGER NOT NULL,
    id           BLOB NOT NULL,
    username     TEXT NOT NULL,   -- lower case
    display_name TEXT NOT NULL,
    role         TEXT NOT NULL,
    presence     TEXT NOT NULL,
    capacity     INTEGER NOT NULL,
    active       INTEGER NOT NULL,   -- 0 when it may not sign in
    password     TEXT NOT NULL,   -- Argon2id PHC string
    rev          INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, username)
) STRICT;

CREATE TABLE agent_group (
    -- Who works in which group.
    tenant INTEGER NOT NULL,
    agent  BLOB NOT NULL,
    grp    BLOB NOT NULL,
    PRIMARY KEY (tenant, agent, grp),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, id),
    FOREIGN KEY (tenant, grp) REFERENCES skill_group (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
    -- A configured source of messages.
    tenant     INTEGER NOT NULL,
    id         BLOB NOT NULL,
    kind       TEXT NOT NULL,
    public_key TEXT NOT NULL,   -- stands in the page's tag; not a secret
    name       TEXT NOT NULL,
    grp        BLOB NOT NULL,   -- where a new conversation belongs
    PRIMARY KEY (tenant, id),
    UNIQUE (public_key),
    FOREIGN KEY (tenant, grp) REFERENCES skill_group (tenant, id)
) STRICT;

CREATE TABLE device (
    -- An installation of the console. last_n is kept for ever: it makes operations apply once.
    tenant     INTEGER NOT NULL,
    id         BLOB NOT NULL,
    agent      BLOB NOT NULL,   -- who signed in on it last
    public_key BLOB NOT NULL,   -- Ed25519
    name       TEXT NOT NULL,
    os         TEXT NOT NULL,
    last_n     INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, id)
) STRICT;

CREATE TABLE session (
    -- A login on a device. The token itself is never stored.
    tenant     INTEGER NOT NULL,
    id         BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    agent      BLOB NOT NULL,
    device     BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at   INTEGER,
    PRIMARY KEY (tenant, id),
    UNIQUE (token_hash),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, id),
    FOREIGN KEY (tenant, device) REFERENCES device (tenant, id)
) STRICT;

CREATE INDEX session_by_agent ON session (tenant, agent) WHERE ended_at IS NULL;

CREATE TABLE login_failure (
    -- Failures in a row, per account and device; strange devices share one row of an account.
    tenant   INTEGER NOT NULL,
    username TEXT NOT NULL,
    device   BLOB NOT NULL,   -- empty for devices the account never used
    n        INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, username, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    -- A customer as a person.
    tenant     INTEGER NOT NULL,
    id         BLOB NOT NULL,
    last_seq   INTEGER NOT NULL,   -- messages with this customer so far
    rev        INTEGER NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE contact_identity (
    -- How a customer is known on an inbox: for the web, the hash of the visitor's token.
    tenant     INTEGER NOT NULL,
    inbox      BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    contact    BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, token_hash),
    FOREIGN KEY (tenant, inbox) REFERENCES inbox (tenant, id),
    FOREIGN KEY (tenant, contact) REFERENCES contact (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
    -- One thread with one contact. Columns are what queries ask for; body is the whole.
    tenant        INTEGER NOT NULL,
    id            BLOB NOT NULL,
    number        INTEGER NOT NULL,
    inbox         BLOB NOT NULL,
    contact       BLOB NOT NULL,
    grp           BLOB NOT NULL,
    status        TEXT NOT NULL,
    handler       TEXT NOT NULL,
    agent         BLOB,
    priority      INTEGER NOT NULL,
    waiting_since INTEGER,
    rev           INTEGER NOT NULL,
    body          TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, number),
    FOREIGN KEY (tenant, inbox) REFERENCES inbox (tenant, id),
    FOREIGN KEY (tenant, contact) REFERENCES contact (tenant, id),
    FOREIGN KEY (tenant, grp) REFERENCES skill_group (tenant, id),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, id)
) STRICT;

CREATE INDEX conversation_by_contact ON conversation (tenant, contact, number);
-- The queue of a group, and what the bot still owes an answer to.
CREATE INDEX conversation_queue ON conversation (tenant, grp, priority, waiting_since)
    WHERE handler = 'queue';
CREATE INDEX conversation_bot ON conversation (tenant, waiting_since)
    WHERE handler = 'bot' AND waiting_since IS NOT NULL;

CREATE TABLE message (
    -- One utterance or event. What was said never changes; how far it came does.
    tenant       INTEGER NOT NULL,
    id           BLOB NOT NULL,
    conversation BLOB NOT NULL,
    contact      BLOB NOT NULL,
    seq          INTEGER NOT NULL,   -- in the conversation
    contact_seq  INTEGER NOT NULL,   -- over the whole history with the customer
    author       TEXT NOT NULL,
    agent        BLOB,
    delivery     TEXT NOT NULL,
    at           INTEGER NOT NULL,
    rev          INTEGER NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, conversation, seq),
    UNIQUE (tenant, contact, contact_seq),
    FOREIGN KEY (tenant, conversation) REFERENCES conversation (tenant, id),
    FOREIGN KEY (tenant, contact) REFERENCES contact (tenant, id)
) STRICT;

CREATE TRIGGER message_no_rewrite BEFORE UPDATE OF
    tenant, id, conversation, contact, seq, contact_seq, author, agent, at, body ON message
BEGIN SELECT RAISE(ABORT, 'messages are immutable'); END;

CREATE TRIGGER message_no_delete BEFORE DELETE ON message
BEGIN SELECT RAISE(ABORT, 'messages are immutable'); END;

CREATE TABLE faq_version (
    -- One immutable text of one question.
    tenant        INTEGER NOT NULL,
    faq           TEXT NOT NULL,
    version       INTEGER NOT NULL,
    business_line TEXT NOT NULL,
    published_at  INTEGER NOT NULL,
    author        BLOB NOT NULL,
    body          TEXT NOT NULL,
    PRIMARY KEY (tenant, faq, version)
) STRICT;

CREATE TRIGGER faq_version_no_update BEFORE UPDATE ON faq_version
BEGIN SELECT RAISE(ABORT, 'versions are immutable'); END;

CREATE TABLE faq_entry (
    -- A stable question and its published version.
    tenant  INTEGER NOT NULL,
    id      TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, id, version) REFERENCES faq_version (tenant, faq, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE applied_op (
    -- What became of each operation of a device, so that a repeated one gets the same answer.
    tenant INTEGER NOT NULL,
    device BLOB NOT NULL,
    n      INTEGER NOT NULL,
    op_id  BLOB NOT NULL,
    agent  BLOB NOT NULL,
    at     INTEGER NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (tenant, device, n),
    FOREIGN KEY (tenant, device) REFERENCES device (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX applied_op_by_id ON applied_op (tenant, op_id);
