//! From a surge to its alert, with what the customers say.

use lt_db::{
    Reader, Tx,
    table::{alert, conversation, surge as kept},
};
use lt_engine::{
    Engine, Query,
    surge::{
        Dimension, Key, Signal, Surge,
        evidence::{Evidence, MAX_MESSAGES, Said},
    },
};
use lt_model::{
    Millis,
    alert::{
        Alert, AlertAbout, FaqDraft, Measure, Reading, Severity,
        judge::{self, Bounds, Seen},
        rule::{Audience, Condition, MAX_RULE_NAME_CHARS, MAX_WINDOW_MIN, RuleDraft},
        standard,
    },
    id::{AlertRuleId, ConversationId},
};
use uuid::Uuid;

use super::count::{Counted, said};
use crate::{alerts, backoffice::Backoffice, error::Error, ids};

/// Complaints from which on a surge wakes people.
const CRITICAL_FROM: u32 = 20;
/// So long after that administrators are told too, where nobody has acknowledged it, minutes.
const ESCALATED_AFTER_MIN: u32 = 15;
/// What other complaints said is read from so long before.
const BEFORE_MS: Millis = 30 * 86_400_000;
/// Most complaints that are read for an alert.
const N_READ: usize = MAX_MESSAGES / 2;
/// An answer is proposed from this confidence on.
const CONFIDENT: f32 = 0.5;
/// Longest question of a draft, characters.
const MAX_QUESTION_CHARS: usize = 60;
/// Most series that an alert names.
const MAX_TOPICS: usize = 5;

/// What an alert gets to know.
pub(super) enum Told {
    /// A surge began.
    Began(Box<Surge>, AlertAbout),
    /// Another series has it too.
    Joined(Key, Key),
    /// It is over.
    Ended(Box<Surge>),
}

impl Backoffice {
    /// What the customers say of it.
    pub(super) fn look_into(&self, signal: Signal, counted: &Counted) -> Result<Told, Error> {
        Ok(match signal {
            Signal::Began(surge) => {
                let about = self.about(&surge, counted)?;
                Told::Began(Box::new(surge), about)
            }
            Signal::Joined { surge, of } => Told::Joined(surge.series, of),
            Signal::Ended(surge) => Told::Ended(Box::new(surge)),
        })
    }

    fn about(&self, surge: &Surge, counted: &Counted) -> Result<AlertAbout, Error> {
        let (here, elsewhere) = self.db.read(|reader| {
            Ok::<_, Error>((
                of_surge(reader, surge, counted)?,
                before(reader, surge.since)?,
            ))
        })?;
        let said: Vec<Said<'_>> = here
            .iter()
            .map(|(person, text)| Said {
                person: *person,
                text,
            })
            .collect();
        let elsewhere: Vec<&str> = elsewhere.iter().map(|(_, text)| text.as_str()).collect();
        let engine = self.engine.load();
        let Evidence { examples, words } = engine.gather_evidence(&said, &elsewhere);
        Ok(AlertAbout {
            topics: vec![topic(&surge.series)],
            faq: examples.first().map(|typical| draft(&engine, typical)),
            examples,
            words,
        })
    }
}

/// The question as the most typical customer asks it, with the answer of the entry that fits, where
/// one does.
fn draft(engine: &Engine, typical: &str) -> FaqDraft {
    let understood = engine.understand(&Query::plain(typical));
    let nearest = understood.candidates.into_iter().next();
    let answer = nearest.filter(|nearest| nearest.confidence >= CONFIDENT);
    let question: String = typical.chars().take(MAX_QUESTION_CHARS).collect();
    FaqDraft {
        question: question
            .trim_end_matches(['，', '。', '！', '…'])
            .to_owned(),
        answer: answer.map(|nearest| nearest.answer).unwrap_or_default(),
    }
}

/// Who said what in the complaints of a surge, the last ones at the end. Those just counted are not
/// in the table yet.
fn of_surge(
    reader: &Reader<'_>,
    surge: &Surge,
    counted: &Counted,
) -> Result<Vec<(u128, String)>, Error> {
    let value = surge.series.value.as_str();
    let of = match surge.series.dimension {
        Dimension::Product => kept::Of::Product(value),
        Dimension::Category => kept::Of::Category(value),
        Dimension::Region => kept::Of::Region(value),
        Dimension::All => kept::Of::All,
    };
    let is_of = |case: &&kept::Case| {
        let own = match surge.series.dimension {
            Dimension::Product => &case.product,
            Dimension::Category => &case.category,
            Dimension::Region => &case.region,
            Dimension::All => value,
        };
        case.is_complaint && case.at >= surge.since && own == value
    };
    let mut ids = kept::complaints(reader, of, surge.since, Millis::MAX, MAX_MESSAGES as u64)?;
    ids.reverse();
    let just: Vec<ConversationId> = counted
        .cases
        .iter()
        .filter(is_of)
        .map(|case| case.conversation)
        .collect();
    ids.retain(|id| !just.contains(id));
    ids.extend(just);
    let ids = ids.get(ids.len().saturating_sub(N_READ)..);
    texts(reader, ids.unwrap_or_default())
}

fn before(reader: &Reader<'_>, since: Millis) -> Result<Vec<(u128, String)>, Error> {
    let (from, to) = (since - BEFORE_MS, since - 1);
    let ids = kept::complaints(reader, kept::Of::All, from, to, N_READ as u64)?;
    texts(reader, &ids)
}

fn texts(reader: &Reader<'_>, ids: &[ConversationId]) -> Result<Vec<(u128, String)>, Error> {
    let mut texts = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(found) = conversation::by_id(reader, *id)? {
            texts.push((found.person().0.as_u128(), said(reader, *id)?));
        }
    }
    Ok(texts)
}

/// Keeps the alert, or what is new about it.
pub(super) fn put(tx: &Tx<'_>, told: &Told, now: Millis) -> Result<(), Error> {
    match told {
        Told::Began(surge, about) => begin(tx, surge, about, now),
        Told::Joined(series, of) => {
            let Some(mut open) = open(tx, of)? else {
                return Ok(());
            };
            let topic = topic(series);
            let topics = &mut open.about.topics;
            if topics.len() < MAX_TOPICS && !topics.contains(&topic) {
                topics.push(topic);
                alert::put(tx, &open)?;
            }
            Ok(())
        }
        Told::Ended(surge) => {
            let Some(mut open) = open(tx, &surge.series)? else {
                return Ok(());
            };
            open.go_on(seen(surge));
            open.window_min = minutes(surge, now);
            open.end(None, now);
            Ok(alert::put(tx, &open)?)
        }
    }
}

/// Brings the alert of a surge up to date. One that has come to wake people is told again. Whether there
/// was anything new to it: not each minute of a quiet series is worth a row to every lead.
pub(super) fn go_on(tx: &Tx<'_>, surge: &Surge, now: Millis) -> Result<bool, Error> {
    // A series that joined another one has no alert of its own.
    let Some(mut open) = open(tx, &surge.series)? else {
        return Ok(false);
    };
    // Another process may have heard more by now.
    if surge.observed < open.reading.n {
        return Ok(false);
    }
    let draft = rule(surge, now);
    let limit = open.limit;
    let is_news = open.go_on(seen(surge)) || open.limit != limit;
    let is_worse = draft.severity > open.severity;
    if !is_news && !is_worse {
        return Ok(false);
    }
    open.window_min = draft.window_min;
    if let Some(telling) = open.raise(&draft, now) {
        alerts::tell::queue(tx, &open, &telling, now)?;
    }
    alert::put(tx, &open)?;
    Ok(true)
}

fn begin(tx: &Tx<'_>, surge: &Surge, about: &AlertAbout, now: Millis) -> Result<(), Error> {
    let draft = rule(surge, now);
    let id = ids::new(now)?;
    // No rule that people edit gave it.
    let rule = AlertRuleId(Uuid::nil());
    let (mut alert, telling) = judge::begin((id, rule), &draft, seen(surge), now);
    alert.dedup_key = key(&surge.series);
    alert.about = about.clone();
    alerts::tell::queue(tx, &alert, &telling, now)?;
    Ok(alert::put(tx, &alert)?)
}

/// The alert of a surge that goes on.
fn open(tx: &Tx<'_>, series: &Key) -> Result<Option<Alert>, Error> {
    let key = key(series);
    let mut all = alert::open(tx)?.into_iter();
    Ok(all.find(|alert| alert.measure == Measure::Surge && alert.dedup_key == key))
}

fn key(series: &Key) -> String {
    format!("surge:{}:{}", series.dimension.code(), series.value)
}

/// So many instead of so many.
fn seen(surge: &Surge) -> Seen {
    let usual = surge.expected.ceil() as i64;
    Seen {
        reading: Reading {
            level: Some(i64::from(surge.observed)),
            n: surge.observed,
            n_bad: surge.observed,
        },
        bounds: Some(Bounds {
            limit: usual,
            clear: usual,
            is_above: true,
        }),
    }
}

/// Whom to tell of it and how, as a rule says that.
fn rule(surge: &Surge, now: Millis) -> RuleDraft {
    let severity = match surge.observed {
        CRITICAL_FROM.. => Severity::Critical,
        _ => Severity::Warning,
    };
    let usual = surge.expected.ceil() as i64;
    draft_of(name(&surge.series), usual, minutes(surge, now), severity)
}

/// The same of one that was told.
pub(crate) fn rule_of(alert: &Alert) -> RuleDraft {
    let name = alert.name.clone();
    draft_of(name, alert.limit, alert.window_min, alert.severity)
}

fn draft_of(name: String, usual: i64, window_min: u32, severity: Severity) -> RuleDraft {
    RuleDraft {
        name,
        enabled: true,
        measure: Measure::Surge,
        group_id: None,
        condition: Condition::Above {
            limit: usual,
            clear: usual,
        },
        window_min,
        min_count: 0,
        for_min: 0,
        severity,
        to: Audience::Leads,
        by: standard::ways(),
        escalation: match severity {
            Severity::Critical => standard::to_admins(ESCALATED_AFTER_MIN),
            Severity::Notice | Severity::Warning => Vec::new(),
        },
        quiet: Some(standard::night()),
        rest_min: 0,
    }
}

/// Over how many minutes it goes.
fn minutes(surge: &Surge, now: Millis) -> u32 {
    let minutes = (now - surge.since).max(0) / 60_000 + 1;
    u32::try_from(minutes).map_or(MAX_WINDOW_MIN, |minutes| minutes.min(MAX_WINDOW_MIN))
}

fn name(series: &Key) -> String {
    let name = match series.dimension {
        Dimension::Product => format!("商品投诉突增：{}", series.value),
        Dimension::Category => format!("投诉突增：{}", series.value),
        Dimension::Region => format!("地区投诉突增：{}", series.value),
        Dimension::All => "投诉突增".to_owned(),
    };
    name.chars().take(MAX_RULE_NAME_CHARS).collect()
}

fn topic(series: &Key) -> String {
    match series.dimension {
        Dimension::All => "全部投诉".to_owned(),
        Dimension::Product | Dimension::Category | Dimension::Region => series.value.clone(),
    }
}
