//! What is waiting for an answer.

use lt_db::{
    DbError, Reader,
    table::{
        contact, conversation,
        message::{self, Stored},
    },
};
use lt_engine::{Role, Turn};
use lt_model::{
    contact::ValueTier,
    conversation::{Conversation, Status},
    id::{ConversationId, MessageId},
    message::Author,
};

/// Messages that are looked at; event lines count.
pub(super) const N_MESSAGES: u64 = 14;

pub(super) struct Situation {
    pub(super) conversation: Conversation,
    /// The customer's last message.
    pub(super) message: MessageId,
    /// What it says.
    pub(super) text: String,
    /// Whether that is a picture or file: the text is what the customer said before it then.
    pub(super) is_file: bool,
    pub(super) tier: ValueTier,
    /// What was said before, oldest first.
    earlier: Vec<Said>,
}

struct Said {
    message: MessageId,
    role: Role,
    text: String,
}

impl Situation {
    /// None when it is not open or the last word is not the customer's.
    pub(super) fn read(reader: &Reader<'_>, id: ConversationId) -> Result<Option<Self>, DbError> {
        let Some(conversation) =
            conversation::by_id(reader, id)?.filter(|found| found.status == Status::Open)
        else {
            return Ok(None);
        };
        let contact = contact::by_id(reader, conversation.person())?;
        let tail = message::tail(reader, id, N_MESSAGES)?;
        let newest = tail.iter().rfind(|stored| stored.message.is_said());
        let file = newest
            .map(|stored| &stored.message)
            .filter(|newest| newest.author == Author::Customer && newest.file().is_some());
        let file = file.map(|file| file.id);
        let mut earlier = said(&tail);
        if let Some(message) = file {
            let said = earlier.iter().rfind(|said| said.role == Role::Customer);
            return Ok(Some(Self {
                conversation,
                message,
                text: said.map(|said| said.text.clone()).unwrap_or_default(),
                is_file: true,
                tier: contact.map_or(ValueTier::Normal, |contact| contact.value_tier),
                earlier,
            }));
        }
        let Some(last) = earlier.pop().filter(|last| last.role == Role::Customer) else {
            return Ok(None);
        };
        Ok(Some(Self {
            conversation,
            message: last.message,
            text: last.text,
            is_file: false,
            tier: contact.map_or(ValueTier::Normal, |contact| contact.value_tier),
            earlier,
        }))
    }

    /// When the customer has written this after the last messages.
    pub(super) fn with(
        conversation: Conversation,
        tail: &[Stored],
        tier: ValueTier,
        (message, text): (MessageId, &str),
    ) -> Self {
        Self {
            conversation,
            message,
            text: text.to_owned(),
            is_file: false,
            tier,
            earlier: said(tail),
        }
    }

    pub(super) fn turns(&self) -> Vec<Turn<'_>> {
        self.earlier
            .iter()
            .map(|said| Turn {
                role: said.role,
                text: &said.text,
            })
            .collect()
    }

    /// The customer's earlier message that says this.
    pub(super) fn message_saying(&self, text: &str) -> Option<MessageId> {
        self.earlier
            .iter()
            .rfind(|said| said.role == Role::Customer && said.text == text)
            .map(|said| said.message)
    }
}

/// What people and the bot said, of messages in their order.
fn said(messages: &[Stored]) -> Vec<Said> {
    messages
        .iter()
        .filter_map(|stored| {
            let role = match stored.message.author {
                Author::Customer => Role::Customer,
                Author::Bot { .. } | Author::Agent { .. } => Role::Agent,
                Author::System => return None,
            };
            Some(Said {
                message: stored.message.id,
                role,
                text: stored.message.text()?.to_owned(),
            })
        })
        .collect()
}
