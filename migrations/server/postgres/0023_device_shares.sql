-- The server keeps a share for each desk, by which its agent opens the desk's store without keychain
-- and passphrase.

CREATE TABLE device_share (
    -- Made the first time the desk asks. Without the desk's key file it opens nothing. It is given to
    -- the agent for whom it was made and to nobody else who signs in on the device.
    tenant     BIGINT NOT NULL,
    device     BYTEA NOT NULL,
    agent      BYTEA NOT NULL,
    share      BYTEA NOT NULL,   -- 32 random bytes, sealed
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, device, agent),
    FOREIGN KEY (tenant, device) REFERENCES device (tenant, id),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, id)
);
