//! Two customers who are one, and who are not after all.
//!
//! **Invariant:** the person of a conversation is the root over the customer who began it. Nobody's
//! chat page shows more by a merge: a page shows what was said to the customer who came by it.

use std::collections::BTreeSet;

use lt_db::{
    DbError, Reader, Tx,
    table::{contact, conversation, ticket},
};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    contact::{
        Contact,
        merge::{ContactAct, MergeError},
    },
    conversation::Conversation,
    id::{ContactId, TicketId},
    ticket::TicketCustomer,
};
use lt_protocol::code::Code;

use crate::{
    authz::{self, Scope},
    error::{Error, Refused},
};

pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    id: ContactId,
    act: &ContactAct,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let permission = match act {
        ContactAct::Merge { .. } => Permission::CustMerge,
        ContactAct::Split { .. } => Permission::CustSplit,
    };
    authz::check(me, permission, Scope::Organisation)?;
    let mut other = seen(tx, me, act.other())?;
    match act {
        ContactAct::Merge { take, .. } => {
            let mut one = seen(tx, me, id)?;
            one.merge_into(&mut other, take, &me.display_name, now)
                .map_err(illegal)?;
            let moved = conversation::of_person(tx, one.id)?;
            keep(tx, &one, &other, moved, other.id)
        }
        ContactAct::Split { .. } => {
            // Who was merged is seen by way of who they were merged into.
            let mut one = contact::by_id(tx, id)?.ok_or_else(no_such_contact)?;
            one.split_from(&mut other, now).map_err(illegal)?;
            let mut moved = Vec::new();
            // The remaining one may have been merged further since.
            let root = contact::root(tx, other.id)?;
            for found in conversation::of_person(tx, root)? {
                if is_under(tx, found.contact_id, one.id)? {
                    moved.push(found);
                }
            }
            keep(tx, &one, &other, moved, one.id)
        }
    }
}

/// Whether a customer is one that was merged into another, by however many steps; or that one.
fn is_under(reader: &Reader<'_>, id: ContactId, above: ContactId) -> Result<bool, DbError> {
    let mut at = id;
    while at != above {
        match contact::by_id(reader, at)?.and_then(|contact| contact.merged) {
            Some(merged) => at = merged.into,
            None => return Ok(false),
        }
    }
    Ok(true)
}

fn keep(
    tx: &Tx<'_>,
    one: &Contact,
    other: &Contact,
    moved: Vec<Conversation>,
    person: ContactId,
) -> Result<Vec<ContactId>, Error> {
    // The rows of both first: whoever is announced is announced as they are now.
    contact::update(tx, one)?;
    contact::update(tx, other)?;
    let mut tickets = BTreeSet::new();
    for conversation in moved {
        let about = ticket::of_conversation(tx, conversation.id)?;
        tickets.extend(about.iter().map(|ticket| ticket.id));
        conversation::set_person(tx, conversation, person)?;
    }
    for id in tickets {
        rename(tx, id)?;
    }
    Ok(Vec::new())
}

/// A ticket is of the customer of its first conversation.
fn rename(tx: &Tx<'_>, id: TicketId) -> Result<(), Error> {
    let Some(mut found) = ticket::by_id(tx, id)? else {
        return Ok(());
    };
    let (Some(first), Some(before)) = (found.conversations.first(), &found.customer) else {
        return Ok(());
    };
    let Some(person) = conversation::by_id(tx, first.id)?.map(|first| first.person()) else {
        return Ok(());
    };
    if person == before.contact_id {
        return Ok(());
    }
    let person = contact::by_id(tx, person)?.ok_or(DbError::Missing("contact"))?;
    found.customer = Some(TicketCustomer {
        contact_id: person.id,
        name: person.display_name,
        tier: person.value_tier,
    });
    Ok(ticket::update(tx, &found)?)
}

/// The customer, if a group of the agent has a conversation with them.
fn seen(tx: &Tx<'_>, me: &Agent, id: ContactId) -> Result<Contact, Error> {
    let sees = |group| authz::check(me, Permission::ConvView, Scope::Group(group)).is_ok();
    let groups = conversation::groups_of_contact(tx, id)?;
    match contact::by_id(tx, id)? {
        Some(found) if groups.into_iter().any(sees) => Ok(found),
        Some(_) | None => Err(no_such_contact().into()),
    }
}

fn no_such_contact() -> Refused {
    Refused::new(Code::NotFound, "no such customer")
}

fn illegal(why: MergeError) -> Refused {
    match why {
        MergeError::Same => Refused::new(Code::BadRequest, "it is one customer"),
        MergeError::Merged => Refused::new(Code::MergedMeanwhile, "one was merged meanwhile"),
        MergeError::TooMany => Refused::new(Code::TooLarge, "too many are one"),
        MergeError::NotMerged => Refused::new(Code::ChangedMeanwhile, "they are not merged"),
        MergeError::TooLate => Refused::new(Code::IllegalState, "the merge is too long ago"),
    }
}
