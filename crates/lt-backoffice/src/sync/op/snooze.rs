//! Setting a conversation aside, and taking it up again.

use lt_db::Tx;
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::Conversation,
    id::ContactId,
    message::Event,
    routing::MAX_SNOOZE_MS,
};
use lt_protocol::code::Code;

use super::illegal;
use crate::{
    error::{Error, Refused},
    routing,
    thread::Thread,
};

/// Sets it aside. A time that is over already ends at the next look at the clock.
pub(super) fn snooze(
    tx: &Tx<'_>,
    me: &Agent,
    mut conversation: Conversation,
    until: Millis,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    if until > now + MAX_SNOOZE_MS {
        return Err(Refused::new(Code::BadRequest, "nobody will remember").into());
    }
    // What was to end while the desk was offline ends now.
    let until = until.max(now);
    let may_supervise = me.role.may(Permission::ConvSupervise);
    conversation
        .snooze(until, me.id, may_supervise)
        .map_err(illegal)?;
    let event = Event::Snoozed {
        agent: me.display_name.clone(),
        until,
    };
    told(tx, conversation, event, now)
}

/// Takes it up again. One that is not set aside stays as it is.
pub(super) fn wake(
    tx: &Tx<'_>,
    mut conversation: Conversation,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    if !conversation.wake() {
        return Ok(Vec::new());
    }
    routing::back_if_gone(tx, &mut conversation, now)?;
    told(tx, conversation, Event::Woken, now)
}

/// Opens a resolved one again; by whoever had it a moment ago, as if it had not been resolved.
pub(super) fn reopen(
    tx: &Tx<'_>,
    me: &Agent,
    before: Conversation,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let mut after = before.clone();
    after.reopen(me.id, now).map_err(illegal)?;
    if after == before {
        return Ok(Vec::new());
    }
    let event = match before.is_undone_by(me.id, now) {
        true => Event::ResolveUndone {
            agent: me.display_name.clone(),
        },
        false => {
            after.begin_judging_anew(now);
            Event::Reopened
        }
    };
    let mut thread = Thread::resume(after);
    thread.event(event, now)?;
    let saved = thread.save(tx)?;
    routing::follow(tx, &before, &saved.conversation, now)?;
    Ok(vec![saved.conversation.contact_id])
}

fn told(
    tx: &Tx<'_>,
    conversation: Conversation,
    event: Event,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let mut thread = Thread::resume(conversation);
    thread.note_event(event, now)?;
    let saved = thread.save(tx)?;
    Ok(vec![saved.conversation.contact_id])
}
