//! A desk that is killed at any moment loses nothing that it acknowledged, and doubles nothing; the
//! server that it sends to is killed too.
//!
//! The desk is a process of its own ([`be_the_desk`]) that writes replies without pause and prints
//! the number of each once it is durable; the server is another one ([`be_the_server`]), which is
//! away for a good part of the time. After every kill a copy of what is left is looked into. At the
//! end everything is delivered, and the customers count.

mod harness;
mod look;
mod process;

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use lt_model::{agent::Role, id::ConversationId};
use lt_protocol::widget::WidgetAuthor;
use lt_seal::{Key32, Secret};
use lt_server::{DataDir, ServeConfig, Transport, start};
use lt_store::keys::KeyRing;
use serde_json::{Value, json};

use self::{
    harness::Harness,
    look::{Reply, Verdict, text},
    process::OPEN,
};
use super::{Proved, Scale, count};
use crate::{
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::Shop,
};

pub use harness::{DESK, SERVER};

/// Customers who are written to in turn.
const N_CUSTOMERS: usize = 3;
/// The reply that is written twice, under two ids.
const TWICE: Reply = (2_000_000, 1);
/// What the control has to find: three lost ones, a doubled one, and what is out of order.
const N_TO_NOTICE: u64 = 5;

/// Kills the desk and the server at random moments, `program` being one that becomes either when
/// asked by [`DESK`] and [`SERVER`], and counts what came to the customers.
///
/// # Errors
/// What kept the shop, a desk or a server from working, and files that a kill left damaged.
pub async fn prove(program: &Path, scale: &Scale) -> Result<Proved> {
    let mut shop = Shop::open().await?;
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await?;
    let mut desk = Desk::sign_in(&shop, "xiaotong").await?;
    let mut customers = Vec::new();
    let mut conversations = Vec::new();
    for n in 1..=N_CUSTOMERS {
        let customer = Customer::visit(&shop, &format!("顾客{n}")).await?;
        customer.says("我要转人工").await?;
        conversations.push(claim_next(&mut desk, n).await?);
        customers.push(customer);
    }
    let folder = desk.close().await;
    shop.stop().await;
    let scratch = tempfile::tempdir()?;
    let harness = Harness {
        program: program.to_owned(),
        desk_root: root_key(folder.clone()).await?,
        desk: folder,
        server: shop.data(),
        server_root: DataDir::new(shop.data()).root_key()?,
        address: shop.address(),
        conversations,
        scratch: scratch.path().to_owned(),
        scale: *scale,
    };
    let (harness, tally) = tokio::task::spawn_blocking(move || {
        let tally = harness.run();
        (harness, tally)
    })
    .await?;
    let tally = tally?;

    shop.start().await?;
    let mut desk = Desk::start(harness.desk);
    desk.unlock().await?;
    deliver(&mut desk).await?;
    let verdict = Verdict::of(&tally.acknowledged, &seen(&customers).await?);
    let n_noticed = tally.n_noticed_lost
        + control(&mut desk, &harness.conversations, &customers, &verdict).await?;
    desk.close().await;

    let n_edits = count(tally.acknowledged.len());
    let mut misses = tally.misses;
    misses.extend(verdict.lost.iter().map(|lost| format!("{lost:?} is lost")));
    Ok(Proved {
        name: "kill",
        ok: misses.is_empty()
            && verdict.is_fine()
            && n_noticed == N_TO_NOTICE
            && n_edits >= scale.edits
            && tally.n_kills >= scale.kills,
        figures: vec![
            ("edits", n_edits),
            ("edits_offline", tally.n_offline),
            ("kills", tally.n_kills),
            ("kills_while_starting", tally.n_kills_while_starting),
            ("server_kills", tally.n_server_kills),
            ("looks_into_files", tally.n_looks),
            ("delivered", verdict.n_found),
            // Durable, but killed before it could say so: they may come, once.
            (
                "delivered_unacknowledged",
                verdict.n_found.saturating_sub(n_edits),
            ),
            ("lost", count(verdict.lost.len())),
            ("doubled", verdict.n_doubled),
            ("disordered", verdict.n_disordered),
            ("control_noticed", n_noticed),
        ],
        misses,
        seed: scale.seed,
    })
}

async fn root_key(folder: PathBuf) -> Result<Key32> {
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    let unlocked =
        tokio::task::spawn_blocking(move || KeyRing::open(&folder)?.unlock_passphrase(&passphrase));
    Ok(unlocked.await??)
}

/// Claims the one conversation of the queue, the `n`th for this desk.
async fn claim_next(desk: &mut Desk, n: usize) -> Result<ConversationId> {
    let row = desk.only("queue").await?;
    let id = row["id"].clone();
    desk.ask("conversation.claim", json!({"conversation_id": id}))
        .await?;
    let mine = json!({"scope": "mine", "sort": "waiting"});
    desk.wait_for("the claim", "inbox.list", mine, move |page| {
        page["counts"]["mine"] == n
    })
    .await?;
    deliver(desk).await?;
    Ok(serde_json::from_value(id)?)
}

/// Waits until nothing is pending, as long as it becomes less.
async fn deliver(desk: &mut Desk) -> Result<()> {
    let mut last = u64::MAX;
    loop {
        let view = desk
            .wait_for("delivery", "connection.get", json!({}), move |view| {
                view["state"] == "online" && view["pending"].as_u64() < Some(last)
            })
            .await?;
        last = view["pending"].as_u64().context("a count of what waits")?;
        if last == 0 {
            return Ok(());
        }
    }
}

/// The replies that every customer sees, in the order of their page.
async fn seen(customers: &[Customer]) -> Result<Vec<Vec<Reply>>> {
    let mut pages = Vec::new();
    for customer in customers {
        let page = customer.sees().await?;
        let by_agent = page
            .iter()
            .filter(|message| message.author == WidgetAuthor::Agent);
        pages.push(
            by_agent
                .filter_map(|message| look::reply(&message.text))
                .collect(),
        );
    }
    Ok(pages)
}

/// The control: of a reply that comes twice, and of pages that run backwards, how much is noticed.
async fn control(
    desk: &mut Desk,
    conversations: &[ConversationId],
    customers: &[Customer],
    before: &Verdict,
) -> Result<u64> {
    let conversation: Value = json!(conversations.first().context("a conversation")?);
    for _ in 0..2 {
        desk.reply(&conversation, &text(TWICE)).await?;
    }
    deliver(desk).await?;
    let mut pages = seen(customers).await?;
    let doubled = Verdict::of(&[TWICE].into(), &pages);
    pages.iter_mut().for_each(|page| page.reverse());
    let backwards = Verdict::of(&[TWICE].into(), &pages);
    let is_noticed = doubled.n_doubled == before.n_doubled + 1 && doubled.lost.is_empty();
    Ok(u64::from(is_noticed) + u64::from(backwards.n_disordered > before.n_disordered))
}

/// Becomes the desk: opens the folder, writes replies without pause, prints the number of each when
/// it is durable, until it is killed. `args` are the folder, the conversations and the run.
///
/// # Errors
/// When the folder is not opened, a reply is refused, or nobody listens.
pub async fn be_the_desk(mut args: impl Iterator<Item = String>) -> Result<()> {
    let (Some(folder), Some(conversations), Some(run)) = (args.next(), args.next(), args.next())
    else {
        bail!("{DESK} FOLDER CONVERSATION,… RUN");
    };
    let run: u64 = run.parse()?;
    let conversations: Vec<Value> = conversations.split(',').map(|id| json!(id)).collect();
    let desk = Desk::start(PathBuf::from(folder));
    desk.unlock().await?;
    say(OPEN)?;
    for (n, conversation) in (1..).zip(conversations.iter().cycle()) {
        desk.reply(conversation, &text((run, n))).await?;
        say(&n.to_string())?;
    }
    Ok(())
}

/// Becomes the server: serves the folder at the address until it is killed, or whoever started it
/// is gone. `args` are the folder and the address.
///
/// # Errors
/// When the folder is not opened or the address is taken.
pub async fn be_the_server(mut args: impl Iterator<Item = String>) -> Result<()> {
    let (Some(data), Some(address)) = (args.next(), args.next()) else {
        bail!("{SERVER} FOLDER ADDRESS");
    };
    let mut running = start(ServeConfig {
        data: PathBuf::from(data),
        listen: address.parse()?,
        transport: Transport::Tls,
        public_url: None,
        connectors: None,
        encoder: None,
        uploads: lt_backoffice::DayBytes::default(),
        database: None,
    })
    .await?;
    say(OPEN)?;
    let gone = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0]));
    tokio::select! {
        ended = running.ended() => Err(ended.into()),
        _ = gone => Ok(()),
    }
}

/// One whole line at once, so that a kill leaves either all of it or nothing.
fn say(line: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes())?;
    Ok(stdout.flush()?)
}
