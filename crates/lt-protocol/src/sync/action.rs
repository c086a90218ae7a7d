//! What a desktop asks for.

use serde::{Deserialize, Serialize};

use lt_model::{
    Millis,
    agent::Presence,
    alert::act::AlertAct,
    attachment::Attachment,
    canned::CannedEdit,
    contact::merge::ContactAct,
    engine::EngineDraft,
    faq::FaqSource,
    id::{AgentId, AlertId, AlertRuleId, CannedId, ContactId, ConversationId, MessageId, TicketId},
    learn::{LearnedRuling, Thumb},
    properties::Patch,
    quality::act::QaAct,
    routing::{Setting, TransferTo},
    ticket::{TicketType, act::TicketAct},
    whisper::WhisperDraft,
};

use crate::{alert::AlertRuleEdit, personal::PersonalEdit};

/// What an operation does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Writes to the customer.
    SendMessage {
        /// Where.
        conversation_id: ConversationId,
        /// Id of the message.
        message_id: MessageId,
        /// Text.
        text: String,
        /// The last `seq` that the writer had seen.
        seen_seq: u64,
        /// The suggestion it came from.
        source: Option<FaqSource>,
        /// The customer's message that it answers, where it came from a suggestion; the last one
        /// that the writer had seen without it.
        #[serde(default)]
        question: Option<MessageId>,
        /// How it was composed.
        #[serde(default, skip_serializing_if = "Composed::is_plain")]
        composed: Composed,
    },
    /// Sends the customer a picture or file that was uploaded before; see [`crate::api::file`].
    SendFile {
        /// Where.
        conversation_id: ConversationId,
        /// Id of the message.
        message_id: MessageId,
        /// It, as the desktop knows it. The server goes by what was uploaded under its id.
        file: Attachment,
        /// The last `seq` that the sender had seen.
        seen_seq: u64,
    },
    /// Writes a note to colleagues.
    AddNote {
        /// Where.
        conversation_id: ConversationId,
        /// Id of the note, as of a message.
        message_id: MessageId,
        /// Text.
        text: String,
        /// Colleagues who are to be told.
        mentions: Vec<AgentId>,
    },
    /// Whispers to the agent at a conversation; or the agent to their leads.
    Whisper {
        /// Where.
        conversation_id: ConversationId,
        /// It.
        whisper: WhisperDraft,
    },
    /// Says that two customers are one, or that they are not after all.
    Contact {
        /// The one who is merged, or split.
        contact_id: ContactId,
        /// What.
        act: ContactAct,
    },
    /// Takes back a message or a note that one wrote a moment ago.
    Recall {
        /// Where.
        conversation_id: ConversationId,
        /// Which.
        message_id: MessageId,
    },
    /// Makes or changes canned replies, all or none of these.
    SaveCanned {
        /// They.
        items: Vec<CannedEdit>,
    },
    /// Removes canned replies.
    RemoveCanned {
        /// Which.
        ids: Vec<CannedId>,
    },
    /// Does something with an alert.
    Alert {
        /// Which.
        alert_id: AlertId,
        /// What.
        act: AlertAct,
    },
    /// Makes or changes an alert rule.
    SaveAlertRule {
        /// How.
        edit: Box<AlertRuleEdit>,
    },
    /// Removes one.
    RemoveAlertRule {
        /// Which.
        rule_id: AlertRuleId,
    },
    /// Does something about quality.
    Quality {
        /// What.
        act: Box<QaAct>,
    },
    /// Takes a conversation.
    Claim {
        /// Which.
        conversation_id: ConversationId,
    },
    /// Does not take what is offered.
    Decline {
        /// Which.
        conversation_id: ConversationId,
    },
    /// Gives it to a group or to a colleague.
    Transfer {
        /// Which.
        conversation_id: ConversationId,
        /// To whom.
        to: TransferTo,
        /// What the next one should know; may be empty.
        note: String,
    },
    /// A supervisor takes it from whoever has it.
    TakeOver {
        /// Which.
        conversation_id: ConversationId,
    },
    /// Sets it aside until a time or the customer's next message.
    Snooze {
        /// Which.
        conversation_id: ConversationId,
        /// Until then.
        until: Millis,
    },
    /// Ends that.
    Wake {
        /// Which.
        conversation_id: ConversationId,
    },
    /// Opens a resolved one again, and has it.
    Reopen {
        /// Which.
        conversation_id: ConversationId,
    },
    /// Takes back what one gave to another group or agent, while nobody has it.
    TakeBack {
        /// Which.
        conversation_id: ConversationId,
    },
    /// Changes what one has set for oneself.
    EditPersonal {
        /// How.
        edits: Vec<PersonalEdit>,
    },
    /// Changes a setting of routing.
    Configure {
        /// It.
        setting: Setting,
    },
    /// Marks it resolved.
    Resolve {
        /// Which.
        conversation_id: ConversationId,
    },
    /// The agent has read up to a message.
    Read {
        /// Where.
        conversation_id: ConversationId,
        /// Up to this `seq`.
        seq: u64,
    },
    /// Sets the agent's presence.
    SetPresence {
        /// It.
        presence: Presence,
    },
    /// Edits the properties of a conversation. Where somebody else changed the same field
    /// meanwhile the outcome is [`super::OpOutcome::Partial`].
    PatchConversation {
        /// Which.
        conversation_id: ConversationId,
        /// The edit, with what was seen.
        patch: Patch,
    },
    /// Does something with a ticket.
    Ticket {
        /// Which; a new one has the id that its author gave it.
        ticket_id: TicketId,
        /// What.
        act: TicketAct,
    },
    /// Makes or changes a type of tickets.
    SaveTicketType {
        /// It, with the version that was looked at; 0 for a new one. Another one meanwhile, and the
        /// operation is refused by [`crate::code::Code::ChangedMeanwhile`].
        ticket_type: Box<TicketType>,
    },
    /// Says whether an entry answers a customer's message.
    Thumb {
        /// Where.
        conversation_id: ConversationId,
        /// The customer's message.
        message_id: MessageId,
        /// The entry.
        faq_id: String,
        /// Version of it.
        version: u32,
        /// Whether it does.
        thumb: Thumb,
    },
    /// A lead's last word on a wording that an entry has learned, or is to learn.
    RuleLearned {
        /// The entry.
        faq_id: String,
        /// The wording.
        text: String,
        /// Whether it belongs to the entry.
        ruling: LearnedRuling,
    },
    /// Makes a new version of the engine's settings.
    SetEngineSettings {
        /// The version that was looked at; 0 where there was none. Another one meanwhile, and the
        /// operation is refused by [`crate::code::Code::ChangedMeanwhile`].
        base: u32,
        /// What they should be.
        draft: EngineDraft,
    },
    /// Makes a new version with the content of an earlier one.
    RestoreEngineSettings {
        /// The version that was looked at.
        base: u32,
        /// The one to restore; 0 for the engine as it is shipped.
        version: u32,
    },
}

/// How a reply was composed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Composed {
    /// The message that it answers, where the agent named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// The canned replies that went into it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub canned: Vec<CannedId>,
}

impl Composed {
    /// Whether it was just typed.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

impl Action {
    /// Its name, as `object.action`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::SendMessage { .. } => "message.send",
            Self::SendFile { .. } => "file.send",
            Self::AddNote { .. } => "note.add",
            Self::Whisper { .. } => "whisper.send",
            Self::Contact { act, .. } => match act {
                ContactAct::Merge { .. } => "contact.merge",
                ContactAct::Split { .. } => "contact.split",
            },
            Self::Recall { .. } => "message.recall",
            Self::SaveCanned { .. } => "canned.save",
            Self::RemoveCanned { .. } => "canned.remove",
            Self::Alert { act, .. } => act.name(),
            Self::SaveAlertRule { .. } => "alert_rule.save",
            Self::RemoveAlertRule { .. } => "alert_rule.remove",
            Self::Quality { act } => act.name(),
            Self::Claim { .. } => "conversation.claim",
            Self::Resolve { .. } => "conversation.resolve",
            Self::Decline { .. } => "conversation.decline",
            Self::Transfer { .. } => "conversation.transfer",
            Self::TakeOver { .. } => "conversation.take_over",
            Self::Snooze { .. } => "conversation.snooze",
            Self::Wake { .. } => "conversation.wake",
            Self::Reopen { .. } => "conversation.reopen",
            Self::TakeBack { .. } => "conversation.take_back",
            Self::EditPersonal { .. } => "personal.edit",
            Self::Configure { .. } => "routing.configure",
            Self::Read { .. } => "conversation.read",
            Self::PatchConversation { .. } => "conversation.patch",
            Self::SetPresence { .. } => "presence.set",
            Self::Thumb { .. } => "learning.thumb",
            Self::RuleLearned { .. } => "learning.rule",
            Self::Ticket { act, .. } => act.name(),
            Self::SaveTicketType { .. } => "ticket_type.save",
            Self::SetEngineSettings { .. } => "engine.set",
            Self::RestoreEngineSettings { .. } => "engine.restore",
        }
    }

    /// The conversation it is about, if it is about one.
    #[must_use]
    pub fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::SendMessage {
                conversation_id, ..
            }
            | Self::SendFile {
                conversation_id, ..
            }
            | Self::AddNote {
                conversation_id, ..
            }
            | Self::Whisper {
                conversation_id, ..
            }
            | Self::Recall {
                conversation_id, ..
            }
            | Self::Claim { conversation_id }
            | Self::Resolve { conversation_id }
            | Self::Decline { conversation_id }
            | Self::Transfer {
                conversation_id, ..
            }
            | Self::TakeOver { conversation_id }
            | Self::Snooze {
                conversation_id, ..
            }
            | Self::Wake { conversation_id }
            | Self::Reopen { conversation_id }
            | Self::TakeBack { conversation_id }
            | Self::Read {
                conversation_id, ..
            }
            | Self::PatchConversation {
                conversation_id, ..
            }
            | Self::Thumb {
                conversation_id, ..
            } => Some(*conversation_id),
            Self::SetPresence { .. }
            | Self::Contact { .. }
            | Self::SaveCanned { .. }
            | Self::RemoveCanned { .. }
            | Self::Alert { .. }
            | Self::SaveAlertRule { .. }
            | Self::RemoveAlertRule { .. }
            | Self::Quality { .. }
            | Self::Configure { .. }
            | Self::EditPersonal { .. }
            | Self::RuleLearned { .. }
            | Self::Ticket { .. }
            | Self::SaveTicketType { .. }
            | Self::SetEngineSettings { .. }
            | Self::RestoreEngineSettings { .. } => None,
        }
    }

    /// The customer that it merges or splits, if it does.
    #[must_use]
    pub fn contact(&self) -> Option<ContactId> {
        match self {
            Self::Contact { contact_id, .. } => Some(*contact_id),
            _ => None,
        }
    }

    /// The ticket it is about, if it is about one.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::Ticket { ticket_id, .. } => Some(*ticket_id),
            _ => None,
        }
    }
}
