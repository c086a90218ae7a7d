//! Frames between a desktop and the server, one JSON object per WebSocket message.
//!
//! The server opens with [`ServerFrame::Challenge`]; the desktop answers [`ClientFrame::Hello`]
//! within five seconds with its token (in the frame, never in the URL) and a proof that it holds
//! the device key. Then the server sends [`ServerFrame::Batch`]es (consistent cuts of the streams
//! that the agent may see) and the desktop acknowledges each after its local commit. Operations go
//! up in [`ClientFrame::Push`] in ascending `n`; every one gets one [`ServerFrame::Result`], and a
//! repeated one gets the stored result.
//!
//! Credits: one batch is in flight at a time, of at most [`MAX_BATCH_ROWS`] rows and one frame; its
//! [`ClientFrame::Ack`] is the credit for the next. Up to [`MAX_PUSH_OPS`] operations are
//! unanswered.
//!
//! A stream of which the desktop has too little, or not what the server has, comes as a snapshot:
//! [`ServerFrame::MustSnapshot`], then the pages by HTTP (see [`crate::api::snapshot`]) beside the
//! session, then [`ClientFrame::Snapshotted`], and batches go on from there.
//!
//! The same frames travel over a WebSocket or, where proxies cut those, in the bodies of two HTTP
//! calls, see [`poll`].

use serde::{Deserialize, Serialize};

use lt_model::{
    Millis,
    agent::{Agent, Doing, SkillGroup},
    alert::{Alert, rule::AlertRule},
    canned::Canned,
    change::{EntityKind, StreamKind},
    contact::Contact,
    conversation::Conversation,
    engine::EngineSettings,
    faq::PublishedFaq,
    hours::BusinessHours,
    id::{AgentId, ConversationId, DeviceId, OpId, SessionId},
    inbox::Inbox,
    message::Message,
    properties::{Conflict, Field},
    quality::{
        form::QaForm,
        review::{QaCalibration, QaReview},
        sample::QaRule,
    },
    survey::Survey,
    ticket::{Ticket, TicketType},
    whisper::Whisper,
};

use crate::{code::Code, personal::AgentSettings};

/// Version of this protocol. A server refuses a desktop with another one by [`Code::UpgradeRequired`].
pub const PROTOCOL: u32 = 1;
/// Version of the rows and operations that this code writes.
pub const SCHEMA: u32 = 7;
/// Oldest version of a desktop that a server still reads.
pub const MIN_SCHEMA: u32 = 6;
/// Oldest version of a server that reads every operation of a desktop: an older one would close at
/// the first frame with one that it does not know, each time anew.
pub const MIN_SERVER_SCHEMA: u32 = 7;
/// Largest frame, in bytes.
pub const MAX_FRAME_BYTES: usize = 1024 * 1024;
/// Most operations in one push.
pub const MAX_PUSH_OPS: usize = 200;
/// Most streams in one hello.
pub const MAX_CURSORS: usize = 1_000;
/// Most rows in one batch.
pub const MAX_BATCH_ROWS: usize = 500;

/// Close codes of the WebSocket.
pub mod close {
    /// A frame that cannot be read.
    pub const BAD_FRAME: u16 = 4400;
    /// No valid session.
    pub const AUTH: u16 = 4401;
    /// The account may not sign in any more: the desktop ends its session too.
    pub const ENDED: u16 = 4403;
    /// An operation number was left out.
    pub const SEQUENCE: u16 = 4409;
    /// An operation number was used for another operation, as after an older image of the machine was
    /// put back: the desktop numbers all that waits anew.
    pub const NUMBER_USED: u16 = 4410;
    /// Another protocol version.
    pub const UPGRADE: u16 = 4426;
}

/// From the desktop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// First frame.
    Hello(Hello),
    /// The batch is committed here; the next may come.
    Ack {
        /// Its id.
        batch: u64,
    },
    /// Operations, in ascending `n` without gaps.
    Push {
        /// They; at most [`MAX_PUSH_OPS`].
        ops: Vec<Op>,
    },
    /// The agent is typing.
    Typing {
        /// Where.
        conversation_id: ConversationId,
    },
    /// The agent looks at a conversation, writes in it, or has left it; told to colleagues.
    Watching {
        /// Where.
        conversation_id: ConversationId,
        /// What.
        doing: Doing,
    },
    /// The rows of a stream here are not those of the server, by their checksum: it is to be told
    /// anew. The answer is [`ServerFrame::MustSnapshot`].
    Resync {
        /// Which.
        stream: u64,
    },
    /// The snapshot of a stream is committed here; batches may go on after it.
    Snapshotted {
        /// Which.
        stream: u64,
        /// The change of the stream that it was of.
        at: u64,
    },
    /// Are you there.
    Ping,
}

/// The desktop's introduction.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// [`PROTOCOL`].
    pub proto: u32,
    /// [`SCHEMA`] of the desktop.
    pub schema: u32,
    /// [`MIN_SERVER_SCHEMA`] of the desktop.
    pub min_schema: u32,
    /// Version of the app.
    pub app: String,
    /// The installation.
    pub device: DeviceId,
    /// Session token.
    pub token: String,
    /// Ed25519 signature of the device key over `nonce ‖ SHA-256(token)`, base64url.
    pub proof: String,
    /// What the desktop has of each stream.
    pub cursors: Vec<Cursor>,
    /// Generation of the server's data that the cursors belong to; empty on a new desktop.
    pub generation: String,
    /// The desktop's clock.
    pub now: Millis,
}

impl Hello {
    /// Whether both sides read what the other one writes.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.proto == PROTOCOL && self.min_schema <= SCHEMA && self.schema >= MIN_SCHEMA
    }
}

impl std::fmt::Debug for Hello {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hello")
            .field("proto", &self.proto)
            .field("schema", &self.schema)
            .field("app", &self.app)
            .field("device", &self.device)
            .field("cursors", &self.cursors)
            .finish_non_exhaustive()
    }
}

/// A place in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// Stream.
    pub stream: u64,
    /// Last change of it that is committed.
    pub seq: u64,
}

/// A stream that the agent may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamHead {
    /// Stream.
    pub stream: u64,
    /// What it is about.
    pub kind: StreamKind,
    /// Its last change.
    pub head: u64,
    /// Changes up to it may be gone: whoever has less takes a snapshot.
    #[serde(default)]
    pub floor: u64,
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// First frame: prove that you hold the device key.
    Challenge {
        /// 32 random bytes, base64url.
        nonce: String,
    },
    /// The session is open.
    Welcome {
        /// Session.
        session: SessionId,
        /// Who the agent is now.
        agent: Agent,
        /// The server's clock.
        server_now: Millis,
        /// Generation of the server's data: when it differs, the desktop drops its cache and
        /// cursors (never its outbox) and starts from zero.
        generation: String,
        /// Last `n` of this device that was answered.
        last_n: u64,
        /// Streams that the agent may see; what the desktop has of others it must drop.
        streams: Vec<StreamHead>,
    },
    /// A consistent cut of changes: applied in one local transaction.
    Batch {
        /// To acknowledge.
        batch: u64,
        /// The part of each stream in it.
        cuts: Vec<Cut>,
        /// The rows, in the order of their changes.
        rows: Vec<Row>,
        /// Checksums of the streams that stand at their heads after it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        chk: Vec<StreamSum>,
        /// Whether the desktop is in step with the server after it.
        last: bool,
    },
    /// Take a snapshot of a stream; batches leave it out until [`ClientFrame::Snapshotted`]. What the
    /// desktop has of it may be shown meanwhile.
    MustSnapshot {
        /// Which.
        stream: u64,
        /// The change up to which it goes. One that was begun earlier may be completed instead, of
        /// a change from the floor on.
        at: u64,
        /// Changes up to it are gone.
        floor: u64,
    },
    /// The data cannot be reached now. Nothing was answered that is not done: what was pushed and
    /// not answered stays in the outbox. The session goes on.
    Slow {
        /// When the server tries again, in milliseconds.
        retry_after_ms: u64,
    },
    /// What became of one operation.
    Result {
        /// Its number.
        n: u64,
        /// Its id.
        op_id: OpId,
        /// What became of it.
        outcome: OpOutcome,
    },
    /// The customer is typing.
    Typing {
        /// Where.
        conversation_id: ConversationId,
    },
    /// A colleague looks at a conversation, writes in it, or has left it; forget it after a while.
    Colleague {
        /// Where.
        conversation_id: ConversationId,
        /// Who.
        agent: AgentId,
        /// What.
        doing: Doing,
    },
    /// I am here.
    Pong,
    /// The server goes away; come back after about so long.
    Bye {
        /// Wait, in milliseconds.
        retry_after_ms: u64,
    },
    /// The desktop did something wrong; the socket closes after it.
    Error {
        /// What.
        code: Code,
    },
}

/// Part of a stream in a batch: `from..=to`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Stream.
    pub stream: u64,
    /// First change; the desktop's cursor + 1.
    pub from: u64,
    /// Last change.
    pub to: u64,
}

/// Checksum of a stream: the wrapping sum of [`row_checksum`] over its live rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamSum {
    /// Stream.
    pub stream: u64,
    /// The sum.
    pub chk: u64,
}

/// What a row adds to the checksum of its stream: the first eight bytes, the highest first, of
/// SHA-256 over its kind, its id as text and its revision, with a zero byte between them.
#[must_use]
pub fn row_checksum(kind: EntityKind, id: &str, rev: u64) -> u64 {
    let kind = match kind {
        EntityKind::Agent => "agent",
        EntityKind::Group => "group",
        EntityKind::Contact => "contact",
        EntityKind::Conversation => "conversation",
        EntityKind::Message => "message",
        EntityKind::Faq => "faq",
        EntityKind::EngineSettings => "engine_settings",
        EntityKind::Ticket => "ticket",
        EntityKind::TicketType => "ticket_type",
        EntityKind::BusinessHours => "business_hours",
        EntityKind::Canned => "canned",
        EntityKind::Whisper => "whisper",
        EntityKind::Inbox => "inbox",
        EntityKind::AgentSettings => "agent_settings",
        EntityKind::AlertRule => "alert_rule",
        EntityKind::Alert => "alert",
        EntityKind::Survey => "survey",
        EntityKind::QaForm => "qa_form",
        EntityKind::QaRule => "qa_rule",
        EntityKind::QaReview => "qa_review",
        EntityKind::QaCalibration => "qa_calibration",
    };
    let hash = lt_seal::sha256(format!("{kind}\0{id}\0{rev}").as_bytes());
    hash.iter()
        .take(8)
        .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// One change of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Stream.
    pub stream: u64,
    /// Position in the stream.
    pub seq: u64,
    /// Revision of the row after the change.
    pub rev: u64,
    /// What became of it.
    pub change: RowChange,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every change puts a row: a box would be one more allocation for each"
)]
pub enum RowChange {
    /// It is now this.
    Put {
        /// The row.
        entity: Entity,
    },
    /// It is no more in this stream.
    Del {
        /// Kind of the row.
        entity: EntityKind,
        /// Its id, as text.
        id: String,
    },
}

/// A row that travels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "e", content = "v", rename_all = "snake_case")]
pub enum Entity {
    /// An agent.
    Agent(Agent),
    /// A skill group.
    Group(SkillGroup),
    /// A customer.
    Contact(Box<Contact>),
    /// A conversation.
    Conversation(Box<Conversation>),
    /// A message.
    Message(Message),
    /// Knowledge.
    Faq(PublishedFaq),
    /// A version of the engine's settings.
    EngineSettings(Box<EngineSettings>),
    /// A ticket.
    Ticket(Box<Ticket>),
    /// A type of tickets.
    TicketType(Box<TicketType>),
    /// A calendar of business hours.
    BusinessHours(Box<BusinessHours>),
    /// A canned reply or macro.
    Canned(Box<Canned>),
    /// A word between a lead and an agent.
    Whisper(Box<Whisper>),
    /// A source of messages.
    Inbox(Box<Inbox>),
    /// What an agent set for themselves.
    AgentSettings(Box<AgentSettings>),
    /// A condition that is watched.
    AlertRule(Box<AlertRule>),
    /// One firing of one.
    Alert(Box<Alert>),
    /// A question for a mark, and the answer.
    Survey(Box<Survey>),
    /// A scoring form.
    QaForm(Box<QaForm>),
    /// A sampling rule.
    QaRule(Box<QaRule>),
    /// A review of a conversation.
    QaReview(Box<QaReview>),
    /// What further reviewers found.
    QaCalibration(Box<QaCalibration>),
}

impl Entity {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EntityKind {
        match self {
            Self::Agent(_) => EntityKind::Agent,
            Self::Group(_) => EntityKind::Group,
            Self::Contact(_) => EntityKind::Contact,
            Self::Conversation(_) => EntityKind::Conversation,
            Self::Message(_) => EntityKind::Message,
            Self::Faq(_) => EntityKind::Faq,
            Self::EngineSettings(_) => EntityKind::EngineSettings,
            Self::Ticket(_) => EntityKind::Ticket,
            Self::TicketType(_) => EntityKind::TicketType,
            Self::BusinessHours(_) => EntityKind::BusinessHours,
            Self::Canned(_) => EntityKind::Canned,
            Self::Whisper(_) => EntityKind::Whisper,
            Self::Inbox(_) => EntityKind::Inbox,
            Self::AgentSettings(_) => EntityKind::AgentSettings,
            Self::AlertRule(_) => EntityKind::AlertRule,
            Self::Alert(_) => EntityKind::Alert,
            Self::Survey(_) => EntityKind::Survey,
            Self::QaForm(_) => EntityKind::QaForm,
            Self::QaRule(_) => EntityKind::QaRule,
            Self::QaReview(_) => EntityKind::QaReview,
            Self::QaCalibration(_) => EntityKind::QaCalibration,
        }
    }

    /// Its id, as text.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Agent(agent) => agent.id.to_string(),
            Self::Group(group) => group.id.to_string(),
            Self::Contact(contact) => contact.id.to_string(),
            Self::Conversation(conversation) => conversation.id.to_string(),
            Self::Message(message) => message.id.to_string(),
            Self::Faq(faq) => faq.id.clone(),
            Self::EngineSettings(settings) => settings.version.to_string(),
            Self::Ticket(ticket) => ticket.id.to_string(),
            Self::TicketType(kind) => kind.id.to_string(),
            Self::BusinessHours(hours) => hours.id.to_string(),
            Self::Canned(canned) => canned.id.to_string(),
            Self::Whisper(whisper) => whisper.id.to_string(),
            Self::Inbox(inbox) => inbox.id.to_string(),
            Self::AgentSettings(settings) => settings.id.to_string(),
            Self::AlertRule(rule) => rule.id.to_string(),
            Self::Alert(alert) => alert.id.to_string(),
            Self::Survey(survey) => survey.id.to_string(),
            Self::QaForm(form) => form.id.to_string(),
            Self::QaRule(rule) => rule.id.to_string(),
            Self::QaReview(review) => review.id.to_string(),
            Self::QaCalibration(calibration) => calibration.id.to_string(),
        }
    }
}

/// A command of a desktop, stored there in the same transaction as its effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Op {
    /// Number on this device, from 1 without gaps.
    pub n: u64,
    /// Its id: the same operation sent twice is applied once.
    pub id: OpId,
    /// When it was made, by the desktop's clock; for display only.
    pub at: Millis,
    /// An earlier one of the same desktop that it makes sense after only: when that one was
    /// refused, so is this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<OpId>,
    /// What it does.
    pub action: Action,
}

/// What became of an operation. Refusals are final; where trying again helps, the server does not
/// answer but closes the socket, and the operation stays in the outbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum OpOutcome {
    /// It is done and durable. Its rows come by the feed.
    Done {
        /// When the server did it.
        at: Millis,
    },
    /// Some fields of an edit are done and durable, others were changed by somebody else meanwhile
    /// and stay as they are: the author decides.
    Partial {
        /// When the server did it.
        at: Millis,
        /// Fields that are now as wanted.
        applied: Vec<Field>,
        /// The others, each with all three values.
        conflicts: Vec<Conflict>,
    },
    /// It was not done.
    Refused {
        /// Why.
        code: Code,
    },
}

mod action;

mod read;

mod shape;

pub mod poll;

pub use action::{Action, Composed};
pub use read::read_client_frame;

#[cfg(test)]
mod tests;
