//! What happens by the clock alone.

use lt_db::{
    Acted, Tx,
    table::{agent, conversation, skill_group},
};
use lt_model::{
    Millis,
    agent::Presence,
    audit::Actor,
    id::{ContactId, ConversationId, GroupId, InboxId},
    message::Event,
};
use lt_protocol::code::WireError;

use super::{absent::back_if_gone, history, hours, offers::withdraw};
use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    pass_over::passed_over,
    responder::queue_contacts,
    thread::Thread,
};

/// Most that is done at once; the next time goes on.
const N_AT_ONCE: u64 = 100;

impl Backoffice {
    /// Does what is due: ends offers, snoozes and talks with the bot, takes up what was left out of hours, runs the
    /// queue. Call it about once a second; several processes may. One read when nothing is due. What
    /// cannot be done with one conversation, agent or group keeps no other from its turn.
    ///
    /// # Errors
    /// When the store fails.
    pub fn tick(&self, now: Millis) -> Result<(), WireError> {
        let (due, left) = self.read(|reader| {
            Ok((
                conversation::due(reader, now, N_AT_ONCE)?,
                conversation::places_left(reader)?,
            ))
        })?;
        // All of them take their turn, whatever comes of those before.
        let done = [
            self.end_due(due, now),
            self.drain_all(left, now),
            self.follow_absence(now),
            self.run_queues(now),
        ];
        done.into_iter().collect::<Result<(), Error>>()?;
        Ok(())
    }

    fn end_due(&self, due: Vec<ConversationId>, now: Millis) -> Result<(), Error> {
        for id in due {
            let ended = self.act(|tx| end(tx, id, now));
            self.hint_contacts(passed_over("conversation", id, ended)?.unwrap_or_default());
        }
        Ok(())
    }

    fn drain_all(&self, left: Vec<(GroupId, InboxId)>, now: Millis) -> Result<(), Error> {
        for (group, inbox) in left {
            let drained = self.drain(group, inbox, now);
            self.hint_contacts(passed_over("group", group, drained)?.unwrap_or_default());
        }
        Ok(())
    }

    /// Takes up what was left for a group out of hours, once the inbox is open and somebody is there.
    fn drain(&self, group: GroupId, inbox: InboxId, now: Millis) -> Result<Vec<ContactId>, Error> {
        let waiting = self.db.read(|reader| {
            let is_ready = hours::now(reader, inbox, now)? == hours::Hours::Open
                && agent::is_anyone_online(reader, group)?;
            Ok::<_, Error>(if is_ready {
                conversation::left(reader, group, inbox, N_AT_ONCE)?
            } else {
                Vec::new()
            })
        })?;
        let mut contacts = Vec::new();
        for id in waiting {
            let drained = self.act(|tx| drain_one(tx, id, now));
            contacts.extend(passed_over("conversation", id, drained)?.unwrap_or_default());
        }
        Ok(contacts)
    }
}

type Done = Acted<Result<Vec<ContactId>, Refused>>;

/// Ends the offer, the snooze or the talk with the bot of one conversation, if its time is over.
fn end(tx: &Tx<'_>, id: ConversationId, now: Millis) -> Result<Done, Error> {
    let Some(before) = conversation::by_id(tx, id)? else {
        return Ok(Acted::nothing(Ok(Vec::new())));
    };
    let object = audit::conversation(id);
    let mut after = before.clone();
    if let Some(late) = after.lapse(now) {
        let account = agent::by_id(tx, late)?.map(|account| account.agent);
        let was_there = account
            .as_ref()
            .is_some_and(|agent| agent.presence != Presence::Offline);
        let name = account.map(|agent| agent.display_name);
        let mut thread = Thread::resume(after);
        let event = Event::NotTaken {
            agent: name.unwrap_or_default(),
            declined: false,
        };
        thread.note_event(event, now)?;
        let saved = thread.save(tx)?;
        history::follow(tx, &before, &saved.conversation, now)?;
        // Whoever does not answer is not at the desk.
        if was_there {
            agent::set_presence(tx, late, Presence::Away, now)?;
        }
        let mut contacts = withdraw(tx, late, now)?;
        contacts.extend(queue_contacts(tx, saved.conversation.group_id)?);
        let entry = audit::allowed(now, Actor::System, "conversation.lapse", object);
        return Ok(Acted::logged(Ok(contacts), entry));
    }
    if after.wake_in_time(now) {
        back_if_gone(tx, &mut after, now)?;
        let mut thread = Thread::resume(after);
        thread.note_event(Event::Woken, now)?;
        let saved = thread.save(tx)?;
        let entry = audit::allowed(now, Actor::System, "conversation.wake", object);
        return Ok(Acted::logged(
            Ok(vec![saved.conversation.contact_id]),
            entry,
        ));
    }
    if after.end_by_bot(now) {
        let mut thread = Thread::resume(after);
        let agent = String::new();
        thread.event(Event::Resolved { agent }, now)?;
        let saved = thread.save(tx)?;
        let entry = audit::allowed(now, Actor::Bot, "conversation.resolve", object);
        return Ok(Acted::logged(
            Ok(vec![saved.conversation.contact_id]),
            entry,
        ));
    }
    Ok(Acted::nothing(Ok(Vec::new())))
}

fn drain_one(tx: &Tx<'_>, id: ConversationId, now: Millis) -> Result<Done, Error> {
    let Some(before) = conversation::by_id(tx, id)? else {
        return Ok(Acted::nothing(Ok(Vec::new())));
    };
    let mut after = before.clone();
    if !after.drain() || skill_group::by_id(tx, after.group_id)?.is_none() {
        return Ok(Acted::nothing(Ok(Vec::new())));
    }
    let mut thread = Thread::resume(after);
    thread.event(Event::Drained, now)?;
    let saved = thread.save(tx)?;
    history::follow(tx, &before, &saved.conversation, now)?;
    let entry = audit::allowed(
        now,
        Actor::System,
        "conversation.drain",
        audit::conversation(id),
    );
    let contacts = queue_contacts(tx, saved.conversation.group_id)?;
    Ok(Acted::logged(Ok(contacts), entry))
}
