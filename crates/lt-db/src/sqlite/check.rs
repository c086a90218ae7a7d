//! Looking at every page of a database file.
//!
//! **Invariant:** a page in use is judged by what SQLite would read. A checkpoint that a reader holds up
//! leaves out pages of which the log has something newer, also between others that it writes
//! (`walCheckpoint` of SQLite): the file has nothing of them, or less than a page, until the next one.
//!
//! After a checkpoint that was complete the log's frames still lie there, though SQLite reads the file:
//! a broken seal of a page that they name is passed over too. It is found all the same where the page
//! is in use, for `quick_check` reads all of these; only in free pages does it go unseen.

use std::fs;

use lt_seal::wal::committed_pages;
use rusqlite::Connection;

use crate::error::{DbError, Result};

/// Looks at a file that is written to meanwhile.
const N_LOOKS: usize = 3;

/// Reads every page and checks its seal and the structure; minutes for gigabytes.
pub(crate) fn check(connection: &Connection) -> Result<()> {
    let mut finding = None;
    for _ in 0..N_LOOKS {
        finding = unsealed(connection)?;
        if finding.is_none() {
            break;
        }
    }
    if let Some(finding) = finding {
        return Err(DbError::Damaged(finding));
    }
    let mut statement = connection.prepare("PRAGMA quick_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let finding: String = row.get(0)?;
        if finding != "ok" {
            return Err(DbError::Damaged(finding));
        }
    }
    Ok(())
}

/// The first page of the file whose seal is broken and of which no frame lies in the log, whether SQLite
/// would read that or not.
fn unsealed(connection: &Connection) -> Result<Option<String>> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    let findings = statement.query_map([], |row| row.get(0))?;
    let findings: Vec<String> = findings.collect::<std::result::Result<_, _>>()?;
    if findings.is_empty() {
        return Ok(None);
    }
    let log = connection
        .path()
        .map(|path| fs::read(format!("{path}-wal")));
    let log = log.and_then(std::result::Result::ok).unwrap_or_default();
    let logged = committed_pages(&log).unwrap_or_default();
    let is_left = |finding: &String| page(finding).is_none_or(|page| !logged.contains(&page));
    Ok(findings.into_iter().find(is_left))
}

/// The page that SQLCipher speaks of.
fn page(finding: &str) -> Option<u32> {
    let page = finding.strip_prefix("HMAC verification failed for page ")?;
    page.parse().ok()
}

#[cfg(test)]
mod tests {
    use lt_seal::Key32;

    use super::*;
    use crate::sqlite::unlocked;

    /// A reader of an older state is there, so that a checkpoint passes over a page that was written
    /// again since, and the file has a hole before one that was not.
    #[test]
    fn a_page_that_only_the_log_has_is_no_damage() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key32::new([7; 32]);
        let path = folder.path().join("lingtai.db");
        let writer = unlocked(&path, &key).unwrap();
        writer
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
                 CREATE TABLE seen (x); PRAGMA wal_checkpoint(TRUNCATE);
                 BEGIN; CREATE TABLE one (x); CREATE TABLE two (x); COMMIT;",
            )
            .unwrap();
        let reader = unlocked(&path, &key).unwrap();
        reader.execute_batch("BEGIN").unwrap();
        let n: i64 = reader
            .query_row("SELECT count(*) FROM one", [], |row| row.get(0))
            .unwrap();
        assert_eq!(n, 0);
        writer
            .execute_batch("INSERT INTO one VALUES (1); PRAGMA wal_checkpoint(PASSIVE);")
            .unwrap();
        let findings: Vec<String> = writer
            .prepare("PRAGMA cipher_integrity_check")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<std::result::Result<_, _>>()
            .unwrap();
        assert!(!findings.is_empty(), "the file has a hole");
        check(&writer).unwrap();
        // The same file without its log has lost that page.
        let bare = folder.path().join("bare.db");
        fs::copy(&path, &bare).unwrap();
        let found = check(&unlocked(&bare, &key).unwrap());
        assert!(matches!(found, Err(DbError::Damaged(_))), "{found:?}");
        // Once the reader is gone the page comes into the file.
        reader.execute_batch("COMMIT").unwrap();
        writer
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        check(&writer).unwrap();
    }
}
