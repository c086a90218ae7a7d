//! Looking into files that a killed process left behind, without touching them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use lt_model::{
    id::ConversationId,
    message::{Author, Message},
};
use lt_seal::{Key32, derive};
use lt_store::{Opened, Store};
use rusqlite::Connection;

use super::super::org;

/// A reply: the number of the desk's run, and its number in that run.
pub(super) type Reply = (u64, u64);

/// The text of a reply; there is no other with it.
pub(super) fn text((run, n): Reply) -> String {
    format!("第{run}次开工，第{n}句")
}

/// The reply that has this text.
pub(super) fn reply(text: &str) -> Option<Reply> {
    let (run, n) = text.strip_prefix('第')?.split_once("次开工，第")?;
    Some((run.parse().ok()?, n.strip_suffix('句')?.parse().ok()?))
}

/// What is wrong with the replies of some conversations, each in its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) lost: Vec<Reply>,
    pub(super) n_doubled: u64,
    pub(super) n_disordered: u64,
    /// Replies that are there, acknowledged or not.
    pub(super) n_found: u64,
}

impl Verdict {
    pub(super) fn of(acknowledged: &BTreeSet<Reply>, found: &[Vec<Reply>]) -> Self {
        let mut times: BTreeMap<Reply, u64> = BTreeMap::new();
        let mut n_disordered = 0;
        for conversation in found {
            for reply in conversation {
                *times.entry(*reply).or_default() += 1;
            }
            n_disordered += conversation
                .windows(2)
                .filter(|pair| matches!(pair, [before, after] if before > after))
                .count() as u64;
        }
        Self {
            lost: acknowledged
                .iter()
                .filter(|reply| !times.contains_key(reply))
                .copied()
                .collect(),
            n_doubled: times.values().map(|n| n - 1).sum(),
            n_disordered,
            n_found: times.values().sum(),
        }
    }

    pub(super) fn is_fine(&self) -> bool {
        self.lost.is_empty() && self.n_doubled == 0 && self.n_disordered == 0
    }
}

/// The replies that a desk has, by conversation: those that the server has in its order, then those
/// that wait. `folder` is a copy: it is opened, as the desk would open it.
pub(super) fn desk(
    folder: &Path,
    root: &Key32,
    conversations: &[ConversationId],
) -> Result<Vec<Vec<Reply>>> {
    integrity(&folder.join("store.db"), &derive(root, "db/v1", b""))?;
    let (store, opened) = Store::open(folder, root, 0).context("opening a killed desk's store")?;
    ensure!(opened == Opened::Fine, "the store was found as {opened:?}");
    store.check()?;
    conversations
        .iter()
        .map(|id| {
            let messages = store.messages(*id, None, u32::MAX)?;
            let messages = messages.iter().map(|stored| &stored.message);
            Ok(messages.filter_map(by_agent).collect())
        })
        .collect()
}

fn by_agent(message: &Message) -> Option<Reply> {
    match &message.author {
        Author::Agent { .. } => reply(message.text()?),
        _ => None,
    }
}

/// Whether a killed server's database is whole; `folder` is a copy.
pub(super) fn server(folder: &Path, root: &Key32) -> Result<()> {
    let connection = org::raw(&folder.join("lingtai.db"), root)?;
    whole(&connection).context("the database of a killed server")
}

fn integrity(database: &Path, key: &Key32) -> Result<()> {
    let connection = Connection::open(database)?;
    let hex = key.to_hex_secret();
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex.expose()))?;
    whole(&connection).context("the store of a killed desk")
}

/// Whether all is there once the log is folded into the file: before that, SQLite reads pages from the
/// log of which the file may have nothing, where a checkpoint was held up or killed.
fn whole(connection: &Connection) -> Result<()> {
    let is_busy: bool =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    ensure!(!is_busy, "somebody else has the copy");
    let said: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(said == "ok", "integrity_check: {said}");
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    let faults = statement.query_map([], |row| row.get(0))?;
    let faults: Vec<String> = faults.collect::<Result<_, _>>()?;
    ensure!(faults.is_empty(), "pages do not authenticate: {faults:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_read_from_its_text() {
        assert_eq!(reply(&text((12, 345))), Some((12, 345)));
        for other in ["", "第1次开工", "您好", "第x次开工，第1句"] {
            assert_eq!(reply(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_lost_doubled_or_out_of_order_is_seen() {
        let acknowledged = BTreeSet::from([(1, 1), (1, 2), (2, 1)]);
        let verdict = |found: &[&[Reply]]| {
            let found: Vec<_> = found.iter().map(|part| part.to_vec()).collect();
            Verdict::of(&acknowledged, &found)
        };
        assert!(verdict(&[&[(1, 1), (2, 1)], &[(1, 2), (2, 2)]]).is_fine());
        assert_eq!(verdict(&[&[(1, 1)], &[(2, 1)]]).lost, [(1, 2)]);
        assert_eq!(
            verdict(&[&[(1, 1), (1, 2), (2, 1)], &[(2, 1)]]).n_doubled,
            1
        );
        assert_eq!(verdict(&[&[(1, 2), (1, 1), (2, 1)]]).n_disordered, 1);
    }
}
