//! The keys of the local store, and its backups: what a window asks for, and what it shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::Millis;

use crate::view::SessionView;

/// The keys of the local store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecurityView {
    /// The ways to open it, in the order in which they were made.
    pub slots: Vec<KeySlotView>,
    /// Since when it has its present key.
    pub keyed_at: Millis,
    /// When the key is to be changed.
    pub due_at: Millis,
    /// When every page of it was last found sound.
    pub checked_at: Millis,
    /// How far a change of the key has come.
    pub rekey: RekeyState,
}

/// A way to open the local store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeySlotView {
    /// Which.
    pub kind: KeySlotName,
    /// When it was made.
    pub created_at: Millis,
    /// Whether it opens the store now: a keychain may be locked or gone, a server out of reach.
    pub works: bool,
}

/// What opens the local store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeySlotName {
    /// The keychain of the operating system.
    Keychain,
    /// A passphrase.
    Passphrase,
    /// The server's share, for the account's password.
    Server,
}

/// How far a change of the key has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RekeyState {
    /// None is at work.
    #[default]
    Idle,
    /// The store is being closed and copied.
    Copying,
    /// The copy is being sealed under the new key.
    Sealing,
    /// Every page of the copy is being checked.
    Checking,
    /// The copy takes the store's place.
    Placing,
}

/// The backups of the local store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BackupView {
    /// Where they are put when nothing else is said.
    pub folder: String,
    /// When the last one was made here.
    pub made_at: Option<Millis>,
    /// Those in that folder, the newest first.
    pub files: Vec<BackupFile>,
    /// How far a restoring has come.
    pub restore: RestoreState,
    /// Where the data lie that a backup last took the place of.
    pub former: Option<String>,
}

/// How far a restoring has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RestoreState {
    /// None is at work.
    #[default]
    Idle,
    /// The backup is being read and unpacked.
    Reading,
    /// What was in it is being sealed under the store's key.
    Sealing,
    /// Every page of it is being checked.
    Checking,
    /// It takes the store's place.
    Placing,
}

/// One backup file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BackupFile {
    /// Its full path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its length.
    pub n_bytes: u64,
    /// When it was written.
    pub written_at: Millis,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BackupInfo {
    /// When it was made.
    pub made_at: Millis,
    /// Its length.
    pub n_bytes: u64,
    /// Replies and the like that had not been sent.
    pub n_unsent: u64,
    /// Whose it is: login name and organisation.
    pub account: String,
    /// Whether that is somebody else than who uses the desk now.
    pub is_foreign: bool,
}

/// Where a restoring led.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BackupRestored {
    /// Where the session stands now.
    pub session: SessionView,
    /// Where the data lie that were in use before.
    pub former: Option<String>,
}

macro_rules! secret_args {
    ($($name:ident),+) => { $(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+ };
}
secret_args!(
    PassphraseArgs,
    RekeyArgs,
    BackupMakeArgs,
    BackupArgs,
    BackupRestoreArgs
);

/// Another passphrase.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PassphraseArgs {
    /// The present one, where there is one.
    pub present: Option<String>,
    /// The new one.
    pub new: String,
}

/// A new key.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RekeyArgs {
    /// The passphrase, where there is one.
    pub passphrase: Option<String>,
}

/// A backup to make.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BackupMakeArgs {
    /// The folder; the usual one when left out.
    pub folder: Option<String>,
    /// What opens it.
    pub passphrase: String,
}

/// A backup to look into.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BackupArgs {
    /// Its full path.
    pub path: String,
    /// What opens it.
    pub passphrase: String,
}

/// A backup to restore.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BackupRestoreArgs {
    /// Its full path.
    pub path: String,
    /// What opens it.
    pub passphrase: String,
    /// The passphrase of this desk's own store, where the OS keychain is not available.
    pub own: Option<String>,
    /// What the present store has unsent may be set aside with it. A locked store, of which nobody
    /// knows what it has, is replaced with this alone.
    #[serde(default)]
    pub discard_unsent: bool,
}
