//! What the chat page shows.

use lt_db::{
    Reader,
    table::{
        agent, conversation,
        message::{self, Stored},
    },
};
use lt_model::{
    Millis,
    conversation::{Conversation, Handler},
    dialogue::Asked,
    id::{ContactId, MessageId},
    message::{Author, Content, Delivery, Message},
};
use lt_protocol::{
    code::WireError,
    widget::{WidgetAuthor, WidgetHandler, WidgetMessage, WidgetSurvey},
};

use super::Visitor;
use crate::{
    backoffice::Backoffice,
    error::Error,
    routing::{
        Places,
        hours::{self, Hours},
        told_wait,
    },
    survey, texts,
};

/// Most messages at once; a page asks again with the last `seq` it got.
pub const MAX_MESSAGES: u64 = 500;
/// Messages that were taken back and a page is told of: it has them in front of it no longer.
const MAX_RECALLED: u64 = 50;
/// So many characters of a quoted message are shown.
const QUOTE_CHARS: usize = 60;

/// Who is at it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitorState {
    /// Who answers.
    pub handler: WidgetHandler,
    /// Place in the queue, from 1, while the customer waits for a person.
    pub queue_position: Option<u32>,
    /// About how long that will take, in whole minutes; none when nobody knows.
    pub wait_ms: Option<Millis>,
    /// The last message of the customer that was read by whoever answers, by its place in the
    /// whole history.
    pub read_seq: u64,
    /// What the bot asks the customer to choose from; empty when it waits for nothing.
    pub choices: Vec<String>,
    /// What was taken back.
    pub recalled: Vec<MessageId>,
    /// What the customer is asked for about the conversation that ended.
    pub survey: Option<WidgetSurvey>,
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
            let (mut shown, mut after) = (Vec::new(), after_seq);
            // A page of nothing but notes is not the end.
            while shown.is_empty() {
                let stored =
                    message::of_contact_after(reader, visitor.contact_id, after, MAX_MESSAGES)?;
                let Some(last) = stored.last() else { break };
                after = last.contact_seq;
                for stored in stored {
                    let quote = quoted(reader, &stored.message)?;
                    shown.extend(show(stored, read_seq, quote));
                }
            }
            Ok::<_, Error>(shown)
        })?)
    }

    /// Who answers the customer now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn visitor_state(&self, visitor: &Visitor, now: Millis) -> Result<VisitorState, WireError> {
        let places = &self.places;
        Ok(self.db.read(|reader| state(reader, places, visitor, now))?)
    }
}

fn state(
    reader: &Reader<'_>,
    places: &Places,
    visitor: &Visitor,
    now: Millis,
) -> Result<VisitorState, Error> {
    let newest = conversation::newest(reader, visitor.contact_id, visitor.inbox_id)?;
    let Some(newest) = newest else {
        return Ok(VisitorState {
            handler: WidgetHandler::None,
            queue_position: None,
            wait_ms: None,
            read_seq: 0,
            choices: Vec::new(),
            recalled: Vec::new(),
            survey: None,
        });
    };
    let handler = match newest.handler {
        Handler::Bot => WidgetHandler::Bot,
        Handler::Queue => WidgetHandler::Queue,
        Handler::Agent { agent } => WidgetHandler::Agent {
            name: agent::by_id(reader, agent)?
                .map_or_else(String::new, |account| account.agent.display_name),
        },
        Handler::None if newest.routing.left_message => WidgetHandler::LeftMessage {
            opens_at: match hours::now(reader, newest.inbox_id, now)? {
                Hours::Closed { opens_at, .. } => opens_at,
                Hours::Open => None,
            },
        },
        Handler::None => WidgetHandler::None,
    };
    let queue_position = match newest.handler {
        Handler::Queue => Some(places.of(reader, &newest)?),
        Handler::Bot | Handler::Agent { .. } | Handler::None => None,
    };
    let wait_ms = match queue_position {
        Some(position) => told_wait(reader, newest.group_id, position, now)?,
        None => None,
    };
    Ok(VisitorState {
        choices: choices(&newest),
        survey: survey::of_page(reader, &newest, now)?,
        recalled: message::recalled(reader, visitor.contact_id, MAX_RECALLED)?,
        handler,
        queue_position,
        wait_ms,
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

/// The beginning of the message that one answers; empty where it answers none, or that was taken
/// back.
fn quoted(reader: &Reader<'_>, answer: &Message) -> Result<String, Error> {
    let Some(to) = answer.answers() else {
        return Ok(String::new());
    };
    let found = message::by_id(reader, to)?.map(|stored| stored.message);
    let found = found.filter(|quoted| quoted.delivery != Delivery::Recalled);
    let text = found.as_ref().and_then(Message::text).unwrap_or_default();
    let mut short: String = text.chars().take(QUOTE_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    Ok(short)
}

/// None for what the customer does not see.
fn show(stored: Stored, read_seq: u64, quote: String) -> Option<WidgetMessage> {
    let message = stored.message;
    if message.delivery == Delivery::Recalled {
        return None;
    }
    let text = match &message.content {
        Content::Text { text } | Content::Reply { text, .. } => text.clone(),
        Content::File { .. } => String::new(),
        Content::Note { .. } => return None,
        Content::Event(event) => texts::event(event)?,
    };
    let mut shown = WidgetMessage {
        id: message.id,
        seq: stored.contact_seq,
        author: WidgetAuthor::System,
        name: String::new(),
        text,
        source: String::new(),
        quote,
        file: message.file().cloned(),
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
