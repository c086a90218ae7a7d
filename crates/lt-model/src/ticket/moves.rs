//! The moves of a ticket.
//!
//! A move that changes nothing is no error: it was done before. A move that fails leaves a ticket
//! that is to be thrown away.

use std::collections::BTreeMap;

use crate::{
    Millis,
    hours::BusinessHours,
    id::{AgentId, GroupId, OpId, TicketId},
    message::MAX_MENTIONS,
    priority::Priority,
    sla::{DeadlineState, PauseReason, Ring, SlaMetric},
    ticket::{
        CLOSE_AFTER_MS, MAX_CONVERSATIONS, MAX_NOTE_BYTES, MAX_TITLE_CHARS, Ticket, TicketActor,
        TicketConversation, TicketCustomer, TicketEventKind as Event, TicketLink, TicketPerson,
        TicketRequired, TicketState, TicketStep, TicketType, TicketValue, TicketWaiting,
        value::TicketFault,
    },
};

mod steps;

/// Nobody holds a ticket for longer at once.
const MAX_HOLD_MS: Millis = 366 * 86_400_000;

/// Who acts, and when.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Who.
    pub by: &'a TicketPerson,
    /// The departments that they work in.
    pub groups: &'a [GroupId],
    /// Whether they may act on what a colleague has.
    pub may_supervise: bool,
    /// The calendar of the promises.
    pub hours: &'a BusinessHours,
    /// When.
    pub now: Millis,
    /// The operation that it is done by, if it is one of a desktop.
    pub op: Option<OpId>,
}

impl Act<'_> {
    /// Them, as a history names them.
    #[must_use]
    pub fn actor(&self) -> TicketActor {
        TicketActor::Agent(self.by.clone())
    }
}

/// A department, with its name for the history.
#[derive(Clone, Copy, Debug)]
pub struct Department<'a> {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: &'a str,
}

/// Why a move is illegal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IllegalTicket {
    /// A colleague has it.
    #[error("a colleague has the ticket")]
    HeldBy(AgentId),
    /// Its state does not allow it.
    #[error("the ticket is {0:?}")]
    State(TicketState),
    /// Another department has it.
    #[error("another department has the ticket")]
    Elsewhere,
    /// No department expects it back.
    #[error("no department expects the ticket back")]
    NobodyWaits,
    /// Somebody changed meanwhile what was looked at.
    #[error("it was changed meanwhile")]
    ChangedMeanwhile,
    /// Fields that have to be filled in first, by their keys.
    #[error("fields are missing: {0:?}")]
    Missing(Vec<String>),
    /// A value does not fit its field.
    #[error(transparent)]
    Value(#[from] TicketFault),
    /// A text is empty.
    #[error("there is nothing in it")]
    Empty,
    /// A text is too long, or there is too much of it.
    #[error("a text is too long")]
    TooLong,
    /// There is no such department.
    #[error("there is no such department")]
    NoDepartment,
    /// The department that it was passed to has acted.
    #[error("the department that it was passed to has taken it up")]
    TakenUp,
    /// A ticket cannot be merged into itself, or into one that is merged or ended.
    #[error("the two cannot be merged")]
    Unmergeable,
}

/// What a new ticket is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTicket {
    /// Its id.
    pub id: TicketId,
    /// What it is about.
    pub title: String,
    /// How soon it is needed.
    pub priority: Priority,
    /// The department that gets it.
    pub group: GroupId,
    /// The department that made it and expects it back, where that is another one.
    pub from: Option<GroupId>,
    /// For whom.
    pub customer: Option<TicketCustomer>,
    /// From which conversation.
    pub conversation: Option<TicketConversation>,
    /// The form.
    pub values: BTreeMap<String, TicketValue>,
    /// A first comment; may be empty.
    pub note: String,
}

/// Checks and cleans a title.
///
/// # Errors
/// [`IllegalTicket::Empty`], [`IllegalTicket::TooLong`].
pub fn title(raw: &str) -> Result<String, IllegalTicket> {
    let clean: String = raw.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        return Err(IllegalTicket::Empty);
    }
    match clean.chars().count() > MAX_TITLE_CHARS {
        true => Err(IllegalTicket::TooLong),
        false => Ok(clean.to_owned()),
    }
}

/// Checks and cleans a note; it may be empty.
///
/// # Errors
/// [`IllegalTicket::TooLong`].
pub fn note(raw: &str) -> Result<String, IllegalTicket> {
    let mut clean = raw.to_owned();
    clean.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let clean = clean.trim();
    match clean.len() > MAX_NOTE_BYTES {
        true => Err(IllegalTicket::TooLong),
        false => Ok(clean.to_owned()),
    }
}

impl Ticket {
    /// A new ticket. `number`: 0 where the server has none yet.
    ///
    /// # Errors
    /// [`IllegalTicket::Empty`], [`IllegalTicket::TooLong`], [`IllegalTicket::Missing`],
    /// [`IllegalTicket::Value`].
    pub fn create(
        new: NewTicket,
        number: u64,
        kind: &TicketType,
        act: &Act<'_>,
    ) -> Result<Self, IllegalTicket> {
        let values = kind
            .check_values(new.values)
            .map_err(|(key, fault)| match fault {
                TicketFault::Missing => IllegalTicket::Missing(vec![key]),
                TicketFault::Kind
                | TicketFault::TooLong
                | TicketFault::Form
                | TicketFault::Option
                | TicketFault::Unknown => IllegalTicket::Value(fault),
            })?;
        let step = |group, left_at| TicketStep {
            group,
            person: None,
            entered_at: act.now,
            left_at,
        };
        let from = new.from.filter(|from| *from != new.group);
        let mut path = Vec::new();
        if let Some(from) = from {
            let mut first = step(from, Some(act.now));
            first.person = Some(act.by.clone());
            path.push(first);
        }
        path.push(step(new.group, None));
        let waiting = from.map(|group| TicketWaiting {
            group,
            person: act.by.clone(),
            since: act.now,
        });
        let is_ahead = |group: &&GroupId| **group != new.group;
        let conversation = new.conversation.as_ref().map(|one| one.number);
        let mut ticket = Self {
            id: new.id,
            number,
            type_id: kind.id,
            title: title(&new.title)?,
            state: TicketState::New,
            priority: new.priority,
            group_id: new.group,
            assignee: None,
            path,
            ahead: kind.path.iter().filter(is_ahead).copied().collect(),
            waiting: waiting.into_iter().collect(),
            passed: None,
            customer: new.customer,
            conversations: new.conversation.into_iter().collect(),
            values,
            revs: BTreeMap::new(),
            hold_until: None,
            merged_into: None,
            sla: kind.sla.clone(),
            deadlines: Vec::new(),
            events: Vec::new(),
            created_by: act.by.clone(),
            created_at: act.now,
            updated_at: act.now,
            resolved_at: None,
            reopened_count: 0,
        };
        ticket.told(act, Event::Created { conversation });
        // That its author wrote it is no response.
        let text = ticket.fitting(note(&new.note)?)?;
        if !text.is_empty() {
            let mentions = Vec::new();
            ticket.told(act, Event::Commented { text, mentions });
        }
        ticket.promise(SlaMetric::FirstResponse, act.hours, act.now);
        ticket.promise(SlaMetric::Resolution, act.hours, act.now);
        Ok(ticket)
    }

    /// Takes it. Whether that is news.
    ///
    /// # Errors
    /// When another department or a colleague has it, or it is ended.
    pub fn claim(&mut self, act: &Act<'_>) -> Result<bool, IllegalTicket> {
        self.in_work(act)?;
        if self.is_mine(act) {
            return Ok(false);
        }
        self.free_for(act)?;
        self.give_to(act.by.clone());
        self.told(act, Event::Claimed);
        self.take_up(act);
        Ok(true)
    }

    /// Gives it to somebody of its department. Whether that is news.
    ///
    /// # Errors
    /// As [`Ticket::claim`].
    pub fn assign(&mut self, to: TicketPerson, act: &Act<'_>) -> Result<bool, IllegalTicket> {
        self.in_work(act)?;
        if self
            .assignee
            .as_ref()
            .is_some_and(|person| person.agent == to.agent)
        {
            return Ok(false);
        }
        self.free_for(act)?;
        if to.agent == act.by.agent {
            return self.claim(act);
        }
        let name = to.name.clone();
        self.give_to(to);
        self.told(act, Event::Assigned { to: name });
        Ok(true)
    }

    /// Gives it up: nobody has it, and whoever is there may take it. Whether that is news.
    ///
    /// # Errors
    /// As [`Ticket::claim`].
    pub fn release(&mut self, act: &Act<'_>) -> Result<bool, IllegalTicket> {
        self.in_work(act)?;
        if self.assignee.is_none() {
            return Ok(false);
        }
        self.free_for(act)?;
        self.assignee = None;
        if let Some(step) = self.path.last_mut() {
            step.person = None;
        }
        self.told(act, Event::LetGo);
        Ok(true)
    }

    /// Moves it from a state that was looked at to another one. `until`: when a hold ends. Whether
    /// that is news.
    ///
    /// # Errors
    /// See [`IllegalTicket`].
    pub fn move_to(
        &mut self,
        from: TicketState,
        to: TicketState,
        word: &str,
        until: Option<Millis>,
        kind: &TicketType,
        act: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        if !self.is_with(act.groups) {
            return Err(IllegalTicket::Elsewhere);
        }
        if self.state == to {
            return Ok(false);
        }
        if self.state != from {
            return Err(match self.state.is_final() {
                true => IllegalTicket::State(self.state),
                false => IllegalTicket::ChangedMeanwhile,
            });
        }
        if !self.state.next().contains(&to) {
            return Err(IllegalTicket::State(self.state));
        }
        if self.state.is_unfinished() {
            self.free_for(act)?;
        }
        let word = self.fitting(note(word)?)?;
        match to {
            TicketState::New => return Err(IllegalTicket::State(self.state)),
            TicketState::Open => self.open(word, act),
            TicketState::PendingCustomer => {
                self.halt(to, PauseReason::PendingCustomer, None, word, act);
            }
            TicketState::OnHold => {
                let until = until
                    .filter(|until| *until > act.now)
                    .map(|until| until.min(act.now.saturating_add(MAX_HOLD_MS)));
                self.halt(to, PauseReason::OnHold, until, word, act);
            }
            TicketState::Resolved => {
                let missing = kind.missing(&self.values, TicketRequired::Resolve);
                if !missing.is_empty() {
                    let keys = missing.iter().map(|field| field.key.clone()).collect();
                    return Err(IllegalTicket::Missing(keys));
                }
                self.end(to, Event::Resolved { note: word }, act);
                self.resolved_at = Some(act.now);
            }
            TicketState::Closed => {
                self.state = to;
                self.told(act, Event::VerifiedOk { note: word });
            }
            TicketState::Cancelled => {
                // Whoever waits for it goes on seeing it: they are to know of its end.
                self.end(to, Event::Cancelled { note: word }, act);
            }
        }
        Ok(true)
    }

    /// Says whether what was done is right: it is closed, or open again. Those who wait for it may
    /// say so too. Whether that is news.
    ///
    /// # Errors
    /// When it is not resolved, or they do not see it.
    pub fn verify(&mut self, ok: bool, word: &str, act: &Act<'_>) -> Result<bool, IllegalTicket> {
        if !self.is_with(act.groups) && !self.is_awaited_by(act.groups) {
            return Err(IllegalTicket::Elsewhere);
        }
        match (self.state, ok) {
            (TicketState::Closed, true) => return Ok(false),
            (TicketState::Resolved, _) => {}
            (
                TicketState::New
                | TicketState::Open
                | TicketState::PendingCustomer
                | TicketState::OnHold
                | TicketState::Closed
                | TicketState::Cancelled,
                _,
            ) => return Err(IllegalTicket::State(self.state)),
        }
        let word = self.fitting(note(word)?)?;
        if ok {
            self.state = TicketState::Closed;
            self.told(act, Event::VerifiedOk { note: word });
        } else {
            self.reopen(Event::VerifiedFail { note: word }, act);
        }
        Ok(true)
    }

    /// Passes it on to another department. `returns`: it is expected back. A department that waits
    /// for it gets it back by that.
    ///
    /// # Errors
    /// As [`Ticket::claim`]; [`IllegalTicket::Empty`] for the department that has it.
    pub fn transfer(
        &mut self,
        to: Department<'_>,
        returns: bool,
        word: &str,
        act: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        self.in_work(act)?;
        self.free_for(act)?;
        if to.id == self.group_id {
            return Err(IllegalTicket::Empty);
        }
        let before = self.before_passing(act);
        if self.waiting.iter().any(|waiting| waiting.group == to.id) {
            while self
                .waiting
                .last()
                .is_some_and(|waiting| waiting.group != to.id)
            {
                self.waiting.pop();
            }
            let is_news = self.give_back(to, word, act)?;
            self.passed = Some(before);
            return Ok(is_news);
        }
        let word = self.fitting(note(word)?)?;
        if returns {
            self.waiting.push(TicketWaiting {
                group: self.group_id,
                person: self.assignee.clone().unwrap_or_else(|| act.by.clone()),
                since: act.now,
            });
        }
        let event = Event::Transferred {
            to: to.name.to_owned(),
            note: word,
            returns,
        };
        self.told(act, event);
        if self.ahead.first() == Some(&to.id) {
            self.ahead.remove(0);
        }
        self.enter(to.id, None, act);
        self.passed = Some(before);
        Ok(true)
    }

    /// Gives it back to the department that waits for it, and there to who passed it on.
    ///
    /// # Errors
    /// As [`Ticket::claim`]; [`IllegalTicket::NobodyWaits`].
    pub fn give_back(
        &mut self,
        to: Department<'_>,
        word: &str,
        act: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        self.in_work(act)?;
        self.free_for(act)?;
        let word = self.fitting(note(word)?)?;
        let before = self.before_passing(act);
        match self.waiting.last() {
            Some(waiting) if waiting.group == to.id => {}
            Some(_) | None => return Err(IllegalTicket::NobodyWaits),
        }
        let Some(waiting) = self.waiting.pop() else {
            return Err(IllegalTicket::NobodyWaits);
        };
        let event = Event::Returned {
            to: to.name.to_owned(),
            note: word,
        };
        self.told(act, event);
        self.enter(waiting.group, Some(waiting.person), act);
        if self.state == TicketState::New {
            self.state = TicketState::Open;
        }
        self.passed = Some(before);
        Ok(true)
    }

    /// Writes a comment: whoever sees it may, also when it is ended. `mentions`: colleagues who are
    /// told of it.
    ///
    /// # Errors
    /// When they do not see it, the text is empty or too long, or there is too much of it.
    pub fn comment(
        &mut self,
        text: &str,
        mentions: &[AgentId],
        act: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        let is_here = self.is_with(act.groups);
        if !is_here && !self.is_awaited_by(act.groups) {
            return Err(IllegalTicket::Elsewhere);
        }
        let text = note(text)?;
        if text.is_empty() {
            return Err(IllegalTicket::Empty);
        }
        if mentions.len() > MAX_MENTIONS {
            return Err(IllegalTicket::TooLong);
        }
        let text = self.fitting(text)?;
        let mentions = mentions.to_vec();
        self.told(act, Event::Commented { text, mentions });
        if is_here {
            self.respond(act.hours, act.now);
        }
        Ok(true)
    }

    /// Merges it into another one, which takes over its conversations and what its own form lacks.
    ///
    /// # Errors
    /// See [`IllegalTicket`]. Both are to be thrown away then.
    pub fn merge_into(&mut self, other: &mut Self, act: &Act<'_>) -> Result<bool, IllegalTicket> {
        if self
            .merged_into
            .as_ref()
            .is_some_and(|link| link.id == other.id)
        {
            return Ok(false);
        }
        if self.id == other.id || other.merged_into.is_some() || other.state.is_final() {
            return Err(IllegalTicket::Unmergeable);
        }
        if self.state.is_final() {
            return Err(IllegalTicket::State(self.state));
        }
        if !self.is_with(act.groups) || !other.is_with(act.groups) {
            return Err(IllegalTicket::Elsewhere);
        }
        self.free_for(act)?;
        other.fitting(self.title.clone())?;
        for conversation in &self.conversations {
            let is_there = other
                .conversations
                .iter()
                .any(|one| one.id == conversation.id);
            if !is_there && other.conversations.len() < MAX_CONVERSATIONS {
                other.conversations.push(conversation.clone());
            }
        }
        if other.type_id == self.type_id {
            for (key, value) in &self.values {
                other
                    .values
                    .entry(key.clone())
                    .or_insert_with(|| value.clone());
            }
        }
        if other.customer.is_none() {
            other.customer.clone_from(&self.customer);
        }
        let merged = Event::Merged {
            number: self.number,
            title: self.title.clone(),
        };
        other.told(act, merged);
        self.merged_into = Some(TicketLink {
            id: other.id,
            number: other.number,
        });
        let number = other.number;
        // As for one that is cancelled, those who wait for it go on seeing it.
        self.end(TicketState::Cancelled, Event::MergedInto { number }, act);
        Ok(true)
    }

    /// Whoever had it works in its department no more: nobody has it. Whether somebody had.
    pub fn let_go(&mut self, now: Millis) -> bool {
        if self.assignee.is_none() || !self.state.is_unfinished() {
            return false;
        }
        self.assignee = None;
        self.tell(TicketActor::System, None, Event::LetGo, now);
        true
    }

    /// The customer wrote in a conversation of it: what waited for that goes on, or will if it is
    /// taken back. Whether that is news.
    pub fn customer_wrote(&mut self, hours: &BusinessHours, now: Millis) -> bool {
        if self.state != TicketState::PendingCustomer {
            let is_new = self.heeds_customer();
            if let Some(passed) = self.passed.as_deref_mut().filter(|_| is_new) {
                passed.answered = true;
            }
            return is_new;
        }
        self.go_on(None, String::new(), hours, now);
        true
    }

    /// Looks at the clock: what rang. Also ends a hold whose day has come, and closes what was
    /// resolved long ago. Whether anything changed.
    pub fn tick(&mut self, hours: &BusinessHours, now: Millis) -> (Vec<Ring>, bool) {
        let mut rings = Vec::new();
        for deadline in &mut self.deadlines {
            rings.extend(deadline.tick(now));
        }
        for ring in &rings {
            let event = match ring {
                Ring::Warned(metric) => Event::Warned { metric: *metric },
                Ring::Breached(metric) => Event::Breached { metric: *metric },
            };
            self.tell(TicketActor::System, None, event, now);
        }
        let mut is_changed = !rings.is_empty();
        if self.state == TicketState::OnHold && self.hold_until.is_some_and(|until| now >= until) {
            self.go_on(None, String::new(), hours, now);
            is_changed = true;
        }
        let is_over = self
            .resolved_at
            .is_some_and(|at| now >= at + CLOSE_AFTER_MS);
        if self.state == TicketState::Resolved && is_over {
            self.state = TicketState::Closed;
            self.tell(TicketActor::System, None, Event::Closed, now);
            is_changed = true;
        }
        (rings, is_changed)
    }

    /// Another priority: promises that still run are of it.
    pub(super) fn reprioritise(&mut self, to: Priority, act: &Act<'_>) {
        let from = std::mem::replace(&mut self.priority, to);
        self.told(act, Event::Escalated { from, to });
        let sla = self.sla.clone();
        for deadline in &mut self.deadlines {
            if deadline.state != DeadlineState::Pending {
                continue;
            }
            match sla.target(deadline.metric, to) {
                Some(target) => {
                    deadline.retarget(target, sla.warn_percent, act.hours, act.now);
                }
                None => deadline.cancel(act.now),
            }
        }
    }

    pub(super) fn told(&mut self, act: &Act<'_>, what: Event) {
        if self.is_taken_up_by(act, &what) {
            self.passed = None;
        }
        self.tell(act.actor(), act.op, what, act.now);
    }
}
