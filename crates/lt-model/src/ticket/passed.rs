//! Taking back a ticket that was passed on (撤回转交), until the department that it went to acts.
//!
//! **Invariant:** whoever may take it back is judged by who passed it on last and from where, not by
//! who sees it now.
//!
//! **Invariant:** what happened in between stays told, and time that ran has run; a promise that
//! passing it on had answered is unanswered again, and one that was broken meanwhile stays broken.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    id::{AgentId, GroupId},
    sla::{Deadline, DeadlineState, PauseReason, SlaMetric},
    ticket::{
        Ticket, TicketActor, TicketEvent, TicketEventKind as Event, TicketPerson, TicketState,
        TicketWaiting,
        moves::{Act, Department, IllegalTicket},
    },
};

/// How a ticket stood before it was passed on, kept as long as that may be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketPassed {
    /// Who passed it on.
    pub by: AgentId,
    /// The department that had it.
    pub from: GroupId,
    /// Who had it there.
    pub assignee: Option<TicketPerson>,
    /// Its state.
    pub state: TicketState,
    /// Until when it was on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_until: Option<Millis>,
    /// Departments that it was to go to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<GroupId>,
    /// Departments that expected it back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<TicketWaiting>,
    /// How many promises there were.
    pub n_deadlines: usize,
    /// The responses that were still owed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<Deadline>,
    /// Whether the customer, whom it waited for, has written since.
    #[serde(default)]
    pub answered: bool,
}

impl Ticket {
    /// Whether somebody may take it back now.
    #[must_use]
    pub fn may_take_back(&self, by: AgentId, groups: &[GroupId], may_supervise: bool) -> bool {
        self.passed.as_deref().is_some_and(|passed| {
            groups.contains(&passed.from) && (passed.by == by || may_supervise)
        })
    }

    /// Whether somebody, or somebody whom they lead, ever passed it on: they know that it is there,
    /// though they may not see it any more.
    #[must_use]
    pub fn was_passed_on_by(&self, by: AgentId, groups: &[GroupId], may_supervise: bool) -> bool {
        self.events.iter().any(|event| {
            is_pass(event) && groups.contains(&event.group) && (may_supervise || is_by(event, by))
        })
    }

    /// Takes it back from the department that it was passed to: all is as it was before. Whether
    /// that is news.
    ///
    /// # Errors
    /// [`IllegalTicket::TakenUp`] once the department has acted, [`IllegalTicket::Elsewhere`] where
    /// somebody else passed it on, [`IllegalTicket::ChangedMeanwhile`] when it was passed to another
    /// one than `given_to`.
    pub fn take_back(
        &mut self,
        given_to: GroupId,
        to: Department<'_>,
        act: &Act<'_>,
    ) -> Result<bool, IllegalTicket> {
        let (by, groups, leads) = (act.by.agent, act.groups, act.may_supervise);
        if !self.may_take_back(by, groups, leads) {
            let last = self.events.iter().rev().find(|event| is_way(event));
            let is_back = last.is_some_and(|event| matches!(event.what, Event::TakenBack { .. }));
            if is_back && self.is_with(groups) {
                return Ok(false);
            }
            return Err(match self.was_passed_on_by(by, groups, leads) {
                true => IllegalTicket::TakenUp,
                false => IllegalTicket::Elsewhere,
            });
        }
        if self.group_id != given_to {
            return Err(IllegalTicket::ChangedMeanwhile);
        }
        let Some(passed) = self.passed.take() else {
            return Err(IllegalTicket::TakenUp);
        };
        if passed.from != to.id {
            return Err(IllegalTicket::NoDepartment);
        }
        let to = to.name.to_owned();
        self.told(act, Event::TakenBack { to });
        self.put_back(*passed, act);
        Ok(true)
    }

    fn put_back(&mut self, passed: TicketPassed, act: &Act<'_>) {
        self.path.pop();
        if let Some(step) = self.path.last_mut() {
            step.left_at = None;
        }
        self.group_id = passed.from;
        self.assignee = passed.assignee;
        self.state = passed.state;
        self.hold_until = passed.hold_until;
        self.ahead = passed.ahead;
        self.waiting = passed.waiting;
        self.release_since(passed.n_deadlines, act.now);
        for owed in passed.owed {
            let same = |one: &&mut Deadline| {
                one.metric == owed.metric && one.started_at == owed.started_at
            };
            if let Some(answered) = self.deadlines.iter_mut().find(same) {
                *answered = owed;
            }
        }
        let why = match self.state {
            TicketState::PendingCustomer => Some(PauseReason::PendingCustomer),
            TicketState::OnHold => Some(PauseReason::OnHold),
            TicketState::New
            | TicketState::Open
            | TicketState::Resolved
            | TicketState::Closed
            | TicketState::Cancelled => None,
        };
        if let Some(why) = why {
            for deadline in &mut self.deadlines {
                deadline.pause(why, act.now);
            }
        }
        if passed.answered {
            self.customer_wrote(act.hours, act.now);
        }
    }

    /// What was promised since there were so many is nobody's to keep any more; what was broken by then
    /// stays so, as the history tells.
    fn release_since(&mut self, n_deadlines: usize, now: Millis) {
        let n_before = n_deadlines.min(self.deadlines.len());
        for mut since in self.deadlines.split_off(n_before) {
            since.cancel(now);
            if since.state != DeadlineState::Cancelled {
                self.deadlines.push(since);
            }
        }
    }

    /// How it stands now, to be kept by whoever passes it on.
    pub(super) fn before_passing(&self, act: &Act<'_>) -> Box<TicketPassed> {
        let is_owed = |one: &&Deadline| one.metric != SlaMetric::Resolution && one.is_open();
        Box::new(TicketPassed {
            by: act.by.agent,
            from: self.group_id,
            assignee: self.assignee.clone(),
            state: self.state,
            hold_until: self.hold_until,
            ahead: self.ahead.clone(),
            waiting: self.waiting.clone(),
            n_deadlines: self.deadlines.len(),
            owed: self.deadlines.iter().filter(is_owed).cloned().collect(),
            answered: false,
        })
    }

    /// Whether the department that it was passed to takes it up by this. A word of whoever passed it
    /// on, or of those who wait for it, is none of theirs.
    pub(super) fn is_taken_up_by(&self, act: &Act<'_>, what: &Event) -> bool {
        let Some(passed) = self.passed.as_deref() else {
            return false;
        };
        match what {
            Event::Commented { .. } => self.is_with(act.groups) && passed.by != act.by.agent,
            _ => true,
        }
    }

    /// Whether a word of the customer changes it.
    #[must_use]
    pub fn heeds_customer(&self) -> bool {
        self.state == TicketState::PendingCustomer
            || self.passed.as_deref().is_some_and(|passed| {
                passed.state == TicketState::PendingCustomer && !passed.answered
            })
    }
}

/// It was passed on or given back by this.
fn is_pass(event: &TicketEvent) -> bool {
    matches!(
        event.what,
        Event::Transferred { .. } | Event::Returned { .. }
    )
}

/// It went from department to department by this.
fn is_way(event: &TicketEvent) -> bool {
    is_pass(event) || matches!(event.what, Event::TakenBack { .. })
}

fn is_by(event: &TicketEvent, agent: AgentId) -> bool {
    matches!(&event.by, TicketActor::Agent(person) if person.agent == agent)
}
