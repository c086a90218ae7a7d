//! Answering customers: what is waiting is read, the engine understands it outside of any
//! transaction, and its reply is written if nothing happened meanwhile.

mod plan;

mod reply;

mod route;

mod situation;

use lt_db::{Acted, table::conversation};
use lt_engine::{Query, Understanding};
use lt_model::{
    Millis,
    audit::Actor,
    conversation::{Handler, Status},
    id::ConversationId,
};
use lt_protocol::code::WireError;

use crate::{audit, backoffice::Backoffice, error::Error};
use plan::{Reply, plan};
use situation::Situation;

pub(crate) use route::queue_contacts;

/// Turns without an answer after which the bot gives up and a person takes over.
pub const MAX_FAILED_TURNS: u32 = 3;

impl Backoffice {
    /// Answers all customers that the bot still owes an answer, as after a restart. Returns how
    /// many conversations it looked at.
    ///
    /// # Errors
    /// When the store fails.
    pub fn resume(&self, now: Millis) -> Result<usize, WireError> {
        let waiting = self.read(conversation::unanswered_by_bot)?;
        for id in &waiting {
            self.respond(*id, now)?;
        }
        Ok(waiting.len())
    }

    /// Answers the last message of a customer, or classifies it when a person is at it.
    pub(crate) fn respond(&self, id: ConversationId, now: Millis) -> Result<(), Error> {
        let Some(situation) = self.read(|reader| Situation::read(reader, id))? else {
            return Ok(());
        };
        let turns = situation.turns();
        let understanding = self.engine.load().understand(&Query {
            text: &situation.text,
            history: &turns,
            tier: situation.tier,
        });
        match situation.conversation.handler {
            Handler::Bot => {
                let reply = plan(&understanding, situation.conversation.failed_turns);
                self.write_reply(&situation, &understanding, &reply, now)
            }
            Handler::Queue | Handler::Agent { .. } => {
                if understanding.priority > situation.conversation.priority {
                    self.raise(id, &understanding, now)?;
                }
                Ok(())
            }
            Handler::None => Ok(()),
        }
    }

    fn write_reply(
        &self,
        situation: &Situation,
        understanding: &Understanding,
        reply: &Reply<'_>,
        now: Millis,
    ) -> Result<(), Error> {
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
            let contacts = reply::write(tx, current, understanding, reply, now)?;
            let object = audit::conversation(id);
            let entry = audit::allowed(now, Actor::Bot, reply.action(), object);
            Ok(Acted::logged(Ok(contacts), entry))
        })?;
        self.hint_contacts(contacts);
        Ok(())
    }

    /// A person is at it or will be: the bot is silent, but what the customer writes may make it
    /// more urgent.
    fn raise(
        &self,
        id: ConversationId,
        understanding: &Understanding,
        now: Millis,
    ) -> Result<(), Error> {
        let contacts = self.act(|tx| {
            let current = conversation::by_id(tx, id)?.filter(|current| {
                current.status == Status::Open && understanding.priority > current.priority
            });
            let Some(mut current) = current else {
                return Ok(Acted::nothing(Ok(Vec::new())));
            };
            current.priority = understanding.priority;
            current.reasons = understanding.reasons.clone();
            conversation::update(tx, &current)?;
            let contacts = match current.handler {
                Handler::Queue => queue_contacts(tx, current.group_id)?,
                Handler::Bot | Handler::Agent { .. } | Handler::None => Vec::new(),
            };
            let object = audit::conversation(id);
            let entry = audit::allowed(now, Actor::Bot, "conversation.raise", object);
            Ok(Acted::logged(Ok(contacts), entry))
        })?;
        self.hint_contacts(contacts);
        Ok(())
    }
}
