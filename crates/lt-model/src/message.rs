//! Messages (消息): immutable utterances and events in a conversation.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    attachment::Attachment,
    faq::FaqSource,
    id::{AgentId, ConversationId, MessageId, TicketId},
    priority::Priority,
    routing::ReturnReason,
    sla::SlaMetric,
};

/// Longest text of one message, in bytes of UTF-8. Longer ones are refused, never cut.
pub const MAX_TEXT_BYTES: usize = 20_000;

/// Within this time an agent may take back what they wrote.
pub const RECALL_WINDOW_MS: Millis = 2 * 60_000;

/// Most colleagues that one note names.
pub const MAX_MENTIONS: usize = 20;

/// Who wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Author {
    /// The customer.
    Customer,
    /// The engine (智能客服), with the entry that it answered from; none for fixed service texts.
    Bot {
        /// The FAQ entry behind the reply.
        source: Option<FaqSource>,
    },
    /// An agent; the suggestion that was used is kept for learning.
    Agent {
        /// Who.
        agent: AgentId,
        /// Name as the customer saw it.
        name: String,
        /// The suggestion that the text came from.
        source: Option<FaqSource>,
    },
    /// The desk itself: an event line.
    System,
}

/// What it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Plain text, rendered as text.
    Text {
        /// At most [`MAX_TEXT_BYTES`].
        text: String,
    },
    /// Plain text that answers one message.
    Reply {
        /// At most [`MAX_TEXT_BYTES`].
        text: String,
        /// The message, of the same conversation.
        to: MessageId,
    },
    /// A note of an agent to colleagues (内部备注). No customer ever sees it.
    Note {
        /// At most [`MAX_TEXT_BYTES`].
        text: String,
        /// Colleagues who are told of it.
        mentions: Vec<AgentId>,
    },
    /// A picture or file. Words to it are a message of their own.
    File {
        /// It.
        file: Attachment,
    },
    /// Something that happened.
    Event(Event),
}

/// What happened in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Handed over to a skill group.
    HandedOver {
        /// Name of the group.
        group: String,
        /// Why.
        reason: HandoverReason,
    },
    /// An agent took it.
    Claimed {
        /// Who.
        agent: String,
    },
    /// Left out of hours: it waits until somebody is there.
    LeftMessage {
        /// Name of the group.
        group: String,
        /// When somebody will be there; none when that is not known.
        #[ts(type = "number | null")]
        opens_at: Option<Millis>,
    },
    /// Somebody is there: it waits in the queue now.
    Drained,
    /// An agent did not take what was offered.
    NotTaken {
        /// Who.
        agent: String,
        /// Whether they said so; the time went by else.
        declined: bool,
    },
    /// Given to another group or to a colleague.
    Transferred {
        /// Who gave it.
        agent: String,
        /// Name of the group or of the colleague.
        to: String,
        /// What the next one should know; empty when nothing was said.
        note: String,
    },
    /// A supervisor took it.
    TakenOver {
        /// Who.
        agent: String,
        /// Who had it; empty when nobody had.
        from: String,
    },
    /// Its agent was gone while the customer waited: it went back to the queue.
    Returned {
        /// Who had it.
        agent: String,
        /// Why.
        reason: ReturnReason,
    },
    /// Whoever gave it away took it back.
    TakenBack {
        /// Who.
        agent: String,
    },
    /// Set aside.
    Snoozed {
        /// Who.
        agent: String,
        /// Until then.
        #[ts(type = "number")]
        until: Millis,
    },
    /// No more set aside.
    Woken,
    /// Marked resolved.
    Resolved {
        /// Who; empty when it was the bot.
        agent: String,
    },
    /// The customer wrote again within the reopen window.
    Reopened,
    /// Whoever marked it resolved took that back at once.
    ResolveUndone {
        /// Who.
        agent: String,
    },
    /// A person set another priority.
    Prioritised {
        /// Who.
        agent: String,
        /// What it is now.
        to: Priority,
    },
    /// An agent took back what they had written.
    Recalled {
        /// Who.
        agent: String,
    },
    /// A person set another category.
    Categorised {
        /// Who.
        agent: String,
        /// What it is now; empty when it was taken away.
        to: String,
    },
    /// A ticket of the conversation came further. No customer ever sees it.
    Ticket {
        /// Which.
        id: TicketId,
        /// Its short number.
        #[ts(type = "number")]
        number: u64,
        /// Who did it; empty when it was the clock.
        agent: String,
        /// What.
        what: TicketMilestone,
    },
    /// The customer was asked for a mark, or gave one; the last one given counts.
    Survey {
        /// From 1 to [`crate::survey::BEST`]; none: they were asked.
        score: Option<u8>,
        /// What they said to it; empty when they said nothing.
        comment: String,
    },
}

/// How far a ticket has come, as a conversation tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TicketMilestone {
    /// 已建单.
    Filed,
    /// 已转部门.
    Transferred {
        /// Name of the department.
        to: String,
    },
    /// 已退回.
    Returned {
        /// Name of the department.
        to: String,
    },
    /// 已撤回转交.
    TakenBack {
        /// Name of the department that has it again.
        to: String,
    },
    /// 待客户: it waits for what the customer does.
    WaitsForCustomer,
    /// 搁置.
    OnHold {
        /// Until when, where that is known.
        #[ts(type = "number | null")]
        until: Option<Millis>,
    },
    /// 已超时.
    Late {
        /// Which promise.
        metric: SlaMetric,
    },
    /// 已解决.
    Resolved,
    /// 重新处理.
    Reopened,
    /// 已关闭.
    Closed,
    /// 已合并.
    MergedInto {
        /// Number of the ticket that goes on.
        #[ts(type = "number")]
        number: u64,
    },
    /// 已取消.
    Cancelled,
}

/// Why the bot gave a conversation to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HandoverReason {
    /// Asked for a person.
    Asked,
    /// Angry, or a matter for a person.
    NeedsPerson,
    /// The engine was not sure enough.
    Unsure,
    /// Nothing in the knowledge fits.
    NoAnswer,
}

/// How far a message has come (送达状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// 待发送: on this desktop only.
    Pending,
    /// 已发送: accepted by the server.
    Sent,
    /// 已送达: on the customer's screen.
    Delivered,
    /// 已读.
    Read,
    /// 未发出: refused for good; the text is kept.
    Failed,
    /// 已撤回: taken back by its author; the customer's page does not show it.
    Recalled,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id, made by whoever wrote it.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Position in the conversation, from 1, given by the server; 0 while pending.
    pub seq: u64,
    /// Who wrote it.
    pub author: Author,
    /// What it says.
    pub content: Content,
    /// How far it has come.
    pub delivery: Delivery,
    /// When the server took it; when composed, while pending.
    pub at: Millis,
}

impl Message {
    /// What was said between customer and shop, if it is that. A note is not.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text { text } | Content::Reply { text, .. } => Some(text),
            Content::Note { .. } | Content::File { .. } | Content::Event(_) => None,
        }
    }

    /// The picture or file that it is.
    #[must_use]
    pub fn file(&self) -> Option<&Attachment> {
        match &self.content {
            Content::File { file } => Some(file),
            Content::Text { .. }
            | Content::Reply { .. }
            | Content::Note { .. }
            | Content::Event(_) => None,
        }
    }

    /// Whether customer and shop say something to each other by it, in words or by a file.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.text().is_some() || self.file().is_some()
    }

    /// What somebody wrote, to whomever.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match &self.content {
            Content::Text { text } | Content::Reply { text, .. } | Content::Note { text, .. } => {
                Some(text)
            }
            Content::File { .. } | Content::Event(_) => None,
        }
    }

    /// Whether it is a note to colleagues.
    #[must_use]
    pub fn is_note(&self) -> bool {
        matches!(self.content, Content::Note { .. })
    }

    /// The agent who wrote it, if one did.
    #[must_use]
    pub fn written_by(&self) -> Option<AgentId> {
        match &self.author {
            Author::Agent { agent, .. } => Some(*agent),
            Author::Customer | Author::Bot { .. } | Author::System => None,
        }
    }

    /// The message that it answers, where it names one.
    #[must_use]
    pub fn answers(&self) -> Option<MessageId> {
        match &self.content {
            Content::Reply { to, .. } => Some(*to),
            Content::Text { .. }
            | Content::Note { .. }
            | Content::File { .. }
            | Content::Event(_) => None,
        }
    }
}

/// Why a text cannot be a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("the message is empty")]
    Empty,
    /// Longer than [`MAX_TEXT_BYTES`].
    #[error("the message has {bytes} bytes, {MAX_TEXT_BYTES} are allowed")]
    TooLong {
        /// Its length in bytes of UTF-8.
        bytes: usize,
    },
}

/// Checks a text that somebody wants to send. Control characters other than line break and tab
/// are dropped; anything else stays as written.
///
/// # Errors
/// When the text is empty or too long.
pub fn check_text(text: &str) -> Result<String, TextError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(TextError::TooLong { bytes: text.len() });
    }
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    if clean.chars().all(|c| c.is_whitespace() || is_unseen(c)) {
        Err(TextError::Empty)
    } else {
        Ok(clean)
    }
}

/// Characters of no width: a text of these alone shows nothing. Inside a text they stay, since some
/// scripts and emoji are joined by them.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_bounded_and_cleaned() {
        assert_eq!(check_text("  \n"), Err(TextError::Empty));
        assert_eq!(
            check_text("\u{200b} \u{feff}\u{202e}\u{0}"),
            Err(TextError::Empty)
        );
        assert_eq!(
            check_text("a\u{200d}b"),
            Ok("a\u{200d}b".to_owned()),
            "joined signs stay joined"
        );
        assert_eq!(check_text("a\u{0}b\nc"), Ok("ab\nc".to_owned()));
        assert!(check_text(&"字".repeat(6_666)).is_ok());
        assert_eq!(
            check_text(&"字".repeat(6_667)),
            Err(TextError::TooLong { bytes: 20_001 })
        );
    }
}
