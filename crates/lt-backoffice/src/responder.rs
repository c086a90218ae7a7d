//! Answering customers: what is waiting is read, the engine understands it outside of any
//! transaction, and its reply is written if nothing happened meanwhile.

mod ahead;

mod live;

mod plan;

mod reply;

mod route;

mod situation;

use lt_db::{
    Acted,
    table::{conversation, inbox},
};
use lt_model::{
    Millis,
    audit::Actor,
    conversation::{Handler, Status},
    id::ConversationId,
};
use lt_protocol::code::WireError;

use crate::{audit, backoffice::Backoffice, error::Error};
use plan::{Plan, Understood, plan, plan_file, understand};
use situation::Situation;

pub(crate) use ahead::Ahead;
pub(crate) use route::queue_contacts;

impl Backoffice {
    /// Answers all customers that the bot still owes an answer, as after a restart. Returns how
    /// many conversations it looked at.
    ///
    /// # Errors
    /// When the store fails.
    pub fn resume(&self, now: Millis) -> Result<usize, WireError> {
        self.announce_inboxes(now)?;
        let waiting = self.read(conversation::unanswered_by_bot)?;
        for id in &waiting {
            self.respond(*id, now)?;
        }
        Ok(waiting.len())
    }

    /// Tells desktops of sources of messages that are from before they were told of any.
    fn announce_inboxes(&self, now: Millis) -> Result<(), Error> {
        for id in self.read(inbox::not_announced)? {
            self.act(|tx| {
                if !inbox::not_announced(tx)?.contains(&id) {
                    return Ok(Acted::nothing(Ok(())));
                }
                inbox::announce(tx, id)?;
                let object = audit::object("inbox", id);
                let entry = audit::allowed(now, Actor::System, "inbox.announce", object);
                Ok(Acted::logged(Ok(()), entry))
            })?;
        }
        Ok(())
    }

    /// Answers the last message of a customer, or classifies it when a person is at it.
    pub(crate) fn respond(&self, id: ConversationId, now: Millis) -> Result<(), Error> {
        let Some(situation) = self.read(|reader| Situation::read(reader, id))? else {
            return Ok(());
        };
        let engine = self.engine.load_full();
        let understood = understand(&situation, &engine, now);
        match situation.conversation.handler {
            Handler::Bot => {
                // Other systems are asked here, outside of any transaction.
                let connectors = self.config.connectors.as_deref();
                let plan = match situation.is_file {
                    true => plan_file(&situation, understood),
                    false => plan(&situation, understood, &engine, connectors),
                };
                self.write_reply(&situation, &plan, now)
            }
            // Nothing is understood of a picture or file.
            _ if situation.is_file => Ok(()),
            // What was left out of hours grows richer too: whoever takes it finds all of it.
            Handler::Queue | Handler::Agent { .. } | Handler::None => {
                let conversation = &situation.conversation;
                if (conversation.bot_may_judge()
                    && understood.understanding.priority > conversation.priority)
                    || understood.slots != conversation.dialogue.slots
                {
                    self.note(id, &understood, now)?;
                }
                Ok(())
            }
        }
    }

    fn write_reply(&self, situation: &Situation, plan: &Plan, now: Millis) -> Result<(), Error> {
        let id = situation.conversation.id;
        let contacts = self.act(|tx| {
            let current = conversation::by_id(tx, id)?.filter(|current| {
                current.seq == situation.conversation.seq
                    && current.status == Status::Open
                    && current.handler == Handler::Bot
            });
            let Some(current) = current else {
                // The customer wrote more, or a person took it: whoever did that goes on from there.
                return Ok(Acted::nothing(Ok(Vec::new())));
            };
            let contacts = reply::write(tx, current, plan, now)?;
            let object = audit::conversation(id);
            let entry = audit::allowed(now, Actor::Bot, plan.action, object);
            Ok(Acted::logged(Ok(contacts), entry))
        })?;
        self.hint_contacts(contacts);
        if matches!(plan.reply, plan::Reply::HandOver(_)) {
            self.run_queues_soon(now);
        }
        Ok(())
    }

    /// A person is at it or will be: the bot is silent, but what the customer writes may make it
    /// more urgent, where no person said how urgent it is, and may say what it is about.
    fn note(&self, id: ConversationId, understood: &Understood, now: Millis) -> Result<(), Error> {
        let contacts = self.act(|tx| {
            let current =
                conversation::by_id(tx, id)?.filter(|current| current.status == Status::Open);
            let Some(mut current) = current else {
                return Ok(Acted::nothing(Ok(Vec::new())));
            };
            let is_raised = understood.judge(&mut current, now);
            conversation::update(tx, &current)?;
            let contacts = match current.handler {
                Handler::Queue if is_raised => queue_contacts(tx, current.group_id)?,
                _ => Vec::new(),
            };
            let action = if is_raised {
                "conversation.raise"
            } else {
                "conversation.note"
            };
            let entry = audit::allowed(now, Actor::Bot, action, audit::conversation(id));
            Ok(Acted::logged(Ok(contacts), entry))
        })?;
        self.hint_contacts(contacts);
        Ok(())
    }
}
