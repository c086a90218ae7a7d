//! The steps that moves are made of.

use super::{Act, IllegalTicket};
use crate::{
    Millis,
    hours::BusinessHours,
    id::GroupId,
    sla::{Deadline, PauseReason, SlaMetric},
    ticket::{
        Ticket, TicketActor, TicketEventKind as Event, TicketPerson, TicketState, TicketStep,
    },
};

impl Ticket {
    pub(super) fn is_mine(&self, act: &Act<'_>) -> bool {
        self.assignee
            .as_ref()
            .is_some_and(|person| person.agent == act.by.agent)
    }

    /// It is in work, and with a department of theirs.
    pub(super) fn in_work(&self, act: &Act<'_>) -> Result<(), IllegalTicket> {
        if !self.is_with(act.groups) {
            return Err(IllegalTicket::Elsewhere);
        }
        match self.state.is_unfinished() {
            true => Ok(()),
            false => Err(IllegalTicket::State(self.state)),
        }
    }

    /// No colleague has it, or they may act all the same.
    pub(super) fn free_for(&self, act: &Act<'_>) -> Result<(), IllegalTicket> {
        match &self.assignee {
            Some(other) if other.agent != act.by.agent && !act.may_supervise => {
                Err(IllegalTicket::HeldBy(other.agent))
            }
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn fitting(&self, text: String) -> Result<String, IllegalTicket> {
        // Without a word it goes on however much was said, so that every ticket can be ended.
        match text.is_empty() || self.has_room(text.len()) {
            true => Ok(text),
            false => Err(IllegalTicket::TooLong),
        }
    }

    pub(super) fn give_to(&mut self, person: TicketPerson) {
        if let Some(step) = self.path.last_mut() {
            step.person = Some(person.clone());
        }
        self.assignee = Some(person);
    }

    /// Whoever acts in it without having it takes it by that.
    pub(super) fn take_up(&mut self, act: &Act<'_>) {
        if self.assignee.is_none() {
            self.give_to(act.by.clone());
        }
        if self.state == TicketState::New {
            self.state = TicketState::Open;
        }
        self.respond(act.hours, act.now);
    }

    pub(super) fn respond(&mut self, hours: &BusinessHours, now: Millis) {
        for deadline in &mut self.deadlines {
            match deadline.metric {
                SlaMetric::FirstResponse | SlaMetric::NextResponse => {
                    deadline.complete(hours, now);
                }
                SlaMetric::Resolution => {}
            }
        }
    }

    pub(super) fn promise(&mut self, metric: SlaMetric, hours: &BusinessHours, now: Millis) {
        if let Some(target) = self.sla.target(metric, self.priority) {
            let percent = self.sla.warn_percent;
            let deadline = Deadline::begin(metric, target, percent, hours, now);
            self.deadlines.push(deadline);
        }
    }

    pub(super) fn open(&mut self, word: String, act: &Act<'_>) {
        match self.state {
            TicketState::New => {
                let is_news = self.assignee.is_none();
                self.take_up(act);
                if is_news || word.is_empty() {
                    self.told(act, Event::Claimed);
                }
                if !word.is_empty() {
                    self.told(
                        act,
                        Event::Commented {
                            text: word,
                            mentions: Vec::new(),
                        },
                    );
                }
            }
            TicketState::Resolved => self.reopen(Event::Reopened { note: word }, act),
            TicketState::PendingCustomer | TicketState::OnHold => {
                self.go_on(Some(act), word, act.hours, act.now);
                self.take_up(act);
            }
            TicketState::Open | TicketState::Closed | TicketState::Cancelled => {}
        }
    }

    /// The clock runs again, and whoever has it is to take it up.
    pub(super) fn go_on(
        &mut self,
        act: Option<&Act<'_>>,
        note: String,
        hours: &BusinessHours,
        now: Millis,
    ) {
        self.state = TicketState::Open;
        self.hold_until = None;
        for deadline in &mut self.deadlines {
            deadline.resume(hours, now);
        }
        match act {
            Some(act) => self.told(act, Event::Resumed { note }),
            None => self.tell(TicketActor::System, None, Event::Resumed { note }, now),
        }
        self.promise(SlaMetric::NextResponse, hours, now);
    }

    pub(super) fn halt(
        &mut self,
        to: TicketState,
        why: PauseReason,
        until: Option<Millis>,
        word: String,
        act: &Act<'_>,
    ) {
        self.take_up(act);
        self.state = to;
        self.hold_until = until;
        for deadline in &mut self.deadlines {
            deadline.pause(why, act.now);
        }
        let event = Event::Paused {
            why,
            until,
            note: word,
        };
        self.told(act, event);
    }

    /// Resolved, cancelled or merged.
    pub(super) fn end(&mut self, to: TicketState, event: Event, act: &Act<'_>) {
        if to == TicketState::Resolved {
            self.take_up(act);
        }
        self.state = to;
        self.hold_until = None;
        for deadline in &mut self.deadlines {
            match to {
                TicketState::Resolved => deadline.complete(act.hours, act.now),
                TicketState::New
                | TicketState::Open
                | TicketState::PendingCustomer
                | TicketState::OnHold
                | TicketState::Closed
                | TicketState::Cancelled => deadline.cancel(act.now),
            }
        }
        self.told(act, event);
    }

    pub(super) fn reopen(&mut self, event: Event, act: &Act<'_>) {
        self.state = TicketState::Open;
        self.resolved_at = None;
        self.reopened_count = self.reopened_count.saturating_add(1);
        self.told(act, event);
        self.promise(SlaMetric::NextResponse, act.hours, act.now);
        self.promise(SlaMetric::Resolution, act.hours, act.now);
    }

    /// It is with another department from now on, and that one is to take it up.
    pub(super) fn enter(&mut self, group: GroupId, person: Option<TicketPerson>, act: &Act<'_>) {
        self.respond(act.hours, act.now);
        match self.state {
            TicketState::PendingCustomer | TicketState::OnHold => {
                self.state = TicketState::Open;
                self.hold_until = None;
                for deadline in &mut self.deadlines {
                    deadline.resume(act.hours, act.now);
                }
            }
            TicketState::New
            | TicketState::Open
            | TicketState::Resolved
            | TicketState::Closed
            | TicketState::Cancelled => {}
        }
        if let Some(step) = self.path.last_mut() {
            step.left_at = Some(act.now);
        }
        self.path.push(TicketStep {
            group,
            person: person.clone(),
            entered_at: act.now,
            left_at: None,
        });
        self.group_id = group;
        self.assignee = person;
        self.promise(SlaMetric::NextResponse, act.hours, act.now);
    }
}
