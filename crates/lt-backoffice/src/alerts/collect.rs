//! What was committed, as counts by the minute.
//!
//! The audit log says in which order acts were committed; the rows that they put say the rest. This is
//! the one place that knows how acts become counts.

use std::collections::{BTreeMap, HashMap};

use lt_db::{
    Reader,
    table::{alert_minute, audit as log, business_hours, counter, inbox, message},
};
use lt_model::{
    Millis,
    alert::sample::{Counts, Minute, start_of},
    audit::{Actor, Outcome},
    conversation::Conversation,
    id::{ConversationId, GroupId},
    message::{Content, Event, HandoverReason, Message},
    ticket::{Ticket, TicketEventKind},
};
use lt_protocol::sync::Entity;

use crate::error::Error;

/// The place up to which the audit log was counted.
pub(super) const READ: &str = "alert_read";
/// The number of the last conversation that was counted as opened.
pub(super) const OPENED: &str = "alert_opened";
/// Acts that are counted in one go.
const AT_ONCE: u64 = 4_000;
/// A mark that is good.
const GOOD_MARK: u8 = 4;

/// What was counted, from where and up to where.
pub(super) struct Collected {
    pub(super) minutes: BTreeMap<Millis, Minute>,
    pub(super) read: (u64, u64),
    pub(super) opened: (u64, u64),
    /// Whether there is more.
    pub(super) is_all: bool,
}

/// Counts what came since, and how much is open now.
pub(super) fn collect(reader: &Reader<'_>, now: Millis) -> Result<Collected, Error> {
    let from = counter::last(reader, READ)?;
    let records = log::after(reader, from, AT_ONCE)?;
    let up_to = records.last().map_or(from, |(n, _)| *n);
    let is_all = u64::try_from(records.len()).unwrap_or(u64::MAX) < AT_ONCE;
    let mut acts = Vec::new();
    for (n, record) in records {
        let entry = record.entry;
        if entry.outcome == Outcome::Allowed
            && let Some(kind) = kind_of(&entry.action, &entry.actor)
        {
            acts.push(Act {
                n,
                kind,
                at: entry.at,
                conversation: conversation_of(&entry.object),
            });
        }
    }
    let mut counted = Counted::default();
    counted.acts(reader, &acts)?;
    let opened_from = counter::last(reader, OPENED)?;
    let (groups, opened_to) = alert_minute::opened(reader, opened_from, AT_ONCE)?;
    for group in groups {
        let one = Counts {
            opened: 1,
            ..Counts::default()
        };
        counted.add(now, Some(group), &one);
    }
    counted.gauges(reader, now)?;
    Ok(Collected {
        minutes: counted.minutes,
        read: (from, up_to),
        opened: (opened_from, opened_to),
        is_all,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The bot answered or asked back.
    Turn,
    /// It had no answer and asks for words, or for other ones.
    FailedTurn,
    /// It handed over: why stands in the rows.
    HandOver,
    /// An agent wrote: maybe for the first time.
    Reply,
    /// Clocks of a ticket rang.
    Clock,
    /// A customer gave a mark.
    Mark,
}

struct Act {
    n: u64,
    kind: Kind,
    at: Millis,
    conversation: Option<ConversationId>,
}

fn kind_of(action: &str, actor: &Actor) -> Option<Kind> {
    match (action, actor) {
        ("bot.hand_over", Actor::Bot) => Some(Kind::HandOver),
        ("bot.say_again" | "bot.ask_for_words", Actor::Bot) => Some(Kind::FailedTurn),
        (action, Actor::Bot) if action.starts_with("bot.") => Some(Kind::Turn),
        ("message.send" | "file.send", Actor::Agent { .. }) => Some(Kind::Reply),
        ("ticket.clock", _) => Some(Kind::Clock),
        ("survey.answer", _) => Some(Kind::Mark),
        _ => None,
    }
}

fn conversation_of(object: &str) -> Option<ConversationId> {
    object.strip_prefix("conversation:")?.parse().ok()
}

#[derive(Default)]
struct Counted {
    minutes: BTreeMap<Millis, Minute>,
}

impl Counted {
    fn add(&mut self, at: Millis, group: Option<GroupId>, one: &Counts) {
        let minute = self.minutes.entry(start_of(at)).or_default();
        minute.count(group, one);
    }

    fn acts(&mut self, reader: &Reader<'_>, acts: &[Act]) -> Result<(), Error> {
        let conversations: Vec<ConversationId> =
            acts.iter().filter_map(|act| act.conversation).collect();
        let groups: HashMap<ConversationId, GroupId> =
            alert_minute::groups_of(reader, &conversations)?
                .into_iter()
                .collect();
        let looked_into = |act: &&Act| !matches!(act.kind, Kind::Turn | Kind::FailedTurn);
        let numbers: Vec<u64> = acts.iter().filter(looked_into).map(|act| act.n).collect();
        let mut rows: HashMap<u64, Vec<Entity>> = HashMap::new();
        for (n, entity) in lt_db::feed::rows_of(reader, &numbers)? {
            rows.entry(n).or_default().push(entity);
        }
        for act in acts {
            let group = act.conversation.and_then(|id| groups.get(&id).copied());
            let put = rows.remove(&act.n).unwrap_or_default();
            match act.kind {
                Kind::Turn => self.turn(act.at, group, false),
                Kind::FailedTurn => self.turn(act.at, group, true),
                Kind::HandOver => self.hand_over(act.at, group, &put),
                Kind::Reply => self.reply(reader, act.at, &put)?,
                Kind::Clock => self.clock(act.at, &put),
                Kind::Mark => self.mark(reader, act.at, &put)?,
            }
        }
        Ok(())
    }

    fn turn(&mut self, at: Millis, group: Option<GroupId>, failed: bool) {
        let one = Counts {
            turns: 1,
            failed: u32::from(failed),
            ..Counts::default()
        };
        self.add(at, group, &one);
    }

    /// Without a reliable answer its turn failed; where a person was asked for, or needed, it had none.
    fn hand_over(&mut self, at: Millis, group: Option<GroupId>, put: &[Entity]) {
        let reason = put.iter().find_map(|entity| match entity {
            Entity::Message(Message {
                content: Content::Event(Event::HandedOver { reason, .. }),
                ..
            }) => Some(*reason),
            _ => None,
        });
        if let Some(HandoverReason::NoAnswer | HandoverReason::Unsure) = reason {
            self.turn(at, group, true);
        }
    }

    /// The first word of a person after the hand-over: how long that took, in business time.
    fn reply(&mut self, reader: &Reader<'_>, at: Millis, put: &[Entity]) -> Result<(), Error> {
        let conversation = put.iter().find_map(|entity| match entity {
            Entity::Conversation(one) if one.first_reply_at == Some(at) => Some(one),
            _ => None,
        });
        let Some(conversation) = conversation else {
            return Ok(());
        };
        let Some(since) = handed_over_at(reader, conversation, at)? else {
            return Ok(());
        };
        let calendar =
            match inbox::by_id(reader, conversation.inbox_id)?.and_then(|inbox| inbox.hours) {
                Some(id) => business_hours::by_id(reader, id)?,
                None => None,
            };
        let waited = calendar.map_or(at - since, |hours| hours.business_ms_between(since, at));
        let seconds = u32::try_from(waited.max(0) / 1_000).unwrap_or(u32::MAX);
        let one = Counts {
            first: BTreeMap::from([(seconds, 1)]),
            ..Counts::default()
        };
        self.add(at, Some(conversation.group_id), &one);
        Ok(())
    }

    fn clock(&mut self, at: Millis, put: &[Entity]) {
        for entity in put {
            if let Entity::Ticket(ticket) = entity {
                let breaches = broken_at(ticket, at);
                let one = Counts {
                    breaches,
                    ..Counts::default()
                };
                if breaches > 0 {
                    self.add(at, Some(ticket.group_id), &one);
                }
            }
        }
    }

    fn mark(&mut self, reader: &Reader<'_>, at: Millis, put: &[Entity]) -> Result<(), Error> {
        for entity in put {
            if let Entity::Survey(survey) = entity
                && let Some(answer) = &survey.answer
                && answer.at == at
            {
                let ids = [survey.conversation_id];
                let group = alert_minute::groups_of(reader, &ids)?.pop();
                let one = Counts {
                    marks: 1,
                    bad_marks: u32::from(answer.score < GOOD_MARK),
                    ..Counts::default()
                };
                self.add(at, group.map(|(_, group)| group), &one);
            }
        }
        Ok(())
    }

    /// What is open now, of each group that has something and of all.
    fn gauges(&mut self, reader: &Reader<'_>, now: Millis) -> Result<(), Error> {
        let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let minute = self.minutes.entry(start_of(now)).or_default();
        let (mut waiting, mut backlog) = (0_u32, 0_u32);
        for (group, n) in alert_minute::waiting(reader)? {
            let of_group = minute.groups.entry(group).or_default();
            of_group.waiting = Some(count(n));
            of_group.backlog = Some(count(n));
            waiting = waiting.saturating_add(count(n));
        }
        for (group, n) in alert_minute::open_tickets(reader)? {
            let of_group = minute.groups.entry(group).or_default();
            let before = of_group.backlog.unwrap_or(0);
            of_group.backlog = Some(before.saturating_add(count(n)));
            backlog = backlog.saturating_add(count(n));
        }
        minute.all.waiting = Some(waiting);
        minute.all.backlog = Some(backlog.saturating_add(waiting));
        Ok(())
    }
}

/// When a conversation was handed over before a reply.
fn handed_over_at(
    reader: &Reader<'_>,
    conversation: &Conversation,
    before: Millis,
) -> Result<Option<Millis>, Error> {
    let messages = message::of_conversation(reader, conversation.id)?;
    let is_hand_over = |message: &&Message| {
        let is_it = matches!(&message.content, Content::Event(Event::HandedOver { .. }));
        is_it && message.at <= before
    };
    let found = messages.iter().map(|stored| &stored.message);
    let last = found.filter(is_hand_over).max_by_key(|message| message.at);
    Ok(last.map(|message| message.at))
}

fn broken_at(ticket: &Ticket, at: Millis) -> u32 {
    let broken = ticket
        .events
        .iter()
        .filter(|event| event.at == at && matches!(event.what, TicketEventKind::Breached { .. }));
    u32::try_from(broken.count()).unwrap_or(u32::MAX)
}
