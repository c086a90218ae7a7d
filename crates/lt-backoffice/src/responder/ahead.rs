//! A customer's message is understood before it is stored where a person is at the conversation or
//! will be: then one act stores both. Whatever goes wrong here is put right after it.

use lt_db::table::{conversation, message::Stored};
use lt_model::{
    Millis,
    conversation::{Conversation, Handler, Status},
    id::MessageId,
};

use super::{
    plan::{Understood, understand},
    situation::{N_MESSAGES, Situation},
};
use crate::{backoffice::Backoffice, error::Error, visitor::Visitor};

/// What was there before a message, and what the message means there.
pub(crate) struct Ahead {
    conversation: Conversation,
    /// The last messages, oldest first.
    pub(crate) tail: Vec<Stored>,
    /// None where the bot answers: it understands what is stored.
    understood: Option<Understood>,
}

impl Ahead {
    /// Whether the conversation is still the one that was looked at.
    pub(crate) fn holds(&self, now: &Conversation) -> bool {
        now.id == self.conversation.id && now.seq == self.conversation.seq
    }

    /// Applies what the message means. None: that has to be found out once the message is stored.
    /// Otherwise whether the conversation became more urgent.
    pub(crate) fn judge(&self, conversation: &mut Conversation, now: Millis) -> Option<bool> {
        let is_theirs = conversation.handler != Handler::Bot;
        let understood = self.understood.as_ref().filter(|_| is_theirs)?;
        Some(understood.judge(conversation, now))
    }
}

impl Understood {
    /// What a message says goes into its conversation; it may become more urgent, where no person said
    /// how urgent it is. Whether it did.
    pub(super) fn judge(&self, conversation: &mut Conversation, now: Millis) -> bool {
        let before = conversation.priority;
        if self.understanding.priority > before {
            conversation.bot_judges(
                self.understanding.priority,
                &self.understanding.reasons,
                now,
            );
        }
        conversation.dialogue.slots = self.slots.clone();
        conversation.priority > before
    }
}

impl Backoffice {
    /// Looks at what a message will be written to. None where nothing is open, or on any trouble.
    pub(crate) fn look_ahead(
        &self,
        visitor: &Visitor,
        id: MessageId,
        text: &str,
        now: Millis,
    ) -> Option<Ahead> {
        let found = self.db.glance(|reader| {
            let (contact, inbox) = (visitor.contact_id, visitor.inbox_id);
            let newest = conversation::newest_with_tail(reader, contact, inbox, N_MESSAGES)?;
            Ok::<_, Error>(newest.filter(|(newest, _, _)| newest.status == Status::Open))
        });
        let (conversation, person, tail) = found.ok().flatten()?;
        let person = match conversation.handler {
            Handler::Bot => None,
            Handler::Queue | Handler::Agent { .. } | Handler::None => Some(person),
        };
        let understood = person.map(|person| {
            let situation =
                Situation::with(conversation.clone(), &tail, person.value_tier, (id, text));
            understand(&situation, &self.engine.load_full(), now)
        });
        Some(Ahead {
            conversation,
            tail,
            understood,
        })
    }
}
