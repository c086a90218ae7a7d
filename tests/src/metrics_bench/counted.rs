//! What counting costs the server: its own step over conversations in its database.

use std::{path::Path, time::Instant};

use anyhow::Result;
use lt_backoffice::{Backoffice, Config};
use lt_db::{
    Acted, Db, DbError, ServerKeys,
    table::{contact, conversation, counter, inbox, message, skill_group},
};
use lt_model::{
    Millis,
    agent::SkillGroup,
    audit::{Actor, AuditEntry, Outcome},
    contact::{ChannelKind, Contact},
    conversation::{Conversation, Handler, Status},
    faq::FaqSource,
    id::{AgentId, ContactId, ConversationId, InboxId, MessageId},
    message::{Author, Content, Delivery, Event, HandoverReason, Message},
    priority::Priority,
};
use lt_seal::Key32;
use uuid::Uuid;

use super::made;
use crate::desk_bench::talk::Dice;

/// Conversations of one act.
const PER_ACT: usize = 50;
/// Messages and events of each.
pub const N_MESSAGES: usize = 10;

/// What it cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Messages and events that were counted.
    pub events: usize,
    /// Microseconds for each.
    pub per_event_us: f64,
    /// Bytes on the disk for a million of them: cells and what each conversation adds.
    pub bytes_per_million: f64,
    /// How long a recount of all cases takes, ms: what every look would cost without cells.
    pub recount_ms: f64,
    /// Cells that there are.
    pub cells: usize,
}

/// Lays out conversations of some days, a made-up one each, and counts them.
///
/// # Errors
/// What the store says, and where the cells differ from a recount.
pub fn measure(folder: &Path, days: usize, per_day: usize, now: Millis, seed: u64) -> Result<Cost> {
    let root = Key32::random()?;
    let path = folder.join("lingtai.db");
    let db = Db::open(&path, &root)?;
    let mut dice = Dice::new(seed);
    lay_groups(&db)?;
    for begin in made::days(now, days) {
        let mut left = per_day;
        while left > 0 {
            let n = left.min(PER_ACT);
            lay(&db, begin, n, &mut dice)?;
            left -= n;
        }
    }
    // Closed, its log is in it: only then does the size of the file say what is in it.
    drop(db);
    let before = size(folder)?;
    let db = Db::open(&path, &root)?;
    let bo = Backoffice::open(db, ServerKeys::from_root(&root), Config::default())
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let started = Instant::now();
    while count(&bo, now)? {}
    let took = started.elapsed();
    let started = Instant::now();
    let recount = bo
        .recounts(now)
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let recount_ms = started.elapsed().as_secs_f64() * 1_000.0;
    anyhow::ensure!(recount.wrong.is_empty(), "cells differ from a recount");
    let n_cases = days * per_day;
    anyhow::ensure!(recount.n_cases == n_cases, "every conversation is a case");
    drop(bo);
    let grown = size(folder)?.saturating_sub(before);
    let events = n_cases * N_MESSAGES;
    #[expect(clippy::cast_precision_loss, reason = "sizes far below that")]
    Ok(Cost {
        events,
        per_event_us: took.as_secs_f64() * 1e6 / events as f64,
        bytes_per_million: grown as f64 * 1e6 / events as f64,
        recount_ms,
        cells: recount.n_cells,
    })
}

fn count(bo: &Backoffice, now: Millis) -> Result<bool> {
    bo.count_numbers(now)
        .map_err(|error| anyhow::anyhow!("{error}"))
}

/// Bytes of the database with its log.
fn size(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        sum += entry?.metadata()?.len();
    }
    Ok(sum)
}

fn entry(action: &str) -> AuditEntry {
    AuditEntry {
        at: 0,
        actor: Actor::System,
        action: action.to_owned(),
        object: "bench:1".to_owned(),
        outcome: Outcome::Allowed,
        reason: String::new(),
    }
}

fn inbox_id() -> InboxId {
    InboxId(Uuid::from_u128(1))
}

fn lay_groups(db: &Db) -> Result<()> {
    db.write(|tx| {
        for n in 0..10 {
            let group = SkillGroup {
                id: made::group(n),
                name: format!("组{n}"),
                categories: Vec::new(),
                assign: lt_model::routing::Assign::default(),
                capacities: Vec::new(),
                return_after_ms: None,
            };
            skill_group::insert(tx, &group)?;
        }
        let inbox = inbox::Inbox {
            id: inbox_id(),
            kind: ChannelKind::Web,
            public_key: "web".to_owned(),
            name: "网页".to_owned(),
            group: made::group(0),
            hours: None,
            survey: lt_model::survey::SurveySettings::default(),
        };
        inbox::insert(tx, &inbox)?;
        Ok::<_, DbError>(Acted::logged((), entry("bench.groups")))
    })?;
    Ok(())
}

/// Conversations of one act: asked, answered by the bot, handed over, answered, resolved.
fn lay(db: &Db, begin: Millis, n: usize, dice: &mut Dice) -> Result<()> {
    let made = made::day(begin, n, dice);
    db.write(|tx| {
        for one in &made {
            let at = one.share.opened_at;
            let contact_id = ContactId(Uuid::now_v7());
            contact::insert(tx, &Contact::new(contact_id, String::new(), at))?;
            let conversation = Conversation {
                number: counter::next(tx, "conversation")?,
                ..conversation_of(one, contact_id)
            };
            conversation::insert(tx, &conversation)?;
            let said = said(one.values[0].parse().ok());
            for (seq, (author, content)) in (1..).zip(said) {
                let message = Message {
                    id: MessageId(Uuid::now_v7()),
                    conversation_id: conversation.id,
                    seq,
                    author,
                    content,
                    delivery: Delivery::Sent,
                    at: at + 20_000 * i64::try_from(seq).unwrap_or(0),
                };
                message::insert(tx, &message, contact_id, one.group)?;
            }
        }
        Ok::<_, DbError>(Acted::logged((), entry("bench.talk")))
    })?;
    Ok(())
}

fn conversation_of(made: &made::Made, contact_id: ContactId) -> Conversation {
    let at = made.share.opened_at;
    Conversation {
        id: ConversationId(Uuid::now_v7()),
        number: 0,
        inbox_id: inbox_id(),
        channel: ChannelKind::Web,
        contact_id,
        merged_into: None,
        group_id: made.group,
        status: Status::Resolved,
        handler: Handler::None,
        priority: Priority::Normal,
        reasons: Vec::new(),
        category: made.values[3].clone(),
        intent: made.values[4].clone(),
        waiting_since: None,
        first_reply_at: None,
        last_customer_at: None,
        last_message_at: at,
        seq: N_MESSAGES as u64,
        reopened_count: 0,
        agent_read_seq: 0,
        customer_read_seq: 0,
        failed_turns: 0,
        routing: lt_model::routing::Routing::default(),
        dialogue: lt_model::dialogue::Dialogue::default(),
        properties: lt_model::properties::Properties::default(),
        created_at: at,
        resolved_at: Some(at + 200_000),
    }
}

/// Ten messages and events. Without an agent the bot alone brings it to its end.
fn said(agent: Option<AgentId>) -> Vec<(Author, Content)> {
    let text = |text: &str| Content::Text {
        text: text.to_owned(),
    };
    let bot = || Author::Bot {
        source: Some(FaqSource {
            faq_id: "ec-001".to_owned(),
            version: 1,
            question: "怎么申请退款".to_owned(),
            confidence: 0.9,
        }),
    };
    let asked = || (Author::Customer, text("我的包裹到哪里了，已经等了三天"));
    let event = |event| (Author::System, Content::Event(event));
    let mut all = vec![
        asked(),
        (bot(), text("您好，包裹正在运输途中，请耐心等待。")),
    ];
    let end = Event::Resolved {
        agent: String::new(),
    };
    match agent {
        Some(agent) => {
            let person = || Author::Agent {
                agent,
                name: String::new(),
                source: None,
            };
            all.push(asked());
            all.push(event(Event::HandedOver {
                group: String::new(),
                reason: HandoverReason::Asked,
            }));
            all.push(event(Event::Claimed {
                agent: String::new(),
            }));
            while all.len() + 3 < N_MESSAGES {
                all.push((person(), text("您好，正在为您查询，请稍候。")));
            }
            all.push(asked());
            all.push((person(), text("已为您催促，预计明天送达。")));
        }
        None => {
            while all.len() + 1 < N_MESSAGES {
                let answer = (bot(), text("您好，包裹正在运输途中，请耐心等待。"));
                all.push(if all.len() % 2 == 0 { asked() } else { answer });
            }
        }
    }
    all.push(event(end));
    all
}
