//! Answering customers: what is waiting is read, the engine understands it outside of any
//! transaction, and its reply is written if nothing happened meanwhile.

mod ahead;

mod left;

mod live;

mod plan;

mod reply;

mod route;

mod situation;

use lt_db::{Acted, table::conversation};
use lt_model::{
    Millis,
    audit::Actor,
    conversation::{Handler, Status},
    id::ConversationId,
};

use crate::{audit, backoffice::Backoffice, error::Error};
use plan::{Plan, Understood, plan, plan_file, understand};
use situation::Situation;

pub(crate) use ahead::Ahead;
pub(crate) use route::queue_contacts;

/// How often the bot looks at a conversation that changes while it makes its answer.
const MAX_LOOKS: u32 = 5;

impl Backoffice {
    /// Answers the last message of a customer, or classifies it when a person is at it. What changes
    /// meanwhile is looked at again.
    pub(crate) fn respond(&self, id: ConversationId, now: Millis) -> Result<(), Error> {
        for _ in 0..MAX_LOOKS {
            if self.respond_once(id, now)? {
                break;
            }
        }
        // A conversation that changes faster than the bot thinks is found again in some seconds.
        Ok(())
    }

    /// Whether that is done; not so where the conversation is another one meanwhile.
    fn respond_once(&self, id: ConversationId, now: Millis) -> Result<bool, Error> {
        let Some(situation) = self.read(|reader| Situation::read(reader, id))? else {
            return Ok(true);
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
            _ if situation.is_file => Ok(true),
            // What was left out of hours grows richer too: whoever takes it finds all of it.
            Handler::Queue | Handler::Agent { .. } | Handler::None => {
                let conversation = &situation.conversation;
                if (conversation.bot_may_judge()
                    && understood.understanding.priority > conversation.priority)
                    || understood.slots != conversation.dialogue.slots
                {
                    self.note(&situation, &understood, now)?;
                }
                Ok(true)
            }
        }
    }

    /// Whether it is written, or nobody's any more who waits for the bot.
    fn write_reply(&self, situation: &Situation, plan: &Plan, now: Millis) -> Result<bool, Error> {
        let id = situation.conversation.id;
        let contacts = self.act(|tx| {
            let current = conversation::by_id(tx, id)?.filter(|current| {
                current.status == Status::Open && current.handler == Handler::Bot
            });
            let Some(current) = current else {
                // A person took it.
                return Ok(Acted::nothing(Ok(Some(Vec::new()))));
            };
            if current.seq != situation.conversation.seq {
                // The customer wrote more, or it has a line more: a colleague's note, a ticket's state.
                return Ok(Acted::nothing(Ok(None)));
            }
            let contacts = reply::write(tx, current, plan, now)?;
            let object = audit::conversation(id);
            let entry = audit::allowed(now, Actor::Bot, plan.action, object);
            Ok(Acted::logged(Ok(Some(contacts)), entry))
        })?;
        let Some(contacts) = contacts else {
            return Ok(false);
        };
        self.hint_contacts(contacts);
        if matches!(plan.reply, plan::Reply::HandOver(_)) {
            self.run_queues_soon(now);
        }
        Ok(true)
    }

    /// A person is at it or will be: the bot is silent, but what the customer writes may make it
    /// more urgent, where no person said how urgent it is, and may say what it is about.
    fn note(
        &self,
        situation: &Situation,
        understood: &Understood,
        now: Millis,
    ) -> Result<(), Error> {
        let id = situation.conversation.id;
        let contacts = self.act(|tx| {
            let current =
                conversation::by_id(tx, id)?.filter(|current| current.status == Status::Open);
            let Some(mut current) = current else {
                return Ok(Acted::nothing(Ok(Vec::new())));
            };
            // What was noted since is of a later message.
            let is_later = current.seq != situation.conversation.seq;
            let later = is_later.then(|| current.dialogue.slots.clone());
            let is_raised = understood.judge(&mut current, now);
            if let Some(later) = later {
                let slots = std::mem::take(&mut current.dialogue.slots);
                current.dialogue.slots = slots.merge(later);
            }
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
