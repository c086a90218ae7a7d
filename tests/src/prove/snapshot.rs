//! A desk that has nothing of a long stream gets its rows by pages, in time, and exactly the server's;
//! one that dies on the way goes on from its last page; one that lost rows notices and gets them back.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lt_db::{
    Acted, Db, DbError, Tx,
    table::{contact, conversation, counter, inbox, message},
};
use lt_model::{
    agent::Role,
    audit::{Actor, AuditEntry, Outcome},
    contact::{ChannelKind, Contact},
    conversation::{Conversation, Handler, Status},
    dialogue::Dialogue,
    id::{ContactId, ConversationId, GroupId, InboxId, MessageId},
    message::{Author, Content, Delivery, Message},
    priority::Priority,
    properties::Properties,
};
use lt_seal::Secret;
use lt_server::DataDir;
use lt_store::keys::KeyRing;
use rusqlite::Connection;
use serde_json::json;

use super::{Proved, Scale, count};
use crate::{
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::Shop,
};

const CATEGORIES: &[&str] = &["售前", "售后", "投诉"];
/// Messages in each conversation; a conversation has a row of its own, and one for its customer.
const MESSAGES_EACH: u64 = 8;
const ROWS_EACH: u64 = MESSAGES_EACH + 2;
/// Conversations that are written in one act.
const CONVERSATIONS_PER_ACT: u64 = 100;
const LOOK_AGAIN: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(300);

/// Lays out a long stream, and lets desks fetch it.
///
/// # Errors
/// What kept the shop or the desks from working.
pub async fn prove(scale: &Scale) -> Result<Proved> {
    let mut shop = Shop::open().await?;
    shop.stop().await;
    let n_conversations = scale.rows.div_ceil(ROWS_EACH);
    let data = DataDir::new(shop.data());
    tokio::task::spawn_blocking(move || lay_out(&data, n_conversations)).await??;
    shop.start().await?;
    let mut misses = Vec::new();

    // The first one is left alone.
    shop.hire("first", "王晓彤", Role::Agent, CATEGORIES)
        .await?;
    let began = Instant::now();
    let mut desk = Desk::start(shop.desk_folder("first"));
    desk.log_in(&shop, "first").await?;
    online(&mut desk, began).await?;
    let first_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    whole(&desk, n_conversations, &mut misses, "a first fetch")?;

    // The second one is closed on the way, as often as it is seen to be on the way.
    shop.hire("second", "李若水", Role::Agent, CATEGORIES)
        .await?;
    let mut second = Desk::start(shop.desk_folder("second"));
    second.log_in(&shop, "second").await?;
    let mut n_broken_off = 0_u64;
    let began = Instant::now();
    let mut least = 1;
    loop {
        let view = second.ask("connection.get", json!({})).await?;
        if view["state"] == "online" {
            break;
        }
        ensure!(began.elapsed() < PATIENCE, "the second desk is not in step");
        let done = view["fetching"]["done"].as_u64().unwrap_or(0);
        if done >= least && n_broken_off < scale.kills {
            least = done + 1;
            n_broken_off += 1;
            second = Desk::start(second.close().await);
            second.unlock().await?;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    whole(&second, n_conversations, &mut misses, "one that broke off")?;

    // Rows that the store loses behind its own back.
    let folder = second.close().await;
    let n_lost = lose(&folder, scale.flips.max(1))?;
    let mut second = Desk::start(folder);
    second.unlock().await?;
    let customer = Customer::visit(&shop, "林晓棠").await?;
    customer.says("转人工，雨伞坏了").await?;
    let store = second.store().context("the desk is open")?;
    let began = Instant::now();
    while store.n_healed()? == 0 || !store.unsound_streams()?.is_empty() {
        ensure!(began.elapsed() < PATIENCE, "the lost rows went unnoticed");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    online(&mut second, began).await?;
    whole(
        &second,
        n_conversations + 1,
        &mut misses,
        "one that lost rows",
    )?;
    let n_healed = store.n_healed()?;
    drop(store);
    second.close().await;
    desk.close().await;
    Ok(Proved {
        name: "snapshot",
        ok: misses.is_empty() && n_healed > 0,
        figures: vec![
            ("rows", n_conversations * ROWS_EACH),
            ("first_fetch_ms", first_ms),
            ("broken_off", n_broken_off),
            ("rows_lost", n_lost),
            ("streams_healed", n_healed),
        ],
        misses,
        seed: scale.seed,
    })
}

async fn online(desk: &mut Desk, began: Instant) -> Result<()> {
    loop {
        let view = desk.ask("connection.get", json!({})).await?;
        if view["state"] == "online" {
            return Ok(());
        }
        ensure!(
            began.elapsed() < PATIENCE,
            "the desk is not in step: {view}"
        );
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Whether a desk has all rows.
fn whole(desk: &Desk, n_conversations: u64, misses: &mut Vec<String>, what: &str) -> Result<()> {
    let store = desk.store().context("the desk is open")?;
    let lines = store.conversations()?;
    if count(lines.len()) != n_conversations {
        misses.push(format!("{what}: {} conversations", lines.len()));
    }
    let mut n_short = 0;
    for line in &lines {
        let messages = store.messages(line.id, None, 50)?;
        let shown = store.conversation(line.id)?.context("it has a line")?;
        n_short += u64::from(count(messages.len()) != shown.seq);
        if store.contact(line.contact_id)?.is_none() {
            misses.push(format!("{what}: a customer is missing"));
        }
    }
    if n_short > 0 {
        misses.push(format!("{what}: {n_short} conversations lack messages"));
    }
    store.check()?;
    Ok(())
}

/// Takes messages out of a desk's closed store, with nothing that tells of it.
fn lose(folder: &std::path::Path, n_rows: u64) -> Result<u64> {
    let mut ring = KeyRing::open(folder)?;
    let root = ring.unlock_passphrase(&Secret::new(PASSPHRASE.to_owned()))?;
    let key = lt_seal::derive(&root, "db/v1", b"").to_hex_secret();
    let raw = Connection::open(folder.join("store.db"))?;
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key.expose()))?;
    let n_lost = raw.execute(
        "DELETE FROM message WHERE id IN (SELECT id FROM message ORDER BY id LIMIT ?1)",
        [i64::try_from(n_rows)?],
    )?;
    Ok(count(n_lost))
}

/// Writes conversations with their customers and messages into one group.
fn lay_out(data: &DataDir, n_conversations: u64) -> Result<()> {
    let db = Db::open(&data.database(), &data.root_key()?)?;
    let (inbox, group) = db.read(|reader| {
        let inbox = inbox::all(reader)?.pop().ok_or(DbError::Missing("inbox"))?;
        Ok::<_, DbError>((inbox.id, inbox.group))
    })?;
    let mut from = 0;
    while from < n_conversations {
        let until = n_conversations.min(from + CONVERSATIONS_PER_ACT);
        let entry = AuditEntry {
            at: 1,
            actor: Actor::System,
            action: "conversation.import".to_owned(),
            object: "organisation".to_owned(),
            outcome: Outcome::Allowed,
            reason: String::new(),
        };
        db.write(|tx| {
            for n in from..until {
                begin(tx, inbox, group, n)?;
            }
            Ok::<_, DbError>(Acted::logged((), entry.clone()))
        })?;
        from = until;
    }
    Ok(())
}

fn begin(tx: &Tx<'_>, inbox: InboxId, group: GroupId, n: u64) -> Result<(), DbError> {
    let id = || uuid::Uuid::now_v7();
    let contact = Contact::new(ContactId(id()), format!("客户{n}"), 1);
    contact::insert(tx, &contact)?;
    let held = Conversation {
        id: ConversationId(id()),
        number: counter::next(tx, "conversation")?,
        inbox_id: inbox,
        channel: ChannelKind::Web,
        contact_id: contact.id,
        merged_into: None,
        group_id: group,
        status: Status::Resolved,
        handler: Handler::None,
        priority: Priority::Normal,
        reasons: Vec::new(),
        category: "售后/退款".to_owned(),
        intent: String::new(),
        waiting_since: None,
        first_reply_at: Some(2),
        last_customer_at: Some(2),
        last_message_at: 2,
        seq: MESSAGES_EACH,
        reopened_count: 0,
        agent_read_seq: MESSAGES_EACH,
        customer_read_seq: 0,
        failed_turns: 0,
        routing: lt_model::routing::Routing::default(),
        dialogue: Dialogue::default(),
        properties: Properties::default(),
        created_at: 1,
        resolved_at: Some(3),
    };
    conversation::insert(tx, &held)?;
    for seq in 1..=MESSAGES_EACH {
        let said = Message {
            id: MessageId(id()),
            conversation_id: held.id,
            seq,
            author: Author::Customer,
            content: Content::Text {
                text: format!("第{seq}句：我上周买的那把伞第一次用就坏了，想问问能不能退，单号{n}"),
            },
            delivery: Delivery::Sent,
            at: 2,
        };
        message::insert(tx, &said, contact.id, group)?;
    }
    Ok(())
}
