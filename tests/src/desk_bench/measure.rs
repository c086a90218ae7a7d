//! Asks a desk's commands again and again, and keeps how long each took.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    fill::{self, Filled, conversation_id},
    talk::{Dice, QUERIES},
};
use crate::desk::{Desk, now};

/// How often each command is asked before it counts.
const N_WARM: usize = 5;
/// How long the search index may take to catch up.
const INDEX_PATIENCE: Duration = Duration::from_secs(1_800);
/// Rows of a window of the list, as the window asks for them.
const WINDOW: usize = 100;

/// How long something took, over all times that it was asked.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What.
    pub name: &'static str,
    /// How often.
    pub n: usize,
    /// Half of the times it took at most this long, in ms.
    pub p50_ms: f64,
    /// Nearly always it took at most this long.
    pub p99_ms: f64,
    /// It never took longer.
    pub max_ms: f64,
    /// Bytes of the longest answer.
    pub bytes: usize,
}

impl Figure {
    /// From single times in ms, by nearest rank.
    #[must_use]
    pub fn of(name: &'static str, mut times: Vec<f64>, bytes: usize) -> Self {
        times.sort_by(f64::total_cmp);
        let rank = |percent: usize| {
            let at = (times.len() * percent).div_ceil(100).max(1) - 1;
            times.get(at).copied().unwrap_or(0.0)
        };
        Self {
            name,
            n: times.len(),
            p50_ms: rank(50),
            p99_ms: rank(99),
            max_ms: rank(100),
            bytes,
        }
    }
}

/// Waits until the search index has everything, and gives how long that took in seconds.
///
/// # Errors
/// When it does not come about.
pub async fn index(desk: &Desk) -> Result<f64> {
    let started = Instant::now();
    let store = desk.store().context("the store is open")?;
    while store.index_is_behind(0)? {
        anyhow::ensure!(started.elapsed() < INDEX_PATIENCE, "the index stays behind");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(started.elapsed().as_secs_f64())
}

/// Asks a command as its text, and gives how long the answer took and how many bytes it has.
async fn asked(desk: &Desk, name: &str, args: Value) -> Result<(f64, usize)> {
    let text = json!({"name": name, "args": args}).to_string();
    let started = Instant::now();
    let answer = desk.ask_as_text(&text).await;
    let took = started.elapsed().as_secs_f64() * 1_000.0;
    let answer = answer.with_context(|| format!("{name} was refused"))?;
    Ok((took, answer.len()))
}

/// One command, with arguments that differ from time to time.
async fn command(
    desk: &Desk,
    figure: &'static str,
    name: &str,
    n: usize,
    mut args: impl FnMut(usize) -> Value,
) -> Result<Figure> {
    let (mut times, mut bytes) = (Vec::with_capacity(n), 0);
    for at in 0..N_WARM + n {
        let (took, length) = asked(desk, name, args(at)).await?;
        if at >= N_WARM {
            times.push(took);
            bytes = bytes.max(length);
        }
    }
    Ok(Figure::of(figure, times, bytes))
}

fn found(query: &str, more: &[(&str, Value)]) -> Value {
    let mut args = json!({"query": query, "kind": null, "from": null, "until": null,
        "channel": null, "author": null, "order": "best", "offset": 0, "limit": 50});
    for (name, value) in more {
        args[*name] = value.clone();
    }
    args
}

/// Every command that is promised, `n` times each.
///
/// # Errors
/// What a command says.
pub async fn commands(desk: &Desk, filled: &Filled, n: usize, seed: u64) -> Result<Vec<Figure>> {
    let mut dice = Dice::new(seed ^ 0x5EED);
    let n_conversations = filled.lengths.len();
    let longest = filled.lengths.first().copied().unwrap_or(0);
    let mut all = Vec::new();
    for (figure, scope, sort) in [
        ("open inbox: mine", "mine", "waiting"),
        ("open inbox: queue", "queue", "priority"),
        ("open inbox: all", "all", "waiting"),
        ("open inbox: all, by priority", "all", "priority"),
    ] {
        let args = json!({"scope": scope, "sort": sort, "offset": 0, "limit": WINDOW});
        all.push(command(desk, figure, "inbox.list", n, |_| args.clone()).await?);
    }
    let scrolled = |_| {
        let offset = dice.below(n_conversations * 8 / 10);
        json!({"scope": "all", "sort": "waiting", "offset": offset, "limit": WINDOW})
    };
    all.push(command(desk, "scroll inbox: any window", "inbox.list", n, scrolled).await?);
    let filter = json!({"priorities": ["high", "urgent"], "tags": [], "category": "售后/退款",
        "channel": "web", "group": null, "unread": false, "mentioned": false});
    let narrowed = json!({"scope": "all", "sort": "priority", "offset": 0, "limit": WINDOW,
        "filter": filter});
    all.push(command(desk, "filter inbox", "inbox.list", n, |_| narrowed.clone()).await?);
    let any = |_| json!({"conversation_id": conversation_id(dice.below(n_conversations))});
    all.push(command(desk, "open conversation: any", "conversation.get", n, any).await?);
    let own = |at: usize| json!({"conversation_id": conversation_id(at % 60 % n_conversations)});
    all.push(command(desk, "open conversation: own", "conversation.get", n, own).await?);
    let long = json!({"conversation_id": conversation_id(0)});
    let longest_one = |_| long.clone();
    all.push(
        command(
            desk,
            "open conversation: longest",
            "conversation.get",
            n,
            longest_one,
        )
        .await?,
    );
    let page = |kind: &str, dice: &mut Dice| {
        json!({"conversation_id": conversation_id(0), "limit": 50,
            "place": {"kind": kind, "seq": 1 + dice.below(longest)}})
    };
    let older = |_| page("before", &mut dice);
    all.push(command(desk, "older page", "conversation.messages", n, older).await?);
    let around = |_| page("around", &mut dice);
    all.push(
        command(
            desk,
            "jump to a message",
            "conversation.messages",
            n,
            around,
        )
        .await?,
    );
    for (figure, queries) in [
        ("search: one character", QUERIES.one),
        ("search: two characters", QUERIES.two),
        ("search: words", QUERIES.words),
        ("search: something like it", QUERIES.like),
    ] {
        let query = |at: usize| found(queries[at % queries.len()], &[]);
        all.push(command(desk, figure, "search.find", n, query).await?);
    }
    let month_ago = now() - 30 * 86_400_000;
    let filtered = |at: usize| {
        let query = QUERIES.two[at % QUERIES.two.len()];
        found(
            query,
            &[
                ("kind", json!("message")),
                ("author", json!("customer")),
                ("channel", json!("web")),
                ("from", json!(month_ago)),
            ],
        )
    };
    all.push(command(desk, "search: filtered", "search.find", n, filtered).await?);
    let palette = |at: usize| json!({"query": QUERIES.two[at % QUERIES.two.len()], "limit": 20});
    all.push(command(desk, "search: palette", "search.run", n, palette).await?);
    all.extend(tickets(desk, filled, n, &mut dice).await?);
    let place = |at: usize| json!({"conversation_id": conversation_id(0), "query": QUERIES.two[at % QUERIES.two.len()]});
    all.push(command(desk, "find in the longest", "conversation.find", n, place).await?);
    Ok(all)
}

/// The room of the tickets.
async fn tickets(desk: &Desk, filled: &Filled, n: usize, dice: &mut Dice) -> Result<Vec<Figure>> {
    let mut all = Vec::new();
    if filled.size.tickets == 0 {
        return Ok(all);
    }
    let filter = |query: &str| {
        json!({"scope": {"kind": "all"}, "states": [], "types": [], "priorities": [],
            "due": null, "query": query, "contact_id": null, "conversation_id": null})
    };
    let board = json!({"filter": filter(""), "sort": "due", "limit": WINDOW});
    all.push(command(desk, "ticket board", "ticket.board", n, |_| board.clone()).await?);
    let page = |query: &str, offset: usize| {
        json!({"filter": filter(query), "sort": "updated", "reversed": false,
            "offset": offset, "limit": WINDOW})
    };
    let anywhere = |_| page("", dice.below(filled.size.tickets));
    all.push(command(desk, "ticket table: any window", "ticket.list", n, anywhere).await?);
    let words = |at: usize| page(QUERIES.two[at % QUERIES.two.len()], 0);
    all.push(command(desk, "ticket table: words", "ticket.list", n, words).await?);
    let table = desk.ask("ticket.list", page("", 0)).await?;
    let rows = table["rows"].as_array().cloned().unwrap_or_default();
    let ids: Vec<Value> = rows.iter().map(|row| row["id"].clone()).collect();
    anyhow::ensure!(!ids.is_empty(), "there are tickets");
    let one = |at: usize| json!({"ticket_id": ids[at % ids.len()]});
    all.push(command(desk, "open ticket", "ticket.get", n, one).await?);
    Ok(all)
}

/// What something new costs: a customer's message comes in and is committed; then what a window
/// shows of it, the list and the open conversation.
///
/// # Errors
/// What the store or a command says.
pub async fn changes(desk: &Desk, filled: &mut Filled, n: usize, seed: u64) -> Result<Vec<Figure>> {
    let mut dice = Dice::new(seed ^ 0xC4A6);
    let store = desk.store().context("the store is open")?;
    let n_own = filled.lengths.len().min(60);
    let (mut applied, mut redrawn) = (Vec::new(), Vec::new());
    let list = json!({"scope": "mine", "sort": "waiting", "offset": 0, "limit": WINDOW});
    let mut bytes = 0;
    for _ in 0..n {
        let conversation = dice.below(n_own);
        let text = super::talk::ask(&mut dice);
        let started = Instant::now();
        fill::news(&store, filled, conversation, &text, now())?;
        applied.push(started.elapsed().as_secs_f64() * 1_000.0);
        let (of_list, a) = asked(desk, "inbox.list", list.clone()).await?;
        let args = json!({"conversation_id": conversation_id(conversation)});
        let (of_thread, b) = asked(desk, "conversation.get", args).await?;
        redrawn.push(of_list + of_thread);
        bytes = bytes.max(a + b);
    }
    let mut sent = Vec::new();
    for at in 0..n.min(100) {
        let id = conversation_id(at % n_own);
        let view = desk
            .ask("conversation.get", json!({"conversation_id": id}))
            .await?;
        let args = json!({"conversation_id": id, "message_id": uuid::Uuid::now_v7(),
            "text": "您好，马上为您查。", "seen_seq": view["last_seq"], "faq_id": null});
        sent.push(asked(desk, "message.send", args).await?.0);
    }
    Ok(vec![
        Figure::of("a message comes in: commit", applied, 0),
        Figure::of("a message comes in: redraw", redrawn, bytes),
        Figure::of("a reply is sent: commit", sent, 0),
    ])
}
