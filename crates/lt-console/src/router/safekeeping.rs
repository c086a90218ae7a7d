//! The keys of the local store, and its backups.

use std::sync::Arc;

use lt_protocol::{
    code::WireError,
    safekeeping::{
        BackupArgs, BackupFile, BackupInfo, BackupMakeArgs, BackupRestoreArgs, BackupRestored,
        BackupView, PassphraseArgs, RekeyArgs, SecurityView,
    },
};

use crate::{console::Console, restoring, safekeeping};

/// `security.get`
pub(super) fn security(console: &Console) -> Result<SecurityView, WireError> {
    safekeeping::security(console)
}

/// `security.passphrase`
pub(super) async fn passphrase(
    console: &Arc<Console>,
    args: PassphraseArgs,
) -> Result<SecurityView, WireError> {
    safekeeping::passphrase(console, args).await
}

/// `security.rekey`
pub(super) async fn rekey(
    console: &Arc<Console>,
    args: RekeyArgs,
) -> Result<SecurityView, WireError> {
    safekeeping::rekey(console, args).await
}

/// `backup.get`
pub(super) fn backups(console: &Console) -> Result<BackupView, WireError> {
    safekeeping::backups(console)
}

/// `backup.make`
pub(super) async fn make(
    console: &Arc<Console>,
    args: BackupMakeArgs,
) -> Result<BackupFile, WireError> {
    safekeeping::back_up(console, args).await
}

/// `backup.inspect`
pub(super) async fn inspect(
    console: &Arc<Console>,
    args: BackupArgs,
) -> Result<BackupInfo, WireError> {
    safekeeping::inspect(console, args).await
}

/// `backup.restore`
pub(super) async fn restore(
    console: &Arc<Console>,
    args: BackupRestoreArgs,
) -> Result<BackupRestored, WireError> {
    restoring::restore(console, args).await
}
