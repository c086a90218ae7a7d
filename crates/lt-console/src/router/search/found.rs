//! What a search finds, of every kind, each with how well it fits.
//!
//! **Invariant:** whether a hit is there, how many there are, and where they stand tells nothing
//! about a masked value to whoever does not know it whole: every hit is checked against what may be
//! shown before it is counted.

use std::{cmp::Ordering, collections::HashMap};

use lt_model::{
    Millis,
    id::{ContactId, MessageId, TicketId},
};
use lt_protocol::{
    code::WireError,
    search::{FindArgs, FindKind},
    view::{Range, SearchHit},
};
use lt_search::message_index::{Filter, Kind};
use lt_store::Line;

use crate::{desk::Desk, error::wire, index, view};

/// Most messages that are looked at, the latest ones.
pub(super) const MOST_MESSAGES: usize = 200;
const MOST_CONTACTS: usize = 50;
const MOST_TICKETS: usize = 50;
const MOST_FAQ: usize = 20;
/// A message counts for half as much of what its age adds after this time.
const HALF_LIFE_MS: f32 = 14.0 * 86_400_000.0;

/// Everything that was found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) hits: Vec<Hit>,
    /// Kinds of which there is more than was looked at.
    pub(super) cut: Vec<FindKind>,
}

/// One thing that was found.
pub(super) struct Hit {
    pub(super) kind: FindKind,
    /// How well it fits, 0 to 1; more for what was meant by name.
    score: f32,
    pub(super) at: Millis,
    pub(super) shown: SearchHit,
}

impl Hit {
    /// The order of what fits best; of what fits as well, the latest first.
    pub(super) fn better(&self, other: &Self) -> Ordering {
        let score = other.score.total_cmp(&self.score);
        score.then(other.at.cmp(&self.at))
    }
}

impl Found {
    /// Looks everywhere, at no more than `most` messages.
    pub(super) fn gather(desk: &Desk, args: &FindArgs, most: usize) -> Result<Self, WireError> {
        let mut found = Self::default();
        let query = args.query.trim();
        found.conversations(desk, query, args)?;
        let dated = args.from.is_some() || args.until.is_some();
        if !dated && args.channel.is_none() && args.author.is_none() {
            found.contacts(desk, query)?;
            found.knowledge(desk, query);
        }
        if args.channel.is_none() && args.author.is_none() {
            found.tickets(desk, query, args)?;
        }
        found.messages(desk, query, args, most)?;
        Ok(found)
    }

    fn messages(
        &mut self,
        desk: &Desk,
        query: &str,
        args: &FindArgs,
        most: usize,
    ) -> Result<(), WireError> {
        let channel = args.channel.map(index::through);
        let author = args.author.map(index::by);
        let facets = channel.into_iter().chain(author);
        let filter = Filter {
            kind: Some(Kind::Message),
            from_ms: args.from,
            until_ms: args.until,
            facets: facets.map(str::to_owned).collect(),
            ..Filter::default()
        };
        let hits = desk.index.search(query, &filter, most);
        if hits.len() == most {
            self.cut.push(FindKind::Message);
        }
        let exact = hits.first().is_some_and(|hit| hit.exact);
        let ids: Vec<MessageId> = hits.iter().filter_map(|hit| hit.id.parse().ok()).collect();
        let viewer = desk.viewer()?;
        let now = desk.now();
        // Names repeat: customers are masked once.
        let mut names: HashMap<ContactId, String> = HashMap::new();
        for (stored, line) in desk.store.found(&ids).map_err(wire)? {
            let message = &stored.message;
            let Some(text) = message.words() else {
                continue;
            };
            let Some((text, marks)) = view::mask::hit_line(text, query, exact) else {
                continue;
            };
            let name = names
                .entry(line.contact_id)
                .or_insert_with(|| view::mask::name(&line.contact_name));
            self.hits.push(Hit {
                kind: FindKind::Message,
                score: message_score(exact, now - message.at, &text, &marks),
                at: message.at,
                shown: SearchHit::Message {
                    conversation_id: message.conversation_id,
                    number: view::number(line.number),
                    seq: message.seq,
                    name: name.clone(),
                    channel: line.channel,
                    author: view::message::author_kind(&message.author, &viewer),
                    note: message.is_note(),
                    text,
                    marks,
                    at: message.at,
                },
            });
        }
        Ok(())
    }

    /// A customer leads to the latest conversation with them.
    fn contacts(&mut self, desk: &Desk, query: &str) -> Result<(), WireError> {
        let filter = Filter {
            kind: Some(Kind::Contact),
            ..Filter::default()
        };
        let hits = desk.index.search(query, &filter, MOST_CONTACTS);
        if hits.len() == MOST_CONTACTS {
            self.cut.push(FindKind::Contact);
        }
        for hit in hits {
            let Ok(id) = hit.id.parse::<ContactId>() else {
                continue;
            };
            let latest = desk.store.lines_of(id, 1).map_err(wire)?.pop();
            let Some(line) = latest else { continue };
            let Some(name) = view::mask::hit_name(&line.contact_name, query, hit.exact) else {
                continue;
            };
            self.hits.push(Hit {
                kind: FindKind::Contact,
                score: if hit.exact { 1.0 } else { 0.4 },
                at: line.last_message_at,
                shown: SearchHit::Contact {
                    conversation_id: line.id,
                    number: view::number(line.number),
                    name,
                    value_tier: line.value_tier,
                    at: line.last_message_at,
                },
            });
        }
        Ok(())
    }

    /// A ticket, by its number, its title, its form and its history.
    fn tickets(&mut self, desk: &Desk, query: &str, args: &FindArgs) -> Result<(), WireError> {
        let filter = Filter {
            kind: Some(Kind::Ticket),
            from_ms: args.from,
            until_ms: args.until,
            ..Filter::default()
        };
        let hits = desk.index.search(query, &filter, MOST_TICKETS);
        if hits.len() == MOST_TICKETS {
            self.cut.push(FindKind::Ticket);
        }
        let types = desk.store.ticket_types().map_err(wire)?;
        let viewer = desk.viewer()?;
        let now = desk.now();
        for hit in hits {
            let Ok(id) = hit.id.parse::<TicketId>() else {
                continue;
            };
            let line = desk.store.ticket_line(id).map_err(wire)?;
            let Some(line) = line else { continue };
            let Some(stored) = desk.store.ticket(id).map_err(wire)? else {
                continue;
            };
            let kind = types.iter().find(|kind| kind.id == line.type_id);
            let pieces = view::ticket::value::pieces(&stored.ticket, kind);
            let found = view::mask::hit_pieces(pieces, query, hit.exact);
            let Some((text, marks)) = found else {
                continue;
            };
            let number = view::ticket::number(line.number);
            let is_named = number.eq_ignore_ascii_case(query);
            let score = message_score(hit.exact, now - line.updated_at, &text, &marks);
            self.hits.push(Hit {
                kind: FindKind::Ticket,
                score: if is_named { 2.0 } else { score + 0.05 },
                at: line.updated_at,
                shown: SearchHit::Ticket {
                    ticket_id: line.id,
                    number,
                    title: view::mask::line(&line.title),
                    state: line.state,
                    department: viewer.group_name(line.group_id),
                    name: view::mask::name(&line.customer),
                    text,
                    marks,
                    at: line.updated_at,
                },
            });
        }
        Ok(())
    }

    /// What people call a conversation by: `C-10293`, or the number alone.
    fn conversations(
        &mut self,
        desk: &Desk,
        query: &str,
        args: &FindArgs,
    ) -> Result<(), WireError> {
        let digits = query.strip_prefix(['C', 'c']).unwrap_or(query);
        let digits = digits.strip_prefix('-').unwrap_or(digits);
        let Ok(number) = digits.parse::<u64>() else {
            return Ok(());
        };
        let line = desk.store.line_by_number(number).map_err(wire)?;
        let Some(line) = line.filter(|line| fits(line, args)) else {
            return Ok(());
        };
        let last = line.last.as_ref();
        self.hits.push(Hit {
            kind: FindKind::Conversation,
            score: 2.0,
            at: line.last_message_at,
            shown: SearchHit::Conversation {
                conversation_id: line.id,
                number: view::number(line.number),
                name: view::mask::name(&line.contact_name),
                channel: line.channel,
                text: last
                    .map(|last| view::mask::line(&last.text))
                    .unwrap_or_default(),
                at: line.last_message_at,
            },
        });
        Ok(())
    }

    fn knowledge(&mut self, desk: &Desk, query: &str) {
        let engine = desk.brain.engine();
        let found = engine.map(|engine| engine.search(query, MOST_FAQ));
        for (place, candidate) in found.unwrap_or_default().into_iter().enumerate() {
            let named = candidate.question.contains(query);
            let named = if named { 0.35 } else { 0.0 };
            // The best entries stand in front, the others among what was said.
            let behind = f32::from(u8::try_from(place).unwrap_or(u8::MAX)) * 0.04;
            self.hits.push(Hit {
                kind: FindKind::Faq,
                score: 0.45 + 0.2 * candidate.confidence + named - behind,
                at: 0,
                shown: SearchHit::Faq(view::assist::suggestion(candidate)),
            });
        }
    }
}

/// Whether a conversation is left by the filters. It has no author.
fn fits(line: &Line, args: &FindArgs) -> bool {
    args.author.is_none()
        && args.channel.is_none_or(|channel| channel == line.channel)
        && args.from.is_none_or(|from| line.last_message_at >= from)
        && args.until.is_none_or(|until| line.last_message_at < until)
}

/// All that was typed counts most, then how late it was said, then how much of the line it is.
fn message_score(exact: bool, age_ms: Millis, text: &str, marks: &[Range]) -> f32 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "an order, not a sum: nobody sees the last digits"
    )]
    let (age, length) = (age_ms.max(0) as f32, text.chars().count().max(1) as f32);
    let marked: u32 = marks
        .iter()
        .map(|mark| mark.end.saturating_sub(mark.start))
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a line is short")]
    let share = (marked as f32 / length).min(1.0);
    let base = if exact { 0.55 } else { 0.2 };
    base + 0.2 * (-age / HALF_LIFE_MS).exp2() + 0.15 * share
}
