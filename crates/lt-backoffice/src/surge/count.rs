//! Which conversations are complaints, about what and from where, as the audit log and the rows
//! tell.

use std::collections::{HashMap, HashSet};

use lt_db::{
    Reader,
    table::{audit as log, conversation, counter, message, surge},
};
use lt_engine::{Engine, surge::region};
use lt_model::{
    Millis,
    audit::{Actor, AuditEntry, Outcome},
    conversation::Conversation,
    id::ConversationId,
    message::Author,
    priority::{Priority, Reason},
};

use crate::error::Error;

/// Records that are looked through in one go.
const AT_ONCE: u64 = 2_000;
/// Words by which categories of complaints are called, in the first part of a path.
const COMPLAINTS: [&str; 3] = ["投诉", "complaint", "举报"];
/// Messages of a customer that are read, and characters of them.
const N_MESSAGES: usize = 3;
const MAX_CHARS: usize = 300;

/// What was counted, from where and up to where.
pub(super) struct Counted {
    /// The kept place.
    pub(super) kept: u64,
    pub(super) up_to: u64,
    /// Whether there is no more.
    pub(super) is_all: bool,
    pub(super) cases: Vec<surge::Case>,
}

/// What came after the kept place, or after `here` where that is later.
pub(super) fn read(
    reader: &Reader<'_>,
    engine: &Engine,
    place: &str,
    here: u64,
) -> Result<Counted, Error> {
    let kept = counter::last(reader, place)?;
    let from = kept.max(here);
    let records = log::after(reader, from, AT_ONCE)?;
    let up_to = records.last().map_or(from, |(n, _)| *n);
    let is_all = u64::try_from(records.len()).unwrap_or(u64::MAX) < AT_ONCE;
    let mut seen = HashSet::new();
    let touched: Vec<(ConversationId, Millis)> = records
        .iter()
        .filter_map(|(_, record)| Some((understood(&record.entry)?, record.entry.at)))
        .filter(|(id, _)| seen.insert(*id))
        .collect();
    let ids: Vec<ConversationId> = touched.iter().map(|(id, _)| *id).collect();
    let known: HashMap<ConversationId, bool> = surge::counted(reader, &ids)?.into_iter().collect();
    let mut cases = Vec::new();
    for (id, at) in touched {
        let Some(found) = conversation::by_id(reader, id)? else {
            continue;
        };
        let is_complaint = is_complaint(&found);
        let is_news = match known.get(&id) {
            None => true,
            Some(was_complaint) => is_complaint && !was_complaint,
        };
        if is_news {
            cases.push(case(reader, engine, &found, is_complaint, at)?);
        }
    }
    Ok(Counted {
        kept,
        up_to,
        is_all,
        cases,
    })
}

/// The conversation that a record says something about: what it is about may have become known.
fn understood(entry: &AuditEntry) -> Option<ConversationId> {
    let is_it = match entry.action.as_str() {
        // A polite word tells nothing.
        "bot.small_talk" => false,
        "conversation.patch" => true,
        action => entry.actor == Actor::Bot && action.starts_with("bot."),
    };
    let is_it = is_it && entry.outcome == Outcome::Allowed;
    let id = entry
        .object
        .strip_prefix("conversation:")
        .filter(|_| is_it)?;
    id.parse().ok()
}

fn is_complaint(conversation: &Conversation) -> bool {
    let top = conversation.category.split('/').next().unwrap_or_default();
    let top = top.to_lowercase();
    COMPLAINTS.iter().any(|name| top.contains(name))
        || conversation.reasons.iter().any(|reason| match reason {
            Reason::Words { to, .. } => *to >= Priority::High,
            Reason::Tier { .. } => false,
        })
}

fn case(
    reader: &Reader<'_>,
    engine: &Engine,
    found: &Conversation,
    is_complaint: bool,
    at: Millis,
) -> Result<surge::Case, Error> {
    let region = if is_complaint {
        region(&said(reader, found.id)?).unwrap_or_default()
    } else {
        ""
    };
    // What a customer calls a product may be anything: series are of names that the shop uses too.
    let product = found.dialogue.slots.product.clone();
    let product = product.filter(|name| is_complaint && is_known(engine, name));
    Ok(surge::Case {
        conversation: found.id,
        at,
        is_complaint,
        product: product.unwrap_or_default(),
        category: found.category.clone(),
        region: region.to_owned(),
    })
}

/// Whether the knowledge names it.
fn is_known(engine: &Engine, name: &str) -> bool {
    engine.docs().iter().any(|doc| {
        doc.business_line == name
            || doc.question.contains(name)
            || doc.answer.contains(name)
            || doc.similar.iter().any(|similar| similar.contains(name))
    })
}

/// What the customer said in a conversation, its beginning.
pub(super) fn said(reader: &Reader<'_>, id: ConversationId) -> Result<String, Error> {
    let messages = message::of_conversation(reader, id)?;
    let texts: Vec<&str> = messages
        .iter()
        .filter(|stored| stored.message.author == Author::Customer)
        .filter_map(|stored| stored.message.text())
        .take(N_MESSAGES)
        .collect();
    Ok(texts.join("，").chars().take(MAX_CHARS).collect())
}
