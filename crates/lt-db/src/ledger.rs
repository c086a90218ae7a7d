//! What acts leave behind, written at the end of their transaction: audit entries, numbered changes.
//!
//! **Invariant:** what is kept in mind of the streams is used only where the audit log ends as it did
//! after the last commit of this process: every act, of whatever process, moves that end.

use lt_model::audit::AuditEntry;
use lt_seal::{Key32, audit::Head};

use crate::{
    db::AccessChange,
    error::{DbError, Result},
    feed::{self, ActChanges, Known},
    fresh::Commit,
    group_commit::{Left, Stand},
    link::{Asked, Link},
    seam::{AccessTouched, DEFAULT_TENANT, Tx},
    table,
};

/// The end of what was written.
pub(crate) struct Ledger {
    audit_key: Key32,
    /// The end of the log, asked for as the open transaction began.
    head: Option<Asked>,
    /// The end of the log after the last commit of this process, and where streams stood then.
    after: Option<Head>,
    known: Known,
}

impl Ledger {
    pub(crate) fn new(audit_key: Key32) -> Self {
        Self {
            audit_key,
            head: None,
            after: None,
            known: Known::new(),
        }
    }

    /// A transaction has begun, in which nothing was written yet.
    pub(crate) fn begin(&mut self, link: &Link) -> Result<()> {
        self.head = None;
        let tx = Tx::new(link, DEFAULT_TENANT);
        self.head = Some(table::audit::ask_head(&tx)?);
        Ok(())
    }

    /// The transaction did not end well: nothing of it is so.
    pub(crate) fn forget(&mut self) {
        self.after = None;
        self.known.clear();
    }

    /// Writes what acts left behind, in their order. Gives where the data stands after each of them,
    /// and what they did together.
    pub(crate) fn finish(&mut self, link: &Link, left: Vec<Left>) -> Result<(Vec<Stand>, Commit)> {
        if left.is_empty() {
            return Ok((Vec::new(), Commit::default()));
        }
        let tx = Tx::new(link, DEFAULT_TENANT);
        let asked = self.head.take().ok_or(DbError::Missing("audit_head"))?;
        let before = table::audit::answer_head(&tx, asked)?;
        if self.after != Some(before) {
            self.known.clear();
        }
        let entries: Vec<&AuditEntry> = left.iter().map(|left| &left.entry).collect();
        let head = table::audit::append(&tx, &self.audit_key, before, &entries)?;
        let first = before.n + 1;
        let mut acts = Vec::with_capacity(left.len());
        let mut touched = Vec::with_capacity(left.len());
        for (left, audit_n) in left.into_iter().zip(first..) {
            touched.push((left.access, left.contacts));
            acts.push(ActChanges {
                audit_n,
                at: left.entry.at,
                changes: left.changes,
            });
        }
        let appended = feed::append(&tx, &acts, &mut self.known)?;
        self.after = Some(head);
        // A new stream came with one of them, and none of them was told yet.
        if tx.take_access().everybody
            && let Some((last, _)) = touched.last_mut()
        {
            last.everybody = true;
        }
        let stands = acts.iter().zip(appended.of_acts).zip(touched);
        let stands: Result<Vec<Stand>> = stands
            .map(|((act, streams), (access, contacts))| {
                Ok(Stand {
                    audit_n: act.audit_n,
                    streams,
                    access: access_change(&tx, access)?,
                    contacts,
                })
            })
            .collect();
        let stands = stands?;
        let commit = Commit {
            acts: (first, head.n),
            rows: appended.rows,
            heads: appended.heads,
            is_of_access: stands.iter().any(|stand| stand.access.is_some()),
        };
        Ok((stands, commit))
    }
}

/// Numbers what an act changed of anybody's access.
fn access_change(tx: &Tx<'_>, touched: AccessTouched) -> Result<Option<AccessChange>> {
    if !touched.everybody && touched.agents.is_empty() {
        return Ok(None);
    }
    let agents = if touched.everybody {
        Vec::new()
    } else {
        touched.agents.into_iter().collect()
    };
    Ok(Some(AccessChange {
        n: table::counter::next(tx, table::counter::ACCESS)?,
        agents,
    }))
}
