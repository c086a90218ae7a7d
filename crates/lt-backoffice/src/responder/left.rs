//! Customers whom the bot still owes an answer: after a restart, after a process that is gone, and
//! wherever something kept it from answering.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lt_db::{
    Acted,
    table::{conversation, inbox},
};
use lt_model::{
    Millis,
    audit::Actor,
    conversation::{Handler, Status},
    id::ConversationId,
    message::HandoverReason,
};
use lt_protocol::code::WireError;

use super::reply;
use crate::{audit, backoffice::Backoffice, error::Error, pass_over::passed_over, thread::Thread};

/// A customer that waits this long for the bot, ms, is waited for by nobody.
const LEFT_AFTER: Millis = 5_000;

impl Backoffice {
    /// Answers all customers that the bot still owes an answer, as after a restart. Returns how
    /// many conversations it looked at. One that cannot be answered keeps no other from its turn.
    ///
    /// # Errors
    /// When the store fails.
    pub fn resume(&self, now: Millis) -> Result<usize, WireError> {
        self.announce_inboxes(now)?;
        let waiting = self.read(conversation::unanswered_by_bot)?;
        Ok(self.answer_all(&waiting, now)?)
    }

    /// Answers customers who wait longer for the bot than it ever takes. Call it about once a second;
    /// several processes may. One read where nobody waits. Returns how many there were.
    ///
    /// # Errors
    /// When the store fails.
    pub fn answer_left(&self, now: Millis) -> Result<usize, WireError> {
        let since = now - LEFT_AFTER;
        let waiting = self.read(|reader| conversation::unanswered_by_bot_since(reader, since))?;
        Ok(self.answer_all(&waiting, now)?)
    }

    fn answer_all(&self, waiting: &[ConversationId], now: Millis) -> Result<usize, Error> {
        for id in waiting {
            let answered = self.answer_or_hand_over(*id, now);
            passed_over("waiting for the bot", id, answered)?;
        }
        Ok(waiting.len())
    }

    /// What the bot fails at is for a person: the customer does not wait for ever.
    fn answer_or_hand_over(&self, id: ConversationId, now: Millis) -> Result<(), Error> {
        let Ok(answered) = catch_unwind(AssertUnwindSafe(|| self.respond(id, now))) else {
            tracing::error!(%id, "the bot broke off");
            return self.give_up(id, now);
        };
        match passed_over("answer of the bot", id, answered)? {
            Some(()) => Ok(()),
            None => self.give_up(id, now),
        }
    }

    fn give_up(&self, id: ConversationId, now: Millis) -> Result<(), Error> {
        let contacts = self.act(|tx| {
            let current = conversation::by_id(tx, id)?.filter(|current| {
                current.status == Status::Open
                    && current.handler == Handler::Bot
                    && current.waiting_since.is_some()
            });
            let Some(current) = current else {
                return Ok(Acted::nothing(Ok(Vec::new())));
            };
            let thread = Thread::resume(current);
            let contacts = reply::hand_over(tx, thread, HandoverReason::NoAnswer, now)?;
            let object = audit::conversation(id);
            let entry = audit::allowed(now, Actor::Bot, "bot.give_up", object);
            Ok(Acted::logged(Ok(contacts), entry))
        })?;
        self.hint_contacts(contacts);
        self.run_queues_soon(now);
        Ok(())
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
}
