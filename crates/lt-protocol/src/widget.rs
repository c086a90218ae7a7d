//! Between the chat page in a customer's browser and the server.
//!
//! `POST /widget/v1/session` answers a [`VisitorSession`]; the page keeps its token and opens
//! `/widget/v1/ws`, whose first message is [`ClientEvent::Hello`]. A page without WebSocket posts
//! [`ClientEvent`]s to `/widget/v1/post` and reads `/widget/v1/events?after=…` (long poll).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    attachment::Attachment,
    id::{AttachmentId, MessageId, SurveyId},
    message::Delivery,
};

use crate::code::Code;

/// Largest event from a page, in bytes.
pub const MAX_EVENT_BYTES: usize = 32 * 1024;

/// `POST /widget/v1/session`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// Key of the inbox, from the page's tag.
    pub inbox: String,
    /// Token of an earlier session in this browser.
    pub token: Option<String>,
    /// Name that the customer or the page gives; empty when unknown.
    #[serde(default)]
    pub name: String,
    /// What else the shop's page says of the customer.
    #[serde(default)]
    pub known: Known,
}

/// What a shop's page says of the customer who is signed in there. It is not verified: agents are told
/// who it might be, and nothing else follows from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Known {
    /// Phone number; empty when unknown.
    pub phone: String,
    /// E-mail address; empty when unknown.
    pub email: String,
    /// Member number (会员号); empty when unknown.
    pub member: String,
}

/// Answer to [`SessionRequest`].
#[derive(Clone, Serialize, Deserialize)]
pub struct VisitorSession {
    /// Opaque token; the same as given, where that is still good.
    pub token: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Greeting line.
    pub greeting: String,
}

/// From the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
#[ts(rename = "WidgetClientEvent")]
pub enum ClientEvent {
    /// First message of a socket.
    Hello {
        /// Visitor token.
        token: String,
        /// The last `seq` that the page has; history after it follows.
        after: u64,
    },
    /// The customer sends a message.
    Send {
        /// Made by the page, so that a repeated send is stored once.
        id: MessageId,
        /// Text.
        text: String,
    },
    /// The customer sends a picture or file that was uploaded before.
    SendFile {
        /// Made by the page, likewise.
        id: MessageId,
        /// Which.
        file: AttachmentId,
    },
    /// The customer marks a conversation, or changes the mark while that is possible.
    Rate {
        /// Which survey.
        survey: SurveyId,
        /// From 1 to 5.
        score: u8,
        /// What they say to it; may be empty.
        comment: String,
    },
    /// The customer does not want to be asked again.
    OptOut {
        /// The survey that it was said at.
        survey: SurveyId,
    },
    /// The customer is typing.
    Typing,
    /// The customer has seen messages up to a `seq`.
    Read {
        /// Up to it.
        seq: u64,
    },
    /// Are you there.
    Ping,
}

/// To the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "t", rename_all = "snake_case")]
#[ts(rename = "WidgetServerEvent")]
pub enum ServerEvent {
    /// Messages the page does not have, oldest first; also new states of ones it has.
    Messages {
        /// They.
        items: Vec<WidgetMessage>,
    },
    /// Who is at it now.
    State {
        /// Who answers.
        handler: WidgetHandler,
        /// Place in the queue, from 1, while it waits for a person.
        queue_position: Option<u32>,
        /// About how long that will take, in whole minutes; none when nobody knows.
        #[serde(default)]
        wait_ms: Option<Millis>,
        /// The last message of the customer that was read by whoever answers.
        read_seq: u64,
        /// What the bot asks the customer to choose from, as buttons; sending one of the texts
        /// chooses it. Empty when nothing is asked.
        #[serde(default)]
        choices: Vec<String>,
        /// Messages that were taken back: they leave the page.
        #[serde(default)]
        recalled: Vec<MessageId>,
        /// What the customer is asked for, or answered, about the conversation that ended.
        #[serde(default)]
        survey: Option<WidgetSurvey>,
    },
    /// The agent is typing; forget it after six seconds.
    Typing,
    /// A send was refused.
    Refused {
        /// Which message.
        id: MessageId,
        /// Why.
        code: Code,
    },
    /// A mark was not taken.
    SurveyRefused {
        /// Which survey.
        survey: SurveyId,
        /// Why.
        code: Code,
    },
    /// The socket closes after it.
    Error {
        /// Why.
        code: Code,
    },
    /// I am here.
    Pong,
}

/// A question for a mark on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WidgetSurvey {
    /// Which.
    pub id: SurveyId,
    /// The shop's wording in Chinese; empty for the standard one.
    pub question: String,
    /// The same in English.
    pub question_en: String,
    /// Whether the customer was reminded of it.
    pub is_reminded: bool,
    /// The mark that was given.
    pub score: Option<u8>,
    /// What was said to it.
    pub comment: String,
    /// Until when the mark may be changed; none before there is one.
    pub changeable_until: Option<Millis>,
}

/// Who answers the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WidgetHandler {
    /// 智能客服.
    Bot,
    /// The customer waits for a person.
    Queue,
    /// A person.
    Agent {
        /// Shown name.
        name: String,
    },
    /// 留言: nobody is there now; it is answered later.
    LeftMessage {
        /// When somebody will be there; none when that is not known.
        opens_at: Option<Millis>,
    },
    /// Nobody: nothing was asked yet, or it is resolved.
    None,
}

/// Who wrote, as the page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WidgetAuthor {
    /// This customer.
    Me,
    /// 智能客服: always labelled.
    Bot,
    /// A person.
    Agent,
    /// An event line.
    System,
}

/// A message on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WidgetMessage {
    /// Id.
    pub id: MessageId,
    /// Position over the whole history with this customer, from 1.
    pub seq: u64,
    /// Who.
    pub author: WidgetAuthor,
    /// Name of the agent; empty otherwise.
    pub name: String,
    /// Text; for event lines the text in Chinese.
    pub text: String,
    /// The FAQ entry behind a bot's reply, as `id@version`; empty otherwise.
    pub source: String,
    /// The beginning of the message that it answers; empty where it names none.
    #[serde(default)]
    pub quote: String,
    /// The picture or file that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<Attachment>,
    /// How far it has come.
    pub delivery: Delivery,
    /// When.
    pub at: Millis,
}
