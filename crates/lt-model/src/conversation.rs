//! Conversations (会话) and their machine: `bot ⇄ queue → agent → resolved → closed`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    contact::ChannelKind,
    dialogue::Dialogue,
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId},
    priority::{Priority, Reason},
    properties::Properties,
};

/// A customer's message within this time reopens a resolved conversation; after it a new one begins.
pub const REOPEN_WINDOW_MS: Millis = 72 * 3_600_000;

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 进行中.
    Open,
    /// 已挂起: until a time or the customer's next message.
    Snoozed,
    /// 已解决: reopens within [`REOPEN_WINDOW_MS`].
    Resolved,
    /// 已关闭: for good.
    Closed,
}

/// Who is at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Handler {
    /// The engine answers.
    Bot,
    /// It waits for a person.
    Queue,
    /// A person has it.
    Agent {
        /// Who.
        agent: AgentId,
    },
    /// Nobody: resolved, closed, or left out of hours.
    None,
}

/// One thread with one contact on one inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Short number that people say, shown as `C-10293`.
    pub number: u64,
    /// Source.
    pub inbox_id: InboxId,
    /// Kind of that source.
    pub channel: ChannelKind,
    /// The customer.
    pub contact_id: ContactId,
    /// The skill group whose agents see it.
    pub group_id: GroupId,
    /// Where it stands.
    pub status: Status,
    /// Who is at it.
    pub handler: Handler,
    /// How soon it needs a person.
    pub priority: Priority,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Category of the customer's matter; empty while unknown.
    pub category: String,
    /// Intent: the standard question nearest to the last message; empty while unknown.
    pub intent: String,
    /// Since when the customer waits for an answer; none when it is the customer's turn.
    pub waiting_since: Option<Millis>,
    /// First reply by a person.
    pub first_reply_at: Option<Millis>,
    /// Last message of the customer.
    pub last_customer_at: Option<Millis>,
    /// Last message of anybody.
    pub last_message_at: Millis,
    /// Number of messages so far: the `seq` of the last one.
    pub seq: u64,
    /// How often the customer came back after it was resolved.
    pub reopened_count: u32,
    /// The last message the assigned agent has read.
    pub agent_read_seq: u64,
    /// The last message the customer has read.
    pub customer_read_seq: u64,
    /// Bot turns in a row that found no answer.
    pub failed_turns: u32,
    /// What the bot remembers: slots, what it asked back, what it tried.
    #[serde(default, skip_serializing_if = "Dialogue::is_empty")]
    pub dialogue: Dialogue,
    /// What agents keep about it, and who changed what last.
    #[serde(default, skip_serializing_if = "Properties::is_untouched")]
    pub properties: Properties,
    /// When it came into being.
    pub created_at: Millis,
    /// When it was resolved, if it is.
    pub resolved_at: Option<Millis>,
}

/// Why a move is illegal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// Another agent has it.
    #[error("another agent has the conversation")]
    HeldBy(AgentId),
    /// The state does not allow it.
    #[error("the conversation is {0:?}")]
    State(Status),
    /// Messages came in that the writer had not seen.
    #[error("messages after {seen} were not seen; the last is {last}")]
    Stale {
        /// What the writer had seen.
        seen: u64,
        /// The last message there is.
        last: u64,
    },
    /// It would have more than [`crate::properties::MAX_TAGS`].
    #[error("the conversation has too many tags")]
    TooManyTags,
}

impl Conversation {
    /// The agent who has it, if one has.
    #[must_use]
    pub fn assignee(&self) -> Option<AgentId> {
        match self.handler {
            Handler::Agent { agent } => Some(agent),
            Handler::Bot | Handler::Queue | Handler::None => None,
        }
    }

    /// The customer wrote: the waiting clock starts unless it runs, a snoozed or recently resolved
    /// conversation opens again. Returns whether it was reopened from resolved.
    ///
    /// # Errors
    /// When it is closed, or resolved longer ago than [`REOPEN_WINDOW_MS`]: begin a new one.
    pub fn customer_wrote(&mut self, now: Millis) -> Result<bool, Illegal> {
        let reopened = match self.status {
            Status::Open => false,
            Status::Snoozed => {
                self.status = Status::Open;
                false
            }
            Status::Resolved
                if self
                    .resolved_at
                    .is_some_and(|at| now - at <= REOPEN_WINDOW_MS) =>
            {
                self.status = Status::Open;
                self.handler = Handler::Bot;
                self.reopened_count += 1;
                self.resolved_at = None;
                self.first_reply_at = None;
                self.failed_turns = 0;
                self.dialogue.begin_anew();
                true
            }
            Status::Resolved | Status::Closed => return Err(Illegal::State(self.status)),
        };
        self.waiting_since.get_or_insert(now);
        self.last_customer_at = Some(now);
        self.last_message_at = now;
        Ok(reopened)
    }

    /// The bot answered: the customer waits no more.
    pub fn bot_replied(&mut self, now: Millis) {
        self.waiting_since = None;
        self.failed_turns = 0;
        self.last_message_at = now;
    }

    /// Puts it into the queue of a group. A conversation that waits already keeps its place.
    ///
    /// # Errors
    /// When it is not open, or a person has it.
    pub fn hand_over(&mut self, group: GroupId) -> Result<(), Illegal> {
        if self.status != Status::Open {
            return Err(Illegal::State(self.status));
        }
        if let Some(agent) = self.assignee() {
            return Err(Illegal::HeldBy(agent));
        }
        self.group_id = group;
        self.handler = Handler::Queue;
        Ok(())
    }

    /// An agent takes it, from the queue or from the bot. Taking what one has is no change.
    ///
    /// # Errors
    /// When it is not open, or another agent has it.
    pub fn claim(&mut self, agent: AgentId) -> Result<(), Illegal> {
        if self.status != Status::Open {
            return Err(Illegal::State(self.status));
        }
        match self.handler {
            Handler::Agent { agent: other } if other != agent => Err(Illegal::HeldBy(other)),
            Handler::Agent { .. } | Handler::Bot | Handler::Queue | Handler::None => {
                self.handler = Handler::Agent { agent };
                Ok(())
            }
        }
    }

    /// Its agent gives it back: it waits for another one of its group. One that no agent has, or that
    /// is not open, stays as it is. Returns whether it was given back.
    pub fn give_back(&mut self, now: Millis) -> bool {
        if self.status != Status::Open || self.assignee().is_none() {
            return false;
        }
        self.handler = Handler::Queue;
        self.waiting_since.get_or_insert(now);
        true
    }

    /// An agent writes to the customer, having seen messages up to `seen_seq`.
    ///
    /// # Errors
    /// When it is not open, another agent has it, or the customer or a colleague has written
    /// since: nothing is sent over messages not yet seen.
    pub fn agent_wrote(
        &mut self,
        agent: AgentId,
        seen_seq: u64,
        now: Millis,
    ) -> Result<(), Illegal> {
        if self.seq > seen_seq {
            return Err(Illegal::Stale {
                seen: seen_seq,
                last: self.seq,
            });
        }
        self.claim(agent)?;
        self.waiting_since = None;
        self.first_reply_at.get_or_insert(now);
        self.last_message_at = now;
        Ok(())
    }

    /// Marks it resolved. Resolving twice is no change.
    ///
    /// # Errors
    /// When it is closed, or another agent has it and the resolver may not supervise.
    pub fn resolve(
        &mut self,
        agent: AgentId,
        may_supervise: bool,
        now: Millis,
    ) -> Result<(), Illegal> {
        match self.status {
            Status::Closed => return Err(Illegal::State(self.status)),
            Status::Resolved => return Ok(()),
            Status::Open | Status::Snoozed => {}
        }
        if let Some(other) = self
            .assignee()
            .filter(|other| *other != agent && !may_supervise)
        {
            return Err(Illegal::HeldBy(other));
        }
        self.status = Status::Resolved;
        self.handler = Handler::None;
        self.waiting_since = None;
        self.resolved_at = Some(now);
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
