//! Agents who are gone: what waits for them goes back to the queue.
//!
//! An agent is gone who says so, or whose desks no process has heard of for [`UNREACHABLE_MS`]: those
//! go offline by themselves, since when they were last heard, and come back as they were if they are
//! heard again before anything of theirs went back. After as long as their group bears, what their
//! customers wait for goes to the head of its queue; what nobody waits for stays.
//!
//! - **Invariant:** time during which this process was away from its clock or its data makes nobody
//!   unheard of: it could not have heard them.
//! - **Invariant:** every step looks again inside its transaction, so that several processes take it
//!   once.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lt_db::{
    Acted, Tx,
    table::{agent, attendance, conversation, skill_group},
};
use lt_model::{
    Millis,
    agent::Presence,
    audit::Actor,
    conversation::Conversation,
    id::{AgentId, ContactId, ConversationId},
    message::Event,
    routing::{RETURN_AFTER_MS, ReturnReason},
};
use lt_protocol::code::WireError;

use super::{history, offers::withdraw};
use crate::{
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    pass_over::passed_over,
    responder::queue_contacts,
    thread::Thread,
};

/// An agent whose desks were heard of by nobody for so long is offline.
const UNREACHABLE_MS: Millis = 90_000;
/// How often it is noted that a desk is here.
const NOTE_EVERY_MS: Millis = 15_000;
/// How often it is looked who is gone.
const LOOK_EVERY_MS: Millis = 5_000;
/// A process that did not look for so long was away itself.
const AWAY_MS: Millis = 60_000;
/// Most that is done at once; the next time goes on.
const N_AT_ONCE: u64 = 100;

/// What this process knows of who is here.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<Watching>);

#[derive(Debug, Default)]
struct Watching {
    /// Since when this process has been at its clock and its data.
    since: Option<Millis>,
    looked_at: Millis,
    noted: HashMap<AgentId, Millis>,
}

impl Watch {
    fn lock(&self) -> MutexGuard<'_, Watching> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backoffice {
    /// Desks of these agents are connected to this process now. Call it about once a second; it is
    /// written down much less often.
    ///
    /// # Errors
    /// When the store fails.
    pub fn note_desks(&self, agents: &[AgentId], now: Millis) -> Result<(), WireError> {
        let due: Vec<AgentId> = {
            let watching = self.watch.lock();
            let is_due = |agent: &&AgentId| {
                let noted = watching.noted.get(*agent);
                noted.is_none_or(|at| !(0..NOTE_EVERY_MS).contains(&(now - at)))
            };
            agents.iter().filter(is_due).copied().collect()
        };
        if due.is_empty() {
            return Ok(());
        }
        let written = self.db.note_attendance(&due, now).map_err(Error::from);
        let mut watching = self.watch.lock();
        match written {
            Ok(()) => {
                watching
                    .noted
                    .extend(due.into_iter().map(|agent| (agent, now)));
                watching.noted.retain(|_, at| now - *at < AWAY_MS);
                Ok(())
            }
            Err(error) => {
                // Others could not be heard of either.
                watching.since = None;
                Err(error.into())
            }
        }
    }

    /// Takes the steps that are due. See the module.
    pub(super) fn follow_absence(&self, now: Millis) -> Result<(), Error> {
        let since = {
            let mut watching = self.watch.lock();
            let pause = now - watching.looked_at;
            if (0..LOOK_EVERY_MS).contains(&pause) {
                return Ok(());
            }
            if !(0..AWAY_MS).contains(&pause) {
                watching.since = None;
            }
            watching.looked_at = now;
            *watching.since.get_or_insert(now)
        };
        let before = now - UNREACHABLE_MS;
        let (back, mut unheard, waiting) = self.read(|reader| {
            Ok((
                attendance::heard_again(reader, before, N_AT_ONCE)?,
                attendance::unheard(reader, before, N_AT_ONCE)?,
                conversation::of_absent(reader, now, N_AT_ONCE)?,
            ))
        })?;
        for agent in back {
            let came = self.act(|tx| come_back(tx, agent, now));
            passed_over("agent", agent, came)?;
        }
        if since > before {
            unheard.clear();
        }
        for agent in unheard {
            let went = self.act(|tx| go_offline(tx, agent, since, now));
            self.hint_contacts(passed_over("agent", agent, went)?.unwrap_or_default());
        }
        for id in waiting {
            let given = self.act(|tx| give_back(tx, id, now));
            self.hint_contacts(passed_over("conversation", id, given)?.unwrap_or_default());
        }
        Ok(())
    }
}

type Done = Acted<Result<Vec<ContactId>, Refused>>;

fn nothing() -> Done {
    Acted::nothing(Ok(Vec::new()))
}

/// Nothing was heard of the agent: they are offline since they were heard last.
fn go_offline(tx: &Tx<'_>, id: AgentId, since: Millis, now: Millis) -> Result<Done, Error> {
    let (Some(account), Some(known)) = (agent::by_id(tx, id)?, attendance::of(tx, id)?) else {
        return Ok(nothing());
    };
    let was = account.agent.presence;
    let last = known.seen_at.max(since);
    if was == Presence::Offline || last > now - UNREACHABLE_MS {
        return Ok(nothing());
    }
    agent::set_presence(tx, id, Presence::Offline, last)?;
    attendance::set_was(tx, id, Some(was))?;
    let contacts = withdraw(tx, id, now)?;
    let entry = audit::allowed(now, Actor::System, "presence.lose", audit::account(id));
    Ok(Acted::logged(Ok(contacts), entry))
}

/// The agent is heard of again: as before, unless they were gone for so long that work went back.
fn come_back(tx: &Tx<'_>, id: AgentId, now: Millis) -> Result<Done, Error> {
    let (Some(account), Some(known)) = (agent::by_id(tx, id)?, attendance::of(tx, id)?) else {
        return Ok(nothing());
    };
    let Some(was) = known.was else {
        return Ok(nothing());
    };
    attendance::set_was(tx, id, None)?;
    let mut bears = RETURN_AFTER_MS;
    for group in &account.agent.groups {
        let of_group = skill_group::by_id(tx, *group)?.and_then(|group| group.return_after_ms);
        bears = bears.min(of_group.unwrap_or(bears));
    }
    let since = agent::presence_at(tx, id)?.unwrap_or(now);
    let is_short = now - since < bears;
    if is_short && account.agent.presence == Presence::Offline {
        agent::set_presence(tx, id, was, now)?;
    }
    let entry = audit::allowed(now, Actor::System, "presence.find", audit::account(id));
    Ok(Acted::logged(Ok(Vec::new()), entry))
}

/// The customer has waited for somebody who is gone.
fn give_back(tx: &Tx<'_>, id: ConversationId, now: Millis) -> Result<Done, Error> {
    let Some(before) = conversation::by_id(tx, id)? else {
        return Ok(nothing());
    };
    let Some(holder) = before.assignee() else {
        return Ok(nothing());
    };
    let bears = skill_group::by_id(tx, before.group_id)?.and_then(|group| group.return_after_ms);
    let gone_since = agent::presence_at(tx, holder)?;
    let (Some(account), Some(bears), Some(since)) = (agent::by_id(tx, holder)?, bears, gone_since)
    else {
        return Ok(nothing());
    };
    if account.agent.presence != Presence::Offline || now - since < bears {
        return Ok(nothing());
    }
    let is_lost = attendance::of(tx, holder)?.is_some_and(|known| known.was.is_some());
    let reason = match is_lost {
        true => ReturnReason::Unreachable,
        false => ReturnReason::Offline,
    };
    let mut after = before.clone();
    if after.return_from_absent(reason, now).is_none() {
        return Ok(nothing());
    }
    let mut thread = Thread::resume(after);
    let agent = account.agent.display_name;
    thread.note_event(Event::Returned { agent, reason }, now)?;
    let saved = thread.save(tx)?;
    history::follow(tx, &before, &saved.conversation, now)?;
    let contacts = queue_contacts(tx, saved.conversation.group_id)?;
    let object = audit::conversation(id);
    let entry = audit::allowed(now, Actor::System, "conversation.return", object);
    Ok(Acted::logged(Ok(contacts), entry))
}

/// Gives a conversation that was set aside back to the queue when its agent is gone, so that somebody
/// else takes it up. The caller stores it.
pub(crate) fn back_if_gone(
    tx: &Tx<'_>,
    conversation: &mut Conversation,
    now: Millis,
) -> Result<(), Error> {
    let Some(holder) = conversation.assignee() else {
        return Ok(());
    };
    let is_there = agent::by_id(tx, holder)?.is_some_and(|account| {
        account.active
            && account.agent.presence != Presence::Offline
            && account.agent.groups.contains(&conversation.group_id)
    });
    if is_there {
        return Ok(());
    }
    let before = conversation.clone();
    if conversation.give_back(now) {
        history::follow(tx, &before, conversation, now)?;
    }
    Ok(())
}
