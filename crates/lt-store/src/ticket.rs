//! Tickets at the desk: lists, one ticket, and what the waiting operations do to it.
//!
//! **Invariant:** what is shown of a ticket is the server's row with the operations applied that it
//! has not taken yet: an operation whose trace is in the row's history is not applied again.
//! **Invariant:** a ticket that was made here and refused stays visible until the agent gives it up.

mod effect;

mod news;

pub(crate) use effect::{legal, redraw, redraw_waiting};
pub(crate) use news::told;

use lt_model::{
    Millis,
    agent::{Agent, Permission},
    hours::BusinessHours,
    id::{ConversationId, OpId, TicketId, TicketTypeId},
    sla::SlaPolicy,
    ticket::{Ticket, TicketState, TicketType, act::TicketAct},
};
use lt_protocol::{code::Code, sync::Action, ticket::TicketFilter};
use rusqlite::Connection;

use crate::{
    Change, Result, Store, StoreError,
    store::{Act, require_account},
    table::{
        agent, business_hours,
        outbox::{self, OpState},
        ticket::{self, Tells, TicketLine, TicketPart, TicketTotals, Viewer},
        ticket_body, ticket_left, ticket_mention, ticket_type,
    },
};

/// A ticket with what waits.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredTicket {
    /// The ticket, waiting operations applied.
    pub ticket: Ticket,
    /// Whether an operation waits to be sent.
    pub pending: bool,
    /// What was refused, oldest first.
    pub refused: Vec<(OpId, Code)>,
}

/// A column of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketLines {
    /// State of its tickets.
    pub state: TicketState,
    /// The first ones.
    pub lines: Vec<TicketLine>,
    /// How many there are.
    pub total: u32,
}

impl Store {
    /// A part of the tickets of a filter, how many it has in all, and how many unfinished ones there
    /// are, all at one moment. A ticket that is found by words is one of them if `tells` says so.
    ///
    /// # Errors
    /// [`crate::StoreError::NoAccount`], [`crate::StoreError::Damaged`] and the like.
    pub fn tickets(
        &self,
        filter: &TicketFilter,
        part: TicketPart,
        tells: Tells<'_>,
        now: Millis,
    ) -> Result<(Vec<TicketLine>, u32, TicketTotals)> {
        self.read(|connection| {
            let me = me(connection)?;
            let viewer = viewer(&me, now);
            let (lines, total) = ticket::lines(connection, filter, part, &viewer, tells)?;
            Ok((lines, total, ticket::totals(connection, &viewer)?))
        })
    }

    /// The first tickets of each of the filter's states, or of all where it names none.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn ticket_board(
        &self,
        filter: &TicketFilter,
        part: TicketPart,
        tells: Tells<'_>,
        now: Millis,
    ) -> Result<(Vec<TicketLines>, TicketTotals)> {
        self.read(|connection| {
            let me = me(connection)?;
            let viewer = viewer(&me, now);
            let states = match filter.states.is_empty() {
                true => TicketState::ALL.to_vec(),
                false => filter.states.clone(),
            };
            let mut columns = Vec::with_capacity(states.len());
            for state in states {
                let mut of_state = filter.clone();
                of_state.states = vec![state];
                let (lines, total) = ticket::lines(connection, &of_state, part, &viewer, tells)?;
                columns.push(TicketLines {
                    state,
                    lines,
                    total,
                });
            }
            Ok((columns, ticket::totals(connection, &viewer)?))
        })
    }

    /// One ticket.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn ticket(&self, id: TicketId) -> Result<Option<StoredTicket>> {
        self.read(|connection| {
            let Some(ticket) = ticket_body::shown(connection, id)? else {
                return Ok(None);
            };
            let mut pending = false;
            let mut refused = Vec::new();
            for (entry, is_done) in outbox::of_ticket(connection, id)? {
                match entry.state {
                    OpState::Refused(code) => refused.push((entry.op.id, code)),
                    OpState::Queued => pending |= !is_done,
                }
            }
            Ok(Some(StoredTicket {
                ticket,
                pending,
                refused,
            }))
        })
    }

    /// Looks at tickets as they are shown, one after the other, all at one moment; those that are not
    /// here are passed over.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn each_ticket(
        &self,
        ids: impl Iterator<Item = TicketId>,
        mut look: impl FnMut(&Ticket),
    ) -> Result<()> {
        self.read(|connection| {
            for id in ids {
                if let Some(ticket) = ticket_body::shown(connection, id)? {
                    look(&ticket);
                }
            }
            Ok(())
        })
    }

    /// Whether an act may be done with a ticket by what is here: what [`Store::enqueue`] would say
    /// of it. False: it was done before, or changes nothing.
    ///
    /// # Errors
    /// As [`Store::enqueue`].
    pub fn try_ticket(&self, id: TicketId, act: &TicketAct, now: Millis) -> Result<bool> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            if !me.role.may(Permission::TicketWork) {
                return Err(StoreError::Forbidden);
            }
            Ok(legal(connection, &me, id, act.clone(), now)?.is_some())
        })
    }

    /// The agent has looked at a ticket, and at the notes in it that name them.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn ticket_seen(&self, id: TicketId) -> Result<Change> {
        let is_new = |connection: &Connection| {
            Ok(ticket::get(connection, id)?.is_some_and(|line| line.mentioned))
        };
        if !self.read(is_new)? {
            return Ok(Change::default());
        }
        let ((), change) = self.write(|tx, touched| {
            if ticket_mention::remove(tx, id)? {
                touched.ticket(id);
            }
            Ok(())
        })?;
        Ok(change)
    }

    /// The line of one ticket.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn ticket_line(&self, id: TicketId) -> Result<Option<TicketLine>> {
        self.read(|connection| ticket::get(connection, id))
    }

    /// The number of a ticket that is here, or that has left this desk; none for one that was never
    /// here, or has no number yet.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn ticket_number(&self, id: TicketId) -> Result<Option<u64>> {
        self.read(|connection| match ticket::get(connection, id)? {
            Some(line) => Ok(Some(line.number).filter(|number| *number > 0)),
            None => ticket_left::number(connection, id),
        })
    }

    /// The tickets of a conversation, the latest first.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn tickets_of(&self, id: ConversationId) -> Result<Vec<TicketId>> {
        self.read(|connection| ticket::of_conversation(connection, id))
    }

    /// The types of tickets as the server last sent them.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn ticket_types(&self) -> Result<Vec<TicketType>> {
        self.read(ticket_type::all)
    }

    /// The types that this desk has changed and the server has not sent yet.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn ticket_types_waiting(&self) -> Result<Vec<TicketType>> {
        self.read(|connection| {
            let waiting = outbox::about_ticket_types(connection)?;
            let types = waiting.into_iter().filter_map(|entry| match entry {
                (_, Action::SaveTicketType { ticket_type }) => Some(*ticket_type),
                _ => None,
            });
            Ok(types.collect())
        })
    }

    /// How many unfinished tickets there are of each type.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn unfinished_by_type(&self) -> Result<Vec<(TicketTypeId, u32)>> {
        self.read(ticket::by_type)
    }

    /// Writes the audit record of tickets that were written into a file.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn note_export(&self, n_rows: usize, now: Millis) -> Result<()> {
        self.write(|tx, _| {
            let account = require_account(tx)?;
            let mut act = Act::done("ticket.export", "store:desktop".to_owned());
            act.reason = format!("{n_rows} rows");
            self.audit(tx, &act, &account, now)
        })
        .map(drop)
    }

    /// The calendar of a policy.
    ///
    /// # Errors
    /// As [`Store::tickets`].
    pub fn ticket_hours(&self, sla: &SlaPolicy) -> Result<BusinessHours> {
        self.read(|connection| hours_of(connection, sla))
    }
}

/// The agent at this desk, in the groups of now.
pub(crate) fn me(connection: &Connection) -> Result<Agent> {
    let account = require_account(connection)?.agent;
    Ok(agent::shown(connection, account.id)?.unwrap_or(account))
}

fn viewer(me: &Agent, now: Millis) -> Viewer<'_> {
    Viewer {
        me: me.id,
        groups: &me.groups,
        now,
    }
}

/// The calendar that a policy names, else the organisation's first one, else every hour of every
/// day: as the server has it.
fn hours_of(connection: &Connection, sla: &SlaPolicy) -> Result<BusinessHours> {
    Ok(sla.calendar(&business_hours::all(connection)?))
}
