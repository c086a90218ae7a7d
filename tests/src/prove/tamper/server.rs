//! What a server keeps.

use std::{fs, path::Path};

use anyhow::{Result, ensure};
use lt_db::{Db, Repair};
use lt_seal::Key32;
use lt_server::DataDir;
use rusqlite::types::Value;

use super::{Came, Tally, copy, flip, rows};
use crate::prove::{
    Dice, Scale,
    org::{Org, raw},
};

/// Acts of the story that the database tells.
const N_ACTS: usize = 60;

/// An organisation with some conversations.
fn busy() -> Result<Org> {
    let org = Org::new(2)?;
    let Some(&group) = org.groups.first() else {
        return Ok(org);
    };
    let mut conversation = org.act("conversation.begin", |tx| org.begin(tx, group))?;
    for n in 1..N_ACTS {
        org.act("message.receive", |tx| {
            org.say(tx, &mut conversation, &format!("第{n}句"))
        })?;
    }
    Ok(org)
}

/// Somebody with the database's key, but without that of the audit chain, changes a record.
pub(super) fn audit(scale: &Scale, tally: &mut Tally) -> Result<()> {
    let org = busy()?;
    let connection = raw(&org.path(), &org.root)?;
    connection.execute_batch(
        "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; PRAGMA foreign_keys = OFF;",
    )?;
    let report = org.db.verify_audit()?;
    ensure!(report.broken_at.is_none(), "a sound chain holds");
    let mut dice = Dice::new(scale.seed, 1);
    for nth in 0..scale.flips {
        let n = i64::try_from(1 + dice.below(report.count))?;
        let (record, hash): (Vec<u8>, Vec<u8>) = connection.query_row(
            "SELECT CAST(record AS BLOB), hash FROM audit WHERE n = ?1",
            [n],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let (mut other_record, mut other_hash) = (record.clone(), hash.clone());
        if dice.below(2) == 0 {
            flip(&mut dice, &mut other_record);
        } else {
            flip(&mut dice, &mut other_hash);
        }
        let put = |record: &[u8], hash: &[u8]| {
            connection.execute(
                "UPDATE audit SET record = CAST(?1 AS TEXT), hash = ?2 WHERE n = ?3",
                (record, hash, n),
            )
        };
        put(&other_record, &other_hash)?;
        // It is noticed at its place; bytes that are no text are refused as a whole.
        let came = match org.db.verify_audit() {
            Err(_) => Came::Noticed,
            Ok(report) if report.broken_at == u64::try_from(n).ok() => Came::Noticed,
            Ok(_) => Came::Silent,
        };
        tally.add("audit chain", nth, came);
        put(&record, &hash)?;
    }
    ensure!(
        org.db.verify_audit()? == report,
        "with the records put back the chain holds"
    );
    Ok(())
}

/// A byte in the database of a server that was stopped.
pub(super) fn database(scale: &Scale, tally: &mut Tally) -> Result<()> {
    let (folder, root) = busy()?.close();
    flips(scale, tally, folder.path(), &root, "lingtai.db")
}

/// A byte in the log that a killed server leaves.
pub(super) fn log(scale: &Scale, tally: &mut Tally) -> Result<()> {
    let org = busy()?;
    // What is on the disk while it runs is what a killed one leaves.
    let left = tempfile::tempdir()?;
    copy(org.folder(), left.path())?;
    let (_, root) = org.close();
    flips(scale, tally, left.path(), &root, "lingtai.db-wal")
}

fn flips(scale: &Scale, tally: &mut Tally, kept: &Path, root: &Key32, file: &str) -> Result<()> {
    let sound = fs::read(kept.join(file))?;
    let place = tempfile::tempdir()?;
    copy(kept, place.path())?;
    let opened = open(place.path(), root)?;
    let Opened::As(expected) = opened else {
        anyhow::bail!("a sound copy is opened");
    };
    let mut dice = Dice::new(scale.seed, 2);
    for nth in 0..scale.flips {
        let place = tempfile::tempdir()?;
        copy(kept, place.path())?;
        let mut bytes = sound.clone();
        flip(&mut dice, &mut bytes);
        fs::write(place.path().join(file), bytes)?;
        let came = match open(place.path(), root)? {
            Opened::Told => Came::Noticed,
            Opened::As(found) if found == expected => Came::Whole,
            Opened::As(_) => Came::Silent,
        };
        tally.add(file, nth, came);
    }
    Ok(())
}

enum Opened {
    /// It was refused, or a loss was told.
    Told,
    /// With these rows.
    As(Vec<Vec<Value>>),
}

/// Opens a database as a server does: every page is looked at before anything is served.
fn open(folder: &Path, root: &Key32) -> Result<Opened> {
    let path = folder.join("lingtai.db");
    {
        let Ok(db) = Db::open(&path, root) else {
            return Ok(Opened::Told);
        };
        if db.check().is_err() || matches!(db.repair(), Repair::Lost { .. }) {
            return Ok(Opened::Told);
        }
    }
    Ok(Opened::As(rows(&raw(&path, root)?)?))
}

/// A byte in the key file: it is no key any more, or one that does not open the database.
pub(super) fn key(scale: &Scale, kept: &Path, tally: &mut Tally) -> Result<()> {
    let place = tempfile::tempdir()?;
    copy(kept, place.path())?;
    let data = DataDir::new(place.path());
    let root = data.root_key()?;
    drop(Db::open(&data.database(), &root)?);
    let sound = fs::read(data.key_file())?;
    let mut dice = Dice::new(scale.seed, 3);
    for nth in 0..scale.flips {
        let mut bytes = sound.clone();
        flip(&mut dice, &mut bytes);
        fs::write(data.key_file(), bytes)?;
        let came = match data.root_key() {
            Err(_) => Came::Noticed,
            Ok(found) if found.same_as(&root) => Came::Whole,
            Ok(found) => match Db::open(&data.database(), &found) {
                Err(_) => Came::Noticed,
                Ok(_) => Came::Silent,
            },
        };
        tally.add("server.key", nth, came);
    }
    fs::write(data.key_file(), sound)?;
    drop(Db::open(&data.database(), &data.root_key()?)?);
    Ok(())
}
