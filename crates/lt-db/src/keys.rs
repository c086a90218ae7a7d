//! The server's keys, all derived from one root key.

use lt_seal::{Key32, derive};

/// What the root key unlocks, one key per purpose.
#[derive(Clone, Debug)]
pub struct ServerKeys {
    /// Opens the database file.
    pub db: Key32,
    /// Chains the audit log.
    pub audit: Key32,
    /// Mixed into passwords before they are hashed, and into the hash of the set-up code: a stolen
    /// database alone cannot be guessed against.
    pub pepper: Key32,
    /// Keys the hashes of what was uploaded: equal files do not show as equal without it.
    pub attach: Key32,
    /// Signs the links under which customers answer a survey.
    pub survey: Key32,
    /// Seals the secrets of the ways by which alerts leave the server.
    pub channels: Key32,
}

impl ServerKeys {
    /// Derives them.
    #[must_use]
    pub fn from_root(root: &Key32) -> Self {
        Self {
            db: derive(root, "server/db/v1", b""),
            audit: derive(root, "server/audit/v1", b""),
            pepper: derive(root, "server/pepper/v1", b""),
            attach: derive(root, "server/attach/v1", b""),
            channels: derive(root, "server/alert-channels/v1", b""),
            survey: derive(root, "server/survey/v1", b""),
        }
    }
}
