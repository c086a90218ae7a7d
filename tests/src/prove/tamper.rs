//! A flipped byte in a database, its log, a key file or the audit chain is noticed, or nothing is
//! lost by it; it is never silently accepted.

mod desk;
mod server;

use std::{fs, path::Path};

use anyhow::{Context, Result};
use rusqlite::{Connection, types::Value};

use super::{Dice, Proved, Scale};
use crate::at_rest;

/// What came of a flipped byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// The program said so, or refused.
    Noticed,
    /// Everything is as it was: the byte did not matter, or it was put right.
    Whole,
    /// Something else was taken for what was there.
    Silent,
}

/// Counts over flips.
#[derive(Debug, Default)]
struct Tally {
    n_noticed: u64,
    n_whole: u64,
    /// What was silently accepted: the kind of file, and which flip.
    silent: Vec<String>,
}

impl Tally {
    fn add(&mut self, kind: &str, flip: u64, came: Came) {
        match came {
            Came::Noticed => self.n_noticed += 1,
            Came::Whole => self.n_whole += 1,
            Came::Silent => self.silent.push(format!("{kind}, flip {flip}")),
        }
    }
}

/// Flips bytes in copies, file by file. The control flips bytes of a database without a seal, where
/// changed texts are accepted.
///
/// # Errors
/// What kept a copy from being made, or a sound one from being opened.
pub async fn prove(scale: &Scale) -> Result<Proved> {
    let mut tally = Tally::default();
    server::audit(scale, &mut tally).context("the audit chain")?;
    server::database(scale, &mut tally).context("the server's database")?;
    server::log(scale, &mut tally).context("the log of the server's database")?;
    let places = desk::Places::new().await.context("a desk with a story")?;
    server::key(scale, &places.server, &mut tally).context("the server's key")?;
    places.store(scale, &mut tally).context("a desk's store")?;
    places.log(scale, &mut tally).context("the log of it")?;
    places.keys(scale, &mut tally).context("a desk's keys")?;
    let n_control = control(scale).context("the control")?;

    let n_silent = super::count(tally.silent.len());
    let n_flips = tally.n_noticed + tally.n_whole + n_silent;
    Ok(Proved {
        name: "tamper",
        ok: n_silent == 0 && tally.n_noticed > 0 && n_control > 0,
        figures: vec![
            ("flips", n_flips),
            ("noticed", tally.n_noticed),
            ("whole", tally.n_whole),
            ("silent", n_silent),
            ("control_silent", n_control),
        ],
        misses: tally.silent,
        seed: scale.seed,
    })
}

/// Flips a bit somewhere in the bytes.
fn flip(dice: &mut Dice, bytes: &mut [u8]) {
    let at = dice.below(super::count(bytes.len()));
    let bit = dice.below(8);
    if let Some(byte) = usize::try_from(at).ok().and_then(|at| bytes.get_mut(at)) {
        *byte ^= 1 << bit;
    }
}

/// Copies the files of a folder, but not what lies in folders of it.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Every row of every table.
fn rows(connection: &Connection) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut tables =
        connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")?;
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut all = Vec::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let n_columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values: rusqlite::Result<_> = (0..n_columns).map(|at| row.get(at)).collect();
            all.push(values?);
        }
    }
    Ok(all)
}

/// Flips bytes of a database without encryption: how often other rows are taken for sound.
fn control(scale: &Scale) -> Result<u64> {
    let folder = tempfile::tempdir()?;
    let texts: Vec<String> = (0..200)
        .map(|n| format!("第{n}位客户的地址是栖梧路五十六号锦溪花园。").repeat(10))
        .collect();
    at_rest::write_control(folder.path(), &texts)?;
    let path = folder.path().join("unencrypted.db");
    let sound = fs::read(&path)?;
    let expected = rows(&Connection::open(&path)?)?;
    let mut dice = Dice::new(scale.seed, 9);
    let mut n_silent = 0;
    for _ in 0..scale.flips.max(8) {
        let mut bytes = sound.clone();
        flip(&mut dice, &mut bytes);
        fs::write(&path, bytes)?;
        let connection = Connection::open(&path)?;
        let check =
            connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
        let is_sound = check.is_ok_and(|finding| finding == "ok");
        let is_other = rows(&connection).is_ok_and(|found| found != expected);
        n_silent += u64::from(is_sound && is_other);
    }
    Ok(n_silent)
}
