//! A real desk, store and all: its first fetch, and what it wrote while there was no server.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use lt_db::{feed, table::conversation};
use lt_model::{
    change::StreamKind,
    id::{ConversationId, MessageId, OpId},
};
use lt_protocol::{
    sync::{Action, ClientFrame, Cursor, Op, OpOutcome, ServerFrame},
    view::ConnectionState,
};
use lt_seal::Key32;
use lt_server::Transport;
use lt_store::{Account, Device, Session, Store};
use lt_sync::Client;
use rusqlite::Connection;
use serde::Serialize;
use tokio::{runtime::Runtime, time::timeout};
use uuid::Uuid;

use super::{
    backend::Home,
    board, light,
    org::{DeskAccount, Layout, ORGANISATION, Org},
    server::Server,
};

/// Rows of a conversation that are no messages: itself and its contact.
const ROWS_BESIDE: usize = 2;
/// The longest that one step may take before it has failed.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often the outbox is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Rows that the twin of the first fetch writes: its rate does not change with more.
const TWIN_ROWS: usize = 5_000;
/// The twin of the replay does one of so many operations.
const TWIN_PART: usize = 10;

/// How much a desk has to do.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// Conversations that it holds.
    pub conversations: usize,
    /// Messages in each.
    pub messages: usize,
    /// Replies that are written offline, spread over the conversations.
    pub operations: usize,
}

/// A first fetch.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CaughtUp {
    /// Rows of the group.
    pub rows: usize,
    /// From the first dial to being in step, s.
    pub seconds: f64,
    /// Rows a second that plain SQLite takes with a transaction for each.
    pub twin_rows_per_s: f64,
}

/// A replay.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Replayed {
    /// Operations.
    pub operations: usize,
    /// What it took to write them into the store, s.
    pub written_s: f64,
    /// From the first dial to an empty outbox, s.
    pub seconds: f64,
    /// What it would take one at a time, each after the answer to the one before, s.
    pub twin_seconds: f64,
    /// Replies that are not at the server.
    pub lost: u64,
    /// Replies that are there too often.
    pub doubled: u64,
}

/// Does both, over one back end.
///
/// # Errors
/// When the desk or the server does not work.
pub fn work(runtime: &Runtime, home: &Home, work: Work, now: i64) -> Result<(CaughtUp, Replayed)> {
    let layout = Layout {
        desks: 1,
        conversations: work.conversations,
        messages: work.messages,
    };
    let mut org = Org::lay_out(&home.open()?, layout, now)?;
    let account = org.desks.first().context("a desk")?;
    let server = Server::start(home, Transport::LoopbackHttp)?;
    let (store, _) = Store::open(&home.beside("desk"), &Key32::random()?, now)?;
    let (store, known) = (Arc::new(store), known(account, &server));
    store.set_account(&known, now)?;

    let begin = Instant::now();
    runtime.block_on(catch_up(&store, &known))?;
    let seconds = begin.elapsed().as_secs_f64();
    ensure!(
        store.conversations()?.len() == work.conversations,
        "the desk has every conversation"
    );
    let caught_up = CaughtUp {
        rows: work.conversations * (work.messages + ROWS_BESIDE),
        seconds,
        twin_rows_per_s: twin_of_fetch(home)?,
    };

    let begin = Instant::now();
    write_offline(&store, account, work, now)?;
    let written_s = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    runtime.block_on(replay(&store, &known))?;
    let seconds = begin.elapsed().as_secs_f64();
    drop(server);
    let (lost, doubled) = count(home, account, work)?;

    reread(home, &mut org)?;
    let account = org.desks.first().context("a desk")?;
    let server = Server::start(home, Transport::LoopbackHttp)?;
    let n_twin = (work.operations / TWIN_PART).max(1);
    let twin = runtime.block_on(one_at_a_time(
        &server,
        account,
        &org.generation,
        work.operations,
        n_twin,
    ))?;
    let replayed = Replayed {
        operations: work.operations,
        written_s,
        seconds,
        twin_seconds: twin * work.operations as f64 / n_twin as f64,
        lost,
        doubled,
    };
    Ok((caught_up, replayed))
}

fn known(account: &DeskAccount, server: &Server) -> Account {
    Account {
        server: server.enrolment.to_string(),
        organisation: ORGANISATION.to_owned(),
        agent: account.agent.clone(),
        device: Device {
            id: account.device,
            key: account.key.to_pkcs8(),
        },
        session: Some(Session {
            id: account.session,
            token: account.token.clone(),
            expires_at: account.expires_at,
        }),
    }
}

async fn catch_up(store: &Arc<Store>, account: &Account) -> Result<()> {
    let handle = Client::spawn(Arc::clone(store), account, env!("CARGO_PKG_VERSION"))?;
    let mut status = handle.watch();
    let online = status.wait_for(|status| status.state == ConnectionState::Online);
    timeout(PATIENCE, online)
        .await
        .context("the desk comes into step")??;
    handle.stop().await;
    Ok(())
}

async fn replay(store: &Arc<Store>, account: &Account) -> Result<()> {
    let handle = Client::spawn(Arc::clone(store), account, env!("CARGO_PKG_VERSION"))?;
    let begin = Instant::now();
    loop {
        let (waiting, refused) = store.outbox_counts()?;
        ensure!(refused == 0, "{refused} operations were refused");
        if waiting == 0 {
            handle.stop().await;
            return Ok(());
        }
        ensure!(
            begin.elapsed() < PATIENCE,
            "{waiting} operations still wait"
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn write_offline(store: &Store, account: &DeskAccount, work: Work, now: i64) -> Result<()> {
    for n in 0..work.operations {
        let held = account.held.get(n % account.held.len().max(1));
        let conversation = &held.context("a conversation")?.conversation;
        let action = reply(conversation.id, conversation.seq, n);
        store.enqueue(action, now)?;
    }
    Ok(())
}

fn reply(conversation_id: ConversationId, seen_seq: u64, n: usize) -> Action {
    Action::SendMessage {
        conversation_id,
        message_id: MessageId(Uuid::now_v7()),
        text: board::text(n),
        seen_seq,
        source: None,
        question: None,
        composed: lt_protocol::sync::Composed::default(),
    }
}

/// Replies that are missing at the server, and that are there too often.
fn count(home: &Home, account: &DeskAccount, work: Work) -> Result<(u64, u64)> {
    let db = home.open()?;
    let (mut lost, mut doubled) = (0, 0);
    for (idx, held) in account.held.iter().enumerate() {
        let id = held.conversation.id;
        let there = db
            .read(|reader| conversation::by_id(reader, id))?
            .context("the conversation")?
            .seq;
        let n_held = account.held.len();
        let n_more = usize::from(idx < work.operations % n_held);
        let expected = held.conversation.seq + (work.operations / n_held + n_more) as u64;
        lost += expected.saturating_sub(there);
        doubled += there.saturating_sub(expected);
    }
    Ok((lost, doubled))
}

/// Where the desk's streams stand now.
fn reread(home: &Home, org: &mut Org) -> Result<()> {
    let db = home.open()?;
    for desk in &mut org.desks {
        let kinds = [StreamKind::Config, StreamKind::Group(desk.group)];
        let heads = db.read(|reader| feed::heads(reader, &kinds))?;
        desk.cursors = heads
            .iter()
            .map(|head| Cursor {
                stream: head.stream,
                seq: head.head,
            })
            .collect();
    }
    Ok(())
}

/// The twin: an operation is pushed when the one before is answered; seconds for `n` of them.
async fn one_at_a_time(
    server: &Server,
    account: &DeskAccount,
    generation: &str,
    n_before: usize,
    n: usize,
) -> Result<f64> {
    let dialler = light::Dialler::new(&server.url, &server.enrolment)?;
    let mut socket = dialler.dial(account, generation).await?;
    let conversation = &account.held.first().context("a conversation")?.conversation;
    let begin = Instant::now();
    for idx in 1..=n {
        let number = u64::try_from(n_before + idx)?;
        let op = Op {
            n: number,
            id: OpId(Uuid::now_v7()),
            at: 0,
            after: None,
            action: reply(conversation.id, conversation.seq, idx),
        };
        light::send(&mut socket, &ClientFrame::Push { ops: vec![op] }).await?;
        loop {
            match light::frame(&mut socket).await? {
                ServerFrame::Result { n, outcome, .. } if n == number => {
                    ensure!(matches!(outcome, OpOutcome::Done { .. }), "{outcome:?}");
                    break;
                }
                ServerFrame::Batch { batch, .. } => {
                    light::send(&mut socket, &ClientFrame::Ack { batch }).await?;
                }
                ServerFrame::Error { code } => bail!("the server says {code:?}"),
                _ => {}
            }
        }
    }
    Ok(begin.elapsed().as_secs_f64())
}

/// Rows a second that plain SQLite takes with a transaction for each, flushed lazily.
fn twin_of_fetch(home: &Home) -> Result<f64> {
    let mut connection = Connection::open(home.beside("twin-fetch.db"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE message (id INTEGER PRIMARY KEY, conversation INTEGER, seq INTEGER, body TEXT,
             UNIQUE (conversation, seq))",
    )?;
    let begin = Instant::now();
    for n in 0..TWIN_ROWS {
        let (id, body) = (i64::try_from(n)?, board::text(n));
        let tx = connection.transaction()?;
        let _ = tx
            .prepare_cached("INSERT INTO message VALUES ($1, $2, $3, $4)")?
            .execute((id, id % 250, id / 250, body))?;
        tx.commit()?;
    }
    Ok(TWIN_ROWS as f64 / begin.elapsed().as_secs_f64())
}
