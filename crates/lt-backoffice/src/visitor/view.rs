//! What the chat page shows.

use lt_db::{
    Reader,
    table::{
        agent, conversation,
        message::{self, Stored},
    },
};
use lt_model::{
    conversation::{Conversation, Handler},
    dialogue::Asked,
    id::ContactId,
    message::{Author, Content, Delivery},
    queue,
};
use lt_protocol::{
    code::WireError,
    widget::{WidgetAuthor, WidgetHandler, WidgetMessage},
};

use super::Visitor;
use crate::{backoffice::Backoffice, error::Error, texts};

/// Most messages at once; a page asks again with the last `seq` it got.
pub const MAX_MESSAGES: u64 = 500;

/// Who is at it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitorState {
    /// Who answers.
    pub handler: WidgetHandler,
    /// Place in the queue, from 1, while the customer waits for a person.
    pub queue_position: Option<u32>,
    /// The last message of the customer that was read by whoever answers, by its place in the
    /// whole history.
    pub read_seq: u64,
    /// What the bot asks the customer to choose from; empty when it waits for nothing.
    pub choices: Vec<String>,
}

impl Backoffice {
    /// The history after a place in it, oldest first, at most [`MAX_MESSAGES`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn visitor_messages(
        &self,
        visitor: &Visitor,
        after_seq: u64,
    ) -> Result<Vec<WidgetMessage>, WireError> {
        Ok(self.db.read(|reader| {
            let read_seq = read_seq(reader, visitor.contact_id)?;
            let stored =
                message::of_contact_after(reader, visitor.contact_id, after_seq, MAX_MESSAGES)?;
            Ok::<_, Error>(
                stored
                    .into_iter()
                    .filter_map(|stored| show(stored, read_seq))
                    .collect(),
            )
        })?)
    }

    /// Who answers the customer now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn visitor_state(&self, visitor: &Visitor) -> Result<VisitorState, WireError> {
        Ok(self.db.read(|reader| state(reader, visitor))?)
    }
}

fn state(reader: &Reader<'_>, visitor: &Visitor) -> Result<VisitorState, Error> {
    let newest = conversation::newest(reader, visitor.contact_id, visitor.inbox_id)?;
    let Some(newest) = newest else {
        return Ok(VisitorState {
            handler: WidgetHandler::None,
            queue_position: None,
            read_seq: 0,
            choices: Vec::new(),
        });
    };
    let handler = match newest.handler {
        Handler::Bot => WidgetHandler::Bot,
        Handler::Queue => WidgetHandler::Queue,
        Handler::Agent { agent } => WidgetHandler::Agent {
            name: agent::by_id(reader, agent)?
                .map_or_else(String::new, |account| account.agent.display_name),
        },
        Handler::None => WidgetHandler::None,
    };
    let queue_position = match newest.handler {
        Handler::Queue => {
            let waiting = conversation::waiting(reader, newest.group_id)?;
            u32::try_from(queue::position(&newest, &waiting)).ok()
        }
        Handler::Bot | Handler::Agent { .. } | Handler::None => None,
    };
    Ok(VisitorState {
        choices: choices(&newest),
        handler,
        queue_position,
        read_seq: read_seq(reader, visitor.contact_id)?,
    })
}

/// Only the bot asks, and only while it is its turn no more.
fn choices(conversation: &Conversation) -> Vec<String> {
    match &conversation.dialogue.asked {
        Some(Asked::Choice { choices, .. })
            if conversation.handler == Handler::Bot && conversation.waiting_since.is_none() =>
        {
            choices
                .iter()
                .map(|choice| choice.question.clone())
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The customer's last message that somebody has read or answered, over all conversations.
fn read_seq(reader: &Reader<'_>, contact: ContactId) -> Result<u64, Error> {
    for conversation in conversation::of_contact(reader, contact)?.iter().rev() {
        let seq = answered_up_to(reader, conversation)?;
        let found = message::customer_seq_up_to(reader, conversation.id, seq)?;
        if found > 0 {
            return Ok(found);
        }
    }
    Ok(0)
}

fn answered_up_to(reader: &Reader<'_>, conversation: &Conversation) -> Result<u64, Error> {
    let answered = message::last_outgoing_seq(reader, conversation.id)?;
    Ok(answered.max(conversation.agent_read_seq))
}

/// None for what the customer does not see.
fn show(stored: Stored, read_seq: u64) -> Option<WidgetMessage> {
    let message = stored.message;
    let text = match &message.content {
        Content::Text { text } => text.clone(),
        Content::Event(event) => texts::event(event)?,
    };
    let mut shown = WidgetMessage {
        id: message.id,
        seq: stored.contact_seq,
        author: WidgetAuthor::System,
        name: String::new(),
        text,
        source: String::new(),
        delivery: message.delivery,
        at: message.at,
    };
    match message.author {
        Author::Customer => {
            shown.author = WidgetAuthor::Me;
            if stored.contact_seq <= read_seq {
                shown.delivery = Delivery::Read;
            }
        }
        Author::Bot { source } => {
            shown.author = WidgetAuthor::Bot;
            if let Some(source) = source {
                shown.source = format!("{}@{}", source.faq_id, source.version);
            }
        }
        Author::Agent { name, .. } => {
            shown.author = WidgetAuthor::Agent;
            shown.name = name;
        }
        Author::System => {}
    }
    Some(shown)
}
