//! What was committed, as counts by the minute.
//!
//! The audit log says in which order acts were committed; the rows that they put say the rest. First
//! answers, broken promises and marks come from the cases of the numbers instead: see
//! [`metrics::risen`](crate::metrics::risen).

use std::collections::{BTreeMap, HashMap};

use lt_db::{
    Reader,
    table::{alert_minute, audit as log, counter},
};
use lt_model::{
    Millis,
    alert::sample::{Counts, Minute, start_of},
    audit::{Actor, Outcome},
    id::{ConversationId, GroupId},
    message::{Content, Event, HandoverReason, Message},
};
use lt_protocol::sync::Entity;

use crate::error::Error;

/// The place up to which the audit log was counted.
pub(super) const READ: &str = "alert_read";
/// The number of the last conversation that was counted as opened.
pub(super) const OPENED: &str = "alert_opened";
/// Acts that are counted in one go.
const AT_ONCE: u64 = 4_000;

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
}

struct Act {
    n: u64,
    kind: Kind,
    at: Millis,
    conversation: Option<ConversationId>,
}

fn kind_of(action: &str, actor: &Actor) -> Option<Kind> {
    match (action, actor) {
        ("bot.hand_over" | "bot.give_up", Actor::Bot) => Some(Kind::HandOver),
        ("bot.say_again" | "bot.ask_for_words", Actor::Bot) => Some(Kind::FailedTurn),
        (action, Actor::Bot) if action.starts_with("bot.") => Some(Kind::Turn),
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
        let looked_into = |act: &&Act| act.kind == Kind::HandOver;
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
