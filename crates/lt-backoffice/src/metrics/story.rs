//! What happened in a conversation or to a ticket, as the numbers ask.

use lt_engine::dialogue::Why;
use lt_model::{
    Millis,
    conversation::{Conversation, Handler, Status},
    faq::FaqSource,
    id::AgentId,
    message::{Author, Content, Event as Happened, HandoverReason, Message},
    metric::{Count, Event, EventKind, Share},
    numbers,
    sla::PauseReason,
    survey::Survey,
    ticket::{Ticket, TicketEventKind},
};

use crate::texts;

/// A conversation, read from its messages.
#[derive(Default)]
pub(super) struct Story {
    pub(super) events: Vec<Event>,
    /// Who answered first.
    pub(super) answered_by: Option<AgentId>,
    /// What the bot first answered from.
    pub(super) source: Option<FaqSource>,
}

/// What the customer said last, and what came of it.
#[derive(Default)]
struct Round {
    /// The bot's first word, and whether no word of it was an answer.
    said: Option<(Millis, bool)>,
    handed_over: Option<(Millis, HandoverReason)>,
}

/// Reads it; messages are in their order.
pub(super) fn read<'m>(
    conversation: &Conversation,
    messages: impl Iterator<Item = &'m Message>,
    surveys: &[Survey],
) -> Story {
    let mut reading = Reading::default();
    reading.tell(conversation.created_at, EventKind::Opened);
    for message in messages {
        reading.take(message);
    }
    reading.close();
    for survey in surveys {
        let score = survey.answer.as_ref().map(|answer| answer.score);
        let answer = survey.answer.as_ref();
        let at = answer.map_or(survey.asked_at, |answer| {
            answer.changed_at.unwrap_or(answer.at)
        });
        reading.tell(at, EventKind::Csat { score });
    }
    // Moves that leave no line of their own.
    let is_queued = conversation.status == Status::Open && conversation.handler == Handler::Queue;
    if is_queued != reading.is_queued {
        let events = reading.story.events.iter().map(|event| event.at);
        let at = events.fold(conversation.last_message_at, Millis::max);
        reading.queue(at, is_queued);
    }
    reading.story
}

#[derive(Default)]
struct Reading {
    story: Story,
    round: Option<Round>,
    is_queued: bool,
    is_set_aside: bool,
}

impl Reading {
    fn take(&mut self, message: &Message) {
        let at = message.at;
        match (&message.author, &message.content) {
            (_, Content::Event(happened)) => self.happened(at, happened),
            (Author::Customer, _) => {
                // It wakes by that without a line of its own.
                self.set_aside(at, false);
                self.close();
                self.round = Some(Round::default());
            }
            (Author::Bot { source }, _) => {
                if source.is_some() {
                    self.tell(at, EventKind::AutoAnswered);
                    if self.story.source.is_none() {
                        self.story.source.clone_from(source);
                    }
                }
                if let Some(round) = &mut self.round {
                    let is_answer = !message.text().is_some_and(is_no_answer);
                    let (_, failed) = round.said.get_or_insert((at, true));
                    *failed &= !is_answer;
                }
            }
            (Author::Agent { agent, .. }, _) if message.is_said() => {
                self.set_aside(at, false);
                self.close();
                self.tell(at, EventKind::FirstResponse);
                self.story.answered_by.get_or_insert(*agent);
            }
            (Author::Agent { .. } | Author::System, _) => {}
        }
    }

    fn happened(&mut self, at: Millis, happened: &Happened) {
        match happened {
            Happened::HandedOver { reason, .. } => {
                self.tell(at, EventKind::HandedOver);
                self.queue(at, true);
                if let Some(round) = &mut self.round {
                    round.handed_over = Some((at, *reason));
                }
            }
            Happened::LeftMessage { .. } => {
                self.tell(at, EventKind::HandedOver);
                self.queue(at, false);
            }
            Happened::Claimed { .. } | Happened::TakenOver { .. } => {
                self.set_aside(at, false);
                self.tell(at, EventKind::HandedOver);
                self.queue(at, false);
            }
            Happened::Drained | Happened::Transferred { .. } | Happened::Returned { .. } => {
                self.set_aside(at, false);
                self.queue(at, true);
            }
            Happened::Snoozed { .. } => self.set_aside(at, true),
            Happened::Woken => self.set_aside(at, false),
            Happened::Resolved { .. } => {
                self.set_aside(at, false);
                self.close();
                self.tell(at, EventKind::Resolved);
                self.queue(at, false);
            }
            Happened::Reopened => self.tell(at, EventKind::Reopened),
            Happened::ResolveUndone { .. } => self.resolve_undone(),
            _ => {}
        }
    }

    /// Ends what the customer said last. Where a person was asked for, the bot had no turn.
    fn close(&mut self) {
        let Some(round) = self.round.take() else {
            return;
        };
        let turn = match (round.handed_over, round.said) {
            (Some((at, HandoverReason::Unsure | HandoverReason::NoAnswer)), _) => Some((at, true)),
            (Some((_, HandoverReason::Asked | HandoverReason::NeedsPerson)), _) => None,
            (None, said) => said,
        };
        if let Some((at, failed)) = turn {
            self.tell(at, EventKind::Turn { failed });
        }
    }

    fn queue(&mut self, at: Millis, is_queued: bool) {
        if self.is_queued != is_queued {
            self.is_queued = is_queued;
            let kind = if is_queued {
                EventKind::Queued
            } else {
                EventKind::Unqueued
            };
            self.tell(at, kind);
        }
    }

    fn set_aside(&mut self, at: Millis, is_set_aside: bool) {
        if self.is_set_aside != is_set_aside {
            self.is_set_aside = is_set_aside;
            let kind = if is_set_aside {
                EventKind::Paused
            } else {
                EventKind::Resumed
            };
            self.tell(at, kind);
        }
    }

    /// It was not resolved, and does not come back: the numbers know nothing of either.
    fn resolve_undone(&mut self) {
        let is_end = |event: &Event| matches!(event.kind, EventKind::Resolved);
        if let Some(end) = self.story.events.iter().rposition(is_end) {
            self.story.events.remove(end);
        }
    }

    fn tell(&mut self, at: Millis, kind: EventKind) {
        self.story.events.push(Event { at, kind });
    }
}

/// Whether the bot's word says that it has no answer.
fn is_no_answer(text: &str) -> bool {
    [
        texts::say_again(Why::Unsure),
        texts::say_again(Why::DidNotHelp),
        texts::ASK_FOR_WORDS,
        texts::NO_LIVE_STATE,
    ]
    .contains(&text)
}

/// What a ticket adds: to the backlog while it is to be done, to the promises as they end.
pub(super) fn ticket_share(ticket: &Ticket, now: Millis) -> (Share, bool) {
    let mut flows = Vec::new();
    let mut is_in = false;
    let mut step = |at: Millis, wanted: bool| {
        if wanted != is_in {
            is_in = wanted;
            flows.push((
                at,
                if wanted {
                    Count::TicketsIn
                } else {
                    Count::TicketsOut
                },
            ));
        }
    };
    for event in &ticket.events {
        match &event.what {
            TicketEventKind::Created { .. }
            | TicketEventKind::Resumed { .. }
            | TicketEventKind::Reopened { .. }
            | TicketEventKind::VerifiedFail { .. }
            | TicketEventKind::Paused {
                why: PauseReason::OnHold,
                ..
            } => step(event.at, true),
            TicketEventKind::Paused {
                why: PauseReason::PendingCustomer,
                ..
            }
            | TicketEventKind::Resolved { .. }
            | TicketEventKind::VerifiedOk { .. }
            | TicketEventKind::Closed
            | TicketEventKind::MergedInto { .. }
            | TicketEventKind::Cancelled { .. } => step(event.at, false),
            _ => {}
        }
    }
    let is_standing = numbers::is_backlog(ticket.state);
    step(ticket.updated_at, is_standing);
    let ended = ticket
        .deadlines
        .iter()
        .filter_map(|deadline| numbers::is_breached(deadline, now));
    let (mut due, mut late) = (0, 0);
    for is_late in ended {
        due += 1;
        late += i64::from(is_late);
    }
    let outcome = [(Count::Due, due), (Count::Late, late)];
    let share = Share {
        opened_at: ticket.created_at,
        outcome: outcome.into_iter().filter(|(_, n)| *n > 0).collect(),
        first_response_s: None,
        flows,
    };
    (share, is_standing)
}

#[cfg(test)]
mod tests;
