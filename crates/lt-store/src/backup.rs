//! A copy of the store that a passphrase opens, and a desk made from one.
//!
//! The copy is a database of its own: what the server has, what waits to be sent, the drafts, the
//! settings, the audit records; without the session and the installation's private key. It is
//! sealed twice, as a database under a key that belongs to the archive alone, and with the archive
//! under the passphrase. No key lies in it.
//!
//! **Invariant:** what waited to be sent waits again after a restore, under the ids that it had:
//! the server knows by them what it has done already, and answers that instead of doing it twice.
//! **Invariant:** a fresh desk that is restored is a new installation. Restored over a desk in use
//! ([`crate::exchange`]), its account goes on in its session. Either way numbers follow the server's
//! word, so that none is used that the server knows, whether or not the old desk still works.
//! **Invariant:** an archive is read to its end and found sound before anything is written from it.

use std::{
    fs::{File, OpenOptions},
    io::{BufReader, BufWriter, Read, Write},
    path::Path,
};

use lt_model::{Millis, audit::Actor};
use lt_seal::{
    Key32, Secret,
    archive::{self, ArchiveWriter, Manifest, Way},
    encode::hex_encode,
    password::Cost,
};
use rusqlite::{Connection, TransactionBehavior};

use crate::{
    Account, Device, Result, Store, StoreError, connect, files,
    keys::{KeyRing, KeysError, SecretStore},
    lock::Lock,
    rekey,
    store::{Act, audit_key, stored_audit_key},
    table::{account, audit, meta, outbox},
};

/// What a desk's archive says that it is.
const KIND: &str = "desk";
/// The database in it.
const FILE: &str = "store.db";
/// Purpose of the database's key among the children of the archive's.
const PURPOSE: &str = "db/v1";
/// How many bytes are read at a time.
const PIECE: usize = 1024 * 1024;

/// What is known of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// When it was made.
    pub made_at: Millis,
    /// Length of the archive.
    pub n_bytes: u64,
    /// What waited to be sent then, and what was refused.
    pub n_unsent: u64,
    /// Whose it is: login name and organisation. Empty where nobody had signed in.
    pub account: String,
}

impl Store {
    /// Writes a copy of the store, as it is at this moment, into a new file that the passphrase
    /// opens. Other work goes on meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file is there already or cannot be written,
    /// [`StoreError::Full`], [`StoreError::Damaged`].
    pub fn back_up(
        &self,
        out: &Path,
        passphrase: &Secret<String>,
        cost: Cost,
        now: Millis,
    ) -> Result<Backup> {
        if out.exists() {
            return Err(StoreError::Io(std::io::ErrorKind::AlreadyExists.into()));
        }
        let copy = self.beside(files::BACKUP);
        let part = files::with_suffix(out, ".part");
        let made = self.write_archive(&copy, &part, passphrase, cost, now);
        files::remove_database(&copy)?;
        let backup = match made {
            Ok(backup) => backup,
            Err(error) => {
                // It is no archive without its end, and nobody misses it.
                let _ = std::fs::remove_file(&part);
                return Err(error);
            }
        };
        std::fs::rename(&part, out)?;
        files::sync_folder(out)?;
        self.write(|tx, _| {
            meta::set(tx, meta::BACKED_UP_AT, &now.to_string())?;
            let act = Act::done("backup.make", "store:desktop".to_owned());
            match account::get(tx)? {
                Some(account) => self.audit(tx, &act, &account, now),
                None => self.audit_system(tx, &act, now),
            }
        })?;
        Ok(backup)
    }

    /// When the last backup was made here.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn backed_up_at(&self) -> Result<Option<Millis>> {
        self.read(|connection| meta::get_int(connection, meta::BACKED_UP_AT))
    }

    fn write_archive(
        &self,
        copy: &Path,
        part: &Path,
        passphrase: &Secret<String>,
        cost: Cost,
        now: Millis,
    ) -> Result<Backup> {
        files::remove_database(copy)?;
        if let Some(folder) = part.parent() {
            files::make_folder(folder)?;
        }
        let mut options = OpenOptions::new();
        let file = files::private(part, options.create(true).truncate(true))?;
        let way = Way::Passphrase(passphrase.clone());
        let mut archive = ArchiveWriter::new(&way, cost, BufWriter::new(file))?;

        let key = archive.child(PURPOSE);
        connect::copy(&connect::copier(self.path(), self.key())?, copy)?;
        connect::reseal(copy, self.key(), &key)?;
        let (n_unsent, name) = strip(copy, &key, self.audit_key(), now)?;
        rekey::sound_commits(copy, &key)?;

        archive.begin(FILE)?;
        let mut database = File::open(copy)?;
        std::io::copy(&mut database, &mut archive)?;
        let notes = [("unsent", n_unsent.to_string()), ("account", name.clone())];
        let notes: Vec<(&str, &str)> = notes
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        let (_, output) = archive.finish(KIND, now, &notes)?;
        let file = output
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(Backup {
            made_at: now,
            n_bytes: file.metadata()?.len(),
            n_unsent,
            account: name,
        })
    }
}

/// Takes out of a copy what belongs to the installation alone, and marks that numbers begin anew.
/// Gives how much is unsent, and whose it is.
fn strip(copy: &Path, key: &Key32, audit_key: &Key32, now: Millis) -> Result<(u64, String)> {
    let mut writer = connect::plain_writer(copy, key)?;
    let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    meta::set(&tx, meta::AUDIT_KEY, &hex_encode(audit_key.expose()))?;
    let name = begin_as_new(&tx, now)?;
    let (queued, refused) = outbox::counts(&tx)?;
    tx.commit()?;
    writer.close().map_err(|(_, error)| error)?;
    Ok((u64::from(queued) + u64::from(refused), name))
}

/// Makes the copy one of a new installation that nobody has signed in on yet.
fn begin_as_new(tx: &rusqlite::Transaction<'_>, now: Millis) -> Result<String> {
    meta::set(tx, meta::N_UNCERTAIN, "1")?;
    let Some(mut known) = account::get(tx)? else {
        return Ok(String::new());
    };
    known.session = None;
    known.device = Device::generate(now)?;
    account::put(tx, &known)?;
    Ok(known.name())
}

/// Reads an archive to its end and says what it is.
///
/// # Errors
/// [`StoreError::Seal`] with [`lt_seal::Error::WrongSecret`] for another passphrase, with
/// [`lt_seal::Error::Archive`] for damage, and others when it is no archive of a desk.
pub fn inspect(from: &Path, passphrase: &Secret<String>) -> Result<Backup> {
    let (manifest, n_bytes) = read_manifest(from, &Way::Passphrase(passphrase.clone()))?;
    let note = |name: &str| manifest.notes.get(name).cloned().unwrap_or_default();
    Ok(Backup {
        made_at: manifest.made_at_ms,
        n_bytes,
        n_unsent: note("unsent").parse().unwrap_or(0),
        account: note("account"),
    })
}

fn read_manifest(from: &Path, way: &Way) -> Result<(Manifest, u64)> {
    let mut file = BufReader::with_capacity(PIECE, File::open(from)?);
    let manifest = archive::verify(way, &mut file)?;
    let names: Vec<&str> = manifest
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    if manifest.kind != KIND || names != [FILE] {
        return Err(lt_seal::Error::Malformed("an archive of something else").into());
    }
    let n_bytes = file.get_ref().metadata()?.len();
    Ok((manifest, n_bytes))
}

/// An archive to restore, and what opens it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// What opens it.
    pub passphrase: &'a Secret<String>,
}

impl Source<'_> {
    fn way(&self) -> Way {
        Way::Passphrase(self.passphrase.clone())
    }

    /// Reads the archive to its end.
    pub(crate) fn verify(&self) -> Result<(), KeysError> {
        read_manifest(self.path, &self.way())
            .map(drop)
            .map_err(KeysError::Store)
    }
}

/// How far a restoring has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The archive is being read and unpacked.
    Reading,
    /// What was in it is being sealed under the store's key.
    Sealing,
    /// Its pages are being checked.
    Checking,
    /// It takes the place of what was there.
    Placing,
}

impl KeyRing {
    /// Makes the store of a folder from an archive. The folder is fresh, or its store is one that
    /// nobody has signed in on. The new store has a root key of its own, made and kept as in
    /// [`KeyRing::create`]: `own` is the passphrase of this desk, where it has or needs one. Gives
    /// the root key.
    ///
    /// # Errors
    /// [`KeysError::AlreadyThere`] when somebody uses the store; those of [`KeyRing::create`] and
    /// of unlocking; [`KeysError::Store`] with what is wrong with the archive or the disk. The
    /// folder is as it was then, or has an empty store.
    pub fn restore(
        &mut self,
        secrets: &dyn SecretStore,
        own: Option<&Secret<String>>,
        from: &Path,
        passphrase: &Secret<String>,
        now: Millis,
    ) -> Result<Key32, KeysError> {
        let source = Source {
            path: from,
            passphrase,
        };
        self.restore_and_tell(secrets, own, source, now, &mut |_| {})
    }

    pub(crate) fn restore_and_tell(
        &mut self,
        secrets: &dyn SecretStore,
        own: Option<&Secret<String>>,
        source: Source<'_>,
        now: Millis,
        tell: &mut dyn FnMut(Stage),
    ) -> Result<Key32, KeysError> {
        tell(Stage::Reading);
        source.verify()?;
        let root = match (self.is_there(), own) {
            (false, _) => self.create(secrets, own, now)?,
            (true, Some(own)) => self.unlock_passphrase(own)?,
            (true, None) => self.unlock_keychain(secrets)?,
        };
        let folder = self.folder().to_owned();
        let place = Place {
            folder: &folder,
            root: &root,
            keyed_at: now,
            account: None,
            reached_at: None,
        };
        place.restore(source, now, tell)?;
        Ok(root)
    }
}

/// A folder without a store in use, and whose the one is to be that is made there.
pub(crate) struct Place<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) root: &'a Key32,
    /// Since when that is its key.
    pub(crate) keyed_at: Millis,
    /// Who uses the desk now. A backup of the same account goes on in their session; the session
    /// ends with anybody else's.
    pub(crate) account: Option<&'a Account>,
    /// When this desk reached the server for them last: no backup knows of that.
    pub(crate) reached_at: Option<Millis>,
}

impl Place<'_> {
    pub(crate) fn restore(
        &self,
        source: Source<'_>,
        now: Millis,
        tell: &mut dyn FnMut(Stage),
    ) -> Result<(), KeysError> {
        let lock = Lock::take(self.folder).map_err(crate::keys::of_lock)?;
        let path = self.folder.join(files::STORE);
        let key = connect::database_key(self.root);
        if is_in_use(&path, &key).map_err(KeysError::Store)? {
            return Err(KeysError::AlreadyThere);
        }
        let beside = self.folder.join(files::RESTORED);
        let restored = self.fill(&beside, source, now, tell).and_then(|n_commits| {
            files::remove_database(&path)?;
            rekey::place(&beside, &path)?;
            files::replace(&self.folder.join(files::KEY_ID), &key.fingerprint())?;
            lock.begin(n_commits)
        });
        if restored.is_err() {
            // What was begun is no use to anybody; the error that stopped it is the one to tell.
            let _ = files::remove_database(&beside);
        }
        restored.map_err(KeysError::Store)
    }

    /// Makes the database beside its place, and gives its number of commits.
    fn fill(
        &self,
        beside: &Path,
        source: Source<'_>,
        now: Millis,
        tell: &mut dyn FnMut(Stage),
    ) -> Result<u64> {
        let key = connect::database_key(self.root);
        let archive_key = unpack(source.path, &source.way(), beside)?;
        rekey::sound_commits(beside, &archive_key)?;
        tell(Stage::Sealing);
        connect::reseal(beside, &archive_key, &key)?;
        let n_commits = self.begin(beside, &key, now)?;
        tell(Stage::Checking);
        rekey::sound_commits(beside, &key)?;
        Ok(n_commits)
    }

    /// Brings the copy's schema up to date and makes it this desk's. Gives its number of commits.
    fn begin(&self, beside: &Path, key: &Key32, now: Millis) -> Result<u64> {
        let mut writer: Connection = connect::plain_writer(beside, key)?;
        connect::migrate(&mut writer)?;
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        begin_as_new(&tx, now)?;
        if let (Some(present), Some(held)) = (self.account, account::get(&tx)?)
            && present.server == held.server
            && present.organisation == held.organisation
            && present.agent.id == held.agent.id
        {
            account::put(&tx, present)?;
            if let Some(at) = self.reached_at {
                meta::set(&tx, meta::REACHED_AT, &at.to_string())?;
            }
        }
        meta::set(&tx, meta::KEYED_AT, &self.keyed_at.to_string())?;
        let chain = match meta::get(&tx, meta::AUDIT_KEY)? {
            Some(_) => stored_audit_key(&tx, self.root)?,
            None => audit_key(self.root),
        };
        let act = Act::done("backup.restore", "store:desktop".to_owned());
        audit::append(&tx, &chain, &act.entry(Actor::System, now))?;
        let n_commits = meta::count_commit(&tx)?;
        tx.commit()?;
        writer.close().map_err(|(_, error)| error)?;
        Ok(n_commits)
    }
}

/// Whether somebody has signed in on the store that is there.
fn is_in_use(path: &Path, key: &Key32) -> Result<bool> {
    if std::fs::metadata(path).map_or(true, |meta| meta.len() == 0) {
        return Ok(false);
    }
    let reader = connect::reader(path, key)?;
    Ok(account::get(&reader)?.is_some() || outbox::counts(&reader)? != (0, 0))
}

/// Writes the archive's database beside the place where it is to be; gives its key.
fn unpack(from: &Path, way: &Way, beside: &Path) -> Result<Key32> {
    files::remove_database(beside)?;
    let (manifest, _) = read_manifest(from, way)?;
    let open = || File::open(from).map(|file| BufReader::with_capacity(PIECE, file));
    let key = archive::child(way, open()?.take(4096), PURPOSE)?;
    let mut options = OpenOptions::new();
    let mut out = files::private(beside, options.create(true).truncate(true))?;
    archive::open(way, &manifest, open()?, &mut |_, piece| {
        Ok(out.write_all(piece)?)
    })?;
    out.sync_all()?;
    Ok(key)
}
