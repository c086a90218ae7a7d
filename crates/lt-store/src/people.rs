//! Customers who are one: what pending operations make of them, and who may be the same person.
//!
//! **Invariant:** a conversation is shown in the history of the root over the customer who began it,
//! by what the server sent and by what waits here; when an operation is refused, all is as the
//! server has it.

use std::collections::{BTreeMap, BTreeSet};

use lt_model::{
    Millis,
    agent::Agent,
    contact::{
        Contact, mark_key,
        merge::{ContactAct, MergeError},
        phone_key,
    },
    conversation::Conversation,
    id::{ContactId, ConversationId},
};
use lt_protocol::sync::Action;
use rusqlite::{Connection, Transaction};

use crate::{
    Result, Store, StoreError,
    table::{contact, conversation, outbox},
};

/// Most customers that are proposed.
const MOST: u32 = 8;

/// Most customers of a name.
const MOST_NAMED: u32 = 200;

/// Why two customers may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    /// They have one phone number.
    pub phone: bool,
    /// They have one e-mail address.
    pub email: bool,
    /// They have one member number.
    pub member: bool,
}

impl Store {
    /// Customers that this desk sees and that may be the same person as one, with the reasons. One
    /// that was merged has none.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn alike(&self, id: ContactId) -> Result<Vec<(Contact, Alike)>> {
        self.read(|connection| {
            let Some(one) = contact::get(connection, id)?.filter(|one| one.merged.is_none()) else {
                return Ok(Vec::new());
            };
            let others = contact::alike(connection, &one, MOST)?;
            Ok(others
                .into_iter()
                .map(|other| {
                    let alike = alike(&one, &other);
                    (other, alike)
                })
                .collect())
        })
    }

    /// How many tickets of a customer are here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn n_tickets_of(&self, id: ContactId) -> Result<u32> {
        self.read(|connection| contact::n_tickets(connection, id))
    }

    /// Customers whose name has this in it, or whose mark it is; the latest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn contacts_named(&self, text: &str) -> Result<Vec<Contact>> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        self.read(|connection| contact::named(connection, text.trim(), MOST_NAMED))
    }
}

/// What two customers have in common.
#[must_use]
pub fn alike(one: &Contact, other: &Contact) -> Alike {
    let same = |a: String, b: String| !a.is_empty() && a == b;
    Alike {
        phone: same(phone_key(&one.phone), phone_key(&other.phone)),
        email: same(mark_key(&one.email), mark_key(&other.email)),
        member: same(mark_key(&one.member), mark_key(&other.member)),
    }
}

/// Tries it on copies of what is shown.
pub(crate) fn legal(
    connection: &Connection,
    me: &Agent,
    id: ContactId,
    act: &ContactAct,
    now: Millis,
) -> Result<()> {
    let mut other =
        contact::get(connection, act.other())?.ok_or(StoreError::NotFound("customer"))?;
    let one = contact::get(connection, id)?;
    match (act, one) {
        (ContactAct::Merge { take, .. }, Some(mut one)) => {
            Ok(one.merge_into(&mut other, take, &me.display_name, now)?)
        }
        (ContactAct::Merge { .. }, None) => Err(StoreError::NotFound("customer")),
        (ContactAct::Split { .. }, Some(mut one)) => Ok(one.split_from(&mut other, now)?),
        // Who was merged is in groups of others only.
        (ContactAct::Split { .. }, None) => match other.absorbed.iter().any(|one| one.id == id) {
            true => Ok(()),
            false => Err(MergeError::NotMerged.into()),
        },
    }
}

/// Draws customers again: those that pending operations are about, those that were, and these.
pub(crate) fn redraw(tx: &Transaction<'_>, me: &Agent, also: &[ContactId]) -> Result<()> {
    let entries = outbox::about_contacts(tx)?;
    let mut ids: BTreeSet<ContactId> = also.iter().copied().collect();
    ids.extend(contact::shown_otherwise(tx)?);
    for entry in &entries {
        ids.extend(both(&entry.op.action));
    }
    let mut servers = BTreeMap::new();
    for id in ids {
        servers.extend(contact::server(tx, id)?.map(|server| (id, server)));
    }
    let mut shown = servers.clone();
    for entry in &entries {
        if let Action::Contact { contact_id, act } = &entry.op.action {
            apply(&mut shown, *contact_id, act, me, entry.op.at);
        }
    }
    for (id, server) in &servers {
        if let Some(shown) = shown.get(id) {
            contact::set_local(tx, server, shown)?;
        }
    }
    Ok(())
}

/// What the state no longer allows is left out: the server will refuse it.
fn apply(
    shown: &mut BTreeMap<ContactId, Contact>,
    id: ContactId,
    act: &ContactAct,
    me: &Agent,
    at: Millis,
) {
    let Some(mut other) = shown.remove(&act.other()) else {
        return;
    };
    match (act, shown.get_mut(&id)) {
        (ContactAct::Merge { take, .. }, Some(one)) => {
            let _ = one.merge_into(&mut other, take, &me.display_name, at);
        }
        (ContactAct::Split { .. }, Some(one)) => {
            let _ = one.split_from(&mut other, at);
        }
        (ContactAct::Split { .. }, None) => other.let_go(id),
        (ContactAct::Merge { .. }, None) => {}
    }
    shown.insert(other.id, other);
}

/// The customers that an operation is about.
pub(crate) fn both(action: &Action) -> Vec<ContactId> {
    match action {
        Action::Contact { contact_id, act } => vec![*contact_id, act.other()],
        _ => Vec::new(),
    }
}

/// Puts a conversation into the history where pending operations put it.
pub(crate) fn place(connection: &Connection, local: &mut Conversation) -> Result<()> {
    for entry in outbox::about_contacts(connection)? {
        let Action::Contact { contact_id, act } = &entry.op.action else {
            continue;
        };
        match act {
            ContactAct::Merge { into, .. } if local.person() == *contact_id => {
                local.set_person(*into);
            }
            ContactAct::Split { from } if local.person() == *from => {
                if is_under(connection, local.contact_id, *contact_id)? {
                    local.set_person(*contact_id);
                }
            }
            ContactAct::Merge { .. } | ContactAct::Split { .. } => {}
        }
    }
    Ok(())
}

/// Whether a customer was merged into another, by however many steps; or is that one.
fn is_under(connection: &Connection, id: ContactId, above: ContactId) -> Result<bool> {
    let mut at = id;
    while at != above {
        match contact::server(connection, at)?.and_then(|contact| contact.merged) {
            Some(merged) => at = merged.into,
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// Conversations in whose place an operation about customers may make a difference.
pub(crate) fn conversations(
    connection: &Connection,
    ids: &[ContactId],
) -> Result<BTreeSet<ConversationId>> {
    let mut found = BTreeSet::new();
    for id in ids {
        found.extend(conversation::of_contact(connection, *id)?);
    }
    Ok(found)
}

/// Forgets the answered operations whose effect this row of the server shows. Gives the customers
/// that they were about.
pub(crate) fn settle(tx: &Transaction<'_>, row: &Contact) -> Result<Vec<ContactId>> {
    let mut settled = Vec::new();
    for entry in outbox::done_about_contacts(tx)? {
        let Action::Contact { contact_id, act } = &entry.op.action else {
            continue;
        };
        let is_here = row.absorbed.iter().any(|one| one.id == *contact_id);
        let is_settled = match act {
            ContactAct::Merge { into, .. } => *into == row.id && is_here,
            ContactAct::Split { from } => *from == row.id && !is_here,
        };
        if is_settled {
            outbox::delete_done(tx, entry.op.id)?;
            settled.extend(both(&entry.op.action));
        }
    }
    Ok(settled)
}
