//! The keys of the store and its backups. What needs the store closed closes the desk, works, and
//! opens it again; commands wait meanwhile, so that the window notices nothing but a moment's rest.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::UNIX_EPOCH,
};

use lt_model::{Millis, hours::WallTime};
use lt_protocol::{
    code::{Code, WireError},
    event::{Tag, UiEvent},
    safekeeping::{
        BackupArgs, BackupFile, BackupInfo, BackupMakeArgs, BackupView, KeySlotName, KeySlotView,
        PassphraseArgs, RekeyArgs, RekeyState, SecurityView,
    },
};
use lt_seal::{Secret, password::Cost};
use lt_store::{
    backup, exchange,
    keys::{KeyRing, MIN_PASSPHRASE_CHARS, SlotKind},
    rekey::{MAX_AGE_MS, Stage},
};

use crate::{
    console::{Console, Phase},
    desk::{Desk, now},
    error::{logged, wire, wire_archive, wire_keys},
    host::Host,
    session::{self, blocking},
};

/// How backup files end.
const ENDING: &str = "ltbackup";

/// The keys as the window shows them. It is answered while a change is at work.
pub(crate) fn security(console: &Console) -> Result<SecurityView, WireError> {
    let rekey = console.rekeying();
    let (keyed_at, checked_at, is_online) = match console.phase() {
        Phase::Open(desk) => (
            desk.store.keyed_at().map_err(wire)?,
            desk.store.checked_at(),
            desk.link.reached_since().is_some(),
        ),
        _ if rekey != RekeyState::Idle => (0, 0, false),
        _ => return Err(WireError::new(Code::Locked, "the store is not open")),
    };
    let ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
    let slot = |slot: &lt_store::keys::SlotInfo| KeySlotView {
        kind: match slot.kind {
            SlotKind::Os => KeySlotName::Keychain,
            SlotKind::Passphrase => KeySlotName::Passphrase,
            SlotKind::Server => KeySlotName::Server,
        },
        created_at: slot.created_ms,
        works: match slot.kind {
            SlotKind::Os => console.secrets.available(),
            SlotKind::Passphrase => true,
            SlotKind::Server => is_online,
        },
    };
    Ok(SecurityView {
        slots: ring.slots().iter().map(slot).collect(),
        keyed_at,
        due_at: keyed_at + MAX_AGE_MS,
        checked_at,
        rekey,
    })
}

/// Gives the store another passphrase, or its first one.
pub(crate) async fn passphrase(
    console: &Arc<Console>,
    args: PassphraseArgs,
) -> Result<SecurityView, WireError> {
    let _changing = console.changing.lock().await;
    open_desk(console)?;
    blocking(console, move |console| {
        let mut ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
        let (present, new) = (args.present.map(Secret::new), Secret::new(args.new));
        ring.set_passphrase(&*console.secrets, present.as_ref(), &new, now())
            .map_err(wire_keys)?;
        tell(console, Tag::Security);
        security(console)
    })
    .await
}

/// Gives the store a new key. The work goes on when nobody waits for the answer any more.
pub(crate) async fn rekey(
    console: &Arc<Console>,
    args: RekeyArgs,
) -> Result<SecurityView, WireError> {
    let console = Arc::clone(console);
    let work = tokio::spawn(async move {
        let _changing = console.changing.lock().await;
        open_desk(&console)?;
        let passphrase = args.passphrase.map(Secret::new);
        // A wrong passphrase is told before anything is closed.
        let given = passphrase.clone();
        blocking(&console, move |console| {
            let mut ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
            ring.prove(&*console.secrets, given.as_ref())
                .map_err(wire_keys)
        })
        .await?;
        let changed = while_closed(&console, move |console| {
            let mut ring = KeyRing::open(&console.dir).map_err(wire_keys)?;
            let changed = ring.rekey(
                &*console.secrets,
                passphrase.as_ref(),
                now(),
                &mut |stage| console.set_rekeying(shown(stage)),
            );
            console.set_rekeying(RekeyState::Idle);
            let root = changed.map_err(wire_keys)?;
            // Sealed under the old key: both indexes are filled anew.
            session::drop_index(console);
            Ok((Some(root), ()))
        })
        .await;
        tell(&console, Tag::Security);
        changed?;
        blocking(&console, security).await
    });
    work.await.unwrap_or_else(|_| broke_off())
}

/// Opens the store again, because something in it is damaged: that sets the file aside.
pub(crate) async fn mend(console: &Arc<Console>) {
    let console = Arc::clone(console);
    let work = tokio::spawn(async move {
        let _changing = console.changing.lock().await;
        let Phase::Open(_) = console.phase() else {
            return;
        };
        if let Err(problem) = while_closed(&console, |_| Ok((None, ()))).await {
            logged("mend", problem);
        }
        let _ = session::told(&console).await;
    });
    // A panic in it was logged.
    let _ = work.await;
}

/// Closes the desk, works, and opens it again: with the key that the work gives, or with the one
/// that it had. Commands wait. The session's lock is held by the caller, who holds no desk.
pub(crate) async fn while_closed<T: Send + 'static>(
    console: &Arc<Console>,
    work: impl FnOnce(&Console) -> Result<(Option<lt_seal::Key32>, T), WireError> + Send + 'static,
) -> Result<T, WireError> {
    let _rest = console.rest();
    let Phase::Open(desk) = console.set_phase(Phase::Locked) else {
        return Err(WireError::new(Code::Locked, "the store is not open"));
    };
    let root = desk.store.root_key().clone();
    desk.close().await;
    blocking(console, move |console| {
        let done = work(console);
        let given = done.as_ref().ok().and_then(|(given, _)| given.clone());
        session::open(console, &given.unwrap_or(root))?;
        done.map(|(_, result)| result)
    })
    .await
}

/// The backups as the window shows them.
pub(crate) fn backups(console: &Console) -> Result<BackupView, WireError> {
    let folder = backup_folder(console);
    let made_at = match console.phase() {
        Phase::Open(desk) => desk.store.backed_up_at().map_err(wire)?,
        Phase::Fresh { .. } | Phase::Locked => None,
    };
    let mut files: Vec<BackupFile> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| file(&entry.ok()?.path()))
        .collect();
    files.sort_by(|a, b| b.written_at.cmp(&a.written_at).then(b.name.cmp(&a.name)));
    Ok(BackupView {
        folder: folder.to_string_lossy().into_owned(),
        made_at,
        files,
        restore: console.restoring(),
        former: exchange::former(&console.dir).map(|path| full(&path)),
    })
}

/// Makes a backup; the desk goes on working.
pub(crate) async fn back_up(
    console: &Arc<Console>,
    args: BackupMakeArgs,
) -> Result<BackupFile, WireError> {
    let desk = open_desk(console)?;
    let passphrase = Secret::new(args.passphrase);
    if passphrase.expose().chars().count() < MIN_PASSPHRASE_CHARS {
        return Err(WireError::new(Code::BadRequest, "the passphrase is short"));
    }
    let folder = match args.folder.map(PathBuf::from) {
        Some(folder) if folder.is_absolute() => folder,
        Some(_) => return Err(WireError::new(Code::BadRequest, "not a full path")),
        None => backup_folder(console),
    };
    blocking(console, move |console| {
        let account = desk.store.account().map_err(wire)?;
        let name = account.map_or_else(String::new, |account| account.agent.username);
        let at = now();
        let path = folder.join(format!(
            "lingtai-{}-{}.{ENDING}",
            plain(&name),
            WallTime::china(at).stamp()
        ));
        desk.store
            .back_up(&path, &passphrase, Cost::STANDARD, at)
            .map_err(wire_archive)?;
        tell(console, Tag::Backup);
        file(&path).ok_or_else(|| WireError::new(Code::Storage, "the backup is not there"))
    })
    .await
}

/// What a backup file holds.
pub(crate) async fn inspect(
    console: &Arc<Console>,
    args: BackupArgs,
) -> Result<BackupInfo, WireError> {
    blocking(console, move |console| {
        let path = PathBuf::from(args.path);
        let found = backup::inspect(&path, &Secret::new(args.passphrase)).map_err(wire_archive)?;
        let present = match console.phase() {
            Phase::Open(desk) => desk.store.account().map_err(wire)?,
            Phase::Fresh { .. } | Phase::Locked => None,
        };
        Ok(BackupInfo {
            is_foreign: present.is_some_and(|account| account.name() != found.account),
            made_at: found.made_at,
            n_bytes: found.n_bytes,
            n_unsent: found.n_unsent,
            account: found.account,
        })
    })
    .await
}

fn open_desk(console: &Console) -> Result<Arc<Desk>, WireError> {
    match console.phase() {
        Phase::Open(desk) => Ok(desk),
        Phase::Fresh { .. } | Phase::Locked => {
            Err(WireError::new(Code::Locked, "the store is not open"))
        }
    }
}

pub(crate) fn broke_off<T>() -> Result<T, WireError> {
    Err(WireError::new(Code::Internal, "the work broke off"))
}

pub(crate) fn tell(console: &Console, tag: Tag) {
    console.host.emit(UiEvent::Changed { tags: vec![tag] });
}

const fn shown(stage: Stage) -> RekeyState {
    match stage {
        Stage::Copying => RekeyState::Copying,
        Stage::Sealing => RekeyState::Sealing,
        Stage::Checking => RekeyState::Checking,
        Stage::Placing => RekeyState::Placing,
    }
}

fn backup_folder(console: &Console) -> PathBuf {
    let folder = console.dir.join("backups");
    std::path::absolute(&folder).unwrap_or(folder)
}

/// A path as the agent finds it, wherever the program was started.
pub(crate) fn full(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.to_string_lossy().into_owned()
}

/// Where files go that the agent takes out of the desk.
pub(crate) fn export_folder(console: &Console) -> PathBuf {
    let folder = console.dir.join("exports");
    std::path::absolute(&folder).unwrap_or(folder)
}

/// A backup file as it lies there; none for anything else.
fn file(path: &Path) -> Option<BackupFile> {
    if path.extension()? != ENDING {
        return None;
    }
    let meta = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let written = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(BackupFile {
        path: path.to_str()?.to_owned(),
        name: path.file_name()?.to_str()?.to_owned(),
        n_bytes: meta.len(),
        written_at: Millis::try_from(written.as_millis()).ok()?,
    })
}

/// A login name as part of a file's name.
fn plain(name: &str) -> String {
    let plain = |letter: char| {
        if letter.is_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    name.chars().map(plain).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_name_makes_no_folder() {
        assert_eq!(plain("../王 小明"), "___王_小明");
    }
}
