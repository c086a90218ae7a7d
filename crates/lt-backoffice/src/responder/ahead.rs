//! A customer's message is understood before it is stored where a person is at the conversation or
//! will be: then one act stores both. Whatever goes wrong here is put right after it.

use lt_db::table::conversation;
use lt_model::{
    Millis,
    conversation::{Conversation, Handler, Status},
    id::MessageId,
};

use super::{
    plan::{Understood, understand},
    situation::{N_MESSAGES, Situation},
};
use crate::{
    backoffice::Backoffice,
    error::Error,
    visitor::{Looked, Visitor},
};

/// What was there before a message, and what the message means there.
pub(crate) struct Ahead {
    pub(crate) looked: Looked,
    /// None where the bot answers: it understands what is stored.
    understood: Option<Understood>,
}

impl Ahead {
    /// Whether the conversation is still the one that was looked at.
    pub(crate) fn holds(&self, now: &Conversation) -> bool {
        let then = &self.looked.seen.conversation;
        now.id == then.id && now.seq == then.seq
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
    pub(crate) fn look_at_newest(&self, visitor: &Visitor) -> Option<Looked> {
        let found = self.db.glance(|reader| {
            let (contact, inbox) = (visitor.contact_id, visitor.inbox_id);
            Ok::<_, Error>(conversation::newest_with_tail(
                reader, contact, inbox, N_MESSAGES,
            )?)
        });
        let (seen, person, tail) = found.ok().flatten()?;
        let is_open = seen.conversation.status == Status::Open;
        is_open.then_some(Looked {
            seen,
            tier: person.value_tier,
            tail,
        })
    }

    /// What a message means there.
    pub(crate) fn understand_ahead(
        &self,
        looked: Looked,
        said: (MessageId, &str),
        now: Millis,
    ) -> Ahead {
        let conversation = &looked.seen.conversation;
        let understood = (conversation.handler != Handler::Bot).then(|| {
            let (conversation, tier) = (conversation.clone(), looked.tier);
            let situation = Situation::with(conversation, &looked.tail, tier, said);
            understand(&situation, &self.engine.load_full(), now)
        });
        Ahead { looked, understood }
    }
}

impl Looked {
    /// Goes on after a message: its last messages stay as many as are looked at. None where they were
    /// read before the conversation was, and one of them is missing.
    pub(crate) fn after(mut self, added: conversation::Added) -> Option<Self> {
        let last = self.tail.last().map_or(0, |stored| stored.message.seq);
        if last + 1 != added.stored.message.seq {
            return None;
        }
        let excess = (self.tail.len() + 1).saturating_sub(usize::try_from(N_MESSAGES).unwrap_or(0));
        self.tail.drain(..excess);
        self.tail.push(added.stored);
        self.seen = added.seen;
        Some(self)
    }
}
