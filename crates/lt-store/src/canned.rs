//! Canned replies: found at this desk, the agent's own kept here alone; and what else a conversation
//! holds for its agents: notes being written, and who was named in them.

use lt_model::{
    Millis,
    canned::{Canned, CannedEdit, CannedScope},
    id::{CannedId, ConversationId},
};

use lt_protocol::sync::Action;
use rusqlite::{Connection, Transaction};

use crate::{
    Change, Result, Store, StoreError, feed,
    store::{Act, require_account},
    table::{canned, conversation, draft, mention, outbox},
};

/// What the server sent, with what waits to be sent, and one's own.
fn shown(connection: &Connection) -> Result<Vec<Canned>> {
    let mut all = canned::all(connection)?;
    for entry in outbox::about_canned(connection)? {
        match entry.op.action {
            Action::SaveCanned { items } => {
                for item in items {
                    save(&mut all, item, entry.op.at);
                }
            }
            Action::RemoveCanned { ids } => all.retain(|one| !ids.contains(&one.id)),
            _ => {}
        }
    }
    all.sort_by(|a, b| {
        let place = |one: &Canned| (one.draft.folder.clone(), one.draft.title.clone(), one.id);
        place(a).cmp(&place(b))
    });
    Ok(all)
}

/// The effect of an edit. An edit after this one arrives after it, and is made from its edition.
fn save(all: &mut Vec<Canned>, edit: CannedEdit, at: Millis) {
    let CannedEdit { id, base, draft } = edit;
    match all.iter_mut().find(|one| one.id == id) {
        Some(known) => {
            known.edition = known.edition.max(base + 1);
            known.draft = draft;
            known.at = at;
        }
        None => all.push(Canned {
            id,
            edition: base + 1,
            draft,
            used: 0,
            by: String::new(),
            at,
        }),
    }
}

/// Counts the use of the agent's own ones; the server counts the others. Whether there were any.
pub(crate) fn note_use(tx: &Transaction<'_>, action: &Action) -> Result<bool> {
    let Action::SendMessage { composed, .. } = action else {
        return Ok(false);
    };
    let mut any = false;
    for id in &composed.canned {
        any |= canned::use_own(tx, *id)?;
    }
    Ok(any)
}

/// Checks an operation on canned replies. None: nothing is to be done.
pub(crate) fn legal(tx: &Transaction<'_>, mut action: Action) -> Result<Option<Action>> {
    let all = shown(tx)?;
    let is_news = match &mut action {
        Action::SaveCanned { items } => {
            let mut cleaned = Vec::with_capacity(items.len());
            for CannedEdit { id, base, draft } in items.drain(..) {
                let draft = draft.check()?;
                if draft.scope == CannedScope::Own {
                    return Err(StoreError::Forbidden);
                }
                if !all.iter().any(|one| one.id == id && one.draft == draft) {
                    cleaned.push(CannedEdit { id, base, draft });
                }
            }
            *items = cleaned;
            !items.is_empty()
        }
        Action::RemoveCanned { ids } => {
            ids.retain(|id| all.iter().any(|one| one.id == *id));
            !ids.is_empty()
        }
        _ => false,
    };
    Ok(is_news.then_some(action))
}

/// Most own ones of an agent.
const MAX_OWN: usize = 500;

impl Store {
    /// All canned replies that this desk finds, by folder and title.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn canned(&self) -> Result<Vec<Canned>> {
        self.read(shown)
    }

    /// One of them.
    ///
    /// # Errors
    /// As above.
    pub fn canned_reply(&self, id: CannedId) -> Result<Option<Canned>> {
        let all = self.read(shown)?;
        Ok(all.into_iter().find(|one| one.id == id))
    }

    /// Keeps one of the agent's own, which is nobody else's to see.
    ///
    /// # Errors
    /// [`StoreError::Canned`], [`StoreError::Full`] and the like.
    pub fn save_own_canned(&self, edit: &CannedEdit, now: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, touched| {
            let account = require_account(tx)?;
            let draft = edit.draft.clone().check()?;
            if draft.scope != CannedScope::Own {
                return Err(StoreError::Broken("only one's own stays here"));
            }
            let before = canned::own(tx, edit.id)?;
            let others = canned::all(tx)?;
            let n_own = others
                .iter()
                .filter(|one| one.draft.scope == CannedScope::Own)
                .count();
            if before.is_none() && n_own >= MAX_OWN {
                return Err(StoreError::Canned(lt_model::canned::CannedError::TooLong));
            }
            let canned = Canned {
                id: edit.id,
                edition: before.as_ref().map_or(0, |before| before.edition) + 1,
                draft,
                used: before.map_or(0, |before| before.used),
                by: account.agent.display_name.clone(),
                at: now,
            };
            canned::put_own(tx, &canned)?;
            touched.canned = true;
            let act = Act::done("canned.keep", format!("canned:{}", edit.id));
            self.audit(tx, &act, &account, now)
        })?;
        Ok(change)
    }

    /// Removes one of the agent's own. False: it is none.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn remove_own_canned(&self, id: CannedId, now: Millis) -> Result<bool> {
        let (removed, _) = self.write(|tx, touched| {
            let account = require_account(tx)?;
            let removed = canned::delete_own(tx, id)?;
            if removed {
                touched.canned = true;
                let act = Act::done("canned.forget", format!("canned:{id}"));
                self.audit(tx, &act, &account, now)?;
            }
            Ok(removed)
        })?;
        Ok(removed)
    }

    /// A new id, in the order of time.
    ///
    /// # Errors
    /// [`StoreError::Seal`] where the system gives no randomness.
    pub fn new_id(&self, now: Millis) -> Result<uuid::Uuid> {
        crate::store::new_uuid(now)
    }

    /// The sets of tags that open conversations have, and how many have each.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn open_tags(&self) -> Result<Vec<(Vec<String>, u32)>> {
        self.read(conversation::open_tags)
    }

    /// What is being written of a note.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn note_draft(&self, id: ConversationId) -> Result<Option<String>> {
        self.read(|connection| draft::NOTES.get(connection, id))
    }

    /// Keeps what is being written of a note; an empty text forgets it.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn save_note_draft(&self, id: ConversationId, text: &str, now: Millis) -> Result<()> {
        self.write(|tx, _| draft::NOTES.put(tx, id, text, now))?;
        Ok(())
    }

    /// The agent has looked at the notes that name them.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn mentions_read(&self, id: ConversationId) -> Result<Change> {
        if self.read(|connection| mention::count(connection, id))? == 0 {
            return Ok(Change::default());
        }
        let ((), change) = self.write(|tx, touched| {
            let account = require_account(tx)?;
            if mention::clear_of(tx, id)? {
                feed::redraw_conversation(tx, id, &account.agent)?;
                touched.conversation(id);
            }
            Ok(())
        })?;
        Ok(change)
    }
}
