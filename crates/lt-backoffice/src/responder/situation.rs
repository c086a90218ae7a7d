//! What is waiting for an answer.

use lt_db::{
    DbError, Reader,
    table::{contact, conversation, message},
};
use lt_engine::{Role, Turn};
use lt_model::{
    contact::ValueTier,
    conversation::{Conversation, Status},
    id::ConversationId,
    message::Author,
};

use crate::texts;

/// Messages that are looked at; event lines count.
const N_MESSAGES: u64 = 14;

pub(super) struct Situation {
    pub(super) conversation: Conversation,
    /// What the customer wants: their last message, or the question they chose.
    pub(super) text: String,
    pub(super) tier: ValueTier,
    /// What was said before, oldest first.
    earlier: Vec<(Role, String)>,
}

impl Situation {
    /// None when it is not open or the last word is not the customer's.
    pub(super) fn read(reader: &Reader<'_>, id: ConversationId) -> Result<Option<Self>, DbError> {
        let Some(conversation) =
            conversation::by_id(reader, id)?.filter(|found| found.status == Status::Open)
        else {
            return Ok(None);
        };
        let contact = contact::by_id(reader, conversation.contact_id)?;
        let mut earlier: Vec<(Role, String)> = message::tail(reader, id, N_MESSAGES)?
            .into_iter()
            .filter_map(|stored| {
                let role = match stored.message.author {
                    Author::Customer => Role::Customer,
                    Author::Bot { .. } | Author::Agent { .. } => Role::Agent,
                    Author::System => return None,
                };
                stored.message.text().map(|text| (role, text.to_owned()))
            })
            .collect();
        let Some((Role::Customer, written)) = earlier.pop() else {
            return Ok(None);
        };
        let chosen = match earlier.last() {
            Some((Role::Agent, asked)) => texts::choice(asked, &written).map(str::to_owned),
            _ => None,
        };
        Ok(Some(Self {
            conversation,
            text: chosen.unwrap_or(written),
            tier: contact.map_or(ValueTier::Normal, |contact| contact.value_tier),
            earlier,
        }))
    }

    pub(super) fn turns(&self) -> Vec<Turn<'_>> {
        self.earlier
            .iter()
            .map(|(role, text)| Turn { role: *role, text })
            .collect()
    }
}
