//! Taking back what one gave to another group or to a colleague, while nobody has it.

use lt_db::{Tx, table::conversation};
use lt_model::{
    Millis,
    agent::Agent,
    id::{ContactId, ConversationId},
    message::Event,
};
use lt_protocol::code::Code;

use super::illegal;
use crate::{
    error::{Error, Refused},
    responder::queue_contacts,
    routing,
    thread::Thread,
};

/// Whoever gave it may not see it any more: that they gave it is right enough, as long as they still
/// work in the group that it goes back to. Taking back what one has is no change.
pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    id: ConversationId,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let unknown = || Refused::new(Code::NotFound, "nothing that was given");
    let before = conversation::by_id(tx, id)?.ok_or_else(unknown)?;
    if before.assignee() == Some(me.id) {
        return Ok(Vec::new());
    }
    let given = before.routing.given.filter(|given| given.by == me.id);
    let Some(given) = given.filter(|given| me.groups.contains(&given.from)) else {
        let is_seen = me.groups.contains(&before.group_id);
        return Err(match is_seen && before.assignee().is_some() {
            true => Refused::new(Code::HeldByOther, "another agent has it").into(),
            false => unknown().into(),
        });
    };
    let mut after = before.clone();
    after.take_back(me.id, now).map_err(illegal)?;
    let mut thread = Thread::resume(after);
    let agent = me.display_name.clone();
    thread.note_event(Event::TakenBack { agent }, now)?;
    let saved = thread.save(tx)?;
    routing::follow(tx, &before, &saved.conversation, now)?;
    let mut contacts = queue_contacts(tx, before.group_id)?;
    contacts.extend(queue_contacts(tx, given.from)?);
    contacts.push(saved.conversation.contact_id);
    Ok(contacts)
}
