//! Editing the properties of a conversation.

use lt_db::Tx;
use lt_model::{
    Millis,
    agent::Agent,
    conversation::Conversation,
    merge::Editor,
    message::Event,
    properties::{Field, Patch, PatchError, Patched},
};
use lt_protocol::code::Code;

use super::illegal;
use crate::{
    error::{Error, Refused},
    thread::Thread,
};

/// Merges it field by field. A new priority or category is told in the conversation, where the next
/// colleague looks for why it stands where it stands; tags and summary speak for themselves.
pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    mut conversation: Conversation,
    patch: &Patch,
    now: Millis,
) -> Result<Patched, Error> {
    let patch = patch.clone().check().map_err(|error| match error {
        PatchError::Empty => Refused::new(Code::Empty, "the edit is empty"),
        PatchError::TooLong => Refused::new(Code::TooLarge, "a value is too long"),
    })?;
    let editor = Editor {
        authority: agent.role.into(),
        name: agent.display_name.clone(),
    };
    let patched = conversation.patch(&patch, &editor, now).map_err(illegal)?;
    let last_message_at = conversation.last_message_at;
    let mut thread = Thread::resume(conversation);
    for event in events(&thread.conversation, &patched, &agent.display_name) {
        thread.event(event, now)?;
    }
    // Nobody wrote: the conversation keeps its place in lists by time.
    thread.conversation.last_message_at = last_message_at;
    if !patched.applied.is_empty() {
        thread.save(tx)?;
    }
    Ok(patched)
}

fn events(conversation: &Conversation, patched: &Patched, name: &str) -> Vec<Event> {
    let event = |field: &Field| match field {
        Field::Priority => Some(Event::Prioritised {
            agent: name.to_owned(),
            to: conversation.priority,
        }),
        Field::Category => Some(Event::Categorised {
            agent: name.to_owned(),
            to: conversation.category.clone(),
        }),
        Field::Tags | Field::Summary => None,
    };
    patched.applied.iter().filter_map(event).collect()
}
