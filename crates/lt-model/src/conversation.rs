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
    routing::{
        AssignReason, Assigned, Declined, Given, Offer, ReturnReason, Returned, Routing,
        RoutingReason, TAKE_BACK_MS,
    },
};

/// A talk with the bot in which nobody says anything for this long is over.
pub const BOT_SILENCE_MS: Millis = 30 * 60_000;

/// Whoever had a conversation takes back within this time that it is resolved: it did not come back.
pub const UNDO_RESOLVE_MS: Millis = 60_000;

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
    /// The customer as they came: whose chat page it is.
    pub contact_id: ContactId,
    /// Who that turned out to be, where it is somebody else: see [`Conversation::person`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ContactId>,
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
    /// To whom it is offered, who has it and why.
    #[serde(default, skip_serializing_if = "Routing::is_untouched")]
    pub routing: Routing,
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
    /// It is offered to another agent at this moment.
    #[error("the conversation is offered to another agent")]
    OfferedTo(AgentId),
    /// The agent has no such offer, or not any more.
    #[error("there is no such offer")]
    NoOffer,
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
    /// The customer as a person: whose history it is a part of.
    #[must_use]
    pub fn person(&self) -> ContactId {
        self.merged_into.unwrap_or(self.contact_id)
    }

    /// It is a part of this customer's history now.
    pub fn set_person(&mut self, person: ContactId) {
        self.merged_into = (person != self.contact_id).then_some(person);
    }

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
                self.wake();
                false
            }
            Status::Resolved
                if self
                    .resolved_at
                    .is_some_and(|at| now - at <= REOPEN_WINDOW_MS) =>
            {
                self.status = Status::Open;
                self.handler = Handler::Bot;
                self.routing.left_message = false;
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
        self.enqueue();
        Ok(())
    }

    /// Keeps it for the group until somebody is there (留言): it is out of hours.
    ///
    /// # Errors
    /// As [`Conversation::hand_over`].
    pub fn leave_message(&mut self, group: GroupId) -> Result<(), Illegal> {
        self.hand_over(group)?;
        self.handler = Handler::None;
        self.routing.left_message = true;
        Ok(())
    }

    /// Somebody is there for what was left out of hours: it waits in the queue from now on, at the
    /// place that its waiting time gives it. Returns whether it was left.
    pub fn drain(&mut self) -> bool {
        let was_left = self.status == Status::Open
            && self.handler == Handler::None
            && self.routing.left_message;
        if was_left {
            self.enqueue();
        }
        was_left
    }

    /// Offers it to an agent while it waits.
    ///
    /// # Errors
    /// When it does not wait, or is offered already.
    pub fn offer(&mut self, offer: Offer) -> Result<(), Illegal> {
        if self.status != Status::Open || self.handler != Handler::Queue {
            return Err(Illegal::State(self.status));
        }
        if let Some(standing) = &self.routing.offer {
            return Err(Illegal::OfferedTo(standing.agent));
        }
        self.routing.offer = Some(offer);
        Ok(())
    }

    /// The agent does not want it: it waits on at its place, for somebody else.
    ///
    /// # Errors
    /// When it is not offered to this agent.
    pub fn decline(&mut self, agent: AgentId, now: Millis) -> Result<(), Illegal> {
        if self.offered_to() != Some(agent) {
            return Err(Illegal::NoOffer);
        }
        self.routing.offer = None;
        let declined = &mut self.routing.declined;
        declined.retain(|earlier| earlier.agent != agent);
        declined.push(Declined { agent, at: now });
        Ok(())
    }

    /// Ends an offer whose time is over: it waits on at its place. Returns whose it was.
    pub fn lapse(&mut self, now: Millis) -> Option<AgentId> {
        self.routing
            .offer
            .take_if(|offer| offer.expires_at <= now)
            .map(|offer| offer.agent)
    }

    /// To whom it is offered, if it is.
    #[must_use]
    pub fn offered_to(&self) -> Option<AgentId> {
        self.routing.offer.as_ref().map(|offer| offer.agent)
    }

    /// An agent takes it, from the queue or from the bot. Taking what one has is no change; taking
    /// what one is offered accepts the offer.
    ///
    /// # Errors
    /// When it is not open, another agent has it, or it is offered to another one.
    pub fn claim(&mut self, agent: AgentId, now: Millis) -> Result<(), Illegal> {
        if self.status != Status::Open {
            return Err(Illegal::State(self.status));
        }
        match self.handler {
            Handler::Agent { agent: other } if other != agent => Err(Illegal::HeldBy(other)),
            Handler::Agent { .. } => Ok(()),
            Handler::Bot | Handler::Queue | Handler::None => {
                let (reason, why) = match self.routing.offer.clone() {
                    Some(offer) if offer.agent != agent => {
                        return Err(Illegal::OfferedTo(offer.agent));
                    }
                    Some(offer) => (offer.reason, offer.why),
                    None => (AssignReason::Manual, Vec::new()),
                };
                self.assign(agent, reason, why, now);
                Ok(())
            }
        }
    }

    /// A supervisor takes it from whoever has it or is offered it. Returns who had it.
    ///
    /// # Errors
    /// When it is neither open nor snoozed.
    pub fn take_over(&mut self, agent: AgentId, now: Millis) -> Result<Option<AgentId>, Illegal> {
        match self.status {
            Status::Open | Status::Snoozed => {}
            Status::Resolved | Status::Closed => return Err(Illegal::State(self.status)),
        }
        let before = self.assignee();
        self.wake();
        if before != Some(agent) {
            self.assign(agent, AssignReason::Takeover, Vec::new(), now);
        }
        Ok(before)
    }

    /// Gives it to another group, where it waits for somebody.
    ///
    /// # Errors
    /// When it is neither open nor snoozed, or another agent has it and the giver may not supervise.
    pub fn transfer_to_group(
        &mut self,
        group: GroupId,
        by: AgentId,
        may_supervise: bool,
        now: Millis,
    ) -> Result<(), Illegal> {
        self.let_go(by, may_supervise)?;
        let given = Given {
            by,
            at: now,
            from: self.group_id,
            was_theirs: self.assignee() == Some(by),
        };
        self.group_id = group;
        self.waiting_since.get_or_insert(now);
        self.enqueue();
        self.routing.given = Some(given);
        Ok(())
    }

    /// Whoever gave it away takes it back while nobody has it: it is theirs again if it was, else it
    /// waits where it waited.
    ///
    /// # Errors
    /// When somebody has it or it ended, somebody else gave it, or that was more than
    /// [`TAKE_BACK_MS`] ago.
    pub fn take_back(&mut self, by: AgentId, now: Millis) -> Result<(), Illegal> {
        if let Some(agent) = self.assignee() {
            return Err(Illegal::HeldBy(agent));
        }
        let given = self.routing.given.filter(|given| {
            given.by == by && now - given.at <= TAKE_BACK_MS && self.handler == Handler::Queue
        });
        let Some(given) = given.filter(|_| self.status == Status::Open) else {
            return Err(Illegal::State(self.status));
        };
        self.group_id = given.from;
        self.enqueue();
        if given.was_theirs {
            self.assign(by, AssignReason::Manual, Vec::new(), now);
        }
        Ok(())
    }

    /// Offers it to a colleague, who sees it in this group. When they do not take it, it waits there.
    ///
    /// # Errors
    /// As [`Conversation::transfer_to_group`].
    pub fn transfer_to_agent(
        &mut self,
        group: GroupId,
        offer: Offer,
        by: AgentId,
        may_supervise: bool,
    ) -> Result<(), Illegal> {
        self.transfer_to_group(group, by, may_supervise, offer.offered_at)?;
        self.offer(offer)
    }

    /// Sets it aside until a time or the customer's next message.
    ///
    /// # Errors
    /// When it is not open, nobody or another agent has it and the agent may not supervise.
    pub fn snooze(
        &mut self,
        until: Millis,
        by: AgentId,
        may_supervise: bool,
    ) -> Result<(), Illegal> {
        match (self.status, self.assignee()) {
            (Status::Open | Status::Snoozed, Some(agent)) if agent != by && !may_supervise => {
                Err(Illegal::HeldBy(agent))
            }
            (Status::Open | Status::Snoozed, Some(_)) => {
                self.status = Status::Snoozed;
                self.routing.snoozed_until = Some(until);
                Ok(())
            }
            (status, _) => Err(Illegal::State(status)),
        }
    }

    /// Ends the snooze. Returns whether there was one.
    pub fn wake(&mut self) -> bool {
        self.routing.snoozed_until = None;
        let was_snoozed = self.status == Status::Snoozed;
        if was_snoozed {
            self.status = Status::Open;
        }
        was_snoozed
    }

    /// Ends the snooze when its time is over. Returns whether it did.
    pub fn wake_in_time(&mut self, now: Millis) -> bool {
        self.routing.snoozed_until.is_some_and(|until| until <= now) && self.wake()
    }

    /// Whether an agent who opens it again takes back that it was resolved.
    #[must_use]
    pub fn is_undone_by(&self, agent: AgentId, now: Millis) -> bool {
        let had_it = |assigned: &Assigned| assigned.agent == agent;
        self.status == Status::Resolved
            && self
                .resolved_at
                .is_some_and(|at| now - at <= UNDO_RESOLVE_MS)
            && self.routing.assigned.as_ref().is_some_and(had_it)
    }

    /// An agent opens a resolved one again and has it. Opening what is open is no change. Whoever had it
    /// a moment ago goes on as if it had not been resolved.
    ///
    /// # Errors
    /// When it is closed, was resolved longer ago than [`REOPEN_WINDOW_MS`], or another agent has it.
    pub fn reopen(&mut self, agent: AgentId, now: Millis) -> Result<(), Illegal> {
        match self.status {
            Status::Open | Status::Snoozed => match self.assignee() {
                Some(other) if other != agent => Err(Illegal::HeldBy(other)),
                Some(_) => Ok(()),
                None => Err(Illegal::State(self.status)),
            },
            Status::Resolved
                if self
                    .resolved_at
                    .is_some_and(|at| now - at <= REOPEN_WINDOW_MS) =>
            {
                if !self.is_undone_by(agent, now) {
                    self.reopened_count += 1;
                    self.first_reply_at = None;
                }
                self.status = Status::Open;
                self.resolved_at = None;
                self.assign(agent, AssignReason::Reopen, Vec::new(), now);
                Ok(())
            }
            Status::Resolved | Status::Closed => Err(Illegal::State(self.status)),
        }
    }

    fn assign(
        &mut self,
        agent: AgentId,
        reason: AssignReason,
        why: Vec<RoutingReason>,
        now: Millis,
    ) {
        self.handler = Handler::Agent { agent };
        // Whoever lost it is told so; whoever has it again is not.
        let returned = self.routing.returned.filter(|one| one.agent != agent);
        self.routing = Routing {
            returned,
            assigned: Some(Assigned {
                agent,
                at: now,
                reason,
                why,
            }),
            ..Routing::default()
        };
    }

    /// Puts it into the queue, offered to nobody.
    fn enqueue(&mut self) {
        self.handler = Handler::Queue;
        self.routing.offer = None;
        self.routing.declined.clear();
        self.routing.left_message = false;
        self.routing.returned = None;
        self.routing.given = None;
    }

    /// Whether the giver may give it away; it wakes.
    fn let_go(&mut self, by: AgentId, may_supervise: bool) -> Result<(), Illegal> {
        match self.status {
            Status::Open | Status::Snoozed => {}
            Status::Resolved | Status::Closed => return Err(Illegal::State(self.status)),
        }
        let others = |agent: &AgentId| *agent != by && !may_supervise;
        if let Some(other) = self.assignee().filter(others) {
            return Err(Illegal::HeldBy(other));
        }
        if let Some(other) = self.offered_to().filter(others) {
            return Err(Illegal::OfferedTo(other));
        }
        self.wake();
        Ok(())
    }

    /// Its agent gives it back: it waits for another one of its group. One that no agent has, or that
    /// is not open, stays as it is. Returns whether it was given back.
    pub fn give_back(&mut self, now: Millis) -> bool {
        if self.status != Status::Open || self.assignee().is_none() {
            return false;
        }
        self.enqueue();
        self.waiting_since.get_or_insert(now);
        true
    }

    /// Its agent is gone while the customer waits for an answer: it goes to the head of the queue of
    /// its group, and keeps that the agent had it. One whose customer does not wait stays. Returns
    /// whose it was.
    pub fn return_from_absent(&mut self, reason: ReturnReason, now: Millis) -> Option<AgentId> {
        let agent = self.assignee()?;
        if self.waiting_since.is_none() || !self.give_back(now) {
            return None;
        }
        self.routing.returned = Some(Returned {
            agent,
            at: now,
            reason,
        });
        Some(agent)
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
        self.claim(agent, now)?;
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
        if let Some(other) = self
            .offered_to()
            .filter(|other| *other != agent && !may_supervise)
        {
            return Err(Illegal::OfferedTo(other));
        }
        self.wake();
        self.close_up(now);
        Ok(())
    }

    fn close_up(&mut self, now: Millis) {
        self.status = Status::Resolved;
        self.handler = Handler::None;
        self.routing.offer = None;
        self.routing.declined.clear();
        self.routing.left_message = false;
        self.routing.returned = None;
        self.routing.given = None;
        self.waiting_since = None;
        self.resolved_at = Some(now);
    }

    /// When a talk with the bot is over, as nobody says anything more; none while the customer waits,
    /// or where a person has it or will have it.
    #[must_use]
    pub fn bot_ends_at(&self) -> Option<Millis> {
        let is_settled = self.status == Status::Open
            && self.handler == Handler::Bot
            && self.waiting_since.is_none();
        is_settled.then(|| self.last_message_at.saturating_add(BOT_SILENCE_MS))
    }

    /// Resolves a talk with the bot that is over. Returns whether it was.
    pub fn end_by_bot(&mut self, now: Millis) -> bool {
        let is_over = self.bot_ends_at().is_some_and(|at| at <= now);
        if is_over {
            self.close_up(now);
        }
        is_over
    }

    /// When the clock has something to do here: an offer ends, it wakes, or a talk with the bot is over.
    #[must_use]
    pub fn due_at(&self) -> Option<Millis> {
        let routing = self.routing.due_at();
        routing.into_iter().chain(self.bot_ends_at()).min()
    }
}

#[cfg(test)]
pub(crate) mod tests;
