//! What a window shows. Texts and names in here are masked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    file::FileView,
    live::{SuperviseView, WhisperView},
    properties::{ConflictView, PropertiesView, StoppedView},
    routing::{HoursNow, RoutingView, StandingOffer},
    survey::SurveyView,
    teamwork::{NoteView, QuoteView, SavedView},
};
use lt_model::{
    Millis,
    agent::{Presence, Role},
    attachment::FileKind,
    contact::{ChannelKind, ValueTier},
    conversation::Status,
    faq::FaqSource,
    id::{AgentId, ContactId, ConversationId, MessageId, OpId, TicketId},
    message::{Delivery, Event},
    priority::{Priority, Reason},
    properties::Field,
    slot::SlotKind,
    ticket::TicketState,
};

/// Version and platform of this installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppInfo {
    /// Version of the product.
    pub version: String,
    /// `linux`, `macos` or `windows`.
    pub platform: String,
}

/// Where the session stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum SessionView {
    /// Nobody has signed in on this device. A passphrase is asked for where there is no keychain.
    Fresh {
        /// Whether the OS keychain can keep the key.
        keychain: bool,
    },
    /// There is a store, and it is not open.
    Locked {
        /// Whose.
        account: String,
        /// Whether a passphrase opens it.
        by_passphrase: bool,
        /// The server, as shown, whose share opens it for the account's password; none without such a
        /// slot.
        by_server: Option<String>,
    },
    /// There is an open store without a session: the password is asked for.
    SignedOut {
        /// Server, as shown.
        server: String,
        /// Whose.
        account: String,
    },
    /// The desk has been without the server for too long: it shows nothing until the server is
    /// there again, which it tries by itself.
    LeaseEnded {
        /// Server, as shown.
        server: String,
        /// Whose.
        account: String,
        /// When the server was there last.
        reached_at: Millis,
    },
    /// The desk is open, online or not.
    Ready {
        /// Who.
        me: Me,
        /// Server, as shown.
        server: String,
    },
}

/// The agent at this desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Me {
    /// Id.
    pub id: AgentId,
    /// Login name.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// Role.
    pub role: Role,
    /// Names of the skill groups.
    pub groups: Vec<String>,
    /// Presence.
    pub presence: Presence,
    /// Conversations held now.
    pub load: u32,
    /// Conversations held at most.
    pub capacity: u32,
}

/// The connection strip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectionView {
    /// Where it stands.
    pub state: ConnectionState,
    /// Operations that wait to be sent.
    pub pending: u32,
    /// Operations that were refused and wait for the agent.
    pub refused: u32,
    /// Fields in conflict that wait for the agent.
    pub conflicts: u32,
    /// Since when it stands so.
    pub since: Millis,
    /// When everything was last in step with the server.
    pub synced_at: Option<Millis>,
    /// How far a first fetch is, while there is one.
    pub fetching: Option<FetchView>,
    /// By how much the server's clock is ahead of this device's, ms, where that is worth a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub skew_ms: Option<Millis>,
    /// Whether the account may not sign in any more: only an administrator changes that.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub account_ended: bool,
}

/// How far a first fetch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FetchView {
    /// Rows that are here.
    pub done: u32,
    /// Rows that there are; 0 before that is known.
    pub total: u32,
}

/// Whether the server is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// 在线.
    Online,
    /// 同步中: connected, catching up.
    Syncing,
    /// 离线.
    Offline,
    /// The server speaks a newer protocol: update.
    UpgradeRequired,
    /// The session ended on the server: sign in again; the cache stays readable.
    SignedOut,
}

/// Parts of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InboxScope {
    /// 我的.
    Mine,
    /// 排队.
    Queue,
    /// 全部.
    All,
    /// 已挂起.
    Snoozed,
    /// 已解决: as long as the customer's next message opens it again.
    Resolved,
}

/// Orders of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InboxSort {
    /// Who waits longest first; then what was written last.
    Waiting,
    /// Highest priority first, then who waits longest.
    Priority,
}

/// A window of one scope of the inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct InboxPage {
    /// Rows before it.
    pub offset: u32,
    /// Its rows, in order.
    pub rows: Vec<ConversationRow>,
    /// How many rows the whole list has.
    pub total: u32,
    /// How many there are in each scope.
    pub counts: InboxCounts,
}

/// Conversations by scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxCounts {
    /// 我的.
    pub mine: u32,
    /// 排队.
    pub queue: u32,
    /// 全部: open ones.
    pub all: u32,
    /// 已挂起.
    pub snoozed: u32,
    /// 已解决.
    pub resolved: u32,
    /// Unread messages in mine.
    pub unread: u32,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConversationRow {
    /// Id.
    pub id: ConversationId,
    /// `C-10293`.
    pub number: String,
    /// Masked name; empty when the customer gave none.
    pub name: String,
    /// Channel.
    pub channel: ChannelKind,
    /// Status.
    pub status: Status,
    /// Who is at it.
    pub handler: HandlerView,
    /// Priority.
    pub priority: Priority,
    /// Category; empty while unknown.
    pub category: String,
    /// Last message, one masked line.
    pub last_text: String,
    /// What the last message is, where it is a file; its name is in `last_text` then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub last_file: Option<FileKind>,
    /// Who wrote it.
    pub last_author: AuthorKind,
    /// When.
    pub last_at: Millis,
    /// Since when the customer waits; none when it is their turn.
    pub waiting_since: Option<Millis>,
    /// Until when the first reply is due; none when nothing is due.
    pub due_at: Option<Millis>,
    /// Messages not yet read by the agent.
    pub unread: u32,
    /// Whether something of this desk waits to be sent here.
    pub pending: bool,
    /// Whether a field of it is in conflict.
    pub conflict: bool,
    /// 标签, masked.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub tags: Vec<String>,
    /// Notes that name the agent and were not looked at.
    #[serde(default)]
    #[ts(as = "Option<u32>", optional)]
    pub mentions: u32,
    /// To whom it is offered at this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub offer: Option<StandingOffer>,
    /// When it wakes, while it is snoozed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub snoozed_until: Option<Millis>,
}

/// Who is at a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HandlerView {
    /// 智能客服.
    Bot,
    /// It waits.
    Queue,
    /// This agent.
    Me,
    /// A colleague.
    Colleague {
        /// Name.
        name: String,
    },
    /// Nobody.
    None,
}

/// Kinds of authors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The customer.
    Customer,
    /// 智能客服.
    Bot,
    /// This agent.
    Me,
    /// A colleague.
    Colleague,
    /// An event.
    System,
}

/// A conversation, open on the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConversationView {
    /// What the list shows of it.
    pub row: ConversationRow,
    /// The customer.
    pub contact: ContactView,
    /// The latest messages, oldest first, then what waits to be sent.
    pub messages: Vec<MessageView>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// The last `seq` that the desk knows.
    pub last_seq: u64,
    /// Skill group.
    pub group: String,
    /// What was being written.
    pub draft: String,
    /// What was being written of a note.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub note_draft: String,
    /// Whether the agent may write here, and why not.
    pub reply: ReplyState,
    /// Who has it and why, and what may be done about that.
    pub routing: RoutingView,
    /// The hours of its channel; none where there is no calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hours: Option<HoursNow>,
    /// What the bot found out and tried.
    pub context: ContextView,
    /// What agents keep about it.
    pub properties: PropertiesView,
    /// Replies that were refused since messages came in that their writer had not seen.
    pub stopped: Vec<StoppedView>,
    /// What was whispered here, as far as this agent hears it, oldest first.
    #[serde(default)]
    #[ts(as = "Option<Vec<WhisperView>>", optional)]
    pub whispers: Vec<WhisperView>,
    /// What was being written of a whisper.
    #[serde(default)]
    #[ts(as = "Option<String>", optional)]
    pub whisper_draft: String,
    /// Whether the agent looks on as a lead, and may whisper.
    #[serde(default)]
    #[ts(as = "Option<SuperviseView>", optional)]
    pub supervise: SuperviseView,
    /// What the customer said of it; none while they were not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub survey: Option<SurveyView>,
}

/// What the bot found out and tried before a person came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ContextView {
    /// What the conversation is about, masked.
    pub slots: Vec<SlotView>,
    /// What it tried, oldest first.
    pub tried: Vec<TriedView>,
    /// Turns in a row in which it found no answer.
    pub failed_turns: u32,
}

/// A value that the customer gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlotView {
    /// Which.
    pub slot: SlotKind,
    /// It, as a person reads it.
    pub text: String,
}

/// What the bot tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TriedView {
    /// Gave the answer to a question.
    Answered {
        /// The standard question.
        question: String,
        /// Whether it held the state of things at that moment.
        live: bool,
    },
    /// Asked which of these is meant.
    Offered {
        /// Standard questions.
        questions: Vec<String>,
    },
    /// Asked for a value.
    AskedFor {
        /// Which.
        slot: SlotKind,
    },
    /// Asked to say it in other words.
    AskedAgain,
}

/// Whether the agent may write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReplyState {
    /// Yes.
    Allowed,
    /// Yes; the first reply takes the conversation.
    Claims,
    /// A colleague has it.
    HeldBy {
        /// Name.
        name: String,
    },
    /// It is resolved or closed.
    Ended,
}

/// Some messages of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConversationPage {
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// Whether there are still older ones.
    pub has_older: bool,
    /// Whether there are still newer ones that the server has sent.
    pub has_newer: bool,
}

/// The customer, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactView {
    /// Id.
    pub id: ContactId,
    /// Masked name; empty when unknown.
    pub name: String,
    /// Value to the shop.
    pub value_tier: ValueTier,
    /// First seen.
    pub since: Millis,
    /// Conversations so far, this one included, as far as this desk knows.
    pub conversations: u32,
}

/// A message, masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MessageView {
    /// Id.
    pub id: MessageId,
    /// Position; 0 while pending.
    pub seq: u64,
    /// Who.
    pub author: AuthorKind,
    /// Name of a colleague; empty otherwise.
    pub author_name: String,
    /// Masked text; empty for events.
    pub text: String,
    /// Masked spans in `text`, as `[start, end)` in UTF-16 units, so that the window can mark them.
    pub masked: Vec<Range>,
    /// The event, if it is one.
    pub event: Option<Event>,
    /// The knowledge that it came from.
    pub source: Option<FaqSource>,
    /// What it says besides its text, if it is a note to colleagues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<NoteView>,
    /// The message that it answers, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quote: Option<QuoteView>,
    /// The picture or file that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<FileView>,
    /// Until when the agent may take it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub recall_until: Option<Millis>,
    /// How far it has come.
    pub delivery: Delivery,
    /// Operation that carries it, while pending or refused.
    pub op_id: Option<OpId>,
    /// Why it was refused.
    pub refused: Option<crate::code::Code>,
    /// When.
    pub at: Millis,
}

/// A range of a text in UTF-16 units, end exclusive, as JavaScript counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Range {
    /// First unit.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// The assist pane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AssistView {
    /// For which message: the customer's last that asks more than for a person, the last where none
    /// does; 0 when there is none.
    pub for_seq: u64,
    /// At most five, best first; empty is an honest 没有可靠答案.
    pub suggestions: Vec<Suggestion>,
    /// Intent: the standard question nearest; empty while unknown.
    pub intent: String,
    /// Confidence of the intent.
    pub intent_confidence: f32,
    /// Category.
    pub category: String,
    /// Priority.
    pub priority: Priority,
    /// Why.
    pub reasons: Vec<Reason>,
    /// How long ranking took, in microseconds.
    pub took_us: u32,
}

/// A ranked answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Suggestion {
    /// Entry.
    pub faq_id: String,
    /// Version.
    pub version: u32,
    /// Standard question.
    pub question: String,
    /// Where in it the customer's words are.
    pub question_marks: Vec<Range>,
    /// Answer.
    pub answer: String,
    /// Where in it the customer's words are.
    pub answer_marks: Vec<Range>,
    /// Category.
    pub category: String,
    /// Business line.
    pub business_line: String,
    /// 0 to 1.
    pub confidence: f32,
}

/// Something that waits to be sent, or was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxItem {
    /// Operation.
    pub op_id: OpId,
    /// What it does, such as `message.send`.
    pub kind: String,
    /// To which conversation, if to one.
    pub conversation_id: Option<ConversationId>,
    /// Number of the conversation or of the ticket; empty where there is none, or none is known.
    pub number: String,
    /// Masked name of the customer; empty where there is none.
    pub name: String,
    /// First line of the text, masked; empty where there is none.
    pub text: String,
    /// What an edit is about.
    pub fields: Vec<Field>,
    /// The last `seq` that the writer of a reply had seen; 0 for anything else.
    pub seen_seq: u64,
    /// Since when.
    pub at: Millis,
    /// Why it was refused; none while it waits.
    pub refused: Option<crate::code::Code>,
}

/// What waits to be sent, or was refused, oldest first; and what is in conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxView {
    /// What waits or was refused.
    pub items: Vec<OutboxItem>,
    /// Fields in conflict, oldest first.
    pub conflicts: Vec<ConflictView>,
    /// How often a part of what is here was not what the server has, and was fetched again by itself.
    pub healed: u32,
}

/// Knowledge that a search found, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FaqHits {
    /// It.
    pub items: Vec<Suggestion>,
}

/// What a search found, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchHits {
    /// It.
    pub items: Vec<SearchHit>,
}

/// One thing that a search found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SearchHit {
    /// A message.
    Message {
        /// Conversation.
        conversation_id: ConversationId,
        /// Its number.
        number: String,
        /// Position in it.
        seq: u64,
        /// Masked name of the customer.
        name: String,
        /// By which channel.
        channel: ChannelKind,
        /// Who wrote it.
        author: AuthorKind,
        /// Whether it is a note to colleagues.
        note: bool,
        /// Masked line around the hit.
        text: String,
        /// Where in `text`.
        marks: Vec<Range>,
        /// When.
        at: Millis,
    },
    /// A conversation, by its number.
    Conversation {
        /// Which.
        conversation_id: ConversationId,
        /// Its number.
        number: String,
        /// Masked name of the customer.
        name: String,
        /// By which channel.
        channel: ChannelKind,
        /// What was said last, one masked line.
        text: String,
        /// When.
        at: Millis,
    },
    /// A customer.
    Contact {
        /// The customer's latest conversation.
        conversation_id: ConversationId,
        /// Its number.
        number: String,
        /// Masked name.
        name: String,
        /// Value to the shop.
        value_tier: ValueTier,
        /// When anything was last said.
        at: Millis,
    },
    /// A ticket.
    Ticket {
        /// Which.
        ticket_id: TicketId,
        /// Its number; empty until the server has it.
        number: String,
        /// Masked title.
        title: String,
        /// Where it stands.
        state: TicketState,
        /// Name of the department that has it.
        department: String,
        /// Masked name of the customer; empty when unknown.
        name: String,
        /// Masked line around the hit.
        text: String,
        /// Where in `text`.
        marks: Vec<Range>,
        /// When anything last happened to it.
        at: Millis,
    },
    /// Knowledge.
    Faq(Suggestion),
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Language of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Locale {
    /// 简体中文.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Settings of this installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Light or dark.
    pub theme: Theme,
    /// Language.
    pub locale: Locale,
    /// Whether notifications are shown.
    pub notifications: Toggle,
    /// Whether a notification shows what the customer wrote (masked); off by default.
    pub notification_content: NotificationContent,
    /// Whether a lead's alerts come up in their small window.
    #[serde(default)]
    #[ts(as = "Option<Toggle>", optional)]
    pub alert_window: Toggle,
    /// After how many minutes without a key or the mouse the desk locks; 0 for never. It needs a
    /// passphrase.
    #[serde(default)]
    #[ts(as = "Option<u32>", optional)]
    pub idle_lock_minutes: u32,
    /// Keys that the agent changed, by the name of the action: as `mod+shift+k`, empty for none.
    #[serde(default)]
    #[ts(as = "Option<BTreeMap<String, String>>", optional)]
    pub keys: BTreeMap<String, String>,
    /// Views of the inbox that the agent saved, in their order.
    #[serde(default)]
    #[ts(as = "Option<Vec<SavedView>>", optional)]
    pub views: Vec<SavedView>,
}

/// On or off; on by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Toggle {
    /// On.
    #[default]
    On,
    /// Off.
    Off,
}

/// What a notification says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotificationContent {
    /// That somebody wrote, and nothing else.
    #[default]
    Hidden,
    /// The masked first line.
    Masked,
}
