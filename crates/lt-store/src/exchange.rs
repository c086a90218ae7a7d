//! A backup in the place of a store in use, which is set aside whole.
//!
//! The order, after which a kill at any moment leaves the old store or the restored one:
//! 1. `restored/` is made from the archive, a data folder of its own ([`Staged`]). The store in use is
//!    not touched and may be open. What is wrong with the archive, its passphrase or the disk shows here.
//! 2. The store is closed, and its lock is taken. What it has unsent is looked for once more.
//! 3. The lock's note of commits is dropped: the restored store may have fewer, and lacks none of them.
//! 4. `store.exchange` is written: which files change places, and where the former ones go. Up to here a
//!    start finds the old store; from here on it goes on until the restored one is in its place.
//! 5. The former files go to `former-<day>-<time>/` one by one, a database behind its log. The key
//!    files are copied there where they stay in use: the folder is whole, and opens by itself.
//! 6. The restored files take the places.
//! 7. `store.exchange` goes, and `restored/` with it.
//!
//! A failure in 4 to 6 goes the same way back. A kill on that way is a kill between 4 and 7: the start
//! goes forward, and [`Store::open`] opens nothing before it has. That is so because a file that still
//! lies in `restored/` has not taken its place, and whatever lies there is the former one ([`forward`],
//! [`back`]). Where a start finds a restored file in neither place, it goes back too.
//!
//! **Invariant:** a former store is renamed, never removed or written to.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use lt_model::{Millis, hours::WallTime};
use lt_seal::{Key32, Secret, password::Cost};
use rusqlite::Connection;

use crate::{
    Account, Result, Store, StoreError,
    backup::{Place, Source, Stage},
    connect, files,
    keys::{KeyRing, KeysError, SecretStore, of_lock},
    lock::Lock,
    table::{conflict, outbox},
};

/// What changes places where the keys stay.
const STORE_ALONE: &[&str] = &[files::KEY_ID, files::STORE];
/// What changes places where nothing opens the former store.
const STORE_AND_KEYS: &[&str] = &[files::KEYS, files::KEYS_COPY, files::KEY_ID, files::STORE];

/// What of an open store goes on after a backup took its place.
#[derive(Debug)]
pub struct Present {
    root: Key32,
    keyed_at: Millis,
    account: Option<Account>,
    reached_at: Option<Millis>,
}

impl Present {
    /// Reads it from the store, while that is open.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn of(store: &Store) -> Result<Self> {
        Ok(Self {
            root: store.root_key().clone(),
            keyed_at: store.keyed_at()?,
            account: store.account()?,
            reached_at: store.reached_at()?,
        })
    }
}

impl Store {
    /// Whether the agent has written what the server has not, or must still decide about an edit.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn has_unsent(&self) -> Result<bool> {
        self.read(has_unsent)
    }
}

fn has_unsent(connection: &Connection) -> Result<bool> {
    Ok(outbox::counts(connection)? != (0, 0) || conflict::count(connection)? != 0)
}

/// A store from an archive, beside the one in use. Unless it takes that one's place it goes again.
#[derive(Debug)]
pub struct Staged {
    folder: PathBuf,
    root: Key32,
    names: &'static [&'static str],
    /// The key of the database in use, where it is known.
    present: Option<Key32>,
}

impl Staged {
    /// Makes it under the key of the store in use, so that the same ways open it.
    ///
    /// # Errors
    /// [`KeysError::Store`] with what is wrong with the archive or the disk.
    pub fn under_present_keys(
        folder: &Path,
        present: &Present,
        source: Source<'_>,
        now: Millis,
        tell: &mut dyn FnMut(Stage),
    ) -> Result<Self, KeysError> {
        tell(Stage::Reading);
        let restored = clear(folder)?;
        files::make_folder(&restored)?;
        let place = Place {
            folder: &restored,
            root: &present.root,
            keyed_at: present.keyed_at,
            account: present.account.as_ref(),
            reached_at: present.reached_at,
        };
        or_clear(folder, place.restore(source, now, tell))?;
        Ok(Self {
            folder: folder.to_owned(),
            root: present.root.clone(),
            names: STORE_ALONE,
            present: Some(connect::database_key(&present.root)),
        })
    }

    /// Makes it under keys of its own, where nothing opens the store in use. `own` is the passphrase
    /// that is to open it, where no keychain works; `cost` is what that passphrase costs.
    ///
    /// # Errors
    /// Those of [`KeyRing::create`]; [`KeysError::Store`] with what is wrong with the archive or the
    /// disk.
    pub fn under_new_keys(
        folder: &Path,
        (secrets, own): (&dyn SecretStore, Option<&Secret<String>>),
        cost: Cost,
        source: Source<'_>,
        now: Millis,
        tell: &mut dyn FnMut(Stage),
    ) -> Result<Self, KeysError> {
        let mut ring = KeyRing::open(&clear(folder)?)?.with_cost(cost);
        let made = ring.restore_and_tell(secrets, own, source, now, tell);
        Ok(Self {
            folder: folder.to_owned(),
            root: or_clear(folder, made)?,
            names: STORE_AND_KEYS,
            present: None,
        })
    }

    /// The key of the restored store.
    #[must_use]
    pub fn root_key(&self) -> &Key32 {
        &self.root
    }

    /// Puts it into the place of the store in use, which must be closed by now. Gives the folder in
    /// which the former one lies.
    ///
    /// # Errors
    /// [`KeysError::Unsent`] when the former store has something unsent, or cannot be asked, and that
    /// is not to be set aside; [`KeysError::InUse`]; [`KeysError::Io`]. The former store is in its place
    /// then.
    pub fn exchange(
        self,
        discard_unsent: bool,
        now: Millis,
        tell: &mut dyn FnMut(Stage),
    ) -> Result<PathBuf, KeysError> {
        let lock = Lock::take(&self.folder).map_err(of_lock)?;
        if !discard_unsent && self.has_unsent().map_err(KeysError::Store)? {
            return Err(KeysError::Unsent);
        }
        let restored = self.folder.join(files::RESTORED_FOLDER);
        if !self.names.iter().all(|name| restored.join(name).is_file()) {
            return Err(io::Error::from(io::ErrorKind::NotFound).into());
        }
        let plan = Plan {
            former: unused(&self.folder, now),
            names: self.names.iter().map(|&name| name.to_owned()).collect(),
        };
        lock.forget().map_err(of_lock)?;
        let marker = self.folder.join(files::EXCHANGE);
        let exchanged = files::replace(&marker, &plan.to_text())
            .and_then(|()| forward(&self.folder, &plan, &mut || tell(Stage::Placing)));
        if let Err(error) = exchanged {
            tracing::error!(%error, "the restored store did not get its place: the former one goes back");
            back(&self.folder, &plan)?;
            return Err(error.into());
        }
        tracing::info!(former = plan.former, "a restored store took the place");
        if let Err(error) = fs::remove_file(&marker) {
            tracing::warn!(%error, "the next start finishes the exchange");
        }
        Ok(self.folder.join(&plan.former))
    }

    /// Whether the store in use has what the agent wrote and the server has not.
    fn has_unsent(&self) -> Result<bool> {
        let Some(key) = &self.present else {
            return Ok(true);
        };
        let path = self.folder.join(files::STORE);
        if fs::metadata(&path).map_or(true, |meta| meta.len() == 0) {
            return Ok(false);
        }
        has_unsent(&connect::reader(&path, key)?)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // While the exchange is not finished its files are needed.
        if !is_on_its_way(&self.folder) {
            let _ = files::remove_folder(&self.folder.join(files::RESTORED_FOLDER));
        }
    }
}

/// Takes away what an earlier one left; gives where the next one is to lie.
fn clear(folder: &Path) -> Result<PathBuf, KeysError> {
    settle(folder)?;
    let restored = folder.join(files::RESTORED_FOLDER);
    files::remove_folder(&restored)?;
    Ok(restored)
}

/// What was begun and not made is no use to anybody.
fn or_clear<T>(folder: &Path, made: Result<T, KeysError>) -> Result<T, KeysError> {
    if made.is_err() {
        let _ = files::remove_folder(&folder.join(files::RESTORED_FOLDER));
    }
    made
}

/// What changes places, as `store.exchange` says it: the former files' folder, then one name a line.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    former: String,
    names: Vec<String>,
}

impl Plan {
    fn to_text(&self) -> String {
        format!("{}\n{}\n", self.former, self.names.join("\n"))
    }

    /// None for what this program never wrote.
    fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::to_owned);
        let is_former = |name: &String| name.starts_with(files::FORMER) && !name.contains('/');
        let former = lines.next().filter(is_former)?;
        let names: Vec<String> = lines.collect();
        let is_known = |name: &String| STORE_AND_KEYS.contains(&name.as_str());
        let plan = Self { former, names };
        plan.names.iter().all(is_known).then_some(plan)
    }
}

/// Finishes an exchange that was interrupted. Called before the key files are read.
pub(crate) fn settle(folder: &Path) -> Result<(), KeysError> {
    let marker = folder.join(files::EXCHANGE);
    if !marker.is_file() {
        return Ok(());
    }
    let lock = match Lock::take(folder) {
        Ok(lock) => lock,
        // It was at work in this moment, and whoever did it has the store open now.
        Err(_) if !marker.is_file() => return Ok(()),
        Err(error) => return Err(of_lock(error)),
    };
    let text = match fs::read_to_string(&marker) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read?,
    };
    let Some(plan) = Plan::from_text(&text) else {
        return Err(KeysError::Store(StoreError::Unreadable("exchange")));
    };
    if plan.names.iter().any(|name| is_lost(folder, &plan, name)) {
        tracing::error!(
            former = plan.former,
            "a restored file is gone: the former ones go back"
        );
        back(folder, &plan)?;
    } else {
        tracing::warn!(former = plan.former, "an exchange of the store is finished");
        forward(folder, &plan, &mut || ())?;
        // It was dropped before the files moved; a disk that lost its power may not have kept that.
        lock.forget().map_err(of_lock)?;
        fs::remove_file(&marker)?;
    }
    files::sync_folder(&marker)?;
    Ok(files::remove_folder(&folder.join(files::RESTORED_FOLDER))?)
}

/// Takes away a restored store that never got its place, unless somebody is at it or it is still to
/// get there: a start that could not finish the exchange leaves that to the next one.
pub(crate) fn tidy(folder: &Path) {
    let restored = folder.join(files::RESTORED_FOLDER);
    if restored.is_dir()
        && let Ok(_lock) = Lock::take(folder)
        && !is_on_its_way(folder)
        && let Err(error) = files::remove_folder(&restored)
    {
        tracing::warn!(%error, "a restored store that nobody needs stays");
    }
}

/// The newest folder in which a former store lies.
#[must_use]
pub fn former(folder: &Path) -> Option<PathBuf> {
    formers(folder).into_iter().max()
}

fn formers(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| is_former(path) && path.join(files::STORE).is_file())
        .collect()
}

fn is_former(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default();
    name.to_string_lossy().starts_with(files::FORMER)
}

/// The other folders whose key files may be copies of this one's: the former stores that lie in it,
/// or, where it is one of them itself, those beside it and the one that it lies in.
pub(crate) fn kin(folder: &Path) -> Vec<PathBuf> {
    let around = folder.parent().filter(|_| is_former(folder));
    let home = around.unwrap_or(folder);
    let mut kin = formers(home);
    kin.push(home.to_owned());
    kin.retain(|one| one != folder);
    kin
}

/// A name for the folder of former files that is not taken.
fn unused(folder: &Path, now: Millis) -> String {
    let name = format!("{}{}", files::FORMER, WallTime::china(now).stamp());
    let taken = |name: &String| folder.join(name).exists();
    if !taken(&name) {
        return name;
    }
    let next = (2..)
        .map(|n| format!("{name}-{n}"))
        .find(|next| !taken(next));
    next.unwrap_or(name)
}

/// Brings every file to where it is to be, from wherever it is. `placing` is told when the former
/// ones are aside.
fn forward(folder: &Path, plan: &Plan, placing: &mut dyn FnMut()) -> io::Result<()> {
    let former = folder.join(&plan.former);
    let restored = folder.join(files::RESTORED_FOLDER);
    files::make_folder(&former)?;
    for name in [files::KEYS, files::KEYS_COPY] {
        let path = folder.join(name);
        if !plan.names.iter().any(|moved| moved == name) && path.is_file() {
            // Bytes that are no text are no key file, wherever they lie.
            let text = fs::read(path)?;
            files::replace(&former.join(name), &String::from_utf8_lossy(&text))?;
        }
    }
    for name in &plan.names {
        // A database goes last of its files: where it is aside already, nothing of it is left here.
        if restored.join(name).exists() && !former.join(name).exists() {
            files::rename_database(&folder.join(name), &former.join(name))?;
        }
    }
    files::sync_folder(&former)?;
    placing();
    for name in &plan.names {
        let (from, to) = (restored.join(name), folder.join(name));
        if from.exists() || !to.exists() {
            fs::rename(from, to)?;
        }
    }
    files::sync_folder(&former)
}

/// Whether an exchange was begun and is not finished.
pub(crate) fn is_on_its_way(folder: &Path) -> bool {
    folder.join(files::EXCHANGE).is_file()
}

/// Whether there is nothing that could take the place of a former file which is aside.
fn is_lost(folder: &Path, plan: &Plan, name: &str) -> bool {
    let is_in = |place: &Path| place.join(name).exists();
    let restored = folder.join(files::RESTORED_FOLDER);
    !is_in(&restored) && !is_in(folder) && is_in(&folder.join(&plan.former))
}

/// Brings every file back to where it was, and takes the mark of the exchange away.
///
/// Where a restored file is lost, the others are of no use and are written over: what is in its place
/// without a former one aside has never moved. The lost ones come last, so that a start after a kill on
/// this way knows that it is one.
fn back(folder: &Path, plan: &Plan) -> io::Result<()> {
    let former = folder.join(&plan.former);
    let restored = folder.join(files::RESTORED_FOLDER);
    let (lost, others): (Vec<&String>, Vec<&String>) = plan
        .names
        .iter()
        .rev()
        .partition(|name| is_lost(folder, plan, name));
    if !lost.is_empty() {
        files::remove_folder(&restored)?;
    }
    for name in others.into_iter().chain(lost.iter().copied()) {
        let (place, staged) = (folder.join(name), restored.join(name));
        if lost.is_empty() && !staged.exists() && place.exists() {
            files::rename_database(&place, &staged)?;
        }
        if former.is_dir() {
            files::rename_database(&former.join(name), &place)?;
        }
    }
    for name in [files::KEYS, files::KEYS_COPY] {
        // Where they are no copies they have just gone back.
        if !plan.names.iter().any(|moved| moved == name) {
            let copy = former.join(name);
            remove(fs::remove_file(files::with_suffix(&copy, ".tmp")))?;
            remove(fs::remove_file(copy))?;
        }
    }
    // Not with what is in it: nothing is.
    remove(fs::remove_dir(&former))?;
    files::sync_folder(&former)?;
    let marker = folder.join(files::EXCHANGE);
    if marker.is_file() {
        fs::remove_file(marker)?;
    }
    Ok(())
}

fn remove(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
