-- The server keeps a share for each desk, by which its agent opens the desk's store without keychain
-- and passphrase.

CREATE TABLE device_share (
    -- Made the first time the desk asks. Without the desk's key file it opens nothing. It is given to
    -- the agent for whom it was made and to nobody else who signs in on the device.
    tenant     INTEGER NOT NULL,
    device     BLOB NOT NULL,
    agent      BLOB NOT NULL,
    share      BLOB NOT NULL,    -- 32 random bytes
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, device, agent),
    FOREIGN KEY (tenant, device) REFERENCES device (tenant, id),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, id)
) STRICT;
