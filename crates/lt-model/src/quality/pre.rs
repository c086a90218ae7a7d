//! The score beforehand (自动预评分): what the machine can see in a conversation by itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    form::{AutoCheck, FormDraft, FormItem, ItemKind, ItemMark, Mark, Score, scored},
    words,
};
use crate::{
    Millis,
    id::{AgentId, MessageId},
    message::{Author, Content, Delivery, Event, Message},
};

/// Most findings that are kept of one item. All of them count.
pub const MAX_FINDINGS: usize = 20;

/// What was found wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FoundWhat {
    /// The first message greets nobody.
    NoGreeting,
    /// The last message has no farewell.
    NoClosing,
    /// The customer waited too long for this message.
    Late {
        /// So many seconds.
        waited_s: u32,
    },
    /// The message has this word of the form.
    Word {
        /// It, as the form has it.
        word: String,
    },
}

/// Something that counts against an item, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaFinding {
    /// The item's key.
    pub item: String,
    /// The message of the agent.
    pub message_id: MessageId,
    /// Its place in the conversation.
    #[ts(type = "number")]
    pub seq: u64,
    /// What is wrong with it.
    pub what: FoundWhat,
}

/// The score beforehand. Items that the machine does not look at have all their points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreScore {
    /// A mark for each item, in the order of the form.
    pub marks: Vec<ItemMark>,
    /// What they come to.
    pub score: Score,
    /// What counts against the agent.
    pub findings: Vec<QaFinding>,
}

/// Scores what one agent did in a conversation, by its messages, oldest first. What was taken back
/// does not count.
#[must_use]
pub fn prescore(form: &FormDraft, agent: AgentId, messages: &[Message]) -> PreScore {
    let messages: Vec<&Message> = messages
        .iter()
        .filter(|message| message.delivery != Delivery::Recalled)
        .collect();
    let written: Vec<&Message> = messages
        .iter()
        .copied()
        .filter(|message| message.written_by() == Some(agent) && message.is_said())
        .collect();
    let mut findings = Vec::new();
    let marks: Vec<ItemMark> = form
        .items
        .iter()
        .map(|item| {
            let found = match &item.auto {
                Some(auto) => look(auto, agent, &messages, &written),
                None => Found::default(),
            };
            let mark = mark(item, &found);
            let shown = found.wrong.into_iter().take(MAX_FINDINGS);
            findings.extend(shown.map(|(message, what)| QaFinding {
                item: item.id.clone(),
                message_id: message.id,
                seq: message.seq,
                what,
            }));
            ItemMark {
                item: item.id.clone(),
                mark,
                comment: String::new(),
            }
        })
        .collect();
    // Marks that were made from the form fit it, unless the form itself is unfit.
    let score = scored(form, &marks).map_or(
        Score {
            tenths: 0,
            verdict: super::form::Verdict::Failed,
        },
        |(_, score)| score,
    );
    PreScore {
        marks,
        score,
        findings,
    }
}

/// What a check found: what is wrong, of how many chances; a price for each.
#[derive(Default)]
struct Found<'m> {
    wrong: Vec<(&'m Message, FoundWhat)>,
    cost: Cost,
}

#[derive(Default)]
enum Cost {
    /// The first one costs everything.
    #[default]
    All,
    /// Each costs so many points.
    Each(u16),
    /// Each costs its share of so many chances.
    Share(usize),
}

fn mark(item: &FormItem, found: &Found<'_>) -> Mark {
    let n_wrong = found.wrong.len();
    let ItemKind::Points { weight } = item.kind else {
        return Mark::Veto { hit: n_wrong > 0 };
    };
    let points = match (n_wrong, &found.cost) {
        (0, _) => weight,
        (_, Cost::All) => 0,
        (n, Cost::Each(each)) => {
            let n = u16::try_from(n).unwrap_or(u16::MAX);
            weight.saturating_sub(each.saturating_mul(n))
        }
        (n, Cost::Share(of)) => {
            let good = of.saturating_sub(n);
            let share = usize::from(weight) * good / (*of).max(1);
            u16::try_from(share).unwrap_or(weight)
        }
    };
    Mark::Points { points }
}

fn look<'m>(
    auto: &AutoCheck,
    agent: AgentId,
    messages: &[&'m Message],
    written: &[&'m Message],
) -> Found<'m> {
    match auto {
        AutoCheck::Greeting { words } => {
            one(written.first().copied(), words, FoundWhat::NoGreeting)
        }
        AutoCheck::Closing { words } => one(written.last().copied(), words, FoundWhat::NoClosing),
        AutoCheck::Gaps { within_s } => gaps(*within_s, agent, messages),
        AutoCheck::Forbidden { words, each } => with_words(written, words, *each, words::holds),
        AutoCheck::Promises { words, each } => with_words(written, words, *each, words::asserts),
    }
}

/// The message must have one of the words.
fn one<'m>(message: Option<&'m Message>, words: &[String], what: FoundWhat) -> Found<'m> {
    let missing = message.filter(|message| {
        let text = words::folded(message.text().unwrap_or_default());
        !words.iter().any(|word| words::holds(&text, word))
    });
    Found {
        wrong: missing.map(|message| (message, what)).into_iter().collect(),
        cost: Cost::All,
    }
}

/// No message may have one of the words. A message counts once.
fn with_words<'m>(
    written: &[&'m Message],
    words: &[String],
    each: u16,
    has: fn(&str, &str) -> bool,
) -> Found<'m> {
    let wrong = written.iter().filter_map(|message| {
        let text = words::folded(message.text()?);
        let word = words.iter().find(|word| has(&text, word))?;
        Some((*message, FoundWhat::Word { word: word.clone() }))
    });
    Found {
        wrong: wrong.collect(),
        cost: match each {
            0 => Cost::All,
            each => Cost::Each(each),
        },
    }
}

/// How long the customer waited for each answer of the agent: from the first thing they said since
/// somebody answered, but not before the conversation came to a person, and to this one.
fn gaps<'m>(within_s: u32, agent: AgentId, messages: &[&'m Message]) -> Found<'m> {
    let (mut wrong, mut n_waits) = (Vec::new(), 0);
    let mut since: Option<Millis> = None;
    for message in messages {
        match (&message.author, &message.content) {
            (_, Content::Event(event)) => match event {
                Event::HandedOver { .. } => since = Some(message.at),
                Event::Claimed { .. }
                | Event::TakenOver { .. }
                | Event::Transferred { .. }
                | Event::TakenBack { .. }
                | Event::Returned { .. }
                | Event::Drained
                | Event::Reopened => since = since.map(|at| at.max(message.at)),
                Event::LeftMessage { .. }
                | Event::NotTaken { .. }
                | Event::Snoozed { .. }
                | Event::Woken
                | Event::Resolved { .. }
                | Event::ResolveUndone { .. }
                | Event::Prioritised { .. }
                | Event::Recalled { .. }
                | Event::Categorised { .. }
                | Event::Ticket { .. }
                | Event::Survey { .. } => {}
            },
            (Author::Customer, _) if message.is_said() => {
                since = since.or(Some(message.at));
            }
            (Author::Bot { .. }, _) => since = None,
            (Author::Agent { agent: who, .. }, _) if message.is_said() => {
                if let Some(from) = since.take()
                    && *who == agent
                {
                    n_waits += 1;
                    let waited_s = (message.at - from).max(0) / 1_000;
                    let waited_s = u32::try_from(waited_s).unwrap_or(u32::MAX);
                    if waited_s > within_s {
                        wrong.push((*message, FoundWhat::Late { waited_s }));
                    }
                }
            }
            (Author::Customer | Author::Agent { .. } | Author::System, _) => {}
        }
    }
    Found {
        wrong,
        cost: Cost::Share(n_waits),
    }
}
